"""One turn of a conversation at a time, whichever workers its messages come to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from bot.sharing.link import Link, NotShared

#: Seconds after which a lock that is not renewed is free: a worker that died holds up so long.
HELD = 3.0
#: Seconds between two renewals.
RENEWED_EVERY = HELD / 3
#: Seconds that a turn waits for the one before it.
WAITS = 20.0
#: Seconds between two tries.
TRIED_EVERY = 0.02

log = logging.getLogger(__name__)


class TurnTaken(TimeoutError):  # noqa: N818 - a state, not a fault
    """Another worker has had a turn of the same conversation under way for too long."""


class TurnLocks:
    """Locks in Redis, each for the turns of one conversation.

    A lock is a courtesy that saves work done twice. What keeps answers right is the database, which
    refuses to save a turn that began before the last one was saved; so turns go on without locks
    while Redis is away, and when a lock was lost.
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    @contextlib.asynccontextmanager
    async def of(self, conversation: str) -> AsyncIterator[None]:
        """Hold the turn of a conversation. Raises TurnTaken when it cannot be had in time."""
        lock = Lock(
            self._link.redis,
            self._link.name("turn", conversation),
            timeout=HELD,
            sleep=TRIED_EVERY,
            blocking_timeout=WAITS,
            thread_local=False,
        )
        held = True
        try:
            if not await self._link.ask(lambda _: lock.acquire()):
                raise TurnTaken
        except NotShared:
            held = False
        if not held:
            yield
            return
        keeping = _Keeping(lock)
        try:
            yield
        finally:
            await keeping.end()
            with contextlib.suppress(NotShared, LockError):
                # one that was lost is not ours to let go
                await self._link.ask(lambda _: _release(lock))


class _Keeping:
    """Renews a lock for as long as its turn takes; a short turn costs nothing."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(RENEWED_EVERY, self._begin)

    def _begin(self) -> None:
        self._task = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        while True:
            try:
                await self._lock.reacquire()
            except LockError:
                log.warning("A turn's lock was lost; the database keeps the order.")
                return
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("A turn's lock was not renewed: %s", type(error).__name__)
            await asyncio.sleep(RENEWED_EVERY)

    async def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def _release(lock: Lock) -> None:
    try:
        await lock.release()
    except LockError:
        log.warning("A turn's lock was lost before its end; the database keeps the order.")
