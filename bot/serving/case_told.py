"""A case that is told in one message, and whether its route is what is wanted.

“Medium, looked after, crime committed, what now” tells a case. Pure: the text and what was found in
it, names of a case out; nothing that was typed is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.nlu.asked import question_about
from bot.nlu.entities import Vocabulary
from bot.nlu.intents import OF_A_SCREENING
from bot.referral.shortcut import FIXES_HIGH, NO_PLAN, WITH_LEVELS
from bot.serving.facts_told import CLOCK, NO_PLAN_WORDS, Fact
from bot.serving.level_told import level_told
from bot.serving.parses import likeliest_topic
from bot.serving.yes_no_facts import plainly, yes_no_facts

#: Under this name a parse holds the facts of a case that its message tells.
CASE_TOLD = "case_told"
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
    r"|\bnow what\b|\b(?:and )?whom? (?:do|should|must|shall) (?:i|we) (?:now )?(?:tell|ring"
    r"|call|phone|contact|inform|notify|refer(?: (?:it|this|her|him|them))? to|go to)\b"
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
#: Words that stand around a role where somebody lists facts: “social worker here”.
_AROUND_ROLE = re.compile(r"^(?:im |i'm |i am |as )?(?:an? |the |her |his |their |my role )?")
#: Role words that, alone between commas, may be of somebody or something else.
_NOT_ALONE = frozenset(
    ["police", "school", "officer", "carer", "residential", "outreach", "doctor", "ta", "dc", "pc"]
)
_CLAUSE_END = re.compile(r"[,.;:+()&/\n!?]| - | – ")
#: A number of years between other facts, with no word that says so: “high, 17, looked after”.
_AGE_ALONE = re.compile(r" *(?:[5-9]|1[0-7]) *")
_OPENING_FILLER = re.compile(
    r"^(?:route please|route pls|hi|hello|ok|so|please|need route|whats the route)\b *"
)
_STILL_MISSING = re.compile(
    r"\b(?:missing|mfh|misper)\b(?: \w+){0,3}? (?:since|again|for|tonight|now|last night"
    r"|yesterday)\b"
)
#: The topic of a child who is missing, where an area has levels or none is known.
_MISSING_PROCEDURE = "missing_procedure"
_MISSING = ("signs_missing", _MISSING_PROCEDURE, "missing_link")


class CaseTold:
    """Reads the case that a message tells. `vocabulary` names roles and plans."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._roles = {
            phrase.lower(): role for role, phrases in vocabulary.role.items() for phrase in phrases
        }
        self._plans = {
            phrase.lower(): plan for plan, phrases in vocabulary.plan.items() for phrase in phrases
        }
        every = "|".join(re.escape(one) for one in sorted(self._plans, key=len, reverse=True))
        self._denied_plan = re.compile(
            r"\b(?:not|isn't|isnt|no|never|no longer)"
            rf"(?: (?:an?|on|in|subject|to|the|yet|open)){{0,3}} ({every})\b"
        )

    def facts(
        self, text: str, entities: Iterable[Mapping[str, Any]], suggested: str | None = None
    ) -> tuple[Fact, ...]:
        """The facts that a message tells: level, role, plans, age and what is answered yes or no.

        `entities` were found in it; `suggested` is what the screening would offer to tick for it,
        as JSON.
        """
        plain = plainly(text)
        found = [(str(one["entity"]), str(one["value"])) for one in entities]
        facts: list[Fact] = []
        if NO_PLAN_WORDS.search(plain):
            facts.append(("plan", NO_PLAN))
        if level := level_told(plain, [value for name, value in found if name == "level"]):
            facts.append(("level", level))
        denied = {self._plans[one[1]] for one in self._denied_plan.finditer(plain)}
        facts += [("not_plan", one) for one in sorted(denied)]
        told = json.loads(suggested) if suggested else {}
        of_screening = told.get("open_to")
        if isinstance(of_screening, Mapping):
            facts += [
                ("plan", name)
                for name, value in of_screening.items()
                if value == "yes" and name not in denied
            ]
        if not any(name == "age" for name, _ in found):
            facts += _age(plain, told.get("age"))
        if role := self._role(plain, [value for name, value in found if name == "role"]):
            facts.append(("role", role))
        known = {
            name: value
            for name, value in (told.get("hard_facts") or {}).items()
            if value in ("yes", "no")
        }
        facts += sorted({**known, **yes_no_facts(text)}.items())
        if CLOCK["outside"].search(_without_dates(plain)):
            facts.append(("clock", "outside"))
        return tuple(dict.fromkeys(facts))

    def _role(self, plain: str, own: Sequence[str]) -> str | None:
        """The role of who writes, where it stands in a list of facts with nothing beside it."""
        if own:
            return None
        for clause in _CLAUSE_END.split(plain):
            alone = _AROUND_ROLE.sub("", _OPENING_FILLER.sub("", clause.strip())).strip()
            alone = alone.removesuffix(" here").removesuffix(" asking")
            if alone in self._roles and alone not in _NOT_ALONE:
                return self._roles[alone]
        return None


def wants_a_route(text: str, facts: Sequence[Fact], entities: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a message tells a case and nothing is asked but what is to be done about it.

    A level and one fact of the child do, in any words; a fact that makes it high does as well
    where a plan or an age stands beside it. `entities` were found in it.
    """
    plain = plainly(text)
    rest = _WANTS_ROUTE.sub(" , ", plain)
    wants = rest != plain
    asks_only_this = re.sub(r"(?:^|(?<=,))[ ?!.]*$", "", rest).strip()
    if len(plain.split()) > _LONGEST or _OTHER_MATTER.search(plain):
        return False
    if _ASKS.search(asks_only_this):
        return False
    names = {name for name, _ in facts} | {str(one["entity"]) for one in entities}
    told = {name for name, value in facts if value in ("yes", "no")}
    of_child = bool(told) or not names.isdisjoint(("plan", "not_plan", "age"))
    if any(name == "level" for name, _ in facts):
        return of_child or (wants and "clock" in names)
    high = any((field, "yes") in facts for field in FIXES_HIGH)
    short = len(plain.split()) <= _LONGEST_WITHOUT_LEVEL
    return high and short and "plan" in names and " or " not in plain


def _age(plain: str, band: str | None) -> list[Fact]:
    """The age that stands alone in a list of facts, or of the `band` that a screening reads."""
    alone = {one[0] for clause in _CLAUSE_END.split(plain) if (one := _AGE_ALONE.fullmatch(clause))}
    if len(alone) == 1:
        return [("age", alone.pop().strip())]
    return [("age", "under 13" if band == "under_13" else "14")] if band else []


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
    entities = parse["entities"]
    if name == "ask_route":
        return {**parse, CASE_TOLD: [list(one) for one in facts]}
    elsewhere = any(one["entity"] == "other_area" for one in entities)
    # who placed a child is another authority, and the child is here
    placed = any((one["entity"], one["value"]) == ("plan", "other_authority") for one in entities)
    placed = placed or ("plan", "other_authority") in facts
    if name not in _MAY_BE_A_CASE or (elsewhere and not placed):
        return parse
    topic = likeliest_topic(parse) if name == "ask" else None
    if wants_a_route(text, facts, entities) and not _is_all_of(topic, text, facts, entities):
        return _route(parse, facts)
    if name != "ask":
        return parse
    if has_dropped_to_low(text):
        named = [str(one["value"]) for one in entities if one["entity"] == "area"]
        return {**parse, "questions": [question_about(_PLAN_ENDS, named)]}
    if topic in _MISSING and tells_of_a_missing_child(text, facts):
        named = [str(one["value"]) for one in entities if one["entity"] == "area"]
        where = named[0] if named else area
        if where is not None and where not in WITH_LEVELS:
            return _route(parse, facts)
        return {**parse, "questions": [question_about(_MISSING_PROCEDURE, named)]}
    return parse


def _route(parse: Mapping[str, Any], facts: Sequence[Fact]) -> dict[str, Any]:
    """The parse of a message that wants the route of the case that it tells."""
    told = {name: value for name, value in parse.items() if name not in ("questions", "passages")}
    intent = {"name": "ask_route", "confidence": 1.0}
    return {**told, "intent": intent, CASE_TOLD: [list(one) for one in facts]}


def _is_all_of(
    topic: str | None, text: str, facts: Sequence[Fact], entities: Iterable[Mapping[str, Any]]
) -> bool:
    """Whether a topic is about all that is told of a child."""
    about = _ABOUT_BOTH.get(topic or "")
    if about is None or (topic == "high_section_47" and not _ASSESSED_AS.search(plainly(text))):
        return False
    named = [(str(one["entity"]), str(one["value"])) for one in entities]
    told = {value for name, value in (*facts, *named) if name == "plan"}
    told |= {name for name, value in (*facts, *named) if name == "age" or value in ("yes", "no")}
    told |= {name for name, _ in facts if name == "clock"}
    return told <= about


def _without_dates(plain: str) -> str:
    """A text without the hours that something was at: “missing since saturday night”."""
    return re.sub(
        r"\b(?:since|last|every|on|over|from|until|all|at) (?:\w+ )?(?:night|evening|saturday"
        r"|sunday|weekend|the weekend|tonight|nights)(?: night| evening)?\b|\b(?:over|at) night\b"
        r"|\bovernight\b|\bnights?\b (?=out|away)",
        " ",
        plain,
    )
