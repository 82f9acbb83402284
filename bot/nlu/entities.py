"""Finds areas, roles, ages, levels, statute sections, plans, terms and contacts with spaCy.

A blank English spaCy pipeline does the work: tokenisation with the field's abbreviations, phrase
matching on lower case, and token patterns. No model is downloaded. Misspelt area names are found
by edit distance among the words that could be one. The words themselves stand in
`data/guidance/vocabulary.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from bot.nlu.area_mentions import mentioned_as
from bot.nlu.introductions import without_introduction
from bot.nlu.speaking_of_us import only_held_against

_NUMBER_WORDS = {
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_BEFORE_AGE = [
    "aged", "age", "turned", "turns", "turning", "is", "was", "'s", "’s", "just", "only", "im",
    "am", "hes", "shes", "theyre", "'re", "'m", "’m",
]  # fmt: skip
#: Whose age it is: “a girl of 14”, “a girl, 12, has …”.
_CHILD = [
    "girl", "boy", "lad", "lass", "child", "kid", "pupil", "student", "daughter", "son", "female",
    "male",
]  # fmt: skip
#: A message that begins with an age: “16, partner is 29”.
_OPENING_AGE = re.compile(r"\W*(8|9|1[0-7])(?:\s*,\s*|\s+and\s+)(?=[a-z])", re.IGNORECASE)
#: What makes a number a bound on an age, not the age itself.
_BELOW = [["under"], ["below"], ["younger", "than"], ["less", "than"]]
_YEARS = ["year", "yr", "yrs", "years", "y", "yo", "y.o.", "y/o"]
#: A number before one of these counts something else than years of age.
_NOT_AN_AGE = (
    "minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "day", "days", "night",
    "nights", "week", "weeks", "wk", "wks", "month", "months", "time", "times", "mile", "miles",
    "people", "ago", "pounds", "percent", "%",
)  # fmt: skip
#: “not under 13” says something else than “under 13”.
_NEGATED = ("not", "n't", "n’t", "isnt", "never", "nor")
#: Words after “I'm a” that end the telling of a role: “I'm a mum and the school …”.
_NO_QUALIFIER = (
    "a", "an", "the", "and", "or", "but", "so", "who", "whose", "that", "which", "if", "when",
    "as", "at", "in", "of", "on", "to", "by", "for", "from", "with", "about", "not", "i", "we",
    "my", "our", "me", "us", "he", "she", "it", "they", "them", "him", "her", "his", "their",
    "you", "your", "is", "are", "was", "were", "has", "have", "had", "do", "does", "did",
    "should", "must", "can", "could", "will", "would", "ring", "rang", "ringing", "call",
    "called", "calling", "tell", "told", "telling", "ask", "asked", "asking", "contact", "said",
    "says", "bit", "little", "friend", "parent", "mum", "dad", "mother", "father", "relative",
    "neighbour", "child", "pupil",
)  # fmt: skip
_QUALIFIER = rf"(?!(?:{'|'.join(_NO_QUALIFIER)})\b)[\w&’'-]+ "
_ARTICLE = r"(?:an? |the |(?:her|his|their|our|this) |(?:the |this )?\w+['’]s )"
#: What stands before a role when people say that it is their own.
_OWN_ROLE = re.compile(
    r"(?:\b(?:(?:i|we)(?:['’]m| am|['’]re| are)|im) "
    r"(?:(?:also|just|only|currently|actually|now|both|still) )?(?:working as |employed as )?"
    rf"(?:{_ARTICLE}(?:{_QUALIFIER}){{0,2}}|(?:(?:senior|qualified|new|newly|student|lead|deputy|duty"
    r"|agency|trainee) ){0,2})"
    rf"|\b(?:i|we) (?:\w+ )?work (?:as|for|in|at) (?:{_ARTICLE})?(?:{_QUALIFIER}){{0,2}}"
    r"|(?<!work )(?<!works )(?<!worked )(?<!working )(?<!job )(?<!poses )(?<!posing )"
    rf"\bas an? (?:{_QUALIFIER})?"
    r"|\b(?:role|job)(?: is|:| -) (?:an? |the )?)$",
    re.IGNORECASE,
)
#: Where a phrase that only opens a sentence is the speaker's role all the same.
_HERE = re.compile(r"^\s*(?:here|,|:|\.|-|in |at |wanting|asking|needs? |with a )", re.IGNORECASE)
#: What may stand in its own clause before “teacher here”.
_OPENS_CLAUSE = re.compile(
    rf"(?:^|[.,!?;:\n-]\s*|\b(?:hi|hello|hey) )(?:an? )?(?:{_QUALIFIER}){{0,2}}$", re.IGNORECASE
)

#: A message of so few words that names a place is about working there.
_SHORT = 6
#: What stands before the place that somebody works in.
_WORKS_IN = re.compile(
    r"\b(?:i['’]?m|i am|we['’]?re|we are|i work|we work|based|working)\s+"
    r"(?:in|at|for|from|over in)\s*$",
    re.IGNORECASE,
)
#: What stands before the place that a question is about: “who do I ring for a kid in …”.
_ASKED_FOR = re.compile(
    r"\b(?:ring|call|contact|phone|numbers?|refer|report|mash|children['’]?s services|social care"
    r"|team|duty|procedures?|route|(?:for|about) (?:an? |the |this |my )?"
    r"(?:kid|child|girl|boy|lad|lass|pupil|teenager|young person|yp|case|family))\s+"
    r"(?:in|for|at)\s+(?:the )?$",
    re.IGNORECASE,
)

#: “A girl from Luton …, do we tell Luton?” asks nothing for Luton.
_IS_TOLD = re.compile(r"\b(?:tell|inform|notify|involve|invite|let|update|ask)\s+$", re.IGNORECASE)


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
        years: dict[str, Any] = {"LOWER": {"IN": _YEARS}}
        for index, value in enumerate((number, word)):
            patterns.add(
                f"age:{index}",
                [
                    [value, {"ORTH": "-", "OP": "?"}, years],
                    [{"LOWER": {"IN": _BEFORE_AGE}}, value],
                    # “shes 16” is no section 16
                    [{"LOWER": {"IN": ["she", "he", "who"]}}, {"LOWER": "s"}, value],
                    [{"LOWER": {"IN": _CHILD}}, {"LOWER": "of"}, value],
                    [{"LOWER": {"IN": _CHILD}}, {"ORTH": ","}, value, {"ORTH": ","}],
                ],
            )
            patterns.add(f"below:{index}", [[*words, value] for words in _below()])
            patterns.add(
                f"below:{index}:years",
                [[*words, value, {"ORTH": "-", "OP": "?"}, years] for words in _below()],
            )
        joined: dict[str, Any] = {"TEXT": {"REGEX": r"(?i)^1?\d(?:yo|yr|yrs|y)$"}}
        patterns.add("age:joined", [[joined]])
        several: dict[str, Any] = {"TEXT": {"REGEX": r"(?i)^1?\d['’]?s$"}}
        patterns.add(
            "below:joined", [[*words, one] for words in _below() for one in (joined, several)]
        )
        patterns.add("below:hyphen", [[{"TEXT": {"REGEX": r"(?i)^under-1?\d['’]?s?$"}}]])
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
        """The entities of `text`, in order; within a kind the longest wins.

        The value of an age is a number of years, or “under 16” where only that was said.
        """
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
        found = [_named_for(text, one) for one in found]
        found = _told_throughout(text, found)
        found += [
            Found("other_area", "works_elsewhere", one.start, one.end)
            for one in found
            if one.entity == "other_area" and _asks_about(text, one.start)
        ]
        return sorted(set(found), key=lambda one: (one.start, one.entity))

    def _ages_and_sections(self, doc: Doc) -> list[Found]:
        found = []
        opening = _OPENING_AGE.match(doc.text)
        for span in filter_spans(self._patterns(doc, as_spans=True)):
            kind = span.label_.partition(":")[0]
            if kind in ("age", "below"):
                after = doc[span.end].lower_ if span.end < len(doc) else ""
                before = doc[span.start - 1].lower_ if span.start else ""
                if after in _NOT_AN_AGE or (kind == "below" and before in _NEGATED):
                    continue
                value = f"under {_age_in(span)}" if kind == "below" else str(_age_in(span))
                found.append(Found("age", value, span.start_char, span.end_char))
            else:
                number = re.sub(r"^\D+", "", span.text).upper()
                found.append(Found("section", number, span.start_char, span.end_char))
        if opening and not any(one.start < opening.end(1) for one in found):
            found.append(Found("age", opening.group(1), opening.start(1), opening.end(1)))
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


def _named_for(text: str, one: Found) -> Found:
    """An area of the story is `told_area`, and one that is not meant `denied_area`."""
    named = mentioned_as(text, one.start) if one.entity == "area" else "asked"
    if one.entity == "area" and named == "asked" and only_held_against(text, one.start, one.end):
        named = "told"
    return one if named == "asked" else replace(one, entity=f"{named}_area")


def _told_throughout(text: str, found: Sequence[Found]) -> list[Found]:
    """The entities, with the area of the story still that where it is only to be told something."""
    told = {one.value: one.start for one in found if one.entity == "told_area"}
    return [
        replace(one, entity="told_area")
        if one.entity == "area"
        and told.get(one.value, one.start) < one.start
        and _IS_TOLD.search(text[: one.start])
        else one
        for one in found
    ]


def _asks_about(text: str, start: int) -> bool:
    """Whether another place, named at `start`, is the one that is asked about."""
    if _WORKS_IN.search(text[:start]) or without_introduction(text)[start].isspace():
        return True  # “I'm a teacher in Leeds, …”
    if mentioned_as(text, start) == "told":
        return False
    return len(text.split()) <= _SHORT or bool(_ASKED_FOR.search(text[:start]))


def _below() -> list[list[dict[str, Any]]]:
    """Token patterns of what stands before the number in “under 13” or “under the age of 13”."""
    the: dict[str, Any] = {"LOWER": "the", "OP": "?"}
    of: dict[str, Any] = {"LOWER": "of", "OP": "?"}
    below = [[{"LOWER": word} for word in words] for words in _BELOW]
    return [[*words, *rest] for words in below for rest in ([], [the, {"LOWER": "age"}, of])]


def _age_in(span: Span) -> int:
    """The number of years that an age names, in digits or as a whole word."""
    if digits := re.search(r"\d+", span.text):
        return int(digits.group())
    return next(_NUMBER_WORDS[token.lower_] for token in span if token.lower_ in _NUMBER_WORDS)


_shared: list[tuple[Guidance, EntityFinder]] = []


def shared_finder(guidance: Guidance) -> EntityFinder:
    """The process's one finder for this very guidance."""
    if not _shared or _shared[0][0] is not guidance:
        _shared[:] = [(guidance, EntityFinder(guidance))]
    return _shared[0][1]


def _is_own_role(span: Span) -> bool:
    """Whether a role word tells who is speaking (“I'm a teacher”), not of somebody else."""
    before = span.doc.text[: span.start_char]
    after = span.doc.text[span.end_char :]
    if not re.search(r"\w", before):
        return bool(_HERE.match(after)) or not after.strip()
    here = re.match(r"\s+here\b", after) and _OPENS_CLAUSE.search(before)
    return bool(here) or bool(_OWN_ROLE.search(re.sub(r"\s+", " ", before)))
