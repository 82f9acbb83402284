"""The linear classifier over sentence embeddings and n-grams: a text in, ranked labels out.

Word and character n-grams (TF-IDF) are reduced to a dense space by a truncated SVD and stand
beside the sentence embedding; one multinomial logistic regression sits on both. What is stored is
plain arrays and a vocabulary, never pickled objects.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.embedding import WIDTH

Array = NDArray[np.float32]

#: How much the n-grams weigh against the embedding (chosen by cross-validation).
NGRAM_WEIGHT = 1.0
#: Dimensions that the n-grams are reduced to.
NGRAM_WIDTH = 512
#: Inverse regularisation (chosen by cross-validation).
STRENGTH = 30.0

_ANALYSERS: dict[str, dict[str, Any]] = {
    "word": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    "char": {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2},
}


def _vectorizer(kind: str, **more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        lowercase=True, sublinear_tf=True, dtype=np.float32, **_ANALYSERS[kind], **more
    )


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

    `nearness` is the cosine (−1 to 1) to the nearest training example; 1.0 without an embedding.
    """

    ranked: tuple[Ranked, ...]
    nearness: float


@dataclass
class TopicModel:
    """A trained classifier. Made by `fit` or `load`."""

    labels: list[str]
    weights: Array
    bias: Array
    projection: Array
    vectorizers: dict[str, TfidfVectorizer]
    examples: Array
    example_labels: NDArray[np.int32]
    embedding: Embeds | None

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        embedding: Embeds | None,
        strength: float = STRENGTH,
    ) -> TopicModel:
        """Train on texts and their labels. Raises ValueError with fewer than two labels."""
        names = sorted(set(labels))
        if len(names) < 2:
            raise ValueError("training needs examples of at least two intents")
        vectorizers = {kind: _vectorizer(kind) for kind in _ANALYSERS}
        sparse = hstack(
            [vectorizer.fit_transform(texts) for vectorizer in vectorizers.values()]
        ).tocsr()
        width = min(NGRAM_WIDTH, sparse.shape[0] - 1, sparse.shape[1] - 1)
        reduction = TruncatedSVD(n_components=width, random_state=0).fit(sparse)
        model = cls(
            labels=names,
            weights=np.zeros((0, 0), dtype=np.float32),
            bias=np.zeros(0, dtype=np.float32),
            projection=np.ascontiguousarray(reduction.components_.T, dtype=np.float32),
            vectorizers=vectorizers,
            examples=np.zeros((0, 0), dtype=np.float32),
            example_labels=np.array([names.index(label) for label in labels], dtype=np.int32),
            embedding=embedding,
        )
        embedded = model._embed(texts)
        features = model._features(embedded, sparse)
        # balanced: a topic with many examples must not crowd out its neighbours
        regression = LogisticRegression(C=strength, max_iter=400, class_weight="balanced").fit(
            features, model.example_labels
        )
        weights, bias = regression.coef_, regression.intercept_
        if len(names) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        model.weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        model.bias = bias.astype(np.float32)
        model.examples = embedded.astype(np.float16).astype(np.float32)
        return model

    def _embed(self, texts: Sequence[str]) -> Array:
        if self.embedding is None:
            return np.zeros((len(texts), WIDTH), dtype=np.float32)
        return self.embedding.embed(texts)

    def _sparse(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([one.transform(texts) for one in self.vectorizers.values()]).tocsr()

    def _features(self, embedded: Array, sparse: csr_matrix) -> Array:
        reduced = sparse @ self.projection
        norms = np.linalg.norm(reduced, axis=1, keepdims=True)
        reduced = NGRAM_WEIGHT * reduced / np.maximum(norms, 1e-6)
        return np.hstack([embedded, reduced]).astype(np.float32)

    def read(self, texts: Sequence[Sequence[str]], most: int = 10) -> list[Reading]:
        """What each text is about. A text is given in one or more variants (as typed, without the
        area's name), whose log-probabilities are averaged.
        """
        flat = [variant for variants in texts for variant in variants]
        embedded = self._embed(flat)
        scores = self._features(embedded, self._sparse(flat)) @ self.weights + self.bias
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        readings, start = [], 0
        for variants in texts:
            rows = slice(start, start + len(variants))
            start = rows.stop
            chances = np.exp(scores[rows].mean(axis=0))
            chances /= chances.sum()
            best = np.argsort(-chances)[:most]
            near = 1.0
            if self.embedding is not None:
                near = float((self.examples @ embedded[rows].T).max())
            ranked = tuple(Ranked(self.labels[index], float(chances[index])) for index in best)
            readings.append(Reading(ranked, near))
        return readings

    def save(self, folder: Path) -> None:
        """Write plain arrays and a vocabulary into `folder`, which exists."""
        np.savez(
            folder / "arrays.npz",
            weights=self.weights,
            bias=self.bias,
            projection=self.projection.astype(np.float16),
            examples=self.examples.astype(np.float16),
            example_labels=self.example_labels,
            **{f"idf_{kind}": one.idf_ for kind, one in self.vectorizers.items()},
        )
        vocabulary = {
            kind: sorted(one.vocabulary_, key=one.vocabulary_.__getitem__)
            for kind, one in self.vectorizers.items()
        }
        (folder / "vocabulary.json").write_text(
            json.dumps({"labels": self.labels, "vocabulary": vocabulary}), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path, embedding: Embeds | None) -> TopicModel:
        """Read what `save` wrote. Raises OSError or ValueError when it is damaged."""
        try:
            return cls._read(folder, embedding)
        except (BadZipFile, EOFError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"the model in {folder} is damaged: train it again ({error})"
            ) from error

    @classmethod
    def _read(cls, folder: Path, embedding: Embeds | None) -> TopicModel:
        stored = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            vectorizers = {}
            for kind, words in stored["vocabulary"].items():
                one = _vectorizer(kind, vocabulary={word: at for at, word in enumerate(words)})
                one.idf_ = arrays[f"idf_{kind}"]
                vectorizers[kind] = one
            return cls(
                labels=stored["labels"],
                weights=arrays["weights"],
                bias=arrays["bias"],
                projection=arrays["projection"].astype(np.float32),
                vectorizers=vectorizers,
                examples=arrays["examples"].astype(np.float32),
                example_labels=arrays["example_labels"],
                embedding=embedding,
            )
