"""Telegram with several workers: one polls, a chat's order holds, and nobody's asker is forgotten.

Without others (`presence` is None) everything here is done at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.store.errors import StoreError
from bot.store.patience import in_thread
from bot.store.presence import Presence
from bot.store.telegram import TelegramStore

#: Seconds between two looks at who leads, and at who lives.
LOOK_EVERY = 1.0
#: Seconds between two looks at whether an earlier update of a chat is done with, and how long one
#: is waited for.
ORDER_EVERY, ORDER_PATIENCE = 0.1, 20.0
#: Seconds for which a worker is gone before others speak for it: a restart of the database makes
#: all of them seem gone for a moment.
GONE_FOR = 4.0

log = logging.getLogger(__name__)


class FellowWorkers:
    """The other workers on the same database."""

    def __init__(self, store: TelegramStore, presence: Presence | None) -> None:
        self._store = store
        self._presence = presence
        self._missing: dict[int | None, float] = {}
        self.stands_by = False

    @property
    def number(self) -> int | None:
        """What names this worker, where there are several."""
        return self._presence.number if self._presence else None

    async def elected(self, poll: Callable[[], Awaitable[None]], beat: Callable[[], None]) -> None:
        """Poll while this worker leads, and stand by (a `beat` each second) while another does.

        Raises what `poll` raises, and StoreError.
        """
        if self._presence is None:
            await poll()
            return
        while not await in_thread(self._presence.leads):
            self.stands_by = True
            beat()
            await asyncio.sleep(LOOK_EVERY)
        self.stands_by = False
        polling = asyncio.ensure_future(poll())
        try:
            while not (await asyncio.wait({polling}, timeout=LOOK_EVERY))[0]:
                if not await in_thread(self._presence.leads):
                    return
            polling.result()
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            with contextlib.suppress(StoreError):
                # at once: while this one finishes its answers another takes what comes
                await in_thread(self._presence.resign)

    async def in_order(self, chat: int, number: int) -> None:
        """Wait until what another worker took of a chat before the update `number` is answered.

        Never raises: an answer out of order is better than none.
        """
        if self._presence is None or not chat:
            return
        try:
            await self._wait_for_earlier(self._presence, chat, number)
        except StoreError as error:
            log.error("The order of a chat is not known: %s", type(error).__name__)

    async def _wait_for_earlier(self, presence: Presence, chat: int, number: int) -> None:
        ends = time.monotonic() + ORDER_PATIENCE
        gone: set[int | None] = set()
        while time.monotonic() < ends:
            before = await in_thread(self._store.taken_before, chat, number, presence.number)
            for one in before - gone:
                if one is None or not await in_thread(presence.lives, one):
                    gone.add(one)
            if not before - gone:
                return
            await asyncio.sleep(ORDER_EVERY)
        log.warning("An earlier update of a chat takes too long at another worker.")

    @contextlib.asynccontextmanager
    async def looked_after(
        self, tell: Callable[[dict[int, list[int]]], Awaitable[None]]
    ) -> AsyncIterator[None]:
        """Speak for workers that die: `tell` gets what they left, update numbers by chat."""
        if self._presence is None:
            yield
            return
        looking = asyncio.create_task(self._look_after(tell))
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def close(self) -> None:
        """Be gone."""
        if self._presence is not None:
            await in_thread(self._presence.close)

    async def _look_after(self, tell: Callable[[dict[int, list[int]]], Awaitable[None]]) -> None:
        assert self._presence is not None
        while True:
            try:
                await in_thread(self._presence.stand)
                by_chat = await self._left_by_the_dead()
                if by_chat:
                    await tell(by_chat)
            except StoreError as error:
                # who seemed gone before the database was may only have lost it too
                self._missing.clear()
                log.error("The other workers cannot be looked after: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def _left_by_the_dead(self) -> dict[int, list[int]]:
        """Claim what workers left that are gone for long enough."""
        assert self._presence is not None
        now = time.monotonic()
        left = await in_thread(self._store.unfinished_of_all)
        others = {who for _, _, who in left if who != self.number}
        for who in set(self._missing) - others:
            del self._missing[who]
        by_chat: dict[int, list[int]] = {}
        for who in others:
            if who is not None and await in_thread(self._presence.lives, who):
                self._missing.pop(who, None)
            elif now - self._missing.setdefault(who, now) >= GONE_FOR:
                claimed = await in_thread(self._store.claim, who, self._presence.number)
                for number, chat in claimed:
                    by_chat.setdefault(chat, []).append(number)
        return by_chat
