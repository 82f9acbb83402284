"""The description of the web channel in OpenAPI 3.1, for those who build on it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.channels.messages import KINDS, LARGEST_BODY
from bot.channels.openapi_schemas import ID, SEQ, TOKEN, Schema, area_of, object_of, ref, schemas
from bot.channels.responses import STATUSES
from bot.serving.typed_text import LONGEST_TEXT


def openapi(areas: Iterable[tuple[str, str]]) -> bytes:
    """The document as JSON. `areas` are the ids and names of the areas."""
    return json.dumps(_document(list(areas)), ensure_ascii=False, indent=1).encode()


def _document(areas: list[tuple[str, str]]) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Waymark web channel",
            "version": "1.0.0",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Ask the guide over HTTP. Every call is a POST with a JSON object of at "
            f"most {LARGEST_BODY:,} bytes (sent as application/json, or as text/plain, which needs "
            "no preflight). There are no cookies. What is typed is neither stored nor logged. "
            "Pages of other sites may call only when their origin is listed by the operator.",
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/w/session": {"post": _session()},
            "/w/message": {"post": _message(areas)},
            "/w/replay": {"post": _replay()},
            "/w/document": {"post": _file()},
            "/w/forget": {"post": _forget()},
            "/health": {"get": _health()},
        },
        "components": {"schemas": schemas(areas)},
    }


def _session() -> Schema:
    return _operation(
        "startSession",
        "Begin a conversation",
        object_of({}),
        {"200": _json("A session", ref("Session"))},
        ("origin", "too_large", "too_many"),
    )


def _message(areas: list[tuple[str, str]]) -> Schema:
    body = object_of(
        {
            "token": TOKEN,
            "id": ID,
            "text": {
                "type": "string",
                "description": f"What the person typed. At most {LONGEST_TEXT:,} characters are "
                "read; longer text gets a sentence that says so.",
            },
            "payload": {
                "type": "string",
                "pattern": r"^/[a-z_]+(\{[\s\S]*\})?$",
                "description": "What a button sends. Either this or `text`, never both.",
            },
            "area": area_of(areas, "The area that the page is about, until the person names one."),
            "after": {**SEQ, "description": "The newest `seq` that the page has had."},
        },
        ("token",),
    )
    answer = _json("The whole answer", ref("Answer"))
    answer["content"]["application/x-ndjson"] = {
        "schema": {
            "type": "string",
            "description": "With `Accept: application/x-ndjson`: a stream of lines, each a JSON "
            "object of the schema Line. `received` comes at once, `wait` every few seconds while "
            "the answer is worked out, then a `reply` for each message; the last line is `done` "
            "or `error`. A stream that ends with neither was cut off: ask /w/replay.",
        }
    }
    return _operation(
        "sendMessage",
        "Send a message and get the answer",
        body,
        {"200": answer},
        ("not_understood", "session_ended", "origin", "too_large", "too_many", "busy", "too_slow"),
    )


def _replay() -> Schema:
    return _operation(
        "replay",
        "What the guide said after a number",
        object_of({"token": TOKEN, "after": SEQ}, ("token",)),
        {"200": _json("What was missed", ref("Missed"))},
        ("not_understood", "session_ended", "origin", "too_large", "too_many"),
    )


def _file() -> Schema:
    return _operation(
        "getDocument",
        "A file that goes with an answer",
        object_of({"token": TOKEN, "kind": {"enum": list(KINDS)}}, ("token", "kind")),
        {
            "200": {
                "description": "The file, as an attachment",
                "headers": {"Content-Disposition": {"schema": {"type": "string"}}},
                "content": {"*/*": {}},
            }
        },
        ("not_understood", "session_ended", "origin", "no_document", "too_many", "too_slow"),
    )


def _forget() -> Schema:
    done = object_of({"forgotten": {"const": True}}, ("forgotten",))
    return _operation(
        "forget",
        "End the session and erase the conversation",
        object_of({"token": TOKEN}, ("token",)),
        {"200": _json("Erased; the token is refused from now on", done)},
        ("not_understood", "session_ended", "origin", "too_many", "not_erased"),
    )


def _health() -> Schema:
    return {
        "operationId": "health",
        "summary": "How the server is",
        "responses": {"200": _json("It answers", ref("Health"))},
    }


def _operation(
    name: str, summary: str, body: Schema, responses: Schema, errors: Iterable[str]
) -> Schema:
    by_status: dict[int, list[str]] = {}
    for error in (*errors, "failed"):
        by_status.setdefault(STATUSES[error], []).append(error)
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body}, "text/plain": {"schema": body}},
        },
        "responses": {
            **responses,
            **{
                str(status): _json(f"`error`: {' or '.join(names)}", ref("Error"))
                for status, names in sorted(by_status.items())
            },
        },
    }


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
