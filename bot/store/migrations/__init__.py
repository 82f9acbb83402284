"""Brings a database's tables to the present form, from any earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import WRITING
from bot.store.errors import StoreError, explained

#: The lock that keeps two starting processes from migrating one PostgreSQL database at once.
_LOCK = 0x5761796D61726B
#: Seconds that one waits for another, and that a step may take.
_PATIENCE = 120


def migrate(engine: Engine) -> None:
    """Make or alter the tables; does nothing when they are in the present form.

    All of it happens in one transaction, one process at a time. Raises StoreError, also for a
    database that a later version of Waymark has been at.
    """
    where = engine.url.render_as_string(hide_password=True)
    config = _config()
    try:
        with engine.connect() as connection, _tables_replaceable(connection):
            writing = connection.execution_options(**{WRITING: True})
            with writing.begin():
                if engine.dialect.name == "postgresql":
                    # several workers may start at once: each waits for the one that migrates
                    for name in ("lock_timeout", "statement_timeout"):
                        writing.exec_driver_sql(f"SET LOCAL {name} = '{_PATIENCE}s'")
                    writing.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                config.attributes["connection"] = writing
                command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise explained(error, where) from None
    except CommandError as error:
        raise StoreError(
            f"The database {where} was made by a later version of Waymark. Install that version "
            "or a newer one, or point WAYMARK_DATABASE_URL to another database."
        ) from error


def known_versions() -> list[str]:
    """Every form of the tables that this version of Waymark knows, the present one first."""
    return [one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


@contextmanager
def _tables_replaceable(connection: Connection) -> Iterator[None]:
    """Keep SQLite from deleting the events when a later step copies `conversation` to alter it.

    It can only be told so outside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
