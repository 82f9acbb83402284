"""The server of the tests, asked by people in a process of their own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.processes import Memory
from bench.servers import Server, floor


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
def asked(server: str) -> Server:
    """The server of the tests, without limits on how often one may ask."""
    return Server("waymark", server, (ThisProcess(),), 0.0, 0.0)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An empty handler in the same web server."""
    folder: Path = tmp_path_factory.mktemp("floor")
    with floor(folder) as server:
        yield server
