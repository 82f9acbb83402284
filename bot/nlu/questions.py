"""Splits a message into the parts that may each be a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENERS = (
    "who|whos|what|whats|when|where|which|why|how|hows|do|does|did|is|are|can|could|should|shall|"
    "will|would|must|may|has|have|am"
)
#: Where a message can be parted: after an end mark, or before “and who …”, “also …”.
_PARTING = re.compile(
    r"(?<=[?!;\n])\s*|(?<=[a-z0-9)]\.)\s+|"
    rf"\s*(?:,\s*)?\b(?:and|plus|also|n|&)\s+(?:also\s+|then\s+)?(?=(?:{_OPENERS})\b)|"
    rf"\s*,\s+(?=(?:{_OPENERS})\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\?|^\W*(?:(?:and|so|but|ok|also|then)\s+)*(?:{_OPENERS})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A part of a message: its text, where it starts, and whether it asks something."""

    text: str
    start: int
    asks: bool

    @property
    def end(self) -> int:
        """Where the part ends in the message."""
        return self.start + len(self.text)


def split_questions(text: str, fewest_words: int = 2, most: int = 4) -> list[Part]:
    """The parts of `text` in order, those of at least `fewest_words` words, at most `most`."""
    parts: list[Part] = []
    start = 0
    for boundary in [*_PARTING.finditer(text), None]:
        end = boundary.start() if boundary else len(text)
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        stripped = piece.strip()
        if len(re.findall(r"\w+", stripped)) >= fewest_words:
            parts.append(Part(stripped, start + left, bool(_ASKS.search(stripped))))
        start = boundary.end() if boundary else end
    return parts[:most]
