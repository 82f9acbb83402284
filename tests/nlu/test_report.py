"""How well messages are understood is measured apart from what was learned, and shown plainly."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.guidance.load import load_guidance
from bot.nlu.entities import Vocabulary
from bot.nlu.report import Guess, Held, Phrase, Results, measure, read_held, read_phrases
from bot.nlu.report_plot import draw
from bot.nlu.shorthand import Shorthand

PROJECT = Path(__file__).parents[2]


def guess(first: str, confidence: float, right: str = "ask/signs") -> Guess:
    return Guess("how do I know", frozenset([right]), first, "greet", confidence)


RESULTS = Results(
    {
        "base": [guess("ask/signs", 0.95), guess("ask/grooming", 0.55), guess("greet", 0.35)],
        "held out": [guess("ask/signs", 0.85), guess("ask/grooming", 0.45)],
    }
)


def test_accuracy_is_of_one_set() -> None:
    assert RESULTS.accuracy("base") == pytest.approx(1 / 3)
    assert RESULTS.accuracy("held out") == pytest.approx(1 / 2)


def test_what_is_confused_most_often_comes_first() -> None:
    assert RESULTS.confusions() == [("ask/signs", "ask/grooming", 2), ("ask/signs", "greet", 1)]


def test_the_least_sure_come_first() -> None:
    assert [one.confidence for one in RESULTS.least_sure(2)] == [0.35, 0.45]


def test_calibration_tells_how_often_each_confidence_was_right() -> None:
    bands = {round(mean, 2): (right, number) for mean, right, number in RESULTS.calibration()}
    assert bands[0.95] == (1.0, 1)
    assert bands[0.55] == (0.0, 1)
    assert sum(number for _, number in bands.values()) == 5


def test_the_plot_is_an_svg_that_names_the_sets() -> None:
    drawn = draw(RESULTS)
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert "held out" in drawn


def test_phrases_are_read_with_their_topic_and_set_and_none_that_nothing_is_learned_from(
    tmp_path: Path,
) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "plain.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hello\n"
        "- intent: screening_back\n  examples: |\n    - back\n",
        encoding="utf-8",
    )
    (tmp_path / "voices" / "signs.yml").write_text(
        "nlu:\n- intent: ask\n  metadata:\n    topic: signs\n  examples: |\n    - what to look for\n",
        encoding="utf-8",
    )
    assert read_phrases(tmp_path) == [
        Phrase("hello", "greet", "base"),
        Phrase("what to look for", "ask/signs", "voices"),
    ]


def test_a_held_out_wording_is_right_where_the_answer_holds_every_fact() -> None:
    files = [PROJECT / "tests" / "data" / f"questions_{number}.yml" for number in (1, 2, 4)]
    held = read_held(files, load_guidance())
    assert len(held) > 1_000
    assert all(one.right for one in held)
    assert all(label.startswith("ask/") for one in held for label in one.right)


def test_each_set_is_read_by_a_model_that_has_not_seen_it() -> None:
    shorthand = Shorthand(Vocabulary.read().shorthand)
    words = {"ask/signs": "signs marks clues", "greet": "hello hi morning"}
    phrases = [
        Phrase(f"{word} {number} {name}", label, name)
        for name in ("base", "voices")
        for label, several in words.items()
        for word in several.split()
        for number in range(3)
    ]
    held = [Held("which signs", frozenset(["ask/signs"]))]
    results = measure(phrases, held, ["the price of fish"], shorthand, None)
    assert results.accuracy("without “base”") > 0.8
    assert results.accuracy("without “voices”") > 0.8
    assert sum(len(guesses) for guesses in results.sets.values()) == len(phrases) + 2
