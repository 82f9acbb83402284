"""The facts of a case that is told in one message.

“Medium, looked after, crime committed, what now” tells a case. Pure: the text and what was found in
it, names of a case out; nothing that was typed is kept. Whether its route is wanted says
`route_wanted`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.nlu.entities import Vocabulary
from bot.referral.shortcut import NO_PLAN
from bot.serving.age_told import ages_told
from bot.serving.facts_told import CLOCK, NO_PLAN_WORDS, Fact
from bot.serving.level_told import level_told
from bot.serving.role_told import RoleTold
from bot.serving.yes_no_facts import plainly, yes_no_facts

#: Under this name a parse holds the facts of a case that its message tells.
CASE_TOLD = "case_told"
#: Under this one, that it tells of night or the weekend.
AT_NIGHT = "at_night"


class CaseTold:
    """Reads the case that a message tells. `vocabulary` names roles and plans."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._role = RoleTold(
            {word.lower(): role for role, words in vocabulary.role.items() for word in words}
        )
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
        plain, entities = plainly(text), list(entities)
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
        ages, other_numbers = ages_told(text, entities)
        facts += [("age", one) for one in ages]
        if not ages and not other_numbers and (band := told.get("age")):
            # 14 stands for whoever is not under 13
            facts.append(("age", "under 13" if band == "under_13" else "14"))
        if _is_placed_here(plain, entities):
            facts.append(("plan", "other_authority"))
        if role := self._role.read(plain, [value for name, value in found if name == "role"]):
            facts.append(("role", role))
        known = {
            name: value
            for name, value in (told.get("hard_facts") or {}).items()
            if value in ("yes", "no")
        }
        facts += sorted({**known, **yes_no_facts(text)}.items())
        if CLOCK["outside"].search(_without_dates(plain)) or _hour_outside(plain):
            facts.append(("clock", "outside"))
        return tuple(dict.fromkeys(facts))


_OF_OURS = r"(?:luton|nottingham(?:shire)?|notts|wiltshire|derby(?:shire)?|hartlepool)"
_PLACED_HERE = re.compile(
    rf"\bplaced (?:here|locally|with (?:us|me|our \w+)|in (?:my|our|the) (?:home|care|house|school)"
    rf"|in {_OF_OURS})\b|\bplaced (?:\w+ ){{0,4}}(?:by|from)\b"
)
_OTHER_AUTHORITY = re.compile(
    r"\b(?:another|other|different) (?:local )?(?:authority|authorities|council|la|county|area)\b"
    r"|\b(?:by|from) \w+ (?:city |county |borough )?(?:council|local authority|la)\b"
)


def _is_placed_here(plain: str, entities: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a text tells that another authority has placed the child here."""
    other = any(one["entity"] == "other_area" for one in entities)
    return bool(_PLACED_HERE.search(plain)) and (other or bool(_OTHER_AUTHORITY.search(plain)))


#: The hour that it is: said to be that, or standing alone. From six to eight it is outside hours.
_HOUR_NOW = re.compile(
    r"(?:\b(?:it's|its|it is|now|currently|just gone|gone)(?: now| only| about| nearly| gone)? "
    r"|(?:^|[,.;:] *))(\d{1,2})(?:[:.]\d\d)? ?(a|p)\.?m\b\.?"
    r"(?= *(?:$|[,.;:?!]|now|here|at night|on (?:a )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|and))"
)


def _hour_outside(plain: str) -> bool:
    """Whether a text says that it is an hour outside those of offices: “it's 2am”."""
    found = _HOUR_NOW.search(plain)
    if found is None:
        return False
    hour = int(found[1]) % 12 + (12 if found[2] == "p" else 0)
    return not _OFFICE_FROM <= hour < _OFFICE_TO


#: Hours of the day of which it is not sure that no office is open.
_OFFICE_FROM, _OFFICE_TO = 8, 18


def _without_dates(plain: str) -> str:
    """A text without the hours that something was at: “missing since saturday night”."""
    return re.sub(
        r"\b(?:since|last|every|on|over|from|until|all|at) (?:\w+ )?(?:night|evening|saturday"
        r"|sunday|weekend|the weekend|tonight|nights)(?: night| evening)?\b|\b(?:over|at) night\b"
        r"|\bovernight\b|\bnights?\b (?=out|away)",
        " ",
        plain,
    )
