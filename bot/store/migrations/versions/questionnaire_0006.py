"""The questionnaires that workers of several versions ask by."""

import sqlalchemy as sa
from alembic import op

revision = "questionnaire_0006"
down_revision = "telegram_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "questionnaire",
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_questionnaire"),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("questionnaire")
