"""The age that a message names decides what holds."""

from __future__ import annotations

import pytest

from bot.guidance.load import load_guidance
from bot.nlu.ages import ages_in, asks_for_low, of_that_age
from bot.nlu.entities import Found
from bot.nlu.topic_model import Ranked, Reading


def best(topic: str, *ages: str) -> str:
    """What is read where `topic` is the likeliest and `ages` are named."""
    ranked = (Ranked(f"ask/{topic}", 0.7), Ranked("ask/consent_overview", 0.2))
    entities = [Found("age", age, 0, 1) for age in ages]
    read = of_that_age(Reading(ranked, 0.9), ages_in(entities, 0, 99))
    return read.ranked[0].label.removeprefix("ask/")


@pytest.mark.parametrize(
    ("topic", "ages", "meant"),
    [
        ("consent_under_13", ["12"], "consent_under_13"),
        ("consent_under_13", ["13"], "consent_under_16"),
        ("consent_under_13", ["15", "20"], "consent_under_16"),
        ("consent_under_13", ["15", "12"], "consent_under_13"),
        ("consent_under_13", ["16"], "consent_overview"),
        ("consent_under_13", ["under 13"], "consent_under_13"),
        ("consent_under_13", [], "consent_under_13"),
        ("consent_under_16", ["12"], "consent_under_13"),
        ("consent_under_16", ["14", "22"], "consent_under_16"),
        ("consent_under_16", ["17"], "consent_overview"),
        ("under_13_level", ["14"], "risk_tool"),
        ("under_13_level", ["12"], "under_13_level"),
        ("under_13_level", ["19"], "under_13_level"),
        ("moves_area", ["14"], "moves_area"),
    ],
)
def test_what_holds_at_that_age(topic: str, ages: list[str], meant: str) -> None:
    assert best(topic, *ages) == meant
    assert meant in load_guidance().topics


def test_at_16_that_harm_counts_is_told_where_it_is_likelier_than_the_overview() -> None:
    chances = {"consent_under_16": 0.7, "consent_16_17_harm": 0.2, "consent_overview": 0.05}
    ranked = tuple(Ranked(f"ask/{topic}", chance) for topic, chance in chances.items())
    assert of_that_age(Reading(ranked, 0.9), [16]).ranked[0].label == "ask/consent_16_17_harm"
    assert of_that_age(Reading(ranked, 0.9), [15]).ranked[0].label == "ask/consent_under_16"


def test_no_chance_is_lost() -> None:
    ranked = (Ranked("ask/consent_under_13", 0.5), Ranked("ask/consent_under_16", 0.3))
    moved = of_that_age(Reading(ranked, 0.9), [14])
    assert [(one.label, one.confidence) for one in moved.ranked] == [
        ("ask/consent_under_16", pytest.approx(0.8))
    ]


def test_each_part_of_a_message_has_its_own_age() -> None:
    text = "can a 12 year old consent? and can a 15 year old? what is the law"
    entities = [Found("age", "12", 6, 17), Found("age", "15", 37, 48)]
    assert ages_in(entities, 0, 26) == [12]
    assert ages_in(entities, 27, 49) == [15]
    assert ages_in(entities, 50, len(text)) == [12, 15]


@pytest.mark.parametrize(
    ("levels", "ages", "asks"),
    [
        (["low"], [12], True),
        (["low"], [15, 11], True),
        (["low"], [13], False),
        (["low"], [], False),
        (["low", "high"], [12], False),
        ([], [12], False),
    ],
)
def test_low_for_a_child_under_13(levels: list[str], ages: list[int], asks: bool) -> None:
    entities = [Found("level", level, 0, 1) for level in levels]
    assert asks_for_low(entities, ages) == asks
