"""Run by Alembic, on the connection and in the transaction that `migrate` has opened."""

from alembic import context

import bot.store.telegram_models  # noqa: F401 - so that its tables are known
from bot.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table="schema_version",
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
