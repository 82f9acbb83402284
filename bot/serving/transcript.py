"""Runs whole conversations through the engine: what `waymark ask` prints is what people get."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

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

    A turn that is not text is read as nothing; an unknown area counts as not known.
    """
    conversation = uuid.uuid4().hex
    replies = []
    for turn in turns:
        text = turn if isinstance(turn, str) else ""
        said = await engine.turn(conversation, text=text, area=area, channel="ask")
        replies.append([_as_json(one) for one in said])
    return {"replies": replies}


async def answer_conversations(
    conversations: Sequence[Any], write: Callable[[dict[str, Any]], None]
) -> None:
    """Answer each conversation (`{"area", "turns"}`) with one model, writing each when done.

    Raises ModelError when the model is not the file that was trained, or cannot be trained.
    """
    root = project_folder()
    engine = load_engine(current_model(root) or train_apart(root))
    for one in conversations:
        known = one if isinstance(one, dict) else {}
        turns = known.get("turns")
        write(await converse(engine, known.get("area"), turns if isinstance(turns, list) else []))
