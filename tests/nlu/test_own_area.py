"""Another area beside one's own: which question is for which, and what only compares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.load import load_guidance
from bot.nlu.entities import EntityFinder
from bot.nlu.own_area import Place, places_of
from bot.nlu.questions import split_questions
from bot.nlu.speaking_of_us import speaks_of_us

from .conftest import GUIDANCE

FINDER = EntityFinder(load_guidance(GUIDANCE), GUIDANCE)
OWN = "own"


def places(text: str) -> list[str]:
    """For where each question of a text is: an area, `OWN`, or nothing in particular."""
    parts = split_questions(text)
    found = places_of(text, parts, FINDER.find(text), ())
    return [_named(place) for part, place in zip(parts, found, strict=True) if part.asks]


def _named(place: Place) -> str:
    return "+".join((*place.areas, *([OWN] if place.own else [])))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("what's the deadline here and what is it in derbyshire", [OWN, "derbyshire"]),
        ("do you have the 15 day rule and does derby", [OWN, "derby"]),
        ("what do they do in derby about under 13s and what do we do", ["derby", OWN]),
        ("whats our out of hours number and whats luton's", [OWN, "luton"]),
        ("out of hours number here, and do wiltshire have one", [OWN, "wiltshire"]),
        ("who chairs it in derby? who chairs ours? and how often is it", ["derby", OWN, OWN]),
        ("is there a panel in luton and who is on it and do we have one", ["luton", "luton", OWN]),
        ("how long for the meeting here and in derby", ["derby+own"]),
        ("what's our number and derby's", ["derby+own"]),
        ("deadline for derbyshire and us", ["derbyshire+own"]),
        ("we need the out of hours number and the one for luton", [OWN, "luton"]),
        ("who chairs it and who chairs it in wiltshire", [OWN, "wiltshire"]),
        ("phone number for derbyshire please, and ours", ["derbyshire", OWN]),
        ("is it the same here as in derby", ["derby+own"]),
        # nobody is spoken of but the area
        ("who do i ring in derby and what are the signs", ["derby", ""]),
        ("who do i ring in derby and what is it in luton", ["derby", "luton"]),
        # what is told first is where they are
        ("14 year old in derby, what do we do and who do we ring", ["", ""]),
        ("in derby what do we do and who do we ring", ["derby", ""]),
        ("what do we do", [""]),
    ],
)
def test_where_each_question_is_for(text: str, where: list[str]) -> None:
    assert places(text) == where


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("what's the deadline here and what is it in derbyshire", True),
        ("do you use a matrix and do derby", True),
        ("how often is ours reviewed and how often in derby", True),
        ("what's the deadline here and who chairs it in derby", False),
        ("what's our number and what are the signs in luton's briefing", False),
    ],
)
def test_a_place_alone_asks_the_same_again(text: str, again: bool) -> None:
    parts = split_questions(text)
    assert places_of(text, parts, FINDER.find(text), ())[-1].takes_up is again


@pytest.mark.parametrize(
    "text",
    [
        "do you have low medium high like derby do and whats your number",
        "is your definition the same as derby's, and can i have your out of hours",
        "derby has a panel, do we have one? who sits on it",
        "derby's phone number is on their briefing, what is ours please",
        "in derby it's reviewed 6 monthly. how often is ours?",
        "derby have 15 days… how long do we have",
        "Derby use the matrix. What do we use?",
        "do we meet more often than Derby",
        "i know derby has a panel but do we",
    ],
)
def test_what_is_only_held_against_one_s_own(text: str) -> None:
    kinds = [one.entity for one in FINDER.find(text) if one.entity.endswith("area")]
    assert kinds == ["told_area"]


@pytest.mark.parametrize(
    "text",
    [
        "derby has a panel. who sits on it",
        "is it the same in derby",
        "what is it like in derby, and do we have one",
        "derby girl is missing again, what do we do",
        "derby have we got a form",
        "in derby what do we do",
        "do we ring derby",
    ],
)
def test_what_is_asked_about(text: str) -> None:
    kinds = [one.entity for one in FINDER.find(text) if one.entity.endswith("area")]
    assert kinds == ["area"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a girl from luton has come to us, do we tell luton", ["told_area", "told_area"]),
        ("a girl from luton is here, who do I ring in luton", ["told_area", "area"]),
    ],
)
def test_the_area_of_the_story_is_that_to_the_end(text: str, kinds: list[str]) -> None:
    assert [one.entity for one in FINDER.find(text) if one.entity.endswith("area")] == kinds


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("what's our number", True),
        ("do you have one", True),
        ("how long have we got", True),
        ("who is it here", True),
        ("can you tell us the deadline in Derby", False),
        ("do you know who chairs it", False),
        ("who do I ring", False),
    ],
)
def test_who_is_spoken_of(text: str, us: bool) -> None:
    assert speaks_of_us(text) is us


@given(
    st.lists(
        st.sampled_from(
            ["derby", "luton's", "we", "our", "has a panel", "do", "what is it", "like", "?", ",",
             "and", "whats the number", "in", "here", "…"]
        )
    ).map(" ".join)
)  # fmt: skip
def test_every_part_has_a_place_and_no_area_is_made_up(text: str) -> None:
    parts, entities = split_questions(text), FINDER.find(text)
    found = places_of(text, parts, entities, ())
    assert len(found) == len(parts)
    named = {one.value for one in entities if one.entity == "area"}
    assert all(set(one.areas) <= named for one in found)
    assert not found or not found[0].takes_up
