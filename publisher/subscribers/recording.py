"""Writing subscribers down, inside a transaction that the caller holds *.

Rows, moves and tallies always change together, so the record of a person and the counts of
everybody can never disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select

from publisher.database import insert_into
from publisher.subscribers.addresses import Address
from publisher.subscribers.models import Actor, Cause, IllegalMoveError, Move, State, Subscriber, may_move
from publisher.subscribers.rows import as_subscriber, join_topics
from publisher.subscribers.tables import moves, subscribers, tallies, wishes


def locked(connection: Connection, which: ColumnElement[bool]) -> Subscriber | None:
    """Read one subscriber and hold the row until the transaction ends."""
    row = connection.execute(select(subscribers).where(which).with_for_update()).one_or_none()
    return as_subscriber(row) if row else None


def enter(
    connection: Connection,
    address: Address,
    state: State,
    cause: Cause,
    *,
    name: str = "",
    topics: Iterable[str] = (),
) -> Subscriber | None:
    """Write a new subscriber, or give None when the address is there already."""
    check_move(None, state, cause.actor)
    fields = new_row(address, state, cause, name=name, topics=topics)
    statement = insert_into(connection, subscribers).values(fields).on_conflict_do_nothing()
    row = connection.execute(statement.returning(*subscribers.c)).one_or_none()
    if row is None:
        return None
    write_moves(connection, [(row.id, Move(None, state, cause))])
    return as_subscriber(row)


def new_row(
    address: Address, state: State, cause: Cause, *, name: str, topics: Iterable[str]
) -> dict[str, object]:
    """The columns of a subscriber who was not there before."""
    return {
        "key": address.key,
        "address": address.typed,
        "name": name,
        "topics": join_topics(topics),
        "state": state,
        "since": cause.at,
    }


def make_move(connection: Connection, known: Subscriber, after: State, cause: Cause) -> None:
    """Change the state of a row that this transaction holds, and record it."""
    write_moves(connection, [(known.id, change_state(connection, known, after, cause))])


def change_state(connection: Connection, known: Subscriber, after: State, cause: Cause) -> Move:
    """Change the state of a row that this transaction holds; the move is for `write_moves`."""
    check_move(known.state, after, cause.actor)
    change = subscribers.update().where(subscribers.c.id == known.id)
    connection.execute(change.values(state=after, since=cause.at))
    return Move(known.state, after, cause)


def wait_from(connection: Connection, number: int, at: datetime) -> None:
    """Let who has yet to confirm be waited for from now on: a letter goes out, and perhaps not the first one."""
    change = subscribers.update().where(subscribers.c.id == number, subscribers.c.state == State.PENDING)
    connection.execute(change.values(since=at))


def check_move(before: State | None, after: State, actor: Actor) -> None:
    """Raise IllegalMoveError unless the table of moves allows it."""
    if not may_move(before, after, actor):
        raise IllegalMoveError(before, after, actor)


def write_moves(connection: Connection, made: list[tuple[int, Move]]) -> None:
    """Append to the records, and keep the tallies equal to them."""
    if made:
        connection.execute(moves.insert(), [_row(number, move) for number, move in made])
        _tally(connection, (move for _, move in made))


def _row(number: int, move: Move) -> dict[str, object]:
    cause = move.cause
    return {
        "subscriber": number,
        "before": move.before,
        "after": move.after,
        "at": cause.at,
        "actor": cause.actor,
        "source": cause.source,
        "consent": cause.consent,
    }


def _tally(connection: Connection, made: Iterable[Move]) -> None:
    """Add to the tallies, always in the same order, so that two writers cannot block each other."""
    change: Counter[tuple[date, State]] = Counter()
    for move in made:
        change[move.cause.at.date(), move.after] += 1
        if move.before:
            change[move.cause.at.date(), move.before] -= 1
    for (day, state), number in sorted(change.items()):
        statement = insert_into(connection, tallies).values(day=day, state=state, change=number)
        total = tallies.c.change + statement.excluded.change
        connection.execute(
            statement.on_conflict_do_update(index_elements=["day", "state"], set_={"change": total})
        )


def hold_wishes(connection: Connection, number: int) -> list[int]:
    """Hold a reader's wishes for `forget`, before the reader is held.

    The door takes them in this order too: in opposite ones, each would wait for the other's row.
    """
    key = select(subscribers.c.key).where(subscribers.c.id == number).scalar_subquery()
    waiting = select(wishes.c.id).where(wishes.c.key == key).order_by(wishes.c.id)
    return list(connection.scalars(waiting.with_for_update()))


def forget(connection: Connection, number: int, held: Iterable[int]) -> None:
    """Leave only the number, the state and the time of the last move; the rest goes, and the wishes that are held."""
    emptied = {"key": None, "address": "", "name": "", "topics": ""}
    connection.execute(subscribers.update().where(subscribers.c.id == number).values(emptied))
    connection.execute(wishes.delete().where(wishes.c.id.in_(held)))
    last = select(func.max(moves.c.id)).where(moves.c.subscriber == number).scalar_subquery()
    connection.execute(moves.delete().where(moves.c.subscriber == number, moves.c.id < last))
