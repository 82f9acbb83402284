"""Runs each message once, however often it is sent."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

#: Seconds that one request waits for an answer. The work goes on: the same id gets it later.
PATIENCE = 30.0


class Once[Answer]:
    """Remembers the answers to the last `most` messages by session and message id.

    A repeated message, even while the first is still being answered, gets the first one's answer.
    With `holds` false an answer is let go once it is there: somebody else remembers it.
    """

    def __init__(self, most: int = 4_000, holds: bool = True) -> None:
        self._holds = holds
        self._most = most
        self._answers: OrderedDict[tuple[str, str], asyncio.Future[Answer]] = OrderedDict()

    async def answer(
        self,
        session: str,
        message: str,
        work: Callable[[], Awaitable[Answer]],
        patience: float = PATIENCE,
    ) -> Answer:
        """The answer to a message, worked out when it is new.

        Raises TimeoutError after `patience` seconds, and what `work` raises; then the same message
        may be tried again. A caller who goes away does not stop the work.
        """
        key = (session, message)
        task = self._answers.get(key)
        if task is None:
            task = self._answers[key] = asyncio.ensure_future(work())
            task.add_done_callback(lambda done: self._ended(key, done))
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return await asyncio.wait_for(asyncio.shield(task), patience)

    def _ended(self, key: tuple[str, str], task: asyncio.Future[Answer]) -> None:
        """Let go what failed, also where nobody waits for it any more, and what others remember."""
        failed = task.cancelled() or task.exception() is not None
        if (failed or not self._holds) and self._answers.get(key) is task:
            del self._answers[key]

    async def settle(self, session: str, patience: float) -> None:
        """Wait until nothing of a session is being worked out, for at most `patience` seconds."""
        working = [one for key, one in self._answers.items() if key[0] == session]
        if working:
            await asyncio.wait(working, timeout=patience)

    def forget(self, session: str) -> None:
        """Forget every answer of a session."""
        for key in [one for one in self._answers if one[0] == session]:
            del self._answers[key]

    def __len__(self) -> int:
        return len(self._answers)
