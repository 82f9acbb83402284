"""How often one may ask, counted over all workers: token buckets in Redis, by Redis' own clock."""

from __future__ import annotations

from bot.channels.limits import Rate
from bot.sharing.link import Link, NotShared

#: Takes one from a bucket: 0, or the milliseconds until there is one. The clock is Redis' own, so
#: that a worker whose clock is wrong counts like the others.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'left', 'seen')
local left = tonumber(kept[1] or burst)
local seen = tonumber(kept[2] or now)
left = math.min(burst, left + math.max(0, now - seen) * rate)
local wait = 0
if left >= 1 then left = left - 1 else wait = math.ceil((1 - left) / rate * 1000) end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'seen', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return wait
"""


class SharedRates:
    """The rates of all workers together."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._take = link.redis.register_script(_TAKE)

    async def take(self, name: str, rate: Rate, key: str) -> float:
        """Take one request of `key` in the rate `name`: 0, or the seconds until it may go on.

        While Redis is away it is always 0: each worker's own limits go on.
        """
        kept = self._link.name("rate", name, key)
        try:
            wait = await self._link.ask(
                lambda _: self._take(keys=[kept], args=[rate.burst, rate.per_second])
            )
        except NotShared:
            return 0.0
        return int(wait) / 1_000

    async def first(self, name: str, key: str, seconds: int) -> bool:
        """Whether this is the first time within `seconds`; true while Redis is away."""
        kept = self._link.name("first", name, key)
        try:
            return bool(
                await self._link.ask(lambda redis: redis.set(kept, b"1", nx=True, ex=seconds))
            )
        except NotShared:
            return True
