"""How long a transaction waits for a lock that another program holds."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Seconds that a transaction waits while the lock is known to be held for long.
SHORT = 0.5
#: Seconds after the last wait in vain for which that is believed.
BELIEVED = 30.0


class Patience:
    """Seconds to wait for a lock: `usual`, and `SHORT` once somebody has waited that long in vain.

    Without it each of many people would wait in full for the same lock, one group after another.
    The first transaction that writes again ends it. `clock` counts seconds.
    """

    def __init__(self, usual: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._usual = usual
        self._clock = clock
        self._in_vain: float | None = None

    def seconds(self) -> float:
        """How long to wait now."""
        since = self._in_vain
        held = since is not None and self._clock() - since < BELIEVED
        return min(SHORT, self._usual) if held else self._usual

    def ended(self) -> None:
        """A transaction has waited in vain."""
        self._in_vain = self._clock()

    def restored(self) -> None:
        """A transaction could write."""
        self._in_vain = None
