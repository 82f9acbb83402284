"""Texts in which what was said before them is not written again.

A reply's plain text is made of the reply's own sentences, and its lines of one another's. A text
that repeats some is written as pieces: what is new as it is, a text before it by its number (they
are counted from 0, in the order in which they stand), and a part of one as its number, its first
character and the one after its last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from bot.store.usual_values import UnusualError

#: The name under which the pieces of a text stand, alone in an object.
PIECES = "pieces"
#: Shortest text, and shortest part of one, that is not written again, in characters.
SHORTEST_TEXT = 10
SHORTEST_PART = 24
#: Fewest characters that are not written again where a text is written in pieces.
FEWEST_SPARED = 20
#: Texts with the same beginning that are compared.
MOST_ALIKE = 8

#: Before the beginning of a phrase, where a repetition may begin.
_BEFORE = re.compile(r"\n|[^\w ] |\(")

#: A piece of a text.
Piece = str | int | list[int]


def without_repeats(value: Any) -> Any:
    """A JSON value whose texts are in pieces where they repeat those before them.

    Raises UnusualError where that could not be read again.
    """
    return _replaced(value, _Writer().text, _refused)


def with_repeats(value: Any) -> Any:
    """The value of which `without_repeats` made `value`. Raises ValueError for a damaged one."""
    reader = _Reader()
    return _replaced(value, reader.text, reader.pieces)


def _replaced(value: Any, text: Callable[[str], Any], pieces: Callable[[Any], str]) -> Any:
    """A JSON value with each text, and what stands for one, replaced, in their order."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        if PIECES in value:
            return pieces(value)
        return {name: _replaced(one, text, pieces) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, text, pieces) for one in value]
    return value


def _refused(_: Any) -> str:
    raise UnusualError


class _Writer:
    """The texts so far, and where in them phrases begin that later texts may repeat."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._begins: dict[str, list[tuple[int, int]]] = {}
        # they are looked through only when another comes that is not one of them
        self._waiting: list[tuple[int, list[int]]] = []

    def text(self, text: str) -> str | dict[str, list[Piece]]:
        """The text, or its pieces."""
        known = self._numbers.setdefault(text, len(self._texts))
        pieces: list[Piece] = [known]
        if known == len(self._texts):
            pieces = self._pieces(text)
        self._texts.append(text)
        again = len(text) - sum(len(one) for one in pieces if isinstance(one, str))
        return text if again < FEWEST_SPARED else {PIECES: pieces}

    def _look_through(self) -> None:
        """Know where the phrases begin of all texts but the last."""
        *found, last = self._waiting
        for number, phrases in found:
            text = self._texts[number]
            for start in phrases:
                beginning = text[start : start + SHORTEST_TEXT]
                alike = self._begins.setdefault(beginning, [])
                if len(alike) < MOST_ALIKE:
                    alike.append((number, start))
        self._waiting = [last]

    def _pieces(self, text: str) -> list[Piece]:
        """The pieces of a text that is none of those before it."""
        phrases = _phrases(text)
        self._waiting.append((len(self._texts), phrases))
        if len(text) < FEWEST_SPARED:
            return [text]
        self._look_through()
        pieces: list[Piece] = []
        done = 0
        for start in phrases:
            alike = self._begins.get(text[start : start + SHORTEST_TEXT])
            if start < done or alike is None:
                continue
            shared = [(self._common(text, start, *one), *one) for one in alike]
            length, number, first = max(shared, key=itemgetter(0)) if shared[1:] else shared[0]
            whole = length == len(self._texts[number])
            if not whole and length < SHORTEST_PART:
                continue
            if start > done:
                pieces.append(text[done:start])
            pieces.append(number if whole else [number, first, first + length])
            done = start + length
        if done < len(text) or not pieces:
            pieces.append(text[done:])
        return pieces

    def _common(self, text: str, start: int, number: int, first: int) -> int:
        """How many characters a text from `start` shares with one before it from `first`."""
        said = self._texts[number]
        low, high = SHORTEST_TEXT, min(len(text) - start, len(said) - first)
        if text.startswith(said[first : first + high], start):
            return high
        while high - low > 1:
            middle = (low + high) // 2
            if text.startswith(said[first + low : first + middle], start + low):
                low = middle
            else:
                high = middle
        return low


def _phrases(text: str) -> list[int]:
    """Where the phrases of a text begin that are long enough not to be written again."""
    last = len(text) - SHORTEST_TEXT
    if last < 0:
        return []
    # the last characters are left out, so that they need not be looked at
    return [0, *[found.end() for found in _BEFORE.finditer(text, 0, last)]]


class _Reader:
    """The texts so far."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def text(self, text: str) -> str:
        """A text that is written as it is."""
        self._texts.append(text)
        return text

    def pieces(self, value: dict[str, Any]) -> str:
        """The text that is written in pieces."""
        return self.text("".join(map(self._piece, value[PIECES])))

    def _piece(self, piece: Any) -> str:
        if isinstance(piece, str):
            return piece
        number, *part = piece if isinstance(piece, list) else [piece]
        if not 0 <= number < len(self._texts):
            raise ValueError("a piece of a text that is not there")
        said = self._texts[number]
        if not part:
            return said
        first, after = part
        if not 0 <= first < after <= len(said):
            raise ValueError("a piece that its text does not have")
        return said[first:after]
