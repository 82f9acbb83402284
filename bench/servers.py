"""The servers that are measured: Waymark, plain Rasa with its action server, and the floor."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bench.processes import (
    BenchError,
    Machine,
    Memory,
    Tree,
    free_port,
    load_average,
    wait_for_quiet,
)

#: Seconds that a start may take.
LONGEST_START = 300.0
#: Seconds that a measurement waits for others on this machine to be quiet, before it goes on.
PATIENCE = 8.0
#: A question that every side can answer, asked as the first thing after a start.
FIRST_QUESTION = "Who do I ring in Luton?"
ROOT = Path(__file__).parents[1]


class Watched(Protocol):
    """Processes whose use of the machine is known."""

    def pids(self) -> list[int]:
        """Their ids."""

    def processor_seconds(self) -> float:
        """Their processor time so far."""

    def memory(self) -> Memory:
        """What they hold now."""

    def check(self) -> None:
        """Raises BenchError when they have ended."""


@dataclass(frozen=True)
class Server:
    """A server that answers. `side` names how it is spoken to; `start` is the seconds from the
    start of its first process to its first answer, `start_processor` the processor seconds;
    `database` is its SQLite file.
    """

    side: str
    url: str
    trees: tuple[Watched, ...]
    start: float
    start_processor: float
    database: Path | None = None

    def processor_seconds(self) -> float:
        """Processor time of all its processes so far."""
        return sum(tree.processor_seconds() for tree in self.trees)

    def ask(self, **job: Any) -> dict[str, Any]:
        """Have people ask (see `bench.load.People`), in a process of their own.

        With `watch` each turn also holds the server's processor seconds meanwhile (`spent`).

        Returned beside the turns: `server_seconds`, the server's processor time; `others`, cores
        that other programs kept busy meanwhile; `load`, the load average before.
        """
        wait_for_quiet(job.pop("patience", PATIENCE))
        if job.pop("watch", False):
            job["watched"] = [pid for tree in self.trees for pid in tree.pids()]
        load, machine, used = load_average(), Machine(), self.processor_seconds()
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            cwd=ROOT,
            input=json.dumps({"side": self.side, "url": self.url, **job}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            for tree in self.trees:
                tree.check()
            raise BenchError(f"The people who ask have failed:\n{done.stderr[-2000:]}")
        outcome: dict[str, Any] = json.loads(done.stdout)
        server = self.processor_seconds() - used
        others = machine.others(server + outcome["processor_seconds"])
        return outcome | {"server_seconds": server, "others": others, "load": load}


@contextlib.contextmanager
def waymark(folder: Path, program: Path, home: Path = ROOT) -> Iterator[Server]:
    """Waymark, as `waymark serve` starts it: `program` with the project at `home`.

    Its database is made anew in `folder`.
    """
    database = folder / f"waymark-{secrets.token_hex(4)}.db"
    environment = {
        "WAYMARK_HOME": str(home),
        "WAYMARK_DATABASE_URL": f"sqlite:///{database}",
        "WAYMARK_SECRET": secrets.token_hex(32),
        # people come from different addresses, as they do behind a proxy
        "WAYMARK_PROXIES": "1",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [str(program), "serve", "--port", "0"]
    with Tree(command, home, environment, folder / "waymark.log") as tree:
        url = _wait(tree, lambda: _ready_url(tree))
        message = json.dumps({"text": FIRST_QUESTION, "id": "first"})
        token = json.loads(_post(f"{url}/w/session", "{}"))["token"]
        _post(f"{url}/w/message", json.dumps({**json.loads(message), "token": token}))
        yield _started("waymark", url, [tree], database)


@contextlib.contextmanager
def plain(folder: Path, environment: Path, project: Path) -> Iterator[Server]:
    """Plain Rasa: `rasa run` and `rasa run actions` of the project, its database in `folder`."""
    rasa = str(environment / "bin" / "rasa")
    port, actions = free_port(), free_port()
    database = folder / f"plain-{secrets.token_hex(4)}.db"
    settings = {
        "ACTIONS_PORT": str(actions),
        "TRACKERS": str(database),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    serve = [rasa, "run", "--port", str(port), "--interface", "127.0.0.1",
             "--model", str(project / "models" / "plain.tar.gz")]  # fmt: skip
    act = [rasa, "run", "actions", "--port", str(actions)]
    url = f"http://127.0.0.1:{port}"
    with (
        Tree(serve, project, settings, folder / "plain.log") as server,
        Tree(act, project, settings, folder / "plain-actions.log") as action_server,
    ):
        trees = [server, action_server]
        # the route is answered by the action server: a start is over when both answer
        for number, message in enumerate((FIRST_QUESTION, '/ask_route{"level": "high"}')):
            body = json.dumps({"sender": f"first {number}", "message": message})
            _wait(server, lambda body=body: _answer(f"{url}/webhooks/rest/webhook", body))  # type: ignore[misc]
        yield _started("plain", url, trees, database)


@contextlib.contextmanager
def floor(folder: Path) -> Iterator[Server]:
    """The empty handler."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bench.floor", str(port)]
    with Tree(command, ROOT, {}, folder / "floor.log") as tree:
        _wait(tree, lambda: _answer(f"{url}/say", "{}"))
        yield _started("floor", url, [tree])


def _started(side: str, url: str, trees: Sequence[Tree], database: Path | None = None) -> Server:
    seconds = time.perf_counter() - trees[0].began
    used = sum(tree.processor_seconds() for tree in trees)
    return Server(side, url, tuple(trees), seconds, used, database)


def _wait(tree: Tree, look: Any) -> str:
    """What `look` gives, asked until it gives something. Raises BenchError when it never does."""
    end = time.perf_counter() + LONGEST_START
    while time.perf_counter() < end:
        if found := look():
            return str(found)
        tree.check()
        time.sleep(0.05)
    raise BenchError(f"A server did not answer within {LONGEST_START:.0f} s.")


def _ready_url(tree: Tree) -> str | None:
    said = re.search(r"ready: (http://\S+)", tree.output())
    return said.group(1).rstrip("/") if said else None


def _answer(url: str, body: str) -> str | None:
    """The answer to a request, once there is one that is not empty."""
    try:
        answer = _post(url, body)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None
    return answer if answer != "[]" else None


def _post(url: str, body: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - our own loopback server
        url, body.encode(), {"Content-Type": "application/json", "X-Forwarded-For": "10.8.0.1"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        text: str = response.read().decode()
        return text
