"""What practitioners type first: who they are, what worries them, and whom to tell.

`data/first_messages.yml` was written by people who had seen only the titles of topics. At first
sight 87 % of the first 150 lines and 93 % of the last 110 were answered right.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.guidance.load import load_guidance
from bot.serving.engine import Engine

from .held_out import bare, share_right, training_phrases
from .test_dialogues import broken_rules
from .test_unseen import ANSWERS

DATA = Path(__file__).parents[1] / "data" / "first_messages.yml"
#: The least share (0 to 1) that is answered right.
LEAST = {"worry": 0.9, "question": 0.95, "told": 0.9, "carer": 0.9, "two": 0.8}


def lines() -> list[dict[str, Any]]:
    """Every message with its kind, area and topics."""
    return list(yaml.safe_load(DATA.read_text(encoding="utf-8")))


def test_every_topic_that_is_meant_exists() -> None:
    meant = {
        topic
        for line in lines()
        for one in line["topics"]
        for topic in (one if isinstance(one, list) else [one])
    }
    assert meant <= set(load_guidance().topics)


def test_no_line_is_a_training_phrase() -> None:
    trained = training_phrases()
    assert [line["text"] for line in lines() if bare(line["text"]) in trained] == []


async def what_is_wrong(engine: Engine, line: dict[str, Any]) -> str | None:
    """What is wrong with what is said to a line, or None."""
    said = await engine.turn(uuid.uuid4().hex, text=line["text"], area=line["area"], channel="test")
    if broken := broken_rules(said, load_guidance()):
        return broken[0]
    replies = [one.reply or {} for one in said]
    answered = {reply.get("topic") for reply in replies if reply.get("kind") in ANSWERS}
    if any(reply.get("kind") == "immediate_danger" for reply in replies):
        # needlessly careful, but it says itself whom to ring
        answered |= {"who_to_ring", "first_step"}
    if line["kind"] == "two":
        needed = [set(one if isinstance(one, list) else [one]) for one in line["topics"]]
    else:
        needed = [set(line["topics"])]
    if all(answered & one for one in needed):
        return None
    return f"answered with {[(one.get('kind'), one.get('topic')) for one in replies]}"


@pytest.mark.parametrize("kind", LEAST)
async def test_a_first_message_is_answered_right(engine: Engine, kind: str) -> None:
    assert await share_right(engine, lines(), kind, what_is_wrong) >= LEAST[kind]
