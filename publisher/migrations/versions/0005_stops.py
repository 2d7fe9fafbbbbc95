"""Stops: mailings that must not go on before a person has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table of stops."""
    op.create_table(
        "stops",
        sa.Column("mailing", sa.String(40), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("mailing", name="pk_stops"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("stops")
