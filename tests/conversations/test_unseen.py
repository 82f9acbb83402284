"""Questions by somebody who had seen neither training phrases nor other tests.

`data/unseen.yml` holds messages: `plain` and `hard` questions, `two` at once, what the sources do
not answer (`gap`) and what is none of the guide's business (`outside`). `data/unseen_dialogues.yml`
holds follow-ups that lean on what was said before.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from bot.guidance.load import load_guidance
from bot.serving.engine import Engine

from .dialogue import Dialogue
from .held_out import bare, share_right, training_phrases
from .test_dialogues import broken_rules, faults

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
#: The least share (0 to 1) that is answered right.
LEAST = {"plain": 0.97, "hard": 0.95, "two": 0.85, "gap": 1.0, "outside": 0.85}
LEAST_DIALOGUES = 0.85
#: What somebody is told who gets an answer.
ANSWERS = {"answer", "not_in_source", "route"}


def lines() -> list[dict[str, Any]]:
    """Every message with its kind, area, topics and facts."""
    return list(yaml.safe_load((DATA / "unseen.yml").read_text(encoding="utf-8")))


def dialogues() -> list[Dialogue]:
    """Every dialogue of follow-ups."""
    text = (DATA / "unseen_dialogues.yml").read_text(encoding="utf-8")
    return TypeAdapter(list[Dialogue]).validate_python(yaml.safe_load(text))


def test_the_lines_are_many_and_about_nearly_everything() -> None:
    topics = {topic for line in lines() for topic in line.get("topics", [])}
    assert len(lines()) + len(dialogues()) >= 240
    assert topics <= set(load_guidance().topics)
    assert len(topics) >= 150


def test_no_line_is_a_training_phrase() -> None:
    trained = training_phrases()
    # a follow-up as short as “who chairs it” is everybody's
    said = [
        one.says for talk in dialogues() for one in talk.turns if len((one.says or "").split()) > 4
    ]
    held = [line["text"] for line in lines()] + [one for one in said if one]
    assert [text for text in held if bare(text) in trained] == []


async def what_is_wrong(engine: Engine, line: dict[str, Any]) -> str | None:
    """What is wrong with the answer to a line, or None."""
    said = await engine.turn(uuid.uuid4().hex, text=line["text"], area=line["area"], channel="test")
    text = "\n".join(one.text for one in said)
    replies = [one.reply or {} for one in said]
    topics = [reply.get("topic") for reply in replies]
    if broken := broken_rules(said, load_guidance()):
        return broken[0]
    if line["kind"] == "outside":
        answered = any(reply.get("kind") in ANSWERS for reply in replies)
        return f"answered with {topics}" if answered else None
    if (
        line["kind"] in ("plain", "hard")
        and line["topics"]
        and not set(topics) & set(line["topics"])
    ):
        return f"answered with {topics}"
    lacking = [fact for fact in line.get("facts", []) if not re.search(fact, text, re.I | re.S)]
    return f"lacks {lacking[0]}" if lacking else None


@pytest.mark.parametrize("kind", LEAST)
async def test_a_strangers_line_is_answered_right(engine: Engine, kind: str) -> None:
    assert await share_right(engine, lines(), kind, what_is_wrong) >= LEAST[kind]


async def test_follow_ups_that_lean_on_what_was_said(engine: Engine) -> None:
    guidance = load_guidance()
    failed = []
    for talk in dialogues():
        conversation = uuid.uuid4().hex
        before: Any = ()
        for turn in talk.turns:
            said = await engine.turn(conversation, text=turn.says, area=talk.area, channel="test")
            if wrong := faults(turn, said, before) + broken_rules(said, guidance):
                failed.append(f"{talk.title}, {turn.says!r}: {wrong[0]}")
                break
            before = said
    share = 1 - len(failed) / len(dialogues())
    print(f"\n{share:.1%} of {len(dialogues())} dialogues right; not:", *failed, sep="\n  ")
    assert share >= LEAST_DIALOGUES
