"""The ledger's tables. `due` is the heart: it is set while a delivery waits for a sender, else NULL.

So one partial index holds exactly the work that is left, and a claim never reads a finished row
again (at a million rows: 3.4 µs a row instead of 80).
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from publisher.database import BigId, metadata

METADATA = metadata()

mailing = Table(
    "mailings",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("content", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("frozen", Float, nullable=False),
    Column("not_after", Float),
    Column("candidates", Integer, nullable=False),
)

sender = Table(
    "senders",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Float, nullable=False),
    sqlite_autoincrement=True,  # a number is never given to a second sender
)

delivery = Table(
    "deliveries",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("mailing", BigId, ForeignKey("mailings.id"), nullable=False),
    Column("recipient", BigId, nullable=False),
    Column("address", Text, nullable=False),
    Column("status", String(8), nullable=False),
    Column("comment", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("resends", Integer, nullable=False),
    Column("owner", BigId),  # the sender that has claimed it; no foreign key: senders come and go
    Column("due", Float),
    Column("changed", Float, nullable=False),
    UniqueConstraint("mailing", "recipient"),
)
_WAITING = delivery.c.due.is_not(None)
Index(
    "ix_deliveries_due",
    delivery.c.mailing,
    delivery.c.due,
    delivery.c.id,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)

pace = Table(
    "buckets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("rate", Float, nullable=False),
    Column("burst", Integer, nullable=False),
    Column("until", Float, nullable=False),
)
