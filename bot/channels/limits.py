"""How often one session or one address may ask: token buckets in bounded memory.

Where several workers serve, a `Limiter` counts over all of them as well.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, and `per_second` of them from then on."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class Limits:
    """Rates of the web channel.

    Product choices: no person asks faster than a session's rate; many people of one office may
    share an address.
    """

    session: Rate = Rate(burst=60, per_second=2)
    address: Rate = Rate(burst=600, per_second=20)
    new_sessions: Rate = Rate(burst=200, per_second=5)


class Buckets:
    """A token bucket for each key. `clock` gives seconds from any fixed moment.

    At most `most` keys are remembered. The least recently used is dropped, which gives it a full
    bucket again: it had the most time to refill.
    """

    def __init__(
        self, rate: Rate, most: int = 20_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one request of `key`: 0 when it may go on, else the seconds until it may."""
        now = self._clock()
        left, seen = self._buckets.pop(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - seen) * self._rate.per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate.per_second

    def __len__(self) -> int:
        return len(self._buckets)


class TakesTogether(Protocol):
    """Counts over all workers."""

    async def take(self, name: str, rate: Rate, key: str) -> float:
        """Take one request of `key` in the rate `name`: 0, or the seconds until it may go on."""


class Limiter:
    """The rate `name`, in this process and, where `together` is given, over all workers.

    `most` keys are remembered here.
    """

    def __init__(
        self, name: str, rate: Rate, together: TakesTogether | None = None, most: int = 20_000
    ) -> None:
        self._name = name
        self._rate = rate
        self._own = Buckets(rate, most)
        self._together = together

    async def take(self, key: str) -> float:
        """Take one request of `key`: 0 when it may go on, else the seconds until it may."""
        wait = self._own.take(key)
        if wait or self._together is None:
            return wait
        return await self._together.take(self._name, self._rate, key)


def address_key(address: str) -> str:
    """What one household or office is limited by: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
