"""A screening is its answers: everything else is worked out from them by pure functions.

The state of a screening is an ordered dict of question id -> answer, plain JSON. `replay` turns it
into what to ask next; `answer`, `change`, `back` and `skip` return new answers and never touch the
ones that they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from bot.screening.assessment import Assessment, assess
from bot.screening.conditions import Facing, holds, state_of
from bot.screening.errors import AnswerError, Refusal
from bot.screening.models import (
    UNKNOWN,
    Answers,
    ItemAnswer,
    Question,
    Questionnaire,
    Value,
)


@dataclass(frozen=True)
class Dropped:
    """An answer that a replay left out.

    `no_longer_applies`: an earlier answer was changed. `not_a_choice`: the answer, or the whole
    question, is not in this version of the questionnaire.
    """

    question_id: str
    reason: Literal["no_longer_applies", "not_a_choice"]


@dataclass(frozen=True)
class State:
    """Where a screening stands.

    `answers` are the answers that count, in the order of asking; `path` the questions answered;
    `current` the question to ask, None when there is none left. `stopped` means that `current` is
    a notice that the screening does not go past. `remaining` is how many more questions are sure
    to come, `remaining_most` how many can come, the current one included in both.
    """

    questionnaire: Questionnaire = field(repr=False)
    answers: Answers
    path: tuple[Question, ...]
    current: Question | None
    dropped: tuple[Dropped, ...]
    remaining: int
    remaining_most: int

    @property
    def stopped(self) -> bool:
        """Whether the screening ends at a notice without a result."""
        return self.current is not None and self.current.stops

    @property
    def complete(self) -> bool:
        """Whether everything that applies has been answered."""
        return self.current is None

    @cached_property
    def result(self) -> Assessment | None:
        """The assessment of a complete screening, else None."""
        return assess(self.questionnaire, self.answers) if self.complete else None


@dataclass(frozen=True)
class SummaryLine:
    """One answered question as a summary shows it, with what to say to change it.

    `answers` are lines of text: the chosen option, or “state: items” of a checklist.
    `change` is the question id that `change` takes.
    """

    question_id: str
    title: str
    answers: tuple[str, ...]
    change: str


def replay(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> State:
    """Where the screening stands after these answers.

    Never raises for answers of an older version: what no longer fits is left out and listed.
    """
    kept: Answers = {}
    path: list[Question] = []
    dropped = [
        Dropped(question_id, "not_a_choice")
        for question_id in answers
        if question_id not in questionnaire.by_id
    ]
    facing = Facing(questionnaire, kept)
    current: Question | None = None
    coming: list[Question] = []
    for question in questionnaire.questions:
        if question.applies_when is not None and current is not None:
            applies = holds(question.applies_when, _with_open(facing, coming))
        else:
            applies = question.applies_when is None or holds(question.applies_when, facing)
        given = answers.get(question.id)
        if applies is False:
            if given is not None:
                dropped.append(Dropped(question.id, "no_longer_applies"))
            continue
        if given is not None and applies:
            value = _valid(question, given)
            if value is None:
                dropped.append(Dropped(question.id, "not_a_choice"))
            else:
                kept[question.id] = value
                facing = Facing(questionnaire, kept)
                path.append(question)
                continue
        elif given is not None:
            # may still apply once an earlier question has been answered
            kept_later = _valid(question, given)
            if kept_later is not None:
                kept[question.id] = kept_later
            continue
        if current is None and applies:
            current = question
        coming.append(question)
        if question.stops and applies:
            break
    if current is not None and current.stops:
        coming = []
    sure = [q for q in coming if _sure(q, facing, coming)]
    return State(
        questionnaire=questionnaire,
        answers=kept,
        path=tuple(path),
        current=current,
        dropped=tuple(dropped),
        remaining=sum(q.kind != "notice" for q in sure),
        remaining_most=sum(q.kind != "notice" for q in coming),
    )


def _with_open(facing: Facing, coming: Iterable[Question]) -> Facing:
    return Facing(facing.questionnaire, facing.answers, frozenset(q.id for q in coming))


def _sure(question: Question, facing: Facing, coming: Iterable[Question]) -> bool:
    if question.applies_when is None:
        return True
    return holds(question.applies_when, _with_open(facing, coming)) is True
