"""What counts as a question beside danger."""

from __future__ import annotations

from typing import Any

import pytest

from bot.serving.parses import really_asks, sure_intent, surely_asked

EXCHANGE = {"topic": "exchange", "confidence": 0.7}
CONSENT = {"topic": "consent_overview", "confidence": 0.2}


def understood(confidence: float) -> dict[str, Any]:
    parse = sure_intent("ask", {})
    parse["intent"]["confidence"] = confidence
    return {**parse, "questions": [{"areas": [], "topics": [EXCHANGE, CONSENT]}]}


@pytest.mark.parametrize(
    "text",
    [
        "she took something he gave her and she's fitting",
        "yp on roof of the car park",
        "gang lads have put a window through",
        "theres a man who is with her and wont let go",
        "he's outside, is banging on the door",
        "she's on the bridge and has her coat off",
        "hes got a knife, did it last week too",
        "the man who has got her when she ran",
        "someone off camera is telling her what to take off",
        "i need to know now, he's got her on the train",
        "there is a live stream of a child being hurt",
    ],
)
def test_danger_that_is_told_asks_nothing(text: str) -> None:
    assert not really_asks(text)
    assert surely_asked(text, understood(0.9), only_alike=False) == []
    assert surely_asked(text, understood(0.9), only_alike=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "hes outside with a knife, what do i note for the police",
        "she's taken pills and which form do i use",
        "he has her in his flat. do we need a strategy meeting",
        "he is dragging her into a car?",
        "he's got a gun and im not sure which to use, the matrix or the tool",
        "she's been taken, tell me what the matrix is",
        "he's got her, is it a crime to send pictures",
    ],
)
def test_a_question_beside_danger_has_its_one_likeliest_answer(text: str) -> None:
    assert really_asks(text)
    assert surely_asked(text, understood(0.4), only_alike=False) == [
        {"areas": [], "topics": [EXCHANGE]}
    ]
    assert surely_asked(text, understood(0.1), only_alike=False) == []


def test_a_topic_that_is_only_named_is_answered_where_nobody_is_told_of() -> None:
    assert surely_asked("signs of exchange", understood(0.7), only_alike=True)
    assert not surely_asked("signs of exchange", understood(0.7), only_alike=False)
