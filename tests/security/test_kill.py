"""kill -9 in the middle of a screening: the page sends again, and nothing is lost or counted twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.shared.core.domain import Domain

from bot.channels.sessions import Sessions
from bot.serving.models import project_folder
from bot.store.database import open_database
from bot.store.trackers import SqlTrackers
from tests.security.person import Person, Step
from tests.sizes import size

KILLS = size(40, 8)
#: Seconds for one message to be answered, its server killed and started anew in between.
PATIENCE = 60.0
SECRET = "for the tests of security alone, and long enough"


class Server:
    """A server that comes back whenever it is killed."""

    def __init__(self, database: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._sign = database.with_name("die after saving")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.forking_server", str(port), str(self._sign)],
            cwd=project_folder(),
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "TOKENIZERS_PARALLELISM": "false",
                "WAYMARK_DATABASE_URL": f"sqlite:///{database}",
                "WAYMARK_PROXIES": "1",
                "WAYMARK_SECRET": SECRET,
            },
        )
        self._pid = 0
        self.kills = 0
        self.ready()

    def ready(self) -> None:
        """Wait until a serving process is there."""
        assert self._process.stdout
        while not (line := self._process.stdout.readline()).startswith("Waymark is ready"):
            assert line, "the server has ended"
            if line.strip().isdigit():
                self._pid = int(line)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        self.kills += 1

    def kill_when_saved(self) -> None:
        """Kill it when the next turn has been saved, before that is answered."""
        self._sign.parent.mkdir(exist_ok=True)
        self._sign.touch()
        self.kills += 1

    def close(self) -> None:
        self._process.terminate()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._process.wait(30)


class Page:
    """Sends a message again, under the same id, until there is an answer to it."""

    def __init__(self, server: Server) -> None:
        self._http = httpx.Client(base_url=server.url, timeout=PATIENCE)
        self._numbers = iter(range(10**6))
        self.token: str = self._post("/w/session", {})["token"]
        self.conversation = Sessions(SECRET.encode()).verify(self.token).conversation
        self.again = 0

    def send(self, **message: str) -> list[dict[str, Any]]:
        """The replies to a message, as `Reply.payload()`."""
        name = f"m-{next(self._numbers)}"
        answer = self._post("/w/message", {"token": self.token, "id": name, **message})
        assert answer["replies"], "nobody is left without a reply"
        return [one["reply"] for one in answer["replies"] if one["reply"]]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        ends = time.monotonic() + PATIENCE
        while True:
            address = {"X-Forwarded-For": f"10.0.{next(self._numbers) % 250}.1"}
            try:
                answer = self._http.post(path, json=body, headers=address)
                if answer.status_code not in (429, 503):
                    answer.raise_for_status()
                    return dict(answer.json())
            except httpx.TransportError:
                self.again += 1
            assert time.monotonic() < ends, "there was no answer in time"
            time.sleep(0.1)

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def server(tmp_path: Path, trained: Path) -> Iterator[Server]:
    made = Server(tmp_path / "kept" / "waymark.db")
    yield made
    made.close()


def answers_in(database: Path, conversation: str) -> dict[str, Any]:
    """The answers of a conversation's screening, as the file has them."""
    domain = Domain.from_file(str(project_folder() / "domain.yml"))
    opened = open_database(f"sqlite:///{database}")
    try:
        tracker = asyncio.run(SqlTrackers(opened, domain).retrieve(conversation))
        kept = (tracker and tracker.get_slot("screening")) or {}
        return dict(kept.get("answers") or {})
    finally:
        opened.close()


def test_a_killed_server_loses_no_answer_and_counts_none_twice(
    server: Server, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    walks, steps, again, slowest = 0, 0, 0, 0.0
    while server.kills < KILLS:
        walks += 1
        page, person = Page(server), Person(chance, typing=0.7)
        said = page.send(payload="/start_screening")
        while (step := person.next(said)) is not None:
            steps += 1
            began = time.monotonic()
            if server.kills < KILLS and chance.random() < 0.5:
                moment = chance.choice([None, chance.uniform(0.0, 0.2)])
                said = killed_meanwhile(server, page, step, moment)
            else:
                said = page.send(**step.message())
            slowest = max(slowest, time.monotonic() - began)
            person.took(step)
            kept = answers_in(tmp_path / "kept" / "waymark.db", page.conversation)
            assert kept == person.given, "an answer was lost, counted twice or misfiled"
        again += page.again
        page.close()
    print(f"\nkill -9: {server.kills} times in {walks} screenings of {steps} steps together")
    print(f"sent again {again} times; 0 answers lost, counted twice or misfiled")
    print(f"the slowest answer, the new start included, after {slowest:.1f} s")


def killed_meanwhile(
    server: Server, page: Page, step: Step, after: float | None
) -> list[dict[str, Any]]:
    """Send a step to a server that is killed `after` so many seconds; None: once it has saved."""

    def kill() -> None:
        if after is None:
            server.kill_when_saved()
        else:
            time.sleep(after)
            server.kill()
        killed.set()
        server.ready()

    killed = threading.Event()
    killing = threading.Thread(target=kill)
    killing.start()
    if after is None:
        killed.wait()
    try:
        return page.send(**step.message())
    finally:
        killing.join()
