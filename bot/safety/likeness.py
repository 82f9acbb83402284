"""How much a message is like the examples of each kind of alarm.

Danger is told in more ways than phrasings can foresee. Two models weigh a message, and their
log-odds are added: a linear one over runs of words and of letters, and small networks over what it
means (`meaning`). Both are fitted to the examples in the guidance files. Fitting takes a minute or
more, so it is done when the model is trained, and kept beside it under a name made from all that it
was fitted from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, get_args
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.nlu.cores import on_each_core
from bot.safety.meaning_networks import MeaningNetworks

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

Array = NDArray[np.float32]

#: What is asked of a message. `danger` holds self-harm too; `asked`, that nobody is said to be in
#: danger; `writer`, that a child or somebody in despair writes about themselves.
Head = Literal[
    "danger",
    "self_harm",
    "asked",
    "writer",
    "own_thoughts",
    "colleague_allegation",
    "parent_or_public",
]
HEADS: tuple[Head, ...] = get_args(Head)

#: The longest run of words, and the shortest and longest runs of letters, that are weighed.
LONGEST_RUN = 3
LETTERS = (2, 5)
#: Places that runs are hashed into: several times as many as there are runs.
PLACES = 2**19
#: How closely the examples are followed (inverse regularisation): from cross-validation.
CLOSENESS_OF_RUNS = 20.0
#: What a number is written as.
NUMBER = "#"


class Embeds(Protocol):
    """Turns texts into vectors, one row a text."""

    def embed(self, texts: Sequence[str]) -> Array:
        """Embed `texts`."""
        ...


@dataclass(frozen=True)
class Told:
    """A text as `Reader` makes it, with the names of the word lists found in it."""

    plain: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Example:
    """A text and what is true of it."""

    told: Told
    heads: frozenset[Head] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """Weights for each of HEADS: of hashed runs, and of a meaning where there is an embedding.

    `runs` has the shape (2 × PLACES, heads), and `starts` (heads,): where the sum begins.
    """

    runs: NDArray[np.float16]
    starts: Array
    meaning: MeaningNetworks | None = None

    @classmethod
    def fit(cls, examples: Sequence[Example], embedding: Embeds | None) -> Likeness:
        """Learn from examples. Without an embedding it weighs runs alone."""
        told = [one.told for one in examples]
        sparse = _sparse(told)
        truth = [np.array([head in one.heads for one in examples]) for head in HEADS]
        # most runs are found nowhere: fitting only the places that are used saves most of the time
        used = np.unique(sparse.indices)
        runs = np.zeros((2 * PLACES, len(HEADS)), dtype=np.float16)
        starts = np.zeros(len(HEADS), dtype=np.float32)
        narrow = sparse[:, used]
        regressions = on_each_core(lambda known: _regression().fit(narrow, known), truth)
        for column, fitted in enumerate(regressions):
            runs[used, column] = fitted.coef_[0]
            starts[column] = fitted.intercept_[0]
        if embedding is None:
            return cls(runs, starts)
        vectors = embedding.embed([one.plain for one in told])
        return cls(runs, starts, MeaningNetworks.fit(vectors, np.stack(truth, axis=1)))

    def save(self, path: Path) -> None:
        """Write plain arrays to `path`. What cannot be written is fitted again next time."""
        fresh = path.with_suffix(".new.npz")
        used = np.flatnonzero(self.runs.any(axis=1))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                fresh,
                used=used.astype(np.int32),
                runs=self.runs[used],
                starts=self.starts,
                **(self.meaning.arrays() if self.meaning else {}),
            )
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> Likeness | None:
        """Read what `save` wrote; None where there is nothing usable."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                runs = np.zeros((2 * PLACES, len(HEADS)), dtype=np.float16)
                runs[arrays["used"]] = arrays["runs"]
                return cls(runs, arrays["starts"], MeaningNetworks.of_arrays(arrays))
        except (OSError, ValueError, KeyError, IndexError, EOFError, BadZipFile):
            return None

    def of(self, told: Sequence[Told], embedding: Embeds | None) -> list[dict[Head, float]]:
        """Log-odds of each head for each text."""
        # few places of a message are set: take those rows instead of multiplying by the table
        odds = np.stack(
            [
                self.starts + weights @ self.runs[places].astype(np.float32)
                for places, weights in map(_run_features, told)
            ]
        )
        if embedding is not None and self.meaning is not None:
            odds = odds + self.meaning.log_odds(embedding.embed([one.plain for one in told]))
        return [dict(zip(HEADS, row.tolist(), strict=True)) for row in odds]


def _sparse(told: Sequence[Told]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    rows = [_run_features(one) for one in told]
    return csr_matrix(
        (
            np.concatenate([weights for _, weights in rows]),
            np.concatenate([places for places, _ in rows]),
            np.cumsum([0, *(len(places) for places, _ in rows)]),
        ),
        shape=(len(rows), 2 * PLACES),
    )


def _regression() -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression  # fitting only: serving is without it

    return LogisticRegression(
        C=CLOSENESS_OF_RUNS,
        class_weight="balanced",
        solver="liblinear",
        max_iter=300,
        random_state=0,
    )


def _word_runs(told: Told) -> Iterator[str]:
    """Every run of one to three words, numbers made the same, and the marks."""
    yield from (f"<{mark}>" for mark in told.marks)
    words = [NUMBER if word.isdigit() else word for word in told.plain.split()]
    for size in range(1, LONGEST_RUN + 1):
        for first in range(len(words) - size + 1):
            yield " ".join(words[first : first + size])


def _letters(told: Told) -> str:
    return told.plain


def _letter_runs(told: Told) -> Iterator[str]:
    """Every run of letters within a word and the spaces around it."""
    for word in told.plain.split():
        padded = f" {word} "
        for size in range(LETTERS[0], LETTERS[1] + 1):
            for first in range(max(len(padded) - size + 1, 1)):
                yield padded[first : first + size]


def _run_features(told: Told) -> tuple[NDArray[np.int32], Array]:
    """The places of a text's runs of words and of letters, each side of length one."""
    words = {crc32(run.encode()) % PLACES for run in _word_runs(told)}
    letters = {PLACES + crc32(run.encode()) % PLACES for run in _letter_runs(told)}
    places = np.array([*sorted(words), *sorted(letters)], dtype=np.int32)
    weights = np.full(len(places), 1 / max(len(letters), 1) ** 0.5, dtype=np.float32)
    weights[: len(words)] = 1 / max(len(words), 1) ** 0.5
    return places, weights
