"""The short-cut to a route: a case from what a sentence names, and the one fact still missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.guidance.reply import Choice, Reply, Statement
from bot.referral.case import LONDON, Case, Known

#: Minutes after which facts told earlier in a conversation no longer count: another child perhaps.
FACTS_LAST = 30
#: Years of age at which a child is still under 13, and from which nobody is a child.
OLDEST_UNDER_13, ADULT = 12, 18
#: Areas whose source has levels of risk, so that the route hangs on the level.
WITH_LEVELS = ("derby", "derbyshire")
#: Facts of which a yes makes the level high, whatever was judged.
FIXES_HIGH = ("significant_harm", "evidence_of_exploitation", "parents_neglect_or_collude")
#: The hours that a case may be told to be about, outside those of offices or in them.
HOURS = ("outside", "office")
#: The plan of a child who is open to none.
NO_PLAN = "none"


@dataclass(frozen=True)
class Facts:
    """The case told so far, when it was told, and the conversation's area at that time.

    `clock` is `outside` or `office` where the hours were told that it is about.
    """

    case: Case
    told: dt.datetime
    area: str | None = None
    clock: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, for a slot."""
        case = self.case.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        if "open_to" in case:
            case["open_to"] = sorted(case["open_to"])
        kept = {"case": case, "told": self.told.isoformat(), "area": self.area}
        return kept if self.clock is None else {**kept, "clock": self.clock}


def case_from(
    found: Iterable[tuple[str, str]],
    kept: Mapping[str, Any] | None,
    area: str | None,
    now: dt.datetime | None = None,
) -> Facts:
    """The case of a sentence's entities on top of what was told a little earlier.

    `found` are (entity, value) pairs: area, level, role, plan, age (a number, or “under 16”), and
    yes/no facts by their field's name. `kept` is `Facts.as_json` of before; `area` the
    conversation's: where it was chosen since, it counts before the area of `kept`. A value that is
    none of its field's is left out, and only that value. A `plan` may be `none`, and `not_plan`
    names one that does not apply after all.
    """
    moment = now or dt.datetime.now(LONDON)
    fields: dict[str, Any] = {}
    clock = None
    if kept and _is_fresh(kept, moment):
        clock = kept.get("clock")
        fields = {name: value for name, value in kept["case"].items() if _fits(name, value)}
    chosen_since = not (kept and "area" in kept) or kept["area"] != area
    if area is not None and _fits("area", area) and (chosen_since or "area" not in fields):
        fields["area"] = area
    plans = set(fields.get("open_to") or ())
    ages = []
    pairs = list(found)
    # “an EHC plan, and open to nobody”: none is of the others, in whatever order it is told
    for entity, value in sorted(pairs, key=lambda one: one != ("plan", NO_PLAN)):
        if entity == "plan":
            if value == NO_PLAN:
                plans, fields["open_to"] = set(), []
            elif _fits("open_to", [value]):
                plans.add(value)
        elif entity == "not_plan" and value in plans:
            # that it is open to nothing else may not have been said: an unknown plan is no no
            plans.discard(value)
            fields.pop("open_to", None)
            if ("plan", NO_PLAN) in pairs:
                fields["open_to"] = []
        elif entity == "age":
            ages.append(value)
        elif entity == "clock":
            clock = value if value in HOURS else clock
        elif entity not in ("now", "open_to") and _fits(entity, value):
            fields[entity] = value
    under_13 = _under_13(ages, fields.get("under_13"))
    if under_13 is not None:
        fields["under_13"] = under_13
    if plans:
        fields["open_to"] = sorted(plans)
    return Facts(Case.model_validate(fields), moment, area, clock)


def is_whole(found: Iterable[tuple[str, str]]) -> bool:
    """Whether (field, value) pairs tell a case by themselves: a level, and a fact of the child."""
    named = list(found)
    names = {name for name, _ in named}
    of_child = not names.isdisjoint(("plan", "not_plan", "age"))
    return "level" in names and (of_child or any(value in ("yes", "no") for _, value in named))


def of_another_child(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `Facts.as_json` of before says of who asks and where, without the child's own facts.

    One child's “no learning disability” must not count for the next.
    """
    case = {name: value for name, value in kept["case"].items() if name in ("area", "role")}
    return {"case": case, "told": kept["told"], "area": kept.get("area")}


def case_kept(kept: object, now: dt.datetime | None = None) -> Facts | None:
    """The case that was told a little earlier, or None. `kept` is `Facts.as_json` of then."""
    moment = now or dt.datetime.now(LONDON)
    if not isinstance(kept, Mapping) or not _is_fresh(kept, moment):
        return None
    return case_from((), kept, kept.get("area"), moment)


def _is_fresh(kept: Mapping[str, Any], moment: dt.datetime) -> bool:
    told = dt.datetime.fromisoformat(kept["told"])
    return moment - told < dt.timedelta(minutes=FACTS_LAST)


def _fits(field: str, value: object) -> bool:
    """Whether a case can have this value."""
    try:
        Case.model_validate({field: value})
    except ValidationError:
        return False
    return True


def _under_13(ages: Iterable[str], told: str | None) -> str | None:
    """What the ages of a sentence say, or None. Of several, one under 13 is never forgotten.

    “Under 16” leaves it open. From 18 on an age may be another person's: it says no only where
    nothing is known.
    """
    exact, children = [], False
    for age in ages:
        below = re.fullmatch(r"under (\d{1,3})", age, re.ASCII)
        if below and int(below[1]) <= OLDEST_UNDER_13 + 1:
            return "yes"
        children = children or bool(below)
        if re.fullmatch(r"\d{1,3}", age, re.ASCII):
            exact.append(int(age))
    if any(age <= OLDEST_UNDER_13 for age in exact):
        return "yes"
    if any(age < ADULT for age in exact):
        return "no"
    return "no" if exact and not children and told in (None, "unknown") else None


def missing_question(facts: Facts) -> Reply | None:
    """The question for the one fact that the route hangs on, or None when there is none."""
    case = facts.case
    danger = Statement("If a child is in immediate danger, ring 999 now.")
    if case.area is None:
        names = ("luton", "nottinghamshire", "wiltshire", "derby", "derbyshire", "hartlepool")
        return Reply(
            kind="route_area",
            headline="Which area is the child in? The route depends on it.",
            points=(danger,),
            choices=tuple(
                Choice(name.capitalize(), f'/ask_route{{"area": "{name}"}}') for name in names
            ),
        )
    fixed = any(getattr(case, field) is Known.YES for field in FIXES_HIGH)
    if case.area in WITH_LEVELS and case.level is None and not fixed:
        return Reply(
            kind="route_level",
            headline="Which level of risk have you come to? In Derby and Derbyshire the route "
            "depends on it.",
            points=(danger,),
            choices=(
                *(
                    Choice(level.capitalize(), f'/ask_route{{"level": "{level}"}}')
                    for level in ("low", "medium", "high")
                ),
                Choice("I do not know yet: start a screening", "/start_screening"),
            ),
            area=case.area,
        )
    return None
