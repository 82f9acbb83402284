"""Thousands of requests that nobody in their right mind would send: no fault, and nobody waits."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.channels.sessions import Sessions
from tests.sizes import size

#: How many are sent. Few reach the engine: those that do are answered by it, and they are slow.
REQUESTS = size(10_000, 5_000)
#: How many at once.
AT_ONCE = 16
#: Requests in a row to each conversation.
EACH = 40
PATHS = (
    "/w/message",
    "/w/session",
    "/w/replay",
    "/w/document",
    "/w/forget",
    "/chat",
    "/embed/line",
)
STRANGE_TEXT = (
    "\0", "\u202e\u2066gnp.exe\u2069", "\ufeff", "\ud800", "\U0010ffff" * 50, "\r\n\r\nGET / HTTP/1.1",
    "a\u0301" * 300, "مرحبا", "𝕙𝕖𝕝𝕡", "' OR 1=1 --", "{{7*7}}", "${jndi:ldap://x}", "<script>1</script>",
    "%00%0d%0a", "../../../etc/passwd", "/restart", "/ask{", "-" * 1_001, "999", "🏴\u200d☠️", " ", "",
)  # fmt: skip
STRANGE_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1.5, 1e308, [], {}, [[]], {"a": None}, [None] * 50,
    ["hello"], {"text": "hello"}, {"$gt": ""}, "x" * 5_000,
)  # fmt: skip
STRANGE_BODIES = (
    b"", b"\0", b"\xff\xfe\x00\x00", "hello".encode("utf-16"), "hello".encode("utf-32"), b"[" * 15_000,
    b'{"a":' * 3_000, b"{}" * 4_000, b"[1e999]", b"NaN", b"-Infinity", b'{"token":', b"\xed\xa0\x80",
    b'{"text": "\\ud800"}', b"1" * 16_000, b'{"a":1,"a":2}', b"--x\r\nContent-Disposition: form-data",
    b"token=%ZZ&text=%00&area=%F0", b"&" * 5_000, b"x" * 20_000, b"x" * 200_000,
)  # fmt: skip
STRANGE_TYPES = (
    "application/json", "text/plain", "text/plain; charset=utf-16", "multipart/form-data; boundary=x",
    "multipart/form-data", "application/x-www-form-urlencoded", "image/png", "", "a" * 300, "; ; ;",
)  # fmt: skip
STRANGE_HEADERS: tuple[dict[str, str], ...] = (
    {}, {"Accept": "application/x-ndjson"}, {"Accept": "*/*;q=2"}, {"Origin": "null"},
    {"Content-Encoding": "gzip"}, {"X-Forwarded-For": "1.2.3.4, ::1, x"}, {"Forwarded": "for=\"_x\""},
    {"Cookie": "a" * 900}, {"Range": "bytes=0-1"}, {"If-None-Match": "*," * 200}, {"Expect": "100-continue"},
    {"Authorization": "Bearer x"}, {"Accept-Encoding": "gzip;q=nan"},
)  # fmt: skip


def requests(
    chance: random.Random, tokens: Iterator[str]
) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """An endless run of strange requests: path, body and headers."""
    while True:
        path = chance.choice(PATHS) if chance.random() < 0.95 else f"/{chance.randbytes(6).hex()}"
        headers = {"Content-Type": chance.choice(STRANGE_TYPES), **chance.choice(STRANGE_HEADERS)}
        if chance.random() < 0.35:
            yield path, chance.choice(STRANGE_BODIES), headers
            continue
        message: dict[str, Any] = {"token": next(tokens)}
        for name in chance.sample(("token", "id", "text", "payload", "area", "after", "kind"), 3):
            message[name] = chance.choice(
                (
                    chance.choice(STRANGE_VALUES),
                    chance.choice(STRANGE_TEXT),
                    f"/{chance.choice(STRANGE_TEXT)}",
                )
            )
        text = json.dumps(message, ensure_ascii=chance.random() < 0.5)
        yield path, text.encode("utf-8", "surrogatepass"), headers


async def test_ten_thousand_strange_requests_harm_nobody(server: str, server_secret: bytes) -> None:
    chance = random.Random(7)
    issue = Sessions(server_secret).issue
    tokens = itertools.chain.from_iterable(
        itertools.repeat(issue().token, EACH) for _ in itertools.count()
    )
    strange = itertools.islice(requests(chance, tokens), REQUESTS)
    seen: Counter[int] = Counter()
    faults: list[str] = []
    waits: list[float] = []
    done = asyncio.Event()
    limits = httpx.Limits(max_connections=AT_ONCE + 2)
    async with httpx.AsyncClient(base_url=server, timeout=60, limits=limits) as client:

        async def send() -> None:
            for path, body, headers in strange:
                answer = await client.post(path, content=body, headers=headers)
                seen[answer.status_code] += 1
                if answer.status_code >= 500 or (
                    answer.status_code >= 400 and "999" not in answer.text
                ):
                    faults.append(f"{answer.status_code} {path} {headers} {body[:80]!r}")

        async def somebody_else() -> None:
            """Someone who only wants the page, now and then, all the while."""
            while not done.is_set():
                began = time.perf_counter()
                answer = await client.get("/health")
                waits.append(time.perf_counter() - began)
                assert answer.status_code == 200
                await asyncio.sleep(0.05)

        other = asyncio.create_task(somebody_else())
        await asyncio.gather(*(send() for _ in range(AT_ONCE)))
        done.set()
        await other
    waits.sort()
    print(
        f"\n{seen.total():,} strange requests: {dict(sorted(seen.items()))}; somebody else waited "
        f"{waits[len(waits) // 2] * 1_000:.0f} ms (median), {waits[-1] * 1_000:.0f} ms at most"
    )
    assert seen.total() == REQUESTS
    assert faults == []
    # how long it took depends on the machine; that it went on does not
    assert waits[len(waits) // 2] < 1


async def test_no_forged_session_is_let_in(server: str, server_secret: bytes) -> None:
    """10,000 tokens: of another secret, altered in one place, made up, cut, or joined."""
    chance = random.Random(11)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    real, own = Sessions(server_secret), Sessions(b"another secret that is long enough")
    genuine = {real.issue().token for _ in range(50)}

    def forged() -> str:
        token = chance.choice(sorted(genuine))
        place = chance.randrange(len(token))
        match chance.randrange(5):
            case 0:
                return own.issue().token
            case 1:
                return token[:place] + chance.choice(letters) + token[place + 1 :]
            case 2:
                return "".join(chance.choices(letters, k=76))
            case 3:
                return token[:place]
        return token[:34] + chance.choice(sorted(genuine))[34:]

    tokens = [one for one in (forged() for _ in range(12_000)) if one not in genuine][:10_000]
    accepted = 0
    async with httpx.AsyncClient(base_url=server, timeout=60) as client:

        async def try_all(some: list[str]) -> int:
            let_in = 0
            for token in some:
                answer = await client.post("/w/replay", json={"token": token})
                let_in += answer.status_code != 401
            return let_in

        accepted = sum(await asyncio.gather(*(try_all(tokens[part::8]) for part in range(8))))
    print(f"\n{len(tokens):,} forged tokens, {accepted} accepted")
    assert len(tokens) == 10_000
    assert accepted == 0


@pytest.mark.parametrize("text", STRANGE_TEXT, ids=repr)
def test_strange_text_is_answered_in_words(server: str, text: str) -> None:
    with httpx.Client(base_url=server, timeout=60) as client:
        token = client.post("/w/session").json()["token"]
        body = json.dumps({"token": token, "text": text})
        answer = client.post("/w/message", content=body)
    if "\0" in text:
        assert answer.status_code == 400
    else:
        assert answer.status_code == 200
        assert all(one["text"].strip() for one in answer.json()["replies"])
