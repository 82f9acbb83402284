"""Several workers on one PostgreSQL and one Redis, behind nginx."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.serving.models import current_model, project_folder
from tests.deploy.test_proxies import certificate, free_port  # noqa: F401 - a fixture
from tests.deploy.test_proxies import nginx as nginx_with
from tests.hosting.programs import Folder, Postgres, RedisServer, wait_for

SECRET = "for the tests of hosting alone, and long enough"


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with closing(Folder()) as made:
        yield made.path


@pytest.fixture(scope="session")
def postgres(folder: Path) -> Iterator[Postgres]:
    with closing(Postgres(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def redis(folder: Path) -> Iterator[RedisServer]:
    with closing(RedisServer(folder)) as running:
        yield running


class Nursery:
    """Starts workers from a loaded model."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hosting.workers"],
            cwd=project_folder(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **{name: value for name, value in os.environ.items() if "TELEGRAM" not in name},
                "TOKENIZERS_PARALLELISM": "false",
                "OPENBLAS_NUM_THREADS": "1",
                "WAYMARK_PROXIES": "1",
                "WAYMARK_SECRET": SECRET,
            },
        )
        self._said("loaded")

    def start(self, port: int, **settings: str) -> int:
        """A worker on a port; gives its process id."""
        assert self._process.stdin is not None
        words = " ".join([str(port), *(f"{name}={value}" for name, value in settings.items())])
        print(words, file=self._process.stdin, flush=True)
        return int(self._said(""))

    def _said(self, wanted: str) -> str:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.strip().isdigit() or (wanted and line.strip() == wanted):
                return line
        raise AssertionError("the workers' parent has ended")

    def close(self) -> None:
        self._process.kill()
        self._process.wait(30)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    if current_model(project_folder()) is None and "WAYMARK_TEST_MODEL" not in os.environ:
        pytest.skip("the model under test is not the current one")
    with closing(Nursery()) as made:
        yield made


@dataclass
class Worker:
    """One worker; it can be killed, stopped, and started again on its port."""

    nursery: Nursery
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    pid: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.pid = self.nursery.start(self.port, **self.settings)

    def wait(self) -> None:
        """Wait until it serves."""
        wait_for(self._is_live, "a worker")

    def _is_live(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/live", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.signal(signal.SIGKILL)
        self.gone()

    def stop(self) -> None:
        """End it as a supervisor does: answers under way are finished."""
        self.signal(signal.SIGTERM)
        self.gone()

    def gone(self) -> None:
        wait_for(lambda: not Path(f"/proc/{self.pid}").exists(), "the end of a worker")


@dataclass
class Cluster:
    """Workers on one database and one Redis. `url` is the proxy's, where there is one."""

    workers: list[Worker]
    database: str
    postgres: Postgres
    redis: RedisServer
    url: str = ""


#: Puts something before workers that are about to start; gives its address.
Proxy = Callable[[list[Worker]], contextlib.AbstractContextManager[str]]
Clusters = Callable[..., contextlib.AbstractContextManager[Cluster]]


@pytest.fixture
def cluster(nursery: Nursery, postgres: Postgres, redis: RedisServer, tmp_path: Path) -> Clusters:
    """Runs so many workers on a new database; `proxied`, a certificate, puts the deploy files' nginx before them; `before`
    something else; `differing` has further settings of each worker."""

    @contextlib.contextmanager
    def run(
        count: int = 2,
        proxied: Path | None = None,
        before: Proxy | None = None,
        differing: Sequence[dict[str, str]] = (),
        **settings: str,
    ) -> Iterator[Cluster]:
        database = postgres.make(f"waymark_{uuid.uuid4().hex}")
        redis.client().flushall()
        given = {
            "WAYMARK_DATABASE_URL": database,
            "WAYMARK_REDIS_URL": redis.address,
            **settings,
        }
        own = differing or [{}] * count
        workers = [Worker(nursery, given | each) for each in own]
        with ExitStack() as stack:
            url = ""
            if proxied is not None:
                behind = ";\n    server ".join(f"127.0.0.1:{one.port}" for one in workers)
                url = stack.enter_context(nginx_with(tmp_path, proxied, behind))
            if before is not None:
                url = stack.enter_context(before(workers))
            for one in workers:
                one.start()
                stack.callback(one.kill)
            for one in workers:
                one.wait()
            yield Cluster(workers, database, postgres, redis, url)

    return run
