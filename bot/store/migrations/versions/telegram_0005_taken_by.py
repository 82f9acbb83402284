"""Which worker has taken an update of Telegram, where several serve."""

import sqlalchemy as sa
from alembic import op

revision = "telegram_0005"
down_revision = "unanswered_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a worker of the version before does not look at it."""
    op.add_column("telegram_update", sa.Column("taken_by", sa.Integer(), nullable=True))
    op.create_index("ix_telegram_update_chat", "telegram_update", ["chat"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_telegram_update_chat", "telegram_update")
    op.drop_column("telegram_update", "taken_by")
