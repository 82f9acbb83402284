"""The classifier: texts in, ranked labels out; what is stored is plain arrays."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.embedding import SentenceEmbedding
from bot.nlu.topic_model import NGrams, TopicModel

EXAMPLES = {
    "ask/who_to_ring": [
        "who do I ring", "who do I call", "what number do I ring", "phone number please",
        "who should I phone", "number for social care", "whom do I telephone", "who to contact",
        "which number do I call", "who can I ring at night",
    ],
    "ask/signs": [
        "what are the signs", "list the warning signs", "which indicators are there",
        "how do I spot it", "what should I look out for", "signs of exploitation",
        "warning signs in a teenager", "indicators of grooming", "what do I look for",
        "are gifts a sign",
    ],
    "ask/missing": [
        "she is missing from home", "a child has gone missing", "he ran away", "missing procedure",
        "she keeps running away", "missing from care", "what if a child goes missing",
        "gone missing again", "he did not come home", "missing overnight",
    ],
    "greet": [
        "hello", "hi", "good morning", "hi there", "hey", "hello there", "good afternoon",
        "morning", "hiya", "good evening",
    ],
}  # fmt: skip
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]
NEW = {"whom do I ring tonight": "ask/who_to_ring", "signs to look for": "ask/signs",
       "a girl is missing": "ask/missing", "hello again": "greet"}  # fmt: skip


@pytest.fixture(scope="module")
def model(embedding: SentenceEmbedding) -> TopicModel:
    return TopicModel.fit(TEXTS, LABELS, embedding)


@pytest.fixture(scope="module")
def plain() -> TopicModel:
    """A model of n-grams alone."""
    return TopicModel.fit(TEXTS, LABELS, None)


@pytest.fixture(params=["with the embedding", "n-grams alone"])
def either(request: pytest.FixtureRequest, model: TopicModel, plain: TopicModel) -> TopicModel:
    return model if request.param == "with the embedding" else plain


@pytest.mark.parametrize("text", NEW)
def test_new_texts_are_understood(either: TopicModel, text: str) -> None:
    (reading,) = either.read([[text]])
    assert reading.ranked[0].label == NEW[text]


def test_labels_are_ranked_and_their_probabilities_add_up(either: TopicModel) -> None:
    (reading,) = either.read([["who do I ring"]])
    confidences = [one.confidence for one in reading.ranked]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0, abs=1e-4)
    assert {one.label for one in reading.ranked} == set(EXAMPLES)


def test_as_many_labels_as_are_asked_for(model: TopicModel) -> None:
    (reading,) = model.read([["who do I ring"]], most=2)
    assert len(reading.ranked) == 2


def test_each_text_is_read_by_itself(model: TopicModel) -> None:
    together = model.read([["who do I ring"], ["hello", "hello there"], ["is she missing"]])
    for reading, variants in zip(
        together, [["who do I ring"], ["hello", "hello there"], ["is she missing"]], strict=True
    ):
        (alone,) = model.read([variants])
        assert [one.label for one in alone.ranked] == [one.label for one in reading.ranked]
        assert alone.ranked[0].confidence == pytest.approx(reading.ranked[0].confidence, abs=1e-3)


def test_variants_of_a_text_are_averaged(model: TopicModel) -> None:
    (first,) = model.read([["hello"]])
    (second,) = model.read([["she is missing from home"]])
    (both,) = model.read([["hello", "she is missing from home"]])
    top = {one.label: one.confidence for one in both.ranked}
    assert top["greet"] < first.ranked[0].confidence
    assert top["ask/missing"] < second.ranked[0].confidence
    (twice,) = model.read([["hello", "hello"]])
    assert twice.ranked[0].confidence == pytest.approx(first.ranked[0].confidence, abs=1e-4)


@pytest.mark.parametrize("text", ["", "zzzz qqqq", "😀", "é" * 1000])
def test_any_text_can_be_read(either: TopicModel, text: str) -> None:
    (reading,) = either.read([[text]])
    assert all(0 <= one.confidence <= 1 for one in reading.ranked)


def test_nearness_is_one_for_a_training_text_and_less_for_another(model: TopicModel) -> None:
    known, far = model.read([["who do I ring"], ["the price of steel in 1974"]])
    assert known.nearness == pytest.approx(1.0, abs=1e-2)
    assert far.nearness < 0.5


def test_without_an_embedding_nearness_holds_nothing_back(plain: TopicModel) -> None:
    (reading,) = plain.read([["the price of steel in 1974"]])
    assert reading.nearness == 1.0


def test_training_again_gives_the_same_model(plain: TopicModel) -> None:
    again = TopicModel.fit(TEXTS, LABELS, None)
    for one, other in zip(again.networks, plain.networks, strict=True):
        assert np.allclose(one.outer, other.outer, atol=1e-4)
    assert again.labels == plain.labels


def test_two_labels_are_enough_and_one_is_not() -> None:
    two = TopicModel.fit(TEXTS[:20], LABELS[:20], None)
    (reading,) = two.read([["signs of exploitation"]])
    assert [one.label for one in reading.ranked] == ["ask/signs", "ask/who_to_ring"]
    with pytest.raises(ValueError, match="at least two intents"):
        TopicModel.fit(TEXTS[:10], LABELS[:10], None)


# --- stored ---------------------------------------------------------------------------------------


def test_what_was_saved_reads_the_same(either: TopicModel, tmp_path: Path) -> None:
    either.save(tmp_path)
    loaded = TopicModel.load(tmp_path, either.embedding)
    for text in (*NEW, *TEXTS, "something else"):
        (before,), (after,) = either.read([[text]]), loaded.read([[text]])
        assert after.ranked[0].label == before.ranked[0].label
        assert after.ranked[0].confidence == pytest.approx(before.ranked[0].confidence, abs=5e-3)
        assert after.nearness == pytest.approx(before.nearness, abs=2e-3)


def test_a_model_still_understands_when_the_embedding_is_gone(
    model: TopicModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    loaded = TopicModel.load(tmp_path, None)
    right = [loaded.read([[text]])[0].ranked[0].label == label for text, label in NEW.items()]
    assert sum(right) >= 3


def test_nothing_is_pickled(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"arrays.npz", "labels.json"}
    stored = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert stored == sorted(EXAMPLES)
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fi" for name in arrays.files)
    with zipfile.ZipFile(tmp_path / "arrays.npz") as archive:
        for name in archive.namelist():
            assert archive.read(name).startswith(b"\x93NUMPY")


def test_a_file_with_pickled_objects_is_refused(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    kept["inner_0"] = np.array([{"an": "object"}], dtype=object)
    np.savez(tmp_path / "arrays.npz", **kept)
    with pytest.raises(ValueError, match="allow_pickle"):
        TopicModel.load(tmp_path, None)


@pytest.mark.parametrize(
    "damage", ["arrays gone", "arrays cut short", "arrays empty", "no labels", "not JSON",
               "labels gone"],
)  # fmt: skip
def test_a_damaged_model_is_an_error_that_is_expected(
    model: TopicModel, tmp_path: Path, damage: str
) -> None:
    model.save(tmp_path)
    arrays, labels = tmp_path / "arrays.npz", tmp_path / "labels.json"
    match damage:
        case "arrays gone":
            arrays.unlink()
        case "arrays cut short":
            arrays.write_bytes(arrays.read_bytes()[:5000])
        case "arrays empty":
            arrays.write_bytes(b"")
        case "no labels":
            labels.unlink()
        case "not JSON":
            labels.write_text("{", encoding="utf-8")
        case _:
            labels.write_text("{}", encoding="utf-8")
    with pytest.raises((OSError, ValueError)):
        TopicModel.load(tmp_path, None)


def test_n_grams_give_what_they_were_fitted_from_as_they_will_give_it_later() -> None:
    ngrams, fitted = NGrams.fit(TEXTS)
    assert np.allclose(fitted, ngrams.reduced(TEXTS), atol=1e-5)
    assert np.allclose(np.linalg.norm(fitted, axis=1), 1, atol=1e-5)
