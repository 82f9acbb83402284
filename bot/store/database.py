"""Opens the database, runs transactions on it, and deletes what has been kept long enough."""

from __future__ import annotations

import datetime as dt
import importlib.util
import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, CursorResult, Engine, create_engine, delete, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.serving.models import project_folder
from bot.store.errors import ConflictError, StoreError, explained, is_locked
from bot.store.models import LONGEST_CONVERSATION, Conversation, ScreeningRow, UnansweredRow
from bot.store.patience import Patience
from bot.store.said_replies import purge_said_replies

__all__ = [
    "ConflictError", "Database", "Purged", "Retention", "StoreError", "open_database", "purge",
]  # fmt: skip

#: Seconds that a statement waits for another process before the turn fails closed.
PATIENCE = 3.0
#: The execution option of a connection whose transactions write.
WRITING = "waymark_writing"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Retention:
    """How long things are kept after their last change."""

    conversations: dt.timedelta = dt.timedelta(hours=24)
    screenings: dt.timedelta = dt.timedelta(days=30)
    unanswered: dt.timedelta = dt.timedelta(days=30)

    @classmethod
    def from_environment(cls) -> Retention:
        """WAYMARK_KEEP_CONVERSATIONS_HOURS and WAYMARK_KEEP_SCREENINGS_DAYS, where they are set.

        Raises StoreError when one is not a number above zero.
        """
        standard = cls()
        hours = _positive("WAYMARK_KEEP_CONVERSATIONS_HOURS")
        days = _positive("WAYMARK_KEEP_SCREENINGS_DAYS")
        return cls(
            standard.conversations if hours is None else dt.timedelta(hours=hours),
            standard.screenings if days is None else dt.timedelta(days=days),
        )


class Database:
    """An open database. Made by `open_database`.

    `where` names it in messages, without its password. `patience` is how long its transactions wait
    for a lock.
    """

    def __init__(
        self, engine: Engine, retention: Retention, where: str, patience: Patience
    ) -> None:
        self.engine = engine
        self._patience = patience
        self.sessions = sessionmaker(engine, expire_on_commit=False)
        self.retention = retention
        self.where = where

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one moment of the database. Raises StoreError."""
        with self._transaction(_READING[self.engine.dialect.name]) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is saved whole at its end, or not at all. Raises StoreError."""
        with self._transaction({WRITING: True}) as session:
            yield session

    @contextmanager
    def _transaction(self, options: dict[str, Any]) -> Iterator[Session]:
        try:
            with self.sessions() as session, session.begin():
                session.connection(execution_options=options)
                yield session
        except (SQLAlchemyError, sqlite3.Error) as error:
            # the second kind comes from opening a connection
            if is_locked(error):
                self._patience.ended()
            raise explained(error, self.where) from None
        if options.get(WRITING):
            self._patience.restored()

    def scrub(self) -> bool:
        """Empty SQLite's journal, which still holds what was deleted; true when it is empty.

        Deleted rows are overwritten in the file itself. PostgreSQL needs nothing here: its vacuum
        reuses their space.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        try:
            with self.engine.connect() as connection:
                # autocommit: a checkpoint cannot run inside a transaction
                driver = connection.connection.driver_connection
                assert driver is not None
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except SQLAlchemyError as error:
            raise explained(error, self.where) from None
        except sqlite3.Error as error:
            log.warning("The journal was not emptied: %s", type(error).__name__)
            return False
        if busy:
            log.warning("The journal is in use and will be emptied at the next purge.")
        return not busy

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@dataclass(frozen=True)
class Purged:
    """How much a purge deleted."""

    conversations: int
    screenings: int


def open_database(
    url: str | None = None, retention: Retention | None = None, patience: float = PATIENCE
) -> Database:
    """Open the database that `url`, else WAYMARK_DATABASE_URL, names; else SQLite in `var`.

    SQLite's folder and file are made when missing, for their owner alone; a folder that others may
    enter earns a warning. `retention` comes from the environment when it is not given. `patience`
    is how long a statement waits for a lock, in seconds. Tables are made by `migrate`. Raises
    StoreError when the address cannot be used; a server is first asked when it is needed.
    """
    chosen = url or os.environ.get("WAYMARK_DATABASE_URL") or _default_url()
    try:
        parsed = chosen if isinstance(chosen, URL) else make_url(chosen)
    except (ArgumentError, ValueError):
        raise StoreError(
            "WAYMARK_DATABASE_URL is not an address of a database. Write it like "
            "postgresql://user:password@host/database or sqlite:////folder/waymark.db."
        ) from None
    kept = retention or Retention.from_environment()
    match parsed.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return _open_sqlite(parsed, kept, patience)
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return _open_postgresql(parsed, kept, patience)
    raise StoreError(
        f"Waymark keeps its data in SQLite or PostgreSQL, not in {parsed.drivername!r}. "
        "Change WAYMARK_DATABASE_URL, or unset it to use SQLite in the folder var."
    )


def purge(database: Database, now: dt.datetime) -> Purged:
    """Delete every conversation and screening that was last changed too long before `now`.

    Questions that were not answered go too, so many days after they were asked. `now` carries its
    zone. Raises StoreError.
    """
    if now.tzinfo is None:
        raise ValueError("the moment of a purge needs a time zone")
    kept = database.retention
    with database.writing() as session:
        conversations = session.execute(
            delete(Conversation).where(
                Conversation.saved_at <= (now - kept.conversations).timestamp()
            )
        )
        screenings = session.execute(
            delete(ScreeningRow).where(
                ScreeningRow.changed_at <= (now - kept.screenings).timestamp()
            )
        )
        session.execute(
            delete(UnansweredRow).where(
                UnansweredRow.asked_on
                <= (now.astimezone(dt.UTC) - kept.unanswered).date().toordinal()
            )
        )
        purge_said_replies(session, (now - kept.conversations).timestamp())
        done = Purged(affected(conversations), affected(screenings))
    database.scrub()
    return done


def affected(result: object) -> int:
    """How many rows an UPDATE or DELETE touched."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def checked_name(conversation: str) -> str:
    """The name of a conversation, when it can be stored. Raises StoreError when it cannot."""
    if not 0 < len(conversation) <= LONGEST_CONVERSATION or not conversation.isprintable():
        raise StoreError(
            f"The name of a conversation has 1 to {LONGEST_CONVERSATION} printable characters. "
            "Nothing was saved; the channel must give it such a name."
        )
    return conversation


#: Execution options of a transaction that reads: PostgreSQL needs to be told to stay at one moment.
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def _default_url() -> URL:
    return URL.create("sqlite", database=str(project_folder() / "var" / "waymark.db"))


def _positive(name: str) -> float | None:
    given = os.environ.get(name)
    if not given:
        return None
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 0 < number < 100_000:
        raise StoreError(f"{name} must be a number above zero. Change it, or unset it.")
    return number


def _open_sqlite(url: URL, retention: Retention, patience: float) -> Database:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise StoreError(
            "SQLite needs the path of a file here. Write WAYMARK_DATABASE_URL like "
            "sqlite:////folder/waymark.db."
        )
    path = Path(url.database).absolute()
    _prepare_file(path)
    waits = Patience(patience)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        pool_timeout=patience,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # the driver is kept from opening transactions of its own: see _begun
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {int(waits.seconds() * 1_000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(waits.seconds() * 1_000)}")
        # a writer takes its lock at once: one that reads first could not wait for it later
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return Database(engine, retention, str(path), waits)


def _prepare_file(path: Path) -> None:
    """Make the folder and an empty file where missing, for their owner alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        open_to_others = stat.S_IMODE(path.parent.stat().st_mode) & stat.S_IRWXO
    except OSError as error:
        raise StoreError(
            f"The database {path} cannot be opened ({type(error).__name__}). Make its folder "
            "writable for the user that runs Waymark, or set WAYMARK_DATABASE_URL."
        ) from error
    if open_to_others:
        log.warning(
            "Other users of this machine may look into %s, where the database is. "
            "Close it to them: chmod 700 %s",
            path.parent,
            path.parent,
        )


def _open_postgresql(url: URL, retention: Retention, patience: float) -> Database:
    if importlib.util.find_spec("psycopg") is None:
        raise StoreError(
            "PostgreSQL needs the library psycopg. Install it beside Waymark "
            "(uv pip install 'psycopg[binary]'), or unset WAYMARK_DATABASE_URL to use SQLite."
        )
    most = int(patience * 1_000)
    waits = Patience(patience)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=patience,
        connect_args={
            "connect_timeout": max(2, int(patience)),
            "options": f"-c lock_timeout={most} -c statement_timeout={most * 2}",
        },
    )

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        seconds = waits.seconds()
        if seconds < patience:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1_000)}")

    where = f"{url.database} on {url.host or 'the local server'}"
    return Database(engine, retention, where, waits)
