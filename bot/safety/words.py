"""The words of the watch, typed: `data/guidance/safety.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import Field, model_validator

from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.models import AreaId, Entry, Identifier, Point, Sentence
from bot.safety.alarm import Kind
from bot.safety.likeness import HEADS, Head

#: The name of the file in the guidance folder.
FILE = "safety.yml"
#: The folder beside it that holds the examples, one file a kind.
EXAMPLES = "safety"

#: libyaml's safe loader where there is one: the training files are long.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: An entity marked inside a training phrase.
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")

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


class Examples(Entry):
    """What people type, one phrase a line; without a kind, what raises no alarm.

    `asked`: of nobody in particular. `about_writer`: those who write are in it themselves.
    """

    name: Identifier
    what: Sentence
    kind: Kind | None = None
    asked: bool = False
    about_writer: bool = False
    phrases: str

    def heads(self) -> frozenset[Head]:
        """What is true of each phrase."""
        found: set[Head] = set()
        if self.kind in ("immediate_danger", "self_harm"):
            found.add("danger")
        if self.kind == "self_harm":
            found.add("self_harm")
        if self.asked:
            found.add("asked")
        if self.about_writer or self.kind == "child_writing":
            found.add("writer")
        if self.kind in ("own_thoughts", "colleague_allegation", "parent_or_public"):
            found.add(self.kind)
        return frozenset(found)

    def lines(self) -> tuple[str, ...]:
        """Each phrase."""
        return tuple(line.strip() for line in self.phrases.splitlines() if line.strip())


class Words(Entry):
    """How messages are read, and the phrasings that raise an alarm."""

    shorthand: dict[str, str]
    harmless: tuple[str, ...]
    lists: dict[str, tuple[str, ...]]
    calmers: dict[Calmer, tuple[str, ...]]
    practitioner: tuple[str, ...]
    signals: tuple[Signal, ...]
    together: Together
    marks: tuple[str, ...] = Field(description="lists whose presence is weighed with the words")
    like_enough: dict[Head, float] = Field(description="log-odds from which an alarm is raised")
    sentence_margin: float = Field(
        description="how much more is asked of one sentence of several than of the whole message"
    )
    person_margin: float = Field(
        description="how much more again is asked of one sentence for what is no danger"
    )
    calm_margin: float = Field(
        description="how much more is asked where words say that it is over, past or studied"
    )
    unlike: dict[Kind, float] = Field(
        description="log-odds below which a phrasing is taken to be there by chance"
    )
    surely_parent: float = Field(
        description="log-odds from which words of a practitioner do not speak against a parent"
    )
    near_enough: float = Field(
        description="log-odds from which an ordinary answer opens with what to do in danger"
    )
    intents_left_out: tuple[str, ...] = Field(
        default=(), description="intents whose training phrases are not taken for ordinary"
    )
    one_in: int = Field(ge=1, description="which part of the training phrases is learned from")

    @model_validator(mode="after")
    def _every_head(self) -> Words:
        missing = set(HEADS) - set(self.like_enough)
        if missing:
            raise ValueError(f"like_enough lacks {', '.join(sorted(missing))}")
        return self


#: Stand in a script where a line depends on the area.
Slot = Literal["local", "public_local"]
#: A kind of script: an alarm's kind, or what it becomes when it is asked or is about the writer.
ScriptId = Literal[
    "immediate_danger",
    "immediate_danger_asked",
    "immediate_danger_writer",
    "self_harm",
    "self_harm_asked",
    "self_harm_writer",
    "child_writing",
    "own_thoughts",
    "colleague_allegation",
    "parent_or_public",
]


class Line(Point):
    """A line of a script.

    `again`: it is also said when the words are said again, in short; `first` of them all, where
    the headline is not said again. `until_rung`: no longer said once 999 was rung.
    """

    again: bool | Literal["first"] = False
    until_rung: bool = False


class Script(Entry):
    """What is said when an alarm is raised: each line with where it stands.

    `area_contacts` puts the area's numbers for the hour between `contacts_first` and `contacts`.
    """

    id: ScriptId
    headline: Line
    points: tuple[Line | Slot, ...]
    contacts_first: tuple[Identifier, ...]
    area_contacts: bool = False
    contacts: tuple[Identifier, ...] = ()
    closing: Sentence | None = None
    topics: tuple[Identifier, ...] = Field(default=(), description="offered as buttons")

    @model_validator(mode="after")
    def _one_comes_first(self) -> Script:
        first = [one for one in self.lines() if one.again == "first"]
        if len(first) + bool(self.headline.again) != 1:
            raise ValueError(
                "either the headline has “again: true”, or one line below it “again: first”"
            )
        return self

    def lines(self) -> tuple[Line, ...]:
        """The lines below the headline that do not depend on the area."""
        return tuple(one for one in self.points if isinstance(one, Line))

    def in_short(self) -> Script:
        """The script as it is said again: 999, who helps, and the line on the area."""
        first = next((one for one in self.lines() if one.again == "first"), self.headline)
        kept = [
            one
            for one in self.points
            if not isinstance(one, Line) or (one.again and one is not first)
        ]
        return self.model_copy(update={"headline": first, "points": tuple(kept)})


class Safety(Entry):
    """The whole file."""

    watch: Words
    near_danger: Point
    for_practitioners: str = Field(pattern=r"\{topic\}")
    for_workers: Point
    start_screening: str = Field(min_length=1)
    rung: Line
    rung_closing: Sentence
    passed: Line
    passed_next: Line
    mistaken: Line
    still_refer: Line
    passed_writer: Line
    screening_kept: Sentence
    go_on_screening: str = Field(min_length=1)
    local: Point
    local_both: Point
    local_none: Point
    area_unknown: Point
    public_local: Point
    public_none: Point
    public_contacts: dict[AreaId, Identifier]
    scripts: tuple[Script, ...]

    @model_validator(mode="after")
    def _every_script(self) -> Safety:
        missing = set(get_args(ScriptId)) - {script.id for script in self.scripts}
        if missing:
            raise ValueError(f"no script for {', '.join(sorted(missing))}")
        return self

    def script(self, name: ScriptId) -> Script:
        """The script of that id."""
        return next(script for script in self.scripts if script.id == name)


def read_examples(folder: Path) -> tuple[Examples, ...]:
    """The examples of a guidance folder. Raises GuidanceError with file, line and reason."""
    return tuple(
        LocatedFile(path).one(Examples) for path in sorted((folder / EXAMPLES).glob("*.yml"))
    )


def training_phrases(folder: Path) -> Iterator[tuple[str, str]]:
    """Each intent (with its topic: `ask/who_to_ring`) and phrase of the training files in `folder`.

    Raises GuidanceError when one cannot be read.
    """
    for path in sorted(folder.rglob("*.yml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise GuidanceError([Problem(path, 1, f"cannot be read: {error}")]) from error
        for entry in (content or {}).get("nlu", ()):
            for line in str(entry.get("examples", "")).splitlines():
                phrase = _ANNOTATION.sub(r"\1", line.strip().removeprefix("- ").strip())
                if phrase and "intent" in entry:
                    topic = (entry.get("metadata") or {}).get("topic")
                    yield f"{entry['intent']}/{topic}" if topic else entry["intent"], phrase


@cache
def read_safety(folder: Path) -> tuple[LocatedFile, Safety]:
    """Read `safety.yml` of a guidance folder, once.

    Raises GuidanceError with file, line and reason.
    """
    file = LocatedFile(folder / FILE)
    return file, file.one(Safety)
