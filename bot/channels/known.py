"""What several workers know together of one message: its answer, and the numbers that it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.channels.replay import Missed, Sent
from bot.serving.engine import Said


class SharesAnswers(Protocol):
    """Holds the answers of all workers for a while; None where it cannot be had now."""

    async def recall(self, session: str, message: str) -> tuple[Sent, ...] | None:
        """What was said to a message, or None."""

    async def add(
        self, session: str, message: str, said: Sequence[Said], after: int | None, start: int
    ) -> tuple[Sent, ...] | None:
        """Number and hold what was said to a message."""

    async def since(self, session: str, after: int) -> Missed | None:
        """What a session was sent after the number `after`."""

    async def forget(self, session: str) -> None:
        """Let go of everything of a session, now or when it can be done."""


class Known:
    """What is known of the message `name` of a session; the engine asks it within the turn.

    `after` and `start` are as for `Replays.add`. `sent` is the numbered answer, when it is shared.
    """

    def __init__(
        self, shared: SharesAnswers, session: str, name: str, after: int | None, start: int
    ) -> None:
        self._shared = shared
        self._session = session
        self._name = name
        self._after = after
        self._start = start
        self.sent: tuple[Sent, ...] | None = None

    async def answer(self) -> list[Said] | None:
        """The answer that was given before, or None."""
        self.sent = await self._shared.recall(self._session, self._name)
        if self.sent is None:
            return None
        return [Said(**one.reply) for one in self.sent]

    async def keep(self, said: Sequence[Said]) -> None:
        """Hold the answer that is given now."""
        self.sent = await self._shared.add(
            self._session, self._name, said, self._after, self._start
        )
