"""Nothing that comes in through any door is found afterwards in any file or table.

Two thousand marks are sent as text, metadata, sender, channel, headers, broken JSON, entities of
orders and paths, with everything logged that can be logged and with parts of the server failing.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from bot.serving.models import project_folder
from tests.security.conftest import LoudServer

#: Every mark begins like this, in letters that no file of ours holds side by side.
MARK = "qzxj"
FOUND = re.compile(rf"{MARK}\w*".encode(), re.IGNORECASE)
#: Requests of a stage.
ORDINARY, BROKEN, STUCK = 1_750, 100, 25

SENTENCES = [
    "who do I ring about {}",
    "{} is 14 and missing since friday, medium risk in Derby, what now",
    "my foster child {} has an older boyfriend {}",
    "{}",
    "I'm a teacher at {} school in Luton, who do I tell",
    "what does {} mean",
    "section 47{} and s{}",
    "she is in a car with {} right now, she is screaming",
    "im 14 and {} makes me do things",
    "{} wants to kill herself",
    "her number is 07700 900{}, she lives at 12 {} Road",
    "compare Derby and {}",
    "yes {}",
    "1, 3 {}",
    "change {}",
    "back {}",
    "<b>{}</b> {{{{{}}}}} ${{{}}} %s",
    "source? {}",
    "/ask{{\"topic\": \"{}\"}}",
    "/{}",
    " /restart {}",
    "/screening_answer{{\"answer\": \"{}\"}}",
    "high because {}",
    "\u202e{}\u0000\u200b",
    "{} " * 150,
]  # fmt: skip
PAYLOADS = [
    '/ask{{"topic": "{}"}}',
    '/ask{{"topic": "who_to_ring", "area": "{}"}}',
    '/ask{{"{}": "luton"}}',
    '/{}',
    '/in_area{{"area": "{}"}}',
    '/start_screening{{"area": "{}"}}',
    '/screening_answer{{"question": "immediate_danger", "answer": "{}"}}',
    '/screening_answer{{"question": "{}", "answer": "no"}}',
    '/screening_answer{{"question": "role", "answer": "{{\\"{}\\": \\"now\\"}}"}}',
    '/screening_answer{{"explanation": "{}"}}',
    '/screening_level{{"level": "{}"}}',
    '/screening_reason{{"reason": "{} for three words"}}',
    '/screening_change{{"question": "{}"}}',
    '/ask_route{{"age": "{}", "role": "{}"}}',
    '/alarm{{"alarm": "{}"}}',
    '/explain_term{{"term": "{}"}}',
    '/restart{{"{}": "{}"}}',
    '{}',
]  # fmt: skip
BODIES = [
    '{{"token": {token}, "text": "{}"',
    '{{"token": {token}, "text": {}}}',
    "{}",
    '["{}"]',
    '{{"token": {token}, "text": ["{}"], "{}": 1}}',
    '{{"token": "{}", "text": "hello"}}',
    '{{"token": {token}, "text": "\\ud800 {}"}}',
    '{{"token": {token}, "text": "a", "payload": "/{}"}}',
    '{{"token": {token}, "id": "{} {}", "text": "a"}}',
    "text={}&token={}",
    '{{"text": ' * 40 + '"{}"',
]  # fmt: skip
HEADERS = [
    "User-Agent", "Referer", "Origin", "Cookie", "Accept-Language", "X-Requested-With",
    "Authorization", "X-Request-ID", "Content-Type", "Accept", "Host", "If-None-Match",
    "X-Forwarded-Host", "Forwarded", "Access-Control-Request-Method", "X-Waymark-Channel",
]  # fmt: skip
PATHS = [
    ("GET", "/{}"), ("GET", "/page/{}"), ("GET", "/?q={}"), ("POST", "/w/{}"),
    ("POST", "/w/message?sender={}"), ("DELETE", "/w/message/{}"), ("GET", "/chat?text={}"),
    ("POST", "/webhooks/rest/webhook?token={}"), ("GET", "/conversations/{}/tracker"),
    ("POST", "/conversations/{}/messages"), ("PUT", "/model?{}"), ("GET", "/%ff{}"),
    ("GET", "/health?{}"), ("OPTIONS", "/w/message?{}"), ("GET", "/embed?title={}"),
    ("GET", "/w/document?kind={}"), ("BREW", "/{}"),
]  # fmt: skip


class Marks:
    """Gives marks, each once, and counts them."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.given = 0

    def __call__(self) -> str:
        self.given += 1
        return f"{MARK}{next(self._numbers):05d}"

    def fill(self, text: str) -> str:
        """Text with a mark in each of its places."""
        return text.format(*[self() for _ in range(text.count("{}"))])


class Sender:
    """Sends marks through every door there is."""

    def __init__(self, url: str, marks: Marks) -> None:
        self._url = url
        self._marks = marks
        self._numbers = count()
        self.answers: Counter[int] = Counter()
        self.http = httpx.Client(base_url=url, timeout=60)
        self._tokens = [self._session() for _ in range(12)]
        self._doors: list[Callable[[int], httpx.Response]] = [
            self.text, self.payload, self.beside, self.body, self.text, self.header, self.path,
            self.form, self.text, self.token, self.raw,
        ]  # fmt: skip

    def send(self, requests: int, threads: int = 4) -> None:
        """Send requests through the doors in turn."""
        with ThreadPoolExecutor(threads) as pool:
            for answer in pool.map(self._one, [next(self._numbers) for _ in range(requests)]):
                self.answers[answer.status_code if answer is not None else 0] += 1

    def at_once(self, people: int, stuck: contextlib.AbstractContextManager[None]) -> float:
        """A message of each of so many people while something is stuck; the longest wait."""
        tokens = [self._session() for _ in range(people)]

        def ask(token: str) -> tuple[int, float]:
            began = time.monotonic()
            body = {"token": token, "text": f"who do I ring about {self._marks()}"}
            answer = self.http.post("/w/message", json=body, headers=self._from())
            assert answer.json()["replies"][0]["reply"]["kind"] == "safe_message"
            return answer.status_code, time.monotonic() - began

        with stuck, ThreadPoolExecutor(people) as pool:
            waits = list(pool.map(ask, tokens))
        self.answers.update(status for status, _ in waits)
        return max(wait for _, wait in waits)

    def _one(self, number: int) -> httpx.Response | None:
        try:
            return self._doors[number % len(self._doors)](number // len(self._doors))
        except httpx.HTTPError:
            return None  # a closed connection: what counts is what is left behind

    def _from(self) -> dict[str, str]:
        """Another address each time, so that nobody is asked to wait."""
        number = next(self._numbers)
        return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}

    def _session(self) -> str:
        return str(self.http.post("/w/session", headers=self._from()).json()["token"])

    def _message(
        self, number: int, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        body = {"token": self._tokens[number % len(self._tokens)], **more}
        return self.http.post("/w/message", json=body, headers={**self._from(), **(headers or {})})

    def text(self, number: int) -> httpx.Response:
        if number % 5 == 0:  # so that there is a screening to answer
            self._message(number, payload="/start_screening")
        return self._message(number, text=self._marks.fill(SENTENCES[number % len(SENTENCES)]))

    def payload(self, number: int) -> httpx.Response:
        return self._message(number, payload=self._marks.fill(PAYLOADS[number % len(PAYLOADS)]))

    def beside(self, number: int) -> httpx.Response:
        """Sender, channel and metadata are not the client's to choose."""
        name = ["metadata", "sender", "sender_id", "channel", "input_channel", "area", "id"]
        value: Any = self._marks()
        key = name[number % len(name)]
        return self._message(
            number, text="who do I ring?", **{key: {"note": value} if key == "metadata" else value}
        )

    def body(self, number: int) -> httpx.Response:
        token = json.dumps(self._tokens[number % len(self._tokens)])
        body = BODIES[number % len(BODIES)].replace("{token}", token.replace("{", "{{"))
        encoding = ("utf-8", "utf-16", "utf-8", "latin-1")[number % 4]
        content = self._marks.fill(body).encode(encoding, "replace") + b"\xff" * (number % 3 == 2)
        path = ("/w/message", "/w/forget", "/w/session", "/chat", "/w/replay")[number % 5]
        return self.http.post(path, content=content, headers=self._from())

    def header(self, number: int) -> httpx.Response:
        name = HEADERS[number % len(HEADERS)]
        return self._message(number, {name: f"x-{self._marks()}"}, text="what are the signs?")

    def path(self, number: int) -> httpx.Response:
        method, path = PATHS[number % len(PATHS)]
        return self.http.request(method, self._marks.fill(path), headers=self._from())

    def form(self, number: int) -> httpx.Response:
        fields = {
            "token": self._tokens[number % len(self._tokens)],
            "text": self._marks.fill(SENTENCES[number % len(SENTENCES)]),
            "area": self._marks(),
        }
        return self.http.post("/chat", data=fields, headers=self._from())

    def token(self, number: int) -> httpx.Response:
        path = ("/w/message", "/w/forget", "/w/replay", "/w/document")[number % 4]
        body = {"token": self._marks(), "text": self._marks(), "kind": self._marks()}
        return self.http.post(path, json=body, headers=self._from())

    def raw(self, number: int) -> httpx.Response:
        """A request whose head is not HTTP, or has bytes that are not text."""
        import socket

        head = [
            f"GET /{self._marks()}\r\n\r\n",
            f"GET / HTTP/1.1\r\n{self._marks()}\r\n\r\n",
            f"POST /w/message HTTP/1.1\r\nHost: x\r\nContent-Length: {self._marks()}\r\n\r\n",
            f"{self._marks()}\r\n\r\n",
            f"GET /{self._marks()}\x00\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        ][number % 5]
        where = httpx.URL(self._url)
        with socket.create_connection((where.host, where.port or 80), timeout=30) as connection:
            connection.sendall(head.encode("latin-1"))
            with contextlib.suppress(OSError):
                connection.recv(100)
        return httpx.Response(200 if number < 0 else 400)


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def where_found(folder: Path, since: float) -> list[str]:
    """Files with a mark: all below `folder`, and those of the project written since then."""
    root = project_folder()
    written = [
        path
        for part in root.iterdir()
        if part.name not in {".git", ".venv", "tests"}
        for path in (files_below(part) if part.is_dir() else [part])
        if path.stat().st_mtime >= since
    ]
    return [
        f"{path}: {match.group().decode()}"
        for path in (*files_below(folder), *written)
        for match in FOUND.finditer(path.read_bytes())
    ]


def in_tables(database: Path) -> list[str]:
    """Rows with a mark, whatever the table."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return [line for line in connection.iterdump() if FOUND.search(line.encode())]


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes to the database for a long time."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_no_mark_is_found_in_any_file_or_table(loud_server: LoudServer) -> None:
    began = time.time()
    marks = Marks()
    sender = Sender(loud_server.url, marks)
    sender.send(ORDINARY)
    with loud_server.told_to("components fail"):
        sender.send(BROKEN)
    with loud_server.told_to("actions fail"):
        sender.send(BROKEN)
    stuck = sender.at_once(STUCK, locked(loud_server.database))
    tables = in_tables(loud_server.database)
    for path in files_below(loud_server.database.parent):
        path.unlink()  # the database is gone while it is in use
    sender.send(BROKEN)
    sender.http.close()
    loud_server.kill()

    log = (loud_server.folder / "log.txt").read_text()
    assert " DEBUG " in log, "the logs must have said all they could"
    assert "RuntimeError: cannot act on" in log, "and with the texts of exceptions"
    files = where_found(loud_server.folder, began)
    requests = sender.answers.total()
    print(f"\ncanaries: {marks.given} in {requests} requests")
    print(f"answers by status: {dict(sorted(sender.answers.items()))}")
    print(f"{STUCK} at once while the database is locked: the slowest reply after {stuck:.1f} s")
    print(f"found: {len(files)} in files, {len(tables)} in tables")
    assert requests >= 2_000
    assert sender.answers[200] > 600, "enough of them must have been understood and answered"
    assert not sender.answers[500]
    assert (files, tables) == ([], [])
