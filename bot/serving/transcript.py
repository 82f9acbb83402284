"""Runs whole conversations through the engine: what `waymark ask` prints is what people get."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.guidance.load import guidance_folder
from bot.guidance.models import AREA_IDS
from bot.serving.content import refuse_faults
from bot.serving.engine import Engine, Said
from bot.serving.loading import load_engine
from bot.serving.models import current_model, project_folder, train_apart


def _as_json(said: Said) -> dict[str, Any]:
    reply = said.reply or {}
    return {
        "text": said.text,
        "topic": reply.get("topic"),
        "area": reply.get("area"),
        "kind": reply.get("kind"),
        "sources": list(reply.get("sources") or ()),
        "choices": [button["title"] for button in said.buttons],
    }


async def converse(engine: Engine, area: str | None, turns: Sequence[Any]) -> dict[str, Any]:
    """The replies to each turn of one new conversation.

    A turn that is not text is read as nothing. `area` is the id of one, or None.
    """
    conversation = uuid.uuid4().hex
    replies = []
    for turn in turns:
        text = turn if isinstance(turn, str) else ""
        said = await engine.turn(conversation, text=text, area=area, channel="ask")
        replies.append([_as_json(one) for one in said])
    return {"replies": replies}


#: A line as JSON with its number, and what is wrong with it if anything is.
Line = tuple[int, Any, str | None]


async def answer_conversations(
    lines: Iterable[Line], write: Callable[[dict[str, Any]], None]
) -> None:
    """Answer each conversation (`{"area", "turns"}`) with one model, writing each when done.

    Raises GuidanceError when the content may not be served, and ModelError when the model is not
    the file that was trained, or cannot be trained.
    """
    root = project_folder()
    refuse_faults(guidance_folder())
    await answer_lines(load_engine(current_model(root) or train_apart(root)), lines, write)


async def answer_lines(
    engine: Engine, lines: Iterable[Line], write: Callable[[dict[str, Any]], None]
) -> None:
    """Answer each line with `engine`.

    One that is no conversation gets its `error`, and the others are answered; of an unknown area
    a `note` tells.
    """
    for number, one, wrong in lines:
        wrong = wrong or _fault(number, one)
        if wrong is not None:
            write({"error": wrong})
            continue
        area = one.get("area") or None
        if area in (None, *AREA_IDS):
            write(await converse(engine, area, one.get("turns") or []))
            continue
        known = ", ".join(AREA_IDS)
        answered = await converse(engine, None, one.get("turns") or [])
        note = f"line {number}: “{area}” is no area ({known}), so none was set"
        write({**answered, "note": note})


def _fault(number: int, one: Any) -> str | None:
    """Why a line is no conversation, or None."""
    if not isinstance(one, dict) or not isinstance(one.get("turns") or [], list):
        return f'line {number} is not a conversation: {{"area": …, "turns": ["…"]}}'
    return None
