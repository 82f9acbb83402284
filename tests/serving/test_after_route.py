"""What a message asks of the route that was shown last, and which facts a short one tells."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from bot.nlu.entities import Vocabulary
from bot.referral.case import LONDON
from bot.referral.shortcut import FACTS_LAST, case_from
from bot.screening.dialogue import Session
from bot.serving.after_route import (
    OF_ROUTE,
    Given,
    asked_of_reference,
    asked_of_route,
    asked_without_route,
    given,
)
from bot.serving.case_told import CASE_TOLD
from bot.serving.facts_told import FactsTold
from bot.serving.standing import Standing

FACTS = FactsTold(Vocabulary.read())
SHOWN = Given("shown", told=True)
WHOLE = {"title": "The whole route", "payload": '/ask_route{"more": "yes"}'}
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=LONDON)


def asked(text: str, place: Given | None = SHOWN, *offered: dict[str, str]) -> dict[str, Any]:
    """What a message asks of the route; empty where it asks nothing of it."""
    parse = asked_of_route(text, place, offered or (WHOLE,), FACTS)
    if parse is None:
        return {}
    if parse["entities"]:
        return {one["entity"]: one["value"] for one in parse["entities"]}
    found: dict[str, Any] = parse[OF_ROUTE]
    return found


def slots(*found: tuple[str, str], area: str = "derby", topic: str | None = None) -> dict[str, Any]:
    """What a conversation holds after a case was told."""
    kept = case_from(found, None, area, NOW).as_json()
    return {"route_case": kept, "area": area, "topic": topic}


# --- what is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "who do I inform afterwards",
        "who do I tell after",
        "who else needs to know?",
        "Who else do I inform",
        "ok and who should be told",
        "do I need to tell anyone else",
        "who do we notify",
    ],
)
def test_whom_to_inform(text: str) -> None:
    assert asked(text) == {"asked": "informing"}


@pytest.mark.parametrize(
    "text",
    [
        "by when?",
        "how long do I have",
        "when exactly",
        "is there a deadline",
        "how soon",
        "how long",
        "what are the timescales",
        "and when does it have to be done by",
        "when do I need to send the form",
    ],
)
def test_by_when(text: str) -> None:
    assert asked(text) == {"asked": "deadlines"}


@pytest.mark.parametrize(
    "text",
    ["is there a deadline for them to answer me", "how long do they have to get back to me",
     "when will I hear back"],
)  # fmt: skip
def test_a_time_for_their_answer_is_something_else_than_the_routes_own(text: str) -> None:
    assert asked(text) == {"asked": "their_answer"}


@pytest.mark.parametrize(
    ("text", "number"),
    [("what's step 2", 2), ("step three", 3), ("the first step", 1), ("now what", 1),
     ("then what", 2), ("ok thanks, and then what", 2), ("what next?", 2), ("2nd step", 2)],
)  # fmt: skip
def test_a_step_by_its_number_or_the_next_one(text: str, number: int) -> None:
    assert asked(text) == {"asked": "steps", "number": number}


@pytest.mark.parametrize("text", ["then what", "now what", "and then", "what next"])
def test_the_next_step_goes_on_from_the_one_that_was_given(text: str) -> None:
    button = {"title": "Step 5", "payload": '/ask_route{"question": "steps", "answer": "step-5"}'}
    assert asked(text, SHOWN, button, WHOLE) == {"asked": "steps", "number": 5}


@pytest.mark.parametrize(
    "text",
    ["can I get it as a pdf", "can I have it as a word doc", "can I print it", "pdf please",
     "how do I save this", "add the dates to my calendar", "email it to me"],
)  # fmt: skip
def test_files(text: str) -> None:
    assert asked(text) == {"asked": "files"}


@pytest.mark.parametrize("text", ["what's the number again", "the number", "which number"])
def test_the_number(text: str) -> None:
    assert asked(text) == {"asked": "contacts"}


@pytest.mark.parametrize("text", ["the whole route", "yes", "yes please", "more", "everything"])
def test_the_whole_route(text: str) -> None:
    assert asked(text) == {"more": "yes"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("can i have it in writing", "files"),
        ("put the dates in my calendar", "files"),
        ("what if social care dont pick up", "no_answer"),
        ("what if nobody answers", "no_answer"),
        ("and if they don't get back to me", "no_answer"),
        ("do i re-refer", "again"),
        ("do I refer again?", "again"),
        ("do we need a new referral", "again"),
        ("do we have two lots of meetings", "meetings"),
        ("is it double meetings", "meetings"),
        ("dates please", "deadlines"),
        ("by what date", "deadlines"),
        ("who sends it", "sender"),
        ("who fills in the form", "sender"),
        ("who chairs", "chair"),
        ("who chairs it?", "chair"),
        ("who runs the meeting", "chair"),
        ("who goes to the meeting", "attendees"),
    ],
)
def test_one_thing_of_the_route(text: str, part: str) -> None:
    assert asked(text) == {"asked": part}


def test_the_whole_route_of_a_screening_is_the_screenings() -> None:
    parse = asked_of_route("yes", Given("shown"), (WHOLE,), FACTS)
    assert parse is not None
    assert parse["intent"]["name"] == "screening_route"


def test_yes_opens_nothing_where_nothing_was_offered() -> None:
    other = {"title": "Start a screening", "payload": "/start_screening"}
    assert asked("yes", SHOWN, other) == {"asked": "offer"}


@pytest.mark.parametrize(
    "text",
    [
        "who prints the form",
        "what's the word for that",
        "who chairs the sub-group",
        "do I tell the parents",
        "what are the signs at school",
        "when does abuse become exploitation",
        "thanks",
        "no",
        "source?",
        "what if he says no",
    ],
)
def test_what_says_more_is_left_to_what_understands_questions(text: str) -> None:
    assert asked(text) == {}


# --- facts that are told --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("social worker", [["role", "social_worker"]]),
        ("I'm a school nurse", [["role", "health"]]),
        ("residential", [["role", "residential_worker"]]),
        ("medium", [["level", "medium"]]),
        ("actually high", [["level", "high"]]),
        ("no, high", [["level", "high"]]),
        ("not high, medium", [["level", "medium"]]),
        ("and if she was low", [["level", "low"]]),
        ("15", [["age", "15"]]),
        ("and if he's 17", [["age", "17"]]),
        ("not 12, 14", [["age", "14"]]),
        ("under 13", [["age", "under 13"]]),
        ("looked after", [["plan", "looked_after"]]),
        ("not looked after", [["not_plan", "looked_after"]]),
        ("not open to anyone", [["plan", "none"]]),
        ("what if it's out of hours", [["clock", "outside"]]),
        ("what if she's missing", [["missing", "yes"]]),
        ("what if there's no learning disability",
         [["learning_disability_or_medical_need", "no"]]),
        ("she's 12 and on a cp plan", [["plan", "child_protection_plan"], ["age", "12"]]),
        ("high in derby", [["level", "high"], ["area", "derby"]]),
        ("a crime's been committed", [["crime_suspected", "yes"]]),
        ("an offence is suspected", [["crime_suspected", "yes"]]),
        ("parents are colluding", [["parents_neglect_or_collude", "yes"]]),
        ("dad neglects him", [["parents_neglect_or_collude", "yes"]]),
        ("shes told me shes been exploited", [["evidence_of_exploitation", "yes"]]),
        ("he has disclosed", [["evidence_of_exploitation", "yes"]]),
        ("no learning disability", [["learning_disability_or_medical_need", "no"]]),
        ("no significant harm", [["significant_harm", "no"]]),
        ("she isn't missing", [["missing", "no"]]),
        ("he's gone missing again", [["missing", "yes"]]),
        ("im her social worker", [["role", "social_worker"]]),
        ("I'm his foster carer", [["role", "foster_carer"]]),
        ("and out of hours?", [["clock", "outside"]]),
        ("it's saturday night", [["clock", "outside"]]),
        ("placed here by Luton", [["plan", "other_authority"]]),
        ("she's looked after by Nottinghamshire",
         [["plan", "looked_after"], ["plan", "other_authority"]]),
    ],
)  # fmt: skip
def test_a_short_message_tells_facts(text: str, facts: list[list[str]]) -> None:
    assert asked(text) == {"asked": "changed", "facts": facts}


@pytest.mark.parametrize(
    "text",
    [
        "is it high?",
        "what is high risk",
        "he's high",
        "she's really low today",
        "high school",
        "the social worker",
        "what about her social worker",
        "police?",
        "he's 19",
        "16 and he is 12",
        "5 days",
        "she was 12 when it started",
        "section 47",
    ],
)
def test_what_is_no_fact_of_the_case_is_not_taken_for_one(text: str) -> None:
    assert "facts" not in asked(text)


@pytest.mark.parametrize("place", [SHOWN, Given("shown"), Given("waits", told=True)])
@pytest.mark.parametrize(
    "text",
    ["and in Derbyshire", "ok Derbyshire then", "no I meant Derbyshire", "not Derby, Derbyshire"],
)
def test_an_area_alone_is_for_the_route(text: str, place: Given) -> None:
    assert asked(text, place) == {"asked": "changed", "facts": [["area", "derbyshire"]]}


@pytest.mark.parametrize(
    "text", ["a girl from Luton", "she moves to Luton", "Derby and Luton", "near Derby"]
)
def test_an_area_that_is_part_of_the_story_moves_no_route(text: str) -> None:
    assert asked(text) == {}


@having(st.text(max_size=60))
def test_whatever_is_typed_is_not_in_what_comes_out(text: str) -> None:
    secret = f"{text} zqxjk"
    for typed in (secret, text):
        parse = asked_of_route(typed, SHOWN, (WHOLE,), FACTS)
        assert parse is None or "zqxjk" not in json.dumps(parse)


# --- where the conversation stands ----------------------------------------------------------------


def test_a_route_counts_while_it_is_the_last_thing_given() -> None:
    medium = ("level", "medium")
    assert given(slots(medium), None, Standing(), (), NOW) == Given("shown", told=True)
    aside = given(slots(medium, topic="signs_school"), None, Standing(), (), NOW)
    assert aside == Given("aside", told=True, topic="signs_school")
    assert given({"topic": None, "route_case": None}, None, Standing(), (), NOW) is None


def test_a_route_stands_after_a_question_beside_it_until_another_subject_is_begun() -> None:
    medium = ("level", "medium")
    beside = given(slots(medium, topic="who_to_ring"), None, Standing(), (), NOW)
    assert beside == Given("beside", told=True)
    assert asked("by when", beside) == {"asked": "deadlines"}
    assert asked("actually it's high", beside)["facts"] == [["level", "high"]]
    assert asked("what if they don't answer", beside) == {"asked": "no_answer"}
    assert given(slots(medium, topic="grooming"), None, Standing(), (), NOW) == ASIDE


ASIDE = Given("aside", told=True, topic="grooming")


@pytest.mark.parametrize(
    ("text", "part"),
    [("send me that as a document", "files"), ("can I have it as a pdf", "files"),
     ("and if they say no further action", "disagree"), ("what if nobody answers", "no_answer"),
     ("who chairs it", "chair"), ("who convenes it", "chair"), ("what do I write down", "recording"),
     ("how long do I have", "deadlines"), ("which form", "forms"), ("who sends it", "sender"),
     ("what happens after that", "steps")],
)  # fmt: skip
def test_a_route_is_still_asked_about_after_another_subject(text: str, part: str) -> None:
    assert asked(text, ASIDE)["asked"] == part


def test_a_route_is_recorded_after_a_question_on_consent_as_well() -> None:
    place = Given("aside", told=True, topic="consent_overview")
    assert asked("what do I write down", place) == {"asked": "recording"}


@pytest.mark.parametrize(
    "text",
    ["more", "yes", "ok", "when", "who do I tell", "who else needs to know", "why", "high",
     "what next", "actually he is 12", "is that number right"],
)  # fmt: skip
def test_what_may_be_of_the_other_subject_is_left_to_it(text: str) -> None:
    assert asked(text, ASIDE) == {}


@pytest.mark.parametrize(
    ("text", "topic"),
    [("who chairs it", "vemt_structure"), ("who chairs it", "strategy_discussion"),
     ("what form is it", "risk_tool"), ("when is the review", "review_frequency"),
     ("what do I write down", "recording_carefirst")],
)  # fmt: skip
def test_a_meeting_or_form_that_was_answered_about_is_what_is_asked(text: str, topic: str) -> None:
    assert asked(text, Given("aside", told=True, topic=topic)) == {}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("when exactly is that", "deadlines"),
        ("when precisely is it due", "deadlines"),
        ("exactly when", "deadlines"),
        ("and if they say no further action", "disagree"),
        ("what if social care refuse it", "disagree"),
        ("what if it's NFA'd", "disagree"),
        ("if they say it doesn't meet the threshold", "disagree"),
        ("what if I disagree with them", "disagree"),
        ("what happens if they reject the referral", "disagree"),
        ("what if they NFA it", "disagree"),
        ("what if they send it back", "disagree"),
        ("what do I write down", "recording"),
        ("where do I record it", "recording"),
        ("what should be recorded?", "recording"),
        ("what do we need to note down", "recording"),
        ("when is the first review", "reviews"),
        ("how often is it reviewed", "reviews"),
        ("when will it be reviewed", "reviews"),
        ("next review?", "reviews"),
        ("what form is it", "forms"),
        ("which forms do I need to fill in", "forms"),
        ("is there a form", "forms"),
        ("is that number right", "number_source"),
        ("is this number still correct", "number_source"),
        ("where is that number from", "number_source"),
        ("how old is that number", "number_source"),
        ("can I trust that number", "number_source"),
        ("who do i tell about the missing bit", "of_missing"),
        ("and what do I do about the trafficking side", "of_trafficking"),
        ("who do I report the crime to", None),
        ("who do I tell about the crime", "of_crime"),
    ],
)  # fmt: skip
def test_one_thing_of_a_route_is_asked_for_in_many_words(text: str, part: str | None) -> None:
    assert asked(text).get("asked") == part


@pytest.mark.parametrize(
    "text",
    [
        "what if he says no",
        "what if the parents refuse",
        "what do I write in an essay",
        "what does missing mean",
        "is that right",
        "what is a review",
        "who reviews the guidance",
        "what form does grooming take",
        "is the law right",
        "number",
        "what if they refuse a screening for consent",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_not_of_the_route(text: str) -> None:
    found = asked(text).get("asked")
    assert found is None or text == "number"


@pytest.mark.parametrize(
    ("text", "level"),
    [("start again with low", "low"), ("do it again with high", "high"),
     ("ok redo that with medium", "medium"), ("try again but with low risk", "low"),
     ("same again with high", "high")],
)  # fmt: skip
def test_a_route_is_begun_anew_with_another_fact(text: str, level: str) -> None:
    assert asked(text)["facts"] == [["level", level]]


@pytest.mark.parametrize("text", ["start again", "start over", "redo it", "start again please"])
def test_to_start_again_with_nothing_is_no_fact(text: str) -> None:
    assert asked(text) == {}


@pytest.mark.parametrize(
    ("text", "age"),
    [("she turns 13 next week", "12"), ("actually he's nearly 13", "12"),
     ("she's in year 6", "under 13"), ("he is in year 10", "13"), ("she was 13 in march", None)],
)  # fmt: skip
def test_a_birthday_to_come_and_a_school_year_tell_an_age(text: str, age: str | None) -> None:
    told = dict(map(tuple, asked(text).get("facts", [])))
    assert told.get("age") == age


@pytest.mark.parametrize(
    "text", ["more", "yes", "then what", "and in Luton", "out of hours?", "ok"]
)
def test_what_goes_on_from_the_question_beside_a_route_is_about_that(text: str) -> None:
    assert asked(text, Given("beside", told=True)) == {}


def test_a_fact_of_the_child_after_what_a_level_asks_for_is_a_case() -> None:
    level = given({"topic": "level_high", "route_case": None}, None, Standing(), (), NOW)
    assert level == Given("level", level="high")
    for text, fact in (("hes on a cp plan", ["plan", "child_protection_plan"]),
                       ("he is 12", ["age", "12"]), ("she's missing", ["missing", "yes"])):  # fmt: skip
        parse = asked_of_route(text, level, (), FACTS)
        assert parse is not None
        assert parse["intent"]["name"] == "ask_route"
        assert parse[CASE_TOLD] == [["level", "high"], fact]
    assert asked_of_route("in derby", level, (), FACTS) is None
    assert asked_of_route("by when", level, (), FACTS) is None


@pytest.mark.parametrize("text", ["as pdf", "as word", "can I have it as a word doc", "pdf please"])
def test_a_file_is_asked_for_where_there_is_no_route(text: str) -> None:
    parse = asked_without_route(text, None)
    assert parse is not None
    assert parse[OF_ROUTE] == {"asked": "files"}
    assert asked_without_route(text, SHOWN) is None


@pytest.mark.parametrize("text", ["email it to me", "what is the word for it", "print the form"])
def test_what_names_no_kind_of_file_asks_for_none(text: str) -> None:
    assert asked_without_route(text, None) is None


def test_a_route_waits_for_the_fact_that_it_hangs_on() -> None:
    assert given(slots(), None, Standing(), (), NOW) == Given("waits", told=True)
    assert asked("then what", Given("waits", told=True)) == {}
    assert asked("teacher", Given("waits", told=True))["facts"] == [["role", "teacher"]]


def test_a_case_told_long_ago_is_another_childs() -> None:
    later = NOW + dt.timedelta(minutes=FACTS_LAST + 1)
    assert given(slots(("level", "medium")), None, Standing(), (), later) is None


def test_a_finished_screening_has_shown_its_route() -> None:
    done = Session(answers={"area": "derby"}, stage="done", level="medium")
    assert given({}, done, Standing(), (), NOW) == Given("shown")


def test_in_a_screening_only_its_reference_is_asked_for() -> None:
    under_way = given(slots(("level", "low")), Session(answers={}), Standing(), (), NOW)
    assert under_way == Given("screening")
    assert asked("what's my reference number", under_way) == {"asked": "reference"}
    assert asked("medium", under_way) == {}
    assert asked("by when", under_way) == {}


@pytest.mark.parametrize(
    "standing",
    [
        Standing("child_writing", about_writer=True, child=True),
        Standing("parent_or_public"),
        Standing("own_thoughts"),
        Standing("immediate_danger", child=True),
    ],
)
def test_a_child_or_a_parent_is_never_answered_about_a_route(standing: Standing) -> None:
    assert given(slots(("level", "medium")), None, standing, (WHOLE,), NOW) is None


def test_after_an_alarm_a_route_counts_only_when_it_was_shown_since() -> None:
    danger, told = Standing("immediate_danger"), slots(("level", "medium"))
    back = {"title": "Back to the route", "payload": "/ask_route"}
    assert given(told, None, danger, (back,), NOW) is None
    assert given(told, None, danger, (WHOLE,), NOW) == Given("shown", told=True)


@pytest.mark.parametrize("text", ["why", "why?", "but why is that", "why this route"])
def test_why_is_what_the_route_rests_on(text: str) -> None:
    assert asked(text) == {"asked": "why"}
    assert asked(text, Given("shown")) == {"asked": "why"}
    assert asked(text, None) == {}


def test_ones_own_reference_is_asked_for_anywhere_but_by_a_child() -> None:
    for text in ("whats my reference", "I've lost my reference", "my ref number please"):
        parse = asked_of_reference(text, Standing())
        assert parse is not None
        assert parse[OF_ROUTE] == {"asked": "reference"}
        assert asked_of_reference(text, Standing(kind="child_writing", child=True)) is None
    for text in ("the reference", "reference?", "what is the source", "give me a reference"):
        assert asked_of_reference(text, Standing()) is None
