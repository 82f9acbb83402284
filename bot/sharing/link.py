"""The connection to Redis: quick to give up, quick to come back, and nothing readable in it."""

from __future__ import annotations

import hmac
import logging
import os
import time
import zlib
from collections.abc import Awaitable, Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

#: Seconds that Redis gets to answer, and to take a connection.
PATIENCE, CONNECTING = 2.5, 1.0
#: Seconds for which Redis is not asked again after it failed.
PAUSE = 1.0
#: Before the names of all our keys.
PREFIX = b"waymark:"

_NONCE = 12

log = logging.getLogger(__name__)


class NotShared(Exception):  # noqa: N818 - a state, not a fault
    """Redis cannot be had now: each worker goes on by itself."""


class Link:
    """A connection to the Redis at `url`, and the names and seals of what is kept there.

    Keys are keyed hashes and values are encrypted, both with `secret`, which every worker has: who
    reads Redis learns neither who asks nor what was said. `clock` counts seconds.
    """

    def __init__(
        self, url: str, secret: bytes, clock: Callable[[], float] = time.monotonic
    ) -> None:
        # keys for these purposes alone: the secret signs other things too
        self._naming = hmac.digest(secret, b"waymark shared name", "sha256")
        self._cipher = AESGCM(hmac.digest(secret, b"waymark shared value", "sha256"))
        self._clock = clock
        self._down_until = 0.0
        self._trouble: str | None = None
        self.redis: Redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=CONNECTING,
            # a connection that Redis closed meanwhile (a restart) is opened anew, once
            retry=Retry(NoBackoff(), 1),
            retry_on_error=[RedisConnectionError],
        )

    @property
    def is_down(self) -> bool:
        """Whether Redis failed a moment ago and is not asked now."""
        return self._clock() < self._down_until

    @property
    def trouble(self) -> str | None:
        """The class of the last failure, until Redis answers again."""
        return self._trouble

    async def ask[Answer](self, doing: Callable[[Redis], Awaitable[Answer]]) -> Answer:
        """What Redis answers. Raises NotShared when it cannot be had, at once while it is down."""
        if self.is_down:
            raise NotShared
        try:
            answer = await doing(self.redis)
        except (RedisError, OSError, TimeoutError) as error:
            self.failed(error)
            raise NotShared from None
        self.works()
        return answer

    def failed(self, error: BaseException) -> None:
        """Redis failed: it is left alone for a moment. The class alone is logged, once."""
        self._down_until = self._clock() + PAUSE
        if self._trouble is None:
            log.error("Redis cannot be had: %s", type(error).__name__)
        self._trouble = type(error).__name__

    def works(self) -> None:
        """Redis answered."""
        if self._trouble is not None:
            log.warning("Redis answers again.")
        self._trouble = None

    async def ping(self) -> None:
        """Ask whether Redis is there. Raises NotShared."""
        await self.ask(lambda redis: redis.ping())

    def name(self, kind: str, *parts: str) -> bytes:
        """The name of a key: the same for every worker, and telling nothing."""
        said = "\0".join((kind, *parts)).encode()
        return PREFIX + kind.encode() + b":" + hmac.digest(self._naming, said, "sha256")[:20]

    def seal(self, name: bytes, value: bytes) -> bytes:
        """A value as it is kept under a name."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(value, 1), name)

    def unseal(self, name: bytes, kept: bytes) -> bytes | None:
        """The value that was sealed under a name; None when it is not one of ours."""
        try:
            packed = self._cipher.decrypt(kept[:_NONCE], kept[_NONCE:], name)
        except (InvalidTag, ValueError):
            return None
        return zlib.decompress(packed)

    async def close(self) -> None:
        """Close every connection; never raises."""
        try:
            await self.redis.close(close_connection_pool=True)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("Redis was not closed: %s", type(error).__name__)
