"""Suggestions from a story as answers to confirm: what is shown, and what a “yes” stands for. Pure.

A suggestion is never an answer by itself: it waits in the session until its question is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from bot.guidance.reply import Reply, Statement
from bot.screening.age_now import age_now
from bot.screening.conditions import state_of
from bot.screening.errors import AnswerError
from bot.screening.models import UNKNOWN, ItemAnswer, Question, Questionnaire, Value
from bot.screening.story import Suggestion, suggest_ticks
from bot.screening.typed import understand

#: A message that tells of an age and of nothing else.
_AGE_ALONE = re.compile(
    # “only 3” and “they are 4” are lines of a list: one child must be named, or an age
    r"(?=.*\b(?:s?he(?:'?s| is| was)|(?:child|yp|girl|boy|lad|young person)(?:'s| is| was)|age|aged"
    r"|turned|under|years?|yrs?|yo)\b)"
    r"(?:(?:actually|sorry|wait|no|oh|in fact|i meant?|so|well|only|just|really|it(?:'?s)?|the|my"
    r"|our|her|his|their|s?he(?:'?s)?|they(?:'?re)?|(?:child|yp|girl|boy|lad"
    r"|young person)(?:'?s)?|is|was"
    r"|are|now|aged?|turned)[ ,]+)+"
    r"(?:(?:actually|only|just) )?(?:[4-9]|1[0-9]|under (?:13|thirteen))"
    r"(?: ?(?:years? old|yrs?(?: old)?|yo))?(?:,? (?:actually|sorry|now|not [0-9]{1,2}))?"
)
#: Numbers that can be an age without a word that says so, where no list waits.
_AGE_NUMBER = re.compile(r"\b1[0-7]\b|\bunder\b")
#: Suggestions by question: an option, or the states of items.
Suggested = dict[str, Value]


def suggested_by(suggestions: Iterable[Suggestion]) -> Suggested:
    """Suggestions as the answers that they would be."""
    found: Suggested = {}
    for one in suggestions:
        if one.item_id is None:
            found[one.question_id] = one.value
            continue
        items = found.setdefault(one.question_id, {})
        if isinstance(items, dict):
            items[one.item_id] = one.value
    return found


#: Of two readings of one line, the one that says most is kept.
_STRENGTH = {"unknown": 0, "absent": 1, "past": 2, "present": 3}


def merged(earlier: Suggested, later: Suggested, questionnaire: Questionnaire) -> Suggested:
    """What two stories suggest together: nothing that either tells of is lost.

    Where both speak of one line, the reading that says most is kept; of two options, the later.
    """
    together = dict(earlier)
    for name, value in later.items():
        before = together.get(name)
        if not isinstance(before, dict) or not isinstance(value, dict):
            together[name] = value
            continue
        question = questionnaire.by_id[name]
        together[name] = {
            item: max(
                (one[item] for one in (value, before) if item in one),
                key=lambda state: _strength(question, state),
            )
            for item in {**before, **value}
        }
    return together


def _strength(question: Question, state: ItemAnswer) -> int:
    named = question.scale_states.named(state_of(state))
    return _STRENGTH[named.meaning] if named else 0


def present_beyond(question: Question, told: Value | None, given: Value | None) -> Value | None:
    """The part of what was told that an answer does not hold: another option, or what is present.

    None where the answer holds it all. What a story denies stands against no answer.
    """
    if told is None or isinstance(told, str) or isinstance(given, str):
        return told if told != given else None
    beyond = {
        item: state
        for item, state in told.items()
        if _strength(question, state) == _STRENGTH["present"]
        and _strength(question, (given or {}).get(item, UNKNOWN)) != _STRENGTH["present"]
    }
    return beyond or None


def told(text: str, questionnaire: Questionnaire) -> str | None:
    """What a story suggests, as the JSON that an intent carries; None when it suggests nothing."""
    found = suggested_by(suggest_ticks(text, questionnaire))
    return json.dumps(found) if found else None


def told_age(text: str, questionnaire: Questionnaire) -> Suggested:
    """The age in a message about nothing else, such as “she's actually 12”; empty without one."""
    question = questionnaire.by_id.get("age")
    plain = " ".join(text.lower().replace("’", "'").split()).strip(" .!,")
    plain = " ".join(age_now(plain).split()).strip(" .!,")
    if question is None or not _AGE_ALONE.fullmatch(plain):
        return {}
    try:
        return {question.id: understand(question, f"age {plain}")}
    except AnswerError:
        return {}


def told_otherwise(
    text: str, questionnaire: Questionnaire, answers: Mapping[str, Value], only_single: bool = False
) -> str | None:
    """What a story says otherwise than the answers given, as JSON; None where they agree.

    `only_single` leaves out checklists.
    """
    # “12” alone is an age: no list waits here; “5” may be anything
    alone = told_age(f"she is {text}", questionnaire) if _AGE_NUMBER.search(text) else {}
    found = {
        name: value
        for name, value in {
            **alone,
            **told_age(text, questionnaire),
            **suggested_by(suggest_ticks(text, questionnaire)),
        }.items()
        if name in answers
        and present_beyond(questionnaire.by_id[name], value, answers[name]) is not None
        if not (only_single and isinstance(value, dict))
    }
    return json.dumps(found) if found else None


def read_suggested(given: str | None, questionnaire: Questionnaire) -> Suggested:
    """What `told` wrote; what does not fit this questionnaire is left out."""
    try:
        values = json.loads(given or "{}")
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    return fitting(values, questionnaire)


def fitting(values: Mapping[str, Value], questionnaire: Questionnaire) -> Suggested:
    """The suggestions that this questionnaire has a place for."""
    kept: Suggested = {}
    for question_id, value in values.items():
        question = questionnaire.by_id.get(question_id)
        if question is None:
            continue
        if question.kind == "checklist":
            states = {one.id for one in question.scale_states.states}
            known = {one.id for one in question.items}
            items: dict[str, ItemAnswer] = {
                item: state
                for item, state in (value.items() if isinstance(value, dict) else ())
                if item in known and isinstance(state, str) and state in states
            }
            if items:
                kept[question_id] = items
        elif isinstance(value, str) and question.option(value) is not None:
            kept[question_id] = value
    return kept


def told_reply(found: Suggested, questionnaire: Questionnaire) -> Reply:
    """What was read from a story, to be confirmed where each question comes."""
    lines = [
        Statement(line)
        for question in questionnaire.questions
        if question.id in found
        for line in _lines(question, found[question.id])
    ]
    return Reply(
        kind="screening_told",
        headline="From what you told me I would suggest these. Nothing is ticked yet: I show each "
        "with its question, and you decide. I have not kept your words.",
        points=tuple(lines),
    )


def hint(question: Question, suggested: Value, changing: bool = False) -> str:
    """What is said beside a question that something was suggested for.

    `changing`: it was answered before, and the suggestion would change that.
    """
    found = titles(question, suggested)
    if changing:
        return (
            f"From what you told me: {found}. Say “yes” to change that, “back” to leave your "
            "answer as it was, or give your own."
        )
    if question.kind != "checklist":
        return f"From what you told me: {found}. Say “yes” if that is right, or choose."
    return f"From what you told me: {found}. Say “yes” if that is all, or give your own."


def titles(question: Question, value: Value) -> str:
    """What a suggestion says, in one line without a full stop."""
    return "; ".join(line.rstrip(".") for line in _lines(question, value))


def _lines(question: Question, value: Value) -> list[str]:
    if not isinstance(value, dict):
        option = question.option(value) if isinstance(value, str) else None
        return [f"{question.title} {option.label}." if option else question.title]
    labels = {one.id: one.label.lower() for one in question.scale_states.states}
    return [
        f"{item.title}: {labels.get(str(value[item.id]), str(value[item.id]))}."
        for item in question.items
        if item.id in value
    ]
