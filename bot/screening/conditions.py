"""Whether a condition of the questionnaire holds for the answers given so far."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.referral.case import Known
from bot.screening.models import UNKNOWN, Condition, ItemAnswer, Question, Questionnaire, Value


def state_of(answer: ItemAnswer | None) -> str:
    """The state of one checklist item; an item that was not answered is not known."""
    if answer is None:
        return UNKNOWN
    return answer if isinstance(answer, str) else answer.get("state", UNKNOWN)


@dataclass
class Facing:
    """The answers as conditions look at them.

    `answers` are those that apply. `open` are questions that may still be asked: a condition that
    hangs on one of them is neither true nor false yet.
    """

    questionnaire: Questionnaire
    answers: Mapping[str, Value]
    open: frozenset[str] = frozenset()
    _facts: dict[str, Known] = field(default_factory=dict)

    def option(self, question_id: str) -> str | None:
        """The option chosen for a single question, or None."""
        value = self.answers.get(question_id)
        return value if isinstance(value, str) else None

    def state(self, item_id: str) -> str:
        """The state of a checklist item: `unknown` unless it was answered."""
        value = self.answers.get(self.questionnaire.question_of_item[item_id].id)
        return state_of(value.get(item_id)) if isinstance(value, dict) else UNKNOWN

    def fact(self, fact_id: str) -> Known:
        """Yes, no or not known."""
        if fact_id not in self._facts:
            fact = self.questionnaire.facts[fact_id]
            if holds(fact.holds_when, self):
                known = Known.YES
            elif holds(fact.ruled_out_when, self):
                known = Known.NO
            else:
                known = Known.UNKNOWN
            self._facts[fact_id] = known
        return self._facts[fact_id]

    def unknown_share(self, group_id: str) -> float:
        """The share (0 to 1) of a group's items that are not known."""
        items = self.questionnaire.items_of_group[group_id]
        unknown = sum(self.state(item.id) == UNKNOWN for item in items)
        return unknown / len(items) if items else 0.0

    def is_open(self, atom: Condition) -> bool:
        """Whether a question that decides this atom has still to be asked."""
        return bool(self.open) and not self.open.isdisjoint(asked_by(self.questionnaire, atom))


def asked_by(questionnaire: Questionnaire, condition: Condition) -> frozenset[str]:
    """The ids of the questions that decide a condition."""
    found: set[str] = set()
    for atom in condition.atoms():
        if atom.question is not None:
            found.add(atom.question)
        elif atom.item is not None:
            found.add(questionnaire.question_of_item[atom.item].id)
        elif atom.group is not None:
            found |= {
                questionnaire.question_of_item[item.id].id
                for item in questionnaire.items_of_group[atom.group]
            }
        elif atom.fact is not None:
            fact = questionnaire.facts[atom.fact]
            found |= asked_by(questionnaire, fact.holds_when)
            found |= asked_by(questionnaire, fact.ruled_out_when)
    return frozenset(found)


def holds(condition: Condition, facing: Facing) -> bool | None:
    """True, False, or None when a question that decides it has still to be asked."""
    if condition.all_:
        parts = [holds(part, facing) for part in condition.all_]
        return False if False in parts else None if None in parts else True
    if condition.any_:
        parts = [holds(part, facing) for part in condition.any_]
        return True if True in parts else None if None in parts else False
    if facing.is_open(condition):
        return None
    return _atom(condition, facing)


def _atom(atom: Condition, facing: Facing) -> bool:
    if atom.question is not None:
        return facing.option(atom.question) in atom.is_
    if atom.item is not None:
        return facing.state(atom.item) in atom.is_
    if atom.fact is not None:
        return facing.fact(atom.fact).value in atom.is_
    group = atom.group or ""
    if atom.unknown_above is not None:
        return facing.unknown_share(group) > atom.unknown_above
    items = facing.questionnaire.items_of_group[group]
    return any(facing.state(item.id) in atom.is_ for item in items)


def because(condition: Condition, facing: Facing) -> list[str]:
    """The titles of the items, options and facts that make a condition hold."""
    titles: list[str] = []
    for atom in condition.atoms():
        if not _atom(atom, facing):
            continue
        if atom.item is not None:
            titles.append(facing.questionnaire.items[atom.item].title)
        elif atom.fact is not None:
            titles.append(facing.questionnaire.facts[atom.fact].title)
        elif atom.question is not None:
            question = facing.questionnaire.by_id[atom.question]
            option = question.option(facing.option(atom.question) or "")
            titles.append(f"{question.title} {option.label if option else ''}".strip())
        elif atom.group is not None and atom.unknown_above is None:
            titles += [
                item.title
                for item in facing.questionnaire.items_of_group[atom.group]
                if facing.state(item.id) in atom.is_
            ]
    return list(dict.fromkeys(titles))


#: A search for answers that make a condition hold is not begun with more combinations than this.
_MOST_COMBINATIONS = 50_000


def possible(
    questionnaire: Questionnaire, holding: list[Question], not_holding: list[Question]
) -> bool:
    """Whether some answers let all of `holding` be asked and none of `not_holding`.

    A search over the answers that these questions' conditions look at; True when there are too
    many to try.
    """
    answers_of = _values_of(questionnaire, [*holding, *not_holding])
    if answers_of is None:
        return True
    keys = list(answers_of)
    for combination in itertools.product(*(answers_of[key] for key in keys)):
        answers = applying(questionnaire, dict(zip(keys, combination, strict=True)))
        facing = Facing(questionnaire, answers)
        if all(_applies(q, facing) for q in holding) and not any(
            _applies(q, facing) for q in not_holding
        ):
            return True
    return False


def _applies(question: Question, facing: Facing) -> bool:
    return question.applies_when is None or holds(question.applies_when, facing) is True


def applying(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers to questions that apply, in the order of asking."""
    kept: dict[str, Value] = {}
    for question in questionnaire.questions:
        if question.id in answers and _applies(question, Facing(questionnaire, kept)):
            kept[question.id] = answers[question.id]
    return kept


def _values_of(
    questionnaire: Questionnaire, questions: list[Question]
) -> dict[str, list[Value]] | None:
    """Question id -> the answers worth trying, for every question the given ones hang on.

    None when their combinations are too many.
    """
    options: set[str] = set()
    items: dict[str, set[str]] = {}
    waiting = [question.applies_when for question in questions if question.applies_when]
    followed: set[str] = set()
    while waiting:
        for atom in waiting.pop().atoms():
            if atom.question is not None:
                options.add(atom.question)
            elif atom.item is not None:
                asked = questionnaire.question_of_item[atom.item].id
                items.setdefault(asked, set()).add(atom.item)
            elif atom.group is not None:
                for item in questionnaire.items_of_group[atom.group]:
                    asked = questionnaire.question_of_item[item.id].id
                    items.setdefault(asked, set()).add(item.id)
            elif atom.fact is not None and atom.fact not in followed:
                followed.add(atom.fact)
                fact = questionnaire.facts[atom.fact]
                waiting += [fact.holds_when, fact.ruled_out_when]
        for asked in {*options, *items} - followed:
            followed.add(asked)
            condition = questionnaire.by_id[asked].applies_when
            if condition is not None:
                waiting.append(condition)
    combinations = 1
    for question_id in options:
        combinations *= max(1, len(questionnaire.by_id[question_id].options))
    for question_id, item_ids in items.items():
        states = questionnaire.by_id[question_id].scale_states.states
        combinations *= len(states) ** len(item_ids)
    if combinations > _MOST_COMBINATIONS:
        return None
    values: dict[str, list[Value]] = {
        question_id: [option.id for option in questionnaire.by_id[question_id].options]
        for question_id in sorted(options)
    }
    for question_id, item_ids in items.items():
        values[question_id] = list(_checklists(questionnaire.by_id[question_id], sorted(item_ids)))
    return values


def _checklists(question: Question, item_ids: list[str]) -> Iterator[Value]:
    states = [state.id for state in question.scale_states.states]
    for combination in itertools.product(states, repeat=len(item_ids)):
        yield dict(zip(item_ids, combination, strict=True))
