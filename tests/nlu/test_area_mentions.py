"""An area is asked about, or only part of a story, or not the one that is meant."""

from __future__ import annotations

import pytest

from bot.guidance import load_guidance
from bot.nlu.area_mentions import names_an_area_alone
from bot.nlu.entities import EntityFinder

from .conftest import GUIDANCE

FINDER = EntityFinder(load_guidance(GUIDANCE), GUIDANCE)
KINDS = {"area": "asked", "told_area": "told", "denied_area": "denied"}


def named(text: str) -> dict[str, str]:
    """Each area that a text names, with what it is named for."""
    found = FINDER.find(text)
    return {one.value: KINDS[one.entity] for one in found if one.entity in KINDS}


@pytest.mark.parametrize(
    "text",
    [
        "who do I ring in {}",
        "{}: who do I ring",
        "what about {}",
        "I'm a teacher from {}, who do I ring",
        "calling from {}, who do I ring about a girl",
        "I've just moved to {} from another council, what's the route here",
        "we've got a lad in {} who is worrying me",
        "who do I go to in {}",
        "worried about a girl at my school in {}",
        "when a child is at medium risk in {} what happens",
        "who works with boys in {}",
        "how do I refer to {} social care",
        "is there a panel for children in {}",
        "my manager says to use the {} form",
    ],
)
def test_the_area_that_is_asked_about(text: str) -> None:
    assert named(text.format("Derby")) == {"derby": "asked"}


@pytest.mark.parametrize(
    "text",
    [
        "a girl from {} has been placed with us, what do I do",
        "she's being picked up by men from {}, who do I ring about it",
        "he drives her to {} most weekends. who do i tell",
        "the boyfriend lives in {}. who do i ring",
        "we moved her from {} last week, who do i ring",
        "lad placed with us from {}, where do i refer",
        "she goes to school in {} but lives here. its medium risk what do i do",
        "family moving to {} next week, what do i do about the plan",
        "one of the girls said they take her to {}. medium on the matrix, what next",
        "looked after child placed here by {}",
        "high, 14, looked after by {} but living here",
        "child came up from {} last week and we're worried",
        "her mum is in {}, who do I ring",
        "they took him into {} on the train",
        "my mate works in {} and they have a matrix, what do we have",
    ],
)
def test_the_area_of_the_story(text: str) -> None:
    assert named(text.format("Derby")) == {"derby": "told"}


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("sorry Hartlepool not Luton", {"hartlepool": "asked", "luton": "denied"}),
        ("not luton, wiltshire", {"luton": "denied", "wiltshire": "asked"}),
        ("we're in Derbyshire not Derby", {"derbyshire": "asked", "derby": "denied"}),
        ("I'm not in Luton", {"luton": "denied"}),
        ("that isn't for Derby, it's Derbyshire", {"derby": "denied", "derbyshire": "asked"}),
        ("men from Derby, who do I ring in Luton", {"derby": "told", "luton": "asked"}),
    ],
)
def test_more_than_one(text: str, areas: dict[str, str]) -> None:
    assert named(text) == areas


@pytest.mark.parametrize(
    "text",
    [
        "Hartlepool", "sorry Hartlepool not Luton", "no I meant Hartlepool", "ok Derby then",
        "that's wrong I'm in Hartlepool", "hang on it's for a Wiltshire child", "not luton, wiltshire",
        "we’re in Derbyshire not Derby", "luton I think", "could be luton or hartlepool",
        "oops, wrong place, Wiltshire", "actually I'm in notts", "we are not in Derby",
    ],
)  # fmt: skip
def test_an_area_is_all_that_is_said(text: str) -> None:
    assert names_an_area_alone(text, FINDER.find(text))


@pytest.mark.parametrize(
    "text",
    [
        "", "sorry", "who do I ring", "who do I ring in Luton", "which team in Luton",
        "where is it in Derby", "I'm worried about a child in Luton", "compare Luton and Derby",
        "what changed in Luton", "is Derby the same as Derbyshire", "a girl from Luton",
        "forms for Hartlepool", "source for Luton",
    ],
)  # fmt: skip
def test_something_else_is_said(text: str) -> None:
    assert not names_an_area_alone(text, FINDER.find(text))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("who do I ring for a kid in Central Bedfordshire", True),
        ("I work in Leeds, who do I ring about a girl that worries me here", True),
        ("teacher in Bristol, who do i ring and what are the signs to look for", True),
        ("she has been taken to Manchester twice this month and she is only fourteen", False),
        ("gone to Manchester", False),
        ("her boyfriend lives in Leeds and he drives down to see her at weekends", False),
    ],
)
def test_another_place_is_asked_about(text: str, asked: bool) -> None:
    found = [one.value for one in FINDER.find(text) if one.entity == "other_area"]
    assert found, "no place was found"
    assert ("works_elsewhere" in found) == asked
