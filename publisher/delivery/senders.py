"""Senders come and go: each has a number, and what a dead one left behind is mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select, update

from publisher.delivery.lock import hold, is_dead, sole_sender
from publisher.delivery.models import DeliveryStatus
from publisher.delivery.tables import delivery, sender

IN_DOUBT = "in doubt: the sender stopped after this letter had begun to leave; it may have arrived"

_row = delivery.c


@contextmanager
def alone(engine: Engine, who: str) -> Iterator[None]:
    """Hold the file lock that keeps a second sender off an SQLite database; free on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        yield
        return
    with sole_sender(Path(engine.url.database or ""), who):
        yield


def enlist(connection: Connection, host: str, pid: int, now: float) -> int:
    """Give this sender its number."""
    key = connection.execute(insert(sender).values(host=host, pid=pid, started=now)).inserted_primary_key
    number = int(key[0]) if key else 0
    if connection.dialect.name == "postgresql":
        hold(connection, number)
    return number


def retire(connection: Connection, number: int) -> None:
    """Leave in good order: nothing claimed, nothing in doubt."""
    connection.execute(delete(sender).where(sender.c.id == number))


def bury(connection: Connection, me: int, now: float) -> int:
    """Hold what dead senders had begun to send, free what they had only claimed; count the held.

    Death is proved by the lock: on SQLite we hold the only one, on PostgreSQL theirs can be taken.
    """
    others = connection.execute(select(sender.c.id).where(sender.c.id != me)).scalars().all()
    dead = [n for n in others if connection.dialect.name == "sqlite" or is_dead(connection, n)]
    if not dead:
        return 0
    left = update(delivery).where(_row.owner.in_(dead))
    in_doubt = left.where(_row.status == DeliveryStatus.SENDING)
    held = connection.execute(
        in_doubt.values(
            status=DeliveryStatus.HELD, owner=None, due=None, comment=IN_DOUBT, changed=now
        ).values(attempts=_row.attempts + 1)
    ).rowcount
    connection.execute(left.values(owner=None, due=now))
    connection.execute(delete(sender).where(sender.c.id.in_(dead)))
    return held


def forgive_the_clock(connection: Connection, now: float) -> None:
    """Make due at once what was deferred 'in the future': the clock has been set back since."""
    connection.execute(
        update(delivery).where(_row.due.is_not(None), _row.due > now, _row.changed > now).values(due=now)
    )
