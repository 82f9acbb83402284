"""Short questions that say nothing but what is wanted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.load import load_guidance
from bot.nlu.plainly_asked import plainly_asked

from .conftest import GUIDANCE


@pytest.mark.parametrize(
    ("text", "ages", "topic"),
    [
        ("is it cse?", [], "definition_of_cse"),
        ("so is that CSE or not", [14], "definition_of_cse"),
        ("is this exploitation", [], "definition_of_cse"),
        ("legal?", [17], "consent_16_17_harm"),
        ("is it legal?", [14], "consent_under_16"),
        ("offence?", [12, 17], "consent_under_13"),
        ("is that against the law", [15], "consent_under_16"),
        ("is it legal?", [], None),
        ("is it legal?", [19], None),
        ("the signs", [], "signs_overview"),
        ("what are the signs of cse", [], "signs_overview"),
        ("the signs at school", [], None),
        ("is it legal to search her room", [15], None),
        ("is it cse if it is online", [], None),
    ],
)
def test_what_is_plainly_asked(text: str, ages: list[int], topic: str | None) -> None:
    assert plainly_asked(text, ages) == topic
    assert topic is None or topic in load_guidance(GUIDANCE).topics


@given(st.text(), st.lists(st.integers(0, 19)))
def test_any_text_can_be_read(text: str, ages: list[int]) -> None:
    assert plainly_asked(text, ages) is None or text.strip()
