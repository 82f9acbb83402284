"""What `data/guidance/screening.yml` holds, as typed models that never change after loading."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.guidance.models import AreaId, Citation, Entry, Identifier, Point, Sentence, _Citing
from bot.referral.case import Level

#: What one checklist item can be recorded with: a state, or a state and what it rests on.
ItemAnswer = str | dict[str, str]
#: One answer: an option of a single question, or item -> state of a checklist.
Value = str | dict[str, ItemAnswer]
#: The whole state of a screening: question id -> answer, in the order of answering.
Answers = dict[str, Value]

UNKNOWN = "unknown"


def _yes_no(value: object) -> object:
    # YAML reads an unquoted yes or no as true or false
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


OptionId = Annotated[Identifier, BeforeValidator(_yes_no)]
Words = tuple[Annotated[str, BeforeValidator(_yes_no), Field(min_length=1)], ...]


class ScaleState(Entry):
    """One state that a checklist item can be in.

    `meaning` says what it stands for whatever its name, so that typed replies and stories can be
    read: present, past, absent or unknown.
    """

    id: OptionId
    label: Sentence
    meaning: Literal["present", "past", "absent", "unknown"]
    words: Words = Field(default=(), description="how people type it, lower case")


class Scale(Entry):
    """The states that the items of a checklist can be in, most certain first."""

    id: Identifier
    states: tuple[ScaleState, ...] = Field(min_length=2)
    basis: bool = Field(default=False, description="items may say what they rest on")

    def named(self, state_id: str) -> ScaleState | None:
        """The state of that id, or None."""
        return next((state for state in self.states if state.id == state_id), None)

    def meaning(self, meaning: str) -> ScaleState | None:
        """The state with that meaning, or None where this scale has none."""
        return next((state for state in self.states if state.meaning == meaning), None)


class Condition(Entry):
    """A test of the answers. Exactly one form: a question, item, fact or group, or `all` or `any`.

    `unknown_above` is a share (0 to 1) of a group's items that are not known.
    """

    question: Identifier | None = None
    item: Identifier | None = None
    fact: Identifier | None = None
    group: Identifier | None = None
    is_: tuple[OptionId, ...] = Field(default=(), alias="is")
    unknown_above: float | None = Field(default=None, ge=0, le=1)
    all_: tuple[Condition, ...] = Field(default=(), alias="all")
    any_: tuple[Condition, ...] = Field(default=(), alias="any")

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        subjects = [s for s in (self.question, self.item, self.fact, self.group) if s is not None]
        forms = len(subjects) + bool(self.all_) + bool(self.any_)
        if forms != 1:
            raise ValueError("needs exactly one of question, item, fact, group, all, any")
        if subjects and bool(self.is_) == (self.unknown_above is not None):
            raise ValueError("needs “is: […]”, or “unknown_above” for a group")
        if self.unknown_above is not None and self.group is None:
            raise ValueError("“unknown_above” is for a group")
        if not subjects and (self.is_ or self.unknown_above is not None):
            raise ValueError("“is” belongs inside the conditions of all or any")
        return self

    def atoms(self) -> list[Condition]:
        """Every condition in it that tests something itself."""
        parts = self.all_ + self.any_
        return [self] if not parts else [atom for part in parts for atom in part.atoms()]


class Option(Entry):
    """One choice of a single question."""

    id: OptionId
    label: Sentence
    words: Words = Field(default=(), description="how people type it, lower case")
    note: Sentence | None = Field(default=None, description="said at once where it is chosen")


class Item(_Citing):
    """One line of a checklist: an indicator (with its group) or a fact."""

    id: Identifier
    title: Sentence
    group: Identifier | None = None
    words: Words = Field(default=(), description="short names people type, lower case")


class Basis(_Citing):
    """What a sign rests on: kept apart so that a feeling is not read as an observation."""

    id: Identifier
    label: Sentence
    words: Words = ()


class Question(Entry):
    """One thing that is asked.

    `single` has options, `checklist` has items on a scale, `notice` has no choice to make: it is
    read and gone on from, or, with `stops`, the screening goes no further. `options_from` and
    `scale` are filled in by loading: after it `options`, `states` and `bases` hold everything.
    """

    id: Identifier
    step: Identifier
    title: Sentence
    kind: Literal["single", "checklist", "notice"]
    help: Sentence | None = None
    why: Point
    applies_when: Condition | None = None
    options: tuple[Option, ...] = ()
    options_from: Literal["areas"] | None = None
    items: tuple[Item, ...] = ()
    scale: Identifier | None = None
    states: Scale | None = None
    bases: tuple[Basis, ...] = ()
    stops: bool = False
    contacts: tuple[Identifier, ...] = ()
    case_field: Literal["area", "role", "open_to"] | None = Field(
        default=None, description="the field of a Case that takes the answer as it is"
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Question:
        if self.kind == "single" and not (self.options or self.options_from):
            raise ValueError("a single question needs options")
        if self.kind == "checklist" and not (self.items and self.scale):
            raise ValueError("a checklist needs items and a scale")
        if self.kind == "notice" and len(self.options) != (0 if self.stops else 1):
            raise ValueError("a notice has one option to go on, or “stops: true” and none")
        if self.stops and self.kind != "notice":
            raise ValueError("only a notice can stop the screening")
        if self.items and self.kind != "checklist":
            raise ValueError("only a checklist has items")
        if self.options and self.kind == "checklist":
            raise ValueError("a checklist has items, not options")
        return self

    def option(self, option_id: str) -> Option | None:
        """The option of that id, or None."""
        return next((option for option in self.options if option.id == option_id), None)

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def scale_states(self) -> Scale:
        """The scale of a loaded checklist. Raises TypeError for other kinds."""
        if self.states is None:
            raise TypeError(f"question {self.id} is not a loaded checklist")
        return self.states


class Step(Entry):
    """A part of the screening, shown as a heading."""

    id: Identifier
    title: Sentence


class Group(_Citing):
    """A group of indicators. Which indicator is in which group is a product choice."""

    id: Identifier
    title: Sentence
    explain: Sentence
    product_choice: Literal[True]
    context: bool = Field(default=False, description="shown, but no rule on levels may look at it")


class Fact(_Citing):
    """A yes, no or not known that rules look at.

    Yes when `holds_when` holds, no when only `ruled_out_when` holds, else not known.
    """

    id: Identifier
    title: Sentence
    hard_rule: Literal["HR1", "HR2", "HR3", "HR4", "HR5", "HR6", "HR7", "HR8"] | None = None
    holds_when: Condition
    ruled_out_when: Condition


class _Rule(_Citing):
    id: Identifier
    when: Condition
    explain: Sentence
    product_choice: bool = Field(
        default=False, description="our choice, reviewable by a board, not a board's procedure"
    )
    procedure_in: tuple[AreaId, ...] = Field(
        default=(), description="areas whose own document says this; elsewhere it is marked so"
    )

    @model_validator(mode="after")
    def _has_a_standing(self) -> _Rule:
        if not self.product_choice and not self.procedure_in:
            raise ValueError("needs “product_choice: true” or “procedure_in: [areas]”")
        return self


class LevelRule(_Rule):
    """A floor or a suggestion: when it holds, the level is at least this."""

    level: Level


class Caution(_Rule):
    """Something not known that limits what can be suggested.

    `not_ruled_out`: low cannot be suggested, `level` is what to treat it as until known.
    `insufficient`: too little is known to suggest anything on the signs alone.
    """

    effect: Literal["not_ruled_out", "insufficient"]
    level: Level | None = None

    @model_validator(mode="after")
    def _level_where_needed(self) -> Caution:
        if (self.effect == "not_ruled_out") != (self.level is not None):
            raise ValueError("not_ruled_out needs a level, insufficient has none")
        return self


class Addition(_Rule):
    """An action that is added whatever the level, or a note that gives context."""

    kind: Literal["action", "note"]


class Reason(Entry):
    """A reason for choosing a level below the suggestion."""

    id: Identifier
    label: Sentence


class JudgementWords(Entry):
    """How the professional's own judgement is asked for."""

    title: Sentence
    why: Point
    reasons: tuple[Reason, ...] = Field(min_length=1)


class Outcomes(Entry):
    """The sentences that open a result."""

    level: Point = Field(description="{level} is replaced with the suggested level")
    no_indicators: Point
    insufficient: Point
    rescreen: Point
    elsewhere: Sentence = Field(description="{area} does not state a rule; {documents} do")
    elsewhere_no_area: Sentence
    addition_elsewhere: Sentence
    addition_elsewhere_no_area: Sentence
    product_choice: Sentence
    floor_choice: Sentence = Field(description="said of a floor that is this tool's choice")


class QuestionnaireFile(Entry):
    """The whole of `screening.yml`."""

    version: Sentence
    title: Sentence
    about: tuple[Point, ...] = Field(min_length=1, description="said at the start and at the end")
    steps: tuple[Step, ...] = Field(min_length=1)
    scales: tuple[Scale, ...] = Field(min_length=1)
    bases: tuple[Basis, ...] = ()
    groups: tuple[Group, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)
    facts: tuple[Fact, ...] = ()
    floors: tuple[LevelRule, ...] = ()
    suggestions: tuple[LevelRule, ...] = ()
    cautions: tuple[Caution, ...] = ()
    additions: tuple[Addition, ...] = ()
    judgement: JudgementWords
    outcomes: Outcomes


class Questionnaire(BaseModel):
    """A loaded and checked questionnaire: the file plus what is looked up all the time."""

    model_config = ConfigDict(frozen=True)

    content: QuestionnaireFile
    area_names: dict[str, str] = Field(default_factory=dict)
    source_names: dict[str, str] = Field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version that answers were given to."""
        return self.content.version

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order of asking."""
        return self.content.questions

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Question id -> question."""
        return {question.id: question for question in self.questions}

    @cached_property
    def question_of_item(self) -> dict[str, Question]:
        """Item id -> the checklist that it is in."""
        return {item.id: question for question in self.questions for item in question.items}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Item id -> item."""
        return {item.id: item for question in self.questions for item in question.items}

    @cached_property
    def items_of_group(self) -> dict[str, tuple[Item, ...]]:
        """Group id -> its items, in the order of asking."""
        return {
            group.id: tuple(item for item in self.items.values() if item.group == group.id)
            for group in self.content.groups
        }

    @cached_property
    def context_groups(self) -> frozenset[str]:
        """The groups that give context and that no rule on levels looks at."""
        return frozenset(group.id for group in self.content.groups if group.context)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Fact id -> fact."""
        return {fact.id: fact for fact in self.content.facts}

    def where(self, citation: Citation) -> str:
        """How a citation is shown: the document's short name and the lines."""
        name = self.source_names.get(citation.source, citation.source)
        return f"{name}, line {citation.at}" if citation.at else name
