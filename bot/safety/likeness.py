"""How much a sentence is like the examples of each kind of alarm.

Danger is told in more ways than phrasings can foresee. A linear model over runs of one to three
words, fitted to the examples in the guidance files when the watch is made, weighs those. It is
deterministic, and takes a fraction of a millisecond a sentence. Fitting takes seconds, so what was
fitted is kept beside the models, under a name made from everything that it was fitted from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.safety.alarm import KINDS, Kind

#: The longest run of words that is weighed.
LONGEST_RUN = 3
#: How closely the examples are followed (inverse regularisation): from cross-validation.
CLOSENESS = 20.0
#: What a number is written as.
NUMBER = "#"


@dataclass(frozen=True)
class Told:
    """A sentence as `Reader` makes it, with the names of the word lists found in it."""

    plain: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """Weights of runs of words, one for each kind (in the order of KINDS), and where each starts.

    `alike` maps words to one word that stands for them (“he” and “she” weigh the same).
    """

    weights: Mapping[str, tuple[float, ...]]
    starts: tuple[float, ...]
    alike: Mapping[str, str]

    @classmethod
    def fit(
        cls, examples: Mapping[Kind | None, Sequence[Told]], alike: Mapping[str, str]
    ) -> Likeness:
        """Learn from sentences; None holds the ordinary ones."""
        texts = [(kind, told) for kind, found in examples.items() for told in found]
        index: dict[str, int] = {}
        rows = [
            sorted(index.setdefault(run, len(index)) for run in set(_runs(told, alike)))
            for _, told in texts
        ]
        matrix = csr_matrix(
            (
                np.concatenate(
                    [np.full(len(row), 1 / math.sqrt(max(len(row), 1))) for row in rows]
                ),
                np.concatenate([np.array(row, dtype=np.int32) for row in rows]),
                np.cumsum([0, *map(len, rows)]),
            ),
            shape=(len(rows), len(index)),
        )
        columns: list[NDArray[np.float64]] = []
        starts: list[float] = []
        for kind in KINDS:
            model = LogisticRegression(
                C=CLOSENESS, class_weight="balanced", solver="liblinear", random_state=0
            )
            model.fit(matrix, np.array([one == kind for one, _ in texts]))
            columns.append(model.coef_[0])
            starts.append(float(model.intercept_[0]))
        table = np.stack(columns, axis=1)
        return cls(
            {run: tuple(table[place].tolist()) for run, place in index.items()},
            tuple(starts),
            dict(alike),
        )

    def save(self, path: Path) -> None:
        """Write plain arrays to `path`. What cannot be written is fitted again next time."""
        runs = list(self.weights)
        fresh = path.with_suffix(".new.npz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                fresh,
                runs=np.array(runs, dtype=np.str_),
                weights=np.array([self.weights[run] for run in runs]),
                starts=np.array(self.starts),
            )
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, alike: Mapping[str, str]) -> Likeness | None:
        """Read what `save` wrote; None where there is nothing usable."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                rows = map(tuple, arrays["weights"].tolist())
                weights = dict(zip(arrays["runs"].tolist(), rows, strict=True))
                starts = tuple(arrays["starts"].tolist())
        except (OSError, ValueError, KeyError):
            return None
        return cls(weights, starts, dict(alike)) if len(starts) == len(KINDS) else None

    def of(self, told: Told) -> dict[Kind, float]:
        """Log-odds of each kind for a sentence."""
        known = [
            weights
            for run in set(_runs(told, self.alike))
            if (weights := self.weights.get(run)) is not None
        ]
        length = math.sqrt(max(len(known), 1))
        totals = [sum(column) for column in zip(*known, strict=True)] or [0.0] * len(KINDS)
        return {
            kind: start + total / length
            for kind, start, total in zip(KINDS, self.starts, totals, strict=True)
        }


def _runs(told: Told, alike: Mapping[str, str]) -> Iterator[str]:
    """Every run of one to three words, with words that are alike made the same, and the marks."""
    yield from (f"<{mark}>" for mark in told.marks)
    words = [NUMBER if word.isdigit() else alike.get(word, word) for word in told.plain.split()]
    for size in range(1, LONGEST_RUN + 1):
        for first in range(len(words) - size + 1):
            yield " ".join(words[first : first + size])
