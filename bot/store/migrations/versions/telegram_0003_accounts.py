"""Invitations, accounts, buttons, seen updates and messages of the Telegram channel."""

import sqlalchemy as sa
from alembic import op

revision = "telegram_0003"
down_revision = "web_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "telegram_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.Column("revoked_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_telegram_invitation"),
        sa.UniqueConstraint("code_hash", name="uq_telegram_invitation_code_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "telegram_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(32), nullable=True),
        sa.Column("joined_at", sa.Double(), nullable=False),
        sa.Column("confirmed_at", sa.Double(), nullable=False),
        sa.Column("suspended_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_telegram_account"),
        sa.UniqueConstraint("person", name="uq_telegram_account_person"),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["telegram_invitation.id"],
            name="fk_telegram_account_invitation_id",
            ondelete="SET NULL",
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "telegram_attempt",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_telegram_attempt"),
    )
    op.create_table(
        "telegram_keyboard",
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_telegram_keyboard"),
    )
    op.create_index("ix_telegram_keyboard_person", "telegram_keyboard", ["person"])
    op.create_index("ix_telegram_keyboard_made_at", "telegram_keyboard", ["made_at"])
    op.create_table(
        "telegram_update",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.Double(), nullable=False),
        sa.Column("handled_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_telegram_update"),
    )
    op.create_index("ix_telegram_update_taken_at", "telegram_update", ["taken_at"])
    op.create_table(
        "telegram_message",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person", "number", name="pk_telegram_message"),
    )
    op.create_index("ix_telegram_message_seen_at", "telegram_message", ["seen_at"])


def downgrade() -> None:
    """Remove them, with everything in them."""
    for name in ("message", "update", "keyboard", "attempt", "account", "invitation"):
        op.drop_table(f"telegram_{name}")
