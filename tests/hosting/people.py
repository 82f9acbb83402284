"""People who ask and answer through the proxy, tap twice, send again, and remember all of it."""

from __future__ import annotations

import asyncio
import itertools
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.channels.sessions import Sessions
from tests.hosting.conftest import SECRET
from tests.security.person import Person, Step

#: Areas that are asked about; the answer must be about the same one.
AREAS = ("Luton", "Derby", "Wiltshire", "Hartlepool")
#: Seconds for one message to be answered, whatever happens meanwhile.
PATIENCE = 60.0


@dataclass
class Seen:
    """What happened to everybody together. `steady`: nothing fails meanwhile."""

    steady: bool = True
    turns: int = 0
    taps: int = 0
    again: int = 0
    safe: int = 0
    slowest: float = 0.0
    silent: int = 0
    waits: list[float] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)


class Someone:
    """A person at a page of their own, at an address of their own (`number`).

    With several `url`s each request goes to the next of them.
    """

    def __init__(
        self, url: str | list[str], number: int, chance: random.Random, seen: Seen
    ) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=context, local_addr=(f"127.1.{number // 200}.{number % 200 + 1}", 0)
            ),
            headers={"Host": "guide.example.org"},
            timeout=aiohttp.ClientTimeout(total=40),
        )
        self._urls = itertools.cycle([url] if isinstance(url, str) else url)
        self._number = number
        self._chance = chance
        self._seen = seen
        self._sent: list[str] = []
        self._token = ""
        self.conversation = ""
        self.person = Person(chance, typing=0.5)
        self._last = 0

    async def begin(self) -> None:
        answer = await self._post("/w/session", {})
        self._token = answer["token"]
        self.conversation = Sessions(SECRET.encode()).verify(self._token).conversation

    async def talk(self, turns: int, twice: float) -> None:
        """Take so many turns: a screening, and questions after it. `twice`: how often one taps or
        sends a second time."""
        await self.begin()
        said = await self.say({"payload": "/start_screening"}, twice)
        step: Step | None = None
        for _ in range(turns - 1):
            step = self.person.next(said)
            if step is None:
                await self.ask(twice)
                continue
            said = await self.say(step.message(), twice)
            self.person.took(step)

    async def check_order(self) -> None:
        """What was said can be had again: every answer once, in the order of the messages."""
        answer = await self.missed()
        numbers = [one["seq"] for one in answer["messages"]]
        assert numbers == sorted(set(numbers)), "a number was given twice"
        ids = list(dict.fromkeys(one["id"] for one in answer["messages"]))
        assert ids == self._sent, "an answer is missing, or out of order"

    async def missed(self) -> dict[str, Any]:
        """What a page gets that has had nothing yet."""
        return await self._post("/w/replay", {"token": self._token, "after": 0})

    async def end(self) -> None:
        """End the session."""
        await self._post("/w/forget", {"token": self._token})

    async def is_refused(self) -> bool:
        """Whether the session is over for the next worker."""
        message = {"token": self._token, "id": "m-after-the-end", "text": "hello"}
        async with self._http.post(next(self._urls) + "/w/message", json=message) as answer:
            return answer.status == 401

    async def ask(self, twice: float = 0) -> None:
        """Ask whom to ring somewhere; the answer must be about the same place."""
        area = self._chance.choice(AREAS)
        said = await self.say({"text": f"Who do I ring in {area}?"}, twice)
        assert said[0]["label"] == area, f"an answer about {said[0]['label']}, not {area}"

    async def say(self, message: dict[str, str], twice: float = 0) -> list[dict[str, Any]]:
        """The replies to a message; perhaps sent twice at once, under one id."""
        name = f"m-{self._number}-{len(self._sent)}"
        body = {"token": self._token, "id": name, "after": self._last, **message}
        self._sent.append(name)
        self._seen.turns += 1
        began = time.monotonic()
        if self._chance.random() < twice:
            self._seen.taps += 1
            answer, other = await asyncio.gather(
                self._post("/w/message", body), self._post("/w/message", body)
            )
            if self._seen.steady:
                assert answer == other, "two taps were answered differently"
            answer = max(answer, other, key=lambda one: one["seq"])
        else:
            answer = await self._post("/w/message", body)
        took = time.monotonic() - began
        self._seen.slowest = max(self._seen.slowest, took)
        self._seen.waits.append(took)
        self._last = answer["seq"]
        return [one["reply"] for one in answer["replies"] if one["reply"]]

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What is answered; sent again, under the same id, until it is, and is no safe message."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                async with self._http.post(next(self._urls) + path, json=body) as answer:
                    if answer.status == 200:
                        content = dict(await answer.json())
                        replies = content.get("replies")
                        if replies is not None and not replies:
                            self._seen.silent += 1
                        kinds = [(one["reply"] or {}).get("kind") for one in replies or ()]
                        if "safe_message" not in kinds:
                            self._seen.answered_at.append(time.monotonic())
                            return content
                        self._seen.safe += 1
                    else:
                        assert answer.status in {429, 500, 502, 503, 504}, await answer.text()
            except (aiohttp.ClientError, TimeoutError):
                pass
            self._seen.again += 1
            assert time.monotonic() < ends, f"{path} was not answered in {PATIENCE:.0f} seconds"
            await asyncio.sleep(0.1)

    async def close(self) -> None:
        await self._http.close()


async def all_talk(
    url: str | list[str],
    people: int,
    turns: int,
    twice: float,
    seed: int,
    at_once: int = 12,
) -> tuple[Seen, list[Someone]]:
    """So many people talk, some at once; every one of them is looked after to the end."""
    seen, gate = Seen(), asyncio.Semaphore(at_once)
    everyone = [Someone(url, at, random.Random(seed + at), seen) for at in range(people)]

    async def one(someone: Someone) -> None:
        async with gate:
            try:
                await someone.talk(turns, twice)
                await someone.check_order()
            finally:
                await someone.close()

    await asyncio.gather(*(one(each) for each in everyone))
    return seen, everyone


async def all_talk_during(
    url: str, faults: Callable[[], None], at_once: int, seed: int
) -> tuple[Seen, list[Someone]]:
    """People talk, some at once, for as long as the faults go on, and then to their ends."""
    seen, everyone = Seen(steady=False), list[Someone]()
    over = asyncio.Event()

    async def one() -> None:
        while not over.is_set():
            someone = Someone(url, len(everyone), random.Random(seed + len(everyone)), seen)
            everyone.append(someone)
            try:
                await someone.talk(20, twice=0.3)
            finally:
                await someone.close()

    talking = [asyncio.create_task(one()) for _ in range(at_once)]
    try:
        await asyncio.to_thread(faults)
    finally:
        over.set()
        await asyncio.gather(*talking)
    return seen, everyone
