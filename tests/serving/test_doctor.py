"""`waymark doctor`: each fault is named with what to do, and nothing is changed by looking."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from bot.cli import main
from bot.serving.doctor import Check, examine
from bot.serving.models import archive_of, learned_file, project_folder, record_hash
from bot.store.backup import backup
from bot.store.database import open_database
from bot.store.migrations import migrate

#: A day on which the guidance of the project is as it was checked.
TODAY = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
SECRET = "5d1f0c2b7a9e4836b1c8d7e6f5a4938271605f4e3d2c1b0a"


class Installation:
    """A small installation of its own, and what the doctor says of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {"WAYMARK_SECRET": SECRET}
        self.now = TODAY
        (root / "var").mkdir(mode=0o700)
        (root / "models").mkdir()
        (root / "config.yml").write_text("recipe: default.v1\n")
        shutil.copytree(project_folder() / "data" / "guidance", root / "data" / "guidance")
        self.model, self.learned = archive_of(root), learned_file(root)
        for path in (self.model, self.learned):
            path.write_bytes(b"a model")
            record_hash(path)

    @property
    def database(self) -> Path:
        return self.root / "var" / "waymark.db"

    def serve_once(self) -> None:
        """Make the database, as a first start does."""
        opened = open_database(f"sqlite:///{self.database}")
        migrate(opened.engine)
        opened.close()

    def faults(self) -> list[Check]:
        found = examine(self.root, "127.0.0.1", self.environment, self.now.timestamp)
        return [one for one in found if one.status != "ok"]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def test_a_sound_installation_has_no_faults(installation: Installation) -> None:
    installation.serve_once()
    assert installation.faults() == []


def test_before_the_first_start_nothing_is_made(installation: Installation) -> None:
    del installation.environment["WAYMARK_SECRET"]
    assert installation.faults() == []
    assert list((installation.root / "var").iterdir()) == []


def _short_secret(one: Installation) -> None:
    one.environment["WAYMARK_SECRET"] = "short"


def _open_secret(one: Installation) -> None:
    del one.environment["WAYMARK_SECRET"]
    file = one.root / "session"
    file.write_text(SECRET)
    file.chmod(0o644)
    one.root.chmod(0o755)
    one.environment["WAYMARK_SECRET_FILE"] = str(file)


def _metrics_for_whom(one: Installation) -> None:
    one.environment["WAYMARK_METRICS_FROM"] = "everybody"


def _telegram_without_a_token(one: Installation) -> None:
    one.environment["WAYMARK_TELEGRAM_TOKEN"] = "no token"


def _unknown_database(one: Installation) -> None:
    one.environment["WAYMARK_DATABASE_URL"] = "mysql://host/database"


def _unreachable_database(one: Installation) -> None:
    one.environment["WAYMARK_DATABASE_URL"] = "postgresql://waymark@127.0.0.1:1/waymark"


def _damaged_database(one: Installation) -> None:
    one.database.write_bytes(b"this is no database" * 500)
    one.database.chmod(0o600)


def _database_from_tomorrow(one: Installation) -> None:
    one.serve_once()
    opened = open_database(f"sqlite:///{one.database}")
    with opened.writing() as session:
        session.execute(text("UPDATE schema_version SET version_num = 'from_tomorrow'"))
    opened.close()


def _changed_model(one: Installation) -> None:
    one.model.write_bytes(b"another model")


def _changed_watch(one: Installation) -> None:
    one.learned.write_bytes(b"A model")


def _clock_of_1970(one: Installation) -> None:
    one.now = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)


def _clock_that_went_back(one: Installation) -> None:
    one.serve_once()
    opened = open_database(f"sqlite:///{one.database}")
    with opened.writing() as session:
        session.execute(
            text("INSERT INTO conversation (name, events, session_start, saved_at) VALUES ('a', 0, 0, :at)"),
            {"at": TODAY.timestamp() + 3_600},
        )  # fmt: skip
    opened.close()


@pytest.mark.parametrize(
    ("spoil", "name", "said"),
    [
        (_short_secret, "settings", "WAYMARK_SECRET is shorter"),
        (_open_secret, "settings", "Every user of this machine can read"),
        (_metrics_for_whom, "settings", "WAYMARK_METRICS_FROM"),
        (_telegram_without_a_token, "telegram", "WAYMARK_TELEGRAM_TOKEN"),
        (_unknown_database, "database", "SQLite or PostgreSQL"),
        (_unreachable_database, "database", "cannot be reached"),
        (_damaged_database, "database", "damaged"),
        (_database_from_tomorrow, "database", "later version"),
        (_changed_model, "model", "changed or damaged"),
        (_changed_watch, "model", "likeness-"),
        (_clock_of_1970, "clock", "before contacts were checked"),
        (_clock_that_went_back, "clock", "behind the last saved conversation"),
    ],
)
def test_a_fault_is_a_failure_that_says_what_to_do(
    installation: Installation, spoil: Callable[[Installation], None], name: str, said: str
) -> None:
    spoil(installation)
    failures = [one for one in installation.faults() if one.status == "failure"]
    assert any(one.name == name and said in one.said for one in failures), failures
    assert all(SECRET not in one.said for one in failures)


def test_a_database_that_others_can_read_is_a_failure(installation: Installation) -> None:
    installation.serve_once()
    installation.database.chmod(0o644)
    (installation.root / "var").chmod(0o755)
    faults = {(one.status, one.name) for one in installation.faults()}
    assert faults == {("failure", "permissions"), ("warning", "permissions")}


def test_old_contacts_and_a_missing_model_are_warnings(installation: Installation) -> None:
    installation.now = TODAY + dt.timedelta(days=800)
    installation.model.unlink()
    faults = installation.faults()
    assert {(one.status, one.name) for one in faults} == {
        ("warning", "content"),
        ("warning", "model"),
    }
    assert any("last_checked" in one.said for one in faults)


def test_content_that_would_not_be_served_is_a_failure_with_its_line(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.serve_once()
    guidance = installation.root / "data" / "guidance"
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(guidance))
    with (guidance / "indicator_phrases.yml").open("a", encoding="utf-8") as file:
        file.write("]\n")
    (fault,) = installation.faults()
    assert (fault.status, fault.name) == ("failure", "content")
    assert fault.said.startswith("indicator_phrases.yml, line ")


def test_a_model_without_what_the_watch_learned_is_a_warning(installation: Installation) -> None:
    installation.serve_once()
    installation.learned.unlink()
    (fault,) = installation.faults()
    assert (fault.status, fault.name) == ("warning", "model")
    assert installation.learned.name in fault.said
    assert "waymark train" in fault.said


def test_an_earlier_form_of_the_tables_is_no_fault(installation: Installation) -> None:
    installation.serve_once()
    opened = open_database(f"sqlite:///{installation.database}")
    with opened.writing() as session:
        session.execute(text("UPDATE schema_version SET version_num = 'telegram_0003'"))
    found = examine(installation.root, "127.0.0.1", installation.environment, TODAY.timestamp)
    assert any("the next start brings them to" in one.said for one in found)
    assert backup(opened, installation.root / "saved").version == "telegram_0003"
    opened.close()


def test_the_command_shows_a_table_and_fails_with_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = Installation(tmp_path)
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    monkeypatch.setenv("WAYMARK_SECRET", SECRET)
    monkeypatch.delenv("WAYMARK_DATABASE_URL", raising=False)
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(tmp_path / "data" / "guidance"))
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 0, done.output
    assert "0 failures" in done.output
    installation.model.write_bytes(b"changed")
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "1 failures" in done.output
