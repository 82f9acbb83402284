"""The watch: looks at a message before anything else does, and says whether it raises an alarm."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from bot.guidance.files import GuidanceError
from bot.guidance.load import guidance_folder
from bot.safety.alarm import KINDS, Alarm, Kind
from bot.safety.kept import learnt_in
from bot.safety.learning import learned
from bot.safety.likeness import Head, Told
from bot.safety.meaning import shared_meaning
from bot.safety.phrasing import Anchored, Phrasing
from bot.safety.reading import Reader, Sentence
from bot.safety.rules import Compiled, Rule
from bot.safety.words import Calmer, read_safety

#: Kinds that come before everything: 999 is the answer to both.
_DANGER: tuple[Kind, ...] = ("immediate_danger", "self_harm")
#: Lists of the file that the rules themselves use.
_NOW, _STRONG_NOW = "now", "strong_now"
#: Words that split a sentence into pieces, each with a tense of its own.
_PIECES = (",", "but", "and", "so", "because")
_TOLD_IN_THE_PAST = frozenset(
    ["was", "were", "had", "did", "told", "said", "went", "took", "came", "found"]
)
_ALL_CALMERS: tuple[Calmer, ...] = ("past", "studied", "asked", "habit", "settled", "work")
#: Words that make a likeness to danger count for less: it is over, past or only studied.
_CALM_LIKENESS: tuple[Calmer, ...] = ("past", "settled", "studied")
#: Kinds other than danger, with the head that finds each.
_OF_PERSONS: dict[Kind, Head] = {
    "child_writing": "writer",
    "own_thoughts": "own_thoughts",
    "colleague_allegation": "colleague_allegation",
    "parent_or_public": "parent_or_public",
}
#: Who works with children writes about them, not as them.
_NOT_PRACTITIONERS: tuple[Kind, ...] = ("child_writing", "parent_or_public")
#: Kinds in which somebody speaks of themselves.
_FIRST_PERSON: tuple[Kind, ...] = ("child_writing", "own_thoughts")
_ME = frozenset(["i", "me", "my", "mine", "myself", "im", "we", "us", "our"])
#: Whom somebody young may speak of when they mean themselves: “asking for a friend”.
_A_FRIEND = frozenset(["friend", "mate", "bestie", "bff"])
#: How like self-harm a message must be beside how like danger, to be answered as that.
_SELF_HARM_SHARE = 0.25
#: Shorter texts say too little to be compared.
_FEWEST_WORDS = 3
#: The longest sentence, in words, that only asks about what the others tell.
_LONGEST_STUDYING = 6
_SIGN_WORDS = frozenset(["sign", "signs", "indicator", "indicators", "list", "listed", "tool"])
#: How much less like a writer a message may be where a phrasing says that it is one.
_WRITER_BY_PHRASING = -1.0
#: What likeness is called where an alarm names its signal.
LIKENESS = "likeness"


@dataclass(frozen=True)
class _Part:
    """The whole message, or one sentence of it, with how like each kind it is."""

    text: str
    words: frozenset[str]
    odds: dict[Head, float]
    margin: float
    calm: bool


class Watch:
    """Looks at messages. Made once; looking is pure and keeps nothing.

    `folder` holds `safety.yml` and the examples (default: the guidance folder); the training
    phrases in `nlu` beside it (the project's, where there are none) count as ordinary questions.
    `fresh`: what it learned must be from the present files, and is learned now, in minutes, where
    it is not. Raises GuidanceError with file, line and reason when the words cannot be used.
    """

    def __init__(self, folder: Path | None = None, fresh: bool = False) -> None:
        root = folder or guidance_folder()
        file, safety = read_safety(root)
        words = safety.watch
        self._reader = Reader(words.shorthand, words.harmless)
        build = Compiled(file, words)
        self._rules = Anchored(
            (rule, phrasing) for rule in build.rules() for phrasing in rule.phrasings
        )
        self._yields = {
            signal.name: signal.yields_to for signal in words.signals if signal.yields_to
        }
        self._calmers = build.calmers()
        self._practitioner = build.all(words.practitioner, "practitioner")
        self._now = build.list(_NOW)
        self._strong_now = build.list(_STRONG_NOW)
        self._together = {name: build.list(name) for name in words.together.lists}
        self._marks = {name: build.list(name) for name in words.marks}
        self._enough = words.together.enough
        self._one_of = words.together.one_of
        if build.problems:
            raise GuidanceError(build.problems)
        self._meaning = shared_meaning()
        # how near danger the last message was, under its hash: `near_danger` follows `look`
        self._last: tuple[bytes, float] = (b"", 0.0)
        self._like_enough = words.like_enough
        self._margin = words.sentence_margin
        self._person_margin = words.person_margin
        self._calm_margin = words.calm_margin
        self._unlike = words.unlike
        self._near_enough = words.near_enough
        self._surely_parent = words.surely_parent
        self._likeness = learned(learnt_in(root), words, self._whole, self._meaning, fresh)

    def look(self, text: str) -> Alarm | None:
        """What `text` raises, the most urgent first; None when it is an ordinary message."""
        sentences = self._reader.sentences(text)
        parts = self._parts(sentences)
        # “our lad” is what a children's home says, and what a mother says of hers
        practitioner = _most(parts, "parent_or_public") < self._surely_parent and any(
            _find(self._practitioner, sentence) for sentence in sentences
        )
        self._last = (_key(text), _danger(parts))
        alarms: list[Alarm] = []
        for sentence in sentences:
            alarms += self._signals(sentence, practitioner)
            alarms += self._several(sentence)
        alarms = [alarm for alarm in alarms if self._meant(alarm, parts)]
        alarms += self._alike(parts, practitioner)
        if any(alarm.kind == "self_harm" and alarm.signal != LIKENESS for alarm in alarms):
            # it is danger too, and like it: the likeness alone says nothing more
            danger = ("immediate_danger", LIKENESS)
            alarms = [alarm for alarm in alarms if (alarm.kind, alarm.signal) != danger]
        raised = {alarm.kind for alarm in alarms}
        alarms = [alarm for alarm in alarms if self._yields.get(alarm.signal) not in raised]
        if raised.issuperset(_NOT_PRACTITIONERS) and self._rather_parent(parts):
            # a parent tells what their child said in the child's words
            alarms = [alarm for alarm in alarms if alarm.kind != "child_writing"]
        if not alarms:
            return None
        first = min(alarms, key=lambda alarm: (alarm.question, KINDS.index(alarm.kind)))
        writes = _most(parts, "writer", without=0.0)
        needed = self._like_enough["writer"]
        says_so = any(alarm.about_writer for alarm in alarms)
        if says_so:
            needed += _WRITER_BY_PHRASING
        # a practitioner can be the one who cannot go on, too: “I'm a nurse and I want to die”
        another = practitioner and not (says_so and first.kind == "self_harm")
        writer = writes >= needed and not another and not first.question
        return replace(first, about_writer=writer or first.kind == "child_writing")

    def _rather_parent(self, parts: Sequence[_Part]) -> bool:
        """Whether a message is more like a parent's than like a child's own."""
        found = {kind: _most(parts, _OF_PERSONS[kind]) for kind in _NOT_PRACTITIONERS}
        return found["parent_or_public"] > found["child_writing"]

    def near_danger(self, text: str) -> bool:
        """Whether an ordinary answer to `text` should open with what to do in danger.

        For messages that raise no alarm but are not far from one.
        """
        key, odds = self._last
        if key != _key(text):
            odds = _danger(self._parts(self._reader.sentences(text)))
        return odds >= self._near_enough

    def _parts(self, sentences: Sequence[Sentence]) -> list[_Part]:
        """The whole message, and its sentences where there are several, as they are compared."""
        whole = _joined(sentences)
        texts = [whole, *(sentences if len(sentences) > 1 else ())]
        texts = [text for text in texts if len(text.text.split()) >= _FEWEST_WORDS]
        if not texts:
            return []
        odds = self._likeness.of([self._told(text) for text in texts], self._meaning)
        # “screams the house down. is that an indicator?”: the question is about the rest
        studied = any(self._only_studies(sentence) for sentence in sentences)
        return [
            _Part(
                text.text,
                text.words,
                found,
                margin=0.0 if text is whole else self._margin,
                calm=studied or self._calmed(_CALM_LIKENESS, text, 0, len(text.text)) is not None,
            )
            for text, found in zip(texts, odds, strict=True)
        ]

    def _only_studies(self, sentence: Sentence) -> bool:
        """Whether a sentence does nothing but ask whether something is a sign."""
        if len(sentence.words) > _LONGEST_STUDYING or _SIGN_WORDS.isdisjoint(sentence.words):
            return False
        return self._calmed(("studied",), sentence, 0, len(sentence.text)) is not None

    def _whole(self, text: str) -> Told | None:
        """A whole message as its likeness is measured; None when it holds no word."""
        sentences = self._reader.sentences(text)
        return self._told(_joined(sentences)) if sentences else None

    def _told(self, sentence: Sentence) -> Told:
        """A sentence as its likeness is measured."""
        marks = {name for name, found in self._marks.items() if _find(found, sentence)}
        marks |= {name for name, found in self._calmers.items() if _find(found, sentence)}
        return Told(sentence.text, frozenset(marks))

    def _signals(self, sentence: Sentence, practitioner: bool) -> list[Alarm]:
        """What the phrasings find in a sentence."""
        alarms: list[Alarm] = []
        possible = self._rules.possible(sentence.words)
        for _, pairs in groupby(possible, key=lambda pair: pair[0].signal.name):
            found = list(pairs)
            rule = found[0][0]
            if practitioner and rule.signal.unless_practitioner:
                continue
            alarm = self._signal(rule, [phrasing for _, phrasing in found], sentence)
            if alarm is not None:
                alarms.append(alarm)
        return alarms

    def _signal(
        self, rule: Rule, phrasings: Sequence[Phrasing], sentence: Sentence
    ) -> Alarm | None:
        """What those phrasings of a rule find that are possible in a sentence."""
        signal = rule.signal
        asked: Alarm | None = None
        for phrasing in phrasings:
            for match in phrasing.pattern.finditer(sentence.text):
                if not all(_find(need, sentence) for need in rule.needs):
                    return asked
                calmed = self._calmed(signal.calmed_by, sentence, match.start(), match.end())
                alarm = Alarm(signal.kind, signal.question, signal.about_writer, signal.name)
                if calmed is None:
                    return alarm
                if calmed in ("asked", "studied") and signal.kind in _DANGER:
                    # asked about, but of this very moment: answer it all the same
                    clause = _around(sentence.text, match.start(), match.end(), (",",))
                    answered = calmed == "asked" and signal.asked == "question"
                    if answered or _find(self._strong_now, clause):
                        asked = replace(alarm, question=True, about_writer=False)
        return asked

    def _several(self, sentence: Sentence) -> list[Alarm]:
        """Danger from several things together, none of which is danger alone."""
        found = {name for name, phrasings in self._together.items() if _find(phrasings, sentence)}
        if len(found) < self._enough or found.isdisjoint(self._one_of):
            return []
        if self._calmed(_ALL_CALMERS, sentence, 0, len(sentence.text)):
            return []
        return [Alarm("immediate_danger", signal="together")]

    def _meant(self, alarm: Alarm, parts: Sequence[_Part]) -> bool:
        """Whether a phrasing is there on purpose: the message is not all too unlike its kind."""
        head: Head = "danger" if alarm.kind in _DANGER else _OF_PERSONS[alarm.kind]
        return not parts or any(part.odds[head] >= self._unlike[alarm.kind] for part in parts)

    def _alike(self, parts: Sequence[_Part], practitioner: bool) -> list[Alarm]:
        """What a message is like, where no phrasing foresaw it."""
        alarms: list[Alarm] = []
        for part in parts:
            over = {
                head: odds - part.margin - self._like_enough[head]
                for head, odds in part.odds.items()
            }
            if part.calm:
                over["danger"] -= self._calm_margin
            if over["danger"] >= 0:
                # all self-harm is danger: it must not be the lesser part of what is said
                hurts_self = over["self_harm"] >= _SELF_HARM_SHARE * max(over["danger"], 0.0)
                kind: Kind = "self_harm" if hurts_self else "immediate_danger"
                alarms.append(Alarm(kind, question=over["asked"] >= 0, signal=LIKENESS))
                continue
            # of what is no danger a message is one thing only: what it is most like
            person = max(_OF_PERSONS, key=lambda kind: over[_OF_PERSONS[kind]])
            if over[_OF_PERSONS[person]] < (self._person_margin if part.margin else 0.0):
                continue
            if person in _FIRST_PERSON and part.words.isdisjoint(_ME | _A_FRIEND):
                continue
            if practitioner and person in _NOT_PRACTITIONERS:
                continue
            alarms.append(Alarm(person, signal=LIKENESS))
        return alarms

    def _calmed(
        self, calmers: Sequence[Calmer], sentence: Sentence, start: int, end: int
    ) -> Calmer | None:
        """What in the sentence takes back the alarm at `start` to `end`, or None."""
        piece = _around(sentence.text, start, end, _PIECES)
        clause = _around(sentence.text, start, end, (",", "but"))
        for name in calmers:
            phrasings = self._calmers[name]
            if name == "past":
                told = not _TOLD_IN_THE_PAST.isdisjoint(piece.words)
                if _find(phrasings, self._without_now(piece)) or (
                    told and _find(phrasings, sentence)
                ):
                    return name
            elif name == "habit":
                if _find(phrasings, piece):
                    return name
            elif name in ("asked", "studied"):
                if _find(phrasings, clause) or (
                    _find(phrasings, sentence) and not _find(self._now, sentence)
                ):
                    return name
            elif _find(phrasings, sentence):
                return name
        return None

    def _without_now(self, piece: Sentence) -> Sentence:
        """The piece without its words for now: “since last night” is not last night."""
        text = piece.text
        for phrasing in self._now:
            if phrasing.possible(piece.words):
                text = phrasing.pattern.sub("_ ", text)
        return Sentence(text, piece.words)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _danger(parts: Sequence[_Part]) -> float:
    """The log-odds of danger of the part that is most like it."""
    return _most(parts, "danger")


def _most(parts: Sequence[_Part], head: Head, without: float = -math.inf) -> float:
    """The log-odds of a kind of the part that is most like it; `without` where there is none."""
    return max((part.odds[head] - part.margin for part in parts), default=without)


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    """Several sentences as one text."""
    text = " . ".join(sentence.text.strip() for sentence in sentences)
    return Sentence(f" {text} ", frozenset(text.split()))


def _find(phrasings: Sequence[Phrasing], sentence: Sentence) -> bool:
    return any(
        phrasing.possible(sentence.words) and phrasing.pattern.search(sentence.text)
        for phrasing in phrasings
    )


def _around(text: str, start: int, end: int, splitters: Sequence[str]) -> Sentence:
    """The part of a sentence around a match, between two of the splitting words."""
    first, last = 0, len(text)
    for word in splitters:
        before = text.rfind(f" {word} ", 0, start)
        if before >= 0:
            first = max(first, before + len(word) + 1)
        after = text.find(f" {word} ", end - 1)
        if after >= 0:
            last = min(last, after + 1)
    part = text[first:last]
    return Sentence(part, frozenset(part.split()))
