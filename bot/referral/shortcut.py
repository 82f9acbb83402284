"""The short-cut to a route: a case from what a sentence names, and the one fact still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.guidance.reply import Choice, Reply, Statement
from bot.referral.case import LONDON, Case

#: Minutes after which facts told earlier in a conversation no longer count: another child perhaps.
FACTS_LAST = 30
#: Areas whose source has levels of risk, so that the route hangs on the level.
WITH_LEVELS = ("derby", "derbyshire")


@dataclass(frozen=True)
class Facts:
    """The case told so far and when it was told."""

    case: Case
    told: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, for a slot."""
        case = self.case.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        if "open_to" in case:
            case["open_to"] = sorted(case["open_to"])
        return {"case": case, "told": self.told.isoformat()}


def case_from(
    found: Iterable[tuple[str, str]],
    kept: Mapping[str, Any] | None,
    area: str | None,
    now: dt.datetime | None = None,
) -> Facts:
    """The case of a sentence's entities on top of what was told a little earlier.

    `found` are (entity, value) pairs: area, level, role, plan, age, and yes/no facts by their
    field's name. `kept` is `Facts.as_json` of before; `area` the conversation's.
    """
    moment = now or dt.datetime.now(LONDON)
    fields: dict[str, Any] = {}
    if kept and moment - dt.datetime.fromisoformat(kept["told"]) < dt.timedelta(minutes=FACTS_LAST):
        fields = dict(kept["case"])
    plans = set(fields.get("open_to") or ())
    for entity, value in found:
        if entity in ("area", "level", "role"):
            fields[entity] = value
        elif entity == "plan":
            plans.add(value)
        elif entity == "age" and value.isdigit():
            fields["under_13"] = "yes" if int(value) < 13 else "no"
        elif entity in Case.model_fields and entity not in ("now", "open_to"):
            fields[entity] = value
    if plans:
        fields["open_to"] = sorted(plans)
    fields.setdefault("area", area)
    try:
        case = Case.model_validate(fields)
    except ValidationError:
        case = Case.model_validate({"area": area})
    return Facts(case, moment)


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
    if case.area in WITH_LEVELS and case.level is None:
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
