"""Actions that hang or fail: the safe message in time, for that one person only."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.serving import inprocess_actions
from bot.serving.engine import Engine
from bot.serving.inprocess_actions import MOST_HANGING, TIMEOUT, InProcessActions

#: Seconds within which the safe message is there, whatever hangs.
IN_TIME = 10.0


@pytest.fixture
def until() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def call(name: str) -> dict[str, Any]:
    tracker = {"sender_id": "one", "slots": {}, "latest_message": {}, "events": []}
    return {"next_action": name, "tracker": tracker, "domain": {}}


def endpoint(until: threading.Event, timeout: float) -> InProcessActions:
    """Actions of which one waits for something that does not come, and one would end the process."""

    def hang(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        until.wait()
        return []

    def stop(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise SystemExit(1)

    actions = InProcessActions(timeout)
    actions._executor.register_function("action_hangs", hang)
    actions._executor.register_function("action_stops", stop)
    return actions


def test_the_time_that_an_action_gets_leaves_time_for_the_safe_message() -> None:
    assert TIMEOUT == 8.0
    assert TIMEOUT < IN_TIME


async def test_an_action_that_hangs_is_given_up(until: threading.Event) -> None:
    actions = endpoint(until, 0.1)
    with pytest.raises(TimeoutError):
        await actions.request(json=call("action_hangs"))


async def test_others_are_answered_while_an_action_hangs(until: threading.Event) -> None:
    actions = endpoint(until, 2.0)
    hanging = asyncio.create_task(actions.request(json=call("action_hangs")))
    await asyncio.sleep(0)
    answers = await asyncio.gather(
        *(actions.request(json=call("action_screening_remind")) for _ in range(20))
    )
    assert len(answers) == 20
    assert not hanging.done()
    until.set()
    assert await hanging is not None, "it was not too late"


async def test_so_many_may_hang_and_no_more(until: threading.Event) -> None:
    actions = endpoint(until, 2.0)
    before = threading.active_count()
    hanging = [actions.request(json=call("action_hangs")) for _ in range(MOST_HANGING)]
    given_up = await asyncio.gather(*hanging, return_exceptions=True)
    assert all(isinstance(one, TimeoutError) for one in given_up)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await actions.request(json=call("action_screening_remind"))
    assert time.monotonic() - began < 2.0, "refused at once"
    assert threading.active_count() <= before + MOST_HANGING
    until.set()
    for thread in threading.enumerate():
        if thread.name == "action":
            await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)
    assert await actions.request(json=call("action_screening_remind")) is not None


async def test_an_action_cannot_end_the_process(until: threading.Event) -> None:
    with pytest.raises(RuntimeError):
        await endpoint(until, 2.0).request(json=call("action_stops"))


async def test_a_hanging_action_gives_the_safe_message(
    engine: Engine, until: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real time limit, through the whole engine."""
    run = inprocess_actions.ActionExecutor.run

    async def hang(self: Any, body: Any) -> Any:
        if body["sender_id"] == "hanging":
            until.wait()
        return await run(self, body)

    began = time.monotonic()
    await engine.turn("before", text="who do I ring in Derby?")
    usual = time.monotonic() - began
    monkeypatch.setattr(inprocess_actions.ActionExecutor, "run", hang)
    began = time.monotonic()
    stuck = asyncio.create_task(engine.turn("hanging", text="who do I ring?", area="luton"))
    await asyncio.sleep(0.2)
    (other,) = await engine.turn("another", text="who do I ring in Derby?")
    others = time.monotonic() - began
    (said,) = await stuck
    took = time.monotonic() - began
    print(
        f"\nan action hangs: the safe message after {took:.1f} s, another person after {others:.1f} s"
    )
    assert said.reply is not None
    assert said.reply["kind"] == "safe_message"
    assert {"999", "101", "01582 547653"} <= {one["number"] for one in said.reply["contacts"]}
    # where even the usual reply takes long, the machine is busy with something else
    assert took <= TIMEOUT + max(IN_TIME - TIMEOUT, 10 * usual)
    assert other.reply is not None
    assert other.reply["kind"] == "answer"
    assert others < took
