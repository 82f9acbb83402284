"""Copies the database to a file while it is in use, and puts such a file back.

SQLite is copied with its own backup; PostgreSQL with pg_dump and pg_restore, from the PostgreSQL
client programs. A backup holds what the database holds, so it is kept as closely.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database, Purged, purge
from bot.store.errors import StoreError, explained
from bot.store.migrations import known_versions, migrate
from bot.store.models import Base, Conversation, ScreeningRow
from bot.store.telegram import TelegramStore

#: Seconds that a copy waits for a database that another program has locked.
PATIENCE = 30.0
_SQLITE, _POSTGRESQL = b"SQLite format 3\0", b"PGDMP"


@dataclass(frozen=True)
class Saved:
    """A backup that was made: its file, its size in bytes, and the version of its tables."""

    file: Path
    size: int
    version: str


@dataclass(frozen=True)
class Restored:
    """What was put back: the version that the file had, and what was past its time already."""

    version: str
    purged: Purged


def backup(database: Database, file: Path) -> Saved:
    """Copy the database to a new `file`, readable by its owner alone, as of one moment.

    Raises StoreError: the file exists, the database has no tables yet, the copy cannot be written,
    or PostgreSQL's programs are missing. Nothing is left behind then.
    """
    if file.exists():
        raise StoreError(f"{file} exists already, and is not overwritten. Name another file.")
    version = version_of(database)
    if version is None:
        raise StoreError(f"The database {database.where} has no tables yet: nothing to back up.")
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if database.engine.dialect.name == "sqlite":
            _copy_sqlite(Path(database.where), draft)
        else:
            _dump(database.engine.url, draft)
        _keep(draft, file)
    except OSError as error:
        raise StoreError(
            f"{file} cannot be written ({type(error).__name__}). Name a file in a folder that "
            "exists, is writable, and has room."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return Saved(file, file.stat().st_size, version)


def restore(database: Database, file: Path, replace: bool = False) -> Restored:
    """Put a backup in the place of the database's content, whole or not at all.

    Afterwards the tables are brought to the present form and what is past its time is deleted.
    A database that holds conversations or screenings is only replaced with `replace`. Raises
    StoreError: the file is no backup, is damaged, was made by a later version of Waymark, or
    belongs to the other kind of database.
    """
    head = _start_of(file)
    kind = "sqlite" if head == _SQLITE else "postgresql" if head.startswith(_POSTGRESQL) else None
    if kind is None:
        raise StoreError(f"{file} is not a backup of Waymark. Name a file that it made.")
    if kind != database.engine.dialect.name:
        other = "PostgreSQL" if kind == "postgresql" else "SQLite"
        raise StoreError(
            f"{file} is a backup of {other}. Let WAYMARK_DATABASE_URL name a database of that kind."
        )
    version = _sqlite_version(file) if kind == "sqlite" else _dump_version(file)
    if version is None:
        raise StoreError(f"{file} is damaged, or is not a backup of Waymark. Take another one.")
    if version not in known_versions():
        raise StoreError(
            f"{file} was made by a later version of Waymark ({version}). Install that version or "
            "a newer one. Nothing was changed."
        )
    if not replace and _holds_something(database):
        raise StoreError(
            f"The database {database.where} holds conversations or screenings. Stop Waymark, back "
            "it up if you may need it, and use --replace. Nothing was changed."
        )
    if kind == "sqlite":
        database.close()
        _put_back_sqlite(file, Path(database.where))
    else:
        _put_back_dump(file, database)
    migrate(database.engine)
    TelegramStore(database).purge()
    return Restored(version, purge(database, dt.datetime.now(dt.UTC)))


def version_of(database: Database) -> str | None:
    """The version of a database's tables; None where there are none. Raises StoreError."""
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table("schema_version"):
                return None
            return connection.execute(text("SELECT version_num FROM schema_version")).scalar()
    except SQLAlchemyError as error:
        raise explained(error, database.where) from None


def _holds_something(database: Database) -> bool:
    if version_of(database) is None:
        return False
    with database.reading() as session:
        return any(
            session.execute(select(table.id).limit(1)).first()
            for table in (Conversation, ScreeningRow)
        )


def _keep(draft: Path, file: Path) -> None:
    """Give a finished copy its name, unless another file has got it meanwhile."""
    with draft.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        raise StoreError(f"{file} exists already, and is not overwritten.") from None
    except OSError:
        # a disk without links (a network share, a memory stick)
        if file.exists():
            raise StoreError(f"{file} exists already, and is not overwritten.") from None
        draft.rename(file)


def _start_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(16)
    except OSError as error:
        raise StoreError(f"{file} cannot be read ({type(error).__name__}).") from error


@contextlib.contextmanager
def _sqlite(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE)) as opened:
        yield opened


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with _sqlite(source, "ro") as read, _sqlite(target, "rw") as written:
            # all pages in one step: one moment of the database, while others go on writing
            read.backup(written, pages=-1)
            # a single file, without a journal beside it
            written.execute("PRAGMA journal_mode = DELETE")
            _checked(written, target)
    except sqlite3.Error as error:
        raise StoreError(
            f"The database {source} was not backed up ({type(error).__name__}). Check that its "
            "disk works and that the target's has room. Nothing was written."
        ) from error


def _checked(opened: sqlite3.Connection, path: Path) -> None:
    if opened.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise StoreError(f"{path} is damaged. Take another backup. Nothing was changed.")


def _sqlite_version(file: Path) -> str | None:
    try:
        # nothing is written beside the file, even if it came with a journal mode of its own
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as opened:
            _checked(opened, file)
            row = opened.execute("SELECT version_num FROM schema_version").fetchone()
            return str(row[0]) if row else None
    except sqlite3.Error:
        return None


def _put_back_sqlite(file: Path, target: Path) -> None:
    try:
        with _sqlite(target, "rw") as written, _sqlite(file, "ro") as read:
            # one transaction: whoever reads sees the old content or the new
            written.execute("PRAGMA secure_delete = ON")
            read.backup(written, pages=-1)
    except sqlite3.Error as error:
        raise StoreError(
            f"{file} was not put back ({type(error).__name__}). Stop Waymark and try again; the "
            f"database {target} is as it was."
        ) from error


def _dump(url: URL, target: Path) -> None:
    _run_program(
        "pg_dump",
        ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}",
         f"--dbname={_address(url)}"],
        url,
    )  # fmt: skip


def _dump_version(file: Path) -> str | None:
    """The version of the tables in a dump, read from the dump itself."""
    found = _run_program(
        "pg_restore", ["--data-only", "--table=schema_version", "--file=-", str(file)]
    ).splitlines()
    begins = next((at for at, line in enumerate(found) if line.startswith("COPY ")), None)
    after = found[begins + 1] if begins is not None and begins + 1 < len(found) else "\\."
    return None if after == "\\." else after.strip()


def _put_back_dump(file: Path, database: Database) -> None:
    database.close()
    # all of ours, also those that a dump of an earlier form does not have; nobody else's
    names = ["schema_version", *Base.metadata.tables]
    ours = "".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in names)
    script = _run_program("pg_restore", ["--no-owner", "--no-privileges", "--file=-", str(file)])
    _run_program(
        "psql",
        ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
         "--output=/dev/null", f"--dbname={_address(database.engine.url)}"],
        database.engine.url,
        ours + script,
    )  # fmt: skip


def _address(url: URL) -> str:
    """An address for PostgreSQL's programs, without the password: others can read a command."""
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    return plain.render_as_string(hide_password=False)


def _run_program(name: str, words: list[str], url: URL | None = None, given: str = "") -> str:
    """Run one of PostgreSQL's programs. Its own words are not shown: they may quote a row."""
    program = shutil.which(name)
    if program is None:
        raise StoreError(
            f"PostgreSQL's program {name} is not installed. Install the client of the server's "
            "version (Debian: apt install postgresql-client), or run the backup on the server "
            "itself: pg_dump --format=custom --no-owner --no-privileges --file=FILE DATABASE"
        )
    environment: Mapping[str, str] = os.environ
    if url is not None and url.password:
        environment = {**os.environ, "PGPASSWORD": str(url.password)}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, without a shell
        [program, *words],
        input=given,
        capture_output=True,
        encoding="utf-8",
        env=dict(environment),
    )
    if done.returncode == 0:
        return done.stdout
    if "version mismatch" in done.stderr or "unsupported version" in done.stderr:
        raise StoreError(
            f"{name} is older than the database or the backup. Install PostgreSQL's client "
            "programs of the server's version. Nothing was changed."
        )
    raise StoreError(
        f"{name} did not finish (code {done.returncode}). Check that the server runs, that "
        "WAYMARK_DATABASE_URL names it, that the user may do this, and that there is room. "
        "Nothing was changed."
    )
