"""From what a message means to how like each kind it is: several small networks, read together.

What a meaning says of danger is no sum of its parts, so a linear model misses twice as much at the
same rate of false alarms (from the phrases that the thresholds were set on). Each network starts
differently and errs elsewhere; their mean is steadier than any of them. They are fitted with
scikit-learn when the model is trained, and read as plain arrays.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.cores import on_each_core

Array = NDArray[np.float32]

#: Networks, hidden units of each, and rounds through the examples.
NETWORKS, HIDDEN, ROUNDS = 5, 384, 10
#: Examples a step, the length of steps, and how much large weights cost.
STEP, PACE, DECAY = 256, 1e-3, 3e-3


@dataclass(frozen=True)
class MeaningNetworks:
    """Networks of one hidden layer from a meaning to log-odds.

    `inner` has the shape (networks, width of a meaning, hidden), `inner_bias` (networks, 1,
    hidden), `outer` (networks, hidden, heads) and `outer_bias` (networks, 1, heads).
    """

    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array

    @classmethod
    def fit(cls, vectors: Array, truth: NDArray[np.bool_]) -> MeaningNetworks:
        """Learn what is true (`truth`: examples, heads) of `vectors` (examples, width)."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier  # fitting only: serving is without it

        centre, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
        level, known = (vectors - centre) / spread, truth.astype(np.int8)

        def network(seed: int) -> tuple[Array, ...]:
            learner = MLPClassifier(
                (HIDDEN,),
                alpha=DECAY,
                batch_size=min(STEP, len(level)),
                learning_rate_init=PACE,
                max_iter=ROUNDS,
                random_state=seed,
            )
            learner.fit(level, known)
            (inner, outer), (inner_bias, outer_bias) = learner.coefs_, learner.intercepts_
            # levelling is folded into the weights
            inner = inner / spread[:, None]
            return inner, (inner_bias - centre @ inner)[None], outer, outer_bias[None]

        with warnings.catch_warnings():
            # it is stopped on purpose: further rounds learn the examples by heart
            warnings.simplefilter("ignore", ConvergenceWarning)
            parts = on_each_core(network, range(NETWORKS))
        return cls(*(np.stack(arrays).astype(np.float32) for arrays in zip(*parts, strict=True)))

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> MeaningNetworks | None:
        """What `arrays` gave; None where there was none. Raises KeyError for half of it."""
        if "inner" not in arrays:
            return None
        return cls(*(arrays[name] for name in ("inner", "inner_bias", "outer", "outer_bias")))

    def arrays(self) -> dict[str, Array]:
        """The weights by name, to be written to a file."""
        return {
            "inner": self.inner,
            "inner_bias": self.inner_bias,
            "outer": self.outer,
            "outer_bias": self.outer_bias,
        }

    def log_odds(self, vectors: Array) -> Array:
        """Log-odds of each head for each of `vectors` (texts, width): (texts, heads)."""
        hidden = np.maximum(vectors[None] @ self.inner + self.inner_bias, 0)
        found: Array = (hidden @ self.outer + self.outer_bias).mean(axis=0)
        return found
