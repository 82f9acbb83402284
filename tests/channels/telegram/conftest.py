"""The real channel with the real engine, against a strict Bot API server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.service import TelegramService
from bot.channels.telegram.settings import Hidden, TelegramSettings
from bot.guidance.load import Guidance, load_guidance
from bot.serving.engine import Engine
from bot.store.accounts import Accounts
from bot.store.database import Database, open_database
from bot.store.invitations import Invitations
from bot.store.migrations import migrate
from tests.channels.telegram.bot_api import TOKEN, BotApi, Person

SECRET = b"a secret for tests, longer than it has to be"

Running = Callable[..., contextlib.AbstractContextManager[TelegramService]]


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API server; at the end nothing may have been sent that Telegram would not take."""
    with BotApi() as server:
        yield server
    assert server.breaches == []


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load_guidance()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'kept' / 'waymark.db'}")
    migrate(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def running(engine: Engine, guidance: Guidance, database: Database, api: BotApi) -> Running:
    """Runs the channel on a loop of its own, by polling; keyword arguments go to the service."""

    @contextlib.contextmanager
    def run(access: str = "invitation", **more: Any) -> Iterator[TelegramService]:
        settings = TelegramSettings(Hidden(TOKEN), "polling", access, api=api.url)  # type: ignore[arg-type]
        with on_a_loop(lambda: _service(settings, engine, guidance, database, more)) as service:
            yield service

    return run


def _service(
    settings: TelegramSettings,
    engine: Engine,
    guidance: Guidance,
    database: Database,
    more: dict[str, Any],
) -> TelegramService:
    standard: dict[str, Any] = {"per_second": 1_000, "poll": 5}
    return TelegramService(settings, engine, guidance, database, SECRET, **(standard | more))


@contextlib.contextmanager
def on_a_loop(make: Callable[[], TelegramService]) -> Iterator[TelegramService]:
    """Start a service on a loop in a thread of its own, and stop it at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def do(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    async def begin() -> TelegramService:
        service = make()
        await service.start()
        return service

    service = do(begin())
    try:
        yield service
    finally:
        do(service.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture
def invited(database: Database, api: BotApi) -> Callable[[int], Person]:
    """Somebody who was let in before, and has read the notice."""
    from bot.channels.telegram.identity import Identity
    from bot.store.accounts import Redeemed

    def let_in(number: int) -> Person:
        _, code = Invitations(database).make("outreach")
        person = Identity(SECRET).person(number)
        assert Accounts(database).redeem(person, code) is Redeemed.ADMITTED
        someone = api.person(number)
        _ = someone.messages
        return someone

    return let_in
