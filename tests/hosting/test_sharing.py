"""What workers share in Redis, on a real one: each test has two workers' ends of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable

import pytest

from bot.channels.limits import Limiter, Rate
from bot.channels.replay import Sent
from bot.serving.engine import Said
from bot.sharing import turn_locks
from bot.sharing.shared import Shared
from bot.sharing.turn_locks import TurnTaken
from tests.hosting.conftest import SECRET
from tests.hosting.programs import RedisServer


@pytest.fixture
async def ends(redis: RedisServer) -> AsyncIterator[tuple[Shared, Shared]]:
    redis.client().flushall()
    one, other = (Shared(redis.address, SECRET.encode()) for _ in range(2))
    yield one, other
    await one.close()
    await other.close()


Ends = tuple[Shared, Shared]


async def test_one_turn_of_a_conversation_at_a_time_and_others_beside_it(ends: Ends) -> None:
    inside, most = 0, 0

    async def turn(end: Shared) -> None:
        nonlocal inside, most
        async with end.turns.of("web-1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.002)
            inside -= 1

    async with ends[0].turns.of("web-2"):
        await asyncio.gather(*(turn(ends[at % 2]) for at in range(30)))
    assert most == 1


async def test_a_long_turn_keeps_its_lock(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HELD", 0.3), ("RENEWED_EVERY", 0.1), ("WAITS", 0.5)):
        monkeypatch.setattr(turn_locks, name, value)
    async with ends[0].turns.of("web-1"):
        with pytest.raises(TurnTaken):
            async with ends[1].turns.of("web-1"):
                raise AssertionError("two workers had one turn")
    async with ends[1].turns.of("web-1"):
        pass


async def test_a_turn_ends_well_when_its_lock_is_lost(ends: Ends, redis: RedisServer) -> None:
    async with ends[0].turns.of("web-1"):
        redis.client().flushall()
        async with ends[1].turns.of("web-1"):
            pass
    assert (await ends[0].health())["status"] == "ok"


async def test_a_rate_counts_over_all_workers(ends: Ends) -> None:
    rate = Rate(burst=5, per_second=0.5)
    limiters = [Limiter("asking", rate, end.rates) for end in ends]
    waits = [await limiters[at % 2].take("somebody") for at in range(8)]
    assert waits[:5] == [0.0] * 5
    assert all(0 < wait <= 2 for wait in waits[5:])
    assert await limiters[0].take("somebody else") == 0
    assert await ends[0].rates.first("reminder", "web-1", 60)
    assert not await ends[1].rates.first("reminder", "web-1", 60)


async def test_an_answer_is_known_to_every_worker_under_its_numbers(ends: Ends) -> None:
    one, other = (end.answers for end in ends)
    said = [
        Said("Ring 01632 960123."),
        Said("Anything else?", ({"title": "No", "payload": "/no"},)),
    ]
    sent = await one.add("s", "m-1", said, after=None, start=0)
    assert sent is not None
    assert [each.seq for each in sent] == [1, 2]
    assert await other.recall("s", "m-1") == _as_json(sent)
    assert await other.add("s", "m-1", [Said("Something else")], None, 0) == _as_json(sent)
    (third,) = await other.add("s", "m-2", [Said("Good bye.")], after=2, start=0) or ()
    assert third.seq == 3
    missed = await one.since("s", 1)
    assert missed is not None
    assert [each.seq for each in missed.messages] == [2, 3]
    assert (missed.last, missed.gone) == (3, False)
    await one.forget("s")
    assert await other.recall("s", "m-1") is None


def _as_json(sent: Iterable[Sent]) -> tuple[Sent, ...]:
    return tuple(Sent(**one) for one in json.loads(json.dumps([one.payload() for one in sent])))


async def test_numbers_go_on_when_redis_was_emptied(ends: Ends, redis: RedisServer) -> None:
    await ends[0].answers.add("s", "m-1", [Said("One")] * 7, after=None, start=0)
    redis.client().flushall()
    (sent,) = await ends[1].answers.add("s", "m-2", [Said("Two")], after=7, start=0) or ()
    assert sent.seq == 8
    missed = await ends[0].answers.since("s", 0)
    assert missed is not None
    assert missed.last == 8


async def test_the_answers_of_one_session_are_bounded(ends: Ends) -> None:
    for at in range(130):
        await ends[0].answers.add("s", f"m-{at}", [Said(str(at))], after=None, start=0)
    missed = await ends[1].answers.since("s", 0)
    assert missed is not None
    assert len(missed.messages) <= 101
    assert missed.messages[-1].reply["text"] == "129"
    assert missed.gone


async def test_nothing_in_redis_can_be_read(ends: Ends, redis: RedisServer) -> None:
    words = ("canary-text", "canary-session", "canary-message", "10.9.8.7", "canary-conversation")
    await ends[0].answers.add("canary-session", "canary-message", [Said("canary-text")], None, 0)
    await ends[0].rates.take("address", Rate(5, 1), "10.9.8.7")
    async with ends[0].turns.of("canary-conversation"):
        client = redis.client()
        found = b""
        for key in client.keys("*"):
            found += key + (client.dump(key) or b"")
            assert client.pttl(key) > 0, "a key that is never let go"
    assert len(client.keys("*")) >= 2
    assert not [word for word in words if word.encode() in found]
    stranger = Shared(redis.address, b"another secret, which is as long as the right one")
    assert await stranger.answers.recall("canary-session", "canary-message") is None
    await stranger.close()


async def test_without_redis_each_goes_on_alone_and_at_once(ends: Ends, redis: RedisServer) -> None:
    await ends[0].answers.add("s", "m-1", [Said("One")], None, 0)
    redis.stop()
    try:
        began = time.monotonic()
        for _ in range(50):
            async with ends[0].turns.of("web-1"):
                pass
            assert await ends[0].rates.take("asking", Rate(1, 0.001), "somebody") == 0
            assert await ends[0].answers.recall("s", "m-1") is None
            assert await ends[0].answers.since("s", 0) is None
            await ends[0].answers.forget("s")
        assert time.monotonic() - began < 5
        health = await ends[0].health()
        assert health["status"] == "failing"
        assert SECRET not in str(health)
    finally:
        redis.start()
    for _ in range(100):
        if (await ends[0].health())["status"] == "ok":
            break
        await asyncio.sleep(0.1)
    assert (await ends[0].answers.add("s", "m-2", [Said("Two")], None, 0)) is not None
