"""The shapes of what the web channel takes and gives, as JSON Schema for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.channels.messages import KINDS
from bot.channels.responses import SENTENCES

Schema = dict[str, Any]

TOKEN: Schema = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{76}$",
    "description": "The session's token, as /w/session gave it.",
}
ID: Schema = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{1,64}$",
    "description": "The page's own name for the message. Sent again, it gets the first answer: "
    "nothing is counted twice.",
}
SEQ: Schema = {
    "type": "integer",
    "minimum": 0,
    "description": "The number of a message of the guide in the session; it only rises.",
}


def schemas(areas: list[tuple[str, str]]) -> Schema:
    """Every shape by its name. `areas` are the ids and names of the areas."""
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    texts = {"type": "array", "items": text}
    button = object_of({"title": text, "payload": text}, ("title", "payload"))
    pair = {"type": "array", "prefixItems": [text, text], "minItems": 2, "maxItems": 2}
    sent = {"seq": SEQ, "id": ID, "reply": ref("Said")}
    return {
        "Session": object_of(
            {"token": TOKEN, "expires": {"type": "string", "format": "date-time"}},
            ("token", "expires"),
        ),
        "Answer": object_of(
            {"replies": {"type": "array", "items": ref("Said")}, "id": ID, "seq": SEQ},
            ("replies", "id", "seq"),
        ),
        "Missed": object_of(
            {
                "messages": {"type": "array", "items": object_of(sent, tuple(sent))},
                "last": SEQ,
                "gone": {
                    "const": True,
                    "description": "Some of what was asked for is no longer held.",
                },
            },
            ("messages", "last"),
        ),
        "Line": {
            "oneOf": [
                object_of({"type": {"const": "received"}, "id": ID}, ("type", "id")),
                object_of({"type": {"const": "wait"}, "id": ID}, ("type", "id")),
                object_of({"type": {"const": "reply"}, **sent}, ("type", *sent)),
                object_of({"type": {"const": "done"}, "id": ID, "seq": SEQ}, ("type", "id", "seq")),
                object_of(
                    {
                        "type": {"const": "error"},
                        "id": ID,
                        "error": text,
                        "message": text,
                        "retry_after": {
                            "type": "integer",
                            "description": "Seconds after which to try again, where that is known.",
                        },
                    },
                    ("type", "id", "error", "message"),
                ),
            ]
        },
        "Said": object_of(
            {
                "text": {**text, "description": "The message as plain text, complete by itself."},
                "buttons": {"type": "array", "items": button},
                "reply": {"oneOf": [ref("Reply"), {"type": "null"}]},
            },
            ("text", "buttons", "reply"),
        ),
        "Reply": {
            "type": "object",
            "description": "The same message with its parts. More may be added.",
            "required": ["kind", "headline", "points", "contacts", "sources", "choices"],
            "properties": {
                "kind": text,
                "headline": text,
                "label": maybe,
                "points": {"type": "array", "items": ref("Statement")},
                "differs": {"type": "array", "items": ref("Statement")},
                "contacts": {"type": "array", "items": ref("Contact")},
                "notes": texts,
                "sources": texts,
                "choices": {"type": "array", "items": button},
                "topic": maybe,
                "area": {"oneOf": [area_of(areas, "What it is about."), {"type": "null"}]},
                "closing": maybe,
                "plain": maybe,
                "checklist": {"oneOf": [ref("Checklist"), {"type": "null"}]},
                "downloads": {"type": "array", "items": ref("Download")},
            },
        },
        "Statement": object_of(
            {
                "text": text,
                "cites": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 0},
                    "description": "Indexes into the reply's sources.",
                },
            },
            ("text", "cites"),
        ),
        "Contact": object_of(
            {
                "id": text,
                "name": text,
                "purpose": text,
                **dict.fromkeys(("number", "email", "web", "hours", "note"), maybe),
            },
            ("id", "name", "purpose"),
        ),
        "Checklist": {
            "type": "object",
            "description": "A question whose lines are ticked in one message, sent as the payload "
            '/screening_answer{"question": ID, "answer": "{\\"line\\": \\"state\\"}"}.',
            "required": ["question", "ticks", "states"],
            "properties": {
                "question": text,
                "ticks": {
                    "type": "array",
                    "items": object_of(
                        {"id": text, "title": text, "state": maybe}, ("id", "title", "state")
                    ),
                },
                "states": {"type": "array", "items": pair},
            },
        },
        "Download": object_of({"kind": {"enum": list(KINDS)}, "title": text}, ("kind", "title")),
        "Health": {
            "type": "object",
            "required": ["status", "service", "model", "uptime_seconds", "services"],
            "properties": {
                "status": {"const": "ok"},
                "service": {"const": "waymark"},
                "model": text,
                "uptime_seconds": {"type": "integer", "minimum": 0},
                "services": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["status"],
                        "properties": {"status": text},
                    },
                },
            },
        },
        "Error": object_of(
            {
                "error": {"enum": sorted(SENTENCES)},
                "message": {**text, "description": "A sentence for the person, with 999 in it."},
            },
            ("error", "message"),
        ),
    }


def object_of(properties: Schema, required: Iterable[str] = ()) -> Schema:
    """An object with these properties, of which some are required."""
    needed = list(required)
    return {
        "type": "object",
        "properties": properties,
        **({"required": needed} if needed else {}),
    }


def area_of(areas: list[tuple[str, str]], meaning: str) -> Schema:
    """The id of an area."""
    names = ", ".join(name for _, name in areas)
    return {"enum": [area for area, _ in areas], "description": f"{meaning} One of: {names}."}


def ref(name: str) -> Schema:
    """A reference to one of `schemas`."""
    return {"$ref": f"#/components/schemas/{name}"}
