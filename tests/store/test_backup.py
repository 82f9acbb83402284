"""A backup is whole, private and never overwrites; a restore is whole or not at all."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from bot.cli import main
from bot.store.backup import backup, restore, version_of
from bot.store.database import Database, open_database
from bot.store.errors import StoreError
from bot.store.migrations import known_versions, migrate
from bot.store.models import Conversation, ConversationEvent


@pytest.fixture
def kept(database: Database) -> Database:
    """A database, where the tools of its kind are here."""
    if database.engine.dialect.name == "postgresql" and not shutil.which("pg_dump"):
        pytest.skip("PostgreSQL's client programs are not installed: its backup is not tested")
    return database


def add(database: Database, name: str, events: int = 2, age: float = 0.0) -> None:
    """A conversation that was saved `age` hours ago."""
    now = dt.datetime.now(dt.UTC).timestamp() - age * 3_600
    with database.writing() as session:
        head = Conversation(name=name, events=events, session_start=0, saved_at=now)
        session.add(head)
        session.flush()
        session.add_all(
            ConversationEvent(
                conversation_id=head.id, sequence=at, timestamp=now, type="slot", data="{}"
            )
            for at in range(events)
        )


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.execute(select(Conversation.name)).scalars())


def test_what_was_saved_comes_back(kept: Database, tmp_path: Path) -> None:
    add(kept, "one")
    add(kept, "two")
    saved = backup(kept, tmp_path / "saved")
    add(kept, "three")
    restored = restore(kept, saved.file, replace=True)
    assert names(kept) == ["one", "two"]
    assert restored.version == saved.version == known_versions()[0]
    assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.glob("saved*")] == ["saved"]
    add(kept, "four")
    assert names(kept) == ["four", "one", "two"], "it can be written to again"


def test_a_backup_never_overwrites(kept: Database, tmp_path: Path) -> None:
    file = tmp_path / "saved"
    file.write_text("somebody's")
    with pytest.raises(StoreError, match="not overwritten"):
        backup(kept, file)
    assert file.read_text() == "somebody's"


def test_a_restore_replaces_only_when_told(kept: Database, tmp_path: Path) -> None:
    saved = backup(kept, tmp_path / "saved")
    add(kept, "precious")
    with pytest.raises(StoreError, match="--replace"):
        restore(kept, saved.file)
    assert names(kept) == ["precious"]


def test_what_is_past_its_time_does_not_come_back(kept: Database, tmp_path: Path) -> None:
    add(kept, "old", age=25)
    add(kept, "young", age=23)
    saved = backup(kept, tmp_path / "saved")
    assert restore(kept, saved.file, replace=True).purged.conversations == 1
    assert names(kept) == ["young"]


def test_a_backup_of_a_later_version_is_refused(kept: Database, tmp_path: Path) -> None:
    with kept.writing() as session:
        session.execute(text("UPDATE schema_version SET version_num = 'from_tomorrow'"))
    saved = backup(kept, tmp_path / "saved")
    with kept.writing() as session:
        session.execute(
            text("UPDATE schema_version SET version_num = :v"), {"v": known_versions()[0]}
        )
    add(kept, "precious")
    with pytest.raises(StoreError, match="later version of Waymark"):
        restore(kept, saved.file, replace=True)
    assert names(kept) == ["precious"]


def test_a_damaged_backup_changes_nothing(kept: Database, tmp_path: Path) -> None:
    for number in range(200):
        add(kept, f"conversation {number}", events=10)
    saved = backup(kept, tmp_path / "saved")
    whole = saved.file.read_bytes()
    saved.file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError):
        restore(kept, saved.file, replace=True)
    assert len(names(kept)) == 200


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip file", b"SQLite format 3\0", b"PGDMP"])
def test_what_is_no_backup_is_refused(kept: Database, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(StoreError):
        restore(kept, file, replace=True)
    with pytest.raises(StoreError, match="cannot be read"):
        restore(kept, tmp_path / "missing", replace=True)
    assert version_of(kept) == known_versions()[0]


def test_a_backup_while_others_write_is_of_one_moment(kept: Database, tmp_path: Path) -> None:
    stop = threading.Event()
    wrong: list[StoreError] = []

    def write() -> None:
        number = 0
        while not stop.is_set():
            try:
                add(kept, f"conversation {number}", events=5)
            except StoreError as error:
                wrong.append(error)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        saved = [backup(kept, tmp_path / f"saved {number}") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    assert wrong == []
    for one in saved:
        restore(kept, one.file, replace=True)
        with kept.reading() as session:
            promised = session.execute(select(func.coalesce(func.sum(Conversation.events), 0)))
            there = session.execute(select(func.count()).select_from(ConversationEvent))
            assert promised.scalar_one() == there.scalar_one()


def test_a_backup_of_an_earlier_form_is_brought_up_to_date(
    sqlite: Database, tmp_path: Path
) -> None:
    # the earlier form is made by hand, in the file
    add(sqlite, "one")
    saved = backup(sqlite, tmp_path / "saved")
    with sqlite3.connect(saved.file) as opened:
        opened.execute("DROP TABLE unanswered_question")
        opened.execute("DROP TABLE said_reply")
        opened.execute("DROP TABLE questionnaire")
        opened.execute("DROP INDEX ix_telegram_update_chat")
        opened.execute("ALTER TABLE telegram_update DROP COLUMN taken_by")
        opened.execute("UPDATE schema_version SET version_num = 'telegram_0003'")
    opened.close()
    assert restore(sqlite, saved.file, replace=True).version == "telegram_0003"
    assert version_of(sqlite) == known_versions()[0]
    assert names(sqlite) == ["one"]


def test_a_backup_of_the_other_kind_is_refused(sqlite: Database, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(b"PGDMP\x01\x0e\x00" + bytes(100))
    with pytest.raises(StoreError, match="is a backup of PostgreSQL"):
        restore(sqlite, dump)


@pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
def test_without_postgresqls_programs_it_says_what_to_install(
    kept: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="postgresql-client"):
        backup(kept, tmp_path / "saved")
    assert not list(tmp_path.glob("saved*"))


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Runs `waymark` on a database of its own."""
    url = f"sqlite:///{tmp_path / 'kept' / 'waymark.db'}"
    monkeypatch.setenv("WAYMARK_DATABASE_URL", url)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, words)
        assert "Traceback" not in done.output
        return done.exit_code, done.output

    return run


def test_the_commands(command: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    file = str(tmp_path / "saved")
    code, said = command("backup", file)
    assert code == 1
    assert "no tables yet" in said
    database = open_database()
    migrate(database.engine)
    add(database, "one")
    code, said = command("backup", file)
    assert code == 0
    assert f"Saved to {file}" in said
    code, said = command("backup", file)
    assert (code, "not overwritten" in said) == (1, True)
    code, said = command("restore", file)
    assert (code, "--replace" in said) == (1, True)
    code, said = command("restore", file, "--replace")
    assert (code, "Restored from" in said) == (0, True)
    assert names(database) == ["one"]
