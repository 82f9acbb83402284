"""The child is in another area than was answered: read during a screening, and taken at once."""

from __future__ import annotations

import json

import pytest

from bot.screening.area_told import told_area
from bot.screening.dialogue import Session
from bot.screening.reading import Read

from .test_dialogue import DIALOGUE, QUESTIONNAIRE, asked, begun, judging, read, reasoned
from .test_nothing import WAITING
from .test_steering import ROLE

AREA = QUESTIONNAIRE.by_id["area"]
PUT_RIGHT = [
    ("actually shes in luton", "luton"),
    ("wrong area its derbyshire", "derbyshire"),
    ("change the area to hartlepool", "hartlepool"),
    ("sorry I meant Wiltshire", "wiltshire"),
    ("no it's luton not derby", "luton"),
    ("it should be derbyshire, not derby", "derbyshire"),
    ("oops wrong council, he is in chesterfield", "derbyshire"),
    ("she lives in Luton", "luton"),
    ("the child is placed in nottingham", "nottinghamshire"),
    ("actually the lad's in derbyshire not in derby", "derbyshire"),
    ("set area to luton please", "luton"),
    ("sorry, a luton child", "luton"),
]
ONLY_NAMED = ["luton", "she's in luton now", "she's from luton", "im in luton", "we're in luton"]
STORY = [
    "she goes to luton at weekends", "her boyfriend is in luton", "she was found in luton",
    "he drives her to luton and back", "is she in luton?", "what about luton", "she is not in luton",
    "derby or luton", "moved to luton by her dad", "none, nothing in luton", "she has a flat in luton",
]  # fmt: skip


@pytest.mark.parametrize(("text", "area"), PUT_RIGHT)
def test_an_area_that_is_put_right_is_taken_at_once_whatever_waits(text: str, area: str) -> None:
    for session in (ROLE, WAITING["hard_facts"], WAITING["signs_people"], judging(),
                    reasoned()):  # fmt: skip
        said = Read("screening_change", {"question": "area", "answer": area})
        assert read(session, text) == said
        turn = DIALOGUE.move(session, area)
        assert turn.session is not None
        assert turn.session.answers == {**session.answers, "area": area}
        assert turn.replies[0].headline.startswith(
            f"Changed: the child's area is {AREA.option(area).label} now, not Derby."  # type: ignore[union-attr]
        )


@pytest.mark.parametrize("text", ONLY_NAMED)
def test_an_area_that_is_only_named_is_asked_about(text: str) -> None:
    for session in (ROLE, WAITING["signs_people"]):
        said = read(session, text)
        assert said == Read("screening_answer", {"suggested": json.dumps({"area": "luton"})})
        turn = DIALOGUE.story(session, {"area": "luton"})
        assert asked(turn) == "area"
        assert "which is right?" in turn.replies[0].headline


@pytest.mark.parametrize("text", STORY)
def test_an_area_of_the_story_moves_nobody(text: str) -> None:
    assert told_area(AREA, "derby", text) is None


@pytest.mark.parametrize(
    "text", ["wrong area", "that's the wrong area", "it's not derby", "wrong area, she's in Leeds"]
)
def test_an_area_that_is_only_taken_back_is_asked_for(text: str) -> None:
    assert read(WAITING["hard_facts"], text) == Read("screening_change", {"question": "area"})


def test_what_hangs_on_the_area_is_asked_again_and_back_leaves_it() -> None:
    for session in (WAITING["hard_facts"], judging(open_to={"looked_after": "yes"})):
        turn = DIALOGUE.move(session, "luton")
        assert asked(turn) == "open_to"
        assert turn.session is not None
        left = DIALOGUE.back(turn.session)
        assert left.session is not None
        assert left.session.answers == {**session.answers, "area": "luton"}
        assert DIALOGUE.current(left.session) == DIALOGUE.current(session)


def test_the_same_area_once_more_changes_nothing() -> None:
    said = read(WAITING["hard_facts"], "actually she's in derby")
    assert said == Read("screening_answer", {"suggested": json.dumps({"area": "derby"})})
    turn = DIALOGUE.story(WAITING["hard_facts"], {"area": "derby"})
    assert "in your answers already" in turn.replies[0].headline


def test_a_screening_that_was_stopped_or_has_ended_moves_too() -> None:
    stopped = DIALOGUE.stop(WAITING["hard_facts"]).session
    done = DIALOGUE.choose(judging(), "low").session
    assert stopped is not None
    assert done is not None
    for session in (stopped, done):
        said = read(session, "actually shes in luton")
        assert said == Read("screening_change", {"question": "area", "answer": "luton"})
        moved = DIALOGUE.move(session, "luton").session
        assert moved is not None
        assert (moved.stage, moved.answers["area"]) == (session.stage, "luton")
        # whose area it is then is not said
        assert read(session, "and in luton") is None
        assert read(session, "luton") is None


def test_an_area_told_before_it_is_asked_waits_for_its_question() -> None:
    said = read(begun(), "shes in derby")
    assert said == Read("screening_answer", {"suggested": json.dumps({"area": "derby"})})
    session = DIALOGUE.story(begun(), {"area": "derby"}).session
    assert isinstance(session, Session)
    assert "area" not in session.answers
