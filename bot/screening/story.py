"""Reads a worry told in a sentence or two and offers the ticks that it may mean.

Nothing found here is ever applied by itself: each suggestion is shown for the person to confirm.
No text is kept, neither in a suggestion nor in the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import spacy
from pydantic import Field
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from bot.guidance.files import GuidanceError, LocatedFile
from bot.guidance.load import guidance_folder
from bot.guidance.models import Entry
from bot.screening.age_now import age_now
from bot.screening.models import Questionnaire, Words


@dataclass(frozen=True)
class Suggestion:
    """A tick to confirm: it holds ids and the questionnaire's own words, none of the text.

    `item_id` is None for a single question. `value` is the option or the item's state.
    """

    question_id: str
    item_id: str | None
    value: str
    title: str
    value_label: str


class _PhraseEntry(Entry):
    for_: tuple[str, ...] = Field(alias="for", min_length=1)
    patterns: tuple[str, ...] = Field(min_length=1)
    past_counts: bool = False
    denied_counts: bool = True


class _PhraseFile(Entry):
    negators: Words
    not_negators: Words
    uncertain: Words
    past: Words
    boundaries: Words
    other_people: Words
    entries: tuple[_PhraseEntry, ...] = Field(min_length=1)


@dataclass(frozen=True)
class _Target:
    question_id: str
    item_id: str | None
    option_id: str | None
    past_counts: bool
    denied_counts: bool = True


_Reading = Literal["present", "past", "absent"]
#: When a story speaks of one thing twice, the reading that says most wins.
_STRENGTH: dict[_Reading, int] = {"absent": 0, "past": 1, "present": 2}
#: How many other words “...” and “..” may stand for.
_GAP = 4
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
         "sixteen", "seventeen"],
        start=8,
    )
}  # fmt: skip
_GIRLS_BOYS = {"girls", "boys", "pupils", "students", "lads", "kids"}
_YEARS = {"year", "years", "yr", "yrs", "yo", "y", "yro", "yearold"}
_GIRL_BOY = {
    "girl", "boy", "child", "daughter", "son", "student", "pupil", "foster", "male", "female",
    "lad", "lass", "kid", "yp",
}  # fmt: skip
_IS = {
    "is",
    "'s",
    "s",
    "just",
    "only",
    "turned",
    "aged",
    "age",
    "was",
    "nearly",
    "she",
    "he",
    "about",
}


#: Whose age a low number can be, where no word says that it is one.
_ONE_CHILD = _GIRL_BOY | {"she", "he", "shes", "hes"}
_LEAST_ALONE = 10
#: School years whose children are all in one band of age; who is in year 7 is 11 or 12.
_ONE_BAND = frozenset({1, 2, 3, 4, 5, 6, 7, 9, 10, 12})
_YOUNGEST_IN_YEAR = 4


class StoryReader:
    """Finds what a told worry may mean for one questionnaire. Built once, used for many texts.

    Raises GuidanceError when the phrase file names something that the questionnaire lacks.
    """

    def __init__(self, questionnaire: Questionnaire, path: Path | None = None) -> None:
        self._questionnaire = questionnaire
        file = LocatedFile(path or guidance_folder() / "indicator_phrases.yml")
        self._words = file.one(_PhraseFile)
        self._nlp: Language = spacy.blank("en")
        self._targets: dict[str, list[_Target]] = {}
        self._phrases = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._patterns = Matcher(self._nlp.vocab)
        self._cues = Matcher(self._nlp.vocab)
        self._boundaries = frozenset(self._words.boundaries)
        # entries whose own words deny something: “not going to school” is a sign
        self._denying: set[str] = set()
        problems = []
        for index, entry in enumerate(self._words.entries):
            targets = [self._target(name, entry) for name in entry.for_]
            for name, target in zip(entry.for_, targets, strict=True):
                if target is None:
                    reason = f"“{name}” is no item, and no question=option, of the screening"
                    problems.append(file.problem(reason, "entries", index, "for"))
            key = str(index)
            self._targets[key] = [target for target in targets if target is not None]
            self._add(key, entry.patterns)
        if problems:
            raise GuidanceError(problems)
        for name in ("not_negators", "uncertain", "past"):
            rows = [self._row(words) for words in getattr(self._words, name)]
            self._cues.add(name, rows)

    def suggest(self, text: str) -> list[Suggestion]:
        """What `text` may mean, in the order of the questionnaire. Empty when nothing is found."""
        plain = _tidy(text)
        doc = self._nlp.make_doc(plain)
        readings: dict[_Target, _Reading] = {}
        for key, start, end in self._matches(doc):
            reading = self._reading(doc, start, end)
            if reading == "present" and self._denied_within(doc, key, start, end):
                reading = "absent"
            if reading is None:
                continue
            for target in self._targets[key]:
                held = readings.get(target)
                if held is None or _STRENGTH[reading] > _STRENGTH[held]:
                    readings[target] = reading
        found = [
            suggestion
            for target, reading in readings.items()
            if (suggestion := self._suggestion(target, reading)) is not None
        ]
        band = self._age_band(self._nlp.make_doc(age_now(plain)))
        if band is not None:
            found.append(band)
        return sorted(set(found), key=self._order)

    # building

    def _target(self, name: str, entry: _PhraseEntry) -> _Target | None:
        counts = (entry.past_counts, entry.denied_counts)
        question_id, is_option, option_id = name.partition("=")
        if is_option:
            question = self._questionnaire.by_id.get(question_id)
            if question is None or question.option(option_id) is None:
                return None
            return _Target(question_id, None, option_id, *counts)
        asked = self._questionnaire.question_of_item.get(name)
        return _Target(asked.id, name, None, *counts) if asked else None

    def _add(self, key: str, patterns: Iterable[str]) -> None:
        plain = [row for row in patterns if not re.search(r"[|*?]|\.\.", row)]
        worked = [row for row in patterns if row not in plain]
        if plain:
            self._phrases.add(key, [self._nlp.make_doc(row.lower()) for row in plain])
        if worked:
            self._patterns.add(key, [self._row(row) for row in worked])
        written = {word for row in patterns for word in re.split(r"[\s|]+", row.lower())}
        if not written.isdisjoint(self._words.negators):
            self._denying.add(key)

    def _row(self, pattern: str) -> list[dict[str, Any]]:
        """A row of words of the phrase file as spaCy's token patterns."""
        tokens: list[dict[str, Any]] = []
        for part in pattern.lower().split():
            if part in ("...", ".."):
                left_out = {*self._boundaries, *(self._words.negators if part == ".." else ())}
                other = {"LOWER": {"NOT_IN": sorted(left_out)}, "OP": "?"}
                tokens += [dict(other) for _ in range(_GAP)]
                continue
            optional = part.endswith("?") and len(part) > 1
            words = part.removesuffix("?").split("|") if optional else part.split("|")
            if any(word.endswith("*") for word in words):
                either = "|".join(
                    re.escape(w[:-1]) + ".*" if w.endswith("*") else re.escape(w) for w in words
                )
                token: dict[str, Any] = {"LOWER": {"REGEX": f"^(?:{either})$"}}
            else:
                token = {"LOWER": {"IN": words}}
            tokens.append({**token, "OP": "?"} if optional else token)
        return tokens

    # reading

    def _matches(self, doc: Doc) -> Iterator[tuple[str, int, int]]:
        for matcher in (self._phrases, self._patterns):
            for key, start, end in matcher(doc):
                yield doc.vocab.strings[key], start, end

    def _clause(self, doc: Doc, start: int, end: int) -> tuple[int, int]:
        """The part of the sentence that holds these tokens: from one boundary to the next."""
        first, last = start, end
        while first > 0 and doc[first - 1].lower_ not in self._boundaries:
            first -= 1
        while last < len(doc) and doc[last].lower_ not in self._boundaries:
            last += 1
        return first, last

    def _reading(self, doc: Doc, start: int, end: int) -> _Reading | None:
        """Whether a mention says present, past or absent; None when it says neither."""
        first, last = self._clause(doc, start, end)
        clause = doc[first:last]
        excused: set[int] = set()
        past = uncertain = False
        for key, cue_start, cue_end in self._cues(clause):
            kind = doc.vocab.strings[key]
            here = range(first + cue_start, first + cue_end)
            if kind == "not_negators":
                excused |= set(here)
            elif kind == "uncertain":
                uncertain = uncertain or here.start < end
            elif doc[here.start].lower_ == "stopped":
                # dates what directly follows: “stopped eating and is angry” is about now
                past = past or 0 <= start - here.stop <= 2
            else:
                # “used to truant and now she gets in cars”: the past ends before what is now
                between = [token.lower_ for token in doc[here.stop : max(here.stop, start)]]
                past = past or "and" not in between or not self._new_verb(between)
        if uncertain:
            return None
        if past:
            return "past"
        # a negation inside the mention is part of it: “not going to school”
        before = [
            position
            for position in range(max(first, start - 6), start)
            if doc[position].lower_ in self._words.negators and position not in excused
        ]
        # “and” ends the reach of a negation when a new verb follows: “isn't missing and has cash”
        for position in before:
            between = [doc[i].lower_ for i in range(position + 1, start)]
            if "and" not in between or not self._new_verb(between):
                return "absent"
        after = [doc[i].lower_ for i in range(end, min(last, end + 3))]
        if after[:1] in (["no"], ["none"]) and len(after) == 1:
            return "absent"
        if len(after) >= 2 and after[0] in {"is", "was", "are"} and after[1] in {"n't", "not"}:
            return (
                "absent"
                if {"issue", "problem", "concern"} & set(doc[end:last].text.split())
                else None
            )
        return "present"

    def _denied_within(self, doc: Doc, key: str, start: int, end: int) -> bool:
        """Whether a word between those of an entry denies it: “does [n't use] drugs”."""
        if key in self._denying:
            return False
        return any(token.lower_ in self._words.negators for token in doc[start:end])

    @staticmethod
    def _new_verb(words: list[str]) -> bool:
        following = words[words.index("and") + 1 :]
        return bool(set(following) & {"has", "is", "was", "had", "gets", "comes", "got", "'s", "s",
                                      "keeps", "she", "he", "they", "now", "goes"})  # fmt: skip

    def _suggestion(self, target: _Target, reading: _Reading) -> Suggestion | None:
        question = self._questionnaire.by_id[target.question_id]
        if reading == "absent" and not target.denied_counts:
            return None
        if reading == "past" and target.past_counts:
            reading = "present"
        if target.option_id is not None:
            option = question.option(target.option_id)
            if reading != "present" or option is None:
                return None
            return Suggestion(question.id, None, option.id, question.title, option.label)
        state = question.scale_states.meaning(reading)
        item = question.item(target.item_id or "")
        if state is None or item is None:
            return None
        return Suggestion(question.id, item.id, state.id, item.title, state.label)

    def _order(self, suggestion: Suggestion) -> tuple[int, int]:
        ids = list(self._questionnaire.by_id)
        question = self._questionnaire.by_id[suggestion.question_id]
        items = [item.id for item in question.items]
        at = items.index(suggestion.item_id) if suggestion.item_id in items else 0
        return ids.index(suggestion.question_id), at

    # age

    def _age_band(self, doc: Doc) -> Suggestion | None:
        """The band of the child's age, when the story gives one. The youngest child's counts."""
        question = self._questionnaire.by_id.get("age")
        ages = list(self._ages(doc)) or list(self._ages_of_school_years(doc))
        if question is None or not ages:
            return None
        age = min(ages)
        band = "under_13" if age < 13 else "13_to_15" if age < 16 else "16_or_17"
        option = question.option(band)
        if option is None:
            return None
        return Suggestion(question.id, None, option.id, question.title, option.label)

    def _ages_of_school_years(self, doc: Doc) -> Iterator[int]:
        """The age of who is in a school year whose children are all in one band: “in year 9”."""
        words = [token.lower_ for token in doc]
        others = set(self._words.other_people) - _GIRL_BOY
        for index in range(1, len(words) - 1):
            before = words[max(0, index - 5) : index]
            if words[index] not in {"year", "yr"} or set(before) & others:
                continue
            pupil = set(words[index + 2 : index + 3]) & (_GIRL_BOY | _GIRLS_BOYS)
            pupil = pupil and set(before[-1:]) & {"a", "my", "our", "the", "this", "of"}
            number = words[index + 1]
            if number.isdigit() and int(number) in _ONE_BAND and (before[-1] == "in" or pupil):
                yield int(number) + _YOUNGEST_IN_YEAR

    def _ages(self, doc: Doc) -> Iterator[int]:
        words = [token.lower_ for token in doc]
        others = set(self._words.other_people)
        for index, word in enumerate(words):
            joined = re.fullmatch(r"([0-9]{1,2})(?:yo|yrs?|y)", word)
            number = int(joined[1]) if joined else _NUMBERS.get(word)
            if re.fullmatch(r"[0-9]{1,2}", word):
                number = int(word)
            if number is None or not 4 <= number < 18:
                continue
            after = words[index + 1 : index + 4]
            before = words[max(0, index - 4) : index]
            if "ago" in after[:2] or before[-1:] in (
                ["year"],
                ["years"],
                ["yr"],
                ["yrs"],
                ["£"],
                ["by"],
            ):
                continue
            if before[-2:] in (["i", "am"], ["i", "'m"], ["i", "m"]) or before[-1:] == ["im"]:
                continue
            old = bool(joined) or bool(after[:1] and after[0] in _YEARS)
            aged = bool(before) and before[-1] in _IS and not (after and after[0] in _UNITS)
            # “she 5” and “only 4” may be lines of a list
            named = before[-1:] and (
                before[-1] in {"aged", "age", "turned"}
                or (before[-1] in {"is", "'s", "s", "was"} and set(before[-2:-1]) & _ONE_CHILD)
            )
            aged = aged and bool(number >= _LEAST_ALONE or named)
            gender = bool(after) and after[0] in _GIRL_BOY | {"m", "f"}
            # “a girl of 14”
            gender = gender or (before[-1:] == ["of"] and set(before[-2:-1]) & _GIRL_BOY != set())
            # “a lad, 12, …” and “my girl (13)”
            beside = before[-1:] in ([","], ["("]) and set(before[-2:-1]) <= _GIRL_BOY
            beside = beside and len(before) > 1 and after[:1] in ([","], [")"], ["."])
            if not (old or aged or gender or beside):
                continue
            whose = [w for w in after if w not in _YEARS | {"old", "'s"}][:1]
            if whose and whose[0] in others - _GIRL_BOY:
                continue
            if aged and not old and set(before) & others:
                continue
            if (
                old
                and not whose
                and set(before) & others
                and before[-1:] in (["is"], ["'s"], ["a"])
            ):
                continue
            yield number


_UNITS = {
    "miles", "times", "days", "weeks", "months", "hours", "minutes", "of", "pounds", "men",
    "o'clock", "am", "pm", "%", "nights", "texts", "phones", "bags",
}  # fmt: skip


def _tidy(text: str) -> str:
    text = text.replace("’", "'").replace("‘", "'").replace("\n", " . ")
    text = re.sub(r"(?<=\w)[-/](?=\w)", " ", text.lower())
    return re.sub(r"\s+", " ", text).strip() + " ."


_latest: tuple[Questionnaire, StoryReader] | None = None


def suggest_ticks(text: str, questionnaire: Questionnaire) -> list[Suggestion]:
    """Ticks that a worry told in a sentence or two may mean, each to be confirmed.

    Parameters: `text` as it was typed; it is not kept. `questionnaire`, whose reader is built on
    first use (from `indicator_phrases.yml` of the guidance folder) and kept for the next text.
    """
    global _latest
    if _latest is None or _latest[0] is not questionnaire:
        _latest = (questionnaire, StoryReader(questionnaire))
    return _latest[1].suggest(text)
