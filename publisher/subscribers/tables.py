"""The tables about people; `publisher/migrations` makes them, a test holds the two equal."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from publisher.database import BigId, Moment, metadata

METADATA = metadata()

subscribers = Table(
    "subscribers",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("key", Text, unique=True),  # how the address is looked up; NULL once erased
    Column("address", Text, nullable=False),  # as it was typed; empty once erased
    Column("name", Text, nullable=False),
    Column("topics", Text, nullable=False),  # ` economy nature `, or empty for everything
    Column("state", String(12), nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_subscribers_state_id", "state", "id"),  # the audience is read by key
    sqlite_autoincrement=True,  # a number is never given twice: old links carry it
)

moves = Table(
    "moves",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("subscriber", BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("before", String(12)),  # NULL: the address was new
    Column("after", String(12), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(12), nullable=False),
    Column("source", Text, nullable=False),
    Column("consent", Text, nullable=False),
)

tallies = Table(  # how each state grew and shrank, day by day: its sums are the counts
    "tallies",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("state", String(12), primary_key=True),
    Column("change", Integer, nullable=False),
)

suppressions = Table(  # whom no list may bring back; the address itself is not kept
    "suppressions",
    METADATA,
    Column("mac", LargeBinary(32), primary_key=True),
    Column("reason", String(12), nullable=False),
    Column("at", Moment, nullable=False),
)

wishes = Table(  # what was asked on the form and waits for its letter
    "wishes",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("key", Text, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("asked", Moment, nullable=False),
    Column("due", Moment, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
)

alarms = Table(  # hours above the cap: when the first wish was refused, and how many were
    "alarms",
    METADATA,
    Column("since", Moment, primary_key=True),
    Column("refused", Integer, nullable=False),
)

hits = Table(  # what the limits count; `bucket` is a keyed hash, never an address
    "hits",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("bucket", LargeBinary(32), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_hits_bucket_at", "bucket", "at"),
    Index("ix_hits_at", "at"),
)
