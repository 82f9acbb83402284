"""The steps, in order; Alembic finds them here."""
