"""Which words are ordinary: listed ones, their inflected forms, and near misspellings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

_ENDINGS = (
    ("s", ("",)),
    ("es", ("", "e")),
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("d", ("e",)),
    ("ing", ("", "e")),
    ("er", ("", "e")),
    ("ers", ("", "e")),
    ("r", ("e",)),
    ("rs", ("e",)),
    ("est", ("", "e")),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("ly", ("", "le")),
    ("ily", ("y",)),
    ("ally", ("",)),
    ("ness", ("",)),
    ("iness", ("y",)),
    ("ment", ("",)),
    ("ments", ("",)),
    ("able", ("", "e")),
    ("ible", ("", "e")),
    ("ful", ("",)),
    ("less", ("",)),
    ("ish", ("", "e")),
    ("ise", ("",)),
    ("ised", ("", "y")),
    ("ising", ("", "y")),
    ("ions", ("", "e")),
    ("ation", ("", "e")),
    ("ations", ("", "e")),
    ("ship", ("",)),
    ("hood", ("",)),
    ("ward", ("",)),
    ("wards", ("",)),
    ("wise", ("",)),
)
_BEGINNINGS = (
    *("un", "re", "non", "over", "under", "mis", "dis", "pre", "anti", "inter", "multi", "out"),
    *("self", "ex", "co", "semi", "sub", "super", "up", "down", "off", "in", "im", "de", "cyber"),
)
#: A misspelling of a shorter word could be anything.
SHORTEST_MISSPELT = 5


def _shortened(word: str) -> set[str]:
    """The word and every form of it that lacks one letter."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


class Nearness:
    """Finds words one slip away (a letter more, fewer, other, or two swapped) without a search."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms = {
            form for word in words if len(word) >= SHORTEST_MISSPELT for form in _shortened(word)
        }

    def near(self, word: str) -> bool:
        """Whether a listed word is about one slip away from `word` (five letters or more)."""
        return len(word) >= SHORTEST_MISSPELT and not self._forms.isdisjoint(_shortened(word))


class Vocabulary:
    """Ordinary words.

    `listed`: base forms, whose inflections count too. `seen`: words of the project's own texts,
    as they stand.
    """

    def __init__(self, listed: frozenset[str], seen: frozenset[str]) -> None:
        self.listed = listed
        self._all = listed | seen
        self._near = Nearness(self._all)

    def __contains__(self, word: str) -> bool:
        """Whether `word` (lower case) is ordinary: listed, seen, inflected, joined by hyphens."""
        if word in self._all:
            return True
        if "-" in word:
            return all(not part or part in self or part in _BEGINNINGS for part in word.split("-"))
        if "'" in word:
            stem, _, tail = word.partition("'")
            if word.endswith("n't"):
                return True
            return tail in ("s", "ll", "d", "ve", "re", "m", "") and stem in self
        return self._inflected(word) or self._begun(word)

    def _inflected(self, word: str) -> bool:
        for ending, replacements in _ENDINGS:
            if word.endswith(ending) and len(word) > len(ending) + 2:
                stem = word[: -len(ending)]
                for replacement in replacements:
                    if stem + replacement in self._all:
                        return True
                if len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in self._all:
                    return True  # stopped, bigger
        return False

    def _begun(self, word: str) -> bool:
        for beginning in _BEGINNINGS:
            rest = word[len(beginning) :]
            if len(rest) > 3 and word.startswith(beginning) and rest in self._all:
                return True
        return False

    def joined(self, word: str) -> bool:
        """Whether `word` is two listed words written as one, each of three letters or more."""
        return any(
            word[:at] in self.listed and word[at:] in self.listed for at in range(3, len(word) - 2)
        )

    def near(self, word: str) -> bool:
        """Whether `word` looks like a misspelling of an ordinary word."""
        return self._near.near(word)


class Spelling:
    """How much a word is spelled like a name rather than like an English word.

    Letter triples are counted in both lists; what comes out is the mean log ratio a letter.
    """

    def __init__(self, names: Iterable[str], words: Iterable[str]) -> None:
        name_counts, name_total = self._count(names)
        word_counts, word_total = self._count(words)
        triples = set(name_counts) | set(word_counts)
        size = len(triples) + 1
        self._unseen = math.log((word_total + size) / (name_total + size))
        self._ratio = {
            triple: math.log((name_counts[triple] + 0.5) / (word_counts[triple] + 0.5))
            + math.log((word_total + 0.5 * size) / (name_total + 0.5 * size))
            for triple in triples
        }

    @staticmethod
    def _triples(word: str) -> list[str]:
        padded = f"^^{word}$"
        return [padded[at : at + 3] for at in range(len(padded) - 2)]

    @classmethod
    def _count(cls, words: Iterable[str]) -> tuple[Counter[str], int]:
        counts: Counter[str] = Counter()
        for word in words:
            counts.update(cls._triples(word))
        return counts, sum(counts.values())

    def like_a_name(self, word: str) -> float:
        """Above 0: rather a name; below: rather a word. `word` in lower case."""
        triples = self._triples(word)
        return sum(self._ratio.get(triple, self._unseen) for triple in triples) / len(triples)
