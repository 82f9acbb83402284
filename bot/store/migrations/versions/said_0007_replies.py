"""Replies that are the same for all who ask."""

import sqlalchemy as sa
from alembic import op

revision = "said_0007"
down_revision = "questionnaire_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "said_reply",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("said_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_said_reply"),
    )
    op.create_index("ix_said_reply_said_at", "said_reply", ["said_at"])


def downgrade() -> None:
    """Remove it. Conversations that name its replies cannot be read afterwards."""
    op.drop_table("said_reply")
