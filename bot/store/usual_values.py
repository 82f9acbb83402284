"""What events hold unless they say otherwise: it is not written, and is put back when one is read.

Stored rows rely on the values below. A value that is changed or added here would be put into events
that were stored without it, so they stay as they are: what is new in an event is simply written.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import eq
from types import MappingProxyType
from typing import Any, NamedTuple

#: Where an object says which usual names it does not have, or not in their place.
WITHOUT = "without"


class UnusualError(Exception):
    """An object that uses a name which says something about the object."""


class Usual(NamedTuple):
    """What an object holds unless it says otherwise.

    The usual names come first in it, in the order of `values`; one whose names are in `any_order`
    is read with those first all the same. `inside` is the same for the objects under a name of it,
    one alone or several in a list.
    """

    values: Mapping[str, Any]
    inside: Mapping[str, Usual] = MappingProxyType({})
    any_order: bool = False


_SCREENING = Usual(
    {
        "answers": {},
        "stage": "asking",
        "changing": None,
        "level": None,
        "reason": None,
        "misses": 0,
        "version": None,
        "suggested": {},
        "key": None,
    }
)
_SLOTS = {"screening": _SCREENING}
_STATEMENT = Usual({"text": None, "cites": []})
_CONTACT = Usual(
    {
        "id": None,
        "name": None,
        "purpose": None,
        "number": None,
        "email": None,
        "web": None,
        "hours": None,
        "note": None,
    }
)
_REPLY: Mapping[str, Any] = {
    "kind": None,
    "headline": None,
    "points": [],
    "differs": [],
    "contacts": [],
    "notes": [],
    "sources": [],
    "choices": [],
    "topic": None,
    "area": None,
    "label": None,
    "closing": None,
    "checklist": None,
    "downloads": [],
    "plain": None,
}
_IN_REPLY = {
    "points": _STATEMENT,
    "differs": _STATEMENT,
    "contacts": _CONTACT,
    "checklist": Usual(
        {"question": None, "ticks": []},
        {"ticks": Usual({"id": None, "title": None, "state": None})},
    ),
}
_DATA = {
    "elements": None,
    "quick_replies": None,
    "buttons": None,
    "attachment": None,
    "image": None,
    "custom": None,
}
_ACTION = {
    "name": "action_listen",
    "policy": "RulePolicy",
    "confidence": 1.0,
    "action_text": None,
    "hide_rule_turn": False,
}
_USER = {
    "text": "(not kept)",
    "parse_data": None,
    "input_channel": "web",
    "message_id": None,
}


def usual_event(kind: str, event: Mapping[str, Any], metadata: Any) -> Usual:
    """What an event of a kind holds unless it says otherwise.

    `event` is the event, or what `less` left of it; `metadata` that of the event before, or None
    where there is none. A message's reading repeats the message, and a reply its buttons.
    """
    values: dict[str, Any] = {}
    inside: dict[str, Usual] = {}
    if isinstance(metadata, dict):
        values["metadata"] = metadata
        inside["metadata"] = Usual(metadata, any_order=True)
    if kind == "action":
        values |= _ACTION
    elif kind == "user":
        values |= _USER
        reading = {
            "intent": None,
            "entities": [],
            "text": event.get("text", _USER["text"]),
            "message_id": event.get("message_id"),
            "metadata": {},
        }
        inside["parse_data"] = Usual(reading, {"intent": Usual({"name": None, "confidence": 1.0})})
    elif kind == "user_featurization":
        values["use_text_for_featurization"] = False
    elif kind == "slot":
        name = event.get("name")
        if isinstance(name, str) and name in _SLOTS:
            inside["value"] = _SLOTS[name]
    elif kind == "bot":
        inside["data"] = _usual_data(event.get("data"))
    return Usual(values, inside, any_order=True)


def _usual_data(data: Any) -> Usual:
    buttons = data.get("buttons") if isinstance(data, dict) else None
    reply = {**_REPLY, "choices": buttons if isinstance(buttons, list | tuple) else []}
    return Usual(_DATA, {"custom": Usual({}, {"reply": Usual(reply, _IN_REPLY)})})


def less(whole: Mapping[str, Any], usual: Usual) -> dict[str, Any]:
    """An object without what is usual. Raises UnusualError where that could not be read again."""
    if WITHOUT in whole:
        raise UnusualError
    missing = _missing(whole, usual)
    short: dict[str, Any] = {}
    for name, value in whole.items():
        if name not in missing and name in usual.values and _is_same(value, usual.values[name]):
            continue
        short[name] = _less_inside(value, usual.inside[name]) if name in usual.inside else value
    if missing:
        short[WITHOUT] = missing
    return short


def _missing(whole: Mapping[str, Any], usual: Usual) -> list[str]:
    """The usual names that are not to be put first, in their order: all, where none may be."""
    missing = [name for name in usual.values if name not in whole]
    if usual.any_order:
        return missing
    first = (name for name in usual.values if name in whole)
    return missing if all(map(eq, first, whole)) else list(usual.values)


def more(short: Mapping[str, Any], usual: Usual) -> dict[str, Any]:
    """The object of which `less` left `short`."""
    missing = short.get(WITHOUT, ())
    whole = {name: _own(value) for name, value in usual.values.items() if name not in missing}
    for name, value in short.items():
        if name in usual.inside:
            value = _more_inside(value, usual.inside[name])
        if name != WITHOUT:
            whole[name] = value
    return whole


def _less_inside(value: Any, usual: Usual) -> Any:
    if isinstance(value, dict):
        return less(value, usual)
    if isinstance(value, list | tuple):
        return [less(one, usual) if isinstance(one, dict) else one for one in value]
    return value


def _more_inside(value: Any, usual: Usual) -> Any:
    if isinstance(value, dict):
        return more(value, usual)
    if isinstance(value, list):
        return [more(one, usual) if isinstance(one, dict) else one for one in value]
    return value


def _own(value: Any) -> Any:
    """A value that may be changed without changing what is usual."""
    return value.copy() if isinstance(value, dict | list) else value


def _is_same(one: Any, other: Any) -> bool:
    """Whether JSON makes the same of two values: 1, 1.0 and true are three, () and [] are one."""
    if one is other:
        return True
    if isinstance(one, tuple):
        one = list(one)
    if isinstance(other, tuple):
        other = list(other)
    if type(one) is not type(other) or one != other:
        return False
    # equal, so it is only left to see whether what they hold is of the same types
    if isinstance(one, dict):
        return all(_is_same(value, other[name]) for name, value in one.items())
    return not isinstance(one, list) or all(map(_is_same, one, other))
