"""A level that is judged with words around it: denied, reasoned, or one of two."""

from __future__ import annotations

import pytest

from bot.screening.dialogue import none_of
from bot.screening.level_said import level_said
from bot.screening.reading import ScreeningReader

from .test_dialogue import DIALOGUE, GUIDANCE, QUESTIONNAIRE, judging, read

SCRUBS = ScreeningReader(DIALOGUE, GUIDANCE, scrub=lambda text: text.replace("Kayla", "[name]"))
WITH_SIGN = judging(
    signs_people={**none_of(QUESTIONNAIRE.by_id["signs_people"]), "older_partner": "now"}
)


@pytest.mark.parametrize(
    "text",
    [
        "it's not low", "definitely not high", "it can't be low", "I wouldn't say low", "not low",
        "no way it's low", "that isn't low", "I don't think it's low", "never low", "not high risk",
        "not low or medium",
    ],
)  # fmt: skip
def test_a_denied_level_is_asked_about(text: str) -> None:
    said = read(judging(), text)
    assert said is not None
    assert said.intent == "screening_answer"
    assert "I have recorded no level yet" in said.entities["explanation"]
    asked = DIALOGUE.unclear(judging(), said.entities["explanation"])
    assert asked.session is not None
    assert asked.session.stage == "judging"
    assert asked.session.level is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("not low, medium", "medium"), ("it's not low, it's medium", "medium"),
        ("medium, not high", "medium"), ("high rather than medium", "high"),
    ],
)  # fmt: skip
def test_a_denied_level_beside_the_one_that_is_meant(text: str, level: str) -> None:
    said = read(judging(), text)
    assert said is not None
    assert (said.intent, said.entities) == ("screening_level", {"level": level})


@pytest.mark.parametrize(
    "text",
    [
        "I'd say medium but my manager says high", "low or medium", "between low and medium",
        "medium, maybe high", "low but I'm not sure", "low unless she goes again",
        "low if the police agree",
    ],
)  # fmt: skip
def test_two_levels_or_half_a_one_are_asked_about(text: str) -> None:
    said = read(judging(), text)
    assert said is None or said.intent == "screening_answer"
    assert said is None or "judge it to be" in said.entities["explanation"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I think it's low because it was checked with his nan", "it was checked with his nan"),
        ("but I think it's low, my manager agrees", "my manager agrees"),
        ("low, agreed with social care", "agreed with social care"),
        ("low as the signs have another explanation", "the signs have another explanation"),
        ("low - Kayla told the nurse about it", "[name] told the nurse about it"),
        ("I'd go for low risk since he moved away", "he moved away"),
    ],
)
def test_a_level_with_its_reason_is_both(text: str, reason: str) -> None:
    said = SCRUBS.read(WITH_SIGN, text, False)
    assert said is not None
    assert said.entities == {"level": "low", "reason": reason}
    done = DIALOGUE.choose(WITH_SIGN, "low", reason)
    assert done.session is not None
    assert (done.session.stage, done.session.reason) == ("done", reason)


def test_a_reason_lifts_no_floor() -> None:
    young = judging(age="under_13")
    refused = DIALOGUE.choose(young, "low", "my manager agrees")
    assert "cannot be low" in refused.replies[0].headline
    assert refused.session is not None
    assert (refused.session.level, refused.session.reason) == (None, None)


@pytest.mark.parametrize(
    "text", ["isn't that low?", "is it low because of his age", "thanks", "why low", "low", "high"]
)
def test_a_question_or_a_bare_level_says_no_more(text: str) -> None:
    assert level_said(text) is None
