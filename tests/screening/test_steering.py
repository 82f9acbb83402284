"""Stopping, going on, asking why and putting right, in words of the person's own."""

from __future__ import annotations

import json

import pytest

from bot.screening.dialogue import Session, none_of
from bot.screening.reading import Read
from bot.screening.steering import takes_up_earlier

from .test_dialogue import DIALOGUE, QUESTIONNAIRE, asked, begun, judging, read, reasoned
from .test_nothing import WAITING

ROLE = begun(immediate_danger="no", area="derby")
STOPS = [
    "stop for now", "leave it there for now", "I can't do this now", "finish", "let's leave it",
    "lets leave it", "finish later", "I've got to go", "can we stop here please", "pause this",
    "no time for this now", "do the rest later", "ok I'll stop there",
]  # fmt: skip
RESUMES = [
    "can I carry on where I left off", "carry on", "back to the screening", "carry on please",
    "pick it back up", "let's continue", "can we go on with the screening", "resume where I was",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_stopping_in_other_words(text: str) -> None:
    for session in (ROLE, WAITING["hard_facts"], WAITING["signs_people"], judging(), reasoned()):
        assert read(session, text) == Read("screening_stop", {})


@pytest.mark.parametrize(
    "text",
    ["she needs to stop", "he won't leave it", "she wants to stop seeing him", "leave him there",
     "he told her to go", "she can't do this now that she is 16"],
)  # fmt: skip
def test_what_the_child_stops_is_no_stop(text: str) -> None:
    for session in (ROLE, WAITING["hard_facts"]):
        answered = read(session, text)
        assert answered is None or answered.intent != "screening_stop"


def test_not_now_is_a_no_where_danger_is_asked_about_and_a_stop_elsewhere() -> None:
    assert read(begun(), "not now") == Read(
        "screening_answer", {"question": "immediate_danger", "answer": json.dumps("no")}
    )
    assert read(ROLE, "not now") == Read("screening_stop", {})


@pytest.mark.parametrize("text", RESUMES)
def test_going_on_in_other_words(text: str) -> None:
    stopped = DIALOGUE.stop(ROLE).session
    assert stopped is not None
    for session in (stopped, ROLE, WAITING["signs_people"], judging(), reasoned()):
        assert read(session, text) == Read("screening_resume", {})


def test_going_on_after_an_aside_asks_what_waited() -> None:
    changing = DIALOGUE.change(ROLE, "area").session
    assert changing is not None
    for session in (ROLE, changing, judging(), reasoned()):
        turn = DIALOGUE.resume(session)
        assert turn.session == session
        assert turn.replies[0].headline == "Going on where we were."
        assert turn.replies[1:] == DIALOGUE.remind(session)


@pytest.mark.parametrize(
    "text",
    ["why do you ask that", "but why do you need this", "why are you asking me this?",
     "why do I have to answer that"],
)  # fmt: skip
def test_asking_why_in_other_words(text: str) -> None:
    assert read(ROLE, text) == Read("screening_why", {})


def facts(**yes: str) -> Session:
    return begun(
        immediate_danger="no", area="derby", role="teacher",
        open_to=none_of(QUESTIONNAIRE.by_id["open_to"]), age="16_or_17",
        hard_facts={**none_of(QUESTIONNAIRE.by_id["hard_facts"]), **yes}, consent_16_17="no",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("oh wait the LD one is yes", "hard_facts", {"learning_disability_or_medical_need": "yes"}),
        ("actually the crime one is yes", "hard_facts", {"crime_suspected": "yes"}),
        ("sorry, trafficking should be yes", "hard_facts", {"trafficking": "yes"}),
        ("change the age to 13", "age", "13_to_15"),
        ("change the age to 4", "age", "under_13"),
        ("can you change my role to social worker", "role", "social_worker"),
    ],
)
def test_an_earlier_answer_is_put_right_with_its_value(
    text: str, question: str, value: object
) -> None:
    for session in (facts(), judging(age="16_or_17")):
        told = read(session, text)
        assert told == Read("screening_answer", {"suggested": json.dumps({question: value})})
        turn = DIALOGUE.story(session, {question: value})  # type: ignore[dict-item]
        assert asked(turn) == question
        assert turn.session is not None
        agreed = read(turn.session, "yes")
        assert agreed is not None
        answer = json.loads(agreed.entities["answer"])
        if isinstance(value, dict):
            assert answer == {**session.answers["hard_facts"], **value}  # type: ignore[dict-item]
        else:
            assert answer == value


def test_a_yes_that_is_taken_back_is_asked_about_anew() -> None:
    session = facts(missing="yes")
    assert read(session, "wait the missing one was no") == Read(
        "screening_change", {"question": "hard_facts"}
    )


def test_what_is_answered_where_a_fact_was_reopened_loses_none_of_the_others() -> None:
    turn = DIALOGUE.story(facts(missing="yes"), {"hard_facts": {"crime_suspected": "yes"}})
    assert turn.session is not None
    for value in ({}, {"crime_suspected": "yes"}, {"trafficking": "yes"}):
        taken = DIALOGUE.take(turn.session, "hard_facts", value).session
        assert taken is not None
        given = taken.answers["hard_facts"]
        assert isinstance(given, dict)
        assert given["missing"] == "yes"
    skipped = DIALOGUE.skip(turn.session)
    assert skipped.replies[0].headline.startswith("Left as it was. Not recorded, though you told")


@pytest.mark.parametrize(
    "text", ["so is it high?", "is that right", "could it be low", "because she's settled now"]
)
def test_weighing_the_result_is_answered_with_whose_the_judgement_is(text: str) -> None:
    assert read(judging(), text) == Read("screening_why", {})


def test_a_sign_told_as_a_reason_before_a_level_is_not_passed_over() -> None:
    told = read(judging(), "because he keeps going missing")
    assert told is not None
    assert json.loads(told.entities["suggested"])["hard_facts"] == {"missing": "yes"}


def test_maybe_says_what_it_recorded() -> None:
    for waiting in (WAITING["hard_facts"], WAITING["signs_people"]):
        assert read(waiting, "maybe") is not None
        question = DIALOGUE.current(waiting)
        assert question is not None
        turn = DIALOGUE.take(waiting, question.id, {})
        assert turn.replies[0].headline == "Recorded as not known."


def test_yes_to_what_belongs_to_a_later_question_says_so() -> None:
    told = DIALOGUE.story(WAITING["open_to"], {"hard_facts": {"missing": "yes"}}).session
    assert told is not None
    answered = read(told, "yes")
    assert answered is not None
    assert "comes with its own question" in answered.entities["explanation"]


@pytest.mark.parametrize(
    "text",
    ["high", "ok high", "i mean high", "I'd say medium", "low please", "it's high risk", "Medium.",
     "my judgement is low", "definitely high", "put it down as medium"],
)  # fmt: skip
def test_a_level_before_it_is_asked_for_is_no_sign(text: str) -> None:
    for session in (begun(), ROLE, WAITING["hard_facts"], WAITING["signs_health_mood"]):
        said = read(session, text)
        assert said is not None
        assert set(said.entities) == {"explanation"}
        assert "The level comes at the end" in said.entities["explanation"]
    taken = read(judging(), text)
    assert taken is not None
    assert taken.intent == "screening_level"


@pytest.mark.parametrize(
    "text", ["is it high?", "is that low", "would it be medium", "what is high"]
)
def test_a_question_about_a_level_is_none(text: str) -> None:
    said = read(WAITING["hard_facts"], text, side_question=True)
    assert said is None


@pytest.mark.parametrize(
    "text", ["she's high", "he was high on saturday", "comes home high", "high on something"]
)
def test_a_child_who_is_high_is_a_sign(text: str) -> None:
    said = read(WAITING["signs_people"], text)
    assert said is not None
    found = json.loads(said.entities["suggested"])
    assert found == {"signs_health_mood": {"substances": "now"}}


@pytest.mark.parametrize("text", ["high risk of harm", "the risk is high", "level high I think"])
def test_a_high_level_in_a_story_is_no_word_about_drugs(text: str) -> None:
    said = read(WAITING["signs_people"], f"{text} and he is missing")
    assert said is not None
    assert "signs_health_mood" not in json.loads(said.entities["suggested"])


@pytest.mark.parametrize(
    "text",
    ["go on with my screening from yesterday", "resume my screening", "carry on with the screening",
     "pick up my saved screening", "where is my screening from last week",
     "can I go back to my screening I started on monday"],
)  # fmt: skip
def test_going_on_with_a_screening_of_another_time(text: str) -> None:
    assert takes_up_earlier(text)


@pytest.mark.parametrize(
    "text", ["go on", "continue", "start a screening", "what is a screening", "finish"]
)
def test_going_on_alone_names_no_screening(text: str) -> None:
    assert not takes_up_earlier(text)


def test_where_there_is_no_screening_the_reference_is_asked_for() -> None:
    turn = DIALOGUE.resume(None)
    assert "type the reference" in turn.replies[0].points[0].text


def test_starting_over_keeps_the_area_that_is_known() -> None:
    session = DIALOGUE.start_over(ROLE, "luton").session
    assert session is not None
    assert session.answers == {"area": "luton"}
