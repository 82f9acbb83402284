"""A short question that goes on from an answer, and what is none."""

from __future__ import annotations

import pytest

from bot.guidance import load_guidance
from bot.serving.asked_elsewhere import asks_again_there
from bot.serving.follow_ons import WITHIN, asked_alone, asked_within, kind_of, stays_with

GUIDANCE = load_guidance()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("who organises that?", "organiser"),
        ("and who sorts it out", "organiser"),
        ("who makes the referral", "organiser"),
        ("where does it go", "sent_where"),
        ("ok where do I send it to?", "sent_where"),
        ("can mum join in", "joining"),
        ("can her mum and dad come too", "joining"),
        ("who goes", "attending"),
        ("which agencies are there?", "attending"),
        ("what happens if they don't turn up", "staying_away"),
        ("and if the parents refuse", "staying_away"),
        ("who do i have to tell", "telling"),
        ("who decides if there's a meeting", "deciding"),
        ("who tells me", "hearing"),
        ("and how often after that", "how_often"),
        ("what if it's high risk", "level"),
        ("what if she's already got a social worker", "open_to_social_care"),
        ("does anything change if hes already open", "open_to_social_care"),
        ("what if its social care not the MAT", "open_to_social_care"),
    ],
)
def test_what_is_asked_of_the_answer_before(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "who do i ring?",
        "what is grooming",
        "who organises the training",
        "where does the girl go at night",
        "where does it happen",
        "can mum see the notes",
        "can i join in",
        "who goes missing most",
        "which agencies are named for Luton",
        "what if she goes missing",
        "who do i tell at night",
        "how often is it reviewed",
        "what if the social worker doesn't answer",
        "what if shes not open to social care",
        "what if the case is closed",
        "is there a social worker on duty",
        "does she need a social worker",
        "what does social care do",
        "how do i get her a social worker",
        "what if MAT are already involved",
        "what if shes already been raped and social care know",
        "what if its a boy",
        "ok",
        "",
    ],
)
def test_what_says_more_or_less_is_left_alone(text: str) -> None:
    assert kind_of(text) is None


def test_the_subject_decides_what_is_meant() -> None:
    already = "what if social care already know her"
    assert asked_within(already, "level_medium", "derby") == "medium_open_social_care"
    assert asked_within(already, "level_low", "derby") == "low_already_open"
    assert asked_within(already, "grooming", "derby") is None
    assert asked_within("who goes", "meeting_purpose", "derby") == "child_parents_attend"
    assert asked_within("who goes", "meeting_purpose", "derbyshire") == "meeting_purpose"
    assert asked_within("who goes", "csep", "luton") == "csep_attends"
    assert asked_within("who organises that", "minutes", "derby") is None


def test_every_topic_that_is_named_exists() -> None:
    named = {name for one in WITHIN.values() for pair in one.items() for name in pair}
    assert named <= GUIDANCE.topics.keys()


def test_what_the_police_are_sent_hangs_on_whether_there_is_a_form() -> None:
    assert asked_alone("what do i send the police", "derbyshire") == "police_intelligence_form"
    assert asked_alone("what do we have to send to the police?", None) == "police_intelligence_form"
    assert asked_alone("what do i send the police", "luton") == "police_information"
    assert asked_alone("what do i tell the police", "derby") is None
    assert asked_alone("what do i send the school", "derby") is None


def _asked(topic: str, confidence: float, *entities: str) -> dict[str, object]:
    return {
        "intent": {"name": "ask", "confidence": confidence},
        "entities": [{"entity": one, "value": "csep"} for one in entities],
        "questions": [{"areas": [], "topics": [{"topic": topic, "confidence": confidence}]}],
    }


def test_a_question_without_a_subject_is_not_about_another_areas_panel() -> None:
    def stays(text: str, parse: dict[str, object], area: str = "derby") -> str | None:
        return stays_with(text, parse, "child_parents_attend", area, GUIDANCE)  # type: ignore[arg-type]

    assert stays("and who else is in it", _asked("csep_attends", 0.4)) == "child_parents_attend"
    assert stays("and who else is in it", _asked("csep_attends", 0.9)) is None
    assert stays("and who else is in it", _asked("minutes", 0.4)) is None
    assert stays("and who is on the csep", _asked("csep_attends", 0.4, "term")) is None
    assert stays("who sits on the exploitation panel", _asked("csep_attends", 0.4)) is None
    # there, the panel is one's own
    assert stays("and who else is in it", _asked("csep_attends", 0.4), "luton") is None


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("and in Luton?", True),
        ("what about Lutons", True),
        ("and Luton's?", True),
        ("what about Luton's panel", True),
        ("is there one in Luton", True),
        ("does Luton have one?", True),
        ("has Luton got a panel like that", True),
        ("and what does Luton say", True),
        ("is there anything like that in Luton", True),
        ("what is Luton's number", False),
        ("does Luton have a risk tool", False),
        ("does Luton have a list", False),  # of signs: no panel
        ("what about girls in Luton", False),
        ("who do I ring in Luton", False),
    ],
)
def test_the_same_is_asked_again_for_another_area(text: str, there: bool) -> None:
    start = text.index("Luton")
    found = [{"entity": "area", "value": "luton", "start": start, "end": start + len("Luton")}]
    assert asks_again_there(text, found, ("panel", "hartlepool")) == ("luton" if there else None)


def test_no_area_or_several_ask_nothing_again() -> None:
    assert asks_again_there("is there one there", [], ("panel",)) is None
    two = [
        {"entity": "area", "value": "derby", "start": 11, "end": 16},
        {"entity": "area", "value": "luton", "start": 21, "end": 26},
    ]
    assert asks_again_there("what about Derby and Luton", two, ("panel",)) is None
