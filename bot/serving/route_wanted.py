"""Whether the route of a case that a message tells is what is wanted, and nothing else.

Pure: the text, its facts and what was found in it; a parse out. Nothing that was typed is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.nlu.asked import question_about
from bot.nlu.intents import OF_A_SCREENING
from bot.referral.shortcut import FIXES_HIGH, WITH_LEVELS
from bot.serving.case_told import CASE_TOLD
from bot.serving.facts_told import Fact
from bot.serving.parses import likeliest_topic
from bot.serving.yes_no_facts import plainly

#: A longer message is a story: what it asks is for what understands questions.
_LONGEST = 40
#: Without a level only a short message is a case.
_LONGEST_WITHOUT_LEVEL = 14
#: Asks for the route, or for all that is to be done.
_WANTS_ROUTE = re.compile(
    r"\b(?:(?:whats?|what's|wats|what is|what are|give me|show me|need|tell me|can i (?:get|have))"
    r" )?(?:the |my |our |a )?(?:(?:referral|next) )?(?:route|pathway|steps?)\b(?: please)?"
    r"(?: (?:for|is it|do i take|now))?"
    r"|\b(?:so |and )?(?:what|wot|wat)(?:'?s| is)? (?:now|next|then|happens (?:now|next))\b"
    r"|\bnow what\b|\b(?:and )?whom? (?:do|should|must|shall) (?:i|we) (?:now |also |have to"
    r" |need to )?(?:tell|ring"
    r"|call|phone|contact|inform|notify|refer(?: (?:it|this|her|him|them))? to|go to)\b"
    r"|\bwho to (?:tell|ring|call|phone|contact|inform|notify|refer (?:it |this )?to)\b"
    r"|\bwho (?:must|should|has to|have to|needs? to|is to) (?:be )?(?:informed|told|notified"
    r"|know)\b"
    r"|\b(?:what|which) (?:phone )?number(?:s)?(?: (?:do|should) (?:i|we) (?:ring|call|use|need)"
    r"| to (?:ring|call))?(?= *\??$)|(?:^|[.,;:] *)who(?= *\??$)"
    r"|\bwhat(?:'?s| is| are) (?:my|our) (?:duty|duties|responsibilit(?:y|ies)|obligations?)\b"
    r"|\bhow (?:do|should) (?:i|we) refer(?: (?:it|this|her|him|them))?\b"
    r"|\b(?:what|wot|wat) (?:do|should|shall|must|can|am) (?:i|we)(?: (?:need|have|meant|got))?"
    r"(?: to)? do(?: (?:now|next|about (?:it|this|that|her|him|them)|first|here|tonight))*\b"
    r"|\bwhat to do(?: (?:now|next))?\b|\bwhats? (?:the )?next(?: step)?\b"
    r"|\b(?:advise|(?<!early )help|guidance|advice)(?: please| pls)?\b"
)
#: Asks for something else than the route.
_ASKS = re.compile(
    r"\?|(?:^|[,.;:!-] *|\b(?:and|so|but|then|or) )(?:who|whos|whom|whose|what|whats|when|where"
    r"|which|why|how|hows|do|does|did|is|are|am|can|could|should|shall|will|would|must|may|explain"
    r"|define)\b"
    r"|\b(?:do|does|should|can|must|could|would|will|shall) (?:i|we|they|it|this|that|he|she|you"
    r"|social|the|a|his|her)\b|\b(?:is|are) (?:it|that|this|there) "
    r"|\b(?:why|wonders?)\b|\b(?:who|whos|whom|whose|what|when|how|which) (?:to|do|does|is|are|has"
    r"|must|should|can|long|often|many|much|about|if|for)\b|\bif\b"
)
#: What a message is about that asks for one thing of what is to be done, or for another matter.
_OTHER_MATTER = re.compile(
    r"\b(?:meetings?|reviews?|minutes|papers|chairs?|chaired|conferences?|forms?|report|records?"
    r"|recording|recorded|lcs|frameworki|fwi|carefirst|deadlines?|timescales?|time ?limits?"
    r"|thresholds?|definitions?|define|meaning|means?|differences?|compared?|versus|vs|section 47"
    r"|s\.?47|strategy|training|consents?|screen(?:ing)?|questionnaire|toolkit|signs?|indicators?"
    r"|examples?|law|legal|offences?\?|attend|invite|agenda|minuted|numbers?|phone|email"
    r"|rising|rises|increas\w+|escalat\w+|dispute|disagree|disagrees|downgrade)\b"
)
_DROPPED = re.compile(
    r"\b(?:dropped|drops|gone down|went down|come down|came down|going down|reduced|lowered|fallen"
    r"|fell|down)\b[^.?!]{0,30}\b(?:to|is now|now) (?:a )?low\b"
    r"|\b(?:from|was) (?:medium|high)\b[^.?!]{0,12}\b(?:to|now) low\b"
)
#: The topic of a level that has dropped to low.
_PLAN_ENDS = "plan_ends"
_STILL_MISSING = re.compile(
    r"\b(?:missing|mfh|misper)\b(?: \w+){0,3}? (?:since|again|for|tonight|now|last night"
    r"|yesterday)\b"
)
#: The topic of a child who is missing, where an area has levels or none is known.
_MISSING_PROCEDURE = "missing_procedure"
_MISSING = ("signs_missing", _MISSING_PROCEDURE, "missing_link")


def wants_a_route(
    text: str,
    facts: Sequence[Fact],
    entities: Iterable[Mapping[str, Any]],
    *,
    without_levels: bool = False,
) -> bool:
    """Whether a message tells a case and nothing is asked but what is to be done about it.

    A level and one fact of the child do, in any words, and so does a level with who writes where
    it asks for the route; a fact that makes it high does as well where a plan stands beside it.
    `without_levels`: the area's source has none, so that a level is nothing to be asked about, and
    a fact of the child is enough. `entities` were found in it.
    """
    plain = plainly(text)
    rest = _WANTS_ROUTE.sub(" , ", plain)
    wants = rest != plain
    asks_only_this = re.sub(r"(?:^|(?<=,))[ ?!.,]*$", "", rest).strip()
    if len(plain.split()) > _LONGEST or _OTHER_MATTER.search(rest):
        return False
    if _ASKS.search(asks_only_this):
        return False
    names = {name for name, _ in facts} | {str(one["entity"]) for one in entities}
    told = {name for name, value in facts if value in ("yes", "no")}
    of_child = bool(told) or not names.isdisjoint(("plan", "not_plan", "age"))
    if any(name == "level" for name, _ in facts):
        of_writer = not names.isdisjoint(("role", "clock"))
        return (
            of_child or (wants and (of_writer or without_levels)) or (without_levels and of_writer)
        )
    if without_levels and "role" in names:
        return len(_deciding(facts, entities)) >= (1 if wants else 2)
    high = any((field, "yes") in facts for field in FIXES_HIGH)
    short = len(plain.split()) <= _LONGEST_WITHOUT_LEVEL
    return high and short and "plan" in names and " or " not in plain


#: Facts that a route without levels hangs on, beside plans and an age under 13.
_DECIDE = frozenset(("crime_suspected", "trafficking", "missing"))


def _deciding(facts: Sequence[Fact], entities: Iterable[Mapping[str, Any]]) -> set[Fact]:
    """The facts of a child that a route without levels hangs on."""
    named = [(str(one["entity"]), str(one["value"])) for one in entities]
    return {
        (name, value)
        for name, value in (*facts, *named)
        if name == "plan"
        or (name in _DECIDE and value == "yes")
        or (name == "age" and (value == "under 13" or (value.isdigit() and int(value) < 13)))
    }


def has_dropped_to_low(text: str) -> bool:
    """Whether a text tells that a level has dropped to low, and asks nothing else."""
    plain = plainly(text)
    rest = _WANTS_ROUTE.sub(" ", plain).strip()
    other = _ASKS.search(rest) or _OTHER_MATTER.search(plain)
    return bool(_DROPPED.search(plain)) and not other


def tells_of_a_missing_child(text: str, facts: Sequence[Fact]) -> bool:
    """Whether a short text tells that a child is missing, and asks nothing else."""
    plain = plainly(text)
    return (
        ("missing", "yes") in facts
        and bool(_STILL_MISSING.search(plain))
        and len(plain.split()) <= _LONGEST_WITHOUT_LEVEL
        and not _ASKS.search(_WANTS_ROUTE.sub(" ", plain).strip())
        and not _OTHER_MATTER.search(plain)
    )


#: Topics that are about a level and such a fact: they are what is asked where no more is told.
_ABOUT_BOTH: Mapping[str, frozenset[str]] = {
    "low_already_open": frozenset(("social_care", "mat", "child_in_need", "early_help")),
    "level_low": frozenset(("early_help",)),
    "medium_mat": frozenset(("mat", "early_help")),
    "medium_open_social_care": frozenset(("social_care", "child_in_need")),
    "high_section_47": frozenset(("child_in_need",)),
    "not_in_need": frozenset(("child_in_need",)),
    "held_outside_social_care": frozenset(("mat", "early_help", "child_in_need")),
    "section_17_47": frozenset(("child_in_need", "significant_harm")),
    "under_13_level": frozenset(("age",)),
    "learning_disability_level": frozenset(("age", "learning_disability_or_medical_need")),
}
#: A child at high risk who is handled as one in need: whether that may be is what is asked.
_ASSESSED_AS = re.compile(
    r"\b(?:assess(?:ed|ing)|going|worked?|work it|held|handled|as|but|only) (?:as )?(?:an? )?"
    r"(?:cin|child(?:ren)? in need)\b"
)
#: What a message may be understood as that tells a case after all.
_MAY_BE_A_CASE = frozenset(
    ("ask", "explain_term", "in_area", "nlu_fallback", "out_of_scope", "screening_route",
     "start_screening", *OF_A_SCREENING)
)  # fmt: skip


def with_case(
    parse: dict[str, Any], text: str, facts: Sequence[Fact], area: str | None
) -> dict[str, Any]:
    """The parse of a message with the case that it tells, where its route is what is wanted.

    `facts` are those of `CaseTold.facts`, `area` is the conversation's. No screening is under way.
    """
    name = parse["intent"]["name"]
    if name == "ask_route":
        return _route(parse, facts)
    entities = _of_case(parse["entities"], facts)
    named = [str(one["value"]) for one in entities if one["entity"] == "area"]
    if name not in _MAY_BE_A_CASE or _elsewhere(text, facts, entities):
        return parse
    where = named[0] if named else area
    without_levels = where is not None and where not in WITH_LEVELS
    topic = likeliest_topic(parse) if name == "ask" else None
    wants = wants_a_route(
        text, facts, entities, without_levels=without_levels and name in ("ask", "in_area")
    )
    about_it = not without_levels and _is_all_of(topic, text, facts, entities)
    if wants and not about_it:
        return _route(parse, facts)
    if name != "ask":
        return parse
    if has_dropped_to_low(text):
        return {**parse, "questions": [question_about(_PLAN_ENDS, named)]}
    if topic in _MISSING and tells_of_a_missing_child(text, facts):
        if without_levels:
            return _route(parse, facts)
        return {**parse, "questions": [question_about(_MISSING_PROCEDURE, named)]}
    return parse


def _route(parse: Mapping[str, Any], facts: Sequence[Fact]) -> dict[str, Any]:
    """The parse of a message that wants the route of the case that it tells."""
    told = {name: value for name, value in parse.items() if name not in ("questions", "passages")}
    if parse["intent"]["name"] == "ask_route":
        told, intent = dict(parse), parse["intent"]
    else:
        intent = {"name": "ask_route", "confidence": 1.0}
    entities = _of_case(parse["entities"], facts)
    case = [list(one) for one in facts]
    return {**told, "intent": intent, "entities": entities, CASE_TOLD: case}


def _of_case(
    entities: Iterable[Mapping[str, Any]], facts: Sequence[Fact]
) -> list[Mapping[str, Any]]:
    """Entities without those that the facts of a case read better: ages, and plans denied."""
    denied = {value for name, value in facts if name == "not_plan"}
    return [
        one
        for one in entities
        if one["entity"] != "age" and not (one["entity"] == "plan" and one["value"] in denied)
    ]


#: A child who was moved between places, of which one may be named.
_MOVED_BETWEEN = re.compile(
    r"\b(?:traffick\w+|moved|taken|driven|moving|being taken) (?:\w+ ){0,2}"
    r"(?:between|to|from|across|around)\b"
)


def _elsewhere(text: str, facts: Sequence[Fact], entities: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a message tells of a place that has no guidance here.

    Who placed a child is another authority, and the child is here; a place that a child is
    trafficked to is not the one of who writes, where that is named.
    """
    found = [(str(one["entity"]), str(one["value"])) for one in entities]
    if not any(name == "other_area" for name, _ in found):
        return False
    if ("plan", "other_authority") in (*found, *facts):
        return False
    named = any(name == "area" for name, _ in found)
    moved = ("trafficking", "yes") in facts and _MOVED_BETWEEN.search(plainly(text))
    return not (named and moved)


def _is_all_of(
    topic: str | None, text: str, facts: Sequence[Fact], entities: Iterable[Mapping[str, Any]]
) -> bool:
    """Whether a topic is about all that is told of a child."""
    about = _ABOUT_BOTH.get(topic or "")
    if about is None or (topic == "high_section_47" and not _ASSESSED_AS.search(plainly(text))):
        return False
    named = [(str(one["entity"]), str(one["value"])) for one in entities]
    told = {value for name, value in (*facts, *named) if name == "plan"}
    of_writer = any(name == "role" for name, _ in (*facts, *named))
    if (of_writer or len(told) > 1) and _WANTS_ROUTE.search(plainly(text)):
        return False  # what is to be done about this case, and by whom
    told |= {name for name, value in (*facts, *named) if name == "age" or value in ("yes", "no")}
    told |= {name for name, _ in facts if name == "clock"}
    return told <= about
