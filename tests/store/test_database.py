"""Opening, migrating, purging, and saying plainly what is wrong."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.store.database import Database, Retention, StoreError, open_database, purge
from bot.store.migrations import known_versions, migrate, newest_version
from bot.store.models import Base
from bot.store.screenings import Key, ScreeningStore
from tests.store.conftest import PATIENCE


def test_tables_are_made_from_nothing_and_only_once(empty_url: str) -> None:
    database = open_database(empty_url, patience=PATIENCE)
    migrate(database.engine)
    reference = ScreeningStore(database).create("web-1")
    migrate(database.engine)
    migrate(database.engine)
    assert ScreeningStore(database).load(reference) is not None
    assert set(inspect(database.engine).get_table_names()) == {
        *Base.metadata.tables, "schema_version",
    }  # fmt: skip
    database.close()


def test_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": "schema_version"}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_two_processes_may_migrate_at_once(sqlite_path: Path) -> None:
    url = f"sqlite:///{sqlite_path}"
    program = (
        "import sys; from bot.store.database import open_database; "
        "from bot.store.migrations import migrate; "
        "migrate(open_database(sys.argv[1], patience=60).engine)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    results = [(one.communicate()[1].decode(), one.returncode) for one in started]
    assert [code for _, code in results] == [0, 0, 0], results
    assert ScreeningStore(open_database(url)).create("web-1")


def test_migrating_leaves_the_rules_between_tables_in_force(sqlite: Database) -> None:
    migrate(sqlite.engine)
    with sqlite.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_database_of_a_later_version_is_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE schema_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="later version of Waymark"):
        migrate(database.engine)


def test_a_database_without_tables_says_who_makes_them(empty_url: str) -> None:
    database = open_database(empty_url, patience=PATIENCE)
    with pytest.raises(StoreError, match=r"not been prepared.*waymark serve"):
        ScreeningStore(database).create("web-1")
    database.close()


def test_sqlite_is_set_up_to_be_safe(sqlite: Database) -> None:
    with sqlite.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "synchronous")
        }
    assert found == {
        "journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "synchronous": 2,
    }  # fmt: skip


def test_file_and_folder_are_made_for_their_owner_alone(
    sqlite_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        database = open_database(f"sqlite:///{sqlite_path}")
    migrate(database.engine)
    ScreeningStore(database).create("web-1")
    assert stat.S_IMODE(sqlite_path.parent.stat().st_mode) == 0o700
    files = list(sqlite_path.parent.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert caplog.records == []
    database.close()


def test_a_folder_open_to_others_earns_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o755)
    with caplog.at_level(logging.WARNING):
        open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    assert f"chmod 700 {tmp_path}" in caplog.text


def test_the_default_is_a_file_in_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYMARK_DATABASE_URL", raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    open_database()
    assert (tmp_path / "var" / "waymark.db").is_file()


def test_the_environment_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_DATABASE_URL", f"sqlite:///{tmp_path / 'a' / 'b.db'}")
    open_database()
    assert (tmp_path / "a" / "b.db").is_file()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("a database", "Write it like postgresql://"),
        ("sqlite://", "path of a file"),
        ("sqlite:///:memory:", "path of a file"),
        ("mysql://user:secret@host/name", "SQLite or PostgreSQL, not in 'mysql'"),
        ("sqlite+aiosqlite:////tmp/x.db", "SQLite or PostgreSQL"),
        ("sqlite:////proc/nowhere/waymark.db", "writable"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as raised:
        open_database(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("given", ["none", "0", "-1", "nan", "inf", "1e9"])
def test_how_long_things_are_kept_must_be_a_number(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_KEEP_SCREENINGS_DAYS", given)
    with pytest.raises(StoreError, match="WAYMARK_KEEP_SCREENINGS_DAYS"):
        Retention.from_environment()


def test_how_long_things_are_kept_is_set_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Retention.from_environment() == Retention(dt.timedelta(hours=24), dt.timedelta(days=30))
    monkeypatch.setenv("WAYMARK_KEEP_SCREENINGS_DAYS", "7")
    monkeypatch.setenv("WAYMARK_KEEP_CONVERSATIONS_HOURS", "1.5")
    assert Retention.from_environment() == Retention(dt.timedelta(hours=1.5), dt.timedelta(days=7))


def test_a_purge_needs_a_time_zone(database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"):
        purge(database, dt.datetime(2026, 11, 20))


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "waymark.db"
    path.write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(StoreError, match="damaged"):
        migrate(open_database(f"sqlite:///{path}").engine)


def test_a_database_held_by_another_program_is_explained(
    sqlite: Database, sqlite_path: Path
) -> None:
    sqlite.close()
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked by another program"):
        ScreeningStore(sqlite).load(Key("0" * 64))
    other.close()
    assert ScreeningStore(sqlite).load(Key("0" * 64)) is None


def test_an_error_holds_nothing_of_what_was_to_be_stored(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("DROP TABLE screening"))
    store = ScreeningStore(database)
    reference = "7ZK2-0Q9D-M4TX-V8HA-G"
    with pytest.raises(StoreError) as raised:
        store.save(reference, "canary", {"canary": "canary"}, "3")
    assert "canary" not in str(raised.value)
    assert raised.value.__suppress_context__


@pytest.mark.usefixtures("postgres_server")
def test_a_server_that_does_not_answer_is_explained(tmp_path: Path) -> None:
    database = open_database(f"postgresql://user:secret@/name?host={tmp_path}")
    with pytest.raises(StoreError, match="cannot be reached") as raised:
        migrate(database.engine)
    assert "secret" not in str(raised.value)


def test_the_present_form_is_the_last_of_the_known_ones(tmp_path: Path) -> None:
    assert newest_version() == known_versions()[0]
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(database.engine)
    with database.engine.connect() as connection:
        kept = connection.execute(text("SELECT version_num FROM schema_version")).scalar_one()
    assert kept == newest_version()
