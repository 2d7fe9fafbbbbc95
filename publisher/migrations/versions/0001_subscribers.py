"""People: subscribers, their moves, tallies, suppressions, wishes and the limits' hits."""

import sqlalchemy as sa
from alembic import op

from publisher.database import BigId, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables about people."""
    _make_people()
    _make_memory()
    _make_queue()


def _make_people() -> None:
    """Who they are, and the record of each."""
    op.create_table(
        "subscribers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("key", name="uq_subscribers_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscribers_state_id", "subscribers", ["state", "id"])
    op.create_table(
        "moves",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subscriber", BigId, nullable=False),
        sa.Column("before", sa.String(12)),
        sa.Column("after", sa.String(12), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.String(12), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moves"),
        sa.ForeignKeyConstraint(
            ["subscriber"], ["subscribers.id"], name="fk_moves_subscriber", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_moves_subscriber", "moves", ["subscriber"])


def _make_memory() -> None:
    """What is known of all together, and of those who must not come back."""
    op.create_table(
        "tallies",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "state", name="pk_tallies"),
    )
    op.create_table(
        "suppressions",
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("mac", name="pk_suppressions"),
    )


def _make_queue() -> None:
    """What was asked at the door, and what its limits count."""
    op.create_table(
        "wishes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("asked", Moment, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wishes"),
    )
    op.create_index("ix_wishes_due", "wishes", ["due"])
    op.create_index("ix_wishes_key", "wishes", ["key"])
    op.create_table(
        "hits",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bucket", sa.LargeBinary(32), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hits"),
    )
    op.create_index("ix_hits_bucket_at", "hits", ["bucket", "at"])
    op.create_index("ix_hits_at", "hits", ["at"])
