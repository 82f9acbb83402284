"""Writes out the field's shorthand (“YP”, “CSC”, “s47”) before a message is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping


class Shorthand:
    """Replaces whole words by what they stand for. `meanings` is lower case throughout."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._meanings = dict(meanings)
        longest_first = sorted(map(re.escape, self._meanings), key=len, reverse=True)
        self._words = re.compile(
            r"(?<![\w&.])(?:" + "|".join(longest_first) + r")(?![\w&])", re.IGNORECASE
        )

    def _meaning(self, found: re.Match[str]) -> str:
        # a letter can match by case folding alone (“cın”): what is no shorthand stays
        return self._meanings.get(found.group().lower(), found.group())

    def write_out(self, text: str) -> str:
        """`text` with every shorthand written out, straight quotes and single spaces."""
        plain = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
        plain = self._words.sub(self._meaning, plain)
        return " ".join(plain.split())
