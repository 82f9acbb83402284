"""How long a transaction waits for a lock that another program holds.

Work on the database is done in a few threads. What waits for a thread waits too: it counts, or the
last of many people would wait for each group of those before them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import partial

#: Seconds that a transaction waits while the lock is known to be held for long.
SHORT = 0.5
#: Seconds that a transaction waits at least, however long it has waited for a thread.
LEAST = 0.2
#: Seconds after the last wait in vain for which that is believed.
BELIEVED = 30.0


#: When the work that runs now was asked for, by `time.monotonic`.
_ASKED: ContextVar[float | None] = ContextVar("waymark_asked", default=None)


async def in_thread[**P, R](work: Callable[P, R], /, *given: P.args, **named: P.kwargs) -> R:
    """What `work` returns in a thread; the patience of its transactions counts from now.

    Raises what `work` raises.
    """
    context = copy_context()
    context.run(_ASKED.set, time.monotonic())
    run = partial(context.run, work, *given, **named)
    return await asyncio.get_running_loop().run_in_executor(None, run)


class Patience:
    """Seconds to wait for a lock: `usual`, and `SHORT` once somebody has waited that long in vain.

    They count from when `in_thread` was asked, down to `LEAST`. Without that each of many people
    would wait in full for the same lock, one group after another. The first transaction that writes
    again ends it. `clock` counts seconds as `time.monotonic` does.
    """

    def __init__(self, usual: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._usual = usual
        self._clock = clock
        self._in_vain: float | None = None

    def seconds(self) -> float:
        """How long to wait now."""
        since = self._in_vain
        held = since is not None and self._clock() - since < BELIEVED
        most = min(SHORT, self._usual) if held else self._usual
        asked = _ASKED.get()
        if asked is None:
            return most
        return max(min(LEAST, most), most - (self._clock() - asked))

    def ended(self) -> None:
        """A transaction has waited in vain."""
        self._in_vain = self._clock()

    def restored(self) -> None:
        """A transaction could write."""
        self._in_vain = None
