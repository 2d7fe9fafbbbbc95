"""A stop: somebody besides the sender found out that letters must not leave *.

A refusal for our own fault (5.7.x) often comes back as a report, minutes into a mailing. Whoever reads
that report orders a stop; every running sender of the mailing sees it within seconds and drains. It
stands until a person has seen why and resumes.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Engine, Float, String, Table, Text, delete, select

from publisher.database import insert_into, writing
from publisher.delivery.tables import METADATA

stop = Table(
    "stops",
    METADATA,
    Column("mailing", String(40), primary_key=True),
    Column("why", Text, nullable=False),
    Column("at", Float, nullable=False),
)


def order_stop(engine: Engine, mailing: str, why: str, now: float) -> None:
    """Stop a mailing; the first reason stays. `why` names no reader: the row outlives their data."""
    with writing(engine) as connection:
        row = {"mailing": mailing, "why": why, "at": now}
        connection.execute(insert_into(connection, stop).values(row).on_conflict_do_nothing())


def ordered_stop(connection: Connection, mailing: str) -> str:
    """Why a mailing must not go on, or nothing."""
    return connection.execute(select(stop.c.why).where(stop.c.mailing == mailing)).scalar() or ""


def lift_stop(connection: Connection, mailing: str) -> None:
    """Let a mailing go on: a person has seen why it was stopped."""
    connection.execute(delete(stop).where(stop.c.mailing == mailing))
