"""Typed models of the guidance files in `data/guidance/`.

Each model is one kind of entry. Nothing here reads a file or decides what is shown: `load` does
the first and `answering` the second.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

AreaId = Literal["luton", "nottinghamshire", "wiltshire", "derby", "derbyshire", "hartlepool"]
#: The areas that the sources cover, in the order in which they are offered.
AREA_IDS: tuple[AreaId, ...] = (
    "luton",
    "nottinghamshire",
    "wiltshire",
    "derby",
    "derbyshire",
    "hartlepool",
)

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]


def _of_the_calendar(date: str) -> str:
    """A year, month or day as it is. Raises ValueError where no calendar has it."""
    if date != "unknown":
        year, month, day = (*(int(part) for part in date.split("-")), 1, 1)[:3]
        try:
            dt.date(year, month, day)
        except ValueError as error:
            raise ValueError(f"no calendar has {date}") from error
    return date


Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]


class Entry(BaseModel):
    """Base of every guidance entry: unknown keys are refused, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(Entry):
    """A part of a source document, so that a line number can be shown as a section."""

    title: Sentence
    first: int = Field(ge=1, description="first line of the section in the source text")
    last: int = Field(ge=1, description="last line of the section in the source text")


class Source(Entry):
    """A document or public page that facts are cited from."""

    id: Identifier
    title: Sentence
    short: Sentence = Field(description="what a citation calls it")
    publisher: Sentence
    date: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="year, month or day; absent when the document shows none",
    )
    date_note: Sentence | None = None
    kind: Literal["board_document", "public_page", "statute", "statutory_guidance", "general"]
    areas: tuple[AreaId, ...] = ()
    url: str | None = None
    licence: Sentence
    sections: tuple[Section, ...] = ()

    @field_validator("date", mode="before")
    @classmethod
    def _date_as_text(cls, value: object) -> object:
        # YAML reads 2014 as a number and 2014-09-01 as a date
        return value if value is None else str(value)

    @field_validator("date")
    @classmethod
    def _date_there_is(cls, value: str | None) -> str | None:
        return value and _of_the_calendar(value)


class Citation(Entry):
    """Where a fact stands: a source and, for a document, its lines.

    Written in YAML as `source-id:174` or `source-id:94-96` or `source-id:17,19` or `source-id`.
    """

    source: Identifier
    at: str | None = Field(default=None, pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$")

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read the YAML form. Raises ValueError when it is not of that form."""
        source, _, lines = text.partition(":")
        return cls(source=source.strip(), at=lines.strip().replace(" ", "") or None)

    @property
    def first_line(self) -> int | None:
        """The first cited line, or None when the whole source is cited."""
        return int(re.split(r"[-,]", self.at)[0]) if self.at else None

    def fault(self) -> str | None:
        """Why no document can have these lines (line 0, or a range backwards); None if it can."""
        for span in self.at.split(",") if self.at else ():
            first, *last = (int(number) for number in span.split("-"))
            if first == 0:
                return "cites line 0; lines count from 1"
            if last and last[0] < first:
                return f"cites lines {span}, which run backwards"
        return None

    def __str__(self) -> str:
        return f"{self.source}:{self.at}" if self.at else self.source


class _Citing(Entry):
    cite: tuple[Citation, ...] = Field(min_length=1)

    @field_validator("cite", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list):
            return [Citation.parse(item) if isinstance(item, str) else item for item in value]
        return value


class Area(Entry):
    """A council area with what the bot may call it and who to turn to there."""

    id: AreaId
    name: Sentence
    aliases: tuple[str, ...] = Field(default=(), description="towns and abbreviations, lower case")
    source: Identifier
    contacts: tuple[Identifier, ...] = Field(description="who to ring, most important first")
    out_of_hours: tuple[Identifier, ...] = ()
    system: Sentence | None = Field(default=None, description="recording system the source names")
    note: Sentence | None = None


class Contact(_Citing):
    """A number or address, with its provenance. `status` says how far it can be relied on."""

    id: Identifier
    name: Sentence
    number: str | None = Field(default=None, pattern=r"^[0-9 ]+$")
    email: str | None = None
    web: str | None = None
    areas: tuple[AreaId, ...] = Field(default=(), description="empty: the whole country")
    purpose: Sentence = Field(description="when to use it and who it is for")
    hours: Sentence | None = Field(default=None, description="only when the source gives them")
    status: Literal["in_source", "public_page", "unverified", "retired"]
    last_checked: dt.date | None = None
    caution: Sentence | None = Field(default=None, description="shown with the number")
    aliases: tuple[str, ...] = Field(default=(), description="what people call it, lower case")


class Point(_Citing):
    """One statement of guidance with where it stands."""

    text: Sentence


class Answer(Entry):
    """What is said about a topic, for some areas or for everyone (`any`)."""

    areas: tuple[AreaId | Literal["any"], ...] = Field(min_length=1)
    short: Sentence = Field(description="the first line: it answers", max_length=220)
    points: tuple[Point, ...] = Field(min_length=1)
    more: tuple[Point, ...] = Field(default=(), description="shown on “more”")
    differs: tuple[Point, ...] = Field(
        default=(), description="where the sources contradict each other or themselves"
    )
    contacts: tuple[Identifier, ...] = ()


class Topic(Entry):
    """Something practitioners ask about.

    A topic either has an answer for `any` area, or each area stands in `answers` or in `silent`.
    """

    id: Identifier
    title: Sentence = Field(description="human title, as a button or a choice shows it")
    tags: tuple[Identifier, ...] = Field(min_length=1)
    answers: tuple[Answer, ...] = ()
    silent: dict[AreaId, Sentence | None] = Field(
        default_factory=dict,
        description="areas whose source does not say, with a sentence of its own where it helps",
    )
    instead: dict[AreaId, Identifier] = Field(
        default_factory=dict, description="areas with a topic of their own on this"
    )
    ask: tuple[Identifier, ...] = Field(
        default=(), description="contacts that can help where the sources are silent"
    )
    law: tuple[Identifier, ...] = ()
    changed: tuple[Identifier, ...] = Field(default=(), description="notes in changes.yml")
    related: tuple[Identifier, ...] = ()
    route_level: Literal["low", "medium", "high"] | None = Field(
        default=None, description="the level whose whole route its answers offer as a button"
    )


class Counterpart(Entry):
    """What stands in another area in place of topics that only one area's document has."""

    id: Identifier
    topics: tuple[Identifier, ...] = Field(min_length=1)
    of: dict[Identifier, AreaId] = Field(
        default_factory=dict, description="whose a topic is, where its tags do not name the area"
    )
    instead: dict[AreaId, Identifier] = Field(default_factory=dict)
    silent: dict[AreaId, Point | None] = Field(
        default_factory=dict, description="areas whose source says nothing of the kind"
    )
    see: dict[AreaId, Identifier] = Field(
        default_factory=dict, description="the topic that is offered where there is none"
    )


class Law(_Citing):
    """A section of a statute, in plain words."""

    id: Identifier
    act: Sentence
    section: Sentence
    summary: Sentence


class Change(_Citing):
    """What has changed since the source documents were written."""

    id: Identifier
    since: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$|^unknown$")
    text: Sentence = Field(description="one or two sentences, shown as a dated note")
    areas: tuple[AreaId, ...] = Field(default=(), description="empty: it concerns every area")
    certainty: Literal["seen", "unverified"]

    @field_validator("since", mode="before")
    @classmethod
    def _since_as_text(cls, value: object) -> object:
        return str(value)

    @field_validator("since")
    @classmethod
    def _since_there_is(cls, value: str) -> str:
        return _of_the_calendar(value)


class Term(_Citing):
    """A term or abbreviation of the field."""

    id: Identifier
    term: Sentence
    aliases: tuple[str, ...] = ()
    meaning: Sentence
