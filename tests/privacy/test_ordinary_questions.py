"""Questions without a person in them must be left as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.guidance import Guidance
from bot.privacy import Scrubber

ROOT = Path(__file__).parents[2]
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\{[^}]*\}|\([^)]*\))")


def changed(scrubber: Scrubber, texts: list[str]) -> list[tuple[str, str]]:
    pairs = [(text, scrubber.redact(text)) for text in texts]
    return [(text, redacted) for text, redacted in pairs if redacted != text]


def phrases_of(paths: list[Path]) -> list[str]:
    return [
        ANNOTATION.sub(r"\1", line.strip().removeprefix("- "))
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("    - ")
    ]


NLU = sorted((ROOT / "data" / "nlu").rglob("*.yml"))


def test_training_phrases_stay(scrubber: Scrubber) -> None:
    phrases = phrases_of(NLU)
    wrong = changed(scrubber, phrases)
    share = 100 * len(wrong) / len(phrases)
    print(f"\ntraining phrases: {share:.2f} % of {len(phrases)} changed")
    assert share <= 1, wrong[:20]


def test_phrases_whose_words_were_never_seen_stay(guidance: Guidance, tmp_path: Path) -> None:
    """A third of the topics is kept from the vocabulary: misspellings and all are new to it."""
    topics = sorted({path.name for path in NLU})
    unseen = [path for path in NLU if path.name in topics[::3]]
    (tmp_path / "guidance").symlink_to(ROOT / "data" / "guidance")
    (tmp_path / "nlu").mkdir()
    for number, path in enumerate(path for path in NLU if path not in unseen):
        (tmp_path / "nlu" / f"{number}.yml").symlink_to(path)
    phrases = phrases_of(unseen)
    wrong = changed(Scrubber(guidance, tmp_path / "guidance"), phrases)
    share = 100 * len(wrong) / len(phrases)
    print(f"\nphrases never seen: {share:.2f} % of {len(phrases)} changed")
    assert share <= 5, wrong[:20]


def test_held_out_questions_stay(scrubber: Scrubber) -> None:
    """They are not read for the vocabulary, unlike the training phrases."""
    questions = [
        wording["text"]
        for path in sorted((ROOT / "tests" / "data").glob("questions_*.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
        for wording in row["wordings"]
    ]
    wrong = changed(scrubber, questions)
    share = 100 * len(wrong) / len(questions)
    print(f"\nheld-out questions: {share:.2f} % of {len(questions)} changed")
    assert share <= 0.2, wrong[:20]


@pytest.mark.parametrize(
    "text",
    [
        "full name of VEMT",
        "what does VEMT stand for in hartlepool",
        "is there an organogram of the board",
        "she comes in with glazed eyes",
        "is she fraser competent",
        "fraser or gillick, which is it",
        "hmm not sure",
        "umm",
        "aww thanks",
        "off her face on mcat",
        "adult svcs will not take him",
        "is there a SERAF score",
        "bits and bobs of information, nothing that adds up",
        "she never got a penny",
    ],
)
def test_words_of_the_field_and_of_every_day_stay(scrubber: Scrubber, text: str) -> None:
    assert scrubber.redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "fraser went missing last night",
        "worried about penny she's gone",
        "bob's mum rang",
        "his name is glaze",
        "tara has not come home",
    ],
)
def test_the_same_words_as_names_are_found(scrubber: Scrubber, text: str) -> None:
    assert "[name]" in scrubber.redact(text)
