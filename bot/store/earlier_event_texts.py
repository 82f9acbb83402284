"""Events as earlier versions stored them: read for as long as their conversations live."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

#: Stood in the place of what is the same as before.
_SAME = True
#: What events of a type held unless they said otherwise.
_USUAL: Mapping[str, Mapping[str, Any]] = {
    "action": {
        "policy": "RulePolicy",
        "confidence": 1.0,
        "action_text": None,
        "hide_rule_turn": False,
    },
    "user_featurization": {"use_text_for_featurization": False},
}


def restored_earlier(
    event: dict[str, Any], before: Mapping[str, Any] | None, replies: Mapping[str, str]
) -> dict[str, Any]:
    """An event as it was, of a line that an earlier version stored.

    `before` is the event before it, whole, or None; `replies` are the shared replies by their keys.
    Raises ValueError, TypeError, KeyError, IndexError or AttributeError when it is damaged.
    """
    if event.get("metadata") is _SAME:
        if before is None:
            raise ValueError("there is no event before it")
        event["metadata"] = before["metadata"]
    for name, value in _USUAL.get(event["event"], {}).items():
        event.setdefault(name, value)
    if event["event"] == "user":
        _lengthen_message(event)
    elif event["event"] == "bot":
        _lengthen_reply(event, replies)
    return event


def _lengthen_message(event: dict[str, Any]) -> None:
    reading = event.get("parse_data")
    if isinstance(reading, dict):
        for name in ("text", "message_id"):
            if reading.get(name) is _SAME:
                reading[name] = event[name]


def _lengthen_reply(event: dict[str, Any], replies: Mapping[str, str]) -> None:
    if "said" in event:
        event |= json.loads(replies[event.pop("said")])
    data = event.get("data")
    if isinstance(data, dict) and data.get("buttons") is _SAME:
        data["buttons"] = data["custom"]["reply"]["choices"]
    if isinstance(event.get("text"), list):
        reply = event["data"]["custom"]["reply"]
        strings = list(_strings(reply))
        event["text"] = "\n".join(
            line if isinstance(line, str) else line[0] + strings[line[1]] for line in event["text"]
        )
        if reply.get("plain") is _SAME:
            reply["plain"] = event["text"]


def _strings(value: Any) -> Iterator[str]:
    """The strings of a JSON value, in its order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
