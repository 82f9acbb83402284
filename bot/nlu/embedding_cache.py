"""Keeps the embeddings of training phrases between trainings: only new phrases are embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.nlu.embedding import WIDTH, Array, SentenceEmbedding


class CachedEmbedding:
    """Embeds like `SentenceEmbedding`, reading and writing a file of plain arrays.

    A cache that cannot be read or written is done without: it only saves time.
    """

    def __init__(self, embedding: SentenceEmbedding, path: Path) -> None:
        self._embedding = embedding
        self._path = path
        self._known: dict[str, Array] = {}
        try:
            with np.load(path, allow_pickle=False) as arrays:
                keys, vectors = arrays["keys"].tolist(), arrays["vectors"]
            if vectors.shape == (len(keys), WIDTH):
                self._known = dict(zip(keys, vectors, strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            self._known = {}

    def embed(self, texts: Sequence[str]) -> Array:
        """Unit vectors of `texts`, shape (len(texts), WIDTH)."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            vectors = self._embedding.embed(list(new.values()))
            self._known.update(zip(new, vectors, strict=True))
            self._write(keys)
        return np.stack([self._known[key] for key in keys]) if keys else np.zeros((0, WIDTH), "f4")

    def _write(self, keys: Sequence[str]) -> None:
        kept = list(dict.fromkeys(keys))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new.npz")
            vectors = np.stack([self._known[key] for key in kept])
            np.savez(fresh, keys=np.array(kept), vectors=vectors)
            fresh.replace(self._path)
        except OSError:
            return
