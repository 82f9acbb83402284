"""Reads what came in a request: a JSON object, and the message in it. Nothing is kept."""

from __future__ import annotations

import json
import math
import re
import secrets
from dataclasses import dataclass
from typing import Any

#: Longest body of a request, in bytes.
LARGEST_BODY = 16_384
#: The files that go with an answer.
KINDS = ("pdf", "word", "calendar", "text")

_PAYLOAD = re.compile(r"/[a-z_]+(\{.*\})?", re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: More messages than a session can have.
_MOST = 2**31


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """A request that is not answered. `name` is one of responses.SENTENCES."""

    def __init__(self, name: str, wait: float = 0.0) -> None:
        super().__init__(name)
        self.name = name
        self.wait = wait

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, where that is known."""
        return {"Retry-After": str(math.ceil(self.wait))} if self.wait else {}


@dataclass(frozen=True)
class Message:
    """What came in one message: either typed `text` or a button's `payload`."""

    id: str
    text: str | None
    payload: str | None
    area: str | None


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Refused for anything else."""
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("not_understood") from None
    if not isinstance(data, dict):
        raise Refused("not_understood")
    return data


def read_message(data: dict[str, Any]) -> Message:
    """The message of an object. Raises Refused when a value is of the wrong kind."""
    text, payload, area, name = (data.get(key) for key in ("text", "payload", "area", "id"))
    if name is None:
        name = secrets.token_urlsafe(16)
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise Refused("not_understood")
    if (text is None) == (payload is None):
        raise Refused("not_understood")
    for value in (text, payload, area):
        if value is not None and (not isinstance(value, str) or "\0" in value):
            raise Refused("not_understood")
    if payload is not None and not is_payload(payload):
        raise Refused("not_understood")
    return Message(name, text, payload, area or None)


def read_after(data: dict[str, Any]) -> int | None:
    """The number of the last message that a page has had, or None. Raises Refused."""
    after = data.get("after")
    if after is None:
        return None
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < _MOST:
        raise Refused("not_understood")
    return after


def read_kind(data: dict[str, Any]) -> str:
    """The kind of file that is asked for, one of KINDS. Raises Refused."""
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Refused("not_understood")
    return kind


def is_payload(payload: str) -> bool:
    """Whether a payload has the form of a button's: `/intent` or `/intent{"entity": "value"}`."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return False
    try:
        values = json.loads(match.group(1) or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(values, dict) and all(isinstance(one, str) for one in values.values())
