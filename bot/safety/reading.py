"""Makes typed text comparable: lower case, contractions and shorthand written out, one space.

spaCy's blank English tokeniser splits contractions, also those without an apostrophe (“shes”,
“wont”), and knows what they stand for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import spacy

from bot.safety.phrasing import SENTENCE_ENDS

#: The longest text that is looked at, in characters; channels refuse longer ones.
LONGEST_TEXT = 1_000

_AGE = re.compile(
    r"\b(\d{1,2})\s*-?\s*(?:y/?o\b|y\.o\.?|years?[\s-]*olds?\b|yrs?[\s-]*olds?\b|yrs?\b"
    r"(?!\s*(?:in|of|ago|exp|later|now|group|\d)))",
)
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
#: After these a bare “s” or “'s” is “is” (or “has”), not a possessive.
_BEFORE_IS = frozenset(
    [
        "she",
        "he",
        "it",
        "there",
        "that",
        "who",
        "what",
        "where",
        "here",
        "someone",
        "somebody",
        "everyone",
        "one",
        "how",
        "when",
    ]
)
_KEPT = frozenset(["did"])
_MARKS = {"…": ".", "...": ".", "—": ",", "–": ",", "-": ",", ":": ",", "(": ",", ")": ","}
_PRONOUN_WILL = frozenset(["'ll", "ll"])


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is compared: `text` begins and ends with a space, `words` are its words."""

    text: str
    words: frozenset[str]


class Reader:
    """Reads typed text. `shorthand` maps a word to what it stands for; `harmless` are left out."""

    def __init__(self, shorthand: Mapping[str, str], harmless: Sequence[str]) -> None:
        self._language = spacy.blank("en")
        self._shorthand = dict(shorthand)
        self._harmless: re.Pattern[str] | None = None
        written = sorted((self.plain(phrase) for phrase in harmless), key=len, reverse=True)
        if written:
            self._harmless = re.compile(f"(?<= )(?:{'|'.join(map(re.escape, written))}) ")

    def plain(self, text: str) -> str:
        """The words of a text as they are compared, with one space between them."""
        text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower()
        text = text.replace("’", "'").replace("‘", "'").replace("`", "'").replace("´", "'")
        text = _AGE.sub(r"\1 year old ", _DRAWN_OUT.sub(r"\1", text))
        return " ".join(self._tokens(_HYPHEN.sub(" ", text)))

    def sentences(self, text: str) -> tuple[Sentence, ...]:
        """The sentences of a text, harmless phrases left out."""
        plain = f" {self.plain(text)} "
        if self._harmless is not None:
            plain = self._harmless.sub("_ ", plain)
        found = []
        for part in re.split(rf"(?<= )[{re.escape(SENTENCE_ENDS)}](?= )", plain):
            words = part.split()
            if words:
                found.append(Sentence(f" {' '.join(words)} ", frozenset(words)))
        return tuple(found)

    def _tokens(self, text: str) -> Iterator[str]:
        before = ""
        for token in self._language.make_doc(text):
            if token.is_space:
                if "\n" in token.text:
                    yield "."
                continue
            word = token.text if token.text in _KEPT else token.norm_.lower()
            if word in ("'s", "s") and before in _BEFORE_IS:
                word = "is"
            elif word == "m" and before == "i":
                word = "am"
            elif word in _PRONOUN_WILL:
                word = "will"
            elif word in ('"', "“", "”", "'", "''", "``"):
                continue
            elif set(word) <= set(".…") or word in _MARKS:
                word = _MARKS.get(word, ".")
            elif set(word) <= set("!?"):
                word = word[0]
            word = self._shorthand.get(word, word)
            before = word
            yield word
