"""The words of the watch, typed: `data/guidance/safety.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.guidance.files import LocatedFile
from bot.guidance.models import Entry, Identifier, Point, Sentence
from bot.safety.alarm import Kind

#: The name of the file in the guidance folder.
FILE = "safety.yml"

#: Words around a phrasing that make it mean something else.
Calmer = Literal["past", "asked", "studied", "habit", "settled", "work", "busy"]


class Signal(Entry):
    """Phrasings that mean the same thing.

    `calmed_by`: words in the sentence that take the alarm back. `needs`: lists of which a phrase
    must be in the sentence too. `asked`: what becomes of it when it is only asked about.
    """

    name: Identifier
    kind: Kind
    phrasings: tuple[str, ...] = Field(min_length=1)
    calmed_by: tuple[Calmer, ...] = ("past", "studied", "asked", "habit", "settled")
    needs: tuple[str, ...] = ()
    asked: Literal["calm", "question"] = "calm"
    question: bool = Field(default=False, description="the phrasings themselves only ask")
    about_writer: bool = False
    yields_to: Kind | None = Field(default=None, description="silent when this kind is raised too")
    unless_practitioner: bool = False


class Together(Entry):
    """Things that mean danger when enough of them stand in one sentence, whatever the wording."""

    lists: tuple[str, ...] = Field(min_length=2)
    enough: int = Field(ge=2)
    one_of: tuple[str, ...] = Field(description="at least one of the lists found must be of these")


class Words(Entry):
    """How messages are read, and the phrasings that raise an alarm."""

    shorthand: dict[str, str]
    harmless: tuple[str, ...]
    lists: dict[str, tuple[str, ...]]
    calmers: dict[Calmer, tuple[str, ...]]
    practitioner: tuple[str, ...]
    signals: tuple[Signal, ...]
    together: Together


class Script(Entry):
    """What is said when an alarm is raised: each line with where it stands.

    `area_contacts` puts the area's numbers for the hour after `contacts_first`.
    """

    id: Identifier
    headline: Point
    points: tuple[Point, ...]
    contacts_first: tuple[Identifier, ...] = ()
    area_contacts: bool = False
    contacts: tuple[Identifier, ...] = ()
    closing: Sentence | None = None
    topics: tuple[Identifier, ...] = Field(default=(), description="offered as buttons")


class Safety(Entry):
    """The whole file."""

    watch: Words
    in_hours: Point
    out_of_hours: Point
    no_local_number: Point
    area_unknown: Point
    scripts: tuple[Script, ...]


def read_safety(folder: Path) -> tuple[LocatedFile, Safety]:
    """Read `safety.yml` of a guidance folder. Raises GuidanceError with file, line and reason."""
    file = LocatedFile(folder / FILE)
    return file, file.one(Safety)
