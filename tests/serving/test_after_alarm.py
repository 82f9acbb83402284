"""What an alarm leaves standing: who is spoken to as a child, and who has rung 999."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.safety.replies import NO_ALARM
from bot.serving.after_alarm import (
    FOLLOWS,
    Standing,
    after_ringing,
    for_who_writes,
    goes_on,
    rung,
    standing_of,
    works_with_children,
)
from bot.serving.parses import sure_intent


def conversation(*events: Any) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", list(events))


def alarm(kind: str, **more: Any) -> UserUttered:
    values = {"alarm": kind, **({"about_writer": "yes"} if more.pop("writer", False) else {})}
    parse = {**sure_intent("alarm", values), **more}
    return UserUttered(
        parse["text"], parse["intent"], parse["entities"], parse_data=parse
    )  # as Rasa stores it


# --- who writes -----------------------------------------------------------------------------------


def test_nothing_stands_without_an_alarm() -> None:
    assert standing_of(None) == Standing()
    assert standing_of(conversation(SlotSet("topic", "signs_overview"))) == Standing()


def test_a_child_is_one_until_a_practitioner_speaks() -> None:
    child = alarm("child_writing", writer=True)
    assert standing_of(conversation(child)).child
    assert standing_of(conversation(child, alarm("immediate_danger"))).child
    assert not standing_of(conversation(child, alarm("parent_or_public"))).child
    pressed = sure_intent("ask", {"topic": "who_to_ring", "alarm": NO_ALARM})
    released = UserUttered(pressed["text"], pressed["intent"], pressed["entities"])
    assert standing_of(conversation(child, released)) == Standing()
    assert standing_of(conversation(child, Restarted())) == Standing()


def test_what_follows_an_alarm_does_not_change_what_was_under_way() -> None:
    before = [SlotSet("topic", "level_medium"), alarm("immediate_danger")]
    again = alarm("immediate_danger", follows="rung")
    asked = SlotSet("topic", "police_information")
    assert standing_of(conversation(*before, asked, again)).topic == "level_medium"
    # the first turn of a new session may be the only trace of the alarm
    assert standing_of(conversation(again)).danger


@pytest.mark.parametrize("intent", ["help", "bot_challenge", "nlu_fallback", "out_of_scope"])
def test_a_child_gets_the_childs_words_for_whatever_is_not_understood(intent: str) -> None:
    standing = Standing("child_writing", about_writer=True, child=True)
    parse = for_who_writes(sure_intent(intent, {}), standing, "who can help", screening=False)
    assert parse["intent"]["name"] == "alarm"
    assert parse[FOLLOWS] == "again"
    assert not parse.get("questions")


def test_a_button_of_the_worker_gives_a_child_the_childs_words() -> None:
    standing = Standing("child_writing", about_writer=True, child=True)
    button = sure_intent("ask", {"topic": "who_to_ring"})
    assert for_who_writes(button, standing, None, screening=False)[FOLLOWS] == "again"


def test_an_answer_of_a_screening_stays_one() -> None:
    standing = Standing("child_writing", about_writer=True, child=True)
    answer = sure_intent("screening_answer", {"answer": "teacher"})
    assert for_who_writes(answer, standing, "teacher", screening=True) == answer


@pytest.mark.parametrize(
    "text",
    [
        "im a teacher",
        "no im a social worker",
        "im not a kid im a nurse",
        "I work with children",
        "i work in a school",
        "its about one of my pupils",
        "sorry, I am a youth worker asking about a girl",
        "foster carer here",
    ],
)
def test_who_works_with_children_says_so(text: str) -> None:
    assert works_with_children(text)


@pytest.mark.parametrize(
    "text",
    [
        "my social worker knows",
        "my teacher told me to ask",
        "im a girl and my teacher knows",
        "i am 13 and a young carer",
        "im in a foster home",
        "i work at a chip shop",
        "im a student",
        "a teacher",
    ],
)
def test_a_child_who_names_a_worker_is_none(text: str) -> None:
    assert not works_with_children(text)


# --- 999 was rung ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("i've rung 999 they are on the way", ""),
        ("I've rung 999", ""),
        ("ok police are coming", ""),
        ("done, rung them", ""),
        ("my manager has rung 999", ""),
        ("spoke to the police they're sending someone", ""),
        ("ambulance has been called", ""),
        ("police have arrived", ""),
        ("police are there now", ""),
        ("ambulance is here. what else do i need to do", "what else do i need to do"),
        ("i rang 999 and now he's stabbed her", "he's stabbed her"),
        (
            "police are coming but he is dragging her into the car",
            "but he is dragging her into the car",
        ),
        ("i rang 999 but they are outside now", "but they are outside now"),
    ],
)
def test_that_999_was_rung_is_told_apart_from_what_else_is_said(text: str, rest: str) -> None:
    assert after_ringing(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "they are on the way",
        "should i have rung 999",
        "i havent rung 999",
        "shall i ring 999",
        "has anyone called the police",
        "is the ambulance coming",
        "police wont come",
        "i rang 999 and they hung up",
        "the police were called but did not come",
        "he says he'll kill her if the police are called",
        "I told the police last week",
        "he told police that she was 18",
        "what are the signs",
    ],
)
def test_a_call_that_was_not_made_is_none(text: str) -> None:
    assert after_ringing(text) is None


@pytest.mark.parametrize("text", ["ok go on", "where were we", "OK, where were we?", "carry on"])
def test_who_wants_to_go_on_says_so(text: str) -> None:
    assert goes_on(text)
    assert not goes_on(f"{text} about the meeting in Derby")


def test_a_sure_question_beside_the_call_is_answered_once() -> None:
    asked = {"areas": [], "topics": [{"topic": "risk_tool", "confidence": 0.7},
                                     {"topic": "minutes", "confidence": 0.2}]}  # fmt: skip
    beside = {**sure_intent("ask", {}), "questions": [asked]}
    parse = rung(Standing("immediate_danger"), {}, beside)
    assert [one["topic"] for one in parse["questions"][0]["topics"]] == ["risk_tool"]
    unsure = {**beside, "intent": {"name": "ask", "confidence": 0.3}}
    assert "questions" not in rung(Standing("immediate_danger"), {}, unsure)
