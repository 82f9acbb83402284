"""Sentence embeddings: the published weights or none, and unit vectors that mean something."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.embedding import (
    RECENT,
    WIDTH,
    EmbeddingError,
    SentenceEmbedding,
    shared_embedding,
    weights_folder,
)
from bot.safety.meaning import Meaning

TEXTS = [
    "who do I ring in Luton",
    "",
    "a girl of 14 has new gifts and an older boyfriend, and she goes missing at weekends",
    "s.47?",
    "whom should I call",
    "é 😀 \u200b",
]


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Without the process's shared embedding, before and after."""
    shared_embedding.cache_clear()
    yield
    shared_embedding.cache_clear()


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with the published weights, to damage."""
    folder = tmp_path / "weights"
    folder.mkdir()
    published = weights_folder()
    (folder / "model.safetensors").symlink_to(published / "model.safetensors")
    shutil.copy(published / "tokenizer.json", folder)
    return folder


# --- the weights ----------------------------------------------------------------------------------


def test_the_published_weights_load_from_any_folder(
    weights: Path, embedding: SentenceEmbedding
) -> None:
    assert np.array_equal(SentenceEmbedding(weights).embed(TEXTS[:1]), embedding.embed(TEXTS[:1]))


def test_a_changed_tokenizer_is_refused(weights: Path) -> None:
    path = weights / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(EmbeddingError, match=r"tokenizer\.json is not the published file"):
        SentenceEmbedding(weights)


def test_changed_weights_are_refused_before_they_are_read(weights: Path) -> None:
    (weights / "model.safetensors").unlink()
    (weights / "model.safetensors").write_bytes(b"not weights at all")
    with pytest.raises(EmbeddingError, match=r"model\.safetensors is not the published file"):
        SentenceEmbedding(weights)


def test_missing_weights_say_which_file(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"model\.safetensors cannot be read"):
        SentenceEmbedding(tmp_path)


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYMARK_EMBEDDING", str(tmp_path))
    assert weights_folder() == tmp_path


def test_without_weights_there_is_a_warning_and_none(
    forgotten: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("WAYMARK_EMBEDDING", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert shared_embedding() is None
        assert shared_embedding() is None
    assert len(caplog.records) == 1, "said once"
    assert "falls back on n-grams alone" in caplog.text
    assert "model.safetensors" in caplog.text


# --- the vectors ----------------------------------------------------------------------------------


def test_unit_vectors_one_for_each_text(embedding: SentenceEmbedding) -> None:
    vectors = embedding.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), WIDTH)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_have_no_vectors(embedding: SentenceEmbedding) -> None:
    assert embedding.embed([]).shape == (0, WIDTH)


@pytest.mark.parametrize("together", [1, 24, 192])
def test_a_text_has_the_same_vector_alone_and_in_any_batch(
    embedding: SentenceEmbedding, together: int
) -> None:
    alone = np.vstack([embedding.embed([text]) for text in TEXTS])
    # another one, which remembers none of them
    again = SentenceEmbedding().embed(TEXTS, together=together)
    assert np.allclose(again, alone, atol=1e-5)


def test_vectors_stand_in_the_order_of_the_texts(embedding: SentenceEmbedding) -> None:
    again = SentenceEmbedding().embed(TEXTS[::-1])
    assert np.allclose(embedding.embed(TEXTS)[::-1], again, atol=1e-5)


def test_a_text_read_lately_is_not_read_again(
    embedding: SentenceEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = embedding.embed(TEXTS)
    monkeypatch.setattr(embedding, "_forward", None)  # reading would fail
    assert np.array_equal(embedding.embed(TEXTS[::-1]), before[::-1])


def test_many_texts_at_once_are_all_read(embedding: SentenceEmbedding) -> None:
    texts = [f"{number} children are missing" for number in range(2 * RECENT)]
    vectors = SentenceEmbedding().embed(texts)
    assert np.allclose(vectors[[0, -1]], embedding.embed([texts[0], texts[-1]]), atol=1e-5)


def test_what_means_the_same_is_nearer_than_what_does_not(embedding: SentenceEmbedding) -> None:
    runs, missing, form = embedding.embed(
        ["the girl ran away from home", "the child is missing from home", "send the form by post"]
    )
    assert runs @ missing > 0.5
    assert runs @ missing > runs @ form + 0.3


def test_a_very_long_text_is_read_as_far_as_it_goes(embedding: SentenceEmbedding) -> None:
    long = "missing from home " * 400
    assert np.allclose(embedding.embed([long]), embedding.embed([long + "and more"]), atol=1e-5)


def test_what_is_expected_is_read_along_and_the_same(embedding: SentenceEmbedding) -> None:
    alone = Meaning(embedding)
    texts = ["who do I ring in the evening?", "what is a strategy discussion", "signs"]
    other = ["she has gone missing again and her phone is off", "signs"]
    apart = [SentenceEmbedding().embed(texts), Meaning(SentenceEmbedding()).embed(other)]
    embedding.expect(texts)
    along = alone.embed(other)
    np.testing.assert_allclose(along, apart[1], atol=2e-6)
    np.testing.assert_allclose(embedding.embed(texts), apart[0], atol=2e-6)
    embedding.expect(texts)
    assert embedding._weights.recent.expected is None, "all of them are known by now"
