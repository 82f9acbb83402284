"""The phrasings of the guidance files, compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.guidance.files import LocatedFile, Problem
from bot.safety.phrasing import Phrasing, PhrasingError, Phrasings
from bot.safety.words import Calmer, Signal, Words


@dataclass(frozen=True)
class Rule:
    """A signal with its phrasings, and the lists of which one must be there too."""

    signal: Signal
    phrasings: tuple[Phrasing, ...]
    needs: tuple[tuple[Phrasing, ...], ...]


class Compiled:
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

    def rules(self) -> tuple[Rule, ...]:
        """Every signal, compiled."""
        return tuple(
            Rule(
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
