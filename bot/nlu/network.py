"""A network with one hidden layer, trained and kept as plain arrays.

Several, started differently, are read together: what each gets wrong differs, and their mean is
right more often than any of them, or than a logistic regression (from cross-validation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

#: Rounds through the examples, and examples a step.
ROUNDS, STEP = 15, 256
#: The longest step of Adam (Kingma and Ba 2015); it falls to nothing along a half cosine.
PACE = 3e-3
#: Share of features that a step does without.
WITHOUT_FEATURES = 0.1
#: Probability spread over all labels instead of the true one.
DOUBT = 0.1
#: Features are parts of unit vectors, so small: they are made larger.
SCALE = 8.0
_DECAY = 1e-4


@dataclass(frozen=True)
class Network:
    """Weights from features to hidden units (`inner`), and from those to labels (`outer`)."""

    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array

    @classmethod
    def fit(
        cls,
        features: Array,
        labels: NDArray[np.int32],
        count: int,
        hidden_width: int = 512,
        without: float = 0.3,
        seed: int = 0,
    ) -> Network:
        """Learn from `features` (examples, width) and `labels` below `count`. Deterministic.

        `without` is the share of hidden units that each step does without.
        """
        random = np.random.default_rng(seed)
        width = features.shape[1]
        parts: list[Array] = [
            (random.standard_normal((width, hidden_width)) * np.sqrt(2 / width)).astype(np.float32),
            np.zeros(hidden_width, dtype=np.float32),
            (random.standard_normal((hidden_width, count)) * np.sqrt(1 / hidden_width)).astype(
                np.float32
            ),
            np.zeros(count, dtype=np.float32),
        ]
        adam = _Adam(parts)
        sizes = np.bincount(labels, minlength=count)
        # a label with many examples must not crowd out its neighbours
        weight = np.sqrt(sizes[sizes > 0].mean() / np.maximum(sizes, 1)).astype(np.float32)
        steps = ROUNDS * -(-len(labels) // STEP)
        for number in range(steps):
            at = number % -(-len(labels) // STEP)
            if at == 0:
                order = random.permutation(len(labels))
            chosen = order[at * STEP : (at + 1) * STEP]
            rows = np.float32(SCALE) * features[chosen]
            rows *= _kept(random, rows.shape, WITHOUT_FEATURES)
            hidden = np.maximum(rows @ parts[0] + parts[1], 0)
            kept = _kept(random, hidden.shape, without) * (hidden > 0)
            hidden *= kept
            wrong = np.exp(_log_chances(hidden @ parts[2] + parts[3]))
            wrong -= np.float32(DOUBT / count)
            wrong[np.arange(len(chosen)), labels[chosen]] -= np.float32(1 - DOUBT)
            wrong *= (weight[labels[chosen]] / len(chosen))[:, None]
            back = (wrong @ parts[2].T) * kept
            slopes = [rows.T @ back, back.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0)]
            adam.step(slopes, PACE * 0.5 * (1 + np.cos(np.pi * number / steps)))
        return cls(*parts)

    def log_chances(self, features: Array) -> Array:
        """Log-probabilities of the labels, shape (texts, labels)."""
        hidden = np.maximum(np.float32(SCALE) * features @ self.inner + self.inner_bias, 0)
        return _log_chances(hidden @ self.outer + self.outer_bias)


def _kept(random: np.random.Generator, shape: tuple[int, ...], without: float) -> Array:
    kept = random.random(shape, dtype=np.float32) >= without
    result: Array = kept.astype(np.float32) * np.float32(1 / (1 - without))
    return result


def _log_chances(scores: Array) -> Array:
    scores = scores - scores.max(axis=1, keepdims=True)
    result: Array = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return result


class _Adam:
    """Adam over a list of arrays, changed in place."""

    def __init__(self, parts: list[Array]) -> None:
        self._parts = parts
        self._mean = [np.zeros_like(part) for part in parts]
        self._square = [np.zeros_like(part) for part in parts]
        self._steps = 0

    def step(self, slopes: list[Array], pace: float) -> None:
        """One step against the slopes."""
        self._steps += 1
        for part, slope, mean, square in zip(
            self._parts, slopes, self._mean, self._square, strict=True
        ):
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.01) * (slope * slope - square)
            root = np.sqrt(square / np.float32(1 - 0.99**self._steps)) + np.float32(1e-8)
            part -= np.float32(pace) * (
                mean / np.float32(1 - 0.9**self._steps) / root + np.float32(_DECAY) * part
            )
