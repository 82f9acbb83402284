"""Updates in: by polling (no public address needed) or by webhook. Each is taken once.

An update is remembered in SQL before Telegram is told that it has arrived, so that one that comes
again is known, and one that was never answered can be owned up to.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.dialogue import Dialogue
from bot.channels.telegram.fellow_workers import FellowWorkers
from bot.channels.telegram.outbox import Undelivered, retry_after
from bot.channels.telegram.queues import ChatQueues
from bot.channels.telegram.settings import TelegramSettings
from bot.store.errors import StoreError
from bot.store.patience import in_thread
from bot.store.telegram import TelegramStore

#: Seconds that Telegram holds a poll open when there is nothing new.
POLL = 25
#: Seconds between two looks at whether the webhook still stands.
LOOK_EVERY = 120.0
#: Seconds between two looks at who was left without an answer.
OWN_UP_EVERY = 60.0
#: Seconds for which what has come is answered before more is asked for.
FIRST = 0.06
#: Longest pause after a failure, in seconds, and after one that needs the operator.
LONGEST_PAUSE, OPERATOR_PAUSE = 30.0, 60.0
#: Largest update that is read from the webhook, in bytes: a long message in escapes fits.
LARGEST_UPDATE = 262_144
#: Where Telegram calls.
WEBHOOK_PATH = "/telegram/webhook"
#: What is asked for; anything else is never sent to us.
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]

log = logging.getLogger(__name__)


@dataclass
class Pulse:
    """How the connection to Telegram is. `last` is when it last worked, by the monotonic clock."""

    last: float | None = None
    trouble: str | None = None
    refused: int = 0
    clock: Callable[[], float] = field(default=time.monotonic)

    def beat(self) -> bool:
        """It works; true when it did not before."""
        recovered = self.last is None or self.trouble is not None
        self.last, self.trouble = self.clock(), None
        return recovered

    def age(self) -> float | None:
        """Seconds since it last worked."""
        return None if self.last is None else self.clock() - self.last


class Intake:
    """Takes updates, remembers them, and queues them for the dialogue.

    `fellows` are the other workers, where several serve.
    """

    def __init__(
        self,
        bot: Bot,
        settings: TelegramSettings,
        store: TelegramStore,
        dialogue: Dialogue,
        queues: ChatQueues,
        poll: float = POLL,
        fellows: FellowWorkers | None = None,
    ) -> None:
        self._fellows = fellows or FellowWorkers(store, None)
        self._bot = bot
        self._settings = settings
        self._store = store
        self._dialogue = dialogue
        self._queues = queues
        self._poll = poll
        self._refusals: dict[int, asyncio.Task[None]] = {}
        self._taking = asyncio.Lock()
        self._owning_up: asyncio.Task[None] | None = None
        self._owned_up = time.monotonic()
        self.pulse = Pulse()

    async def run(self) -> None:
        """Poll, or keep the webhook in place, until cancelled. Never raises anything else."""
        async with self._fellows.looked_after(self._tell_all):
            await self._run()

    async def _run(self) -> None:
        pause = 1.0
        while True:
            try:
                if self._settings.mode == "polling":
                    await self._fellows.elected(self._poll_on, self._stand_by)
                else:
                    await self._keep_webhook()
            except (TelegramError, StoreError) as error:
                pause = self._failed(error, pause)
            except Exception as error:
                self.pulse.trouble = "failed"
                log.error("Telegram's updates failed: %s", type(error).__name__)
            # many servers that lost one connection must not come back at one moment
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
            pause = 1.0 if self.pulse.trouble is None else min(pause * 2, LONGEST_PAUSE)

    async def take(self, updates: list[Update]) -> None:
        """Remember updates and queue those that are new. Raises StoreError: then none is taken."""
        by_number = {one.update_id: one for one in updates}
        chats = {number: _chat_of(one) for number, one in by_number.items()}
        async with self._taking:
            new = await in_thread(self._store.take, list(chats.items()), self._fellows.number)
            for number in sorted(new):
                update = by_number[number]
                self._dialogue.notice(update)
                if not self._queues.put(chats[number], update):
                    self.pulse.refused += 1
                    log.warning("The queue for Telegram is full; an update was refused.")
                    task = asyncio.create_task(self._dialogue.refuse(update))
                    self._refusals[number] = task
                    task.add_done_callback(partial(self._told_of_refusal, number))

    def _told_of_refusal(self, number: int, _: asyncio.Task[None]) -> None:
        self._refusals.pop(number, None)

    async def finish(self, patience: float) -> None:
        """Answer what has been taken, for up to `patience` seconds."""
        await self._queues.drain(patience)
        self._dialogue.drop()
        for task in (*self._refusals.values(), self._owning_up):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    # Polling

    def _stand_by(self) -> None:
        self.pulse.beat()

    async def _poll_on(self) -> None:
        # a webhook that was set before would answer every poll with a conflict
        await self._bot.delete_webhook(drop_pending_updates=False)
        offset: int | None = None
        while True:
            updates = await self._updates(offset)
            if self.pulse.beat() or self._owned_up + OWN_UP_EVERY < time.monotonic():
                self._own_up()
            if updates:
                await self.take([one for _, one in updates if one is not None])
                offset = max(number for number, _ in updates) + 1
                # who asked is answered first, for a moment; asking for more would get in the way
                await self._queues.settle(FIRST)

    async def _updates(self, offset: int | None) -> list[tuple[int, Update | None]]:
        """The next updates by number; None for one that cannot be read, so that it goes by."""
        values = {"timeout": int(self._poll), "limit": 100, "allowed_updates": ALLOWED}
        if offset is not None:
            values["offset"] = offset
        given = await self._bot.get_raw_updates(values, self._poll + 10)  # type: ignore[attr-defined]
        return [(int(one["update_id"]), self._read(one)) for one in given]

    def _read(self, data: dict[str, Any]) -> Update | None:
        for content in (data, bare(data)):
            try:
                return Update.de_json(content, self._bot)
            except Exception as error:
                log.error("An update could not be read: %s", type(error).__name__)
        return None

    # Webhook

    async def _keep_webhook(self) -> None:
        secret = self._settings.webhook_secret
        assert secret is not None
        await self._bot.set_webhook(
            f"{self._settings.webhook_url}{WEBHOOK_PATH}",
            secret_token=secret.reveal(),
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
        )
        while True:
            info = await self._bot.get_webhook_info()
            if info.url != f"{self._settings.webhook_url}{WEBHOOK_PATH}":
                # another program has taken it away: set it again
                self.pulse.trouble = "webhook_lost"
                return
            if self.pulse.beat():
                self._own_up()
            await asyncio.sleep(LOOK_EVERY)

    def blueprint(self) -> Blueprint | None:
        """The route that Telegram calls, in webhook mode."""
        if self._settings.mode != "webhook":
            return None
        routes = Blueprint("telegram")

        async def webhook(request: Request) -> HTTPResponse:
            return await self._called(request)

        routes.add_route(webhook, WEBHOOK_PATH, methods=["POST"], stream=True)
        return routes

    async def _called(self, request: Request) -> HTTPResponse:
        secret = self._settings.webhook_secret
        assert secret is not None
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        right = hmac.compare_digest(given.encode("utf-8", "replace"), secret.reveal().encode())
        if not right:
            return HTTPResponse(status=403)
        request.stream.request_max_size = LARGEST_UPDATE
        body = b""
        while (some := await request.stream.read()) is not None:
            body += some
        try:
            data = json.loads(body)
            int(data["update_id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            # it would only come again
            log.error("Telegram sent something that is not an update.")
            return HTTPResponse(status=200)
        update = self._read(data)
        try:
            if update is not None:
                await self.take([update])
        except StoreError as error:
            log.error("An update could not be kept: %s", type(error).__name__)
            return HTTPResponse(status=503)
        if self.pulse.beat() or self._owned_up + OWN_UP_EVERY < time.monotonic():
            self._own_up()
        return HTTPResponse(status=200)

    # What was left unanswered

    def _own_up(self) -> None:
        self._owned_up = time.monotonic()
        if self._owning_up is None or self._owning_up.done():
            self._owning_up = asyncio.create_task(self._tell_those_left())

    async def _tell_those_left(self) -> None:
        """After a crash, or a long time without Telegram: tell those who never got an answer."""
        try:
            # not between an update's row and its place in the queue
            async with self._taking:
                under_way = self._queues.held | self._refusals.keys()
                left = await in_thread(self._store.unfinished_of_all)
            by_chat: dict[int, list[int]] = {}
            for number, chat, who in left:
                # what another worker has is its own to answer, or it is looked after
                if number not in under_way and (who is None or who == self._fellows.number):
                    by_chat.setdefault(chat, []).append(number)
        except StoreError as error:
            log.error("It is not known who was left: %s", type(error).__name__)
            return
        await self._tell_all(by_chat)

    async def _tell_all(self, by_chat: dict[int, list[int]]) -> None:
        # one who cannot be reached must not keep the others waiting
        await asyncio.gather(*(self._tell(chat, numbers) for chat, numbers in by_chat.items()))

    async def _tell(self, chat: int, numbers: list[int]) -> None:
        try:
            await self._dialogue.own_up(numbers, chat)
        except (StoreError, Undelivered) as error:
            log.error("Somebody could not be told of an interruption: %s", type(error).__name__)

    def _failed(self, error: Exception, pause: float) -> float:
        """Note what is wrong, in a word for `/health`; returns the seconds to wait."""
        before = self.pulse.trouble
        if isinstance(error, StoreError):
            self.pulse.trouble = "database"
        elif isinstance(error, InvalidToken):
            # 404 comes from proxies and captive portals too: go on trying
            self.pulse.trouble, pause = "token_refused", OPERATOR_PAUSE
        elif isinstance(error, Conflict):
            self.pulse.trouble = "another_program_polls"
        elif isinstance(error, RetryAfter):
            self.pulse.trouble, pause = "told_to_wait", retry_after(error)
        else:
            self.pulse.trouble = "unreachable"
        if before != self.pulse.trouble:
            log.error("Telegram: %s (%s)", self.pulse.trouble, type(error).__name__)
        return pause


def bare(data: dict[str, Any]) -> dict[str, Any]:
    """An update with only what every one has: who wrote, where, and the text, if there is one.

    Telegram adds kinds of messages that the library does not know yet; whoever sends one is told
    that it cannot be read, like anything else.
    """
    found: dict[str, Any] = {"update_id": data.get("update_id")}
    for name in ("message", "edited_message"):
        if isinstance(data.get(name), dict):
            found[name] = _only(data[name], "message_id", "date", "text", "caption")
    press = data.get("callback_query")
    if isinstance(press, dict):
        found["callback_query"] = _only(press, "id", "chat_instance", "data")
        if isinstance(press.get("message"), dict):
            found["callback_query"]["message"] = _only(press["message"], "message_id", "date")
    return found


def _only(data: dict[str, Any], *names: str) -> dict[str, Any]:
    kept = {name: data[name] for name in names if name in data}
    for name, needed in (("chat", ("id", "type")), ("from", ("id", "is_bot", "first_name"))):
        if isinstance(data.get(name), dict):
            kept[name] = {one: data[name][one] for one in needed if one in data[name]}
    return kept


def _chat_of(update: Update) -> int:
    """The chat whose updates are answered one after another; 0 for what belongs to none."""
    return update.effective_chat.id if update.effective_chat else 0
