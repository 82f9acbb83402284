"""Worries told in a sentence or two, and the ticks offered for them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance.files import GuidanceError
from bot.guidance.load import guidance_folder
from bot.screening import Questionnaire, load_questionnaire, replay
from bot.screening.story import StoryReader, suggest_ticks

from .stories import DENIED, STORIES

QUESTIONNAIRE = load_questionnaire()


def names(text: str) -> set[str]:
    """Suggestions as `item`, `item:state` (other than present) or `question=option`."""
    found: set[str] = set()
    for tick in suggest_ticks(text, QUESTIONNAIRE):
        if tick.item_id is None:
            found.add(f"{tick.question_id}={tick.value}")
            continue
        state = QUESTIONNAIRE.by_id[tick.question_id].scale_states.named(tick.value)
        assert state is not None
        present = state.meaning == "present"
        found.add(tick.item_id if present else f"{tick.item_id}:{tick.value}")
    return found


@pytest.mark.parametrize(("text", "must", "must_not"), STORIES, ids=[s[0] for s in STORIES])
def test_a_worry_is_matched(text: str, must: set[str], must_not: set[str]) -> None:
    found = names(text)
    assert must <= found
    assert not must_not & found


@pytest.mark.parametrize("text", DENIED)
def test_that_one_thing_was_denied_rules_no_fact_out(text: str) -> None:
    assert not {one for one in names(text) if one.endswith(":no")}


def test_there_are_enough_stories() -> None:
    assert len(STORIES) >= 60


def test_a_suggestion_holds_none_of_the_text(questionnaire: Questionnaire) -> None:
    text = "Zebedee Quill aged 12 keeps going missing and gets in a red Fiesta car"
    ticks = suggest_ticks(text, questionnaire)
    assert ticks
    held = " ".join(str(value) for tick in ticks for value in asdict(tick).values()).lower()
    for word in ("zebedee", "quill", "fiesta", "red "):
        assert word not in held
    assert replay(questionnaire, {}).answers == {}


def test_ticks_come_in_the_order_of_asking(questionnaire: Questionnaire) -> None:
    ticks = suggest_ticks("bruises, cash, and she is 12", questionnaire)
    order = [list(questionnaire.by_id).index(tick.question_id) for tick in ticks]
    assert order == sorted(order)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gives_valid_ticks(text: str) -> None:
    for tick in suggest_ticks(text, QUESTIONNAIRE):
        question = QUESTIONNAIRE.by_id[tick.question_id]
        if tick.item_id is None:
            assert question.option(tick.value)
        else:
            assert question.item(tick.item_id)
            assert question.scale_states.named(tick.value)


def test_a_phrase_for_something_unknown_is_refused_with_its_line(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    text = (guidance_folder() / "indicator_phrases.yml").read_text(encoding="utf-8")
    path = tmp_path / "indicator_phrases.yml"
    path.write_text(text.replace("for: [trafficking]", "for: [traffic]"), encoding="utf-8")
    with pytest.raises(GuidanceError) as caught:
        StoryReader(questionnaire, path)
    problem = caught.value.problems[0]
    assert "traffic" in problem.reason
    assert "traffic" in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("told", "band"),
    [
        ("she is in year 9 and keeps going missing", "13_to_15"),
        ("a year 7 girl with an older boyfriend", "under_13"),
        ("he's in yr 12 and gets into cars", "16_or_17"),
        ("she is in year 8 and keeps going missing", None),
        ("she is in year 11", None),
        ("her boyfriend is in year 12", None),
        ("missing twice last year 3 times this year", None),
        ("she is 13 and in year 9", "13_to_15"),
    ],
)
def test_a_school_year_tells_the_age_where_all_of_it_is_in_one_band(
    questionnaire: Questionnaire, told: str, band: str | None
) -> None:
    found = {one.question_id: one.value for one in suggest_ticks(told, questionnaire)}
    assert found.get("age") == band
