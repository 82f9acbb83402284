"""`waymark serve` itself: two started at one moment on an empty database, one with a wrong clock."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from bot.channels.sessions import LIFETIME
from bot.serving.models import current_model, project_folder
from tests.deploy.conftest import tool
from tests.deploy.test_proxies import free_port
from tests.hosting.conftest import SECRET
from tests.hosting.kept import answers_of
from tests.hosting.people import all_talk
from tests.hosting.programs import Postgres, RedisServer, wait_for


@contextmanager
def served(log: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """`waymark serve` on a free port: its address and process id, without waiting for it."""
    port = free_port()
    program = "from bot.cli import main; main()"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "serve", "--port", str(port)],
            cwd=project_folder(), stdout=written, stderr=written,
            env={**os.environ, "WAYMARK_SECRET": SECRET, "WAYMARK_PROXIES": "1", **settings},
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}", process.pid
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, log.read_text()[-2_000:]
        finally:
            process.kill()
            process.wait(30)


def test_two_start_at_once_and_a_wrong_clock_of_one_harms_nothing(
    postgres: Postgres, redis: RedisServer, tmp_path: Path
) -> None:
    if current_model(project_folder()) is None:
        pytest.skip("the model under test is not the current one")
    tool("faketime", "faketime")
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    five_minutes_ahead = {
        "LD_PRELOAD": str(library), "FAKETIME": "+300s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"
    }  # fmt: skip
    redis.client().flushall()
    database = postgres.make(f"start_{uuid.uuid4().hex}")
    settings = {"WAYMARK_DATABASE_URL": database, "WAYMARK_REDIS_URL": redis.address}
    with ExitStack() as stack:
        began = time.monotonic()
        first = stack.enter_context(served(tmp_path / "first", **settings))
        second = stack.enter_context(served(tmp_path / "second", **settings, **five_minutes_ahead))
        urls = [first[0], second[0]]
        for url in urls:
            wait_for(lambda url=url: is_ready(url), f"a server at {url}", 240)  # type: ignore[misc]
        print(f"\ntwo workers started together, both ready after {time.monotonic() - began:.0f} s")
        differ = clock_of(urls[1]) - clock_of(urls[0])
        assert 280 < differ < 320, "the clocks are not apart"
        seen, everyone = asyncio.run(all_talk(urls, 4, 20, twice=0.5, seed=9_000, at_once=4))
        kept = answers_of(database, [one.conversation for one in everyone])
    for one in everyone:
        assert kept[one.conversation] == one.person.given, "an answer was lost or misfiled"
    assert (seen.safe, seen.silent) == (0, 0)


def clock_of(url: str) -> float:
    """What a worker takes the time to be: a new session's end, less a session's life."""
    answer = httpx.post(f"{url}/w/session", json={}, timeout=20).json()
    return dt.datetime.fromisoformat(answer["expires"]).timestamp() - LIFETIME


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
