"""Phrasings: short patterns of words, written in the guidance files, read as regular expressions.

A phrasing is words with a space between them. Beside plain words it may hold

    {list}      any phrase of a named list, which may itself be a phrasing
    a/b/c       any of these words
    word*       any word that begins so
    !a/b        the next word is none of these
    ..  ...     up to three, or up to eight, other words of the same sentence
    ?           at the end of a word or list: it may be missing
    ^           at the beginning: only where a sentence begins
    {stop}      the sentence ends here, or goes on with a phrase of the list “stop”

They are matched against a text as `reading` makes it: lower case, one space after every word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

#: How many words “..” and “...” may stand for.
SHORT_GAP, LONG_GAP = 3, 8
#: The list that is looked ahead for, and not read over.
STOP = "stop"
#: What ends a sentence in a text as `reading` makes it.
SENTENCE_ENDS = ".!?;"

#: Lists that are numbers: a child's age, an adult's age, any number.
NUMBERS: Mapping[str, str] = {
    "child_age": r"(?:[3-9]|1[0-7])",
    "adult_age": r"(?:1[89]|[2-9]\d)",
    "number": r"\d+",
}
_GAP = r"(?:[^ .!?;]+ )"
_ELEMENT = re.compile(r"^(?P<not>!)?(?P<body>.+?)(?P<optional>\?)?$")


class PhrasingError(ValueError):
    """A phrasing that cannot be read: says which part and why."""


@dataclass(frozen=True)
class Phrasing:
    """A phrasing as a regular expression, compiled when it is first needed.

    `keys` are sets of words; one of each set must be in a text to match.
    """

    source: str
    keys: tuple[frozenset[str], ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.source)

    def possible(self, words: frozenset[str]) -> bool:
        """Whether a text of these words could match at all: a quick look before a slow one."""
        return not any(key.isdisjoint(words) for key in self.keys)


class Anchored[T]:
    """Things that each have a phrasing, found by the words of a text.

    Of the words that a phrasing needs, those of its smallest set are its anchors. A text without
    one of them cannot match, and the phrasing is not even looked at.
    """

    def __init__(self, things: Iterable[tuple[T, Phrasing]]) -> None:
        self._things = tuple(things)
        self._anywhere: list[int] = []
        self._by_word: dict[str, list[int]] = {}
        for number, (_, phrasing) in enumerate(self._things):
            if not phrasing.keys:
                self._anywhere.append(number)
                continue
            for word in min(phrasing.keys, key=len):
                self._by_word.setdefault(word, []).append(number)

    def possible(self, words: frozenset[str]) -> Iterator[tuple[T, Phrasing]]:
        """What could match a text of these words, in the order given."""
        numbers = set(self._anywhere)
        for word in words:
            numbers.update(self._by_word.get(word, ()))
        for number in sorted(numbers):
            thing, phrasing = self._things[number]
            if phrasing.possible(words):
                yield thing, phrasing


class Phrasings:
    """Compiles phrasings that may refer to `lists` (name: phrases)."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists
        self._patterns: dict[str, str] = dict(NUMBERS)
        self._keys: dict[str, frozenset[str] | None] = dict.fromkeys(NUMBERS)
        self._open: list[str] = []

    def compile(self, text: str) -> Phrasing:
        """Read one phrasing. Raises PhrasingError when it names no known list or is malformed."""
        start, text = (r"(?<=\A )", text[2:]) if text.startswith("^ ") else (r"(?<= )", text)
        pattern, keys = self._read(text)
        return Phrasing(start + pattern, tuple(key for key in keys if key))

    def _read(self, text: str) -> tuple[str, list[frozenset[str]]]:
        parts: list[str] = []
        keys: list[frozenset[str]] = []
        for element in text.split():
            if element in ("..", "..."):
                size = SHORT_GAP if element == ".." else LONG_GAP
                parts.append(f"{_GAP}{{0,{size}}}?")
                continue
            match = _ELEMENT.match(element)
            if match is None:
                raise PhrasingError(f"“{element}” in “{text}” cannot be read")
            body, key = self._element(match["body"], text)
            if match["not"]:
                parts.append(f"(?!{body})")
            elif match["optional"]:
                parts.append(f"(?:{body})?")
            else:
                parts.append(body)
                if key is not None:
                    keys.append(key)
        return "".join(parts), keys

    def _element(self, body: str, text: str) -> tuple[str, frozenset[str] | None]:
        """A part as a pattern that ends with a space, and words of which one must be there."""
        patterns: list[str] = []
        keys: frozenset[str] | None = frozenset()
        for choice in body.split("/"):
            key: frozenset[str] | None
            if not choice:
                raise PhrasingError(f"“{body}” in “{text}” has an empty choice")
            if choice.startswith("{"):
                if not choice.endswith("}"):
                    raise PhrasingError(f"“{body}” in “{text}” lacks a closing brace")
                pattern, key = self._list(choice[1:-1], text)
            elif choice.endswith("*"):
                pattern, key = rf"{re.escape(choice[:-1])}[^ ]* ", None
            else:
                pattern, key = f"{re.escape(choice)} ", frozenset([choice])
            patterns.append(pattern)
            keys = None if keys is None or key is None else keys | key
        return f"(?:{'|'.join(patterns)})", keys

    def _list(self, name: str, text: str) -> tuple[str, frozenset[str] | None]:
        if name not in self._patterns:
            if name not in self._lists:
                raise PhrasingError(f"“{text}” names the list “{name}”, which does not exist")
            if name in self._open:
                raise PhrasingError(f"the list “{name}” refers to itself")
            self._open.append(name)
            patterns: list[str] = []
            keys: frozenset[str] | None = frozenset()
            for phrase in sorted(self._lists[name], key=len, reverse=True):
                pattern, phrase_keys = self._read(phrase)
                patterns.append(pattern)
                # any one key of a phrase will do; the smallest is the most telling
                key = min(phrase_keys, key=len, default=None)
                keys = None if keys is None or key is None else keys | key
            self._open.pop()
            self._patterns[name] = "|".join(patterns)
            self._keys[name] = keys
        if name == STOP:
            return f"(?=(?:{self._patterns[name]})|$)", None
        space = " " if name in NUMBERS else ""
        return f"(?:{self._patterns[name]}){space}", self._keys[name]
