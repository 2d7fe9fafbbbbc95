"""Alarms: hours in which more people signed up than the cap allows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table of alarms."""
    op.create_table(
        "alarms",
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("since", name="pk_alarms"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("alarms")
