"""Who is answered, and as whom, in the messages after an alarm.

Whoever wrote as a child is spoken to as a child until they say that they work with children: no
screening is begun or gone on with, and danger is answered as theirs. A parent keeps the numbers
that are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from bot.guidance.conversation import WHO_TO_RING
from bot.referral.case import Role
from bot.safety import Alarm
from bot.safety.replies import NO_ALARM
from bot.serving.after_danger import again, surely_about, tells_area
from bot.serving.parses import entities_of, likeliest_topic, sure_intent
from bot.serving.standing import DANGER, FOLLOWS, Standing
from bot.serving.works_with_children import only_introduces, works_with_children

#: Under this name a parse says that a child asked for what is for people who work with children.
FOR_WORKERS = "for_workers"
#: Answers to “who helps?”, written for practitioners: not for a child.
HELP_TOPICS = frozenset(
    {"advice_first", "child_wants_help", "first_step", "helplines", "immediate_danger",
     "out_of_hours", "police_101", "receiving_disclosure", "what_is_this", "when_police",
     WHO_TO_RING}
)  # fmt: skip
#: Intents whose answers are the same for everybody.
_FOR_EVERYBODY = frozenset({"start_again", "compare_areas", "explain_term", "alarm"})
#: What only people who work with children do here, beside what steers a screening.
_FOR_WORKERS = frozenset({"start_screening", "ask_route"})
#: Rules of the watch that find whom somebody knows, not who they are: children have neighbours too.
SOMEBODY_KNOWN = frozenset({"someone_known", "disclosure_public"})
#: Roles that a screening may be told; parents and the public have none of them.
_ROLES = frozenset(get_args(Role))
#: Words that a role may be typed in: in more, a worker may be whom a child tells of.
_LONGEST_ROLE = 4
_SOMEBODYS = re.compile(r"\b(?:my|his|her|their|the|he|she|they)\b|^\W*\d+\W*$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:i|i['’]?m|i['’]?ve|me|my|mine|myself)\b", re.IGNORECASE)
#: After a parent's alarm these get the parent's contacts again.
_LOST = frozenset(
    {"help", "bot_challenge", "nlu_fallback", "out_of_scope", "other_language", "affirm", "deny"}
)
#: How surely a child must ask about something to be answered beside the child's own words.
_SURELY = 0.5


def for_who_writes(
    parse: dict[str, Any], standing: Standing, text: str | None, screening: bool
) -> dict[str, Any]:
    """The parse of an ordinary message as it is answered to a child, or to a parent.

    `text` is what was typed, or None for a button; `screening`: one is under way.
    """
    intent = parse["intent"]["name"]
    own = screening and intent.startswith("screening_")
    if standing.kind is None or intent == "alarm" or _says_practitioner(parse):
        return parse
    if own and _is_professional(parse, text):
        return _released(parse)
    for_a_person = standing.child or standing.kind not in DANGER
    if text is not None and for_a_person and works_with_children(text):
        return _on_with_the_practitioner(parse, text, screening)
    if standing.child and intent not in _FOR_EVERYBODY:
        return _to_the_child(parse, standing, text)
    if not own and tells_area(parse, standing, text):
        return again(standing, parse)
    asks_for_help = intent == "ask" and likeliest_topic(parse) in HELP_TOPICS
    if standing.kind == "own_thoughts" and not own and (intent in _LOST or asks_for_help):
        return {**sure_intent("alarm", {"alarm": standing.kind}), FOLLOWS: "again"}
    if standing.kind == "parent_or_public" and not own:
        if intent in _LOST:
            return {**sure_intent("alarm", {"alarm": standing.kind}), FOLLOWS: "again"}
        if intent == "ask":
            return {**parse, FOLLOWS: standing.kind}
    return parse


def alarm_for_who_writes(alarm: Alarm, standing: Standing, text: str) -> Alarm:
    """An alarm as it is answered where a child wrote before: danger is theirs, and so is harm."""
    if not standing.child or works_with_children(text):
        return alarm
    if alarm.kind in DANGER:
        return replace(alarm, about_writer=True, question=False)
    if alarm.kind == "colleague_allegation" or alarm.signal in SOMEBODY_KNOWN:
        return replace(alarm, kind="child_writing", about_writer=True, question=False)
    return alarm


def _released(parse: dict[str, Any]) -> dict[str, Any]:
    """A parse that says, too, that who writes works with children."""
    return {**parse, "entities": [*parse["entities"], *entities_of({"alarm": NO_ALARM})]}


def _on_with_the_practitioner(parse: dict[str, Any], text: str, screening: bool) -> dict[str, Any]:
    """The parse of a message that says that its writer works with children: what it asks counts."""
    intent = parse["intent"]
    told = _released(parse)
    unread = screening and any(one["entity"] == "explanation" for one in parse["entities"])
    unsure = intent["name"] == "ask" and intent["confidence"] < _SURELY
    if only_introduces(text) and (intent["name"] in _LOST or unsure or unread):
        name = "screening_resume" if screening else "affirm"
        told["intent"] = {"name": name, "confidence": 1.0}
        told["entities"] = [one for one in told["entities"] if one["entity"] != "explanation"]
    return told


def _to_the_child(parse: dict[str, Any], standing: Standing, text: str | None) -> dict[str, Any]:
    """The child's words again, and beside them what is surely asked of the subject itself."""
    topic, intent = likeliest_topic(parse), parse["intent"]["name"]
    writes: Mapping[str, str] = {"alarm": str(standing.kind), "about_writer": "yes"}
    areas = [one for one in parse["entities"] if one["entity"] == "area"]
    offered = WHO_TO_RING if topic is None or topic in HELP_TOPICS else topic
    words = {**sure_intent("alarm", writes), FOLLOWS: "again"}
    words["entities"] += [*areas, *entities_of({"topic": offered})]
    unread = any(one["entity"] == "explanation" for one in parse["entities"])
    if intent in _FOR_WORKERS or (intent.startswith("screening_") and not unread):
        words[FOR_WORKERS] = True
    if (
        intent == "ask"
        and topic is not None
        and topic not in HELP_TOPICS
        and parse["intent"]["confidence"] >= _SURELY
        and not (text and _FIRST_PERSON.search(text))
    ):
        words["questions"] = parse.get("questions") or [surely_about(topic)]
    return words


def _says_practitioner(parse: Mapping[str, Any]) -> bool:
    return any(one["entity"] == "alarm" and one["value"] == NO_ALARM for one in parse["entities"])


def _is_professional(parse: Mapping[str, Any], text: str | None) -> bool:
    """Whether a screening was just told a practitioner's role: by a button, or in few words."""
    if text and (len(text.split()) > _LONGEST_ROLE or _SOMEBODYS.search(text)):
        return False
    values = {one["entity"]: one["value"] for one in parse["entities"]}
    return values.get("question") == "role" and str(values.get("answer")).strip('"') in _ROLES
