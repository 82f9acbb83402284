"""Splits a message into the parts that may each be a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENERS = (
    "(?:up to|until|to|at|in|for|by|from|under|with|on) (?:what|which|whom|how)|"
    "who|whos|whom|what|whats|when|where|which|why|how|hows|do|does|did|is|are|can|could|"
    "should|shall|will|would|must|may|has|have|am"
)
#: After these a word like “is” or “has” goes on telling: “and has a plan”, “and is still there”.
_TELLING = (
    "a|an|no|not|already|be|been|being|got|on|in|at|open|known|now|just|also|very|still|under|going|"
    "back|home|safe|fine|getting|gone|had|to"
)
#: What begins a question: such a word with more after it (“where and who, not …” asks nothing).
_OPENING = rf"(?:{_OPENERS}|what about|how about)\b(?!\s*[,?.!;]|\s+(?:{_TELLING})\b)"
#: What asks without a question's words.
_WANTING = "explain|tell me|list|show me|give me|describe|remind me|summarise|i need|i want to know"
#: Where a message can be parted: after an end mark, or before “and who …”, “also …”, and before
#: the last “and the closed ones too?”.
_PARTING = re.compile(
    r"(?<=[?!;\n])\s*|(?<=[a-z0-9)]\.)\s+|"
    rf"\s*(?:,\s*)?(?:\b(?:and|plus|also|n)|&)\s+(?:also\s+|then\s+)?(?={_OPENING})|"
    rf"\s*,\s+(?={_OPENING})|"
    r"\s*,?\s+(?=(?:and|n|or)\s+(?:the|those|for)\s[^?.!,]{2,40}\s(?:ones?|as well|too)\s*\?+\W*$)",
    re.IGNORECASE,
)
#: What a telling goes on from: “the thing is she won't talk”, “my worry is that …”.
_TELLS_ON = "".join(
    rf"(?<!\b{word} )"
    for word in ("thing", "worry", "problem", "point", "concern", "issue", "trouble", "fact", "all")
)
#: A verb before who does it: “if she says yes is it still a crime”.
_TURNED = (
    rf"{_TELLS_ON}(?:(?:is|are|do|does|can|could|should|shall|will|would|must|may) (?:i|we|you|they"
    r"|he|she)|(?:is|are|should|will|would) there (?=an?\b|any|some|no\b|more|ever)"
    r"|(?:is|does|can|should|will|would) (?:it|this|that))"
)
_ASKS = re.compile(
    # “…, did a visit with the nurse” goes on telling
    rf"\?|\b(?:{_TURNED})\b|"
    r"(?:^|[-–—:,]\s(?!did (?:an?|the|my|our)\b))\W*"
    r"(?:(?:and|so|but|ok|also|then|please|can you)\s+)*"
    rf"(?:{_OPENERS}|{_WANTING})\b",
    re.IGNORECASE,
)


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
