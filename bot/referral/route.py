"""The Route: what to do for a case, as plain data that every channel and document renders."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.guidance.models import AreaId, Citation
from bot.referral.deadlines import Deadline
from bot.referral.level import RouteLevel
from bot.referral.rules import FactField, Part


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class Step(_Shown):
    """One thing to do. `label` says for whom or when it applies where that is not known, and
    `hangs_on` which unknown facts decide it.

    `product_choice` marks what is not a rule of the area's own procedure; `replaces` the weaker
    steps that it takes the place of; `more` what can wait behind “more”; `tell` who is told.
    """

    rule: str
    part: Part
    text: str
    label: str | None = None
    hangs_on: tuple[FactField, ...] = ()
    cite: tuple[Citation, ...]
    product_choice: bool = False
    more: bool = False
    replaces: tuple[str, ...] = ()
    tell: str | None = None


class Note(_Shown):
    """Something to know: background, a contradiction, what a source leaves out, what changed."""

    rule: str
    text: str
    label: str | None = None
    cite: tuple[Citation, ...]
    product_choice: bool = False
    more: bool = False


class Statement(_Shown):
    """A sentence with where it stands."""

    text: str
    cite: tuple[Citation, ...]


class RouteContact(_Shown):
    """Who to ring or write to. `now` says whether the line is staffed at the route's moment."""

    id: str
    name: str
    number: str | None
    email: str | None
    web: str | None
    purpose: str
    now: Literal["open", "closed", "unknown"]
    hours_note: str
    caution: str | None
    status: str
    cite: tuple[Citation, ...]

    @property
    def address(self) -> str:
        """The number, else the e-mail address, else the link."""
        return self.number or self.email or self.web or self.name

    @property
    def note(self) -> str:
        """Hours and caution in one line; says “to be confirmed” of a number from a public page."""
        return " ".join(part for part in (self.hours_note, self.caution, self._doubt) if part)

    @property
    def short_note(self) -> str:
        """The note as short as it may be: the hours, and how far the number can be relied on."""
        doubt = self._doubt or self.caution
        return " ".join(part for part in (self.hours_note, doubt) if part)

    @property
    def _doubt(self) -> str | None:
        return (
            None if self.status == "in_source" else "Not from the area's document: to be confirmed."
        )


class Form(_Shown):
    """A form or tool to fill in. The bot holds none of them."""

    rule: str
    name: str
    to: str | None
    label: str | None
    cite: tuple[Citation, ...]


class Attendee(_Shown):
    """Who is at a meeting."""

    rule: str
    who: str
    cite: tuple[Citation, ...]


class Told(_Shown):
    """Someone else who is to be told."""

    rule: str
    who: str
    label: str | None
    cite: tuple[Citation, ...]
    product_choice: bool


class Recording(_Shown):
    """Where something is recorded."""

    rule: str
    system: str
    text: str
    cite: tuple[Citation, ...]


class MissingFact(_Shown):
    """A fact that is not known and would change the route."""

    field: FactField
    text: str


class SourceLine(_Shown):
    """A source of the route with its date, the sections used, and what must be said with it."""

    id: str
    short: str
    date: str | None
    sections: tuple[str, ...]
    lines: tuple[str, ...]
    note: str | None
    more: bool = Field(default=False, description="cited only by what stands behind “more”")

    def __str__(self) -> str:
        line = self.dated
        if self.sections:
            line += f" ({'; '.join(self.sections)})"
        return f"{line}. {self.note}" if self.note else f"{line}."

    @property
    def dated(self) -> str:
        """The source's short name with its date."""
        return f"{self.short}, {self.date}" if self.date else self.short


class Route(_Shown):
    """What to do for one case at one moment.

    `headline` answers in one line; `steps` are in order; `missing_facts` would change them.
    A route is guidance: `not_a_referral` says that nothing has been sent to anyone.
    """

    area: AreaId | None
    area_name: str | None
    moment: dt.datetime
    danger: Literal["yes", "no", "unknown"]
    outside_hours: bool
    has_levels: bool
    level: RouteLevel
    headline: str
    headline_cite: tuple[Citation, ...]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    differs: tuple[Note, ...]
    not_stated: tuple[Note, ...]
    changes: tuple[Note, ...]
    contacts: tuple[RouteContact, ...]
    no_number: Statement | None
    forms: tuple[Form, ...]
    attendees: tuple[Attendee, ...]
    deadlines: tuple[Deadline, ...]
    reviews: tuple[Deadline, ...]
    recording: tuple[Recording, ...]
    who_else: tuple[Told, ...]
    no_answer: Statement
    disagree: Statement
    missing_facts: tuple[MissingFact, ...]
    sources: tuple[SourceLine, ...]
    stale: tuple[str, ...]
    rescreen: str
    not_a_referral: str

    def step(self, rule: str) -> Step | None:
        """The step of one rule, or None."""
        return next((step for step in self.steps if step.rule == rule), None)

    @property
    def rules(self) -> frozenset[str]:
        """The ids of every rule that speaks in this route."""
        notes = (*self.notes, *self.differs, *self.not_stated, *self.changes)
        return frozenset(
            [step.rule for step in self.steps]
            + [note.rule for note in notes]
            + [reason.rule for reason in self.level.reasons]
        )
