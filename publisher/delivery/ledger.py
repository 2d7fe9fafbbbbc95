"""One row per (mailing, recipient), guarded by the database: who is owed a letter, and who has it.

Every function runs in the transaction its caller opened, so that several moves become durable
together (see `commits`). A sender marks a row `sending` and commits before the first byte of the
letter leaves, and commits the outcome after the reply. What a dead sender left `sending` is
*held*: a person decides (see `books`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Insert,
    Update,
    bindparam,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.sql.elements import ColumnElement

from publisher.delivery.models import Claim, DeliveryStatus, Mailing, Outcome, Recipient, sources
from publisher.delivery.tables import delivery, mailing
from publisher.errors import OutputError

_CHUNK = 2000
_row = delivery.c


def freeze(connection: Connection, new: Mailing, audience: Iterable[Recipient], now: float) -> Mailing:
    """Write the mailing and one row per recipient; the audience is streamed, never held in memory."""
    values = {"name": new.name, "content": new.content, "subject": new.subject, "not_after": new.not_after}
    number = connection.execute(
        insert(mailing).values(**values, frozen=now, candidates=0)
    ).inserted_primary_key
    frozen = replace(new, id=number[0] if number else 0)
    rest, count = iter(audience), 0
    text, bind = _compiled(_QUEUE, _QUEUED, connection.dialect)
    while chunk := [(frozen.id, reader.id, reader.address, now) for reader in islice(rest, _CHUNK)]:
        connection.exec_driver_sql(text, [bind(row) for row in chunk])
        count += len(chunk)
    connection.execute(update(mailing).where(mailing.c.id == frozen.id).values(candidates=count))
    return replace(frozen, candidates=count)


def _word(value: str) -> ColumnElement[str]:
    """A state, written out in the statement: as a parameter it would cost more than the move."""
    return literal_column(f"'{value}'")


_QUEUED = ("of", "who", "where", "now")
_QUEUE = insert(delivery).values(
    {
        _row.mailing: bindparam("of"),
        _row.recipient: bindparam("who"),
        _row.address: bindparam("where"),
        _row.status: _word(DeliveryStatus.QUEUED),
        _row.comment: _word(""),
        _row.attempts: literal_column("0"),
        _row.resends: literal_column("0"),
        _row.due: literal_column("0"),
        _row.changed: bindparam("now"),
    }
)


_DUE = (
    select(_row.id)
    .where(_row.mailing == bindparam("of"), _row.due <= bindparam("now"))
    .order_by(_row.due, _row.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due_now")
)
_CLAIM = (  # made once: SQLAlchemy took twice as long to make it for each batch as SQLite takes to run it
    update(delivery)
    .where(_row.id == _DUE.c.id)
    .values(owner=bindparam("me"), due=null())
    .returning(_row.id, _row.recipient, _row.address, _row.attempts)
)


def claim(connection: Connection, number: int, owner: int, now: float, limit: int) -> list[Claim]:
    """Take up to `limit` deliveries that are due; no other sender is given the same (SKIP LOCKED)."""
    taken = connection.execute(_CLAIM, {"of": number, "now": now, "most": limit, "me": owner})
    return [
        Claim(number, Recipient(who, address), attempts) for number, who, address, attempts in taken.all()
    ]


def next_due(connection: Connection, number: int) -> float | None:
    """When the next delivery may be claimed, if any is waiting."""
    return connection.execute(
        select(func.min(_row.due)).where(_row.mailing == number, _row.due.is_not(None))
    ).scalar()


def _reachable(target: DeliveryStatus) -> ColumnElement[bool]:
    """The guard of every move."""
    return or_(*(_row.status == _word(source) for source in sources(target)))


def _mine() -> Update:
    return update(delivery).where(_row.id == bindparam("number"), _row.owner == bindparam("me"))


_INTEND = (
    _mine()
    .where(_reachable(DeliveryStatus.SENDING))
    .values(status=_word(DeliveryStatus.SENDING), changed=bindparam("now"))
)
_RECORD = {
    target: _mine()
    .where(_reachable(target))
    .values(status=_word(target), owner=null(), comment=bindparam("why"))
    .values(attempts=bindparam("tries"), due=bindparam("again"), changed=bindparam("now"))
    for target in DeliveryStatus
    if sources(target)
}
_RELEASE = _mine().values(owner=null(), due=bindparam("again"))


def intend(connection: Connection, owner: int, numbers: Collection[int], now: float) -> None:
    """Mark deliveries as `sending`: their letters may leave once this is committed."""
    _change(connection, _INTEND, ("number", "me", "now"), [(number, owner, now) for number in numbers])


def record(connection: Connection, owner: int, outcomes: Iterable[Outcome], now: float) -> None:
    """Write what became of deliveries."""
    rows = defaultdict(list)
    for o in outcomes:
        rows[o.status].append((o.delivery, owner, o.comment, o.attempts, o.due, now))
    for status, group in rows.items():
        _change(connection, _RECORD[status], ("number", "me", "why", "tries", "again", "now"), group)


def release(connection: Connection, owner: int, numbers: Iterable[tuple[int, float]]) -> None:
    """Give claims back untouched; each may be claimed again at its time."""
    _change(connection, _RELEASE, ("number", "me", "again"), [(n, owner, due) for n, due in numbers])


def _change(
    connection: Connection, statement: Update, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run one update per row; a row that does not move as expected means that nobody can be trusted."""
    if not rows:
        return
    text, bind = _compiled(statement, names, connection.dialect)
    cursor = _driver(connection).cursor()
    cursor.executemany(text, [bind(row) for row in rows])
    if cursor.rowcount != len(rows):
        raise OutputError(
            f"The ledger moved {cursor.rowcount} of {len(rows)} deliveries: another program has changed it",
            hint="nothing more was sent; look at `publisher send ISSUE --status`",
        )


@contextmanager
def moving(connection: Connection) -> Iterator[None]:
    """One transaction of moves, past SQLAlchemy: 15 µs instead of 67, and there is one for every few letters.

    Raises OutputError when the database refuses.
    """
    driver, errors = _driver(connection), connection.dialect.loaded_dbapi.Error
    try:
        if connection.dialect.name == "sqlite":  # psycopg begins by itself
            driver.cursor().execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            driver.rollback()
            raise
        driver.commit()
    except errors as error:
        raise lost(error) from None


def lost(error: BaseException | None) -> OutputError:
    """The database refused, and nothing more may leave."""
    return OutputError(
        f"The ledger cannot be written: {error}",
        hint="free the disk or mend the database, then `publisher send ISSUE --resume`",
    )


def _driver(connection: Connection) -> DBAPIConnection:
    driver = connection.connection.dbapi_connection
    if driver is None:  # given back to the pool: no run does that
        raise OutputError("The ledger is closed")
    return driver


@cache
def _compiled(
    statement: Insert | Update, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Callable[[tuple[Any, ...]], Any]]:
    """The statement's text, and how a row under these names becomes its parameters.

    Compiled once a run: at ten rows a commit, SQLAlchemy's own binding cost twice what SQLite takes.
    """
    compiled = statement.compile(dialect=dialect)
    if compiled.positiontup is None:
        return str(compiled), lambda row: dict(zip(names, row, strict=True))
    return str(compiled), itemgetter(*map(names.index, compiled.positiontup))
