"""How many turns are worked on at once, and how many may wait for that.

Turns share one processor: a hundred at once would each take as long as all of them together, and
longer than their actions may. A few at a time, in the order in which they came, are each quick; for
whom that would take too long is told so at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import AsyncIterator

#: Turns that are worked on at once. Each needs the processor; more would only slow each other down.
AT_ONCE = 16
#: Turns that may wait for a place.
MOST_WAITING = 200
#: Seconds that a turn waits for a place; with the turn itself it stays below what people wait for.
PATIENCE = 10.0
#: Seconds after which somebody who was not taken may try again.
TRY_AGAIN = 5.0


class Busy(Exception):  # noqa: N818 - a refusal, not a fault
    """More people ask than can be answered soon: the turn was not begun.

    `wait` is after how many seconds to try again.
    """

    def __init__(self, wait: float = TRY_AGAIN) -> None:
        super().__init__("more turns wait than can be answered soon")
        self.wait = wait


class Places:
    """Places to work on a turn.

    `at_once` turns have one, at most `most_waiting` wait for one, each for `patience` seconds.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        patience: float = PATIENCE,
    ) -> None:
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._patience = patience
        self._waiting = 0
        # asyncio's own belong to one loop; a process serves on one, but is not held to it
        self._free: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
        self._free = weakref.WeakKeyDictionary()

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return self._waiting

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place, in the order in which it was asked for. Raises Busy where there is none soon."""
        loop = asyncio.get_running_loop()
        free = self._free.setdefault(loop, asyncio.Semaphore(self._at_once))
        if free.locked() and self._waiting >= self._most_waiting:
            raise Busy
        self._waiting += 1
        try:
            await asyncio.wait_for(free.acquire(), self._patience)
        except TimeoutError:
            raise Busy from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            free.release()
