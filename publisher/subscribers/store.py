"""The readers in one database: looked up, moved, streamed and forgotten *."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Row, and_, func, or_, select

from publisher.database import reading, writing
from publisher.subscribers.addresses import Address, mailbox, parse_address
from publisher.subscribers.models import Cause, Move, Reader, State, Subscriber
from publisher.subscribers.recording import enter, forget, hold_wishes, locked, make_move
from publisher.subscribers.rows import as_move, as_subscriber, join_topics
from publisher.subscribers.suppression import lift_suppression, suppress, suppressed
from publisher.subscribers.tables import moves, subscribers, tallies, wishes
from publisher.subscribers.tokens import Keyring

BATCH = 5_000


@dataclass(frozen=True)
class SubscriberStore:
    """Who asked for it. The engine's tables must be in place (`database.migrate`)."""

    engine: Engine
    keyring: Keyring

    def get(self, number: int) -> Subscriber | None:
        """The subscriber of that number, erased or not."""
        return next(self._select(subscribers.c.id == number), None)

    def find(self, address: str) -> Subscriber | None:
        """The subscriber of that address. Raises ValueError when it is none."""
        return next(self._select(subscribers.c.key == parse_address(address).key), None)

    def record(self, number: int) -> list[Move]:
        """Every move of a subscriber, the first one first."""
        query = select(moves).where(moves.c.subscriber == number).order_by(moves.c.id)
        with reading(self.engine) as connection:
            return [as_move(row) for row in connection.execute(query)]

    def waiting_wishes(self, address: Address) -> list[datetime]:
        """When letters to an address were asked for on the form, where no letter has answered that yet."""
        query = select(wishes.c.asked).where(wishes.c.key == address.key)
        with reading(self.engine) as connection:
            return list(connection.scalars(query.order_by(wishes.c.id)))

    def everybody(
        self, state: State | None = None, topic: str = "", known: Collection[str] = ()
    ) -> Iterator[Subscriber]:
        """Stream subscribers by number, all or those of a state and a topic; memory stays flat.

        Of the topics that are `known` today, who wants none wants everything, as in `active`.
        """
        wanted = [subscribers.c.state == state] if state else [subscribers.c.state != State.ERASED]
        return self._select(*wanted, *([_wants(topic, known=known)] if topic else []))

    def active(self, *topics: str, known: Collection[str] = ()) -> Iterator[Reader]:
        """Stream who is to be written to, by number; with topics, those who want one of them.

        Who wants none of the topics that are `known` today, be it that theirs were closed, wants everything.
        """
        needed = (subscribers.c.id, subscribers.c.address, subscribers.c.name)
        for row in self._stream(needed, *_written_to(topics, known)):
            yield Reader(row.id, mailbox(row.address), row.name)

    def count_active(self, *topics: str, known: Collection[str] = ()) -> int:
        """How many `active` streams."""
        query = select(func.count()).select_from(subscribers).where(*_written_to(topics, known))
        with reading(self.engine) as connection:
            return int(connection.scalar(query) or 0)

    def _select(self, *wanted: ColumnElement[bool]) -> Iterator[Subscriber]:
        return map(as_subscriber, self._stream(tuple(subscribers.c), *wanted))

    def _stream(
        self, columns: Sequence[Column[Any]], *wanted: ColumnElement[bool]
    ) -> Iterator[Row[tuple[Any, ...]]]:
        """Read in batches by key: no transaction stays open while the caller works."""
        last, full = 0, True
        while full:
            query = select(*columns).where(*wanted, subscribers.c.id > last)
            with reading(self.engine) as connection:
                rows = connection.execute(query.order_by(subscribers.c.id).limit(BATCH)).all()
            yield from rows
            full = len(rows) == BATCH
            last = rows[-1].id if rows else last

    def may_send(self, numbers: Collection[int]) -> set[int]:
        """Those who may be written to at this moment; asked once more just before sending."""
        wanted = select(subscribers.c.id).where(
            subscribers.c.id.in_(numbers), subscribers.c.state == State.ACTIVE
        )
        with reading(self.engine) as connection:
            return set(connection.scalars(wanted))

    def counts(self) -> dict[State, int]:
        """How many are in each state: a sum over days, not a walk over people."""
        query = select(tallies.c.state, func.sum(tallies.c.change)).group_by(tallies.c.state)
        with reading(self.engine) as connection:
            known = {State(state): int(count) for state, count in connection.execute(query)}
        return {state: known.get(state, 0) for state in State}

    def growth(self) -> list[tuple[date, State, int]]:
        """By how many each state grew or shrank, day by day in UTC."""
        query = select(tallies.c.day, tallies.c.state, tallies.c.change).order_by(tallies.c.day)
        with reading(self.engine) as connection:
            return [(day, State(state), change) for day, state, change in connection.execute(query)]

    def suppressed(self, address: Address) -> State | None:
        """Why no list may bring this address back, or None."""
        with reading(self.engine) as connection:
            return suppressed(connection, self.keyring, [address]).get(address)

    def add(
        self, address: Address, state: State, cause: Cause, *, name: str = "", topics: Iterable[str] = ()
    ) -> Subscriber:
        """Enter an address, or bring back one that is known.

        Raises IllegalMoveError when `cause.actor` may not do that.
        """
        with writing(self.engine) as connection:
            fresh = enter(connection, address, state, cause, name=name, topics=topics)
            if fresh:
                if state is State.ACTIVE:
                    lift_suppression(connection, self.keyring, address)
                return fresh
        known = self.find(address.typed)
        return self.move(known.id, state, cause) if known else self.add(address, state, cause, name=name)

    def move(self, number: int, after: State, cause: Cause) -> Subscriber:
        """Take a subscriber to another state; being there already is success, not a second move.

        Raises IllegalMoveError, and KeyError for a number that was never given.
        """
        with writing(self.engine) as connection:
            held = hold_wishes(connection, number) if after is State.ERASED else []
            known = locked(connection, subscribers.c.id == number)
            if known is None:
                raise KeyError(number)
            if known.state == after:
                return known
            make_move(connection, known, after, cause)
            self._remember(connection, known, after, cause)
            if after is State.ERASED:
                forget(connection, number, held)
        return replace(known, state=after, since=cause.at)

    def _remember(self, connection: Connection, known: Subscriber, after: State, cause: Cause) -> None:
        """Keep what outlives the row: suppressions, and nothing else of an erased person."""
        address = parse_address(known.address)
        if after is State.ACTIVE:
            lift_suppression(connection, self.keyring, address)
        elif after is not State.LEFT:
            suppress(connection, self.keyring, address, after, cause.at)

    def forget_unconfirmed(self, number: int, cause: Cause) -> None:
        """Forget somebody who never confirmed; they may ask again, so nothing is suppressed."""
        with writing(self.engine) as connection:
            held = hold_wishes(connection, number)
            known = locked(connection, subscribers.c.id == number)
            if known and known.state is State.PENDING:
                make_move(connection, known, State.ERASED, cause)
                forget(connection, number, held)

    def rename(self, number: int, name: str) -> None:
        """Keep how a subscriber is called."""
        with writing(self.engine) as connection:
            connection.execute(subscribers.update().where(subscribers.c.id == number).values(name=name))

    def prefer(self, number: int, topics: Iterable[str]) -> None:
        """Keep which topics a subscriber wants; none means everything."""
        with writing(self.engine) as connection:
            change = subscribers.update().where(subscribers.c.id == number)
            connection.execute(change.values(topics=join_topics(topics)))


def _written_to(topics: Collection[str], known: Collection[str]) -> list[ColumnElement[bool]]:
    """Active readers; with topics, those who want one of them."""
    return [subscribers.c.state == State.ACTIVE, *([_wants(*topics, known=known)] if topics else [])]


def _wants(*topics: str, known: Collection[str] = ()) -> ColumnElement[bool]:
    """Readers of a topic, and of everything."""
    everything = [subscribers.c.topics == ""]
    if known:
        everything.append(and_(*(~subscribers.c.topics.contains(f" {topic} ") for topic in known)))
    return or_(*everything, *(subscribers.c.topics.contains(f" {topic} ") for topic in topics))
