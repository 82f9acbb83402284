"""Who is writing is told apart from what is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.introductions import without_introduction


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "I'm a PE teacher, a girl in my set has new trainers",
            "a girl in my set has new trainers",
        ),
        ("Im a TA and one of the lads worries me", "one of the lads worries me"),
        ("hi, i'm the deputy head of year 9. whom do I tell", "whom do I tell"),
        ("As a school nurse do I need consent?", "do I need consent?"),
        ("speaking as a governor: who keeps the records", "who keeps the records"),
        ("paramedic here, found a girl of 14", "found a girl of 14"),
        ("new TA in a hartlepool school, which training can I book", "which training can I book"),
        ("I work in a children's home. how do we refer", "how do we refer"),
        ("I teach year 8 and she won't talk to me", "she won't talk to me"),
        ("I run a youth club and a boy worries me", "a boy worries me"),
        ("we're residential workers and he is late again", "he is late again"),
        ("what is a MAT? I'm a new social worker.", "what is a MAT?"),
        ("which form is it? midwife here", "which form is it?"),
    ],
)
def test_what_is_asked_is_left(text: str, asked: str) -> None:
    left = without_introduction(text)
    assert left.strip() == asked
    assert len(left) == len(text), "places in the text stay where they are"


@pytest.mark.parametrize(
    "text",
    [
        "can a teacher have a relationship with a pupil",
        "I'm worried about a girl",
        "I'm a bit worried about a teacher, who do I tell",
        "the social worker, what does she do",
        "I'm 15 and scared",
        "I'm a mum and my daughter has gone",
        "i run away from home and live with him",
        "who leads, the police or the social worker",
        "what must a lead practitioner do",
        "I'm a teacher",
        "social worker here",
        "",
    ],
)
def test_nothing_else_is_taken_away(text: str) -> None:
    assert without_introduction(text) == text


@given(st.text(alphabet="I'm a teacher, who here.\n?-é", max_size=400))
def test_any_text_keeps_its_length_and_what_is_left_stands_where_it_stood(text: str) -> None:
    left = without_introduction(text)
    assert len(left) == len(text)
    assert all(now in (" ", before) for now, before in zip(left, text, strict=True))
