"""People who ask, as a process of its own: a job as JSON on standard input, the outcome on output.

Run as `python -m bench.load`. Each person holds one connection and one conversation at a time, and
asks again as soon as the answer is there. The outcome holds every turn with its time, and the
processor time that asking took, so that it can be taken out of the figures.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import secrets
import sys
import time
from typing import Any, Protocol

import aiohttp
import psutil

#: Seconds after which an answer is given up.
PATIENCE = 120.0
#: Times that a turn is asked again when the server says that there were too many.
PERSISTENCE = 20

Turn = dict[str, str]


class TooSoonError(Exception):
    """The server asks to wait; `seconds` says how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Conversation(Protocol):
    """One conversation with a server."""

    async def say(self, turn: Turn) -> list[str]:
        """The texts that answer a turn. Raises TooSoonError."""


class WaymarkConversation:
    """A session of the web channel, as a page opens it."""

    def __init__(self, client: aiohttp.ClientSession, url: str, person: int) -> None:
        self._client = client
        self._url = url
        # people of one office share limits; these are people of different offices
        number = person % 65_000
        self._headers = {"X-Forwarded-For": f"10.9.{number >> 8}.{number & 255}"}
        self._token: str | None = None

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self._client.post(
            f"{self._url}{path}", json=body, headers=self._headers
        ) as response:
            if response.status == 429:
                raise TooSoonError(float(response.headers.get("Retry-After", "1")))
            response.raise_for_status()
            return await response.json()

    async def open(self) -> None:
        """Get a token; a page does so before anything is typed."""
        if self._token is None:
            self._token = (await self._post("/w/session", {}))["token"]

    async def say(self, turn: Turn) -> list[str]:
        """One message."""
        await self.open()
        asked = {name: turn[name] for name in ("text", "payload", "area") if name in turn}
        body = {"token": self._token, "id": secrets.token_urlsafe(8), **asked}
        return [_shown(one) for one in (await self._post("/w/message", body))["replies"]]


def _shown(reply: dict[str, Any]) -> str:
    kind = (reply.get("reply") or {}).get("kind") or "plain"
    return f"{kind}\n{reply['text']}"


class PlainConversation:
    """A sender of Rasa's REST channel."""

    def __init__(self, client: aiohttp.ClientSession, url: str, person: int) -> None:
        self._client = client
        self._url = url
        self._sender = secrets.token_urlsafe(8)

    async def open(self) -> None:
        """Nothing: a sender is whoever writes."""

    async def say(self, turn: Turn) -> list[str]:
        """One message."""
        body = {"sender": self._sender, "message": turn.get("text") or turn.get("payload")}
        async with self._client.post(f"{self._url}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            return [f"plain\n{one.get('text', '')}" for one in await response.json()]


class FloorConversation:
    """The empty handler."""

    def __init__(self, client: aiohttp.ClientSession, url: str, person: int) -> None:
        self._client = client
        self._url = url

    async def open(self) -> None:
        """Nothing."""

    async def say(self, turn: Turn) -> list[str]:
        """One message."""
        async with self._client.post(f"{self._url}/say", json=turn) as response:
            response.raise_for_status()
            return [one["text"] for one in (await response.json())["replies"]]


SIDES = {
    "waymark": WaymarkConversation,
    "plain": PlainConversation,
    "floor": FloorConversation,
}


class People:
    """All people of a job.

    `job`: `side` and `url`; `people`; `conversations`, each a list of turns with their `kind`;
    `seconds` after which nobody begins another turn (0: each conversation is held once, whoever is
    free takes the next); `pace`, the least seconds from one turn of a person to the next after the
    first `unpaced` ones; `keep`, to return the answers' texts; `watched`, processes whose processor
    time is noted for each turn.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        self._job = job
        self._turns: list[dict[str, Any]] = []
        self._end = float("inf")

    async def run(self) -> dict[str, Any]:
        """Have everybody ask, and say how it went."""
        people = int(self._job["people"])
        connector = aiohttp.TCPConnector(limit=people)
        patience = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(connector=connector, timeout=patience) as client:
            began, used = time.perf_counter(), _used()
            if self._job.get("seconds"):
                self._end = began + float(self._job["seconds"])
            await asyncio.gather(*(self._person(client, number) for number in range(people)))
            seconds, processor = time.perf_counter() - began, _used() - used
        return {"turns": self._turns, "seconds": seconds, "processor_seconds": processor}

    async def _person(self, client: aiohttp.ClientSession, number: int) -> None:
        job, scripts = self._job, self._job["conversations"]
        for conversation_number in itertools.count(number, int(job["people"])):
            if time.perf_counter() >= self._end:
                return
            if not job.get("seconds") and conversation_number >= len(scripts):
                return
            conversation = SIDES[job["side"]](client, job["url"], 1 + conversation_number)
            await conversation.open()
            await self._conversation(conversation, scripts[conversation_number % len(scripts)])

    async def _conversation(self, conversation: Conversation, script: list[Turn]) -> None:
        for place, turn in enumerate(script):
            if time.perf_counter() >= self._end:
                return
            began = time.perf_counter()
            watched = self._job.get("watched")
            before = _spent(watched) if watched else 0.0
            took, texts = await _asked(conversation, turn)
            outcome: dict[str, Any] = {
                "kind": turn["kind"],
                "place": place,
                "seconds": took,
                "answered": bool(texts)
                and not any(one.startswith("safe_message") for one in texts),
            }
            if watched:
                outcome["spent"] = _spent(watched) - before
            if self._job.get("keep"):
                outcome |= {"turn": turn, "texts": texts}
            self._turns.append(outcome)
            wait = float(self._job.get("pace", 0)) - (time.perf_counter() - began)
            if wait > 0 and place >= int(self._job.get("unpaced", 0)):
                await asyncio.sleep(wait)


async def _asked(conversation: Conversation, turn: Turn) -> tuple[float, list[str]]:
    """Seconds that an answer took, and its texts; waits where the server asks for it."""
    for _ in range(PERSISTENCE):
        began = time.perf_counter()
        try:
            texts = await conversation.say(turn)
            return time.perf_counter() - began, texts
        except TooSoonError as refused:
            await asyncio.sleep(refused.seconds)
        except (TimeoutError, aiohttp.ClientError):
            return time.perf_counter() - began, []
    return PATIENCE, []


def _spent(pids: list[int]) -> float:
    """Processor seconds of some processes so far."""
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(one.user + one.system for one in times)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    json.dump(asyncio.run(People(json.load(sys.stdin)).run()), sys.stdout)
