"""Events of a conversation as they are stored: nothing twice, and nothing left out.

What an event repeats of the one before it, of itself, or of every event of its type is not written.
What the guide says out of its documents is the same for all who ask, so it is kept once, under a
hash of its content, and the event holds that. A reply with something of one person's case in it
stays with its conversation.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Kinds of replies that are made of the guidance alone, without anything of a person's case.
SHARED_KINDS = frozenset(
    {
        "answer", "area_set", "changes", "compare_what", "contact", "more", "near_danger",
        "not_in_source", "nothing_yet", "route_area", "route_level", "safe_message",
        "screening_question", "screening_start", "screening_why", "sources", "term", "unsure",
        "which_area",
    }
)  # fmt: skip

#: Written in the place of what is the same as before; no event has it there otherwise.
SAME = True
#: What events of a type hold unless they say otherwise.
USUAL: Mapping[str, Mapping[str, Any]] = {
    "action": {
        "policy": "RulePolicy",
        "confidence": 1.0,
        "action_text": None,
        "hide_rule_turn": False,
    },
    "user_featurization": {"use_text_for_featurization": False},
}
#: What a message repeats inside its reading, and a reply inside its buttons.
_REPEATED = ("text", "message_id")
#: What may stand in a line of a reply's text before a string of the reply.
_BEGINNING = re.compile(r"[•☎✉↗:.] ")
_KEY = re.compile(r'"said":"([0-9a-f]{32})"')


class UnreadableEventError(ValueError):
    """A stored event that is not as `compacted` writes them."""


@dataclass
class Compacted:
    """Events to be stored: a line of JSON for each, and the shared replies that they name."""

    lines: list[str] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)


def compacted(
    events: Sequence[Mapping[str, Any]], begins: Callable[[Mapping[str, Any]], bool]
) -> Compacted:
    """Events, as Rasa's `as_dict` gives them, without what they repeat.

    An event for which `begins` is true can be read without those before it. Raises TypeError and
    ValueError where JSON cannot carry one.
    """
    done = Compacted()
    before: Any = None
    for index, event in enumerate(events):
        short = dict(event)
        metadata = short.get("metadata")
        if index and metadata and metadata == before and not begins(event):
            short["metadata"] = SAME
        before = metadata
        for name, value in USUAL.get(str(event.get("event")), {}).items():
            if name in short and short[name] == value and type(short[name]) is type(value):
                del short[name]
        if event.get("event") == "user":
            _shorten_message(short)
        elif event.get("event") == "bot":
            _shorten_reply(short, done.replies)
        done.lines.append(_json(short))
    return done


def replies_named(lines: Iterable[str]) -> set[str]:
    """The keys of the shared replies that stored events name."""
    return {key for line in lines for key in _KEY.findall(line)}


def restored(lines: Iterable[str], replies: Mapping[str, str]) -> list[dict[str, Any]]:
    """The events that were stored, whole. `replies` holds those that `replies_named` found.

    Raises UnreadableEventError when a line, or a reply that it names, is missing or damaged.
    """
    events: list[dict[str, Any]] = []
    for line in lines:
        try:
            event = json.loads(line)
            if event.get("metadata") is SAME:
                event["metadata"] = events[-1]["metadata"]
            for name, value in USUAL.get(event["event"], {}).items():
                event.setdefault(name, value)
            if event["event"] == "user":
                _lengthen_message(event)
            elif event["event"] == "bot":
                _lengthen_reply(event, replies)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise UnreadableEventError("a stored event cannot be read") from error
        events.append(event)
    return events


def _shorten_message(event: dict[str, Any]) -> None:
    reading = event.get("parse_data")
    if not isinstance(reading, dict):
        return
    event["parse_data"] = {
        name: SAME if name in _REPEATED and value and value == event.get(name) else value
        for name, value in reading.items()
    }


def _lengthen_message(event: dict[str, Any]) -> None:
    reading = event.get("parse_data")
    if isinstance(reading, dict):
        for name in _REPEATED:
            if reading.get(name) is SAME:
                reading[name] = event[name]


def _shorten_reply(event: dict[str, Any], replies: dict[str, str]) -> None:
    data = event.get("data")
    reply = (data.get("custom") or {}).get("reply") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(reply, dict):
        return
    if reply.get("kind") in SHARED_KINDS:
        content = _json({"text": event.pop("text"), "data": event.pop("data")})
        key = hashlib.sha256(content.encode()).hexdigest()[:32]
        replies[key] = content
        event["said"] = key
        return
    if data.get("buttons") and data["buttons"] == reply.get("choices"):
        event["data"] = data | {"buttons": SAME}
    if isinstance(event.get("text"), str):
        if reply.get("plain") == event["text"]:
            reply = reply | {"plain": SAME}
            event["data"] = event["data"] | {"custom": data["custom"] | {"reply": reply}}
        event["text"] = _by_place(event["text"], list(_strings(reply)))


def _lengthen_reply(event: dict[str, Any], replies: Mapping[str, str]) -> None:
    if "said" in event:
        event |= json.loads(replies[event.pop("said")])
    data = event.get("data")
    if isinstance(data, dict) and data.get("buttons") is SAME:
        data["buttons"] = data["custom"]["reply"]["choices"]
    if isinstance(event.get("text"), list):
        reply = event["data"]["custom"]["reply"]
        strings = list(_strings(reply))
        event["text"] = "\n".join(
            line if isinstance(line, str) else line[0] + strings[line[1]] for line in event["text"]
        )
        if reply.get("plain") is SAME:
            reply["plain"] = event["text"]


def _by_place(text: str, strings: Sequence[str]) -> list[str | list[str | int]]:
    """The lines of a text; one that ends with a string of its reply as its beginning and a place.

    The plain text of a reply is made of the reply's own strings: “• ” and a point, a label and the
    headline, a number and a source.
    """
    places = {one: place for place, one in reversed(list(enumerate(strings))) if len(one) > 8}
    lines: list[str | list[str | int]] = []
    for line in text.split("\n"):
        starts = {0, *(found.end() for found in _BEGINNING.finditer(line, 0, 80))}
        start = next((one for one in sorted(starts) if line[one:] in places), None)
        lines.append(line if start is None else [line[:start], places[line[start:]]])
    return lines


def _strings(value: Any) -> Iterator[str]:
    """The strings of a JSON value, in its order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
