"""An event is stored without what it repeats, and is read as it was."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.store.event_texts import UnreadableEventError, compacted, replies_named, restored
from bot.store.repeated_texts import with_repeats, without_repeats
from bot.store.usual_values import UnusualError

#: Rows of an earlier version: guidance, a route and a screening that nobody lived through.
EARLIER = Path(__file__).parents[1] / "data" / "events_stored_earlier.json"

METADATA = {"model_id": "a model", "assistant_id": "waymark"}
CHOICES = [{"title": "Who to ring", "payload": '/ask{"topic": "who_to_ring"}'}]
LONG = "Ring the team now: it is the line for any concern about a child."
LINES = [LONG, f"• {LONG}", f"Luton: {LONG} Ring: it is the line for any concern, {LONG}", "",
         "1. Who (it is the line for any concern about a", "Ring: the team. Ring: the team."]  # fmt: skip
REPLY = {
    "kind": "route", "headline": LONG, "points": [], "differs": [], "contacts": [], "notes": [],
    "sources": [], "choices": [], "topic": None, "area": None, "label": None, "closing": None,
    "checklist": None, "downloads": [], "plain": None,
}  # fmt: skip
DATA = {
    "elements": None, "quick_replies": None, "buttons": None, "attachment": None, "image": None,
    "custom": None,
}  # fmt: skip
SCREENING = {
    "answers": {"area": "luton"}, "stage": "asking", "changing": None, "level": None,
    "reason": None, "misses": 0, "version": "2026.1", "suggested": {}, "key": None,
}  # fmt: skip


def nobody_begins(_: Any) -> bool:
    return False


def exact(events: list[dict[str, Any]]) -> list[str]:
    """Events as texts in which 1, 1.0 and true are three values.

    The order of names is left out where it says nothing: in the event itself and its metadata.
    """
    return [
        json.dumps(
            [
                sorted(
                    (name, json.dumps(value)) for name, value in one.items() if name != "metadata"
                ),
                json.dumps(one.get("metadata", "none"), sort_keys=True),
            ]
        )
        for one in events
    ]


names = st.sampled_from(
    ["text", "buttons", "custom", "without", "pieces", "whole", "said", "event", "slot", "x"]
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from([0.0, 1.0])
    | st.text("abé…=", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=6,
)


def near(usual: dict[str, Any], **others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects with what is usual, without some of it, and with something else in its place."""
    return st.fixed_dictionaries(
        {},
        optional={
            name: st.just(value) | others.get(name, json_values) for name, value in usual.items()
        }
        | {"without": st.just(["kind"]), "x": json_values},
    ) | st.fixed_dictionaries(
        {name: others.get(name, st.just(value)) for name, value in usual.items()}
    )


def events_of(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Events of a kind with these fields, or without some of them."""
    first = {"event": st.just(kind)}
    both = {"timestamp": times, "metadata": metadata}
    return st.fixed_dictionaries(first | both | fields) | st.fixed_dictionaries(
        first, optional=both | fields | {"x": json_values, kind: json_values, "said": json_values}
    )


times = (
    st.floats(1.7e9, 1.9e9)
    | st.integers(0, 10**8).map(lambda ticks: 1795355949 + ticks / 10**7)
    | st.sampled_from([0.0, 1.0, 1e300, -1.5, 5e-324, 7, True, None])
)
metadata = st.sampled_from(
    [None, {}, METADATA, METADATA | {"utter_action": "utter_greet"}, {"model_id": "another"},
     METADATA | {"model_id": True}, METADATA | {"model_id": 1}, {"without": []}]
)  # fmt: skip
lines = st.sampled_from(LINES)
points = st.lists(near({"text": "", "cites": []}, text=lines), max_size=3)
replies = near(
    REPLY,
    kind=st.sampled_from(["answer", "route"]),
    headline=lines,
    points=points | points.map(tuple),
    sources=st.lists(lines, max_size=3),
    plain=st.none() | st.lists(lines, max_size=4).map("\n".join),
    choices=st.sampled_from([CHOICES, tuple(CHOICES), [], ()]),
    checklist=st.none() | near({"question": "a", "ticks": [{"id": "b", "state": None}]}),
)
messages = events_of(
    "user",
    text=st.sampled_from(["(not kept)", "=", ""]),
    message_id=st.sampled_from(["one", "", None]),
    parse_data=st.none()
    | near(
        {"intent": {"name": "ask", "confidence": 1.0}, "entities": [], "text": "(not kept)",
         "message_id": "one", "metadata": {}}
    ),
)  # fmt: skip
actions = events_of(
    "action",
    name=st.sampled_from(["action_listen", "action_answer"]),
    policy=st.sampled_from(["RulePolicy", None]),
    confidence=st.sampled_from([1.0, 1, True, 0.5, None]),
    action_text=st.sampled_from([None, "said"]),
    hide_rule_turn=st.sampled_from([False, True, 0]),
)
utterances = events_of(
    "bot",
    text=st.lists(lines, max_size=4).map("\n".join) | st.none(),
    data=st.none()
    | near(
        DATA,
        buttons=st.sampled_from([None, CHOICES, tuple(CHOICES), [], ()]),
        custom=st.none() | st.fixed_dictionaries({"reply": json_values | replies}),
    ),
)
slots = events_of(
    "slot",
    name=st.sampled_from(["screening", "topic"]),
    value=json_values | near(SCREENING),
)
whatever = (
    st.sampled_from(["event", "timestamp", "metadata", "whole", "said", "without", ""]).map(
        lambda kind: {"event": kind, "timestamp": 1.0}
    )
    | events_of("user_featurization", use_text_for_featurization=st.sampled_from([False, 0]))
    | st.fixed_dictionaries({"event": json_values, "timestamp": times, "metadata": json_values})
)


@given(st.lists(messages | actions | utterances | slots | whatever, max_size=8), st.integers(0, 7))
def test_what_is_read_is_what_was_stored(events: list[dict[str, Any]], begins: int) -> None:
    """Whatever an event holds; and what begins a session can be read without what was before."""
    start = events[begins] if begins < len(events) else None
    short = compacted(events, lambda one: one is start)
    assert replies_named(short.lines) >= set(short.replies)
    assert exact(restored(short.lines, short.replies)) == exact(events)
    if start is not None:
        after = restored(short.lines[begins:], short.replies)
        assert exact(after) == exact(events[begins:])


@given(st.lists(st.lists(messages | utterances, max_size=3), max_size=3))
def test_rows_are_read_one_after_another(rows: list[list[dict[str, Any]]]) -> None:
    short = [compacted(row, nobody_begins) for row in rows]
    shared = {key: reply for one in short for key, reply in one.replies.items()}
    read = restored([line for one in short for line in one.lines], shared)
    assert exact(read) == exact([event for row in rows for event in row])


@given(st.lists(lines | st.lists(lines, max_size=6).map(" ".join) | st.text(max_size=40)))
@example(["abcdefghij" * 3, "abcdefghij" * 2, "abcdefghij" * 4])
@example([LONG, LONG[:-1], LONG + LONG, f"({LONG[:40]}"])
def test_a_text_in_pieces_is_the_same_text(texts: list[str]) -> None:
    assert with_repeats(json.loads(json.dumps(without_repeats(texts)))) == texts


def test_a_text_in_pieces_can_be_followed() -> None:
    texts = [LONG, "Where:", f"• {LONG} [1]\n• It is the line for any concern about a place."]
    assert without_repeats(texts) == [
        LONG, "Where:", {"pieces": ["• ", 0, " [1]\n• It is the line for any concern about a place."]}
    ]  # fmt: skip
    assert without_repeats([LONG, f"Luton: {LONG[19:-6]} place."])[1] == {
        "pieces": ["Luton: ", [0, 19, 58], " place."]
    }


def test_names_that_say_something_of_a_text_are_refused() -> None:
    with pytest.raises(UnusualError):
        without_repeats({"points": [{"pieces": []}]})


def test_a_time_is_read_to_the_last_digit() -> None:
    times = [1795355949.9658756, 1795355949.9658918, 1795355950.0, 1795355949.1, 0.1, math.pi]
    events = [{"event": "x", "timestamp": time} for time in times]
    short = compacted(events, nobody_begins).lines
    assert short[1] == '{"x":162}'
    assert [one["timestamp"] for one in restored(short, {})] == times


def test_a_turn_is_written_without_what_is_usual() -> None:
    reading = {"intent": {"name": "ask", "confidence": 0.5}, "entities": [], "text": "(not kept)",
               "message_id": "one", "metadata": {}}  # fmt: skip
    turn = [
        {"event": "user", "timestamp": 1.0, "metadata": METADATA, "text": "(not kept)",
         "parse_data": reading, "input_channel": "web", "message_id": "one"},
        {"event": "bot", "timestamp": 1.5, "metadata": METADATA, "text": LONG,
         "data": DATA | {"buttons": CHOICES, "custom": {"reply": REPLY | {"choices": CHOICES}}}},
        {"event": "slot", "timestamp": 1.5, "metadata": METADATA, "name": "screening",
         "value": SCREENING},
        {"event": "action", "timestamp": 1.6, "metadata": METADATA, "name": "action_listen",
         "policy": "RulePolicy", "confidence": 1.0, "action_text": None, "hide_rule_turn": False},
    ]  # fmt: skip
    metadata = json.dumps(METADATA, separators=(",", ":"))
    choices = json.dumps(CHOICES, separators=(",", ":"))
    assert compacted(turn, nobody_begins).lines == [
        f'{{"user":1.0,"metadata":{metadata},"parse_data":{{"intent":{{"name":"ask",'
        '"confidence":0.5}},"message_id":"one"}',
        f'{{"bot":5000000,"data":{{"buttons":{choices},"custom":{{"reply":{{"kind":"route",'
        f'"headline":"{LONG}"}}}}}},"text":{{"pieces":[3]}}}}',
        '{"slot":0,"name":"screening","value":{"answers":{"area":"luton"},"version":"2026.1"}}',
        '{"action":1000000}',
    ]


def test_what_is_a_tuple_before_it_is_json_is_usual_too() -> None:
    in_tuples = REPLY | {"points": ({"text": LONG, "cites": ()},), "sources": ()}
    in_lists = REPLY | {"points": [{"text": LONG, "cites": []}], "sources": []}
    told, read = (
        {"event": "bot", "timestamp": 1.0, "text": "", "data": DATA | {"custom": {"reply": reply}}}
        for reply in (in_tuples, in_lists)
    )
    short = compacted([told], nobody_begins)
    assert short == compacted([read], nobody_begins)
    assert restored(short.lines, {}) == [read]


def test_what_an_earlier_version_shortened_is_read() -> None:
    earlier = json.loads(EARLIER.read_text(encoding="utf-8"))
    lines = [line for row in earlier["rows"] for line in row]
    assert replies_named(lines) == set(earlier["replies"])
    assert exact(restored(lines, earlier["replies"])) == exact(earlier["events"])
    # a conversation goes on after an upgrade
    now = compacted(earlier["events"], nobody_begins)
    both = restored(lines + now.lines, earlier["replies"] | now.replies)
    assert exact(both) == exact(earlier["events"] * 2)
    stored = sum(map(len, lines))
    assert sum(map(len, now.lines)) < 0.75 * stored, "it takes less room than it did"


@pytest.mark.parametrize(
    "line",
    [
        "", "[]", "{}", "1", "null", '"event"', '{"event":"slot","metadata":true}',
        '{"event":"bot","said":"0"}', '{"bot":1.0,"said":"0"}', '{"action":5}', '{"action":true}',
        '{"action":null}', '{"action":"1"}', '{"whole":1}', '{"bot":1.0,"text":{"pieces":[0]}}',
        '{"bot":1.0,"data":["a"],"text":{"pieces":[[0,0,2]]}}',
        '{"bot":1.0,"data":["a"],"text":{"pieces":[-1]}}',
        '{"bot":1.0,"data":["a"],"text":{"pieces":[[0,1]]}}',
        '{"bot":1.0,"data":["a"],"text":{"pieces":[null]}}', '{"action":1.0,"without":1}',
    ],
)  # fmt: skip
def test_a_damaged_line_is_said_to_be(line: str) -> None:
    with pytest.raises(UnreadableEventError):
        restored([line], {})


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_line_that_is_missing_is_noticed(kept: int) -> None:
    """What goes on from a line that cannot be gone on from."""
    whole = compacted([{"event": "a", "timestamp": 1.0}, {"event": "b", "timestamp": 2.0}],
                      nobody_begins).lines  # fmt: skip
    before = [[], ['{"whole":{"event":"x","timestamp":1.0}}'], ['{"event":"x","timestamp":1.0}']]
    with pytest.raises(UnreadableEventError):
        restored([*before[kept], whole[1]], {})
