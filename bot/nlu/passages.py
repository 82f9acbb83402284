"""The guidance nearest in meaning to a text, for questions that no topic was found for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.guidance.load import Guidance
from bot.nlu.embedding import SentenceEmbedding

#: Cosine below which a passage is too far from the question to be shown. A product choice.
FARTHEST = 0.35


@dataclass
class PassageIndex:
    """The first lines of all answers with their embeddings. Made by `build` or `load`."""

    places: list[tuple[str, int]]
    vectors: NDArray[np.float32]

    @classmethod
    def build(cls, guidance: Guidance, embedding: SentenceEmbedding | None) -> PassageIndex:
        """Index the first line of each answer of each topic; empty without an embedding."""
        if embedding is None:
            return cls([], np.zeros((0, 0), dtype=np.float32))
        places = [
            (topic.id, number)
            for topic in guidance.topics.values()
            for number in range(len(topic.answers))
        ]
        texts = [
            f"{guidance.topics[topic].title}. {guidance.topics[topic].answers[number].short}"
            for topic, number in places
        ]
        return cls(places, embedding.embed(texts))

    def nearest(self, vector: NDArray[np.float32], most: int = 2) -> list[Mapping[str, object]]:
        """The nearest passages to a unit vector, each of another topic: topic and answer number."""
        if not self.places:
            return []
        closeness = self.vectors @ vector
        found: dict[str, int] = {}
        for index in np.argsort(-closeness):
            if closeness[index] < FARTHEST or len(found) == most:
                break
            topic, number = self.places[index]
            found.setdefault(topic, number)
        return [{"topic": topic, "answer": number} for topic, number in found.items()]

    def save(self, folder: Path) -> None:
        """Write plain arrays into `folder`, which exists."""
        np.savez(
            folder / "passages.npz",
            topics=np.array([topic for topic, _ in self.places], dtype=np.str_),
            answers=np.array([number for _, number in self.places], dtype=np.int32),
            vectors=self.vectors.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> PassageIndex:
        """Read what `save` wrote. Raises OSError, or ValueError when it is damaged."""
        path = folder / "passages.npz"
        try:
            with np.load(path, allow_pickle=False) as arrays:
                topics, answers = arrays["topics"].tolist(), arrays["answers"].tolist()
                vectors = arrays["vectors"].astype(np.float32)
        except (BadZipFile, EOFError, KeyError) as error:
            raise ValueError(f"{path} is damaged: train the model again ({error})") from error
        return cls(list(zip(topics, answers, strict=True)), vectors)
