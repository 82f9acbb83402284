"""Mends misspelt words before a message is understood: “groming” is read as “grooming” too.

Only a word that nobody uses is mended, and only to one that is written often where practitioners
write. What was typed is read beside it, so a wrong guess is outweighed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

#: How often a word is written before it counts as one, and before another is mended to it.
KNOWN_FROM, MENDED_TO_FROM = 3, 6
#: Letters of a word from which one slip, and two, are looked for.
ONE_SLIP, TWO_SLIPS = 5, 9
_WORD = re.compile(rf"[^\W\d_]{{{ONE_SLIP},}}")


class Spelling:
    """Mends a word to one of `often`, likeliest first; words in `known` are never mended."""

    def __init__(self, often: Iterable[str], known: Collection[str]) -> None:
        self._often = tuple(dict.fromkeys(often))
        self._known = frozenset(known)

    @classmethod
    def learn(cls, texts: Iterable[str], known: Iterable[str]) -> Spelling:
        """The words of `texts`; other `known` words, in small letters, stand as they are."""
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        often = [word for word, count in counts.most_common() if count >= MENDED_TO_FROM]
        seen = {word for word, count in counts.items() if count >= KNOWN_FROM}
        return cls(often, seen.union(known))

    @classmethod
    def load(cls, path: Path) -> Spelling:
        """Read what `save` wrote. Raises OSError without the file."""
        often, _, known = path.read_text(encoding="utf-8").partition("\n\n")
        return cls(often.split(), [*often.split(), *known.split()])

    def save(self, path: Path) -> None:
        """Write the words to a file, those that are written often first."""
        rest = sorted(self._known - set(self._often))
        path.write_text("\n".join(self._often) + "\n\n" + "\n".join(rest), encoding="utf-8")

    def mended(self, text: str) -> str:
        """`text` with its misspelt words in their likeliest spelling."""
        return _WORD.sub(lambda found: self._word(found.group()), text)

    def _word(self, word: str) -> str:
        small = word.lower()
        if small in self._known:
            return word
        most = 2 if len(small) >= TWO_SLIPS else 1
        alike = [one for one in self._often if one[0] == small[0]]
        found = process.extractOne(small, alike, scorer=OSA.distance, score_cutoff=most)
        return found[0] if found else word
