"""The answer as a stream of lines, what was missed after a drop, and files."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.replay import Replays
from bot.channels.web import KINDS, attachment
from bot.serving.engine import Document, Engine, Said
from tests.channels.test_web import Person, assert_kind

STREAM = {"Accept": "application/x-ndjson"}


@pytest.fixture
def person(server: str) -> Iterator[Person]:
    someone = Person(server)
    yield someone
    someone.http.close()


def lines(person: Person, **message: Any) -> list[dict[str, Any]]:
    """The lines of an answer, without those that only say that it takes longer."""
    answer = person.http.post("/w/message", json={"token": person.token, **message}, headers=STREAM)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["x-content-type-options"] == "nosniff"
    said = [json.loads(line) for line in answer.text.splitlines()]
    return [line for line in said if line["type"] != "wait"]


def missed(person: Person, after: int) -> dict[str, Any]:
    answer = person.http.post("/w/replay", json={"token": person.token, "after": after})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


# The stream


def test_the_answer_comes_line_by_line(person: Person) -> None:
    first, *replies, last = lines(person, text="who do I ring in Luton?", id="m-1")
    assert first == {"type": "received", "id": "m-1"}
    assert last == {"type": "done", "id": "m-1", "seq": len(replies)}
    assert [one["type"] for one in replies] == ["reply"] * len(replies)
    assert [one["seq"] for one in replies] == list(range(1, len(replies) + 1))
    assert "01582" in replies[0]["reply"]["text"]


def test_the_numbers_rise_through_a_session(person: Person) -> None:
    seen = [
        line["seq"]
        for text in ("hello", "who do I ring in Derby?", "hello again")
        for line in lines(person, text=text)
        if line["type"] == "reply"
    ]
    assert seen == list(range(1, len(seen) + 1))
    assert person.send(text="and in Luton?").json()["seq"] > seen[-1]


def test_the_same_id_gets_the_same_numbers(person: Person) -> None:
    first = lines(person, text="hello", id="m-1")
    assert lines(person, text="hello", id="m-1") == first
    assert person.send(text="hello", id="m-1").json()["seq"] == first[-1]["seq"]


def test_a_refusal_is_no_stream(person: Person) -> None:
    answer = person.http.post("/w/message", json={"token": "x", "text": "a"}, headers=STREAM)
    assert_kind(answer, 401, "session_ended")


def test_a_refusal_names_the_areas_number(person: Person) -> None:
    answer = person.send(text=7, area="luton")
    assert_kind(answer, 400)
    assert "01582" in answer.json()["message"]
    derby = person.send(text=7, area="derby").json()["message"]
    assert "My source gives no number for Derby" in derby
    assert "For " not in person.send(text=7, area="atlantis").json()["message"]


def test_a_slow_answer_says_that_it_is_on_its_way(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.KEEP_ALIVE", 0.1)
    held = threading.Event()
    turn = Engine._turn

    async def slow(self: Engine, *args: Any) -> list[Said]:
        await asyncio.to_thread(held.wait, 60)
        return await turn(self, *args)

    monkeypatch.setattr(Engine, "_turn", slow)
    seen: list[str] = []
    with person.http.stream(
        "POST", "/w/message", json={"token": person.token, "text": "hello"}, headers=STREAM
    ) as answer:
        for line in answer.iter_lines():
            seen.append(json.loads(line)["type"])
            if seen.count("wait") == 3:
                held.set()
    assert seen[:4] == ["received", "wait", "wait", "wait"]
    assert seen[-1] == "done"
    assert "reply" in seen


# What was missed


def test_what_was_missed_can_be_had_again(person: Person) -> None:
    sent = [
        line for text in ("hello", "who do I ring in Luton?") for line in lines(person, text=text)
    ]
    replies = [
        {key: line[key] for key in ("seq", "id", "reply")}
        for line in sent
        if line["type"] == "reply"
    ]
    assert missed(person, 0) == {"messages": replies, "last": len(replies)}
    assert missed(person, 1)["messages"] == replies[1:]
    assert missed(person, len(replies)) == {"messages": [], "last": len(replies)}


def test_an_answer_to_someone_who_went_away_is_kept(person: Person, server: str) -> None:
    with httpx.Client(base_url=server, timeout=30) as other:
        request = {"token": person.token, "text": "who do I ring in Luton?", "id": "gone"}
        with other.stream("POST", "/w/message", json=request, headers=STREAM) as answer:
            assert json.loads(next(answer.iter_lines()))["type"] == "received"
    deadline = time.monotonic() + 30
    while not (found := missed(person, 0))["messages"] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found["messages"][0]["id"] == "gone"
    assert "01582" in found["messages"][0]["reply"]["text"]
    # sent again, it is the same message
    assert person.send(text="who do I ring in Luton?", id="gone").json()["seq"] == found["last"]


def test_twenty_drops_in_one_conversation_lose_and_double_nothing(
    person: Person, server: str
) -> None:
    """Every second message is cut off after its first line, then replayed, then sent again."""
    shown: list[int] = []
    for number in range(20):
        message = {
            "text": "hello" if number % 3 else "who do I ring in Luton?",
            "id": f"m-{number}",
        }
        body = {"token": person.token, "after": shown[-1] if shown else 0, **message}
        with (
            httpx.Client(base_url=server, timeout=60) as other,
            other.stream("POST", "/w/message", json=body, headers=STREAM) as answer,
        ):
            next(answer.iter_lines())
        answer_again = lines(person, **message)
        fresh = [one["seq"] for one in answer_again if one["type"] == "reply"]
        caught_up = [one["seq"] for one in missed(person, shown[-1] if shown else 0)["messages"]]
        assert caught_up == fresh
        shown += fresh
    assert shown == list(range(1, len(shown) + 1))
    print(f"\n20 drops: {len(shown)} messages, 0 lost, 0 doubled")


def test_a_session_of_before_a_restart_goes_on_counting(person: Person, server: str) -> None:
    """The numbers that the page knows are never used again for something else."""
    assert missed(person, 41) == {"messages": [], "last": 41, "gone": True}
    (_, reply, *_) = lines(person, text="hello", after=41)
    assert reply["seq"] == 42
    assert missed(person, 41)["messages"][0]["seq"] == 42
    assert missed(person, 40)["gone"] is True


@pytest.mark.parametrize("after", [-1, "1", 1.5, True, [], 2**40])
def test_an_after_that_is_no_number_is_refused(person: Person, after: Any) -> None:
    assert_kind(person.http.post("/w/replay", json={"token": person.token, "after": after}), 400)
    assert_kind(person.send(text="hello", after=after), 400)


@given(st.lists(st.integers(1, 4), max_size=30), st.integers(0, 80), st.integers(1, 20))
def test_nothing_is_lost_unless_it_says_so(turns: list[int], after: int, held: int) -> None:
    replays = Replays(most_messages=held)
    for number, count in enumerate(turns):
        replays.add("one", str(number), [Said("x")] * count, None, 0)
    found = replays.since("one", after)
    numbers = [one.seq for one in found.messages]
    expected = list(range(after + 1, sum(turns) + 1))
    assert numbers == expected[-held:]
    assert found.gone == (numbers != expected or after > sum(turns))


@given(st.integers(1, 5), st.integers(1, 12))
def test_only_so_many_sessions_are_held(most: int, sessions: int) -> None:
    replays = Replays(most_sessions=most)
    for number in range(sessions):
        replays.add(str(number), "m", [Said("x")], None, 0)
    assert len(replays) == min(most, sessions)
    assert replays.since(str(sessions - 1), 0).messages


# Files


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_route_there_is_no_file(person: Person, kind: str) -> None:
    answer = person.http.post("/w/document", json={"token": person.token, "kind": kind})
    assert_kind(answer, 404, "no_document")


@pytest.mark.parametrize("kind", [None, "", "exe", 7, ["pdf"], "../pdf", {}])
def test_other_kinds_are_not_read(person: Person, kind: Any) -> None:
    answer = person.http.post("/w/document", json={"token": person.token, "kind": kind})
    assert_kind(answer, 400, "not_understood")


BEGINNINGS = {"pdf": b"%PDF-", "word": b"PK", "calendar": b"BEGIN:VCALENDAR", "text": b""}


def test_a_route_is_taken_away_as_files(person: Person) -> None:
    reply = person.ask("medium risk in Derby, looked-after child, what do I do")[0]["reply"]
    offered = [one["kind"] for one in reply["downloads"]]
    assert "pdf" in offered
    for kind in offered:
        body = {"token": person.token, "kind": kind}
        answer = person.http.post("/w/document", json=body)
        assert answer.status_code == 200
        assert answer.content.startswith(BEGINNINGS[kind])
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert answer.headers["cache-control"] == "no-store"
        # another person's token gets nothing of it
        stranger = Person(str(person.http.base_url))
        assert_kind(stranger.http.post("/w/document", json={**body, "token": stranger.token}), 404)


def test_a_route_is_taken_away_without_javascript(person: Person) -> None:
    form = {"token": person.token, "text": "medium risk in Derby, looked-after child, what do I do"}
    page = person.http.post("/chat", data=form).text
    assert '<button class="choice file" name="document" value="pdf">' in page
    file = person.http.post("/chat", data={"token": person.token, "document": "pdf"})
    assert file.content.startswith(b"%PDF-")
    assert "attachment" in file.headers["content-disposition"]
    fresh = Person(str(person.http.base_url))
    none = fresh.http.post("/chat", data={"token": fresh.token, "document": "pdf"})
    assert none.status_code == 404
    assert "999" in none.text


@given(st.text(max_size=60))
def test_the_name_of_a_file_cannot_break_the_header(name: str) -> None:
    header = attachment(Document(name, "text/plain", b"")).headers["content-disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
