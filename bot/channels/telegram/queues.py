"""One chat after another, chats side by side: updates of a chat in order, none waiting for others.

Bounded: what does not fit is handed back at once, so that somebody can be told.
"""

from __future__ import annotations

import asyncio
import bisect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram import Update

#: Updates that may wait in one chat, and in all of them together.
MOST_IN_CHAT, MOST = 40, 2_000

log = logging.getLogger(__name__)


@dataclass
class _Chat:
    waiting: list[Update] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class ChatQueues:
    """Hands updates to `handle`, one at a time for each chat, in the order of their numbers.

    `handle` must not raise; what it raises is logged by its class, and the next update goes on.
    """

    def __init__(
        self,
        handle: Callable[[Update], Awaitable[None]],
        most_in_chat: int = MOST_IN_CHAT,
        most: int = MOST,
    ) -> None:
        self._handle = handle
        self._most_in_chat = most_in_chat
        self._most = most
        self._chats: dict[int, _Chat] = {}
        self._held: set[int] = set()

    def put(self, chat: int, update: Update) -> bool:
        """Add an update to its chat's queue; false when there is no room for it."""
        here = self._chats.setdefault(chat, _Chat())
        if len(here.waiting) >= self._most_in_chat or len(self._held) >= self._most:
            return False
        bisect.insort(here.waiting, update, key=lambda one: one.update_id)
        self._held.add(update.update_id)
        if here.task is None:
            here.task = asyncio.create_task(self._run(chat, here))
        return True

    def following(self, chat: int) -> Update | None:
        """The update that a chat's next turn is for, if it waits already."""
        here = self._chats.get(chat)
        return here.waiting[0] if here and here.waiting else None

    @property
    def held(self) -> frozenset[int]:
        """The numbers of the updates that wait or are being handled."""
        return frozenset(self._held)

    def __len__(self) -> int:
        return len(self._held)

    async def settle(self, patience: float) -> set[asyncio.Task[None]]:
        """Wait until everything is handled, for `patience` seconds at most; what is not by then."""
        tasks = [one.task for one in self._chats.values() if one.task]
        return (await asyncio.wait(tasks, timeout=patience))[1] if tasks else set()

    async def drain(self, patience: float) -> bool:
        """Wait until everything is handled; then stop what is not. True when all was handled."""
        late = await self.settle(patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    async def _run(self, chat: int, here: _Chat) -> None:
        try:
            while here.waiting:
                update = here.waiting.pop(0)
                try:
                    await self._handle(update)
                except Exception as error:
                    # the class alone: a message could hold what was typed
                    log.error("An update failed: %s", type(error).__name__)
                finally:
                    self._held.discard(update.update_id)
        finally:
            here.task = None
            self._held.difference_update(one.update_id for one in here.waiting)
            self._chats.pop(chat, None)
