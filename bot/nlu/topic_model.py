"""The classifier over sentence embeddings and n-grams: a text in, ranked labels out.

Word and character n-grams (TF-IDF by hashed place) are reduced to a dense space by a truncated SVD
and stand beside the sentence embedding. A few small networks sit on both; their log-probabilities
are averaged. What is stored is plain arrays, never pickled objects, and reading needs NumPy alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.nlu.cores import on_each_core
from bot.nlu.embedding import WIDTH
from bot.nlu.network import Network
from bot.nlu.ngrams import PLACES, Weighed, weighed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Array = NDArray[np.float32]

#: Dimensions that the n-grams are reduced to.
NGRAM_WIDTH = 384
#: Examples that an n-gram must stand in.
FEWEST = 2
#: Width of the hidden layer and share of it left out in training, for each network. Five: with
#: three, one in ten hard questions went another way when a few phrases were added.
NETWORKS = ((512, 0.3), (512, 0.3), (1024, 0.5), (512, 0.3), (1024, 0.5))
#: The mean of several networks is less sure than it is right: log-probabilities are stretched by
#: this, so that what is given with 0.8 is right four times in five (from cross-validation).
STRETCH = 1.4


class Embeds(Protocol):
    """Turns texts into unit vectors of shape (number of texts, WIDTH)."""

    def embed(self, texts: Sequence[str]) -> Array:
        """Embed `texts`."""
        ...


@dataclass(frozen=True)
class Ranked:
    """A label and its probability, 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What a text is taken to be about: labels, best first, and how near it is to anything known.

    `nearness` is the cosine (−1 to 1) to the nearest training example of the labels that it may be
    about; 1.0 without an embedding.
    """

    ranked: tuple[Ranked, ...]
    nearness: float


@dataclass(frozen=True)
class Rows:
    """A table in a quarter of its size: each row as whole numbers up to 127 and their scale."""

    values: NDArray[np.int8]
    scale: Array

    @classmethod
    def of(cls, table: Array) -> Rows:
        """The rows of a table."""
        scale = np.maximum(np.abs(table).max(axis=1, initial=0.0), 1e-9) / 127
        return cls(np.rint(table / scale[:, None]).astype(np.int8), scale.astype(np.float32))

    def weighed(self, at: NDArray[np.int32], weights: Array) -> Array:
        """The sum of the rows `at`, each times its weight."""
        rows: Array = self.values[at].astype(np.float32)
        result: Array = np.dot(weights * self.scale[at], rows)
        return result

    def whole(self, at: slice | NDArray[np.int32]) -> Array:
        """Some rows as they were, nearly."""
        result: Array = self.values[at].astype(np.float32) * self.scale[at][:, None]
        return result


@dataclass(frozen=True)
class NGrams:
    """Hashed n-grams in a dense space. `row_of` gives the row of a place, −1 for an unknown one;
    `rarity` is the inverse document frequency of a row's n-gram.
    """

    row_of: NDArray[np.int32]
    rarity: Array
    projection: Rows

    @classmethod
    def fit(cls, texts: Sequence[str]) -> tuple[NGrams, Array]:
        """Learn which n-grams there are, how rare each is, and which stand together.

        Returns them, and `texts` as `reduced` gives them.
        """
        from sklearn.decomposition import TruncatedSVD

        found = np.zeros(PLACES, dtype=np.int32)
        counted = [weighed(text) for text in texts]
        for places, _, _ in counted:
            found[places] += 1
        fewest = FEWEST if (found >= FEWEST).sum() > 2 else 1
        used = np.flatnonzero(found >= fewest)
        row_of = np.full(PLACES, -1, dtype=np.int32)
        row_of[used] = np.arange(len(used), dtype=np.int32)
        rarity = (np.log((1 + len(texts)) / (1 + found[used])) + 1).astype(np.float32)
        width = max(min(NGRAM_WIDTH, len(texts) - 1, len(used) - 1), 1)
        bare = cls(row_of, rarity, Rows.of(np.zeros((len(used), width), dtype=np.float32)))
        # three rounds instead of five: the last dimensions need not be exact
        reduction = TruncatedSVD(n_components=width, n_iter=3, random_state=0)
        sparse = bare._sparse(counted)
        reduction.fit(sparse)
        table = np.ascontiguousarray(reduction.components_.T, dtype=np.float32)
        fitted = cls(row_of, rarity, Rows.of(table))
        return fitted, _unit(sparse @ fitted.projection.whole(slice(None)))

    def _weights(self, counted: Weighed) -> tuple[NDArray[np.int32], Array]:
        """The rows of a text's n-grams and their weights, of length one for words and letters."""
        places, counts, words = counted
        rows = self.row_of[places]
        parts = []
        for part in (slice(0, words), slice(words, None)):
            known = rows[part] >= 0
            at = rows[part][known]
            weights = counts[part][known] * self.rarity[at]
            parts.append((at, weights / max(float(np.sqrt(weights @ weights)), 1e-6)))
        return (
            np.concatenate([at for at, _ in parts]),
            np.concatenate([weights for _, weights in parts]).astype(np.float32),
        )

    def _sparse(self, counted: Sequence[Weighed]) -> csr_matrix:
        from scipy.sparse import csr_matrix

        weighed_rows = [self._weights(one) for one in counted]
        ends = np.cumsum([0, *(len(at) for at, _ in weighed_rows)])
        return csr_matrix(
            (
                np.concatenate([weights for _, weights in weighed_rows]),
                np.concatenate([at for at, _ in weighed_rows]),
                ends,
            ),
            shape=(len(counted), len(self.rarity)),
        )

    def reduced(self, texts: Sequence[str]) -> Array:
        """Unit vectors (or nothing, for a text without a known n-gram) of `texts`."""
        counted = map(weighed, texts)
        return _unit(np.stack([self.projection.weighed(*self._weights(one)) for one in counted]))


def _unit(rows: Array) -> Array:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Array = rows / np.maximum(norms, 1e-6)
    return unit


@dataclass
class TopicModel:
    """A trained classifier. Made by `fit` or `load`.

    `examples` are embeddings of the training examples by label; those of label `n` stand from
    `starts[n]` up to `starts[n + 1]`.
    """

    labels: list[str]
    networks: list[Network]
    ngrams: NGrams
    examples: Rows
    starts: NDArray[np.int32]
    embedding: Embeds | None

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        embedding: Embeds | None,
    ) -> TopicModel:
        """Train on texts and their labels. Raises ValueError with fewer than two labels."""
        names = sorted(set(labels))
        if len(names) < 2:
            raise ValueError("training needs examples of at least two intents")
        number = {name: at for at, name in enumerate(names)}
        order = sorted(range(len(texts)), key=lambda at: number[labels[at]])
        texts = [texts[at] for at in order]
        targets = np.array([number[labels[at]] for at in order], dtype=np.int32)
        embedded = _embedded(embedding, texts)
        ngrams, reduced = NGrams.fit(texts)
        features = np.hstack([embedded, reduced]).astype(np.float32)
        return cls(
            labels=names,
            networks=on_each_core(
                lambda seed: Network.fit(features, targets, len(names), *NETWORKS[seed], seed),
                range(len(NETWORKS)),
            ),
            ngrams=ngrams,
            examples=Rows.of(embedded),
            starts=np.searchsorted(targets, np.arange(len(names) + 1)).astype(np.int32),
            embedding=embedding,
        )

    def read(self, texts: Sequence[Sequence[str]], most: int = 10) -> list[Reading]:
        """What each text is about. A text is given in one or more variants (as typed, without the
        area's name), whose log-probabilities are averaged.
        """
        flat = [variant for variants in texts for variant in variants]
        embedded = _embedded(self.embedding, flat)
        scores = self.scores(embedded, flat)
        readings, start = [], 0
        for variants in texts:
            rows = slice(start, start + len(variants))
            start = rows.stop
            chances = scores[rows].mean(axis=0)
            chances = np.exp(chances - chances.max())
            chances /= chances.sum()
            best = np.argsort(-chances)[:most]
            ranked = tuple(Ranked(self.labels[at], float(chances[at])) for at in best)
            readings.append(Reading(ranked, self._nearness(embedded[rows], best)))
        return readings

    def scores(self, embedded: Array, texts: Sequence[str]) -> Array:
        """Log-probabilities of the labels (not normalised), shape (texts, labels)."""
        features = np.hstack([embedded, self.ngrams.reduced(texts)]).astype(np.float32)
        several = [network.log_chances(features) for network in self.networks]
        result: Array = np.float32(STRETCH) * np.mean(several, axis=0)
        return result

    def _nearness(self, embedded: Array, best: NDArray[np.int64]) -> float:
        if self.embedding is None:
            return 1.0
        # only where it may belong: looking at every example would take longer than all the rest
        known = np.concatenate(
            [self.examples.whole(slice(self.starts[at], self.starts[at + 1])) for at in best]
        )
        return float((known @ embedded.T).max())

    def save(self, folder: Path) -> None:
        """Write plain arrays and the labels into `folder`, which exists."""
        np.savez(
            folder / "arrays.npz",
            **{
                # half the digits are enough, and half the size
                f"{part}_{at}": getattr(network, part).astype(np.float16)
                for at, network in enumerate(self.networks)
                for part in _PARTS
            },
            row_of=self.ngrams.row_of,
            rarity=self.ngrams.rarity,
            projection=self.ngrams.projection.values,
            projection_scale=self.ngrams.projection.scale,
            examples=self.examples.values,
            examples_scale=self.examples.scale,
            starts=self.starts,
        )
        (folder / "labels.json").write_text(json.dumps(self.labels), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, embedding: Embeds | None) -> TopicModel:
        """Read what `save` wrote. Raises OSError or ValueError when it is damaged."""
        try:
            labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
            with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
                kept = {name: arrays[name] for name in arrays.files}
            model = cls(
                labels=[str(label) for label in labels],
                networks=[
                    Network(*(kept[f"{part}_{at}"].astype(np.float32) for part in _PARTS))
                    for at in range(len(NETWORKS))
                ],
                ngrams=NGrams(
                    kept["row_of"],
                    kept["rarity"],
                    Rows(kept["projection"], kept["projection_scale"]),
                ),
                examples=Rows(kept["examples"], kept["examples_scale"]),
                starts=kept["starts"],
                embedding=embedding,
            )
        except (BadZipFile, EOFError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"the model in {folder} is damaged: train it again ({error})"
            ) from error
        if len(model.labels) != len(model.networks[0].outer_bias):
            raise ValueError(f"the model in {folder} is damaged: train it again")
        return model


#: The arrays of a network.
_PARTS = ("inner", "inner_bias", "outer", "outer_bias")


def _embedded(embedding: Embeds | None, texts: Sequence[str]) -> Array:
    if embedding is None:
        return np.zeros((len(texts), WIDTH), dtype=np.float32)
    return embedding.embed(texts)
