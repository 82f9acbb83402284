"""Events of a conversation as they are stored: nothing twice, and nothing left out.

A line of JSON begins with the kind of the event and its time: seconds since 1970, or how many ten
millionths of a second it came after the line before. A line with the time in full can be read
alone. Of what the event before had as metadata, what is usual for an event (`usual_values`) and
what a reply said before (`repeated_texts`), only differences are written. An event that cannot be
told so is written `whole`.

What the guide says out of its documents is the same for all who ask, so it is kept once, under a
hash of its content, and the event holds that. A reply with something of one person's case in it
stays with its conversation.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.store.earlier_event_texts import restored_earlier
from bot.store.repeated_texts import with_repeats, without_repeats
from bot.store.usual_values import WITHOUT, UnusualError, less, more, usual_event

#: Kinds of replies that are made of the guidance alone, without anything of a person's case.
SHARED_KINDS = frozenset(
    {
        "answer", "area_set", "changes", "compare_what", "contact", "more", "near_danger",
        "not_in_source", "nothing_yet", "route_area", "route_level", "safe_message",
        "screening_question", "screening_start", "screening_why", "sources", "term", "unsure",
        "which_area",
    }
)  # fmt: skip

#: In a second: parts in which the time after the event before is counted.
TICKS = 10**7
#: The name of a line that holds an event as it is, and that of a shared reply's key.
WHOLE = "whole"
SAID = "said"
#: Names of a line that no kind and no field of an event may have.
_OURS = frozenset({"event", "timestamp", WHOLE, SAID, WITHOUT})
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_KEY = re.compile(r'"said":"([0-9a-f]{32})"')


class UnreadableEventError(ValueError):
    """A stored event that is not as `compacted` writes them."""


@dataclass
class Compacted:
    """Events to be stored: a line of JSON for each, and the shared replies that they name."""

    lines: list[str] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)


class _Before(NamedTuple):
    """What a line goes on from: the metadata and the time (in ticks) of the event before it."""

    metadata: Any = None
    ticks: int | None = None


def compacted(
    events: Sequence[Mapping[str, Any]],
    begins: Callable[[Mapping[str, Any]], bool],
    is_fixed: Callable[[Mapping[str, Any]], bool] = lambda _: False,
) -> Compacted:
    """Events, as Rasa's `as_dict` gives them, without what they repeat.

    An event for which `begins` is true can be read without those before it. One of the bot's for
    which `is_fixed` is true says the same to all, so it is shared. Raises TypeError and ValueError
    where JSON cannot carry one.
    """
    done = Compacted()
    before = _Before()
    for event in events:
        if begins(event):
            before = _Before()
        try:
            short, before = _short(event, before, done.replies, is_fixed)
        except UnusualError:
            short, before = {WHOLE: event}, _Before()
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
    before = _Before()
    for line in lines:
        try:
            short = json.loads(line)
            if "event" in short:
                event = restored_earlier(short, events[-1] if events else None, replies)
                before = _Before()
            elif WHOLE in short:
                event, before = dict(short[WHOLE]), _Before()
            else:
                event, before = _long(short, before, replies)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise UnreadableEventError("a stored event cannot be read") from error
        events.append(event)
    return events


def _short(
    event: Mapping[str, Any],
    before: _Before,
    replies: dict[str, str],
    is_fixed: Callable[[Mapping[str, Any]], bool],
) -> tuple[dict[str, Any], _Before]:
    """What is written of an event, and what the next one goes on from. Raises UnusualError."""
    fields = dict(event)
    kind, time = fields.pop("event", None), fields.pop("timestamp", None)
    if not isinstance(kind, str) or not isinstance(time, float) or kind in fields:
        raise UnusualError
    if kind in _OURS or not _OURS.isdisjoint(fields):
        raise UnusualError
    ticks = _ticks(time)
    if ticks is None or before.ticks is None:
        before = _Before()
    following = _Before(fields.get("metadata"), ticks)
    key = None
    if kind == "bot" and (_is_guidance(fields) or is_fixed(event)):
        content = _json({"text": fields.pop("text"), "data": fields.pop("data")})
        key = hashlib.sha256(content.encode()).hexdigest()[:32]
    short = less(fields, usual_event(kind, fields, before.metadata))
    if key is not None:
        replies[key] = content
        short[SAID] = key
    elif kind == "bot":
        # the data first: the text is made of it
        said = {name: short.pop(name) for name in ("data", "text") if name in short}
        short |= without_repeats(said)
    passed = None if ticks is None or before.ticks is None else ticks - before.ticks
    return {kind: time if passed is None else passed, **short}, following


def _long(
    short: dict[str, Any], before: _Before, replies: Mapping[str, str]
) -> tuple[dict[str, Any], _Before]:
    """The event of which `_short` left `short`, and what the next one goes on from."""
    kind, time = next(iter(short.items()), (None, None))
    if type(time) is int and before.ticks is not None:
        ticks: int | None = before.ticks + time
        time = (before.ticks + time) / TICKS
    elif isinstance(time, float):
        ticks, before = _ticks(time), _Before()
    else:
        raise ValueError("it has no time")
    fields = {name: value for name, value in short.items() if name != kind}
    said = json.loads(replies[fields.pop(SAID)]) if SAID in fields else {}
    if kind == "bot" and not said:
        fields |= with_repeats({name: fields[name] for name in ("data", "text") if name in fields})
    whole = more(fields, usual_event(str(kind), fields, before.metadata)) | said
    return {"event": kind, "timestamp": time, **whole}, _Before(whole.get("metadata"), ticks)


def _ticks(time: float) -> int | None:
    """A time in ticks; None where they do not give exactly that time again."""
    if not math.isfinite(time):
        return None
    above, below = time.as_integer_ratio()
    ticks = (2 * above * TICKS + below) // (2 * below)
    return ticks if ticks / TICKS == time else None


def _is_guidance(event: Mapping[str, Any]) -> bool:
    """Whether a reply is made of the guidance alone."""
    data = event.get("data")
    custom = data.get("custom") if isinstance(data, dict) else None
    reply = custom.get("reply") if isinstance(custom, dict) else None
    return "text" in event and isinstance(reply, dict) and reply.get("kind") in SHARED_KINDS


def _json(value: Any) -> str:
    return _ENCODER.encode(value)
