"""Conversations with their events, and screenings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("session_start", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("name", name="uq_conversation_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversation_saved_at", "conversation", ["saved_at"])
    op.create_table(
        "conversation_event",
        sa.Column("conversation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("timestamp", sa.Double(), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "sequence", name="pk_conversation_event"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_conversation_event_conversation_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "screening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version", sa.String(64), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("finished_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_screening"),
        sa.UniqueConstraint("key", name="uq_screening_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_screening_conversation", "screening", ["conversation"])
    op.create_index("ix_screening_changed_at", "screening", ["changed_at"])


def downgrade() -> None:
    """Remove them, with everything in them."""
    op.drop_table("screening")
    op.drop_table("conversation_event")
    op.drop_table("conversation")
