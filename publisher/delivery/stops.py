"""A stop: somebody besides the sender found out that letters must not leave *.

A refusal for our own fault (5.7.x) often comes back as a report, minutes into a mailing. Whoever reads
that report orders a stop; every running sender of the mailing sees it within seconds and drains. It
stands until a person has seen why and resumes. Reports of letters that had left by then come for days;
they tell nothing new, and stop nothing.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Engine, Float, String, Table, Text, func, select

from publisher.database import insert_into, writing
from publisher.delivery.tables import METADATA, delivery
from publisher.delivery.tables import mailing as mailings

stop = Table(
    "stops",
    METADATA,
    Column("mailing", String(40), primary_key=True),
    Column("why", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("lifted", Float),  # when a person last let the mailing go on; NULL while it is stopped
)


def order_stop(engine: Engine, mailing: str, recipient: int, why: str, now: float) -> bool:
    """Stop a mailing, unless the recipient's letter left before a person let it go on; whether it is stopped.

    The first reason stays. `why` names no reader: the row outlives their data.
    """
    with writing(engine) as connection:
        lifted = connection.execute(select(stop.c.lifted).where(stop.c.mailing == mailing)).scalar()
        if lifted is not None and _left(connection, mailing, recipient, now) <= lifted:
            return False
        row = {"mailing": mailing, "why": why, "at": now, "lifted": None}
        ordered = insert_into(connection, stop).values(row)
        connection.execute(
            ordered.on_conflict_do_update(
                index_elements=["mailing"], set_=row, where=stop.c.lifted.is_not(None)
            )
        )
    return True


def _left(connection: Connection, mailing: str, recipient: int, now: float) -> float:
    """When the letter left, as far as the ledger knows; a letter that is not in it (a test) has just left."""
    when = select(func.max(delivery.c.changed)).join_from(delivery, mailings)
    found = connection.execute(when.where(mailings.c.name == mailing, delivery.c.recipient == recipient))
    return float(found.scalar() or now)


def ordered_stop(connection: Connection, mailing: str) -> str:
    """Why a mailing must not go on, or nothing."""
    standing = select(stop.c.why).where(stop.c.mailing == mailing, stop.c.lifted.is_(None))
    return connection.execute(standing).scalar() or ""


def lift_stop(connection: Connection, mailing: str, now: float) -> None:
    """Let a mailing go on: a person has seen why it was stopped, if it was."""
    row = {"mailing": mailing, "why": "", "at": now, "lifted": now}
    lifting = insert_into(connection, stop).values(row)
    connection.execute(lifting.on_conflict_do_update(index_elements=["mailing"], set_={"lifted": now}))
