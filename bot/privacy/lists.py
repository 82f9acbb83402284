"""The lists that tell details from ordinary words, read from `data/guidance/privacy*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.models import Entry, Point, Sentence

type Words = tuple[str, ...]


class ReminderWords(Entry):
    """What is said, once, to somebody who typed an identifying detail."""

    headline: Sentence = Field(description="with {kinds}")
    headline_any: Sentence = Field(description="when no kind is given")
    points: tuple[Point, ...] = Field(min_length=1)


class PrivacyLists(Entry):
    """`privacy.yml`: the words around details, all lower case. The file explains each list."""

    reminder: ReminderWords
    kinds: dict[str, Sentence]
    latest_birth_year: int = Field(ge=2000, le=2100)
    public_numbers: Words
    never: Words
    never_unless_named: Words
    function_words: str
    naming: Words
    calling: Words
    titles: Words
    titles_strict: Words
    people: Words
    doing: Words
    doing_weak: Words
    state: Words
    belongings: Words
    determiners: Words
    particles: Words
    not_surnames: Words
    not_surnames_capital: Words
    before_places: Words
    calendar: Words
    people_first: Words
    lawlike: Words
    streets: Words
    streets_weak: Words
    houses: Words
    street_firsts: Words
    street_generic: Words
    counted: Words
    addressing: Words
    schools: Words
    homes: Words
    other_places: Words
    generic: str
    attending: Words
    placed: Words
    home_names: Words
    facility_stop: Words
    platforms: Words
    handle_words: Words
    handle_stops: Words
    references: Words
    born: Words
    undated: Words
    vehicles: Words


#: Lists that hold names, streets and houses rather than ordinary words.
_NOT_ORDINARY = frozenset(
    ("never", "never_unless_named", "people_first", "particles", "street_firsts", "home_names")
)


@lru_cache(maxsize=4)
def read_lists(folder: Path) -> PrivacyLists:
    """`privacy.yml` of the guidance folder, read once.

    Raises GuidanceError with file, line and reason when it cannot be used.
    """
    return LocatedFile(folder / "privacy.yml").one(PrivacyLists)


def read_words(path: Path, separator: str | None = None) -> frozenset[str]:
    """The entries of a text file, lower case, lines beginning with # left out.

    `separator`: what stands between entries; None for any white space. Raises GuidanceError when
    the file cannot be read or holds nothing.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GuidanceError([Problem(path, 1, f"cannot be read: {error}")]) from error
    words = {
        word.strip().lower()
        for line in lines
        if not line.startswith("#")
        for word in line.split(separator)
        if word.strip()
    }
    if not words:
        raise GuidanceError([Problem(path, 1, "holds no words")])
    return frozenset(words)


def ordinary_words(lists: PrivacyLists) -> frozenset[str]:
    """The words that the lists themselves give as standing around details."""
    return words_of(
        text
        for field, value in lists
        if field not in _NOT_ORDINARY
        for text in (
            [value] if isinstance(value, str) else value if isinstance(value, tuple) else []
        )
    )


_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Every word in the texts, lower case, typographic apostrophes made plain."""
    return frozenset(
        word for text in texts for word in _LETTERS.findall(text.lower().replace("’", "'"))
    )


def read_texts(folder: Path) -> list[str]:
    """The text of every YAML file below `folder`, `privacy.yml` left out (it names people).

    Nothing when the folder does not exist.
    """
    return [
        path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yml"))
        if path.name != "privacy.yml"
    ]


def any_of(phrases: Iterable[str]) -> str:
    """A regular expression for any of the phrases, the longest first, any white space between."""
    parts = sorted({phrase.strip() for phrase in phrases}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(part).replace(r"\ ", r"\s+") for part in parts) + ")"
