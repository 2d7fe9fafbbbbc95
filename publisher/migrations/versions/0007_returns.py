"""What a restart must not forget of what came back: tokens that were used, and when a stop was lifted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of used tokens, and let a stop outlive its lifting."""
    op.create_table(
        "used_tokens",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_used_tokens"),
    )
    op.create_index("ix_used_tokens_at", "used_tokens", ["at"])
    op.add_column("stops", sa.Column("lifted", sa.Float))


def downgrade() -> None:
    """Take them away again."""
    op.execute("DELETE FROM stops WHERE lifted IS NOT NULL")
    op.drop_column("stops", "lifted")
    op.drop_table("used_tokens")
