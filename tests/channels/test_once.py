"""Each message is worked on once, however often it is sent."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.once import Once


class Work:
    """Counts how often it is done; waits until it is let go."""

    def __init__(self, answer: str = "answer") -> None:
        self.done = 0
        self.free = asyncio.Event()
        self.free.set()
        self._answer = answer

    async def __call__(self) -> str:
        self.done += 1
        await self.free.wait()
        return self._answer


async def test_a_repeated_message_gets_the_first_answer() -> None:
    once: Once[str] = Once()
    first, second = Work("first"), Work("second")
    assert await once.answer("s", "1", first) == "first"
    assert await once.answer("s", "1", second) == "first"
    assert second.done == 0


async def test_a_double_tap_is_answered_twice_and_done_once() -> None:
    once: Once[str] = Once()
    work = Work()
    work.free.clear()
    taps = [asyncio.create_task(once.answer("s", "1", work)) for _ in range(5)]
    await asyncio.sleep(0)
    work.free.set()
    assert await asyncio.gather(*taps) == ["answer"] * 5
    assert work.done == 1


async def test_another_session_or_message_is_another_answer() -> None:
    once: Once[str] = Once()
    work = Work()
    await once.answer("s", "1", work)
    await once.answer("s", "2", work)
    await once.answer("t", "1", work)
    assert work.done == 3


async def test_whoever_gives_up_waiting_gets_the_answer_later() -> None:
    once: Once[str] = Once()
    work = Work()
    work.free.clear()
    with pytest.raises(TimeoutError):
        await once.answer("s", "1", work, patience=0.01)
    work.free.set()
    assert await once.answer("s", "1", work) == "answer"
    assert work.done == 1


async def test_whoever_goes_away_does_not_stop_the_work() -> None:
    once: Once[str] = Once()
    work = Work()
    work.free.clear()
    caller = asyncio.create_task(once.answer("s", "1", work))
    await asyncio.sleep(0)
    caller.cancel()
    work.free.set()
    assert await once.answer("s", "1", work) == "answer"
    assert work.done == 1


async def test_what_failed_may_be_tried_again() -> None:
    once: Once[str] = Once()

    async def fails() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await once.answer("s", "1", fails)
    assert await once.answer("s", "1", Work()) == "answer"


async def test_memory_is_bounded_and_a_session_is_forgotten() -> None:
    once: Once[str] = Once(most=10)
    for number in range(50):
        await once.answer("s" if number % 2 else "t", str(number), Work())
    assert len(once) == 10
    once.forget("s")
    assert len(once) == 5


async def test_settling_waits_for_what_is_under_way_and_not_for_others() -> None:
    once: Once[str] = Once()
    done = asyncio.Event()
    order: list[str] = []

    async def work() -> str:
        await done.wait()
        order.append("answered")
        return "answer"

    answering = asyncio.create_task(once.answer("session", "m-1", work))

    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    other = asyncio.create_task(once.answer("another", "m-1", never))
    await asyncio.sleep(0)
    settling = asyncio.create_task(once.settle("session", patience=30))
    await asyncio.sleep(0)
    assert not settling.done()
    done.set()
    await settling
    assert order == ["answered"]
    assert await answering == "answer"
    await once.settle("nobody", patience=30)
    other.cancel()


async def test_settling_gives_up_in_the_end() -> None:
    once: Once[bool] = Once()
    answering = asyncio.create_task(once.answer("session", "m-1", asyncio.Event().wait))
    await asyncio.sleep(0)
    await once.settle("session", patience=0.01)
    assert not answering.done()
    answering.cancel()


async def test_what_failed_while_nobody_waited_is_tried_again() -> None:
    once: Once[str] = Once()
    free = asyncio.Event()

    async def fails() -> str:
        await free.wait()
        raise ValueError

    with pytest.raises(TimeoutError):
        await once.answer("s", "1", fails, patience=0.01)
    free.set()
    await asyncio.sleep(0.01)
    assert await once.answer("s", "1", Work()) == "answer"
