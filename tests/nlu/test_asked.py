"""A question as it is carried: what it is about, where, and what else it names."""

from __future__ import annotations

import pytest

from bot.guidance.load import load_guidance
from bot.nlu.asked import (
    areas_in,
    names_a_term_alone,
    question_of,
    tells_a_case,
    terms_alone,
    with_other_plans,
)
from bot.nlu.entities import EntityFinder, Found
from bot.nlu.topic_model import Ranked, Reading

from .conftest import GUIDANCE

FINDER = EntityFinder(load_guidance(GUIDANCE), GUIDANCE)


def asked(topic: str, *plans: str) -> list[str]:
    """The topics answered to a question about `topic` in a message that names `plans`."""
    reading = Reading((Ranked(f"ask/{topic}", 0.9), Ranked("ask/who_to_ring", 0.1)), 0.9)
    named = [Found("plan", plan, at, at + 1) for at, plan in enumerate(plans)]
    questions = with_other_plans([question_of(reading, ["derby"])], named)
    assert all(one["areas"] == ["derby"] for one in questions)
    return [one["topics"][0]["topic"] for one in questions]


def test_a_child_in_care_with_a_plan_is_both() -> None:
    assert asked("ehc_plan", "looked_after", "ehc_plan") == ["ehc_plan", "looked_after"]
    assert asked("looked_after", "child_protection_plan", "looked_after", "other_authority") == [
        "looked_after",
        "on_child_protection_plan",
        "other_authority_child",
    ]


def test_another_question_is_not_multiplied() -> None:
    assert asked("who_to_ring", "looked_after", "ehc_plan") == ["who_to_ring"]
    assert asked("ehc_plan", "ehc_plan") == ["ehc_plan"]
    assert asked("ehc_plan", "early_help") == ["ehc_plan"], "early help has no topic of this kind"


def test_an_area_belongs_to_the_part_that_names_it() -> None:
    entities = [Found("area", "derby", 0, 5), Found("area", "luton", 20, 25)]
    assert areas_in(entities, 0, 10) == ["derby"]
    assert areas_in([*entities, Found("area", "derby", 30, 35)], 0, 99) == ["derby", "luton"]


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("medium risk in Derby looked after child what do I do", True),
        ("she's medium and looked after, who do i tell", True),
        ("high risk in derbyshire, child on a CP plan, what now", True),
        ("ive assessed him as medium, hes on an EHCP, what do i do next", True),
        ("medium, looked after: how does it fit in with the LAC review", False),
        ("medium risk route", True),
        ("she's high risk, what's the referral route", True),
        ("medium risk, seen on the bus route into town", False),
        ("medium risk, what do I do", False),
        ("looked after child, what do I do", False),
    ],
)
def test_a_case_that_is_told_wants_its_route(text: str, wants: bool) -> None:
    entities = FINDER.find(text)
    assert tells_a_case(text, "level_medium", entities) == wants
    assert not tells_a_case(text, "minutes", entities)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("and TAF?", True),
        ("and what's FWI", True),
        ("what is CSE", False),
        ("what about the CSEP", False),
        ("TAF", False),
        ("and the TAF meeting?", False),
        ("and who runs the TAF", False),
        ("and grooming and boys", False),
    ],
)
def test_one_more_abbreviation(text: str, alone: bool) -> None:
    assert names_a_term_alone(text, FINDER.find(text)) == alone


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("what does iro mean, and mash", ["iro", "mash"]),
        ("CIN and TAF", ["cin", "taf"]),
        ("mash… dsl", ["mash", "dsl"]),
        ("what do CSE and IRO stand for", ["cse", "iro"]),
        ("what is a MASH", []),
        ("cse and iro", []),
        ("does the MASH tell the IRO", []),
        ("what does VEMT stand for and what does the VPG do", []),
    ],
)
def test_several_terms_are_asked_about(text: str, terms: list[str]) -> None:
    assert terms_alone(text, FINDER.find(text)) == terms
