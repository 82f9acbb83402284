"""Notices a message in another language: the guide reads English alone, and has to say so."""

from __future__ import annotations

import importlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

#: Languages whose commonest words spaCy lists, by its codes: those spoken most in England, and
#: their neighbours. Those in other scripts are told by their letters.
COMMON = (
    *("cs", "da", "de", "es", "fi", "fr", "hr", "hu", "it", "lt", "lv"),
    *("nb", "nl", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "tl", "tr"),
)
#: Words of a message from which one foreign word may be enough, where none is English.
FEW = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Letters that fall into no letter and an accent.
_LETTERS = str.maketrans("łøđßæœıð", "lodsaoid")


class Languages:
    """Which words are English, and which are common in each other language; without accents."""

    def __init__(self, english: Collection[str], others: Mapping[str, Collection[str]]) -> None:
        self._english = frozenset(english)
        self._others = {name: frozenset(words) - self._english for name, words in others.items()}

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Languages:
        """English as it is written in `texts`; the other languages from spaCy's lists."""
        written = {word for text in texts for word in _words(text)}
        return cls(written | _common("en"), {name: _common(name) for name in COMMON})

    @classmethod
    def load(cls, path: Path) -> Languages:
        """Read what `save` wrote. Raises OSError without the file."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(kept["english"], kept["others"])

    def save(self, path: Path) -> None:
        """Write the words to a file."""
        others = {name: sorted(words) for name, words in self._others.items()}
        kept = {"english": sorted(self._english), "others": others}
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    def is_foreign(self, text: str) -> bool:
        """Whether a text surely is in another language than English."""
        if _in_another_script(text):
            return True
        words = _words(text)
        english = sum(word in self._english for word in words)
        foreign = max(
            (sum(word in common for word in words) for common in self._others.values()), default=0
        )
        if foreign < 2:
            return foreign == 1 and len(words) >= FEW and english * FEW <= len(words)
        return foreign > english


def _in_another_script(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    latin = sum(unicodedata.name(one, "").startswith("LATIN") for one in letters)
    return bool(letters) and latin * 2 < len(letters)


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _WORD.findall("".join(one for one in bare if not unicodedata.combining(one)))


def _common(language: str) -> frozenset[str]:
    module = importlib.import_module(f"spacy.lang.{language}.stop_words")
    return frozenset(word for entry in module.STOP_WORDS for word in _words(entry))
