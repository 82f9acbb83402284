"""Live and ready: which part is down, and what a load balancer is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic import Blueprint

from bot.serving.engine import Engine
from bot.serving.health import Readiness
from bot.serving.services import Services
from bot.store.database import Database, open_database
from bot.store.migrations import migrate
from tests.conftest import Serving


class Telegram:
    """A service in whatever state a test gives it."""

    name = "telegram"

    def __init__(self, status: str) -> None:
        self.status = status

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def health(self) -> Mapping[str, Any]:
        return {"status": self.status, "reason": "NetworkError"}

    def blueprint(self) -> Blueprint | None:
        return None


class Time:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = open_database(f"sqlite:///{tmp_path / 'kept' / 'waymark.db'}", patience=0.2)
    migrate(opened.engine)
    return opened


def test_all_parts_work(engine: Engine, database: Database, serving: Serving) -> None:
    readiness = Readiness(engine, database, Services([Telegram("ok")]))
    with serving(None, more=[readiness.blueprint()]) as url:
        live, ready = httpx.get(f"{url}/health/live"), httpx.get(f"{url}/health/ready")
        assert httpx.head(f"{url}/health/ready").status_code == 200
    assert live.json() == {"status": "ok", "service": "waymark"}
    assert ready.status_code == 200
    assert set(ready.json()["parts"]) == {"database", "model", "telegram"}
    assert ready.json()["down"] == []


def test_the_part_that_is_down_is_named_and_it_still_lives(
    engine: Engine, database: Database, serving: Serving
) -> None:
    readiness = Readiness(engine, database, Services([Telegram("failing")]))
    with serving(None, more=[readiness.blueprint()]) as url:
        ready = httpx.get(f"{url}/health/ready")
        for_the_web = httpx.get(f"{url}/health/ready?part=database&part=model")
        unknown = httpx.get(f"{url}/health/ready?part=nothing")
        assert httpx.get(f"{url}/health/live").status_code == 200
    assert ready.status_code == 503
    assert ready.json()["down"] == ["telegram"]
    # Telegram out of reach never takes the web chat away
    assert for_the_web.status_code == 200
    assert unknown.status_code == 503


async def test_a_service_that_starts_is_not_down(engine: Engine, database: Database) -> None:
    parts = await Readiness(engine, database, Services([Telegram("starting")])).parts()
    assert parts["telegram"]["status"] == "starting"


def spoil(database: Database) -> None:
    database.close()
    Path(database.where).write_bytes(b"this is no database" * 1_000)
    for journal in Path(database.where).parent.glob("*-wal"):
        journal.unlink()


async def test_a_database_that_is_gone_is_seen_within_a_second(
    engine: Engine, database: Database
) -> None:
    time = Time()
    readiness = Readiness(engine, database, Services(), time)
    assert (await readiness.parts())["database"] == {"status": "ok"}
    spoil(database)
    assert (await readiness.parts())["database"] == {"status": "ok"}, "asked again too soon"
    time.now += 1.0
    assert (await readiness.parts())["database"] == {"status": "failing", "reason": "StoreError"}


async def test_a_database_that_was_not_prepared_is_down(engine: Engine, tmp_path: Path) -> None:
    bare = open_database(f"sqlite:///{tmp_path / 'kept' / 'bare.db'}")
    parts = await Readiness(engine, bare, Services()).parts()
    assert parts["database"]["status"] == "failing"
    assert parts["model"]["status"] == "ok"
