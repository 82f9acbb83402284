"""Each test of the store runs on a new SQLite file and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.store.database import Database, open_database
from bot.store.migrations import migrate
from tests.store import postgres

#: Seconds that a test waits for a lock that is never let go.
PATIENCE = 0.1


@dataclass
class Clock:
    """A clock that a test sets; it begins now, because Rasa's own events take the real time."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_by(self, **duration: float) -> None:
        self.now += dt.timedelta(**duration)


@pytest.fixture
def clock() -> Clock:
    return Clock(dt.datetime.fromtimestamp(time.time(), dt.UTC))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.server())
        except postgres.NoServer as reason:
            if os.environ.get("CI") and os.environ.get("WAYMARK_REQUIRE_POSTGRES") == "1":
                pytest.fail(f"{reason} (WAYMARK_REQUIRE_POSTGRES=1)")
            pytest.skip(str(reason))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kept' / 'waymark.db'}"
        return
    with postgres.empty_database(request.getfixturevalue("postgres_server")) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """A database that is ready for use."""
    opened = open_database(empty_url, patience=PATIENCE)
    migrate(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "waymark.db"


@pytest.fixture
def sqlite(sqlite_path: Path) -> Iterator[Database]:
    """A ready SQLite database, for what only a file can show."""
    opened = open_database(f"sqlite:///{sqlite_path}", patience=PATIENCE)
    migrate(opened.engine)
    yield opened
    opened.close()
