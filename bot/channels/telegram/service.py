"""The Telegram channel as a service of `waymark serve`: started, watched and stopped with it.

Whatever Telegram does, the web chat goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from sanic import Blueprint
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram import wording
from bot.channels.telegram.dialogue import Dialogue
from bot.channels.telegram.fellow_workers import FellowWorkers
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.intake import LOOK_EVERY, POLL, Intake
from bot.channels.telegram.outbox import PATIENCE, PER_SECOND, Outbox
from bot.channels.telegram.queues import MOST, MOST_IN_CHAT, ChatQueues
from bot.channels.telegram.quiet_logs import keep_tokens_out_of_logs
from bot.channels.telegram.settings import SettingsError, TelegramSettings, is_wanted, load_settings
from bot.channels.telegram.speaking import Speaker
from bot.guidance.load import Guidance
from bot.serving.engine import Engine
from bot.store.accounts import Accounts
from bot.store.database import Database
from bot.store.presence import Presence
from bot.store.telegram import TelegramStore

#: Seconds that answers under way get when the service is told to stop.
GRACE = 7.0
#: Connections to Telegram at a time.
CONNECTIONS = 64

log = logging.getLogger(__name__)


class QuietBot(Bot):
    """A bot that never shows its token."""

    def __repr__(self) -> str:
        return "QuietBot(…)"

    async def get_raw_updates(
        self, values: dict[str, Any], patience: float
    ) -> list[dict[str, Any]]:
        """The next updates as they came: one that cannot be read must not hold up the others."""
        given: list[dict[str, Any]] = await self._post("getUpdates", values, read_timeout=patience)
        return given


class TelegramService:
    """The channel. `poll` is how long a poll is held open, `patience` how long a message is tried,
    both in seconds; `per_second` is how many messages go out; `most` and `most_in_chat` updates
    may wait."""

    name = "telegram"

    def __init__(
        self,
        settings: TelegramSettings,
        engine: Engine,
        guidance: Guidance,
        database: Database,
        secret: bytes,
        poll: float = POLL,
        patience: float = PATIENCE,
        per_second: float = PER_SECOND,
        most_in_chat: int = MOST_IN_CHAT,
        most: int = MOST,
    ) -> None:
        keep_tokens_out_of_logs()
        self._settings = settings
        self._bot = _bot(settings)
        self._store = TelegramStore(database)
        hours = database.retention.conversations.total_seconds() / 3_600
        outbox = Outbox(self._bot, per_second, patience)
        speaker = Speaker(outbox, self._store, guidance, hours)
        self._queues = ChatQueues(self._handle, most_in_chat, most)
        several = engine.shared is not None
        self._fellows = FellowWorkers(self._store, Presence(database) if several else None)
        self._dialogue = Dialogue(
            engine, guidance, Accounts(database), self._store, speaker, Identity(secret),
            settings.access, self._queues.following,
        )  # fmt: skip
        self._intake = Intake(
            self._bot, settings, self._store, self._dialogue, self._queues, poll, self._fellows
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin, without waiting for Telegram."""
        self._tasks = [asyncio.create_task(one) for one in (self._intake.run(), self._introduce())]

    async def stop(self) -> None:
        """Take no more updates, answer what has been taken, and close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._intake.finish(GRACE)
        await self._fellows.close()
        for request in self._bot._request:
            await request.shutdown()

    def health(self) -> Mapping[str, Any]:
        """How the connection is; `ok` as long as the last poll is recent."""
        pulse = self._intake.pulse
        age = pulse.age()
        recent = 2 * (POLL if self._settings.mode == "polling" else LOOK_EVERY) + 10
        status: Literal["ok", "starting", "failing"] = "ok"
        if pulse.trouble is not None or (age is not None and age > recent):
            status = "failing"
        elif age is None:
            status = "starting"
        return {
            "status": status,
            "mode": self._settings.mode,
            "seconds_since_success": None if age is None else round(age, 1),
            "waiting": len(self._queues),
            "refused": pulse.refused,
            **({"reason": pulse.trouble} if pulse.trouble else {}),
            **({"stands_by": True} if self._fellows.stands_by else {}),
        }

    def blueprint(self) -> Blueprint | None:
        """The webhook's route, in webhook mode."""
        return self._intake.blueprint()

    async def _handle(self, update: Any) -> None:
        if update.effective_chat:
            await self._fellows.in_order(update.effective_chat.id, update.update_id)
        await self._dialogue.handle(update)

    async def _introduce(self) -> None:
        """Set the menu and the description; tried until Telegram can be reached."""
        pause = 2.0
        while True:
            try:
                await self._bot.set_my_commands(
                    [BotCommand(*one) for one in wording.COMMANDS],
                    scope=BotCommandScopeAllPrivateChats(),
                )
                await self._bot.set_chat_menu_button(menu_button=MenuButtonCommands())
                await self._bot.set_my_description(wording.DESCRIPTION)
                return
            except TelegramError as error:
                log.warning("The menu is not set yet: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 600.0)


class MisconfiguredTelegram:
    """Stands in for the channel when its settings cannot be used: it says so, and harms nobody."""

    name = "telegram"

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def start(self) -> None:
        """Say what to do."""
        log.error("Telegram is off. %s", self._reason)

    async def stop(self) -> None:
        """Nothing to do."""

    def health(self) -> Mapping[str, Any]:
        """Failing, with what to do."""
        return {"status": "failing", "reason": self._reason}

    def blueprint(self) -> Blueprint | None:
        """None."""
        return None


def telegram_services(
    project: Path, engine: Engine, guidance: Guidance, database: Database, secret: bytes
) -> list[TelegramService | MisconfiguredTelegram]:
    """The channel where a token is there, else nothing."""
    if not is_wanted():
        return []
    try:
        settings = load_settings(project)
    except SettingsError as error:
        return [MisconfiguredTelegram(str(error))]
    return [TelegramService(settings, engine, guidance, database, secret)]


def _bot(settings: TelegramSettings) -> QuietBot:
    # a server of the board's own, on this machine, is not behind the environment's proxy
    own = {"trust_env": False} if settings.api.startswith("http://") else {}
    return QuietBot(
        settings.token.reveal(),
        base_url=f"{settings.api}/bot",
        base_file_url=f"{settings.api}/file/bot",
        request=HTTPXRequest(
            CONNECTIONS, read_timeout=15, write_timeout=15, connect_timeout=10, pool_timeout=30,
            httpx_kwargs=own,
        ),
        get_updates_request=HTTPXRequest(
            2, read_timeout=POLL + 10, connect_timeout=10, pool_timeout=5, httpx_kwargs=own
        ),
    )  # fmt: skip
