"""One row per (mailing, recipient), guarded by the database: who is owed a letter, and who has it.

Every function runs in the transaction its caller opened, so that several moves become durable
together (see `commits`). A sender marks a row `sending` and commits before the first byte of the
letter leaves, and commits the outcome after the reply. What a dead sender left `sending` is
*held*: a person decides (see `books`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Dialect, Update, bindparam, func, insert, or_, select, update
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
    while chunk := [_queued(frozen.id, recipient, now) for recipient in islice(rest, _CHUNK)]:
        connection.execute(insert(delivery), chunk)
        count += len(chunk)
    connection.execute(update(mailing).where(mailing.c.id == frozen.id).values(candidates=count))
    return replace(frozen, candidates=count)


def _queued(number: int, recipient: Recipient, now: float) -> dict[str, Any]:
    who = {"recipient": recipient.id, "address": recipient.address, "name": recipient.name}
    how = {"status": DeliveryStatus.QUEUED, "comment": "", "attempts": 0, "resends": 0, "changed": now}
    return {"mailing": number, **who, "token": recipient.token, **how, "due": 0.0}


def claim(connection: Connection, number: int, owner: int, now: float, limit: int) -> list[Claim]:
    """Take up to `limit` deliveries that are due; no other sender is given the same (SKIP LOCKED)."""
    due = (
        select(_row.id)
        .where(_row.mailing == number, _row.due <= now)
        .order_by(_row.due, _row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due_now")
    )
    taken = connection.execute(
        update(delivery)
        .where(_row.id == due.c.id)
        .values(owner=owner, due=None)
        .returning(_row.id, _row.recipient, _row.address, _row.name, _row.token, _row.attempts)
    )
    return [Claim(row[0], Recipient(row[1], row[2], row[3], row[4]), row[5]) for row in taken]


def next_due(connection: Connection, number: int) -> float | None:
    """When the next delivery may be claimed, if any is waiting."""
    return connection.execute(
        select(func.min(_row.due)).where(_row.mailing == number, _row.due.is_not(None))
    ).scalar()


def _reachable(target: DeliveryStatus) -> ColumnElement[bool]:
    return or_(*(_row.status == source for source in sources(target)))


def _mine() -> Update:
    return update(delivery).where(_row.id == bindparam("number"), _row.owner == bindparam("me"))


_INTEND = (
    _mine()
    .where(_reachable(DeliveryStatus.SENDING))
    .values(status=DeliveryStatus.SENDING, changed=bindparam("now"))
)
_RECORD = {
    target: _mine()
    .where(_reachable(target))
    .values(status=target, owner=None, comment=bindparam("why"), attempts=bindparam("tries"))
    .values(due=bindparam("again"), changed=bindparam("now"))
    for target in DeliveryStatus
    if sources(target)
}
_RELEASE = _mine().values(owner=None, due=bindparam("again"))


def intend(connection: Connection, owner: int, numbers: Collection[int], now: float) -> None:
    """Mark deliveries as `sending`: their letters may leave once this is committed."""
    _change(connection, _INTEND, [{"number": number, "me": owner, "now": now} for number in numbers])


def record(connection: Connection, owner: int, outcomes: Iterable[Outcome], now: float) -> None:
    """Write what became of deliveries."""
    for status, group in groupby(sorted(outcomes, key=_status), key=_status):
        _change(connection, _RECORD[status], [_written(outcome, owner, now) for outcome in group])


def _status(outcome: Outcome) -> DeliveryStatus:
    return outcome.status


def _written(outcome: Outcome, owner: int, now: float) -> dict[str, Any]:
    what = {"why": outcome.comment, "tries": outcome.attempts, "again": outcome.due}
    return {"number": outcome.delivery, "me": owner, "now": now, **what}


def release(connection: Connection, owner: int, numbers: Iterable[tuple[int, float]]) -> None:
    """Give claims back untouched; each may be claimed again at its time."""
    _change(connection, _RELEASE, [{"number": n, "me": owner, "again": due} for n, due in numbers])


@cache
def _compiled(statement: Update, dialect: Dialect) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
    """The statement's text, the order of its parameters if they go by place, and those that are fixed.

    Compiled once a run: at ten rows a commit, SQLAlchemy's own binding cost twice what SQLite takes.
    """
    compiled = statement.compile(dialect=dialect)
    order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
    return str(compiled), order, dict(compiled.params)


def _change(connection: Connection, statement: Update, rows: Sequence[dict[str, Any]]) -> None:
    """Run one update per row; a row that does not move as expected means that nobody can be trusted."""
    if not rows:
        return
    text, order, fixed = _compiled(statement, connection.dialect)
    bound: list[Any] = [fixed | row for row in rows]
    if order is not None:
        bound = [tuple(row[name] for name in order) for row in bound]
    if (moved := connection.exec_driver_sql(text, bound).rowcount) != len(rows):
        raise OutputError(
            f"The ledger moved {moved} of {len(rows)} deliveries: another program has changed it",
            hint="nothing more was sent; look at `publisher send ISSUE --status`",
        )
