"""A text in which found details are hidden, one stand-in character each, offsets remembered.

Every rule reads the hidden form. So a rule sees the same whether a detail has just been found or
already stands in brackets, and removing details twice changes nothing more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.privacy.detail import Detail, Kind

_KINDS = tuple(Kind)
_FIRST = 0xE000  # the private use area: no keyboard types it
#: The character that stands for a hidden detail of each kind.
STAND_IN = {kind: chr(_FIRST + number) for number, kind in enumerate(_KINDS)}
#: Any stand-in, for use inside a regular expression's character class.
STAND_INS = f"{chr(_FIRST)}-{chr(_FIRST + len(_KINDS) - 1)}"
_PLACEHOLDER = re.compile(r"\[(?:" + "|".join(re.escape(kind) for kind in _KINDS) + r")\]")
_BY_PLACEHOLDER = {f"[{kind}]": STAND_IN[kind] for kind in _KINDS}
# letters that Unicode does not take apart into a plain letter and a mark
_PLAIN = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "ı": "i", "ß": "s"}
_PLAIN |= {"æ": "a", "Æ": "A", "œ": "o", "Œ": "O", "þ": "t", "Þ": "T", "ə": "e", "ħ": "h"}
_PLAIN |= {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"'}
_PLAIN |= {"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"}

type Found = tuple[int, int, Kind]


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """One character without accent or typographic form; "" for invisible ones and marks."""
    if letter in _PLAIN:
        return _PLAIN[letter]
    category = unicodedata.category(letter)
    if category == "Mn" or category == "Cf":
        return ""
    if category in ("Co", "Cs", "Cn"):
        return "\ufffd"
    if category == "Zs":
        return " "
    taken_apart = unicodedata.normalize("NFKD", letter)
    kept = [part for part in taken_apart if unicodedata.category(part) != "Mn"]
    return kept[0] if len(kept) == 1 else letter


@dataclass(frozen=True)
class Masked:
    """The hidden form: `text`, and for each of its characters the span in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    details: tuple[Detail, ...] = ()

    @classmethod
    def of(cls, original: str) -> Masked:
        """Read a text as it was typed. Details that are already in brackets become stand-ins."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for placeholder in _PLACEHOLDER.finditer(original):
            cls._read(original, at, placeholder.start(), text, starts, ends)
            text.append(_BY_PLACEHOLDER[placeholder.group()])
            starts.append(placeholder.start())
            ends.append(placeholder.end())
            at = placeholder.end()
        cls._read(original, at, len(original), text, starts, ends)
        return cls("".join(text), tuple(starts), tuple(ends))

    @staticmethod
    def _read(
        original: str, start: int, end: int, text: list[str], starts: list[int], ends: list[int]
    ) -> None:
        part = original[start:end]
        if part.isascii():
            text.extend(part)
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            return
        for offset, letter in enumerate(part, start):
            plain = _plain(letter)
            if plain:
                text.append(plain)
                starts.append(offset)
                ends.append(offset + 1)
            elif ends and ends[-1] == offset:
                ends[-1] = offset + 1  # an accent or an invisible character goes with its letter

    def hide(self, found: Iterable[Found]) -> Masked:
        """The same with each found (start, end, kind) hidden; of overlapping ones the first."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        details = list(self.details)
        at = 0
        for start, end, kind in sorted(found, key=lambda one: (one[0], -one[1])):
            if start < at or end <= start:
                continue
            text.append(self.text[at:start])
            starts.extend(self.starts[at:start])
            ends.extend(self.ends[at:start])
            text.append(STAND_IN[kind])
            starts.append(self.starts[start])
            ends.append(self.ends[end - 1])
            details.append(Detail(kind, self.starts[start], self.ends[end - 1]))
            at = end
        if not at:
            return self
        text.append(self.text[at:])
        starts.extend(self.starts[at:])
        ends.extend(self.ends[at:])
        return Masked("".join(text), tuple(starts), tuple(ends), tuple(details))
