"""Failures that may pass, counted: one an issue and recipient, so that no report counts twice *."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Engine, Float, PrimaryKeyConstraint, String, Table, func, select

from publisher.database import BigId, insert_into, writing
from publisher.delivery.tables import METADATA

MEMORY = timedelta(days=90)
"""Older failures are forgiven."""

strike = Table(
    "strikes",
    METADATA,
    Column("recipient", BigId, nullable=False),
    Column("mailing", String(40), nullable=False),
    Column("status", String(16), nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("recipient", "mailing"),
)


def count_strike(engine: Engine, recipient: int, mailing: str, status: str, now: datetime) -> int:
    """Remember that a mailing failed; return how many have within the last ninety days.

    Raises BusyError, OutputError or UnavailableError.
    """
    since = (now - MEMORY).timestamp()
    with writing(engine) as connection:
        row = {"recipient": recipient, "mailing": mailing, "status": status[:16], "at": now.timestamp()}
        connection.execute(insert_into(connection, strike).values(row).on_conflict_do_nothing())
        counted = select(func.count()).where(strike.c.recipient == recipient, strike.c.at >= since)
        return int(connection.execute(counted).scalar_one())
