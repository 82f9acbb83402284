"""A screening is its answers: everything else is worked out from them by pure functions.

The state of a screening is an ordered dict of question id -> answer, plain JSON. `replay` turns it
into what to ask next; `answer`, `change`, `back` and `skip` return new answers and never touch the
ones that they are given.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    coming: list[Question] = []
    current: Question | None = None
    sure = 0
    dropped = [
        Dropped(question_id, "not_a_choice")
        for question_id in answers
        if question_id not in questionnaire.by_id
    ]
    for question in questionnaire.questions:
        applies = _applies(questionnaire, question, kept, coming)
        given = answers.get(question.id)
        if applies is False:
            if given is not None:
                dropped.append(Dropped(question.id, "no_longer_applies"))
            continue
        value = _checked(question, given)
        if value is not None:
            kept[question.id] = value
            if applies:
                path.append(question)
            continue
        if given is not None:
            dropped.append(Dropped(question.id, "not_a_choice"))
        if current is not None and current.stops:
            # answers beyond a stop are kept, so that a slip can be put right, but nothing is asked
            continue
        coming.append(question)
        current = current or question
        sure += applies is True and question.kind != "notice"
    if current is not None and current.stops:
        coming, sure = [], 0
    return State(
        questionnaire=questionnaire,
        answers=kept,
        path=tuple(path),
        current=current,
        dropped=tuple(dropped),
        remaining=sure,
        remaining_most=sum(question.kind != "notice" for question in coming),
    )


def answer(
    questionnaire: Questionnaire, answers: Mapping[str, Value], question_id: str, value: Value
) -> Answers:
    """New answers with the current question answered.

    Raises AnswerError when `question_id` is not the question that is asked now (a button tapped
    twice, an old message), or when `value` is not one of its choices.
    """
    state = replay(questionnaire, answers)
    question = _known(questionnaire, question_id)
    if state.current is None or state.current.id != question_id:
        raise AnswerError(
            Refusal.NOT_ASKED_NOW,
            "That question is not the one being asked now, so I have left your answers as they "
            "were. To alter an earlier answer, choose Change.",
        )
    return _placed(questionnaire, state.answers, question_id, _accepted(question, value))


def change(
    questionnaire: Questionnaire, answers: Mapping[str, Value], question_id: str, value: Value
) -> Answers:
    """New answers with an earlier one replaced; later answers that still apply are kept.

    `would_drop` tells beforehand which would go. Raises AnswerError when the question has not been
    answered, or when `value` is not one of its choices.
    """
    question = _known(questionnaire, question_id)
    state = replay(questionnaire, answers)
    if question_id not in state.answers:
        raise AnswerError(
            Refusal.NOT_ANSWERED_YET,
            "That question has not been answered yet, so there is nothing to change.",
        )
    placed = _placed(questionnaire, state.answers, question_id, _accepted(question, value))
    return replay(questionnaire, placed).answers


def would_drop(
    questionnaire: Questionnaire, answers: Mapping[str, Value], question_id: str, value: Value
) -> tuple[Question, ...]:
    """The questions whose answers `change` would leave out because they no longer apply."""
    kept = replay(questionnaire, answers).answers
    after = change(questionnaire, answers, question_id, value)
    return tuple(questionnaire.by_id[name] for name in kept if name not in after)


def back(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Answers:
    """New answers without the one before the current question, which is then asked again.

    Raises AnswerError when nothing comes before the current question.
    """
    state = replay(questionnaire, answers)
    earlier = list(state.path)
    if state.current is not None:
        order = list(questionnaire.by_id)
        here = order.index(state.current.id)
        earlier = [question for question in earlier if order.index(question.id) < here]
    if not earlier:
        raise AnswerError(Refusal.AT_THE_START, "This is the first question.")
    left = {name: value for name, value in state.answers.items() if name != earlier[-1].id}
    return replay(questionnaire, left).answers


def skip(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Answers:
    """New answers with the current question answered “not known” (a checklist: all of it).

    Raises AnswerError when the current question cannot be skipped or there is none.
    """
    question = replay(questionnaire, answers).current
    if question is None:
        raise AnswerError(Refusal.NOT_ASKED_NOW, "All the questions have been answered.")
    if question.kind == "checklist":
        return answer(questionnaire, answers, question.id, {})
    if question.option(UNKNOWN) is None:
        raise AnswerError(
            Refusal.CANNOT_SKIP,
            "This one cannot be skipped.",
            [option.label for option in question.options],
        )
    return answer(questionnaire, answers, question.id, UNKNOWN)


def summary(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> tuple[SummaryLine, ...]:
    """What has been answered, in the order of asking, each line with its Change target."""
    state = replay(questionnaire, answers)
    return tuple(
        SummaryLine(q.id, q.title, described(q, state.answers[q.id]), q.id)
        for q in state.path
        if q.kind != "notice"
    )


def described(question: Question, value: Value) -> tuple[str, ...]:
    """An answer in words: the option's label, or for each state of a checklist its items."""
    if isinstance(value, str):
        option = question.option(value)
        return (option.label if option else value,)
    lines: list[str] = []
    bases = {basis.id: basis.label.lower() for basis in question.bases}
    for state in question.scale_states.states:
        titles = []
        for item in question.items:
            given = value.get(item.id)
            if state_of(given) != state.id:
                continue
            basis = given.get("basis") if isinstance(given, dict) else None
            titles.append(f"{item.title} ({bases[basis]})" if basis in bases else item.title)
        if titles and len(titles) == len(question.items) and len(titles) > 1:
            return (f"{state.label}: all of these",)
        if titles:
            lines.append(f"{state.label}: {'; '.join(titles)}")
    return tuple(lines)


def _applies(
    questionnaire: Questionnaire, question: Question, kept: Answers, coming: list[Question]
) -> bool | None:
    if question.applies_when is None:
        return True
    unanswered = frozenset(other.id for other in coming)
    return holds(question.applies_when, Facing(questionnaire, kept, unanswered))


def _known(questionnaire: Questionnaire, question_id: str) -> Question:
    question = questionnaire.by_id.get(question_id)
    if question is None:
        raise AnswerError(
            Refusal.NO_SUCH_QUESTION,
            "I do not know that question; your answers are as they were.",
        )
    return question


def _placed(
    questionnaire: Questionnaire, answers: Answers, question_id: str, value: Value
) -> Answers:
    """The answers with one added or replaced, in the order of asking."""
    together = {**answers, question_id: value}
    return {name: together[name] for name in questionnaire.by_id if name in together}


def _accepted(question: Question, value: Value) -> Value:
    checked = _checked(question, value)
    if checked is None:
        raise AnswerError(
            Refusal.NOT_A_CHOICE,
            "That is not one of the choices here, so I have not recorded it.",
            choices_of(question),
        )
    return checked


def choices_of(question: Question) -> list[str]:
    """What can be answered, as shown: option labels, or the numbered items of a checklist."""
    if question.kind == "checklist":
        return [item.title for item in question.items]
    return [option.label for option in question.options]


def _checked(question: Question, value: object) -> Value | None:
    """The answer as it is kept, or None when it is not one of the question's choices."""
    if question.kind != "checklist":
        return value if isinstance(value, str) and question.option(value) else None
    if not isinstance(value, Mapping):
        return None
    kept: dict[str, ItemAnswer] = {}
    for item_id in value:
        if question.item(item_id) is None:
            return None
    for item in question.items:
        if item.id not in value:
            continue
        checked = _checked_item(question, value[item.id])
        if checked is None:
            return None
        # “not known” is what an item is anyway: leaving it out keeps equal answers equal
        if state_of(checked) != UNKNOWN:
            kept[item.id] = checked
    return kept


def _checked_item(question: Question, given: object) -> ItemAnswer | None:
    scale = question.scale_states
    if isinstance(given, str):
        return given if scale.named(given) else None
    if not isinstance(given, Mapping) or set(given) - {"state", "basis"}:
        return None
    state, basis = given.get("state"), given.get("basis")
    if not isinstance(state, str) or not scale.named(state):
        return None
    if basis is None:
        return state
    named = {known.id for known in question.bases}
    return {"state": state, "basis": basis} if basis in named else None
