"""The small pattern language of the phrasings."""

from __future__ import annotations

import pytest

from bot.safety.phrasing import Anchored, Phrasing, PhrasingError, Phrasings

LISTS = {
    "she": ["she", "the {young}"],
    "young": ["girl", "young person"],
    "stop": ["now", "and"],
    "loop": ["a {loop}"],
}


def matches(text: str, sentence: str) -> bool:
    phrasing: Phrasing = Phrasings(LISTS).compile(text)
    plain = f" {sentence} "
    found = bool(phrasing.pattern.search(plain))
    # the quick look never rules out what the slow one would find
    assert phrasing.possible(frozenset(sentence.split())) or not found
    return found


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        ("{she} is locked in", "the young person is locked in", True),
        ("{she} is locked in", "he is locked in", False),
        ("got/has her", "he has her", True),
        ("threat* to kill", "threatening to kill", True),
        ("locked in !his", "locked in a room", True),
        ("locked in !his", "locked in his room", False),
        ("just? left", "left", True),
        ("taken .. car", "taken away in a car", True),
        ("taken .. car", "taken to see the very big red car", False),
        ("taken ... car", "taken to see the very big red car", True),
        ("^ emergency", "emergency help", True),
        ("^ emergency", "the emergency", False),
        ("got her {stop}", "got her", True),
        ("got her {stop}", "got her and ran", True),
        ("got her {stop}", "got her coat", False),
        ("is {child_age}", "is 14", True),
        ("is {child_age}", "is 40", False),
        ("in", "inside", False),
    ],
)
def test_what_a_phrasing_matches(text: str, sentence: str, expected: bool) -> None:
    assert matches(text, sentence) is expected


@pytest.mark.parametrize("text", ["{nowhere} is", "{she is", "a//b", "{loop}"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(PhrasingError):
        Phrasings(LISTS).compile(text)


def test_what_could_match_is_found_by_its_words_in_the_order_given() -> None:
    texts = ["{she} is locked in", "threat* to", "got/has her", "word*", "locked !in"]
    compiled = [Phrasings(LISTS).compile(text) for text in texts]
    anchored = Anchored(zip(texts, compiled, strict=True))
    for sentence in ("she is locked in", "he has her", "a threat to her", "nothing", ""):
        words = frozenset(sentence.split())
        expected = [text for text, one in zip(texts, compiled, strict=True) if one.possible(words)]
        assert [text for text, _ in anchored.possible(words)] == expected
