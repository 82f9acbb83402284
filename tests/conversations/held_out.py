"""Lines that were written apart from the training phrases, and how many are answered right."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bot.serving.engine import Engine

NLU = Path(__file__).parents[2] / "data" / "nlu"

#: A line with its text and what is expected of it; tells what is wrong with the answer, or None.
Line = dict[str, Any]
WhatIsWrong = Callable[[Engine, Line], Awaitable[str | None]]


def bare(text: str) -> str:
    """A text by its words alone, in small letters."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def training_phrases() -> set[str]:
    """Every training phrase by its words alone."""
    return {
        bare(line.strip()[2:])
        for path in NLU.rglob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- ")
    }


async def share_right(
    engine: Engine, lines: Sequence[Line], kind: str, what_is_wrong: WhatIsWrong
) -> float:
    """The share (0 to 1) of the lines of a kind that are answered right; prints those that are not."""
    asked = [line for line in lines if line["kind"] == kind]
    wrong = {line["text"]: await what_is_wrong(engine, line) for line in asked}
    failed = [f"{text}: {fault}" for text, fault in wrong.items() if fault]
    share = 1 - len(failed) / len(asked)
    print(f"\n{share:.1%} of {len(asked)} lines ({kind}) answered right; not:", *failed, sep="\n  ")
    return share
