"""The ledger keeps what a letter needs, the address: nobody read the names and the secrets beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Drop what would only be one more copy of who our readers are."""
    op.drop_column("deliveries", "name")
    op.drop_column("deliveries", "token")


def downgrade() -> None:
    """Add the columns again, empty: an older program fills them."""
    op.add_column("deliveries", sa.Column("name", sa.Text, nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("token", sa.Text, nullable=False, server_default=""))
