"""The watch: looks at a message before anything else does, and says whether it raises an alarm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.load import guidance_folder
from bot.safety.alarm import KINDS, Alarm
from bot.safety.phrasing import Phrasing, PhrasingError, Phrasings
from bot.safety.reading import Reader, Sentence
from bot.safety.words import Calmer, Signal, Words, read_safety

#: Kinds for which a question about danger still gets an answer about danger.
_ASKABLE = ("immediate_danger", "self_harm")
#: Lists of the file that the rules themselves use.
_NOW, _STRONG_NOW = "now", "strong_now"
#: Words that split a sentence into pieces, each with a tense of its own.
_PIECES = (",", "but", "and", "so", "because")
_TOLD_IN_THE_PAST = frozenset("was were had did told said went took came found".split())


@dataclass(frozen=True)
class _Rule:
    signal: Signal
    phrasings: tuple[Phrasing, ...]
    needs: tuple[tuple[Phrasing, ...], ...]


class Watch:
    """Looks at messages. Made once; `look` is pure and keeps nothing.

    `folder` holds `safety.yml` (default: the guidance folder). Raises GuidanceError with file,
    line and reason when its words cannot be used.
    """

    def __init__(self, folder: Path | None = None) -> None:
        file, safety = read_safety(folder or guidance_folder())
        words = safety.watch
        self._reader = Reader(words.shorthand, words.harmless)
        build = _Build(file, words)
        self._rules = sorted(build.rules(), key=lambda rule: KINDS.index(rule.signal.kind))
        self._yields = {
            signal.name: signal.yields_to for signal in words.signals if signal.yields_to
        }
        self._calmers = build.calmers()
        self._practitioner = build.all(words.practitioner, "practitioner")
        self._now = build.list(_NOW)
        self._strong_now = build.list(_STRONG_NOW)
        self._together = {name: build.list(name) for name in words.together.lists}
        self._enough = words.together.enough
        self._one_of = words.together.one_of
        if build.problems:
            raise GuidanceError(build.problems)

    def look(self, text: str) -> Alarm | None:
        """What `text` raises, the most urgent first; None when it is an ordinary message."""
        sentences = self._reader.sentences(text)
        practitioner = any(_find(self._practitioner, sentence) for sentence in sentences)
        alarms = [
            alarm
            for sentence in sentences
            for alarm in (*self._signals(sentence, practitioner), self._several(sentence))
            if alarm is not None
        ]
        raised = {alarm.kind for alarm in alarms}
        alarms = [alarm for alarm in alarms if self._yields.get(alarm.signal) not in raised]
        if not alarms:
            return None
        first = min(alarms, key=lambda alarm: (alarm.question, KINDS.index(alarm.kind)))
        writer = any(alarm.about_writer for alarm in alarms) and not practitioner
        return replace(first, about_writer=writer)

    def _signals(self, sentence: Sentence, practitioner: bool) -> list[Alarm]:
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
                if calmed in ("asked", "studied") and signal.kind in _ASKABLE:
                    # asked about, but of this very moment: answer it all the same
                    clause = _around(sentence.text, match.start(), match.end(), (",",))
                    answered = calmed == "asked" and signal.asked == "question"
                    if answered or _within(self._strong_now, clause):
                        asked = replace(alarm, question=True, about_writer=False)
        return asked

    def _calmed(
        self, calmers: tuple[Calmer, ...], sentence: Sentence, start: int, end: int
    ) -> Calmer | None:
        """What in the sentence takes the alarm at `start` to `end` back, or None."""
        piece = _around(sentence.text, start, end, _PIECES)
        clause = _around(sentence.text, start, end, (",", "but"))
        for name in calmers:
            phrasings = self._calmers[name]
            if name == "past":
                told = not _TOLD_IN_THE_PAST.isdisjoint(piece.words)
                present = self._without_now(piece)
                if _within(phrasings, present) or (told and _find(phrasings, sentence)):
                    return name
            elif name == "habit":
                if _within(phrasings, piece):
                    return name
            elif name in ("asked", "studied"):
                elsewhere = _find(phrasings, sentence) and not _find(self._now, sentence)
                if _within(phrasings, clause) or elsewhere:
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

    def _several(self, sentence: Sentence) -> Alarm | None:
        """Danger from several things together, none of which is danger alone."""
        found = {
            name for name, phrasings in self._together.items() if _find(phrasings, sentence)
        }
        if len(found) < self._enough or found.isdisjoint(self._one_of):
            return None
        if self._calmed(
            ("past", "studied", "asked", "habit", "settled", "work"), sentence, 0, len(sentence.text)
        ):
            return None
        return Alarm("immediate_danger", signal="together")


def _find(phrasings: tuple[Phrasing, ...], sentence: Sentence) -> bool:
    return any(
        phrasing.possible(sentence.words) and phrasing.pattern.search(sentence.text)
        for phrasing in phrasings
    )


def _within(phrasings: tuple[Phrasing, ...], part: Sentence) -> bool:
    return _find(phrasings, part)


def _around(text: str, start: int, end: int, splitters: tuple[str, ...]) -> Sentence:
    """The part of a sentence around a match, between two of the splitting words."""
    first = max((text.rfind(f" {word} ", 0, start) + len(word) + 1 for word in splitters
                 if text.rfind(f" {word} ", 0, start) >= 0), default=0)
    after = [place for word in splitters if (place := text.find(f" {word} ", end - 1)) >= 0]
    part = text[first : min(after, default=len(text)) + 1]
    return Sentence(part, frozenset(part.split()))


class _Build:
    """Compiles the phrasings of the file, collecting what is wrong with them."""

    def __init__(self, file: LocatedFile, words: Words) -> None:
        self._file = file
        self._words = words
        self._phrasings = Phrasings(words.lists)
        self.problems: list[Problem] = []

    def all(self, texts: tuple[str, ...], *path: str | int) -> tuple[Phrasing, ...]:
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

    def rules(self) -> list[_Rule]:
        """Every signal, compiled."""
        return [
            _Rule(
                signal,
                self.all(signal.phrasings, "signals", index, "phrasings"),
                tuple(self.list(name) for name in signal.needs),
            )
            for index, signal in enumerate(self._words.signals)
        ]

    def calmers(self) -> dict[Calmer, tuple[Phrasing, ...]]:
        """The words that take an alarm back, compiled."""
        return {
            name: self.all(texts, "calmers", name) for name, texts in self._words.calmers.items()
        }
