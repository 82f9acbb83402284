"""Messages in other languages are noticed, and English never is, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.languages import Languages
from bot.nlu.report import read_phrases

ROOT = Path(__file__).parents[2]
ENGLISH = [one.text for one in read_phrases(ROOT / "data" / "nlu")]


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Languages:
    """As a model keeps them."""
    kept = tmp_path_factory.mktemp("model") / "languages.json"
    Languages.learn(ENGLISH).save(kept)
    return Languages.load(kept)


@pytest.mark.parametrize(
    "text",
    [
        "Dzień dobry, martwię się o dziecko, co mam zrobić?",
        "dzien dobry martwie sie o dziecko",
        "copilul meu a disparut",
        "mein kind ist weggelaufen",
        "fata mea are 14 ani si nu stiu unde este",
        "ma fille a disparu depuis hier",
        "mia figlia e scomparsa",
        "kaip man pranesti apie vaika",
        "vajza ime ka humbur",
        "hola necesito ayuda con una niña",
        "как сообщить о ребенке",
        "مرحبا احتاج مساعدة",
        "你好",
    ],
)
def test_a_message_in_another_language_is_noticed(languages: Languages, text: str) -> None:
    assert languages.is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "999",
        "😀 👍",
        "cse",
        "wot du i do abt teh grl",
        "lad in car wiv man",
        "girl met man, de escort agency in la placement",
        "my english bad. girl 14 with man, i scared",
        "hoo du i fone in derby",
        "im a TA",
    ],
)
def test_english_however_it_is_written_is_not(languages: Languages, text: str) -> None:
    assert not languages.is_foreign(text)


def test_no_question_of_practice_is_taken_for_another_language(languages: Languages) -> None:
    asked = [
        wording["text"]
        for path in sorted((ROOT / "tests" / "data").glob("questions_*.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
        for wording in row["wordings"]
    ]
    assert len(asked) > 1_000
    assert [text for text in asked if languages.is_foreign(text)] == []
