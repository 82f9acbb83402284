"""Parses of what is said and asked after danger: the call, its end, the area, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.guidance.conversation import OTHER_AREA, WHO_TO_RING
from bot.safety.replies import Follows
from bot.safety.still_danger import Still
from bot.serving.after_danger_wordings import (
    asks_next,
    asks_of_form,
    asks_to_refer,
    asks_what_to_tell,
    goes_on,
)
from bot.serving.parses import entities_of, likeliest_topic, really_asks, sure_intent
from bot.serving.passed_danger import Passed
from bot.serving.standing import DANGER, FOLLOWS, OF_THE_ALARM, STILL, Standing

#: The topic that was under way when the alarm was raised; offered once 999 was rung.
GO_ON = "go_on"
#: Intents of messages that nothing was understood of, so that an area in them counts.
_LOST = frozenset(
    {"help", "bot_challenge", "nlu_fallback", "out_of_scope", "other_language", "affirm", "deny"}
)
#: How surely something must be asked beside the call to be answered too.
_SURELY = 0.5
#: How surely a topic must be named beside an area to be more than a word of the story.
_SURELY_NAMED = 0.7
#: What is said of an adult, beside 999.
_OF_ADULTS = "gap_adults"
#: Answers to the two.
_FIRST_STEP, _TO_TELL = "first_step", ("context_information", WHO_TO_RING)


def not_reached(standing: Standing) -> dict[str, Any]:
    """The parse of a message that tells that danger goes on: ring 999, again."""
    return still_in_danger(standing, "goes_on")


def still_in_danger(
    standing: Standing, still: Still, beside: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The parse of a message that tells something of danger that goes on: ring 999, and how.

    `beside` is what the rest of it was understood as: a question that is sure is answered too.
    """
    parse = {**_of_danger(standing), FOLLOWS: "again", STILL: still}
    if standing.question and still == "hesitates":
        # it was only asked about: nobody is ordered to ring
        parse["entities"] += entities_of({"question": "yes"})
    if still == "adult":
        parse["questions"] = [surely_about(_OF_ADULTS)]
    elif beside is not None:
        parse["entities"] += [one for one in beside["entities"] if one["entity"] == "area"]
        _ask_beside(parse, beside)
    return parse


def _of_danger(standing: Standing) -> dict[str, Any]:
    """The parse of what follows an alarm of danger."""
    kind = standing.kind if standing.kind in DANGER else "immediate_danger"
    writer = {"about_writer": "yes"} if standing.about_writer or standing.child else {}
    return sure_intent("alarm", {"alarm": str(kind), **writer})


def tells_area(parse: Mapping[str, Any], standing: Standing, text: str | None) -> bool:
    """Whether a message after an alarm only tells the area, for which its numbers are wanted.

    `text` is what was typed, or None for a button.
    """
    if not standing.wants_area or standing.asked:
        return False
    if not any(one["entity"] == "area" for one in parse["entities"]):
        return False
    intent = parse["intent"]
    if intent["name"] in ("in_area", "compare_areas"):
        return True
    if text is None or intent["name"] not in {"ask", *_LOST} or really_asks(text):
        return False
    unsure = intent["confidence"] < _SURELY_NAMED or likeliest_topic(parse) == OTHER_AREA
    return unsure or intent["name"] != "ask"


def again(standing: Standing, told: Mapping[str, Any]) -> dict[str, Any]:
    """The parse that says the alarm again for the areas told in another: what holds by now."""
    kind = {"alarm": str(standing.kind)}
    if standing.question:
        kind["question"] = "yes"
    parse = {**sure_intent("alarm", kind), FOLLOWS: standing.told or "again"}
    parse["entities"] += [one for one in told["entities"] if one["entity"] == "area"]
    return parse


def asked_next(text: str) -> dict[str, Any] | None:
    """The parse of what is asked of the time after an alarm: what next, and what to tell whom."""
    if asks_next(text):
        return sure_intent("ask", {"topic": _FIRST_STEP})
    if not asks_what_to_tell(text):
        return None
    return {**sure_intent("ask", {}), "questions": [surely_about(topic) for topic in _TO_TELL]}


def way_back(standing: Standing, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The parse that goes back to what was under way before the alarm; where nothing was, on."""
    topic = topic_before(standing, slots)
    if topic is not None:
        return sure_intent("ask", {"topic": topic})
    return sure_intent("ask_route" if slots.get("route_case") else "affirm", {})


def topic_before(standing: Standing, slots: Mapping[str, Any]) -> str | None:
    """The topic to go back to: the last one that is not a part of the alarm itself."""
    now = slots.get("topic")
    return standing.topic if now is None or now in OF_THE_ALARM else str(now)


def rung(
    standing: Standing,
    slots: Mapping[str, Any],
    beside: Mapping[str, Any] | None,
    areas: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The parse of a message that tells that 999 was rung.

    `beside` is what the rest of it was understood as: a question that is sure is answered too.
    `areas` are the entities of areas in the whole message.
    """
    return _followed(standing, slots, "rung", beside, areas)


def passed(
    standing: Standing,
    slots: Mapping[str, Any],
    found: Passed,
    beside: Mapping[str, Any] | None,
    areas: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The parse of a message that takes the alarm back, as `rung` is for one that tells of a call.

    Who asks in it whether to refer all the same is told so; who wants to go on, goes on.
    """
    how: Follows = "mistaken" if found.mistaken else "passed"
    if how == "passed" and asks_to_refer(found.rest):
        # how the form is filled in is answered beside it
        form = beside if asks_of_form(found.rest) else None
        return _followed(standing, slots, "refer", form, areas)
    if asks_next(found.rest.strip()):
        beside = {**sure_intent("ask", {}), "questions": [surely_about(_FIRST_STEP)]}
    topic = topic_before(standing, slots)
    if goes_on(found.rest) and topic is not None:
        beside = {**sure_intent("ask", {}), "questions": [surely_about(topic)]}
    return _followed(standing, slots, how, beside, areas)


def asked_whether_to_refer(standing: Standing, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The parse of “do I still refer?” after the danger is over."""
    return _followed(standing, slots, "refer", None, ())


def _followed(
    standing: Standing,
    slots: Mapping[str, Any],
    how: Follows,
    beside: Mapping[str, Any] | None,
    areas: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The parse of what is said of the alarm, with the way back and what is surely asked beside."""
    parse = {**_of_danger(standing), FOLLOWS: how}
    parse[GO_ON] = topic_before(standing, slots)
    parse["entities"] += areas
    if beside is not None:
        parse["entities"] += [one for one in beside["entities"] if one["entity"] != "area"]
        _ask_beside(parse, beside)
    return parse


def _ask_beside(parse: dict[str, Any], beside: Mapping[str, Any]) -> None:
    """Put what is surely asked beside something else into its parse."""
    if beside["intent"]["name"] == "ask" and beside["intent"]["confidence"] >= _SURELY:
        parse["questions"] = [
            {**one, "topics": one["topics"][:1]} for one in beside.get("questions", ())
        ]


def surely_about(topic: str) -> dict[str, Any]:
    """A question of a parse that is surely about one topic."""
    return {"areas": [], "topics": [{"topic": topic, "confidence": 1.0}]}
