"""Strikes: failures that may pass, one a mailing and recipient."""

import sqlalchemy as sa
from alembic import op

from publisher.database import BigId

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of strikes."""
    op.create_table(
        "strikes",
        sa.Column("recipient", BigId, nullable=False),
        sa.Column("mailing", sa.String(40), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("recipient", "mailing", name="pk_strikes"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("strikes")
