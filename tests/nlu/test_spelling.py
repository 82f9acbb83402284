"""Misspelt words are mended to what practitioners write; what is a word is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.spelling import MENDED_TO_FROM, Spelling

TEXTS = ["grooming worried about consent"] * MENDED_TO_FROM + ["safeguarding strategy"] * 9


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling.learn(TEXTS, ["groaning", "wanted"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is it groming", "is it grooming"),
        ("woried abuot consnet?", "worried about consent?"),
        ("safegaurdin lead", "safeguarding lead"),
        ("a Groming question", "a grooming question"),
    ],
)
def test_a_slip_is_mended(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.mended(typed) == read


@pytest.mark.parametrize(
    "typed", ["he was groaning", "wanted", "gromin2", "zxqvwkj", "cnsnt", "s47 EPO", "", "…"]
)
def test_what_is_a_word_or_like_none_stays(spelling: Spelling, typed: str) -> None:
    assert spelling.mended(typed) == typed


def test_what_is_kept_mends_the_same(spelling: Spelling, tmp_path: Path) -> None:
    spelling.save(tmp_path / "words.txt")
    kept = Spelling.load(tmp_path / "words.txt")
    for typed in ("groming", "groaning", "stratgey meting", "wanted"):
        assert kept.mended(typed) == spelling.mended(typed)


@given(
    text=st.text() | st.lists(st.sampled_from(["groming", " ", "consnet", "1", "é"])).map("".join)
)
def test_mending_leaves_everything_but_words_and_ends(text: str) -> None:
    spelling = Spelling.learn(TEXTS, [])
    mended = spelling.mended(text)
    assert spelling.mended(mended) == mended
    assert [one for one in mended if not one.isalpha()] == [
        one for one in text if not one.isalpha()
    ]
