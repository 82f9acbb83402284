"""What Waymark understands: texts as a JSON list in, the label of each out.

Run as `python -m bench.read MODEL < texts.json`. A label is an intent, or `ask/<topic>`.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any


def label_of(parse: dict[str, Any]) -> str:
    """The label of a parse; of a question, its likeliest topic."""
    name: str = parse["intent"]["name"]
    questions = parse.get("questions") or []
    if name != "ask" or not questions or not questions[0]["topics"]:
        return name
    return f"ask/{questions[0]['topics'][0]['topic']}"


def main(model: Path) -> None:
    """Read every text with the model."""
    texts = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        from bot.serving.engine import Engine

        engine = Engine.load(model)
        labels = [label_of(engine.understand(text)) for text in texts]
    json.dump(labels, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
