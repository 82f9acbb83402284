"""A real server in a process of its own, with a database, logs and scratch folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.serving.models import project_folder


@dataclass
class LoudServer:
    """`tests.security.loud_server` in a process. All that it writes is below `folder`."""

    folder: Path
    port: int = 0
    url: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def database(self) -> Path:
        return self.folder / "kept" / "waymark.db"

    def start(self) -> None:
        """Start it, on the port that it had before, and wait until it answers."""
        (self.folder / "tmp").mkdir(exist_ok=True)
        output = (self.folder / "stderr.txt").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.loud_server", str(self.folder), str(self.port)],
            cwd=project_folder(),
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            env={
                **os.environ,
                "HOME": str(self.folder),
                "LOG_LEVEL": "DEBUG",
                "TMPDIR": str(self.folder / "tmp"),
                "WAYMARK_DATABASE_URL": f"sqlite:///{self.database}",
                "WAYMARK_PROXIES": "1",
                "WAYMARK_SECRET": "for the tests of security alone, and long enough",
            },
        )
        output.close()
        assert self.process.stdout
        ready = self.process.stdout.readline()
        assert ready.startswith("Waymark is ready"), (self.folder / "stderr.txt").read_text()[
            -2000:
        ]
        self.url = ready.split()[-1].rstrip("/")
        self.port = httpx.URL(self.url).port or 0

    def kill(self) -> None:
        """kill -9: it gets to do nothing more."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and keep what it printed."""
        if self.process is None:
            return
        self.process.send_signal(how)
        printed, _ = self.process.communicate(timeout=60)
        with (self.folder / "stdout.txt").open("a") as file:
            file.write(printed)
        self.process = None

    @contextlib.contextmanager
    def told_to(self, fault: str) -> Iterator[None]:
        """While this lasts, `components fail`, `actions fail` or `actions hang`."""
        sign = self.folder / fault
        sign.touch()
        try:
            yield
        finally:
            sign.unlink()


@pytest.fixture
def loud_server(tmp_path: Path, trained: Path) -> Iterator[LoudServer]:
    server = LoudServer(tmp_path)
    server.start()
    yield server
    server.end()
