"""What is asked after a worry counts before what the worry sounds like."""

from __future__ import annotations

import pytest

from bot.nlu.questions import split_questions
from bot.nlu.topic_model import Ranked, Reading
from bot.nlu.whom import weighed_by_question

TAGS = {
    "ask/signs_vehicles": ("signs",),
    "ask/who_to_ring": ("contacts",),
    "ask/gap_allegation_staff": ("gap",),
    "ask/out_of_hours": ("contacts",),
}


def reading(**chances: float) -> Reading:
    ranked = (Ranked(f"ask/{name}", chance) for name, chance in chances.items())
    return Reading(tuple(sorted(ranked, key=lambda one: -one.confidence)), 0.9)


def first(text: str, whole: Reading, *readings: Reading) -> str:
    """The likeliest label of a message; `readings` are of its parts."""
    parts = split_questions(text)
    assert len(parts) == len(readings)
    return weighed_by_question(whole, parts, readings, TAGS, enough=0.45).ranked[0].label


WORRY = "a car collects her every night. "


@pytest.mark.parametrize("sounds_like", [0.4, 0.7, 0.95])
def test_whom_to_tell_comes_before_what_the_worry_sounds_like(sounds_like: float) -> None:
    whole = reading(signs_vehicles=sounds_like, who_to_ring=1 - sounds_like)
    told, asked = reading(signs_vehicles=0.95), reading(who_to_ring=0.98)
    assert first(WORRY + "who do I tell?", whole, told, asked) == "ask/who_to_ring"


def test_what_is_clearly_to_be_done_otherwise_stands() -> None:
    whole = reading(gap_allegation_staff=0.8, who_to_ring=0.1)
    told, asked = reading(gap_allegation_staff=0.9), reading(who_to_ring=0.98)
    assert first("a colleague texts her. who do I tell?", whole, told, asked) == (
        "ask/gap_allegation_staff"
    )


def test_a_question_that_is_not_clear_changes_nothing() -> None:
    whole = reading(signs_vehicles=0.7, who_to_ring=0.3)
    told, asked = reading(signs_vehicles=0.9), reading(who_to_ring=0.3, out_of_hours=0.25)
    assert first(WORRY + "who would that be?", whole, told, asked) == "ask/signs_vehicles"


def test_any_clear_question_helps_a_message_that_is_not() -> None:
    whole = reading(signs_vehicles=0.3, out_of_hours=0.2)
    told, asked = reading(signs_vehicles=0.4), reading(out_of_hours=0.97)
    assert first(WORRY + "can somebody be rung over the weekend?", whole, told, asked) == (
        "ask/out_of_hours"
    )


def test_a_question_without_anything_told_is_left_alone() -> None:
    whole = reading(signs_vehicles=0.6, who_to_ring=0.4)
    asked = reading(who_to_ring=0.98)
    assert first("who do I tell about the cars?", whole, asked) == "ask/signs_vehicles"
