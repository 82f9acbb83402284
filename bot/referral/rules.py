"""Typed models of the route files in `data/guidance/routes/`: what a rule may say.

A rule is data: when it holds, what to do, where that stands. It never computes; what cannot be
said with simple conditions stands in `level` and `find`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from bot.guidance.models import AREA_IDS, AreaId, Citation, Entry, Identifier, Point, Sentence
from bot.referral.case import Level

#: Ids of rules: the id in the procedures' decision tables, with a suffix for a variant of a row.
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]+(\+[A-Z])?(-[A-Z0-9]+)+(\.[a-z_]+)?$")]

#: Fields of a Case that are answered yes, no or unknown.
KnownField = Literal[
    "under_13", "learning_disability_or_medical_need", "evidence_of_exploitation",
    "significant_harm", "crime_suspected", "trafficking", "missing",
    "parents_neglect_or_collude", "immediate_danger",
]  # fmt: skip
KNOWN_FIELDS: tuple[KnownField, ...] = (
    "under_13",
    "learning_disability_or_medical_need",
    "evidence_of_exploitation",
    "significant_harm",
    "crime_suspected",
    "trafficking",
    "missing",
    "parents_neglect_or_collude",
    "immediate_danger",
)
#: Every field of a Case whose absence can leave a route open.
FactField = KnownField | Literal["area", "role", "level", "open_to"]
FACT_FIELDS: tuple[FactField, ...] = ("area", "role", "level", *KNOWN_FIELDS, "open_to")

#: Where a step stands in a route, first to last.
Part = Literal[
    "danger", "settle", "assess", "refer", "tell", "protect", "form", "meeting", "record",
    "review", "support", "later",
]  # fmt: skip
PARTS: tuple[Part, ...] = (
    "danger",
    "settle",
    "assess",
    "refer",
    "tell",
    "protect",
    "form",
    "meeting",
    "record",
    "review",
    "support",
    "later",
)

Answers = tuple[Literal["yes", "no", "unknown"], ...]
RoleValue = Literal[
    "social_worker", "team_manager", "foster_carer", "residential_worker", "teacher",
    "health", "police", "outreach", "other", "unknown",
]  # fmt: skip
PlanValue = Literal[
    "early_help", "mat", "social_care", "child_in_need", "child_protection_plan",
    "looked_after", "other_authority", "ehc_plan",
]  # fmt: skip


class When(Entry):
    """Conditions that must all hold. Empty: always.

    `level` is the level that the route goes by, `open_to` holds when any of the plans is among
    the child's, `not_open_to` when none is, `clock` is the area's office hours.
    """

    role: tuple[RoleValue, ...] = ()
    level: tuple[Literal["low", "medium", "high", "unknown"], ...] = ()
    under_13: Answers = ()
    learning_disability_or_medical_need: Answers = ()
    evidence_of_exploitation: Answers = ()
    significant_harm: Answers = ()
    crime_suspected: Answers = ()
    trafficking: Answers = ()
    missing: Answers = ()
    parents_neglect_or_collude: Answers = ()
    immediate_danger: Answers = ()
    open_to: tuple[PlanValue, ...] = ()
    not_open_to: tuple[PlanValue, ...] = ()
    clock: Literal["office", "outside"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_values(cls, value: object) -> object:
        """One value for a list of one; YAML's yes and no are words here, not truth values."""
        if not isinstance(value, dict):
            return value
        plain: dict[str, object] = {}
        for field, answers in value.items():
            if field not in cls.model_fields:
                raise ValueError(
                    f"condition on “{field}”, which is no field of a case "
                    f"(there are {', '.join(cls.model_fields)})"
                )
            listed = answers if isinstance(answers, list) else [answers]
            words = [{True: "yes", False: "no"}.get(one, one) if isinstance(one, bool) else one
                     for one in listed]  # fmt: skip
            plain[field] = words[0] if field == "clock" else words
        return plain


class DeadlineRule(Entry):
    """A time limit as the source words it.

    `days` without “working” in the source is shown in both readings, planned to the shorter.
    `before` counts back from the anchor instead of on. `anchor` is what it counts from: today
    (the request is made today), the meeting or the review of the same route, or nothing that
    can be dated (`none`).
    """

    id: Identifier
    label: Sentence = Field(description="what must be done, without the time")
    kind: Literal[
        "working_days", "days", "weeks", "months", "hours", "at_meeting", "immediate", "earliest"
    ]
    count: int | None = Field(default=None, ge=1)
    to: int | None = Field(default=None, ge=1, description="upper end of a span, as in 4 to 6")
    before: bool = False
    anchor: Literal["today", "meeting", "review", "none"] = "none"
    since: Sentence = Field(description="from when it counts, in words")
    said: Sentence = Field(description="the time limit in words, as the source has it")
    cite: tuple[Citation, ...] = Field(min_length=1)

    @field_validator("cite", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        return _citations(value)

    @model_validator(mode="after")
    def _counts(self) -> DeadlineRule:
        counted = self.kind in ("working_days", "days", "weeks", "months", "hours")
        if counted != (self.count is not None):
            raise ValueError(f"a deadline of kind {self.kind} " + (
                "needs a count" if counted else "takes no count"
            ))  # fmt: skip
        return self


def _citations(value: object) -> object:
    """The YAML forms of a citation, as citations."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return [Citation.parse(item) if isinstance(item, str) else item for item in value]
    return value


class FormRule(Entry):
    """A form or tool that a source asks for. None of them is held here."""

    name: Sentence
    to: Sentence | None = Field(default=None, description="where it goes")


class Rule(Entry):
    """One thing to do (`step`), to know (`note`) or that sources contradict (`differs`).

    `when` is one set of conditions or a list of sets of which one must hold. Where a field that a
    condition asks for is unknown, the rule is shown if `if_unknown` names that field: as it is
    (`show`) or behind the words given (“If the child is looked after”). `replaces` names the
    weaker rules that this one takes the place of. `more` puts it behind “more”.
    """

    id: RuleId
    kind: Literal["step", "note", "differs", "gap", "change"] = "step"
    part: Part = "refer"
    areas: tuple[AreaId | Literal["none"], ...] = Field(
        default=(), description="narrower than its file; `none` is an unknown area"
    )
    when: tuple[When, ...] = (When(),)
    if_unknown: dict[FactField, Sentence] = Field(default_factory=dict)
    text: Sentence
    cite: tuple[Citation, ...] = Field(min_length=1)
    product_choice: bool = Field(default=False, description="not a rule of the area's procedure")
    more: bool = False
    replaces: tuple[RuleId, ...] = ()
    contacts: tuple[Identifier, ...] = ()
    forms: tuple[FormRule, ...] = ()
    tell: Sentence | None = Field(default=None, description="who is to be told")
    attends: tuple[Sentence, ...] = ()
    system: Sentence | None = Field(default=None, description="where it is recorded")
    deadlines: tuple[DeadlineRule, ...] = ()

    @field_validator("when", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, dict) else value

    @field_validator("cite", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        return _citations(value)

    @property
    def row(self) -> str:
        """The decision-table row that it stands for: the id without its variant."""
        return self.id.partition(".")[0]


class Headline(Entry):
    """The first line of a route. The first of an area's headlines whose conditions hold is used."""

    when: tuple[When, ...] = (When(),)
    text: Sentence
    cite: tuple[Citation, ...] = Field(min_length=1)

    @field_validator("when", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, dict) else value

    @field_validator("cite", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        return _citations(value)


class RouteFile(Entry):
    """The rules of one area, or of several that share a document.

    A file for one area also says its headlines and what its source gives on numbers, on nobody
    answering and on disagreement. Lists keep their order.
    """

    areas: tuple[AreaId, ...] = Field(min_length=1)
    levels: bool = Field(default=False, description="whether the source has levels of risk")
    headlines: tuple[Headline, ...] = ()
    no_number: Point | None = None
    no_answer: Point | None = None
    disagree: Point | None = None
    route_rules: tuple[Rule, ...] = ()


class Floor(Entry):
    """A fact that keeps the level from being lower, whatever was judged."""

    id: RuleId
    field: KnownField
    level: Level
    local: tuple[AreaId, ...] = Field(description="areas whose own procedure says so; else product")
    text: Sentence
    elsewhere: Sentence = Field(description="the words where it is a product choice")
    cite: tuple[Citation, ...] = Field(min_length=1)

    @field_validator("cite", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        return _citations(value)


class Unsettled(Entry):
    """What is said when low was judged while facts that forbid it are unknown."""

    id: RuleId
    fields: tuple[KnownField, ...] = Field(min_length=1)
    headline: Sentence
    text: Sentence = Field(description="holds {facts}")
    label: Sentence = Field(description="stands before what low would mean")
    cite: tuple[Citation, ...] = Field(min_length=1)

    @field_validator("cite", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        return _citations(value)


class NationalFile(Entry):
    """What holds in every area, and the words that are the same everywhere."""

    facts: dict[FactField, Sentence] = Field(description="each fact of a case in plain words")
    floors: tuple[Floor, ...] = Field(min_length=1)
    unsettled: Unsettled
    danger_headline: Sentence = Field(description="stands before the headline; holds {headline}")
    floor_headline: Sentence = Field(description="stands before it when a level was raised")
    no_area: Headline
    no_number: Point
    no_answer: Point
    disagree: Point
    hours_unknown: Sentence
    not_a_referral: Sentence
    rescreen: Sentence
    route_rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _every_fact(self) -> NationalFile:
        absent = [field for field in FACT_FIELDS if field not in self.facts]
        if absent:
            raise ValueError(f"facts lacks words for {', '.join(absent)}")
        return self


#: Every area, and None for an area that is not known.
AREAS_AND_NONE: tuple[AreaId | None, ...] = (*AREA_IDS, None)
