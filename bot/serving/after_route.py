"""What a message asks of the route that was shown last: its steps, dates, people, files.

Pure: the text and where the conversation stands in, a parse for Rasa out. Only whole messages
count; whatever says more is left to what understands questions. The action shows what is asked
(`actions/screening.py`), out of the route's own data (`bot/referral/about.py`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.referral.about import WHOLE_ROUTE, Asked
from bot.referral.shortcut import case_kept, missing_question
from bot.screening.dialogue import Session
from bot.screening.typed_words import NOT_KNOWN_WORDS
from bot.serving.case_told import CASE_TOLD
from bot.serving.facts_told import Fact, FactsTold
from bot.serving.parses import sure_intent
from bot.serving.route_wordings import (
    asks_own_reference,
    asks_reference,
    asks_whole,
    asks_why,
    names_a_file,
    only_heard,
    part_asked,
    plain,
    says_yes,
    step_asked,
)
from bot.serving.standing import Standing

#: Characters from which a message says more than these questions.
_LONGEST = 160
#: What the buttons of a route carry, and no others.
_OF_A_ROUTE = ("/ask_route{", "/screening_route{")
#: Under this name a parse says what is asked of a route.
OF_ROUTE = "of_route"
#: `shown`: a route was the last thing given; `beside`: a question beside it was answered since;
#: `aside`: something else was; `waits`: one waits for a fact; `level`: what a level asks for was
#: told, and no route yet; `screening`: a screening is under way.
Stands = Literal["shown", "beside", "aside", "waits", "level", "screening"]
#: Topics that are asked about beside a route: they begin no other subject.
_BESIDE = frozenset(
    """
    who_to_ring out_of_hours police_101 when_police social_worker_unavailable gap_escalation
    not_in_need hub_email helplines level_low level_medium level_high derbyshire_medium
    low_already_open medium_mat medium_open_social_care medium_contact level_rises high_section_47
    under_13_level learning_disability_level protection_needed held_outside_social_care
    police_intelligence_form on_child_protection_plan looked_after other_authority_child ehc_plan
    foster_carer_first advice_first first_step risk_tool missing_procedure trafficking_nrm
    lead_practitioner immediate_danger
    """.split()  # noqa: SIM905
)
#: The level that a topic is about.
_OF_A_LEVEL = {"level_low": "low", "level_medium": "medium", "level_high": "high"}
#: What of a route is asked after a question beside it as well; “more” is of that question.
_BESIDE_TOO: frozenset[Asked] = frozenset(
    ("informing", "deadlines", "their_answer", "no_answer", "files", "chair", "meetings", "again",
     "sender", "disagree", "recording", "reviews", "forms", "number_source", "of_missing",
     "of_trafficking", "of_crime")
)  # fmt: skip
#: What is of the route even after another subject; whom to tell and when may be of that one.
_ASIDE_TOO: frozenset[Asked] = _BESIDE_TOO - {"informing", "number_source"}
_GATHERS = re.compile(
    r"meeting|review|conference|strategy|panel|vemt|vpg|csep|sarac|group|plan|attend|minutes"
    r"|network|confidential"
)
_SIDES = re.compile(r"missing|interview|trafficking|crime|police|justice|offend|report")
#: What an answer on such a topic may be asked itself: “who chairs it” after one on a panel.
_OF_ANSWER: Mapping[str, re.Pattern[str]] = {
    "chair": _GATHERS,
    "meetings": _GATHERS,
    "reviews": _GATHERS,
    "forms": re.compile(
        r"form|tool|report|disclosure|contract|plan|consent|screening|intelligence"
    ),
    "recording": re.compile(r"record|note|minutes|interview|intelligence|evidence|carefirst|wants"),
    "of_missing": _SIDES,
    "of_trafficking": _SIDES,
    "of_crime": _SIDES,
}
#: A time limit is asked for in so many words, or else it may be the other answer's.
_NAMES_LIMIT = re.compile(
    r"\b(?:deadlines?|time ?limits?|time ?scales?|time ?frames?|due|dates?|how long (?:do|have)"
    r"|(?:have|need) to)\b"
)
#: “What happens after that” goes on with the route, whatever was asked in between.
_HAPPENS_NEXT = re.compile(r"(?:so )?what happens (?:next|then|after (?:that|this)|now)")


@dataclass(frozen=True)
class Given:
    """Where a conversation stands with its route; `told`: its case was told in a sentence.

    `level` is the one that was spoken of, where no route was given; `topic` what else was answered
    since, where the route is aside.
    """

    stands: Stands
    told: bool = False
    level: str | None = None
    topic: str | None = None


def given(
    slots: Mapping[str, Any],
    session: Session | None,
    standing: Standing,
    offered: Sequence[Mapping[str, str]],
    now: dt.datetime | None = None,
) -> Given | None:
    """Where the conversation stands with a route, or None where none was the last thing given.

    A child or a parent who wrote in between is answered as such, never about a route. After an
    alarm of danger a route counts only where it was shown since: its buttons are `offered`.
    """
    if standing.child or (standing.kind is not None and not standing.danger):
        return None
    if session is not None and session.active:
        return Given("screening")
    topic = slots.get("topic")
    aside = topic is not None and topic not in _BESIDE
    if standing.danger and not any(one["payload"].startswith(_OF_A_ROUTE) for one in offered):
        return None
    facts = case_kept(slots.get("route_case"), now)
    if aside:
        shown = facts is not None and missing_question(facts) is None
        ended = facts is None and session is not None and session.stage == "done"
        return Given("aside", told=shown, topic=topic) if shown or ended else None
    if facts is not None:
        waits = missing_question(facts) is not None
        if topic is None:
            return Given("waits" if waits else "shown", told=True)
        return _of_level(topic) if waits else Given("beside", told=True)
    if session is not None and session.stage == "done":
        return Given("shown" if topic is None else "beside")
    return _of_level(topic)


def _of_level(topic: str | None) -> Given | None:
    level = _OF_A_LEVEL.get(topic or "")
    return Given("level", level=level) if level is not None else None


def asked_of_route(
    text: str, place: Given | None, offered: Sequence[Mapping[str, str]], facts: FactsTold
) -> dict[str, Any] | None:
    """The parse of a message that asks something of the route, or None where it does not.

    `offered` are the buttons under the last messages: they say how far the steps have come.
    """
    if place is None or len(text) > _LONGEST:
        return None
    words = plain(text)
    if asks_reference(words):
        return parse_of("reference")
    if place.stands == "screening":
        return None
    if place.stands == "aside":
        return _asked_aside(words, place, offered)
    told = facts.read(text, asked=place.stands == "waits")
    if place.stands == "level":
        return _of_child(told, place)
    if told and not (place.stands == "beside" and _ONLY_PLACE.issuperset(dict(told))):
        return parse_of("changed", facts=told)
    if place.stands == "beside":
        part = part_asked(words)
        return parse_of(part) if part in _BESIDE_TOO else None
    if place.stands == "waits":
        return parse_of("not_known") if words in NOT_KNOWN_WORDS else None
    return _asked(words, place, offered)


def asked_of_reference(text: str, standing: Standing) -> dict[str, Any] | None:
    """The parse of a message that asks for one's own reference, where no route was given.

    A child or a parent is answered as such.
    """
    ours = not standing.child and (standing.kind is None or bool(standing.danger))
    if not ours or len(text) > _LONGEST or not asks_own_reference(plain(text)):
        return None
    return parse_of("reference")


def _asked_aside(
    words: str, place: Given, offered: Sequence[Mapping[str, str]]
) -> dict[str, Any] | None:
    """What is asked of a route after something else was answered; what may be of that is not."""
    if _HAPPENS_NEXT.fullmatch(words):
        step = step_asked(words, _following(offered))
        return None if step is None else parse_of("steps", step)
    part = part_asked(words)
    if part not in _ASIDE_TOO or (part == "deadlines" and not _NAMES_LIMIT.search(words)):
        return None
    of_answer = _OF_ANSWER.get(part)
    if of_answer is not None and of_answer.search(place.topic or ""):
        return None
    return parse_of(part)


#: What a message that names nothing else is about the answer before it with: “and in Derby?”.
_ONLY_PLACE = frozenset(("area", "clock"))


def _of_child(told: Sequence[Fact], place: Given) -> dict[str, Any] | None:
    """The parse of a fact of the child after what its level asks for: both make a case."""
    names = {name for name, _ in told}
    if names.isdisjoint(("plan", "age")) and not any(value == "yes" for _, value in told):
        return None
    facts = [("level", place.level or ""), *told] if "level" not in names else list(told)
    return {**sure_intent("ask_route", {}), CASE_TOLD: [list(one) for one in facts]}


def asked_without_route(text: str, place: Given | None) -> dict[str, Any] | None:
    """The parse of a message that wants a file where no route was given; None where it does not."""
    words = plain(text)
    if len(text) > _LONGEST or (place is not None and place.stands not in ("waits", "level")):
        return None
    return parse_of("files") if names_a_file(words) else None


def parse_of(asked: Asked, number: int | None = None, facts: Sequence[Fact] = ()) -> dict[str, Any]:
    """The parse of what is asked of a route."""
    found: dict[str, Any] = {"asked": asked}
    if number is not None:
        found["number"] = number
    if facts:
        found["facts"] = [list(one) for one in facts]
    return {**sure_intent("ask_route", {}), OF_ROUTE: found}


def _asked(words: str, place: Given, offered: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    opens = any(one["title"] == WHOLE_ROUTE for one in offered)
    if asks_whole(words) or (opens and says_yes(words)):
        return sure_intent("ask_route" if place.told else "screening_route", {"more": "yes"})
    if (step := step_asked(words, _following(offered))) is not None:
        return parse_of("steps", step)
    if (part := part_asked(words)) is not None:
        return parse_of(part)
    if asks_why(words):
        return parse_of("why")
    return parse_of("offer") if says_yes(words) or only_heard(words) else None


#: What the button of the next step carries.
_NEXT_STEP = re.compile(r'"question": "steps", "answer": "step-(\d{1,2})"')


def _following(offered: Sequence[Mapping[str, str]]) -> int | None:
    """The number of the step after the one that was given last, or None where none was given."""
    for one in offered:
        found = _NEXT_STEP.search(one["payload"])
        if found and one["title"].startswith("Step "):
            return int(found[1])
    return None
