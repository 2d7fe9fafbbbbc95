"""The ledger for people: how many are where, who is in doubt, who got it, and try again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from publisher.delivery.models import Delivery, DeliveryStatus, Mailing, Recipient, Tally
from publisher.delivery.pace import Bucket
from publisher.delivery.tables import delivery, mailing, pace

_row = delivery.c
_S = DeliveryStatus
_STREAM = {"yield_per": 2000}
_OPEN = (_S.QUEUED, _S.DEFERRED)


def find(connection: Connection, name: str) -> Mailing | None:
    """The mailing of that name, if its audience has been frozen."""
    m = mailing.c
    row = connection.execute(
        select(m.name, m.content, m.subject, m.not_after, m.candidates, m.id).where(m.name == name)
    ).first()
    return Mailing(*row) if row else None


def editions(connection: Connection, issue: str) -> list[str]:
    """Names of an issue's mailings, the first one first: `2025-12-10`, `2025-12-10.2`."""
    names = connection.execute(select(mailing.c.name).order_by(mailing.c.id)).scalars()
    return [name for name in names if name == issue or name.startswith(f"{issue}.")]


def tally(connection: Connection, number: int) -> Tally:
    """Count a mailing's deliveries by state."""
    candidates = connection.execute(select(mailing.c.candidates).where(mailing.c.id == number)).scalar_one()
    counts = connection.execute(
        select(_row.status, func.count()).where(_row.mailing == number).group_by(_row.status)
    )
    return Tally(candidates, {_S(status): count for status, count in counts})


def deliveries(connection: Connection, number: int, statuses: Iterable[DeliveryStatus]) -> Iterator[Delivery]:
    """The rows in these states, in the order of the audience; streamed."""
    return _shown(connection, _rows().where(_row.mailing == number, _row.status.in_(tuple(statuses))))


def history(connection: Connection, address: str, recipient: int = 0) -> list[Delivery]:
    """Everything that was ever due to one address, letter case aside, or to its reader; the oldest first."""
    theirs = (func.lower(_row.address) == address.lower()) | (_row.recipient == recipient)
    return list(_shown(connection, _rows().where(theirs)))


def audience(connection: Connection, issue: str) -> Iterator[Recipient]:
    """Those who have a letter of this issue, may have it, or still wait for it: they are owed a correction."""
    owed = _of(connection, issue) & _row.status.in_((_S.SENT, _S.HELD, _S.SENDING, *_OPEN))
    newest = select(func.max(_row.id)).where(owed).group_by(_row.recipient)
    query = select(_row.recipient, _row.address).where(_row.id.in_(newest)).order_by(_row.id)
    for row in connection.execute(query, execution_options=_STREAM):
        yield Recipient(*row)


def supersede(connection: Connection, correction: Mailing, now: float) -> int:
    """Let those who still wait for an earlier letter of the issue wait for the correction alone."""
    earlier = _of(connection, correction.name.partition(".")[0]) & (_row.mailing != correction.id)
    waiting = update(delivery).where(earlier, _row.status.in_(_OPEN), _row.owner.is_(None))
    instead = {"status": _S.SKIPPED, "comment": f"{correction.name} goes there instead"}
    return connection.execute(waiting.values(**instead, due=None, changed=now)).rowcount


def leaving(connection: Connection, number: int, *, retry_failed: bool, resend_held: bool) -> int:
    """How many letters a run with these wishes would send, sooner or later, if nobody refuses one."""
    wanted = _row.due.is_not(None) | _row.owner.is_not(None)
    if retry_failed:
        wanted |= _stuck()
    if resend_held:
        wanted |= _doubtful()
    query = select(func.count()).where(_row.mailing == number, wanted)
    return int(connection.execute(query).scalar_one())


def resend_held(connection: Connection, number: int, now: float) -> int:
    """Queue the letters in doubt once more; a letter is resent once at most, then it stays held."""
    again = update(delivery).where(_row.mailing == number, _doubtful())
    return connection.execute(again.values(status=_S.QUEUED, resends=1, due=now, changed=now)).rowcount


def retry_failed(connection: Connection, number: int, now: float) -> int:
    """Queue what failed, and what was deferred until it was too late, with a fresh count of tries."""
    again = update(delivery).where(_row.mailing == number, _stuck(), _row.owner.is_(None))
    return connection.execute(again.values(status=_S.QUEUED, attempts=0, due=now, changed=now)).rowcount


def postpone(connection: Connection, number: int, not_after: float | None) -> None:
    """Let a mailing go on until later: a person has said yes."""
    connection.execute(update(mailing).where(mailing.c.id == number).values(not_after=not_after))


def forget(connection: Connection, recipient: int) -> None:
    """Erase who a reader was from every row; that something was sent to somebody stays."""
    blank = {"address": "", "comment": ""}  # servers repeat the address
    connection.execute(update(delivery).where(_row.recipient == recipient).values(**blank))


def buckets(connection: Connection) -> dict[str, Bucket]:
    """The token buckets as the last run left them."""
    p = pace.c
    rows = connection.execute(select(p.name, p.rate, p.burst, p.until))
    return {name: Bucket(rate, burst, until) for name, rate, burst, until in rows}


def keep_buckets(connection: Connection, changed: Mapping[str, Bucket]) -> None:
    """Write token buckets down, so that a restart does not forget that a domain asked for patience."""
    if not changed:
        return
    connection.execute(delete(pace).where(pace.c.name.in_(tuple(changed))))
    connection.execute(
        insert(pace),
        [{"name": n, "rate": b.rate, "burst": b.burst, "until": b.full} for n, b in changed.items()],
    )


def _of(connection: Connection, issue: str) -> ColumnElement[bool]:
    """The rows of all letters of an issue."""
    return _row.mailing.in_(select(mailing.c.id).where(mailing.c.name.in_(editions(connection, issue))))


def _stuck() -> ColumnElement[bool]:
    return (_row.status == _S.FAILED) | ((_row.status == _S.DEFERRED) & _row.due.is_(None))


def _doubtful() -> ColumnElement[bool]:
    return (_row.status == _S.HELD) & (_row.resends == 0)


def _rows() -> Select[Any]:
    chosen = select(
        mailing.c.name, _row.address, _row.status, _row.comment, _row.attempts, _row.changed, _row.due
    )
    return chosen.join_from(delivery, mailing).order_by(_row.mailing, _row.id)


def _shown(connection: Connection, query: Select[Any]) -> Iterator[Delivery]:
    for row in connection.execute(query, execution_options=_STREAM):
        name, address, status, *rest = row
        yield Delivery(name, address, _S(status), *rest)
