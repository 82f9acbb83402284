"""What runs beside the web server harms neither it nor each other."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import func, select

from bot.channels.responses import json_response
from bot.serving.services import Purging, Services
from bot.store.database import open_database
from bot.store.migrations import migrate
from bot.store.revocations import Revocations
from bot.store.telegram import Keyboard, TelegramStore, new_token
from bot.store.telegram_models import TelegramKeyboard, TelegramMessage, TelegramUpdate
from bot.store.trackers import SqlTrackers


class Beside:
    """A service that notes what happens to it, and fails where it is told to."""

    def __init__(self, name: str, seen: list[str], fails: str = "") -> None:
        self.name = name
        self._seen = seen
        self._fails = fails

    async def start(self) -> None:
        self._note("start")

    async def stop(self) -> None:
        self._note("stop")

    def health(self) -> Mapping[str, Any]:
        self._note("health")
        return {"status": "ok"}

    def blueprint(self) -> Blueprint | None:
        routes = Blueprint(self.name)

        async def hook(request: Request) -> HTTPResponse:
            return json_response({"hook": self.name})

        routes.add_route(hook, f"/hooks/{self.name}", methods=("POST",), name="hook")
        return routes

    def _note(self, what: str) -> None:
        self._seen.append(f"{self.name} {what}")
        if what == self._fails:
            raise RuntimeError("a token in a message: 123456:secret")


async def test_they_start_in_order_and_stop_in_reverse() -> None:
    seen: list[str] = []
    services = Services([Beside("one", seen), Beside("two", seen)])
    await services.start()
    await services.stop()
    assert seen == ["one start", "two start", "two stop", "one stop"]


@pytest.mark.parametrize("fails", ["start", "stop", "health"])
async def test_a_failure_of_one_harms_no_other(
    fails: str, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []
    services = Services([Beside("bad", seen, fails), Beside("good", seen)])
    await services.start()
    health = services.health()
    await services.stop()
    assert {"good start", "good stop", "bad stop"} <= set(seen)
    assert health["good"] == {"status": "ok"}
    if fails != "stop":
        assert health["bad"] == {"status": "failing", "reason": "RuntimeError"}
    assert "secret" not in caplog.text


async def test_one_that_never_starts_does_not_hold_up_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.serving.services.PATIENCE", 0.05)
    seen: list[str] = []

    class Stuck(Beside):
        async def start(self) -> None:
            await asyncio.sleep(3_600)

    services = Services([Stuck("stuck", seen), Beside("good", seen)])
    await services.start()
    assert seen == ["good start"]
    assert services.health()["stuck"]["reason"] == "TimeoutError"


def test_their_routes_and_health_are_on_the_web_server(
    serving: Callable[..., AbstractContextManager[str]],
) -> None:
    services = Services([Beside("one", []), Beside("bad", [], "health")])
    with serving(None, services=services) as url:
        assert httpx.post(f"{url}/hooks/one").json() == {"hook": "one"}
        health = httpx.get(f"{url}/health").json()
        assert health["status"] == "ok"  # the page answers without it
        assert health["services"]["one"] == {"status": "ok"}
        assert health["services"]["bad"]["status"] == "failing"


async def test_the_purge_runs_at_the_start_and_says_when(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(database.engine)
    revocations = Revocations(database)
    now = dt.datetime.now(dt.UTC).timestamp()
    await revocations.add("old", now - 1)
    await revocations.add("new", now + 3_600)
    purging = Purging(SqlTrackers(database), revocations)
    assert purging.health() == {"status": "starting", "last": None}
    await purging.start()
    for _ in range(200):
        if purging.health()["status"] != "starting":
            break
        await asyncio.sleep(0.02)
    assert purging.health()["status"] == "ok"
    assert not await revocations.holds("old")
    assert await revocations.holds("new")
    await purging.stop()
    database.close()


async def test_what_telegram_left_goes_also_when_telegram_is_off(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(database.engine)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
    left = TelegramStore(database, lambda: long_ago)
    left.take([(1, 41)])
    left.remember("a code", [7, 8])
    left.keep_keyboards("a code", [Keyboard(new_token(), {"kind": "choices"}, {"used": []})])
    purging = Purging(SqlTrackers(database), Revocations(database))
    await purging.start()
    for _ in range(200):
        if purging.health()["status"] != "starting":
            break
        await asyncio.sleep(0.02)
    await purging.stop()
    with database.reading() as session:
        for table in (TelegramUpdate, TelegramMessage, TelegramKeyboard):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    database.close()


async def test_a_purge_that_fails_is_said(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")  # without its tables
    purging = Purging(SqlTrackers(database), Revocations(database))
    await purging.start()
    for _ in range(200):
        if purging.health()["status"] != "starting":
            break
        await asyncio.sleep(0.02)
    assert purging.health()["status"] == "failing"
    await purging.stop()
    database.close()
