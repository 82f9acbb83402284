"""A walk in the terminal."""

from __future__ import annotations

from bot.referral.case import Level
from bot.screening import Questionnaire
from bot.screening.terminal import Walk, walk

SIGNS = ["none", "none", "6 now, rest not seen", "none", "none"]


def walked(questionnaire: Questionnaire, *lines: str) -> tuple[Walk, str]:
    typed = iter(lines)
    shown: list[str] = []

    def read(prompt: str) -> str:
        line = next(typed, None)
        if line is None:
            raise EOFError
        return line

    return walk(questionnaire, read, shown.append), "\n".join(shown)


def test_a_whole_walk(questionnaire: Questionnaire) -> None:
    done, shown = walked(
        questionnaire, "no", "derby", "teacher", "none", "14", "none", "no", *SIGNS, "low"
    )
    assert done.judgement is not None
    assert done.case.level is Level.LOW
    assert done.case.area == "derby"
    assert "suggests at least low" in shown
    assert "Derby and Derbyshire procedures, line 119" in shown
    assert shown.count("not a diagnosis") == 2  # at the start and at the end


def test_danger_shows_999_and_goes_on(questionnaire: Questionnaire) -> None:
    done, shown = walked(questionnaire, "yes", "ok", "luton", "stop")
    assert "ring 999" in shown
    assert done.answers == {"immediate_danger": "yes", "danger_now": "read", "area": "luton"}


def test_not_sure_about_danger_names_999_and_goes_on(questionnaire: Questionnaire) -> None:
    for words in ("not sure", "skip"):
        done, shown = walked(questionnaire, words, "luton", "stop")
        assert "If in doubt, ring 999 first." in shown
        assert done.answers == {"immediate_danger": "unknown", "area": "luton"}


def test_back_change_why_help_summary_and_skip(questionnaire: Questionnaire) -> None:
    done, shown = walked(
        questionnaire,
        "no", "luton", "back", "derby", "why", "help", "change 2", "hartlepool", "summary", "skip",
        "change", "gibberish", "stop",
    )  # fmt: skip
    assert done.answers == {"immediate_danger": "no", "area": "hartlepool", "role": "unknown"}
    assert "some documents give foster carers" in shown
    assert "Your answers" in shown
    assert "did not understand" in shown


def test_stopping_early_still_shows_what_is_known(questionnaire: Questionnaire) -> None:
    done, shown = walked(questionnaire, "no", "derby", "stop", "medium")
    assert "Insufficient information" in shown
    assert done.judgement is not None
    assert done.judgement.chosen is Level.MEDIUM


def test_the_end_of_input_loses_nothing(questionnaire: Questionnaire) -> None:
    done, _ = walked(questionnaire, "no", "wiltshire")
    assert done.answers == {"immediate_danger": "no", "area": "wiltshire"}
    assert done.judgement is None


def test_a_level_below_the_floor_is_refused_and_a_lowered_one_needs_a_reason(
    questionnaire: Questionnaire,
) -> None:
    facts = "1 yes, rest no"
    signs = ["5 now, rest not seen", "none", "none", "none", "none"]
    done, shown = walked(
        questionnaire, "no", "luton", "sw", "none", "14", facts, "no", *signs, "low", "medium"
    )
    assert "cannot be low" in shown
    assert "Luton's source does not say this" in shown
    assert done.case.level is Level.MEDIUM
    done, shown = walked(
        questionnaire, "no", "luton", "sw", "none", "14", "none", "no", *signs, "low", "4"
    )
    assert done.judgement is not None
    assert done.judgement.reason == "explained"
    assert done.judgement.suggested is Level.MEDIUM


def test_a_parent_is_sent_to_help(questionnaire: Questionnaire) -> None:
    done, shown = walked(questionnaire, "no", "derby", "mum", "ok")
    assert "made for people who work with children" in shown
    assert done.assessment is None
