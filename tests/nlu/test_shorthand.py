"""The field's shorthand is written out before a message is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities import Vocabulary
from bot.nlu.shorthand import Shorthand

from .conftest import GUIDANCE

SHORTHAND = Shorthand(
    {"yp": "young person", "csc": "children's social care", "cp": "child protection",
     "op lib": "operation liberty", "r&a": "referral and assessment team", "cin": "child in need"}
)  # fmt: skip
REAL = Shorthand(Vocabulary.read(GUIDANCE).shorthand)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("YP missing", "young person missing"),
        ("yp, csc?", "young person, children's social care?"),
        ("send op lib form", "send operation liberty form"),
        ("ring R&A", "ring referral and assessment team"),
        ("cpx and typ stay", "cpx and typ stay"),
        ("a.cp stays, so does cp&x", "a.cp stays, so does cp&x"),
        ("the yp’s  “friend”\n\there", 'the young person\'s "friend" here'),
        ("", ""),
    ],
)
def test_whole_words_are_written_out(typed: str, read: str) -> None:
    assert SHORTHAND.write_out(typed) == read


def test_the_longest_shorthand_wins() -> None:
    both = Shorthand({"op": "operation", "op lib": "operation liberty"})
    assert both.write_out("op lib, op") == "operation liberty, operation"


def test_without_any_shorthand_a_text_stays_as_it_is() -> None:
    assert Shorthand({}).write_out("who do I ring") == "who do I ring"


@pytest.mark.parametrize("text", ["cın plan", "cİn plan"])
def test_letters_that_only_look_like_a_shorthand_do_no_harm(text: str) -> None:
    assert "plan" in SHORTHAND.write_out(text)


@given(st.text())
def test_any_text_can_be_written_out(text: str) -> None:
    written = REAL.write_out(text)
    assert written == " ".join(written.split())


def test_every_shorthand_of_the_vocabulary_is_written_out() -> None:
    for short, meaning in Vocabulary.read(GUIDANCE).shorthand.items():
        assert short == short.lower()
        assert REAL.write_out(f"about {short.upper()} now") == f"about {meaning} now"
