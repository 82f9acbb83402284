"""Embeddings of training phrases are kept; a cache that cannot be used is done without."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.embedding import TOGETHER, WIDTH, Array, SentenceEmbedding
from bot.nlu.embedding_cache import AT_A_TIME, CachedEmbedding

TEXTS = ["who do I ring", "what is CSE", "she is missing"]


class Counting(SentenceEmbedding):
    """The real embedding, which also notes what it was asked to embed."""

    def __init__(self, real: SentenceEmbedding) -> None:
        self.__dict__.update(real.__dict__)
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], together: int = TOGETHER) -> Array:
        self.asked += texts
        return super().embed(texts, together)


@pytest.fixture
def counting(embedding: SentenceEmbedding) -> Counting:
    return Counting(embedding)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "models" / "phrases.npz"


def test_it_embeds_like_the_embedding_itself(counting: Counting, path: Path) -> None:
    expected = SentenceEmbedding.embed(counting, TEXTS)
    assert np.allclose(CachedEmbedding(counting, path).embed(TEXTS), expected, atol=1e-6)
    assert np.allclose(CachedEmbedding(counting, path).embed(TEXTS), expected, atol=1e-6)


def test_only_new_phrases_are_embedded(counting: Counting, path: Path) -> None:
    CachedEmbedding(counting, path).embed(TEXTS)
    counting.asked.clear()
    CachedEmbedding(counting, path).embed([*TEXTS[::-1], "a new one"])
    assert counting.asked == ["a new one"]


def test_a_phrase_that_stands_twice_is_embedded_once(counting: Counting, path: Path) -> None:
    vectors = CachedEmbedding(counting, path).embed([TEXTS[0], TEXTS[1], TEXTS[0]])
    assert sorted(counting.asked) == sorted(TEXTS[:2])
    assert np.array_equal(vectors[0], vectors[2])


def test_many_texts_of_all_lengths_come_back_in_their_order(counting: Counting, path: Path) -> None:
    texts = [f"{'is she safe ' * (at % 9)}with number {at}" for at in range(AT_A_TIME + 40)]
    vectors = CachedEmbedding(counting, path).embed(texts)
    some = [0, 7, 100, AT_A_TIME + 1, AT_A_TIME + 39]
    expected = SentenceEmbedding.embed(counting, [texts[at] for at in some])
    assert np.allclose(vectors[some], expected, atol=1e-5)


def test_phrases_that_are_gone_are_not_kept_for_ever(counting: Counting, path: Path) -> None:
    CachedEmbedding(counting, path).embed(TEXTS)
    CachedEmbedding(counting, path).embed(["a new one"])
    with np.load(path, allow_pickle=False) as arrays:
        assert len(arrays["keys"]) == 1


def test_no_texts_have_no_vectors(counting: Counting, path: Path) -> None:
    assert CachedEmbedding(counting, path).embed([]).shape == (0, WIDTH)
    assert not path.exists()


def test_the_phrases_themselves_are_not_in_the_file(counting: Counting, path: Path) -> None:
    CachedEmbedding(counting, path).embed(TEXTS)
    assert b"missing" not in path.read_bytes()


@pytest.mark.parametrize("damage", ["empty", "words", "cut short", "a folder", "other arrays",
                                    "other width"])  # fmt: skip
def test_a_damaged_cache_is_done_without(counting: Counting, path: Path, damage: str) -> None:
    CachedEmbedding(counting, path).embed(TEXTS)
    whole = path.read_bytes()
    path.unlink()
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "words":
            path.write_bytes(b"these are no arrays")
        case "cut short":
            path.write_bytes(whole[: len(whole) // 2])
        case "a folder":
            path.mkdir()
        case "other arrays":
            np.savez(path, others=np.zeros(3))
        case _:
            np.savez(path, keys=np.array(["a"]), vectors=np.zeros((1, 3), dtype=np.float32))
    counting.asked.clear()
    assert CachedEmbedding(counting, path).embed(TEXTS).shape == (len(TEXTS), WIDTH)
    assert sorted(counting.asked) == sorted(TEXTS)


def test_a_cache_that_cannot_be_written_is_done_without(counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be", encoding="utf-8")
    cached = CachedEmbedding(counting, tmp_path / "models" / "phrases.npz")
    assert cached.embed(TEXTS).shape == (len(TEXTS), WIDTH)
