"""A PostgreSQL server for the tests: the one that is named, or one started from the system's own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

#: Where Debian and Ubuntu keep the server's programs.
INSTALLED = Path("/usr/lib/postgresql")


class NoServer(Exception):  # noqa: N818 - a reason, not a fault
    """Why there is no server to test with."""


@contextmanager
def server() -> Iterator[URL]:
    """The address of a server on which databases may be made. Raises NoServer."""
    if importlib.util.find_spec("psycopg") is None:
        raise NoServer("PostgreSQL is not tested: the library psycopg is not installed")
    named = os.environ.get("WAYMARK_TEST_POSTGRES")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    programs = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda one: one.parts[-3])
    if not programs:
        raise NoServer(
            "PostgreSQL is not tested: WAYMARK_TEST_POSTGRES names no server and none is "
            f"installed in {INSTALLED}"
        )
    with _started(programs[-1].parent) as url:
        yield url


@contextmanager
def empty_database(server_url: URL) -> Iterator[URL]:
    """A new, empty database on a server, removed afterwards."""
    name = f"waymark_test_{uuid.uuid4().hex}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield server_url.set(database=name)
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        admin.dispose()


@contextmanager
def _started(programs: Path) -> Iterator[URL]:
    """A server of our own on a socket in a folder of its own; it listens on no port."""
    folder = Path(tempfile.mkdtemp(prefix="waymark-pg-"))
    # the server refuses to run as root
    user = _unprivileged() if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    rights = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **rights}
    process = None
    try:
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "waymark", "-A", "trust", "-N",
             "-E", "UTF8", "--locale=C"],
            check=True, **quiet,
        )  # fmt: skip
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-c",
             "listen_addresses=", "-F"],
            **quiet,
        )  # fmt: skip
        url = URL.create(
            "postgresql+psycopg",
            username="waymark",
            database="postgres",
            query={"host": str(folder)},
        )
        _wait_for(url, process)
        yield url
    finally:
        if process is not None:
            process.terminate()
            process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL is not tested: it does not run as root, and there is no other user")


def _wait_for(url: URL, process: subprocess.Popen[bytes]) -> None:
    engine = create_engine(url)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError("the PostgreSQL server for the tests ended at once")
            try:
                engine.connect().close()
                return
            except Exception:
                time.sleep(0.1)
        raise RuntimeError("the PostgreSQL server for the tests does not answer")
    finally:
        engine.dispose()
