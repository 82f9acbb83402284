"""The web channel over HTTP, with the real engine behind it."""

from __future__ import annotations

import concurrent.futures
import contextlib
import gzip
import json
import logging
import re
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.limits import Limits, Rate
from bot.channels.responses import SECURITY_HEADERS
from bot.channels.sessions import LIFETIME, Sessions
from bot.channels.web import LARGEST_BODY, Refused, is_payload, read_json, read_message
from bot.store.database import open_database
from bot.store.migrations import migrate
from bot.store.revocations import Revocations

Serving = Callable[..., contextlib.AbstractContextManager[str]]
#: what a trace or the machinery would show; guidance may speak of "exceptional" things and errors
NO_TRACE = re.compile(r"Traceback \(|File \"|\", line \d+|[a-z]Exception\b|[a-z]Error:|[Ss]anic\b")


class Person:
    """Somebody who asks over HTTP."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60)
        self.token: Any = self.http.post("/w/session").json()["token"]

    def send(self, **message: Any) -> httpx.Response:
        return self.http.post("/w/message", json={"token": self.token, **message})

    def ask(self, text: str, **more: Any) -> list[dict[str, Any]]:
        answer = self.send(text=text, **more)
        assert answer.status_code == 200
        replies: list[dict[str, Any]] = answer.json()["replies"]
        return replies


@pytest.fixture
def person(server: str) -> Iterator[Person]:
    someone = Person(server)
    yield someone
    someone.http.close()


def assert_kind(answer: httpx.Response, status: int, name: str | None = None) -> None:
    """A refusal is JSON with a sentence and 999, and shows nothing of the machinery."""
    assert answer.status_code == status
    body = answer.json()
    assert set(body) == {"error", "message"}
    assert name is None or body["error"] == name
    assert "999" in body["message"]
    assert body["message"].endswith(".")
    assert not NO_TRACE.search(answer.text)


# Asking


def test_a_question_is_answered_with_its_source(person: Person) -> None:
    answer = person.send(text="Who do I ring in Luton?", id="m-1")
    assert answer.status_code == 200
    body = answer.json()
    assert body["id"] == "m-1"
    said = body["replies"][0]
    assert set(said) == {"text", "buttons", "reply"}
    assert "01582" in said["text"]
    assert said["reply"]["sources"]
    assert all(set(button) == {"title", "payload"} for button in said["buttons"])


def test_a_button_is_answered(person: Person) -> None:
    button = person.ask("hello")[0]["buttons"][0]
    replies = person.send(payload=button["payload"]).json()["replies"]
    assert replies[0]["text"]


def test_the_pages_area_counts(person: Person) -> None:
    reply, *_ = person.ask("who do I ring out of hours?", area="hartlepool")
    assert reply["reply"]["area"] == "hartlepool"


def test_an_unknown_area_counts_as_not_known(person: Person) -> None:
    assert person.ask("who do I ring?", area="atlantis")[0]["reply"]["kind"] == "which_area"


def test_plain_text_is_read_too(person: Person) -> None:
    body = json.dumps({"token": person.token, "text": "hello"})
    answer = person.http.post("/w/message", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200


def test_a_message_without_id_gets_one(person: Person) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", person.send(text="hello").json()["id"])


def test_a_long_text_is_answered_by_the_engine(person: Person) -> None:
    (reply,) = person.ask("why " * 400)
    assert "1,000 characters" in reply["text"]
    assert "999" in reply["text"]


def test_an_unknown_intent_gives_the_safe_message(person: Person) -> None:
    (reply,) = person.send(payload="/no_such_intent").json()["replies"]
    assert reply["reply"]["kind"] == "safe_message"


# Sessions


def test_a_session_lasts_a_day(server: str, server_secret: bytes) -> None:
    issued = httpx.post(f"{server}/w/session").json()
    session = Sessions(server_secret).verify(issued["token"])
    assert session.expires - session.issued == LIFETIME
    assert issued["expires"].endswith("+00:00")


def test_a_conversation_answers_only_to_its_token(server: str, person: Person) -> None:
    person.ask("I work in Derby", id="m-1")
    (own,) = person.ask("who do I ring?")
    assert own["reply"]["area"] == "derby"
    stranger = Person(server)
    (reply,) = stranger.ask("who do I ring?", id="m-1")
    assert reply["reply"]["kind"] == "which_area"


@pytest.mark.parametrize(
    "token",
    [None, "", 7, [], {}, "x", "A" * 76, Sessions(b"another").issue().token, "\u0000" * 76],
)
def test_a_token_that_is_not_ours_is_refused(person: Person, token: Any) -> None:
    person.token = token
    assert_kind(person.send(text="hello"), 401, "session_ended")


def test_an_expired_token_is_refused(person: Person, server_secret: bytes) -> None:
    person.token = Sessions(server_secret, clock=lambda: 1_000_000_000.0).issue().token
    assert_kind(person.send(text="hello"), 401, "session_ended")


def test_a_forgotten_session_is_over(person: Person) -> None:
    person.ask("who do I ring in Luton?", id="m-1")
    body = json.dumps({"token": person.token})  # as sendBeacon sends it
    answer = person.http.post("/w/forget", content=body, headers={"Content-Type": "text/plain"})
    assert answer.json() == {"forgotten": True}
    assert_kind(person.send(text="hello", id="m-1"), 401)
    for path in ("/w/replay", "/w/document"):
        assert_kind(person.http.post(path, json={"token": person.token, "kind": "pdf"}), 401)
    # said twice, it is done twice: a page that leaves may not hear the first answer
    assert person.http.post("/w/forget", content=body).json() == {"forgotten": True}


def test_a_forgotten_session_stays_over_after_a_restart(serving: Serving, tmp_path: Path) -> None:
    """Also in another process on the same database; and the others go on."""
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(database.engine)
    with serving(None, revocations=Revocations(database)) as url:
        one, other = Person(url), Person(url)
        assert one.http.post("/w/forget", json={"token": one.token}).json() == {"forgotten": True}
    with serving(None, revocations=Revocations(database)) as url:
        for person in (one, other):
            person.http = httpx.Client(base_url=url, timeout=60)
        assert_kind(one.send(text="hello"), 401, "session_ended")
        assert one.http.post("/w/forget", json={"token": one.token}).status_code == 200
        assert other.send(text="hello").status_code == 200
    database.close()


def test_what_cannot_be_erased_is_said_and_can_be_tried_again(
    serving: Serving, tmp_path: Path
) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")  # without its tables
    with serving(None, revocations=Revocations(database)) as url:
        token = httpx.post(f"{url}/w/session").json()["token"]
        assert_kind(httpx.post(f"{url}/w/forget", json={"token": token}), 503, "not_erased")
        other = httpx.post(f"{url}/w/session").json()["token"]
        # whether it is over cannot be known: no answer, but the numbers
        refused = httpx.post(
            f"{url}/w/message", json={"token": other, "text": "hello", "area": "luton"}
        )
        assert_kind(refused, 500, "failed")
        assert "01582" in refused.json()["message"]
        migrate(database.engine)
        again = httpx.post(f"{url}/w/forget", json={"token": token})
        assert again.json() == {"forgotten": True}
    database.close()


# Each message counts once


def test_the_same_id_gives_the_same_replies(person: Person) -> None:
    first = person.send(text="who do I ring in Luton?", id="m-1").json()
    person.ask("what are the signs?")
    assert person.send(text="who do I ring in Luton?", id="m-1").json() == first
    assert person.send(text="something else", id="m-1").json() == first


def test_a_double_tapped_answer_is_counted_once(person: Person) -> None:
    """In a screening a second answer would go to the next question."""
    question = person.send(payload="/start_screening").json()["replies"][-1]
    no = next(one for one in question["buttons"] if one["title"] == "No")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        taps = [
            pool.submit(
                httpx.post,
                f"{person.http.base_url}/w/message".replace("//w", "/w"),
                json={"token": person.token, "id": "tap", "payload": no["payload"]},
                timeout=60,
            )
            for _ in range(6)
        ]
    bodies = [tap.result().json() for tap in taps]
    assert all(body == bodies[0] for body in bodies)
    again = person.send(payload="/screening_back").json()["replies"][-1]
    assert again["reply"]["headline"] == question["reply"]["headline"]


# What cannot be read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 16_000,
        b'{"a":' * 3_000,
        b"1" * 16_000,
        b"\x00",
        "{“token”: 1}".encode(),
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_a_json_object_is_refused(server: str, body: bytes) -> None:
    for path in ("/w/message", "/w/forget"):
        assert_kind(httpx.post(server + path, content=body), 400, "not_understood")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None},
        {"text": 7},
        {"text": ["hello"]},
        {"text": {"a": 1}},
        {"text": True},
        {"text": "a\0b"},
        {"text": "hello", "payload": "/greet"},
        {"text": "hello", "area": 5},
        {"text": "hello", "area": "lut\0on"},
        {"text": "hello", "id": 5},
        {"text": "hello", "id": ""},
        {"text": "hello", "id": "x" * 65},
        {"text": "hello", "id": "a b"},
        {"payload": "greet"},
        {"payload": "/greet "},
        {"payload": " /greet"},
        {"payload": "/GREET"},
        {"payload": "/greet\n"},
        {"payload": "/ask{"},
        {"payload": '/ask["topic"]'},
        {"payload": '/ask{"topic": 1}'},
        {"payload": '/ask{"topic": {"a": "b"}}'},
        {"payload": "/ask" + '{"a":' * 2_000},
        {"payload": "/ask{}{}"},
        {"payload": ""},
    ],
    ids=lambda message: json.dumps(message)[:40],
)
def test_values_of_the_wrong_kind_are_refused(person: Person, message: dict[str, Any]) -> None:
    assert_kind(person.send(**message), 400, "not_understood")


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["token", "id", "text", "payload", "area"]) | st.text(max_size=6), ANY_JSON
    )
)
def test_reading_gives_a_message_or_a_refusal(data: dict[str, Any]) -> None:
    with contextlib.suppress(Refused):
        message = read_message(data)
        assert (message.text is None) != (message.payload is None)


@given(st.binary(max_size=300))
def test_reading_json_gives_an_object_or_a_refusal(body: bytes) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(read_json(body), dict)


@given(st.text(max_size=60))
def test_a_payload_names_an_intent(text: str) -> None:
    if is_payload(text):
        assert re.match(r"/[a-z_]+(\{|$)", text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=200))
def test_any_text_is_answered(server: str, server_secret: bytes, text: str) -> None:
    token = Sessions(server_secret).issue().token
    body = json.dumps({"token": token, "text": text})
    answer = httpx.post(f"{server}/w/message", content=body, timeout=60)
    if "\0" in text:
        assert_kind(answer, 400)
    else:
        assert answer.status_code == 200
        assert all(one["text"].strip() for one in answer.json()["replies"])
        assert not NO_TRACE.search(answer.text)


# Size


def test_a_body_at_the_limit_is_read(person: Person) -> None:
    body = json.dumps({"token": person.token, "text": "hello", "more": ""})
    body = body.replace('""', f'"{"x" * (LARGEST_BODY - len(body))}"')
    assert len(body) == LARGEST_BODY
    assert person.http.post("/w/message", content=body).status_code == 200


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 100_000, 900_000])
def test_a_larger_body_is_refused_with_a_sentence(person: Person, size: int) -> None:
    for path in ("/w/message", "/w/session", "/w/forget"):
        assert_kind(person.http.post(path, content=b"x" * size), 413, "too_large")


def test_a_larger_body_is_refused_before_it_is_sent(server: str) -> None:
    head = b"POST /w/message HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"
    assert b"413" in raw(server, head).split(b"\r\n")[0]


def test_a_body_of_unknown_length_is_cut_off(server: str) -> None:
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    head = b"POST /w/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"413" in raw(server, head + chunk * 3).split(b"\r\n")[0]


def raw(server: str, request: bytes) -> bytes:
    """What the server answers to bytes that no HTTP library would send."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received or not received.endswith((b"}", b"</html>\n")):
            some = connection.recv(65_536)
            if not some:
                break
            received += some
    return received


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /w/message HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello",
        b"POST /w/message HTTP/1.1\r\nHost: x\r\nContent-Length: five\r\n\r\nhello",
        b"POST /w/message HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /w/message HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nhello",
        b"POST /w/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"POST /w/message HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ids=lambda request: repr(request[:50]),
)
def test_what_is_not_http_gets_a_sentence_and_harms_nobody(
    server: str, request_bytes: bytes
) -> None:
    answer = raw(server, request_bytes)
    assert re.match(rb"HTTP/1.1 4\d\d ", answer)
    assert b"999" in answer
    assert not NO_TRACE.search(answer.split(b"\r\n\r\n", 1)[1].decode())
    assert httpx.get(f"{server}/health").json()["status"] == "ok"


# The page's files and the headers of everything


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/chat", 200),
        ("GET", "/professionals", 200),
        ("GET", "/embed", 200),
        ("GET", "/page/site.css", 200),
        ("GET", "/page/embed.js", 200),
        ("GET", "/page/icon.svg", 200),
        ("GET", "/favicon.ico", 200),
        ("GET", "/health", 200),
        ("HEAD", "/", 200),
        ("GET", "/page/plain.html", 404),
        ("GET", "/page/..%2fweb.py", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/w/message", 405),
        ("PUT", "/", 405),
        ("OPTIONS", "/w/message", 204),
        ("POST", "/w/session", 200),
        ("POST", "/w/message", 400),
        ("POST", "/chat", 200),
    ],
)
def test_every_response_has_the_security_headers(
    server: str, method: str, path: str, status: int
) -> None:
    answer = httpx.request(method, server + path)
    assert answer.status_code == status
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert "strict-transport-security" not in answer.headers  # only behind TLS
    assert "cache-control" in answer.headers
    assert "server" not in answer.headers


def test_answers_are_stored_nowhere(person: Person) -> None:
    assert person.send(text="hello").headers["cache-control"] == "no-store"
    assert person.send(text=5).headers["cache-control"] == "no-store"


def test_the_policy_allows_only_the_sites_own_files() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "path",
    ["/", "/page/site.js", "/page/site.css", "/page/icon.svg", "/widget.js", "/openapi.json"],
)
def test_files_are_compressed_and_not_sent_twice(server: str, path: str) -> None:
    with httpx.stream("GET", server + path, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    plain = httpx.get(server + path, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed) == plain.content
    refused = httpx.get(server + path, headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers
    again = httpx.get(server + path, headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    other = httpx.get(server + path, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_the_page_offers_every_area(server: str) -> None:
    page = httpx.get(server).text
    for name in ("Luton", "Nottinghamshire", "Wiltshire", "Derby", "Derbyshire", "Hartlepool"):
        assert f">{name}</option>" in page


def test_the_page_is_light(server: str) -> None:
    """What a phone loads: a page, its style, its script and the widget: at most 30 kB together."""
    sizes = []
    for path in ("/", "/page/site.js", "/page/site.css", "/widget.js"):
        with httpx.stream("GET", server + path, headers={"Accept-Encoding": "gzip"}) as answer:
            sizes.append(len(b"".join(answer.iter_raw())))
    assert sum(sizes) < 30_000


def test_health_says_that_it_is_well(server: str) -> None:
    health = httpx.get(f"{server}/health").json()
    assert health["status"] == "ok"
    assert health["service"] == "waymark"
    assert health["model"] == "test"


# How often


def test_who_asks_too_fast_is_asked_to_wait(serving: Serving) -> None:
    limits = Limits(
        session=Rate(burst=3, per_second=0.01),
        address=Rate(burst=12, per_second=0.01),
        new_sessions=Rate(burst=3, per_second=0.01),
    )
    with serving(limits) as url:
        one, other = Person(url), Person(url)
        statuses = [one.send(text="hello").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = one.send(text="hello")
        assert_kind(refused, 429, "too_many")
        assert int(refused.headers["retry-after"]) > 0
        # another person at the same address is not held up by the first …
        assert other.send(text="hello").status_code == 200
        # … until the address as a whole is too fast
        last = [other.send(text="hello").status_code for _ in range(8)]
        assert last[-1] == 429
        one.http.post("/w/session")
        assert_kind(one.http.post("/w/session"), 429, "too_many")
        plain = one.http.post("/chat", data={"text": "what are the signs?"})
        assert plain.status_code == 429
        assert "999" in plain.text
        assert "what are the signs?" in plain.text


# Nothing that was typed is written anywhere


def test_what_is_typed_is_never_logged(
    server: str,
    person: Person,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    before = structlog.get_config()
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):  # the tests' own client, not the server
        caplog.set_level(logging.WARNING, logger=name)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    try:
        person.ask(f"who do I ring about {canary}")
        person.ask(f"/{canary}")
        person.send(payload=f"/{canary.strip('0123456789')}")
        person.send(payload=f'/ask{{"topic": "{canary}"}}')
        person.send(payload=f'/screening_answer{{"answer": "{canary}"}}')
        person.send(text=f"{canary}\0")
        person.send(text=[canary])
        person.send(text="hello", area=canary, id=canary)
        person.http.post("/w/message", content=canary)
        person.http.post("/w/message", content=canary * 1_000)
        person.http.get(f"/{canary}?q={canary}")
        person.http.post("/chat", data={"text": canary, "token": canary})
        raw(server, f"POST /{canary} HTTP/1.1\r\n{canary}\r\n\r\n".encode())
        raw(server, f"{canary}\r\n\r\n".encode())
    finally:
        structlog.configure(**before)
    written = capfd.readouterr()
    assert canary not in caplog.text
    assert canary not in written.out
    assert canary not in written.err


@pytest.mark.parametrize("path", ["/nowhere", "/w/nowhere"])
def test_a_missing_page_is_a_page_for_a_browser_and_json_for_a_program(
    server: str, path: str
) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    shown = httpx.get(server + path, headers={"Accept": browser})
    assert shown.status_code == 404
    assert shown.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address" in shown.text
    assert "999" in shown.text
    told = httpx.get(server + path)
    assert told.status_code == 404
    assert told.json()["error"] == "not_found"
