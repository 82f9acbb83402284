"""What was told and a plain answer that says otherwise: asked, never dropped without a word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.screening.dialogue import Session, none_of
from bot.screening.models import Value

from .test_dialogue import DIALOGUE, QUESTIONNAIRE, asked, read
from .test_nothing import WAITING, waiting_at


def told(session: Session, question: str, value: Value) -> Session:
    heard = DIALOGUE.story(session, {question: value}).session
    assert heard is not None
    return heard


def suggested(question_id: str, text: str) -> dict[str, Any]:
    said = read(WAITING[question_id], text)
    assert said is not None
    found: dict[str, Any] = json.loads(said.entities["suggested"])
    return found


@pytest.mark.parametrize(
    ("question", "item", "state"),
    [
        ("hard_facts", "missing", "yes"),
        ("hard_facts", "trafficking", "yes"),
        ("open_to", "looked_after", "yes"),
        ("signs_people", "unknown_vehicles", "now"),
    ],
)
def test_none_against_what_was_told_is_asked(question: str, item: str, state: str) -> None:
    nothing = none_of(QUESTIONNAIRE.by_id[question])
    for value, words in ((nothing, "No"), ({}, "Not known")):
        turn = DIALOGUE.take(told(WAITING[question], question, {item: state}), question, value)
        assert asked(turn) == question
        assert turn.replies[0].headline.startswith("You told me earlier: ")
        assert f"“{words}”: which is right?" in turn.replies[0].headline
        assert turn.session is not None
        yes = read(turn.session, "yes")
        assert yes is not None
        agreed = DIALOGUE.take(turn.session, question, json.loads(yes.entities["answer"])).session
        assert agreed is not None
        assert agreed.answers[question] == {**value, item: state}
        stays = DIALOGUE.take(turn.session, question, value).session
        assert stays is not None
        assert stays.answers[question] == value
        assert DIALOGUE.unsettled(stays) is None


def test_an_age_that_was_told_is_not_lost_to_not_known() -> None:
    before = told(waiting_at("open_to"), "age", "13_to_15")
    at_age = DIALOGUE.take(before, "open_to", {"early_help": "yes"}).session
    assert at_age is not None
    turn = DIALOGUE.take(at_age, "age", "unknown")
    assert asked(turn) == "age"
    assert "13 to 15" in turn.replies[0].headline
    assert "“Not known”" in turn.replies[0].headline
    assert turn.session is not None
    yes = read(turn.session, "yes")
    assert yes is not None
    assert json.loads(yes.entities["answer"]) == "13_to_15"


def test_who_goes_through_the_list_line_by_line_has_decided() -> None:
    heard = told(WAITING["hard_facts"], "hard_facts", {"missing": "yes"})
    answer: Value = {"missing": "no", "crime_suspected": "yes"}
    taken = DIALOGUE.take(heard, "hard_facts", answer).session
    assert taken is not None
    assert taken.changing is None
    assert taken.answers["hard_facts"] == answer


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("real harm and missing", {"significant_harm", "missing"}),
        ("serious harm plus crime", {"significant_harm", "crime_suspected"}),
        ("autism and epilepsy so the first one", {"learning_disability_or_medical_need"}),
        ("the parents know so that's number 7", {"parents_neglect_or_collude"}),
        ("shes been moved about between towns", {"trafficking"}),
        ("he's being driven around a lot", {"trafficking"}),
        ("a different hotel every week", {"trafficking"}),
        ("mum is in on it", {"parents_neglect_or_collude"}),
        ("dad knows and does nothing", {"parents_neglect_or_collude"}),
        ("her nan is going along with it", {"parents_neglect_or_collude"}),
        ("mums in on it too", {"parents_neglect_or_collude"}),
    ],
)
def test_what_a_list_asks_is_known_in_other_words(text: str, items: set[str]) -> None:
    assert set(suggested("hard_facts", text)["hard_facts"]) == items


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("the first one", [1]),
        ("2nd one and the last one", [2, 7]),
        ("sig harm and missing", [3, 6]),
    ],
)
def test_a_line_is_named_by_its_place(text: str, numbers: list[int]) -> None:
    said = read(WAITING["hard_facts"], text)
    assert said is not None
    items = [one.id for one in QUESTIONNAIRE.by_id["hard_facts"].items]
    assert json.loads(said.entities["answer"]) == {items[one - 1]: "yes" for one in numbers}


@pytest.mark.parametrize(
    "text", ["first went missing in may", "no harm but missing", "not sure about harm and missing"]
)
def test_what_is_denied_or_dated_names_no_other_line(text: str) -> None:
    said = read(WAITING["hard_facts"], text)
    assert said is not None
    given = json.loads(said.entities.get("suggested") or "{}").get("hard_facts", {})
    answer = json.loads(said.entities.get("answer") or "{}")
    assert {**given, **answer}.get("learning_disability_or_medical_need") is None
    assert {**given, **answer}.get("significant_harm") != "yes"
