"""The guidance nearest in meaning, for questions that no topic was found for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.guidance import Guidance
from bot.nlu.embedding import WIDTH, SentenceEmbedding
from bot.nlu.passages import FARTHEST, PassageIndex


def unit(*values: float) -> np.ndarray:  # type: ignore[type-arg]
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def index() -> PassageIndex:
    """Four passages of three topics, in two dimensions."""
    return PassageIndex(
        [("signs", 0), ("signs", 1), ("calling", 0), ("law", 0)],
        np.stack([unit(1, 0), unit(1, 0.1), unit(1, 0.5), unit(-1, 0)]),
    )


@pytest.fixture(scope="module")
def few(guidance: Guidance) -> Guidance:
    """The real guidance with three of its topics."""
    kept = {name: guidance.topics[name] for name in ("missing_link", "who_to_ring", "first_step")}
    return Guidance(
        guidance.sources, guidance.areas, guidance.contacts, kept,
        guidance.laws, guidance.changes, guidance.terms,
    )  # fmt: skip


def test_the_nearest_come_first_each_of_another_topic(index: PassageIndex) -> None:
    assert index.nearest(unit(1, 0)) == [
        {"topic": "signs", "answer": 0}, {"topic": "calling", "answer": 0},
    ]  # fmt: skip


def test_of_a_topic_the_nearest_answer_is_shown(index: PassageIndex) -> None:
    assert index.nearest(unit(1, 0.1), most=1) == [{"topic": "signs", "answer": 1}]


def test_what_is_too_far_is_not_shown(index: PassageIndex) -> None:
    assert index.nearest(unit(0, -1)) == []
    assert FARTHEST > 0


def test_every_answer_of_every_topic_is_a_passage(
    few: Guidance, embedding: SentenceEmbedding
) -> None:
    built = PassageIndex.build(few, embedding)
    assert built.places == [
        (topic.id, number) for topic in few.topics.values() for number in range(len(topic.answers))
    ]
    assert built.vectors.shape == (len(built.places), WIDTH)


def test_a_question_finds_what_it_means(few: Guidance, embedding: SentenceEmbedding) -> None:
    built = PassageIndex.build(few, embedding)
    (vector,) = embedding.embed(["do exploited children often run away"])
    assert built.nearest(vector)[0]["topic"] == "missing_link"


def test_without_an_embedding_nothing_is_near(few: Guidance) -> None:
    assert PassageIndex.build(few, None).nearest(unit(*[1] * WIDTH)) == []


def test_what_was_saved_is_what_is_loaded(
    few: Guidance, embedding: SentenceEmbedding, tmp_path: Path
) -> None:
    built = PassageIndex.build(few, embedding)
    built.save(tmp_path)
    loaded = PassageIndex.load(tmp_path)
    assert loaded.places == built.places
    assert np.allclose(loaded.vectors, built.vectors, atol=1e-3)
    (vector,) = embedding.embed(["do exploited children often run away"])
    assert loaded.nearest(vector) == built.nearest(vector)


def test_an_empty_index_can_be_saved_and_loaded(few: Guidance, tmp_path: Path) -> None:
    PassageIndex.build(few, None).save(tmp_path)
    assert PassageIndex.load(tmp_path).nearest(unit(*[1] * WIDTH)) == []


def test_nothing_is_pickled(few: Guidance, embedding: SentenceEmbedding, tmp_path: Path) -> None:
    PassageIndex.build(few, embedding).save(tmp_path)
    with np.load(tmp_path / "passages.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
