"""Deliveries: mailings, one row per mailing and recipient, the senders at work, token buckets."""

import sqlalchemy as sa
from alembic import op

from publisher.database import BigId

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the ledger's tables."""
    _make_mailings_and_senders()
    _make_deliveries()
    op.create_table(
        "buckets",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rate", sa.Float, nullable=False),
        sa.Column("burst", sa.Integer, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_buckets"),
    )


def _make_mailings_and_senders() -> None:
    """Which letters there are, and which programs carry them."""
    op.create_table(
        "mailings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("frozen", sa.Float, nullable=False),
        sa.Column("not_after", sa.Float),
        sa.Column("candidates", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mailings"),
        sa.UniqueConstraint("name", name="uq_mailings_name"),
    )
    op.create_table(
        "senders",
        sa.Column("id", BigId, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_senders"),
        sqlite_autoincrement=True,
    )


def _make_deliveries() -> None:
    """One row for each mailing and recipient; what waits is found by its time."""
    op.create_table(
        "deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("mailing", BigId, nullable=False),
        sa.Column("recipient", BigId, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("resends", sa.Integer, nullable=False),
        sa.Column("owner", BigId),
        sa.Column("due", sa.Float),
        sa.Column("changed", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("mailing", "recipient", name="uq_deliveries_mailing_recipient"),
        sa.ForeignKeyConstraint(["mailing"], ["mailings.id"], name="fk_deliveries_mailing"),
    )
    waiting = sa.text("due IS NOT NULL")
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["mailing", "due", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
