"""The Case: what is known about a concern, without anything that identifies a child."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.guidance.models import AreaId

LONDON = ZoneInfo("Europe/London")


class Known(StrEnum):
    """An answer to a yes/no question. Unknown never counts as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """The professional's judgement of the level of risk."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for low, 1 for medium, 2 for high: for comparing."""
        return ("low", "medium", "high").index(self.value)


Role = Literal[
    "social_worker", "team_manager", "foster_carer", "residential_worker", "teacher",
    "health", "police", "outreach", "other",
]  # fmt: skip
OpenTo = Literal[
    "early_help", "mat", "social_care", "child_in_need", "child_protection_plan",
    "looked_after", "other_authority", "ehc_plan",
]  # fmt: skip


class Case(BaseModel):
    """Facts that decide a route. Anything absent is unknown; unknown keys are refused.

    `now` is the moment that deadlines and office hours are reckoned from (Europe/London when it
    carries no zone); None means the clock.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    area: AreaId | None = None
    role: Role | None = None
    level: Level | None = None
    under_13: Known = Known.UNKNOWN
    learning_disability_or_medical_need: Known = Known.UNKNOWN
    evidence_of_exploitation: Known = Known.UNKNOWN
    significant_harm: Known = Known.UNKNOWN
    crime_suspected: Known = Known.UNKNOWN
    trafficking: Known = Known.UNKNOWN
    missing: Known = Known.UNKNOWN
    parents_neglect_or_collude: Known = Known.UNKNOWN
    immediate_danger: Known = Known.UNKNOWN
    open_to: frozenset[OpenTo] | None = Field(
        default=None, description="plans and teams the child is open to; None is unknown"
    )
    now: dt.datetime | None = None

    @field_validator(
        "under_13", "learning_disability_or_medical_need", "evidence_of_exploitation",
        "significant_harm", "crime_suspected", "trafficking", "missing",
        "parents_neglect_or_collude", "immediate_danger",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _as_known(cls, value: object) -> object:
        """JSON's true, false and null, and any case of letters, for yes, no and unknown."""
        return _plain_answer(value)

    @field_validator("now")
    @classmethod
    def _in_london(cls, value: dt.datetime | None) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=LONDON) if value.tzinfo is None else value.astimezone(LONDON)

    @property
    def moment(self) -> dt.datetime:
        """`now`, or the clock in Europe/London."""
        return self.now or dt.datetime.now(LONDON)


def _plain_answer(value: object) -> object:
    if value is None or isinstance(value, bool):
        return {True: "yes", False: "no", None: "unknown"}[value]
    return value.strip().lower() if isinstance(value, str) else value


def tells_danger(values: object) -> bool:
    """Whether `values`, which may be no case at all, say that somebody is in danger now.

    However the key is spelt; any answer but no and unknown counts.
    """
    if not isinstance(values, Mapping):
        return False
    return any(
        "".join(filter(str.isalpha, str(key).lower())) in ("immediatedanger", "danger")
        and _plain_answer(value) not in ("no", "unknown", "")
        for key, value in values.items()
    )
