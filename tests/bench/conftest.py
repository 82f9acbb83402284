"""The server of the tests, asked by people in a process of their own."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.processes import Memory
from bench.servers import Server, floor

if TYPE_CHECKING:
    from bot.serving.engine import Engine

Serving = Callable[..., contextlib.AbstractContextManager[str]]


class ThisProcess:
    """The process of the tests, in which the server runs."""

    def pids(self) -> list[int]:
        return [os.getpid()]

    def processor_seconds(self) -> float:
        return time.process_time()

    def memory(self) -> Memory:
        return Memory(0, 0)

    def check(self) -> None:
        pass


@pytest.fixture(scope="module")
def asked(
    engine: Engine, serving: Serving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that keeps its conversations in SQLite, without limits on how often one may ask."""
    from bot.store.database import open_database
    from bot.store.migrations import migrate
    from bot.store.trackers import SqlTrackers

    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('asked')}/waymark.db")
    migrate(database.engine)
    before = engine._agent.tracker_store
    engine.use_trackers(SqlTrackers(database))
    try:
        with serving(None) as url:
            yield Server("waymark", url, (ThisProcess(),), 0.0, 0.0)
    finally:
        engine.use_trackers(before)
        database.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An empty handler in the same web server."""
    folder: Path = tmp_path_factory.mktemp("floor")
    with floor(folder) as server:
        yield server
