"""Finds areas, roles, ages, levels, statute sections, plans, terms and contacts with spaCy.

A blank English spaCy pipeline does the work: tokenisation with the field's abbreviations, phrase
matching on lower case, and token patterns. No model is downloaded. Misspelt area names are found
by edit distance among the words that could be one. The words themselves stand in
`data/guidance/vocabulary.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from pydantic import BaseModel, ConfigDict
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spacy.matcher import Matcher, PhraseMatcher
from spacy.symbols import ORTH  # type: ignore[import-not-found]
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.guidance.files import LocatedFile
from bot.guidance.load import Guidance, guidance_folder

_NUMBER_WORDS = {
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_BEFORE_AGE = [
    "aged", "age", "turned", "turns", "turning", "is", "was", "'s", "’s", "just", "only", "im",
    "am", "hes", "shes", "theyre", "'re", "'m", "’m", "under",
]  # fmt: skip
#: What stands before a role when people say that it is their own.
_OWN_ROLE = re.compile(
    r"(?:^\W*|\b(?:i|we)(?:'m|’m| am|'re|’re| are| work)?(?: \w+){0,3} |\bas an? (?:\w+ )?"
    r"|\bim (?:an? )?(?:\w+ )?|\brole is )$",
    re.IGNORECASE,
)
#: Where a phrase that only opens a sentence is the speaker's role all the same.
_HERE = re.compile(r"^\s*(?:here|,|:|\.|-|in |at |wanting|asking|needs? |with a )", re.IGNORECASE)


class Vocabulary(BaseModel):
    """The file `vocabulary.yml`: phrases by entity and value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    whole: tuple[str, ...]
    role: dict[str, tuple[str, ...]]
    level: dict[str, tuple[str, ...]]
    plan: dict[str, tuple[str, ...]]
    other_area: tuple[str, ...]
    ordinary_words: frozenset[str]
    shorthand: dict[str, str]

    @classmethod
    def read(cls, folder: Path | None = None) -> Vocabulary:
        """The vocabulary of a guidance folder. Raises GuidanceError when it is damaged."""
        return LocatedFile((folder or guidance_folder()) / "vocabulary.yml").one(cls)


@dataclass(frozen=True)
class Found:
    """An entity: what kind, its canonical value, and where it stands in the text."""

    entity: str
    value: str
    start: int
    end: int


class EntityFinder:
    """Finds entities in a text; built once from the guidance and its vocabulary file.

    Raises GuidanceError when the vocabulary file is damaged.
    """

    def __init__(self, guidance: Guidance, folder: Path | None = None) -> None:
        self._vocabulary = Vocabulary.read(folder)
        self.language = spacy.blank("en")
        for word in self._vocabulary.whole:
            for form in (word, word.upper(), word.capitalize()):
                self.language.tokenizer.add_special_case(form, [{ORTH: form}])  # type: ignore[union-attr]
        self._phrases = PhraseMatcher(self.language.vocab, attr="LOWER")
        for area in guidance.areas.values():
            self._add("area", area.id, (area.id, area.name, *area.aliases))
        for kind in ("role", "level", "plan"):
            for value, phrases in getattr(self._vocabulary, kind).items():
                self._add(kind, value, phrases)
        self._add("other_area", "elsewhere", self._vocabulary.other_area)
        for term in guidance.terms.values():
            self._add("term", term.id, (term.term, *term.aliases))
        for contact in guidance.contacts.values():
            self._add("contact", contact.id, contact.aliases)
        self._patterns = self._build_patterns()
        self._area_words = {
            alias: area.id
            for area in guidance.areas.values()
            for alias in (area.id, *area.aliases)
            if alias.isalpha() and len(alias) >= 5
        }

    def _add(self, kind: str, value: str, phrases: Iterable[str]) -> None:
        if docs := [self.language.make_doc(phrase) for phrase in sorted(set(phrases))]:
            self._phrases.add(f"{kind}:{value}", docs)

    def _build_patterns(self) -> Matcher:
        patterns = Matcher(self.language.vocab)
        number: dict[str, Any] = {"TEXT": {"REGEX": r"^(?:[1-9]|1\d)$"}}
        word: dict[str, Any] = {"LOWER": {"IN": list(_NUMBER_WORDS)}}
        years = {"LOWER": {"IN": ["year", "yr", "yrs", "years", "y", "yo", "y.o.", "y/o"]}}
        for index, value in enumerate((number, word)):
            patterns.add(
                f"age:{index}",
                [
                    [value, {"ORTH": "-", "OP": "?"}, years],
                    [{"LOWER": {"IN": _BEFORE_AGE}}, value],
                ],
            )
        patterns.add("age:joined", [[{"TEXT": {"REGEX": r"(?i)^1?\d(?:yo|yr|yrs|y)$"}}]])
        patterns.add(
            "section:spoken",
            [
                [
                    {"LOWER": {"IN": ["section", "sec", "s", "s.", "ss"]}},
                    {"TEXT": {"REGEX": r"^\d{1,3}[A-Za-z]?$"}},
                ],
                [{"TEXT": {"REGEX": r"(?i)^s\.?\d{1,3}[a-z]?$"}}],
            ],
        )
        return patterns

    def find(self, text: str) -> list[Found]:
        """The entities of `text`, in order; within a kind the longest wins."""
        doc = self.language.make_doc(text)
        by_kind: dict[str, list[Span]] = {}
        for span in self._phrases(doc, as_spans=True):
            kind = span.label_.partition(":")[0]
            if kind != "role" or _is_own_role(span):
                by_kind.setdefault(kind, []).append(span)
        found = [
            Found(kind, span.label_.partition(":")[2], span.start_char, span.end_char)
            for kind, spans in by_kind.items()
            for span in filter_spans(spans)
        ]
        found += self._ages_and_sections(doc)
        found += self._misspelt_areas(doc, found)
        return sorted(set(found), key=lambda one: (one.start, one.entity))

    def _ages_and_sections(self, doc: Doc) -> list[Found]:
        found = []
        for span in filter_spans(self._patterns(doc, as_spans=True)):
            if span.label_.startswith("age"):
                digits = re.search(r"\d+", span.text)
                words = (age for word, age in _NUMBER_WORDS.items() if word in span.text.lower())
                age = int(digits.group()) if digits else next(words)
                found.append(Found("age", str(age), span.start_char, span.end_char))
            else:
                number = re.sub(r"^\D+", "", span.text).upper()
                found.append(Found("section", number, span.start_char, span.end_char))
        return found

    def _misspelt_areas(self, doc: Doc, found: Sequence[Found]) -> list[Found]:
        taken = [(one.start, one.end) for one in found if one.entity == "area"]
        areas = []
        for token in doc:
            word = token.lower_
            if len(word) < 5 or not word.isalpha() or word in self._vocabulary.ordinary_words:
                continue
            if any(start <= token.idx < end for start, end in taken):
                continue
            best = process.extractOne(
                word,
                list(self._area_words),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=1 if len(word) < 8 else 2,
            )
            if best and best[0][0] == word[0]:
                value = self._area_words[best[0]]
                areas.append(Found("area", value, token.idx, token.idx + len(token)))
        return areas


def _is_own_role(span: Span) -> bool:
    """Whether a role word tells who is speaking (“I'm a teacher”), not of somebody else."""
    before = span.doc.text[: span.start_char]
    after = span.doc.text[span.end_char :]
    if not before.strip(" \t\n.,-"):
        return bool(_HERE.match(after)) or not after.strip()
    return bool(_OWN_ROLE.search(before)) or bool(re.match(r"\s+here\b", after))
