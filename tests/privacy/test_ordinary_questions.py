"""Questions without a person in them must be left as they are."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.privacy import Scrubber

ROOT = Path(__file__).parents[2]
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\{[^}]*\}|\([^)]*\))")


def changed(scrubber: Scrubber, texts: list[str]) -> list[tuple[str, str]]:
    pairs = [(text, scrubber.redact(text)) for text in texts]
    return [(text, redacted) for text, redacted in pairs if redacted != text]


def test_training_phrases_stay(scrubber: Scrubber) -> None:
    phrases = [
        ANNOTATION.sub(r"\1", line.strip().removeprefix("- "))
        for path in sorted((ROOT / "data" / "nlu").rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("    - ")
    ]
    wrong = changed(scrubber, phrases)
    share = 100 * len(wrong) / len(phrases)
    print(f"\ntraining phrases: {share:.2f} % of {len(phrases)} changed")
    assert share <= 1, wrong[:20]


def test_held_out_questions_stay(scrubber: Scrubber) -> None:
    """Their words are no part of the vocabulary, unlike those of the training phrases."""
    questions = [
        wording["text"]
        for path in sorted((ROOT / "tests" / "data").glob("questions_*.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
        for wording in row["wordings"]
    ]
    wrong = changed(scrubber, questions)
    share = 100 * len(wrong) / len(questions)
    print(f"\nheld-out questions: {share:.2f} % of {len(questions)} changed")
    assert share <= 1, wrong[:20]
