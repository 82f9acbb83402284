"""The description of the channel is valid, complete, and what really comes fits it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.channels.responses import SENTENCES, STATUSES
from tests.channels.test_web import Person

Fits = Callable[[Any, str], None]
#: Conversations that show every kind of answer the channel has.
CONVERSATIONS = (
    ["hello", "what can you do?", "who do I ring in Luton?", "source?", "more"],
    ["they've said medium, what happens now", "and in Derbyshire?", "compare Derby and Luton"],
    ["im 14 and my boyfriend makes me", "she is being held in a car right now", "asdf qwer"],
    ["i am a teacher in derby, medium risk, who do i refer to", "what is an IRO", ""],
)


@pytest.fixture(scope="module")
def document(server: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server}/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def fits(document: dict[str, Any]) -> Fits:
    def check(value: Any, schema: str) -> None:
        root = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        errors = [
            f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}"
            for one in Draft202012Validator(root).iter_errors(value)
        ]
        assert errors == [], schema

    return check


@pytest.fixture
def person(server: str) -> Iterator[Person]:
    someone = Person(server)
    yield someone
    someone.http.close()


def test_it_is_valid(document: dict[str, Any]) -> None:
    """By the schema of OpenAPI 3.1 itself; and every reference in it leads somewhere."""
    published = files("openapi_spec_validator") / "resources" / "schemas" / "v3.1" / "schema.json"
    schema = json.loads(published.read_text("utf-8"))
    assert schema["$id"].startswith("https://spec.openapis.org/oas/3.1/schema")
    errors = Draft202012Validator(schema).iter_errors(document)
    assert [f"{list(one.absolute_path)}: {one.message[:200]}" for one in errors] == []
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)):
        Draft202012Validator.check_schema(document["components"]["schemas"][name])


def test_it_describes_every_route_of_the_channel(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {
        "/w/session", "/w/message", "/w/replay", "/w/document", "/w/forget", "/health",
    }  # fmt: skip


def test_it_names_every_error_with_its_status(document: dict[str, Any]) -> None:
    assert set(document["components"]["schemas"]["Error"]["properties"]["error"]["enum"]) == set(
        SENTENCES
    )
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                for name in SENTENCES:
                    if f" {name}" in f" {response['description']} ":
                        assert STATUSES[name] == int(status), (path, name)


@pytest.mark.parametrize("texts", CONVERSATIONS, ids=lambda texts: texts[0])
def test_what_really_comes_fits_it(person: Person, fits: Fits, texts: list[str]) -> None:
    for text in texts:
        answer = person.send(text=text)
        assert answer.status_code == 200
        fits(answer.json(), "Answer")
    fits(person.http.post("/w/replay", json={"token": person.token, "after": 0}).json(), "Missed")


def test_a_screening_fits_it(person: Person, fits: Fits) -> None:
    answer = person.send(payload="/start_screening").json()
    seen_checklist = False
    for _ in range(12):
        fits(answer, "Answer")
        last = answer["replies"][-1]
        checklist = (last["reply"] or {}).get("checklist")
        if checklist:
            seen_checklist = True
            ticked = {one["id"]: checklist["states"][0][0] for one in checklist["ticks"]}
            entities = {"question": checklist["question"], "answer": json.dumps(ticked)}
            answer = person.send(payload=f"/screening_answer{json.dumps(entities)}").json()
        else:
            answer = person.send(payload=last["buttons"][0]["payload"]).json()
    assert seen_checklist


def test_the_lines_of_a_stream_fit_it(person: Person, fits: Fits) -> None:
    answer = person.http.post(
        "/w/message",
        json={"token": person.token, "text": "who do I ring in Hartlepool?"},
        headers={"Accept": "application/x-ndjson"},
    )
    for line in answer.text.splitlines():
        fits(json.loads(line), "Line")


def test_sessions_health_and_errors_fit_it(person: Person, server: str, fits: Fits) -> None:
    fits(httpx.post(f"{server}/w/session").json(), "Session")
    fits(httpx.get(f"{server}/health").json(), "Health")
    for path in ("/w/message", "/w/replay", "/w/document", "/w/forget"):
        fits(httpx.post(server + path, content=b"?").json(), "Error")
        fits(httpx.post(server + path, json={"token": "x"}).json(), "Error")
        fits(httpx.get(server + path).json(), "Error")
    fits(
        person.http.post("/w/document", json={"token": person.token, "kind": "pdf"}).json(), "Error"
    )
