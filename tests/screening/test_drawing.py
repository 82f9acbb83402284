"""The flow as a drawing."""

from __future__ import annotations

from bot.screening import Questionnaire
from bot.screening.drawing import draw


def test_every_question_is_drawn_and_reached(questionnaire: Questionnaire) -> None:
    drawing = draw(questionnaire)
    assert drawing.startswith("flowchart TD\n")
    arrows = [line.strip() for line in drawing.splitlines() if "-->" in line]
    for question in questionnaire.questions:
        assert any(arrow.split(" ")[-1] == f"q_{question.id}" for arrow in arrows), question.id
        assert any(arrow.startswith(f"q_{question.id} ") for arrow in arrows), question.id


def test_ways_that_no_answers_take_are_not_drawn(questionnaire: Questionnaire) -> None:
    arrows = [line for line in draw(questionnaire).splitlines() if "-->" in line]
    assert not any("q_sexual_activity" in a and "q_consent_16_17" in a for a in arrows)


def test_a_stop_leads_nowhere_else(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        if question.stops:
            ways = [
                a for a in draw(questionnaire).splitlines() if a.startswith(f"  q_{question.id} -")
            ]
            assert len(ways) == 1
            assert "stop_" in ways[0]


def test_no_raw_quotation_mark_breaks_a_label(questionnaire: Questionnaire) -> None:
    for line in draw(questionnaire).splitlines():
        assert line.count('"') % 2 == 0
        assert line.count('"') <= 2
