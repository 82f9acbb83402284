"""A hundred people at the same moment: each gets an answer, or is told at once to try again."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest

from bot.serving.engine import Engine
from bot.serving.places import Busy, Places

#: How many people ask at once.
PEOPLE = 100
QUESTIONS = (
    "who do I ring in Luton?",
    "what are the warning signs?",
    "they've said medium, what happens now",
    "can a 13 year old consent?",
    "she is missing since last night",
)
STREAM = {"Accept": "application/x-ndjson"}

Serving = Callable[..., AbstractContextManager[str]]


@contextmanager
def room_for(engine: Engine, places: Places) -> Iterator[None]:
    """The engine with other bounds."""
    before, engine.places = engine.places, places
    try:
        yield
    finally:
        engine.places = before


async def all_at_once(url: str, people: int) -> list[tuple[float, int, Any]]:
    """Everybody asks at one moment, every other one in a stream.

    Gives for each: seconds until the end of the answer, its status, and its JSON or its last line.
    """
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=90, limits=limits) as client:
        tokens = [(await client.post("/w/session")).json()["token"] for _ in range(people)]

        async def ask(number: int, token: str) -> tuple[float, int, Any]:
            body = {"token": token, "text": QUESTIONS[number % len(QUESTIONS)], "area": "derby"}
            began = time.monotonic()
            answer = await client.post(
                "/w/message", json=body, headers=STREAM if number % 2 else {}
            )
            took = time.monotonic() - began
            if number % 2 and answer.status_code == 200:
                return took, answer.status_code, json.loads(answer.text.splitlines()[-1])
            if answer.status_code != 200:
                assert int(answer.headers["Retry-After"]) > 0
            return took, answer.status_code, answer.json()

        return await asyncio.gather(*itertools.starmap(ask, enumerate(tokens)))


def kind(status: int, said: Any) -> str:
    """`answered`, or the name of the refusal; whatever else fails the test."""
    if said.get("type") == "done" or (status == 200 and "replies" in said):
        replies = [one["reply"] or {} for one in said.get("replies", ())]
        assert not any(one.get("kind") == "safe_message" for one in replies)
        return "answered"
    assert "999" in said["message"]
    assert "busy" in said["error"], said
    if said.get("type") == "error":
        assert said["retry_after"] > 0
    return str(said["error"])


async def test_a_hundred_people_at_once_are_all_answered(server: str) -> None:
    seen = await all_at_once(server, PEOPLE)
    times = sorted(took for took, _, _ in seen)
    kinds = Counter(kind(status, said) for _, status, said in seen)
    print(
        f"\n{PEOPLE} people at once: {dict(kinds)}, the first after {times[0]:.2f} s, the median "
        f"after {times[PEOPLE // 2]:.2f} s, the last after {times[-1]:.2f} s"
    )
    assert kinds.total() == PEOPLE
    # a machine that is busy with something else may have to send some away, but not most of them
    assert kinds["answered"] > PEOPLE / 2


async def test_whom_there_is_no_place_for_is_told_so_at_once(
    engine: Engine, serving: Serving
) -> None:
    with room_for(engine, Places(at_once=2, most_waiting=10)), serving(None) as url:
        seen = await all_at_once(url, PEOPLE)
    kinds = Counter(kind(status, said) for _, status, said in seen)
    assert kinds.total() == PEOPLE
    assert kinds["answered"] >= 12
    # they do not come at quite the same moment, so some of the others find a place too
    assert kinds["busy"] >= 10
    refused = [took for took, status, said in seen if kind(status, said) == "busy"]
    answered = [took for took, status, said in seen if kind(status, said) == "answered"]
    print(f"\n{dict(kinds)}: refused after {max(refused):.2f} s, answered by {max(answered):.2f} s")


async def test_the_same_message_is_taken_when_there_is_a_place_again(
    engine: Engine, serving: Serving
) -> None:
    with serving(None) as url:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            token = (await client.post("/w/session")).json()["token"]
            body = {"token": token, "text": "who do I ring in Luton?", "id": "m-1"}
            with room_for(engine, Places(at_once=0, patience=0.05)):
                refused = await client.post("/w/message", json=body | {"area": "luton"})
                assert (refused.status_code, refused.json()["error"]) == (503, "busy")
                assert "01582" in refused.json()["message"]
                page = await client.post("/chat", data={"token": token, "text": "who do I ring?"})
                assert page.status_code == 503
                assert "More people are asking" in page.text
                assert "who do I ring?" in page.text  # what was typed is still there
            taken = await client.post("/w/message", json=body)
            assert taken.status_code == 200
            assert "01582" in taken.text


async def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    places, order = Places(at_once=1), list[int]()

    async def turn(number: int) -> None:
        async with places.place():
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(turn(number) for number in range(20)))
    assert order == list(range(20))
    assert places.waiting == 0


async def test_a_place_is_free_again_whatever_happens_in_it() -> None:
    places = Places(at_once=1, most_waiting=0)

    async def turn(error: type[BaseException]) -> None:
        async with places.place():
            with pytest.raises(Busy):
                await turn(error)
            raise error

    for error in (ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            await turn(error)
    async with places.place():
        pass


async def test_who_waits_too_long_is_sent_away_and_leaves_no_gap() -> None:
    places = Places(at_once=1, patience=0.05)
    async with places.place():
        with pytest.raises(Busy) as busy:
            async with places.place():
                pass
        assert busy.value.wait > 0
    async with places.place():
        assert places.waiting == 0
