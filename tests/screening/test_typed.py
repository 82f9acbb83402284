"""What people type in place of tapping."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.screening import (
    AnswerError,
    Question,
    Questionnaire,
    Refusal,
    load_questionnaire,
    understand,
)
from bot.screening.conditions import state_of

QUESTIONNAIRE = load_questionnaire()


def marks(question: Question, text: str) -> str:
    """A checklist reply as state:numbers, not known left out: “now:1,3 before:2”."""
    value = understand(question, text)
    assert isinstance(value, dict)
    by_state: dict[str, list[str]] = {}
    for number, item in enumerate(question.items, start=1):
        if item.id in value:
            by_state.setdefault(state_of(value[item.id]), []).append(str(number))
    order = [state.id for state in question.scale_states.states]
    return " ".join(f"{state}:{','.join(by_state[state])}" for state in order if state in by_state)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("1, 3, 5", "now:1,3,5"),
        ("1 3 5", "now:1,3,5"),
        ("1-4", "now:1,2,3,4"),
        ("2 to 4", "now:2,3,4"),
        ("1–3", "now:1,2,3"),
        ("1 and 3 now, 2 before", "now:1,3 before:2"),
        ("1 now and 2 before and 3 not seen", "now:1 before:2 not_seen:3"),
        ("now: 1, 3; before: 2", "now:1,3 before:2"),
        ("2 to 4 now; 5 before", "now:2,3,4 before:5"),
        ("2 yes 3 no", "now:2 not_seen:3"),
        ("1 before", "before:1"),
        ("yes 3", "now:3"),
        ("this is 3", "now:3"),
        ("one and three", "now:1,3"),
        ("yes to one", "now:1"),
        ("that new friends", "now:8"),
        ("1, the other ones not seen", "now:1 not_seen:2,3,4,5,6,7,8"),
        ("not one of them", "not_seen:1,2,3,4,5,6,7,8"),
        ("every one of them", "now:1,2,3,4,5,6,7,8"),
        ("all except 2", "now:1,3,4,5,6,7,8 not_seen:2"),
        ("everything apart from 1 and 2", "now:3,4,5,6,7,8 not_seen:1,2"),
        ("none except 2", "now:2 not_seen:1,3,4,5,6,7,8"),
        ("only 1", "now:1 not_seen:2,3,4,5,6,7,8"),
        ("1, 3, rest not seen", "now:1,3 not_seen:2,4,5,6,7,8"),
        ("1 and the others not known", "now:1"),
        ("2, nothing else", "now:2 not_seen:1,3,4,5,6,7,8"),
        ("all", "now:1,2,3,4,5,6,7,8"),
        ("all before", "before:1,2,3,4,5,6,7,8"),
        ("none", "not_seen:1,2,3,4,5,6,7,8"),
        ("None of these.", "not_seen:1,2,3,4,5,6,7,8"),
        ("no", "not_seen:1,2,3,4,5,6,7,8"),
        ("not seen", "not_seen:1,2,3,4,5,6,7,8"),
        ("not sure", ""),
        ("dunno", ""),
        ("no idea", ""),
        ("?", ""),
        ("3 not known, 4 yes", "now:4"),
        ("cars and older boyfriend", "now:1,5"),
        ("no cars", "not_seen:5"),
        ("1, 3, no cars", "now:1,3 not_seen:5"),
        ("lots of new freinds", "now:8"),
        ("two and four", "now:2,4"),
        ("4 observed, 5 reported", "now:4,5"),
    ],
)
def test_a_typed_checklist(questionnaire: Questionnaire, typed: str, means: str) -> None:
    assert marks(questionnaire.by_id["signs_people"], typed) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("ld yes, missing no", "yes:1 no:6"),
        ("2 yes, 3 no, rest not known", "yes:2 no:3"),
        ("missing, no trafficking", "yes:6 no:5"),
        ("1 yes and the rest no", "yes:1 no:2,3,4,5,6,7"),
        ("none", "no:1,2,3,4,5,6,7"),
    ],
)
def test_typed_facts(questionnaire: Questionnaire, typed: str, means: str) -> None:
    assert marks(questionnaire.by_id["hard_facts"], typed) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("lac", "yes:6"),
        ("looked after and ehcp", "yes:6,8"),
        ("LAC, not CP", "yes:6 no:5"),
        ("cin, cp plan", "yes:4,5"),
        ("none", "no:1,2,3,4,5,6,7,8"),
    ],
)
def test_typed_plans(questionnaire: Questionnaire, typed: str, means: str) -> None:
    assert marks(questionnaire.by_id["open_to"], typed) == means


def test_a_basis_is_kept_with_its_sign(questionnaire: Questionnaire) -> None:
    value = understand(questionnaire.by_id["signs_people"], "1 now observed, 5 reported")
    assert value == {
        "older_partner": {"state": "now", "basis": "observed"},
        "unknown_vehicles": {"state": "now", "basis": "reported"},
    }


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("yes", Refusal.WHICH_ONES),
        ("now", Refusal.WHICH_ONES),
        ("yes that one", Refusal.WHICH_ONES),
        ("that one", Refusal.WHICH_ONES),
        ("yes, this one", Refusal.WHICH_ONES),
        ("yes that", Refusal.WHICH_ONES),
        ("that one before", Refusal.WHICH_ONES),
        ("those two now", Refusal.WHICH_ONES),
        ("one of them", Refusal.WHICH_ONES),
        ("two of those", Refusal.WHICH_ONES),
        ("3 and that one", Refusal.WHICH_ONES),
        ("the other one", Refusal.WHICH_ONES),
        ("9", Refusal.OUT_OF_RANGE),
        ("0", Refusal.OUT_OF_RANGE),
        ("1 now, 1 before", Refusal.CONTRADICTION),
        ("cars no texts", Refusal.UNCLEAR),
        ("1, 3, the rest", Refusal.UNCLEAR),
        ("bananas", Refusal.NOT_UNDERSTOOD),
        ("", Refusal.NOT_UNDERSTOOD),
        ("I am 14", Refusal.SPEAKS_OF_SELF),
    ],
)
def test_a_checklist_reply_that_is_asked_about_again(
    questionnaire: Questionnaire, typed: str, refusal: Refusal
) -> None:
    with pytest.raises(AnswerError) as caught:
        understand(questionnaire.by_id["signs_people"], typed)
    assert caught.value.refusal is refusal


@pytest.mark.parametrize(
    ("question", "typed", "means"),
    [
        ("immediate_danger", "y", "yes"),
        ("immediate_danger", "Yes!", "yes"),
        ("immediate_danger", "yes, he is", "yes"),
        ("immediate_danger", "nope", "no"),
        ("immediate_danger", "no thanks", "no"),
        ("immediate_danger", "3", "unknown"),
        ("immediate_danger", "no idea", "unknown"),
        ("immediate_danger", "not that I know of", "unknown"),
        ("immediate_danger", "maybe", "unknown"),
        ("immediate_danger", "in danger", "yes"),
        ("immediate_danger", "not in danger", "no"),
        ("area", "Derby", "derby"),
        ("area", "derbyshire", "derbyshire"),
        ("area", "derby city", "derby"),
        ("area", "we are in luton", "luton"),
        ("area", "notts", "nottinghamshire"),
        ("area", "hartlepol", "hartlepool"),
        ("area", "4", "derby"),
        ("role", "sw", "social_worker"),
        ("role", "im a dsl at a secondary school", "teacher"),
        ("role", "foster carrer", "foster_carer"),
        ("role", "a mum", "not_professional"),
        ("age", "11", "under_13"),
        ("age", "she is 12", "under_13"),
        ("age", "13-15", "13_to_15"),
        ("age", "fifteen", "13_to_15"),
        ("age", "age 5", "under_13"),
        ("age", "choice 5", "unknown"),
        ("age", "17", "16_or_17"),
        ("age", "14 now", "13_to_15"),
        ("age", "14-15", "13_to_15"),
        ("age", "14, 15", "13_to_15"),
        ("age", "in year 7", "under_13"),
        ("age", "yr 9", "13_to_15"),
        ("age", "year 10 girl", "13_to_15"),
        ("age", "y12", "16_or_17"),
        ("age", "13, in year 8", "13_to_15"),
        ("age", "19", "adult"),
        ("danger_now", "ok", "read"),
    ],
)
def test_a_typed_choice(
    questionnaire: Questionnaire, question: str, typed: str, means: str
) -> None:
    assert understand(questionnaire.by_id[question], typed) == means


@pytest.mark.parametrize(
    ("question", "typed", "refusal"),
    [
        ("immediate_danger", "no doubt", Refusal.NOT_UNDERSTOOD),
        ("immediate_danger", "she isn't safe", Refusal.NOT_UNDERSTOOD),
        ("immediate_danger", "yes no", Refusal.NOT_UNDERSTOOD),
        ("immediate_danger", "4", Refusal.OUT_OF_RANGE),
        ("area", "leeds", Refusal.NOT_UNDERSTOOD),
        ("area", "not derby", Refusal.NOT_UNDERSTOOD),
        ("area", "derby or derbyshire", None),
        ("area", "that one", Refusal.WHICH_ONES),
        ("age", "yes that one", Refusal.WHICH_ONES),
        ("age", "5", Refusal.UNCLEAR),
        ("age", "year 8", Refusal.UNCLEAR),
        ("age", "in yr 11", Refusal.UNCLEAR),
        ("age", "he's in year eight", Refusal.UNCLEAR),
        ("age", "y13", Refusal.UNCLEAR),
        ("age", "not in year 9", Refusal.NOT_UNDERSTOOD),
        ("age", "year 8 or 9", Refusal.UNCLEAR),
        ("age", "im in year 9", Refusal.SPEAKS_OF_SELF),
        ("age", "the first one", Refusal.NOT_UNDERSTOOD),
        ("age", "1 to 3", Refusal.NOT_UNDERSTOOD),
        ("age", "12-13", Refusal.UNCLEAR),
        ("age", "I am 14", Refusal.SPEAKS_OF_SELF),
        ("age", "im 15 and he", Refusal.SPEAKS_OF_SELF),
        ("danger_now", "dunno", Refusal.NOT_UNDERSTOOD),
    ],
)
def test_a_choice_that_is_asked_about_again(
    questionnaire: Questionnaire, question: str, typed: str, refusal: Refusal | None
) -> None:
    with pytest.raises(AnswerError) as caught:
        understand(questionnaire.by_id[question], typed)
    assert refusal is None or caught.value.refusal is refusal


LISTS = [
    "1,2,5", "2 before", "2 before, 3 now", "1 no, 2 not known, 3 no, 4 yes", "1 and 3",
    "1 yes 2 no", "2, 4 and 6 now", "1: no; 2: yes", "1 now, the rest not seen", "5 no", "13 before",
]  # fmt: skip


@pytest.mark.parametrize("typed", LISTS)
def test_an_answer_to_a_list_is_refused_where_one_is_chosen(
    questionnaire: Questionnaire, typed: str
) -> None:
    for question in questionnaire.questions:
        if question.kind == "single":
            with pytest.raises(AnswerError) as caught:
                understand(question, typed)
            assert caught.value.refusal in (Refusal.UNCLEAR, Refusal.NOT_UNDERSTOOD)
            assert "list" in caught.value.explanation


@given(st.lists(st.integers(1, 5), min_size=2, max_size=5), st.sampled_from([", ", ",", " and "]))
def test_no_numbers_of_lines_are_ever_an_age(numbers: list[int], between: str) -> None:
    question = load_questionnaire().by_id["age"]
    with pytest.raises(AnswerError):
        understand(question, between.join(map(str, numbers)))


@settings(max_examples=200, deadline=None)
@given(question=st.sampled_from(QUESTIONNAIRE.questions), text=st.text(max_size=60))
def test_any_text_is_either_a_valid_answer_or_refused_without_repeating_it(
    question: Question, text: str
) -> None:
    try:
        value = understand(question, text)
    except AnswerError as refused:
        explanation = refused.explanation
        assert explanation
        assert len(text) < 12 or text not in explanation
        return
    if isinstance(value, str):
        assert question.option(value)
    else:
        assert set(value) <= {item.id for item in question.items}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_numbers_mean_their_items(data: st.DataObject) -> None:
    question = QUESTIONNAIRE.by_id["signs_health_mood"]
    numbers = st.integers(1, len(question.items))
    chosen = data.draw(st.lists(numbers, min_size=1, unique=True))
    value = understand(question, ", ".join(map(str, chosen)))
    assert set(value) == {question.items[number - 1].id for number in chosen}
