"""Questions that could not be answered, where a board asks for them to be kept."""

import sqlalchemy as sa
from alembic import op

revision = "unanswered_0004"
down_revision = "telegram_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unanswered_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("area", sa.String(32), nullable=True),
        sa.Column("asked_on", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unanswered_question"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unanswered_question_asked_on", "unanswered_question", ["asked_on"])


def downgrade() -> None:
    """Remove it, with everything in it."""
    op.drop_table("unanswered_question")
