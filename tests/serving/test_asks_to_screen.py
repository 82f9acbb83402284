"""An outright request for a screening, with the whole case told beside it."""

from __future__ import annotations

import pytest

from bot.serving.asks_to_screen import asks_to_screen


@pytest.mark.parametrize(
    "text",
    [
        "can you help me work through this, one of my year 9 girls has two phones now",
        "I need to risk assess a girl who is 14 and goes missing, derby",
        "start a screening, I'm a social worker in Derby, she's 12 with a learning disability",
        "I'm worried about a lad of 13: scratches on his arms, can you risk assess him with me",
        "can you risk assess a lad of 13 in Hartlepool with me: scratches on his arms",
        "help me work through a concern about a girl of 15",
        "could we do a screening for my foster child, he's 15",
        "I'd like to screen a boy of 12 who goes missing",
        "please can you go through this with me: she's 14 and has two phones",
        "let's do a risk assessment, 13 year old boy in luton",
        "hi, i want to start a screening. she is 14",
        "we need to screen a girl who is looked after",
        "can we work it through together, she's 14",
    ],
)
def test_a_request_to_screen_is_heard(text: str) -> None:
    assert asks_to_screen(text)


@pytest.mark.parametrize(
    "text",
    [
        "how do I risk assess a girl of 14", "do I need to risk assess a girl of 14 in derby",
        "which tool do I use to risk assess", "who does the risk assessment in Luton",
        "what is a screening", "she was risk assessed as medium, who do I tell",
        "we have done a screening, what next", "can I share the risk assessment with the police",
        "I need to risk assess a placement", "should we do a screening first",
        "what happens when I start a screening", "medium, looked after, what now",
        "can you help me with the referral form", "can you walk me through the thresholds",
        "she needs a health screening", "can I do a screening without consent",
        "we don't need to screen her", "i have to go through the minutes",
    ],
)  # fmt: skip
def test_a_question_about_one_is_not_a_request(text: str) -> None:
    assert not asks_to_screen(text)
