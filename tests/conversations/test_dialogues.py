"""Whole dialogues through the engine, asserted by what the person reads."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Sequence

import pytest

from bot.guidance.load import Guidance, load_guidance
from bot.serving.engine import Engine, Said

from .dialogue import Dialogue, Turn, load_dialogues

DIALOGUES = load_dialogues()
#: A telephone number that begins with a nought, as it is printed: “01632 960001”, “0800 1111”.
_NUMBER = re.compile(r"\b0\d{2,5}(?: ?\d{3,4}){1,2}\b")


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    return load_guidance()


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def joined(said: Sequence[Said]) -> str:
    return "\n\n".join(one.text for one in said)


def of_other_areas(guidance: Guidance, area: str) -> dict[str, str]:
    """The numbers (digits alone) that belong to other areas than `area`, and to whom."""
    own = {
        digits(one.number) for one in guidance.contacts.values() if one.number and area in one.areas
    }
    return {
        digits(one.number): one.name
        for one in guidance.contacts.values()
        if one.number and one.areas and area not in one.areas and digits(one.number) not in own
    }


def faults(turn: Turn, said: Sequence[Said], before: Sequence[Said]) -> list[str]:
    """What is wrong with an answer, a line each."""
    text = joined(said)
    replies = [one.reply or {} for one in said]
    titles = [button["title"] for one in said for button in one.buttons]
    wrong = [f"lacks: {one}" for one in turn.reads if not re.search(one, text, re.IGNORECASE)]
    wrong += [f"has: {one}" for one in turn.never if re.search(one, text, re.IGNORECASE)]
    for name, wanted in (("topic", turn.topic), ("kind", turn.kind)):
        got = [reply.get(name) for reply in replies]
        if wanted and not set(wanted) & set(got):
            wrong.append(f"{name} is {got}, not one of {list(wanted)}")
    wrong += [f"does not offer “{one}” but {titles}" for one in turn.offers if one not in titles]
    if turn.as_before and text != joined(before):
        wrong.append("is not the same answer as before")
    return wrong


def broken_rules(said: Sequence[Said], guidance: Guidance) -> list[str]:
    """What no answer may do, whatever was asked."""
    wrong = []
    known = {digits(one.number) for one in guidance.contacts.values() if one.number}
    for one in said:
        reply = one.reply or {}
        printed = {digits(found) for found in _NUMBER.findall(one.text)}
        if not one.text.strip():
            wrong.append("an empty message")
        if reply.get("kind") == "safe_message":
            wrong.append("something failed on the way")
        if reply.get("kind") == "answer" and not reply.get("sources"):
            wrong.append("an answer without a source")
        if reply.get("kind") == "route" and "I have not made a referral" not in one.text:
            wrong.append("a route that does not say that no referral was made")
        if invented := printed - known:
            wrong.append(f"numbers that are no contact's: {sorted(invented)}")
        if reply.get("area"):
            others = of_other_areas(guidance, str(reply["area"]))
            wrong += [
                f"{others[number]}'s number in an answer for {reply['area']}"
                for number in sorted(printed & set(others))
            ]
    return wrong


def test_there_are_at_least_fifty_dialogues_each_with_a_title_of_its_own() -> None:
    titles = Counter(one.title for one in DIALOGUES)
    assert len(titles) >= 50
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one.title)
async def test_dialogue(dialogue: Dialogue, engine: Engine, guidance: Guidance) -> None:
    conversation = uuid.uuid4().hex
    before: Sequence[Said] = ()
    for number, turn in enumerate(dialogue.turns, 1):
        payload = None
        if turn.presses is not None:
            offered = {
                button["title"]: button["payload"] for one in before for button in one.buttons
            }
            assert turn.presses in offered, f"turn {number}: no button “{turn.presses}” to press"
            payload = offered[turn.presses]
        said = await engine.turn(
            conversation,
            text=None if turn.says is None else turn.says * turn.times,
            payload=payload,
            area=dialogue.area,
            channel="test",
        )
        wrong = faults(turn, said, before) + broken_rules(said, guidance)
        asked = (turn.presses or turn.says or "")[:120]
        lines = [f"turn {number}, {asked!r}", *wrong, f"got: {joined(said)[:1500]}"]
        assert not wrong, "\n".join(lines)
        before = said
    if dialogue.at_most is not None:
        assert len(dialogue.turns) <= dialogue.at_most
