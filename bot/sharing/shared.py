"""Everything that several workers share, behind one door."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.sharing.answers import SharedAnswers
from bot.sharing.link import Link, NotShared
from bot.sharing.rates import SharedRates
from bot.sharing.turn_locks import TurnLocks

#: Seconds that Redis gets to say that it is there.
PATIENCE = 2.0


class Shared:
    """What the workers at one Redis share: the order of turns, rates, and answers.

    `url` is the address of Redis, `secret` the one that all workers have.
    """

    def __init__(self, url: str, secret: bytes) -> None:
        self._link = Link(url, secret)
        self.turns = TurnLocks(self._link)
        self.rates = SharedRates(self._link)
        self.answers = SharedAnswers(self._link)

    async def health(self) -> dict[str, Any]:
        """How Redis is: `ok`, or `failing` with the class of the failure. Never raises."""
        try:
            await asyncio.wait_for(self._link.ping(), PATIENCE)
        except (NotShared, TimeoutError):
            return {"status": "failing", "reason": self._link.trouble or "no answer"}
        return {"status": "ok"}

    async def close(self) -> None:
        """Close the connections."""
        await self._link.close()
