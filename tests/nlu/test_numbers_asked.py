"""What asks for a number and nothing else, by day, by night or both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.load import load_guidance
from bot.nlu.numbers_asked import BY_DAY, BY_NIGHT, NUMBER_TOPICS, numbers_asked

from .conftest import GUIDANCE


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("number in the day and at night please", [BY_DAY, BY_NIGHT]),
        ("day number and night number", [BY_DAY, BY_NIGHT]),
        ("daytime and out of hours numbers pls", [BY_DAY, BY_NIGHT]),
        ("who do we ring in the day and at the weekend", [BY_DAY, BY_NIGHT]),
        ("what’s your number", [BY_DAY]),
        ("whats your phone number", [BY_DAY]),
        ("and the daytime number", [BY_DAY]),
        ("the number", [BY_DAY]),
        ("can i have your out of hours", [BY_NIGHT]),
        ("whats our out of hours number", [BY_NIGHT]),
        ("how many numbers do you have", []),
        ("whats her number", []),
        ("can I call you", []),
        ("she is out at night", []),
        ("the day", []),
        ("what is the phone number of the hub", []),
        ("", []),
    ],
)
def test_which_numbers_are_asked_for(text: str, topics: list[str]) -> None:
    assert list(numbers_asked(text)) == topics


@pytest.mark.parametrize(
    ("text", "after", "topics"),
    [
        ("and in the day?", BY_NIGHT, [BY_DAY]),
        ("and at night", BY_DAY, [BY_NIGHT]),
        ("the daytime one", BY_NIGHT, [BY_DAY]),
        ("and in the day?", "signs_missing", []),
        ("and at night", None, []),
    ],
)
def test_after_a_number_the_other_is_asked_for(
    text: str, after: str | None, topics: list[str]
) -> None:
    assert list(numbers_asked(text, after)) == topics


def test_the_topics_are_in_the_guidance() -> None:
    assert set(NUMBER_TOPICS) <= set(load_guidance(GUIDANCE).topics)


@given(st.text(), st.sampled_from([None, *NUMBER_TOPICS]))
def test_any_text_can_be_read(text: str, after: str | None) -> None:
    assert set(numbers_asked(text, after)) <= set(NUMBER_TOPICS)
