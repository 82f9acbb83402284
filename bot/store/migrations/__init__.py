"""Brings a database's tables to the present form, from any earlier one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import WRITING
from bot.store.errors import StoreError, explained

if TYPE_CHECKING:
    from alembic.config import Config

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
    try:
        if _is_present(engine):
            return
    except SQLAlchemyError as error:
        raise explained(error, where) from None
    _upgrade(engine, where)


def _is_present(engine: Engine) -> bool:
    """Whether the tables are in the present form: most starts need nothing else of Alembic."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("schema_version"):
            return False
        found = connection.execute(text("SELECT version_num FROM schema_version")).scalars().all()
    return list(found) == [newest_version()]


def newest_version() -> str:
    """The present form: the step that no other step follows."""
    steps = [
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parent / "versions").glob("*_*.py")
    ]
    made = [found[1] for step in steps if (found := _REVISION.search(step))]
    followed = {found[1] for step in steps if (found := _FOLLOWS.search(step))}
    return next(one for one in made if one not in followed)


_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_FOLLOWS = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


def _upgrade(engine: Engine, where: str) -> None:
    # loading it takes a good part of a start
    from alembic import command
    from alembic.util.exc import CommandError

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
    from alembic.script import ScriptDirectory

    return [one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    from alembic.config import Config

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
