"""What is other in a case than it was before, in a short line; and a case at another hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.guidance.models import AREA_IDS, AreaId
from bot.referral.case import Case, Known, OpenTo, Role
from bot.referral.deadlines import is_working_day
from bot.referral.load import RouteBook

ROLES: Mapping[Role, str] = {
    "social_worker": "social worker",
    "team_manager": "team manager",
    "foster_carer": "foster carer",
    "residential_worker": "residential worker",
    "teacher": "working in a school",
    "health": "working in health",
    "police": "police",
    "outreach": "outreach or youth worker",
    "other": "none of those I know",
}
PLANS: Mapping[OpenTo, str] = {
    "early_help": "open to early help",
    "mat": "open to a Multi-Agency Team",
    "social_care": "open to social care",
    "child_in_need": "a child in need",
    "child_protection_plan": "on a child protection plan",
    "looked_after": "looked after",
    "other_authority": "another authority's child",
    "ehc_plan": "one with an Education, Health and Care plan",
}
#: Facts that are answered yes or no, each as it is said for yes and for no.
FACTS: Mapping[str, tuple[str, str]] = {
    "learning_disability_or_medical_need": (
        "a significant learning disability or medical needs",
        "no significant learning disability or medical needs",
    ),
    "evidence_of_exploitation": ("evidence of exploitation", "no evidence of exploitation"),
    "significant_harm": ("significant harm", "no significant harm"),
    "crime_suspected": ("a crime suspected", "no crime suspected"),
    "trafficking": ("signs of trafficking", "no signs of trafficking"),
    "missing": ("the child going missing", "the child not going missing"),
    "parents_neglect_or_collude": (
        "parents or carers who neglect or collude",
        "parents or carers who neither neglect nor collude",
    ),
    "immediate_danger": ("danger now", "no danger now"),
}
#: Hours that surely are within, and outside, those of every office.
_WITHIN, _OUTSIDE = dt.time(11), dt.time(23)


def changed_line(
    before: Case, after: Case, facts: Sequence[tuple[str, str]], book: RouteBook
) -> str:
    """What `facts` (as they were told) changed: “With high instead of medium”."""
    told = dict(facts)
    parts = []
    if before.area != after.area and after.area:
        was = f" instead of {_area(before.area, book)}" if before.area else ""
        parts.append(f"{_area(after.area, book)}{was}")
    if before.level is not after.level and after.level:
        was = f" instead of {before.level.value}" if before.level else ""
        parts.append(f"{after.level.value}{was}")
    if before.role != after.role and after.role:
        parts.append(f"your role ({ROLES[after.role]})")
    if before.under_13 is not after.under_13:
        parts.append(_age(after.under_13, told.get("age", "")))
    if before.open_to != after.open_to:
        parts.append(_plans(before.open_to, after.open_to))
    for field, (yes, no) in FACTS.items():
        now = getattr(after, field)
        if getattr(before, field) is not now:
            parts.append(yes if now is Known.YES else no)
    if "clock" in told:
        parts.append(
            "a time outside office hours" if told["clock"] == "outside" else "office hours"
        )
    return f"With {'; '.join(parts)}" if parts else "As before"


def _area(area: AreaId | None, book: RouteBook) -> str:
    found = book.areas[area].area if area in AREA_IDS else None
    return found.name if found else "no area"


def _age(under_13: Known, age: str) -> str:
    if under_13 is Known.YES:
        return f"a child of {age}, under 13" if age.isdigit() else "a child under 13"
    return f"a child of {age}, not under 13" if age.isdigit() else "a child not under 13"


def _plans(before: frozenset[OpenTo] | None, after: frozenset[OpenTo] | None) -> str:
    if not after:
        gone = [PLANS[one] for one in PLANS if before and one in before]
        if after is None:
            return f"a child who is not {', not '.join(gone)}"
        return "a child who is open to no plan or team"
    new = [PLANS[one] for one in PLANS if one in after and one not in (before or ())]
    gone = [PLANS[one] for one in PLANS if before and one in before and one not in after]
    words = [*new, *(f"not {one}" for one in gone)]
    return f"a child who is {' and '.join(words)}" if new or gone else "the same plans"


def at_another_hour(case: Case, clock: str) -> Case:
    """`case` at the next moment `outside` office hours, or in them (`office`)."""
    moment = case.moment
    if clock == "outside":
        return case.model_copy(
            update={"now": dt.datetime.combine(moment.date(), _OUTSIDE, moment.tzinfo)}
        )
    day = moment.date()
    if moment.time() > _WITHIN:
        day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return case.model_copy(update={"now": dt.datetime.combine(day, _WITHIN, moment.tzinfo)})
