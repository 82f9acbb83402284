"""What was said to each message of a session, so that any worker can say it again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence

from bot.channels.replay import Missed, Sent
from bot.serving.engine import Said
from bot.sharing.link import Link, NotShared

#: Seconds for which the answers of a session are held after its last message.
HELD = 3_600
#: Answers held for one session.
MOST = 100

#: Numbers an answer of ARGV[3] messages and holds it: gives the number of its first message. One
#: that is held already keeps its number. ARGV: after (or -1), start, count, field, value, most,
#: seconds.
_ADD = """
local known = redis.call('HGET', KEYS[1], ARGV[4])
if known then return {tonumber(string.match(known, '^(%d+):')), known} end
local after, start = tonumber(ARGV[1]), tonumber(ARGV[2])
local last = tonumber(redis.call('HGET', KEYS[1], 'last') or (after >= 0 and after or start))
last = math.max(last, after)
redis.call('HSET', KEYS[1], ARGV[4], (last + 1) .. ':' .. ARGV[5],
    'last', last + tonumber(ARGV[3]))
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[6]) + 2 then
    local all, oldest, number = redis.call('HGETALL', KEYS[1]), nil, nil
    for i = 1, #all, 2 do
        local first = all[i] ~= 'last' and all[i] ~= 'gone'
            and tonumber(string.match(all[i + 1], '^(%d+):'))
        if first and (number == nil or first < number) then oldest, number = all[i], first end
    end
    if oldest then
        redis.call('HDEL', KEYS[1], oldest)
        redis.call('HSET', KEYS[1], 'gone', number)
    end
end
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[7]))
return {last + 1, false}
"""


class SharedAnswers:
    """The answers of the last hour by session and message id, numbered as the page counts them.

    Each method gives None where Redis cannot be had: then the worker's own memory counts, and the
    conversation itself, which knows its messages by their ids.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._add = link.redis.register_script(_ADD)

    async def recall(self, session: str, message: str) -> tuple[Sent, ...] | None:
        """What was said to a message, or None."""
        name, field = self._name(session), self._field(session, message)
        try:
            kept = await self._link.ask(lambda redis: redis.hget(name, field))
        except NotShared:
            return None
        return None if kept is None else self._read(name, kept)

    async def add(
        self, session: str, message: str, said: Sequence[Said], after: int | None, start: int
    ) -> tuple[Sent, ...] | None:
        """Number and hold what was said to a message; one that is held already stays as it is."""
        name, field = self._name(session), self._field(session, message)
        content = json.dumps([message, [one.payload() for one in said]]).encode()
        sealed = self._link.seal(name, content)
        counted = -1 if after is None else after
        try:
            first, known = await self._link.ask(
                lambda _: self._add(
                    keys=[name], args=[counted, start, len(said), field, sealed, MOST, HELD]
                )
            )
        except NotShared:
            return None
        held = self._read(name, known) if known else None
        if held is not None:
            return held
        return tuple(Sent(int(first) + at, message, one.payload()) for at, one in enumerate(said))

    async def since(self, session: str, after: int) -> Missed | None:
        """What a session was sent after the number `after`."""
        name = self._name(session)
        try:
            kept = await self._link.ask(lambda redis: redis.hgetall(name))
        except NotShared:
            return None
        if not kept:
            return Missed((), after, gone=after > 0)
        last, gone = int(kept.pop(b"last", 0)), int(kept.pop(b"gone", 0))
        answers = (self._read(name, one) or () for one in kept.values())
        found = sorted((one for sent in answers for one in sent if one.seq > after), key=_number)
        return Missed(tuple(found), last, gone=gone > after or after > last)

    async def forget(self, session: str) -> None:
        """Let go of everything of a session; while Redis is away, its own time does so."""
        name = self._name(session)
        with contextlib.suppress(NotShared):
            await self._link.ask(lambda redis: redis.delete(name))

    def _name(self, session: str) -> bytes:
        return self._link.name("answers", session)

    def _field(self, session: str, message: str) -> bytes:
        return self._link.name("answer", session, message)[-20:]

    def _read(self, name: bytes, kept: bytes) -> tuple[Sent, ...] | None:
        first, _, sealed = kept.partition(b":")
        content = self._link.unseal(name, sealed)
        if content is None:
            return None
        message, said = json.loads(content)
        return tuple(Sent(int(first) + at, message, one) for at, one in enumerate(said))


def _number(sent: Sent) -> int:
    return sent.seq
