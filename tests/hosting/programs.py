"""Real PostgreSQL, Redis and nginx on this machine's loopback, for a test to stop and start."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis

from tests.deploy.conftest import tool
from tests.deploy.test_proxies import free_port
from tests.store.postgres import INSTALLED

#: Seconds that a program gets to start.
PATIENCE = 60.0


def wait_for(there: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + patience
    while not there():
        assert time.monotonic() < ends, f"{what} did not come in {patience:.0f} seconds"
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


class Postgres:
    """A server of our own; it may be restarted on the same data."""

    def __init__(self, folder: Path) -> None:
        tool("psql", "postgresql")
        programs = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda one: one.parts[-3])
        self._programs = programs[-1].parent
        self._folder = folder / "postgres"
        self._folder.mkdir()
        self.port = free_port()
        # the server refuses to run as root
        self._rights: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            for one in (*folder.parents[:1], folder):
                one.chmod(0o755)
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        subprocess.run(
            [self._programs / "initdb", "-D", self._folder / "data", "-U", "waymark", "-A",
             "trust", "-N", "-E", "UTF8", "--locale=C"],
            check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._rights,
        )  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def address(self, database: str) -> str:
        return f"postgresql://waymark@127.0.0.1:{self.port}/{database}"

    def make(self, database: str) -> str:
        """A new, empty database."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
        return self.address(database)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder, "-p",
             str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._folder, **self._rights,
        )  # fmt: skip

        def answers() -> bool:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                return False
            return True

        wait_for(answers, "PostgreSQL")

    def stop(self) -> None:
        """As `pg_ctl stop -m fast` does: whoever is connected is sent away."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()


class RedisServer:
    """A server that keeps nothing on disk, as the deploy files have it."""

    def __init__(self, folder: Path) -> None:
        self._program = tool("redis-server", "redis-server")
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> Redis:
        return Redis(host="127.0.0.1", port=self.port)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(lambda: listens(self.port), "Redis")

    def stop(self) -> None:
        """End it at once: what it held is gone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(PATIENCE)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()


@contextmanager
def round_robin(folder: Path, ports: Sequence[int]) -> Iterator[str]:
    """A plain proxy that sends each request to the next of the workers; gives its address."""
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{one} max_fails=0;" for one in ports)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    written = folder / "round_robin.conf"
    written.write_text(
        f"{user} daemon off; pid {folder}/round_robin.pid; error_log {folder}/errors;"
        f"worker_processes 1; events {{}} http {{ {temporary} access_log off;"
        f"upstream workers {{ {servers} }} server {{ listen 127.0.0.1:{port};"
        "location / { proxy_pass http://workers; proxy_connect_timeout 2s; } } }"
    )
    process = subprocess.Popen([tool("nginx", "nginx-light"), "-c", written])
    try:
        wait_for(lambda: listens(port), "nginx")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


class Folder:
    """A folder that other users may enter, gone at the end: PostgreSQL does not run as root."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="waymark-hosting-"))
        self.path.chmod(0o755)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def children_of(pid: int) -> list[int]:
    """A process and its children."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(one) for one in found)]


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds of processor time that processes have used, with their ended children."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(one) for one in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")
