"""What plain Rasa understands: texts as a JSON list in, `[intent, area or null]` of each out.

Run in plain Rasa's own environment (Python 3.10): `python read.py MODEL < texts.json`. Stands by
itself, so that it needs nothing of Waymark's.
"""

import asyncio
import json
import sys
from typing import Any


async def main(model: str) -> None:
    """Read every text with the model."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    readings: list[Any] = []
    for text in json.load(sys.stdin):
        parse = await agent.parse_message(text)
        areas = [one["value"] for one in parse["entities"] if one["entity"] == "area"]
        readings.append([parse["intent"]["name"], areas[0] if areas else None])
    print("READINGS" + json.dumps(readings))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
