"""A question without a subject of its own leans on what was spoken of before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.leaning import leans, own_words


@pytest.mark.parametrize(
    "text",
    [
        "how long for?",
        "who chairs it",
        "and who’s that sent to",
        "what about 15",
        "and if it's high",
        "when does it meet",
        "does she have to agree",
        "what if they won't",
        "how often",
        "ok and closed ones?",
    ],
)
def test_what_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "what are the signs of exploitation at school",
        "how do I record a concern on CareFirst",
        "medium risk in derby, what happens now",
        "she has been going missing every weekend with an older man",
        "strategy meeting chair",
        "",
        "?!",
    ],
)
def test_what_stands_alone(text: str) -> None:
    assert not leans(text)


def test_words_that_say_what_a_message_is_about_are_counted() -> None:
    assert own_words("how long for?") == 0
    assert own_words("who chairs it") == 1
    assert own_words("who chairs the strategy meeting") == 3


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert own_words(text) >= 0
    assert leans(text) in (True, False)
