"""The alarm above the cap: one an hour, however many knock, restart the door or share the database *."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from publisher.subscribers.tables import alarms

LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Alarm:
    """One hour above the cap, and how many wishes were refused in it."""

    since: datetime
    refused: int


def sound(connection: Connection, now: datetime) -> bool:
    """Count one refused wish; true when it is the first of an hour, so that somebody must be told."""
    more = alarms.update().where(alarms.c.since > now - LASTS).values(refused=alarms.c.refused + 1)
    if connection.execute(more).rowcount:
        return False
    connection.execute(alarms.insert().values(since=now, refused=1))
    return True


def has_ended(connection: Connection, now: datetime) -> bool:
    """Whether there is anything for `take_ended`; a look that makes nobody wait."""
    return connection.execute(select(alarms.c.since).where(alarms.c.since <= now - LASTS)).first() is not None


def take_ended(connection: Connection, now: datetime) -> list[Alarm]:
    """The alarms whose hour is over, each told once."""
    over = alarms.delete().where(alarms.c.since <= now - LASTS).returning(*alarms.c)
    return sorted((Alarm(*row) for row in connection.execute(over)), key=lambda alarm: alarm.since)
