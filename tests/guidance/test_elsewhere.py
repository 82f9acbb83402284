"""What only one area's document has, asked again for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.guidance import load_guidance
from bot.guidance.answering import Answering
from bot.guidance.elsewhere import answer_there
from bot.guidance.files import GuidanceError
from bot.guidance.models import AREA_IDS

ANSWERING = Answering(load_guidance())
OF_ONE_AREA = [
    name for name in ANSWERING.guidance.topics if ANSWERING.guidance.owner_of(name) is not None
]


@pytest.mark.parametrize("topic", OF_ONE_AREA)
def test_no_area_reads_another_ones_document_as_an_answer_of_its_own(topic: str) -> None:
    owner = ANSWERING.guidance.owner_of(topic)
    for area in AREA_IDS:
        there, replies = answer_there(ANSWERING, topic, area)
        if area == owner:
            assert there == topic
            assert replies == ANSWERING.answer(topic, area)
            continue
        assert ANSWERING.guidance.owner_of(there) in (None, area) or [
            reply.kind for reply in replies
        ] == ["not_in_source"]
        for reply in replies:
            assert reply.area == area
            if reply.kind == "not_in_source":
                assert reply.sources


def test_whose_the_answer_was_is_said() -> None:
    topic, (reply,) = answer_there(ANSWERING, "csep", "derby")
    assert topic == "csep"
    assert reply.headline == (
        "My Derby source does not say. What I told you is from Luton's source alone: "
        "“What is the CSEP? (Luton)”."
    )
    assert [choice.title for choice in reply.choices] == [
        "What the meeting is for",
        "What Luton says",
    ]


def test_what_nobody_has_looked_for_is_not_said_to_be_missing() -> None:
    _, (reply,) = answer_there(ANSWERING, "luton_managers", "derby")
    assert reply.headline.startswith("I have nothing on this from my Derby source.")


def test_a_topic_of_every_area_is_answered_as_ever() -> None:
    assert answer_there(ANSWERING, "who_to_ring", "luton") == (
        "who_to_ring",
        ANSWERING.answer("who_to_ring", "luton"),
    )


def test_a_topic_that_does_not_exist_is_a_fault(folder: Path) -> None:
    (folder / "counterparts.yml").write_text(
        "- id: lists\n  topics: [nothing]\n  instead: {luton: nowhere}\n", encoding="utf-8"
    )
    with pytest.raises(GuidanceError, match="names the topic “nothing”, which does not exist"):
        load_guidance(folder)
