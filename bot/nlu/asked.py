"""Questions as they stand in a message: what each is about, and for which areas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.nlu.entities import Found
from bot.nlu.examples import ASK
from bot.nlu.questions import Part
from bot.nlu.topic_model import Ranked, Reading

#: Topics kept of each question's ranking.
TOPICS_KEPT = 5
#: The topics of what a child may be subject to: a child in care with a plan is both.
PLAN_TOPICS = {
    "child_protection_plan": "on_child_protection_plan",
    "looked_after": "looked_after",
    "other_authority": "other_authority_child",
    "ehc_plan": "ehc_plan",
}
#: Topics that are asked about where a case is told, and what to do with it is wanted.
_CASE_TOPICS = frozenset(PLAN_TOPICS.values()) | {
    "level_low", "level_medium", "level_high", "derbyshire_medium", "whats_next", "first_step",
    "who_to_ring",
}  # fmt: skip


#: What asks for all that is to be done, not for one thing of it.
_WHAT_TO_DO = re.compile(
    r"\b(?:what (?:do|should|shall|must|can) (?:i|we)(?: need to| have to)? do"
    r"|what(?:['’]?s| is| are)? (?:now|next|then|(?:the|my) (?:steps|route|next|process|procedure))"
    r"|(?:next )?steps?|route|pathway|who (?:do|should) (?:i|we) (?:tell|inform)"
    r"|what happens (?:now|next))\b",
    re.IGNORECASE,
)
_ROUTE = re.compile(r"(?<!bus )\b(?:route|pathway)\b", re.IGNORECASE)


def tells_a_case(text: str, topic: str, entities: Sequence[Found]) -> bool:
    """Whether a question about `topic` tells a case: its level, and what the child is subject to.

    “Medium in Derby, child in care, what do I do now” wants the route, whatever it sounds like;
    so does “medium risk route”.
    """
    named = {one.entity for one in entities}
    if topic not in _CASE_TOPICS or "level" not in named:
        return False
    asked = _WHAT_TO_DO if "plan" in named else _ROUTE
    return asked.search(text) is not None


#: What may stand beside an abbreviation that is asked about after another: “and TAF?”.
_BESIDE_A_TERM = re.compile(r"\W*(?:ok\W+)?(?:and|or)\W+(?:what(?:['’]?s| is)\W+)?(?:an?\W+)?")
#: Abbreviations have at most so many letters.
_LONGEST_TERM = 6


def names_a_term_alone(text: str, entities: Sequence[Found]) -> bool:
    """Whether a text goes on to one more abbreviation and says nothing else: “and TAF?”."""
    return any(
        one.entity == "term"
        and 1 < one.end - one.start <= _LONGEST_TERM
        and not re.search(r"\w", text[one.end :])
        and _BESIDE_A_TERM.fullmatch(text[: one.start].casefold())
        for one in entities
    )


#: Words beside abbreviations that ask for nothing but their meaning, and those that ask for it.
_BESIDE_TERMS = frozenset(
    """
    a an and are both hello hi in is mean means meen n of ok or please pls s short so stand stands
    for the what whats explain
    """.split()  # noqa: SIM905 - a list of words is read more easily than one of strings
)
_WHAT_DOES = re.compile(r"\bwhat (?:do|does)\b(?=.*\b(?:mean|stand))|\btell me what\b", re.I)
_MEANING_OF = re.compile(r"\b(?:means?|meen|stands? for|short for)\b", re.IGNORECASE)


def terms_alone(text: str, entities: Sequence[Found]) -> list[str]:
    """The terms of a text that asks what several of them mean, and nothing else: “IRO and EHA”.

    Without “mean” only abbreviations count, and never CSE, which is asked about in its own right.
    """
    named = [one for one in entities if one.entity == "term"]
    rest = text
    for one in sorted(named, key=lambda one: -one.start):
        rest = f"{rest[: one.start]} {rest[one.end :]}"
    words = re.findall(r"\w+", _WHAT_DOES.sub(" ", rest).casefold())
    terms = list(dict.fromkeys(one.value for one in named))
    if len(terms) < 2 or not _BESIDE_TERMS.issuperset(words):
        return []
    short = all(one.end - one.start <= _LONGEST_TERM and one.value != "cse" for one in named)
    return terms if short or _MEANING_OF.search(rest) else []


def with_other_plans(
    questions: list[dict[str, Any]], entities: Sequence[Found]
) -> list[dict[str, Any]]:
    """A question about what a child is subject to, and one for each other that is named with it."""
    first = questions[0]["topics"][0]
    if first["topic"] not in PLAN_TOPICS.values():
        return questions
    named = [PLAN_TOPICS.get(one.value) for one in entities if one.entity == "plan"]
    others = [one for one in dict.fromkeys(named) if one and one != first["topic"]]
    if not others:
        return questions
    return [
        {**questions[0], "topics": [{**first, "topic": one}]} for one in (first["topic"], *others)
    ]


def question_of(reading: Reading, areas: Sequence[str], own: bool = False) -> dict[str, Any]:
    """A question with the topics that a reading gives it, likeliest first, and its areas.

    `own`: it is also, or only, for the area of who is writing, beside others in the message.
    """
    topics = [
        {"topic": one.label.partition("/")[2], "confidence": round(one.confidence, 4)}
        for one in reading.ranked
        if one.label.startswith(f"{ASK}/")
    ]
    question: dict[str, Any] = {"areas": list(areas), "topics": topics[:TOPICS_KEPT]}
    return {**question, "own": True} if own else question


def question_about(topic: str, areas: Sequence[str], own: bool = False) -> dict[str, Any]:
    """A question that is surely about one topic, and its areas (`own` as above)."""
    return question_of(surely_about(topic), areas, own)


def surely_about(topic: str) -> Reading:
    """The reading of what is surely about one topic."""
    return Reading((Ranked(f"{ASK}/{topic}", 1.0),), 1.0)


def question_for_term(term: str) -> dict[str, Any]:
    """A question of what a term means."""
    return {"areas": [], "topics": [], "term": term}


def areas_in(entities: Sequence[Found], start: int, end: int) -> list[str]:
    """The areas that are named from `start` to before `end` in the message, each once."""
    found = (one for one in entities if one.entity == "area" and start <= one.start < end)
    return list(dict.fromkeys(one.value for one in found))


def term_in(entities: Sequence[Found], part: Part) -> str | None:
    """The last term that a part names, or None."""
    found = [one for one in entities if one.entity == "term" and part.start <= one.start < part.end]
    return found[-1].value if found else None
