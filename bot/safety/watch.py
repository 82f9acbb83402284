"""The watch: looks at a message before anything else does, and says whether it raises an alarm."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.load import guidance_folder
from bot.safety.alarm import KINDS, Alarm, Kind
from bot.safety.likeness import Likeness, Told
from bot.safety.phrasing import Phrasing, PhrasingError, Phrasings
from bot.safety.reading import Reader, Sentence
from bot.safety.words import Calmer, Signal, Words, read_safety, training_phrases

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
#: What calms a likeness to each kind; who works with children writes about them, not as them.
_CALMED_LIKENESS: dict[Kind, tuple[Calmer, ...]] = {
    "immediate_danger": _ALL_CALMERS,
    "self_harm": ("past", "studied", "asked", "settled"),
    "colleague_allegation": ("studied", "asked"),
}
_NOT_PRACTITIONERS: tuple[Kind, ...] = ("child_writing", "parent_or_public")
#: Kinds in which somebody speaks of themselves.
_FIRST_PERSON: tuple[Kind, ...] = ("child_writing", "own_thoughts")
_ME = frozenset(["i", "me", "my", "mine", "myself", "im"])
#: Alarms that are about the person who writes.
_WRITERS: tuple[Kind, ...] = ("child_writing",)
#: Shorter sentences say too little to be compared.
_FEWEST_WORDS = 4
#: What likeness is called where an alarm names its signal.
LIKENESS = "likeness"


@dataclass(frozen=True)
class _Rule:
    signal: Signal
    phrasings: tuple[Phrasing, ...]
    needs: tuple[tuple[Phrasing, ...], ...]


def _kept_likeness(root: Path) -> Path:
    """Where the likeness fitted from these very files, by this very code, is kept."""
    digest = hashlib.sha256()
    sources = [root / "safety.yml", *sorted((root.parent / "nlu").glob("*.yml"))]
    for path in [*sources, *sorted(Path(__file__).parent.glob("*.py"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return root.parent.parent / "models" / f"likeness-{digest.hexdigest()[:16]}.npz"


class Watch:
    """Looks at messages. Made once; looking is pure and keeps nothing.

    `folder` holds `safety.yml` (default: the guidance folder); the training phrases in `nlu` beside
    it count as ordinary questions. Raises GuidanceError with file, line and reason when the words
    cannot be used.
    """

    def __init__(self, folder: Path | None = None) -> None:
        root = folder or guidance_folder()
        file, safety = read_safety(root)
        words = safety.watch
        self._reader = Reader(words.shorthand, words.harmless)
        build = _Build(file, words)
        self._rules = build.rules()
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
        kept = _kept_likeness(root)
        likeness = Likeness.load(kept, words.alike)
        if likeness is None:
            likeness = Likeness.fit(self._examples(words, root.parent / "nlu"), words.alike)
            likeness.save(kept)
        self._likeness = likeness
        self._like_enough = words.like_enough
        self._near_enough = words.near_enough

    def look(self, text: str) -> Alarm | None:
        """What `text` raises, the most urgent first; None when it is an ordinary message."""
        sentences = self._reader.sentences(text)
        practitioner = any(_find(self._practitioner, sentence) for sentence in sentences)
        alarms: list[Alarm] = []
        for sentence in sentences:
            alarms += self._signals(sentence, practitioner)
            alarms += self._several(sentence)
            alarms += self._alike(sentence, practitioner)
        raised = {alarm.kind for alarm in alarms}
        alarms = [alarm for alarm in alarms if self._yields.get(alarm.signal) not in raised]
        if not alarms:
            return None
        first = min(alarms, key=lambda alarm: (alarm.question, KINDS.index(alarm.kind)))
        writer = any(alarm.about_writer for alarm in alarms) and not practitioner
        return replace(first, about_writer=writer)

    def near_danger(self, text: str) -> bool:
        """Whether an ordinary answer to `text` should open with what to do in danger.

        For messages that raise no alarm but are not far from one.
        """
        return any(
            len(sentence.words) >= _FEWEST_WORDS
            and max(self._likeness.of(self._told(sentence))[kind] for kind in _DANGER)
            >= self._near_enough
            and self._calmed(("studied", "asked", "settled"), sentence, 0, len(sentence.text))
            is None
            for sentence in self._reader.sentences(text)
        )

    def _examples(self, words: Words, nlu: Path) -> dict[Kind | None, list[Told]]:
        """The examples of each kind, and under None the ordinary ones, as they are compared."""
        phrases: list[tuple[Kind | None, str]] = [
            (group.kind, line) for group in words.examples for line in group.lines()
        ]
        for intent, line in training_phrases(nlu):
            if intent not in words.intents_left_out:
                phrases.append((words.intents.get(intent), line))
        examples: dict[Kind | None, list[Told]] = {}
        for kind, line in phrases:
            examples.setdefault(kind, []).extend(
                self._told(sentence) for sentence in self._reader.sentences(line)
            )
        return examples

    def _told(self, sentence: Sentence) -> Told:
        """A sentence as its likeness is measured."""
        marks = {name for name, found in self._marks.items() if _find(found, sentence)}
        marks |= {name for name, found in self._calmers.items() if _find(found, sentence)}
        return Told(sentence.text, frozenset(marks))

    def _signals(self, sentence: Sentence, practitioner: bool) -> list[Alarm]:
        """What the phrasings find in a sentence."""
        alarms: list[Alarm] = []
        for rule in self._rules:
            if practitioner and rule.signal.unless_practitioner:
                continue
            alarm = self._signal(rule, sentence)
            if alarm is not None:
                alarms.append(alarm)
        return alarms

    def _signal(self, rule: _Rule, sentence: Sentence) -> Alarm | None:
        signal = rule.signal
        asked: Alarm | None = None
        for phrasing in rule.phrasings:
            if not phrasing.possible(sentence.words):
                continue
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

    def _alike(self, sentence: Sentence, practitioner: bool) -> list[Alarm]:
        """What a sentence is like, where no phrasing foresaw it."""
        alarms: list[Alarm] = []
        if len(sentence.words) < _FEWEST_WORDS:
            return alarms
        odds = self._likeness.of(self._told(sentence))
        # of what is no danger a sentence is one thing only: what it is most like
        most = max((kind for kind in KINDS if kind not in _DANGER), key=lambda kind: odds[kind])
        for kind in (*_DANGER, most):
            if odds[kind] < self._like_enough[kind]:
                continue
            if kind in _FIRST_PERSON and sentence.words.isdisjoint(_ME):
                continue
            if practitioner and kind in _NOT_PRACTITIONERS:
                continue
            calmers = _CALMED_LIKENESS.get(kind, ())
            if self._calmed(calmers, sentence, 0, len(sentence.text)) is None:
                alarms.append(Alarm(kind, about_writer=kind in _WRITERS, signal=LIKENESS))
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


class _Build:
    """Compiles the phrasings of the file, collecting what is wrong with them."""

    def __init__(self, file: LocatedFile, words: Words) -> None:
        self._file = file
        self._words = words
        self._phrasings = Phrasings(words.lists)
        self.problems: list[Problem] = []

    def all(self, texts: Sequence[str], *path: str | int) -> tuple[Phrasing, ...]:
        """Each phrasing of a part of the file, compiled."""
        compiled = []
        for index, text in enumerate(texts):
            try:
                compiled.append(self._phrasings.compile(text))
            except PhrasingError as error:
                self.problems.append(self._file.problem(str(error), "watch", *path, index))
        return tuple(compiled)

    def list(self, name: str) -> tuple[Phrasing, ...]:
        """A named list as one phrasing."""
        return self.all((f"{{{name}}}",), "lists", name)

    def rules(self) -> tuple[_Rule, ...]:
        """Every signal, compiled."""
        return tuple(
            _Rule(
                signal,
                self.all(signal.phrasings, "signals", index, "phrasings"),
                tuple(self.list(name)[0:1] for name in signal.needs),
            )
            for index, signal in enumerate(self._words.signals)
        )

    def calmers(self) -> dict[Calmer, tuple[Phrasing, ...]]:
        """The words that take an alarm back, compiled."""
        return {
            name: self.all(texts, "calmers", name) for name, texts in self._words.calmers.items()
        }
