"""The age of the child that a message tells, apart from every other number in it."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.load import load_guidance
from bot.nlu.entities import EntityFinder
from bot.serving.age_told import ages_told

FINDER = EntityFinder(load_guidance())


def ages(text: str) -> list[str]:
    return ages_told(text, [asdict(one) for one in FINDER.find(text)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "derby, low risk, she turns 13 next week, teacher, what do i do",
        "nearly 13, low",
        "derby low, she's almost 13, lac",
        "low, she is 12 turning 13 in march",
        "she will be 13 on friday, low",
        "low risk, not yet 13",
        "low, her 13th birthday is next week",
        "she's 13 next month, low",
        "about to turn 13",
        "isn't 13 until june, low risk",
        "two weeks off her 13th birthday",
        "low, 12 (13 in june)",
        "child reaches 13 in may",
        "she's thirteen next week, low",
    ],
)
def test_a_birthday_to_come_is_not_there_yet(text: str) -> None:
    assert ages(text) == ["12"]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("she was 13 in march, low", "13"),
        ("she turned 13 last week, low", "13"),
        ("just turned 13, low", "13"),
        ("turns 18 next week, high", "17"),
        ("she's almost 16, lac, medium", "15"),
    ],
)
def test_a_birthday_that_was_counts_and_every_age_has_one(text: str, age: str) -> None:
    assert ages(text) == [age]


@pytest.mark.parametrize(
    "text",
    [
        "luton high risk, it's 2am, I'm a residential worker, what do i do",
        "high, it's 11pm",
        "high, 10 pm, lac",
        "it's nearly 11, high",
        "high, out since 11 last night",
        "she's out until 11, high",
        "he is 5 years older than her, high",
        "boyfriend is 12 years older, high",
        "high, boyfriend 12 years her senior",
        "an age gap of 9 years, high",
        "I have 12 years in safeguarding, high risk",
        "known for 9 years, high",
        "high, missing for 12 hours",
        "high risk, 12 weeks pregnant",
        "high risk, 11 men, lac",
        "there will be 9 at the meeting, high",
        "section 12, high, lac",
        "step 12 of it",
        "meeting in 12 days, medium",
        "court on 12 in june, high",
        "high risk, a friend aged 12 told us",
        "high, dad's partner is 17",
        "y8 girl, low",
        "not under 13, low",
    ],
)
def test_no_other_number_is_the_childs_age(text: str) -> None:
    assert ages(text) == []


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("17 year old, her little sister is 8, low", "17"),
        ("girl of 15, her brother (9) is worried", "15"),
        ("15, boyfriend is 12", "15"),
        ("14 year old with a 17 year old boyfriend", "14"),
        ("her 8 year old sister told us, she's 16", "16"),
        ("boyfriend, 12 years older, girl 14", "14"),
        ("her boyfriend is nearly 18, she is 13", "13"),
        ("her mum is 30 and she is 14, high", "14"),
        ("my son is 12 and high risk", "12"),
    ],
)
def test_the_childs_own_age_stands_beside_somebody_elses(text: str, age: str) -> None:
    assert ages(text) == [age]


def test_of_two_children_who_both_are_at_risk_neither_age_is_lost() -> None:
    assert ages("two sisters, both at risk, 15 and 11, high") == ["15", "11"]


@pytest.mark.parametrize(
    ("text", "age"),
    [("in year 9, low", "13"), ("year 7, low", "under 13"), ("year 10 pupil, medium", "13"),
     ("y6, high", "under 13")],
)  # fmt: skip
def test_a_school_year_tells_only_what_is_sure(text: str, age: str) -> None:
    assert ages(text) == [age]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("derby low risk 15, no learning disability, not open to anyone, teacher", "15"),
        ("low 14 lac", "14"),
        ("medium, 12, cin", "12"),
        ("derby 16 high", "16"),
        ("hartlepool 17 medium", "17"),
        ("15f high risk", "15"),
        ("girl 14, high", "14"),
        ("age 12, school", "12"),
        ("he's twelve, low", "12"),
        ("a 12yo, high", "12"),
        ("high risk 15 and missing", "15"),
    ],
)
def test_a_bare_number_among_facts_is_the_age(text: str, age: str) -> None:
    assert ages(text) == [age]


@given(st.text(max_size=60))
def test_nothing_that_was_typed_comes_out(text: str) -> None:
    for one in ages_told(f"high, 12 {text}", [])[0]:
        assert one.removeprefix("under ").isdigit()
