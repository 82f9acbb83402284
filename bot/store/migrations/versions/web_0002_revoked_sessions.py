"""Sessions of the web channel that were ended before their time."""

import sqlalchemy as sa
from alembic import op

revision = "web_0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "revoked_session",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_revoked_session"),
    )
    op.create_index("ix_revoked_session_expires_at", "revoked_session", ["expires_at"])


def downgrade() -> None:
    """Remove it: tokens that were ended are good again until they expire."""
    op.drop_table("revoked_session")
