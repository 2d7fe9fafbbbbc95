"""A list of any length into the database, in batches that each hold or did not happen *."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice

from sqlalchemy import Connection, select

from publisher.database import insert_into, reading, take_turns, writing
from publisher.subscribers.exchange import Row
from publisher.subscribers.models import Actor, Cause, Move, State, Subscriber, may_move
from publisher.subscribers.recording import change_state, new_row, write_moves
from publisher.subscribers.rows import as_subscriber
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.suppression import suppressed
from publisher.subscribers.tables import subscribers

BATCH = 2_000
_LOCK = 0x7075626E  # the advisory lock under which two lists take turns: they may bring the same new readers


class Outcome(StrEnum):
    """What became of one row of a list."""

    ADDED = "added"
    LEFT = "left"  # the list brought a wish to leave
    KNOWN = "known"
    REFUSED = "refused"  # left, bounced, complained or erased before: a list brings nobody back


def decide(row: Row, before: State | None, reason: State | None) -> Outcome:
    """What is to become of a row whose address is in state `before` and suppressed for `reason`."""
    if row.state is before:
        return Outcome.KNOWN
    if row.state is State.LEFT:
        return Outcome.LEFT if may_move(before, State.LEFT, Actor.IMPORT) else Outcome.KNOWN
    if reason or not may_move(before, row.state, Actor.IMPORT):
        return Outcome.REFUSED
    return Outcome.ADDED


def import_rows(
    store: SubscriberStore, rows: Iterable[Row], cause: Cause, *, dry_run: bool = False
) -> Iterator[tuple[Row, Outcome]]:
    """Take a list in; an outcome is given only after its batch is durable.

    Broken off at any point it can be started again: who is there already is `known`.
    """
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        wanted = _one_of_each(batch)
        with (reading if dry_run else writing)(store.engine) as connection:
            if not dry_run:
                take_turns(connection, _LOCK)
            known = _known(connection, wanted)
            reasons = suppressed(connection, store.keyring, [row.address for row in wanted.values()])
            outcomes = {
                key: decide(row, known[key].state if key in known else None, reasons.get(row.address))
                for key, row in wanted.items()
            }
            if not dry_run:
                _write(connection, wanted, known, outcomes, cause)
        for row in batch:
            yield row, outcomes[row.address.key] if wanted[row.address.key] is row else Outcome.KNOWN


def _one_of_each(batch: Iterable[Row]) -> dict[str, Row]:
    """The first line of an address counts; yet a wish to leave counts wherever it stands."""
    wanted: dict[str, Row] = {}
    for row in batch:
        first = wanted.setdefault(row.address.key, row)
        if row.state is State.LEFT is not first.state:
            wanted[row.address.key] = row
    return wanted


def _known(connection: Connection, wanted: Iterable[str]) -> dict[str, Subscriber]:
    query = select(subscribers).where(subscribers.c.key.in_(list(wanted)))
    rows = connection.execute(query.order_by(subscribers.c.id).with_for_update())
    return {row.key: as_subscriber(row) for row in rows}


def _write(
    connection: Connection,
    wanted: dict[str, Row],
    known: dict[str, Subscriber],
    outcomes: dict[str, Outcome],
    cause: Cause,
) -> None:
    """Rows first, records and tallies last, as the door does: so neither waits for what the other holds."""
    changed = [key for key, outcome in outcomes.items() if outcome in {Outcome.ADDED, Outcome.LEFT}]
    fresh = [wanted[key] for key in changed if key not in known]
    made = _enter_all(connection, fresh, cause) if fresh else []
    made += [
        (known[key].id, change_state(connection, known[key], wanted[key].state, cause))
        for key in changed
        if key in known
    ]
    write_moves(connection, made)


def _enter_all(connection: Connection, fresh: list[Row], cause: Cause) -> list[tuple[int, Move]]:
    rows = [new_row(row.address, row.state, cause, name=row.name, topics=row.topics) for row in fresh]
    statement = insert_into(connection, subscribers).on_conflict_do_nothing()
    entered = connection.execute(statement.returning(subscribers.c.id, subscribers.c.state), rows)
    return [(number, Move(None, State(state), cause)) for number, state in entered]
