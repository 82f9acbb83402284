"""Short messages that lean on the answer before them."""

from __future__ import annotations

import pytest

from bot.serving.leaning_on import compared, follow_up_of, meant_by_telling, told_of


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("simpler please", "shorter"),
        ("too long", "shorter"),
        ("thats too long", "shorter"),
        ("can you make it shorter?", "shorter"),
        ("in plain english please", "shorter"),
        ("why", "why"),
        ("why is that?", "why"),
        ("why is she missing", None),
        ("how long is too long to wait", None),
        ("summary of the meeting in Derby", None),
    ],
)
def test_what_follows_an_answer(text: str, asked: str | None) -> None:
    assert follow_up_of(text, "nlu_fallback") == asked


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("compare derby and derbyshire on reviews", "reviews"),
        ("compare Derby with Luton about out of hours?", "out of hours"),
        ("compare luton with derby on reviews", "reviews"),
        ("compare derby and derbyshire", None),
        ("compare derby with luton", None),
        ("compare derby and derbyshire for me", None),
    ],
)
def test_what_areas_are_compared_on(text: str, on: str | None) -> None:
    assert compared(text) == on


def test_what_is_told_beside_a_place_without_guidance() -> None:
    place = {"entity": "other_area", "value": "elsewhere"}
    topics = [
        {"topic": "gap_other_area", "confidence": 0.8},
        {"topic": "who_to_ring", "confidence": 0.3},
        {"topic": "minutes", "confidence": 0.01},
    ]
    parse = {"entities": [place], "questions": [{"topics": topics}]}
    assert told_of(parse) == "who_to_ring"
    assert told_of({**parse, "entities": []}) is None
    assert told_of({**parse, "questions": [{"topics": topics[::2]}]}) is None


def test_who_gets_told_is_no_question_on_the_disclosure_scheme() -> None:
    topics = [{"topic": "disclosure_who_told", "confidence": 0.6}]
    parse = {"entities": [], "questions": [{"areas": ["derby"], "topics": topics}]}
    meant = meant_by_telling(parse, "who gets told")
    assert meant is not None
    assert meant[0]["areas"] == ["derby"]
    assert meant[0]["topics"][0]["topic"] == "who_to_ring"
    assert meant_by_telling(parse, "who gets told under the disclosure scheme") is None
