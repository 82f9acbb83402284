"""The TakeAway: what every format shows, as plain data without any format's markup.

Sections hold blocks, blocks hold lines. A renderer knows how to show each kind of block and
nothing about routes or screenings, so all of them show the same facts.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

#: Said with every product choice.
SUGGESTION = "Tool suggestion, not procedure."
#: Said before the list of sources.
LINES_MEANT = "Lines are counted in the text of the source that I hold."


def clean(value: object) -> object:
    """Text without what no document can hold: control characters, lone surrogates, invisible ones.

    XML refuses the first two, and invisible ones could reorder or hide what is read. White space
    becomes one space. What is not text is given back as it is.
    """
    if not isinstance(value, str):
        return value
    kept = (" " if char.isspace() else char for char in value)
    seen = "".join(char for char in kept if not unicodedata.category(char).startswith("C"))
    return " ".join(unicodedata.normalize("NFC", seen).split())


Clean = Annotated[str, BeforeValidator(clean)]


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Shown):
    """One statement.

    `label` stands before it: a condition, or what it is about. `remarks` are said after it,
    `suggestion` marks a product choice, `marks` are the numbers of its sources.
    """

    text: Clean
    label: Clean | None = None
    remarks: tuple[Clean, ...] = ()
    suggestion: bool = False
    marks: tuple[int, ...] = ()

    @property
    def lead(self) -> str:
        """The label as it stands before the text; empty without one."""
        if not self.label:
            return ""
        return self.label if self.label.endswith("?") else f"{self.label}:"

    @property
    def said(self) -> str:
        """The text, closed with a full stop where something is said after it."""
        open_ended = self.after and self.text and self.text[-1] not in ".!?:"
        return f"{self.text}." if open_ended else self.text

    @property
    def after(self) -> tuple[str, ...]:
        """The remarks, with the words for a product choice at the end."""
        return (*self.remarks, SUGGESTION) if self.suggestion else self.remarks

    @property
    def cited(self) -> str:
        """The numbers of its sources, as “[1][3]”."""
        return "".join(f"[{mark}]" for mark in self.marks)

    @property
    def words(self) -> str:
        """All of it in one line of plain text."""
        parts = (self.lead, self.said, *self.after, self.cited)
        return " ".join(part for part in parts if part)


class Subheading(_Shown):
    """A heading inside a section."""

    kind: Literal["subheading"] = "subheading"
    text: Clean


class Lines(_Shown):
    """Statements that each stand on a line of their own."""

    kind: Literal["lines"] = "lines"
    lines: tuple[Line, ...]


class Bullets(_Shown):
    """A list without an order."""

    kind: Literal["bullets"] = "bullets"
    lines: tuple[Line, ...]


class Steps(_Shown):
    """A numbered list: in this order."""

    kind: Literal["steps"] = "steps"
    lines: tuple[Line, ...]


class Table(_Shown):
    """Rows under `columns`; the first cell of a row says what the row is about.

    `caption` says what the table holds, for readers who do not see it. `widths` are the columns'
    shares of the line.
    """

    kind: Literal["table"] = "table"
    caption: Clean
    columns: tuple[Clean, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Line, ...], ...]


class Blanks(_Shown):
    """Labelled lines left empty, to be filled in outside this tool."""

    kind: Literal["blanks"] = "blanks"
    labels: tuple[Clean, ...]


Block = Annotated[
    Subheading | Lines | Bullets | Steps | Table | Blanks, Field(discriminator="kind")
]


class Section(_Shown):
    """A heading and what stands under it."""

    heading: Clean
    blocks: tuple[Block, ...]


class SourceEntry(_Shown):
    """A source with its number, its date, where in it, and how far it can be relied on."""

    number: int
    name: Clean
    date: Clean | None
    where: Clean
    reliance: Clean | None

    @property
    def dated(self) -> str:
        """Name and date."""
        return f"{self.name}, {self.date}" if self.date else self.name

    @property
    def words(self) -> str:
        """All of it in one line of plain text."""
        parts = (self.dated, self.where, self.reliance)
        return f"[{self.number}] " + " ".join(f"{p.rstrip('.')}." for p in parts if p)


class CalendarDate(_Shown):
    """A deadline that has a day. `id` tells it from the other deadlines of the same take-away.

    `day` is the one to plan to, `also` the other reading; `in_words` names both.
    """

    id: str
    label: Clean
    day: dt.date
    also: dt.date | None
    in_words: Clean
    limit: Clean
    suggestion: bool
    sources: tuple[Clean, ...]


class TakeAway(_Shown):
    """The take-away. `made` is when it was made (Europe/London); `about` says for what.

    `notice` stands before everything else, `headline` answers in one line, `closing` ends it.
    It holds nothing that identifies a child.
    """

    title: Clean
    reference: str
    made: dt.datetime
    area: Clean
    about: tuple[Line, ...]
    notice: tuple[Line, ...]
    headline: Line
    sections: tuple[Section, ...]
    sources: tuple[SourceEntry, ...]
    closing: tuple[Line, ...]
    dates: tuple[CalendarDate, ...]

    @property
    def source_table(self) -> Table:
        """The sources as a table."""
        return Table(
            caption="Sources",
            columns=("No.", "Source and date", "Where in it", "How far to rely on it"),
            widths=(2, 9, 18, 11),
            rows=tuple(
                (
                    Line(text=f"[{source.number}]"),
                    Line(text=source.dated),
                    Line(text=source.where or "as a whole"),
                    Line(text=source.reliance or "no remark"),
                )
                for source in self.sources
            ),
        )

    def lines(self) -> Iterator[Line]:
        """Every statement, in the order of reading."""
        yield from (*self.about, *self.notice, self.headline)
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Lines | Bullets | Steps):
                    yield from block.lines
                elif isinstance(block, Table):
                    for row in block.rows:
                        yield from row
        yield from self.closing
