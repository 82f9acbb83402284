"""A long answer as several messages, none of which parts a claim from its source.

Lengths are in UTF-16 units, as Telegram counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: Longest message that Telegram takes, in UTF-16 units.
LONGEST = 4_096
#: Room for “(2 of 3)”.
_COUNTER = 16
#: Most of a message that its sources may take.
_MOST_SOURCES = 2_400
#: Most marks of style that Telegram takes in one message, with room to spare.
_MOST_STYLES = 80


@dataclass(frozen=True)
class Style:
    """A stretch of a text in bold or italic; from `start`, `length` long, in UTF-16 units."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True)
class Block:
    """Lines that stay together, the footnotes that belong to them, and the bold stretches.

    `notes` are keys of the footnotes; `bold` stretches are counted in characters of `text`.
    """

    text: str
    notes: tuple[int, ...] = ()
    bold: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Footnotes:
    """What stands below the blocks of a message: lines by key, in order, under a title."""

    lines: dict[int, str]
    title: str = "Sources:"

    def below(self, keys: Iterable[int]) -> str:
        """The footnotes of these keys as text, or nothing."""
        chosen = [self.lines[key] for key in sorted(set(keys)) if key in self.lines]
        if not chosen:
            return ""
        share = _MOST_SOURCES // len(chosen)
        return "\n".join([self.title, *(shortened(line, share) for line in chosen)])


@dataclass(frozen=True)
class Part:
    """One message: its text and styles."""

    text: str
    styles: tuple[Style, ...] = ()


def units(text: str) -> int:
    """How long a text is in UTF-16 units."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def shortened(text: str, longest: int) -> str:
    """The text, cut at a word with “…” where it is longer than `longest` UTF-16 units."""
    if units(text) <= longest:
        return text
    kept = text[:longest]
    while units(kept) > longest - 1:
        kept = kept[:-1]
    at = kept.rfind(" ")
    return f"{kept[:at] if at > longest // 2 else kept}…"


def split(
    blocks: Sequence[Block], footnotes: Footnotes, closing: str = "", longest: int = LONGEST
) -> list[Part]:
    """The blocks as messages of at most `longest` UTF-16 units, each with its own footnotes.

    `closing` is said once, at the end. A block that is too long for a message is cut between
    sentences, and each piece keeps its footnotes.
    """
    room = longest - _COUNTER
    whole = _composed(blocks, footnotes, closing)
    if units(whole.text) <= longest and len(whole.styles) <= _MOST_STYLES:
        return [whole]
    last = [Block(closing)] if closing else []
    groups: list[list[Block]] = []
    for block in [*_pieces(blocks, footnotes, room), *last]:
        if groups and _fits([*groups[-1], block], footnotes, room):
            groups[-1].append(block)
        else:
            groups.append([block])
    parts = [_composed(group, footnotes, "") for group in groups]
    if len(parts) == 1:
        return parts
    return [
        replace(part, text=f"{part.text}\n({number} of {len(parts)})")
        for number, part in enumerate(parts, 1)
    ]


def _fits(blocks: Sequence[Block], footnotes: Footnotes, room: int) -> bool:
    part = _composed(blocks, footnotes, "")
    return units(part.text) <= room and len(part.styles) <= _MOST_STYLES


def _pieces(blocks: Sequence[Block], footnotes: Footnotes, room: int) -> list[Block]:
    """The blocks, those that are too long for a message on their own cut between sentences."""
    pieces: list[Block] = []
    for block in blocks:
        if _fits([block], footnotes, room):
            pieces.append(block)
            continue
        left = room - units(footnotes.below(block.notes)) - 2
        words = ""
        for sentence in re.split(r"(?<=[.!?:;])\s+|\n", block.text):
            for piece in _chunks(sentence, left):
                if words and units(words) + 1 + units(piece) > left:
                    pieces.append(Block(words, block.notes))
                    words = piece
                else:
                    words = f"{words} {piece}" if words else piece
        if words:
            pieces.append(Block(words, block.notes))
    return pieces


def _chunks(text: str, longest: int) -> list[str]:
    """A text in chunks of at most `longest` units, cut at words where there are any."""
    chunks = []
    while units(text) > longest:
        kept = text[:longest]
        while units(kept) > longest:
            kept = kept[:-1]
        at = kept.rfind(" ")
        cut = at if at > 0 else len(kept)
        chunks.append(text[:cut])
        text = text[cut:].lstrip(" ")
    return [*chunks, text]


def _composed(blocks: Sequence[Block], footnotes: Footnotes, closing: str) -> Part:
    text = ""
    styles: list[Style] = []
    for block in blocks:
        if text:
            text += "\n"
        base = units(text)
        for start, end in block.bold:
            styles.append(
                Style("bold", base + units(block.text[:start]), units(block.text[start:end]))
            )
        text += block.text
    below = footnotes.below(key for block in blocks for key in block.notes)
    if below:
        text += "\n" if text else ""
        styles.append(Style("italic", units(text), units(below)))
        text += below
    if closing:
        text += f"\n{closing}" if text else closing
    return Part(text, tuple(one for one in styles if one.length))
