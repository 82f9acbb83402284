"""“Nothing” at a list: none of it, not known, or beside a sign that is there."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.screening import Question, Value
from bot.screening.conditions import state_of
from bot.screening.dialogue import Session, none_of
from bot.screening.reading import Read, ScreeningReader

from .test_dialogue import DIALOGUE, GUIDANCE, QUESTIONNAIRE, begun

READER = ScreeningReader(DIALOGUE, GUIDANCE)


def waiting_at(question_id: str) -> Session:
    """A screening that has come to a checklist, all before it answered."""
    given: dict[str, Value] = {
        "immediate_danger": "no", "area": "derby", "role": "teacher", "age": "13_to_15",
        "sexual_activity": "no",
    }  # fmt: skip
    answers: dict[str, Value] = {}
    for question in QUESTIONNAIRE.questions:
        if question.id == question_id:
            break
        if question.kind == "checklist":
            answers[question.id] = {}
        elif question.id in given:
            answers[question.id] = given[question.id]
    session = begun(**answers)
    current = DIALOGUE.current(session)
    assert current is not None
    assert current.id == question_id
    return session


LISTS = {one.id: one for one in QUESTIONNAIRE.questions if one.kind == "checklist"}
WAITING = {name: waiting_at(name) for name in LISTS}


def recorded(read: Read | None) -> dict[str, str]:
    """The states that a reading records at once, by item; empty when it records none."""
    value = json.loads(read.entities.get("answer", "{}")) if read else {}
    assert isinstance(value, dict)
    return {name: state_of(state) for name, state in value.items()}


def absent(question: Question) -> str:
    state = question.scale_states.meaning("absent")
    assert state is not None
    return state.id


@pytest.mark.parametrize(
    ("question", "text", "present"),
    [
        ("hard_facts", "missing, nothing else", "missing"),
        ("hard_facts", "she goes missing, no learning disability, nothing on parents", "missing"),
        ("hard_facts", "missing. nothing more than that", "missing"),
        ("open_to", "child in need, nothing else", "child_in_need"),
        ("open_to", "looked after, no plans", "looked_after"),
        ("open_to", "looked after, not open to anyone else", "looked_after"),
        ("open_to", "no plan but a social worker", "social_care"),
        ("signs_people", "taxis, nothing like that before", "unknown_vehicles"),
    ],
)
@pytest.mark.parametrize("side_question", [False, True])
def test_a_sign_that_is_named_is_never_recorded_as_absent(
    question: str, text: str, present: str, side_question: bool
) -> None:
    read = READER.read(WAITING[question], text, side_question)
    assert recorded(read).get(present) != absent(LISTS[question])


NAMED = [
    (question.id, item.id, words)
    for question in LISTS.values()
    for item in question.items
    for words in item.words
]
AROUND = [
    "{}, nothing else", "{} and nothing more", "{}. nothing on the rest", "nothing but {}",
    "{}, not any of the others", "{} but no plans", "nothing apart from {}", "{}, nothing yet",
    "{}, nothing else is known", "just {}, nothing like the others", "she has {}, nothing besides",
    "{}, not open to anyone", "yes {}, nothing at all otherwise", "nothing confirmed except {}",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(named=st.sampled_from(NAMED), around=st.sampled_from(AROUND), side=st.booleans())
def test_nothing_beside_the_name_of_a_line_never_makes_that_line_absent(
    named: tuple[str, str, str], around: str, side: bool
) -> None:
    question, item, words = named
    read = READER.read(WAITING[question], around.format(words), side)
    assert recorded(read).get(item) != absent(LISTS[question])


PAIRS = [
    (question, item, words, other)
    for question, item, words in NAMED
    for where, another, other in NAMED
    if where == question and another != item
]


@settings(max_examples=400, deadline=None)
@given(
    pair=st.sampled_from(PAIRS),
    around=st.sampled_from(
        ["no {1}, {0}", "no {1} and {0}", "not {1}, {0}", "{1} no, {0}", "no {1}; {0}",
         "{1} not seen, {0}", "no {1}, but {0}", "not seen {1}, {0}", "no, {0}", "nope, {0}",
         "no. {0}", "no and {0}"]
    ),
)  # fmt: skip
def test_a_no_to_one_line_is_no_no_to_the_next(
    pair: tuple[str, str, str, str], around: str
) -> None:
    question, item, words, other = pair
    read = READER.read(WAITING[question], around.format(words, other), side_question=False)
    assert recorded(read).get(item) != absent(LISTS[question])


def test_a_list_of_what_is_denied_is_denied() -> None:
    read = READER.read(WAITING["hard_facts"], "no: 1, 3", side_question=False)
    assert recorded(read) == {
        "learning_disability_or_medical_need": "no", "significant_harm": "no",
    }  # fmt: skip
    read = READER.read(WAITING["hard_facts"], "no evidence, no harm", side_question=False)
    assert recorded(read) == {"evidence_of_exploitation": "no", "significant_harm": "no"}


NOT_KNOWN = [
    "nothing is known", "nothing known", "don't know, nothing recorded so far",
    "I know nothing about plans", "nothing that I know of", "none that we know of",
    "nothing to my knowledge", "not much is known", "nothing on file", "we don't know yet",
    "no idea, nothing confirmed", "nothing has been confirmed", "we know very little",
    "nothing confirmed yet", "none of it is confirmed", "I've heard nothing",
]  # fmt: skip
EITHER = [
    "nothing so far", "nothing yet", "not any more", "not really", "nothing reported",
    "nothing disclosed", "nothing, she is fine", "no one", "haven't heard anything",
]  # fmt: skip
NONE = ["nothing", "nothing at all", "no, nothing", "nothing like that", "none of these really"]


@pytest.mark.parametrize("question", sorted(LISTS))
@pytest.mark.parametrize("text", NOT_KNOWN)
def test_nothing_known_is_not_known(question: str, text: str) -> None:
    for side_question in (False, True):
        read = READER.read(WAITING[question], text, side_question)
        assert read == Read("screening_answer", {"question": question, "answer": "{}"})


@pytest.mark.parametrize("question", sorted(set(LISTS) - {"open_to"}))
@pytest.mark.parametrize("text", EITHER)
def test_what_may_be_either_is_asked_again(question: str, text: str) -> None:
    read = READER.read(WAITING[question], text, side_question=False)
    assert read is not None
    assert set(read.entities) == {"explanation"}


@pytest.mark.parametrize("question", sorted(LISTS))
@pytest.mark.parametrize("text", NONE)
def test_nothing_applies_is_none(question: str, text: str) -> None:
    read = READER.read(WAITING[question], text, side_question=False)
    assert recorded(read) == none_of(LISTS[question])


@settings(max_examples=200, deadline=None)
@given(
    question=st.sampled_from(sorted(LISTS)),
    parts=st.lists(st.sampled_from([*NOT_KNOWN, *NONE]), min_size=1, max_size=3),
    unknown=st.sampled_from(NOT_KNOWN),
    joint=st.sampled_from([", ", " and ", ". ", " but "]),
    at=st.integers(0, 3),
)
def test_unknown_never_counts_as_no(
    question: str, parts: list[str], unknown: str, joint: str, at: int
) -> None:
    text = joint.join([*parts[:at], unknown, *parts[at:]])
    assert recorded(READER.read(WAITING[question], text, side_question=False)) == {}


def test_nothing_known_of_sexual_activity_is_not_known() -> None:
    session = begun(
        immediate_danger="no", area="derby", role="teacher", open_to={}, age="13_to_15",
        hard_facts={},
    )  # fmt: skip
    for text in ("nothing is known", "nothing confirmed yet"):
        assert READER.read(session, text, side_question=False) == Read(
            "screening_answer", {"question": "sexual_activity", "answer": '"unknown"'}
        )


@pytest.mark.parametrize("text", ["none", "nothing", "none at all", "no none", "nope nothing"])
def test_none_is_a_no_where_it_is_asked_whether_there_is_any(text: str) -> None:
    for waiting in (begun(), waiting_at("sexual_activity")):
        question = DIALOGUE.current(waiting)
        assert question is not None
        assert READER.read(waiting, text, False) == Read(
            "screening_answer", {"question": question.id, "answer": json.dumps("no")}
        )


@pytest.mark.parametrize(
    "text",
    ["nothing but kissing", "none that she admits", "nothing known", "none of your business"],
)
def test_more_than_none_is_no_no(text: str) -> None:
    said = READER.read(waiting_at("sexual_activity"), text, False)
    assert said is None or said.entities.get("answer") != json.dumps("no")
