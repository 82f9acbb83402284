"""Keeps the embeddings of training phrases between trainings: only new phrases are embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.nlu.cores import on_each_core
from bot.nlu.embedding import WIDTH, Array, SentenceEmbedding

#: Texts that one core embeds at a time, and word pieces of them that run through the layers
#: together: with more to multiply at once a core is a tenth faster than for a single message.
AT_A_TIME, TOGETHER = 512, 384


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
            self._known.update(self._embed(new))
            self._write(keys)
        return np.stack([self._known[key] for key in keys]) if keys else np.zeros((0, WIDTH), "f4")

    def _embed(self, new: Mapping[str, str]) -> Iterator[tuple[str, Array]]:
        # texts of about one length together: they run through the layers as one
        keys = sorted(new, key=lambda key: len(new[key]))
        parts = list(batched(keys, AT_A_TIME))
        found = on_each_core(
            lambda part: self._embedding.embed([new[key] for key in part], TOGETHER), parts
        )
        for part, vectors in zip(parts, found, strict=True):
            yield from zip(part, vectors, strict=True)

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
