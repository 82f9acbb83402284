"""The answers are the whole state: asking, going back, changing and skipping replay them."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.screening import (
    AnswerError,
    Answers,
    Questionnaire,
    Refusal,
    Value,
    answer,
    back,
    change,
    load_questionnaire,
    replay,
    skip,
    summary,
    would_drop,
)
from bot.screening.models import QuestionnaireFile

from .children import any_value, nothing_seen

QUESTIONNAIRE = load_questionnaire()


def finished(questionnaire: Questionnaire, **different: Value) -> Answers:
    """Gives the answers of `nothing_seen`, but for `different`, one question after the other."""
    wanted = nothing_seen(questionnaire, **different)
    answers: Answers = {}
    while (question := replay(questionnaire, answers).current) is not None:
        if question.stops:
            break
        value: Value = "read" if question.kind == "notice" else wanted[question.id]
        answers = answer(questionnaire, answers, question.id, value)
    return answers


def test_danger_is_asked_first_and_stops_with_999(questionnaire: Questionnaire) -> None:
    assert replay(questionnaire, {}).current.id == "immediate_danger"  # type: ignore[union-attr]
    answers = answer(questionnaire, {}, "immediate_danger", "yes")
    notice = replay(questionnaire, answers).current
    assert notice is not None
    assert notice.kind == "notice"
    assert "999" in notice.title
    answers = answer(questionnaire, answers, notice.id, "read")
    assert replay(questionnaire, answers).current.id == "area"  # type: ignore[union-attr]


def test_danger_that_is_not_known_goes_on_but_is_not_forgotten(
    questionnaire: Questionnaire,
) -> None:
    state = replay(questionnaire, finished(questionnaire, immediate_danger="unknown"))
    assert state.result is not None
    assert "danger_not_known" in {action.id for action in state.result.actions}


def test_a_typical_screening_takes_at_most_fourteen_messages(questionnaire: Questionnaire) -> None:
    started, judged = 1, 1
    for age in ("under_13", "13_to_15", "16_or_17", "unknown"):
        answers = finished(questionnaire, age=age)
        assert replay(questionnaire, answers).complete
        assert started + len(answers) + judged <= 14


def test_a_parent_is_sent_to_help_instead_of_questions(questionnaire: Questionnaire) -> None:
    answers = finished(questionnaire, role="not_professional")
    state = replay(questionnaire, answers)
    assert state.stopped
    assert state.result is None
    assert state.remaining == 0
    with pytest.raises(AnswerError):
        answer(questionnaire, answers, "for_professionals", "read")


def test_an_adult_is_out_of_scope_and_a_slip_loses_nothing(questionnaire: Questionnaire) -> None:
    answers = finished(questionnaire)
    slipped = change(questionnaire, answers, "age", "adult")
    assert replay(questionnaire, slipped).stopped
    mended = change(questionnaire, slipped, "age", "13_to_15")
    lost = set(answers) - set(mended)
    assert lost == {"sexual_activity"}  # it hangs on the age itself


@pytest.mark.parametrize(
    ("age", "asked", "not_asked"),
    [
        ("under_13", "sexual_activity", "consent_16_17"),
        ("13_to_15", "sexual_activity", "consent_16_17"),
        ("unknown", "sexual_activity", "consent_16_17"),
        ("16_or_17", "consent_16_17", "sexual_activity"),
    ],
)
def test_sexual_activity_is_asked_only_where_it_matters(
    questionnaire: Questionnaire, age: str, asked: str, not_asked: str
) -> None:
    answers = finished(questionnaire, age=age)
    assert asked in answers
    assert not_asked not in answers


def test_only_the_question_being_asked_takes_an_answer(questionnaire: Questionnaire) -> None:
    once = answer(questionnaire, {}, "immediate_danger", "no")
    with pytest.raises(AnswerError) as caught:
        answer(questionnaire, once, "immediate_danger", "no")  # tapped twice
    assert caught.value.refusal is Refusal.NOT_ASKED_NOW
    with pytest.raises(AnswerError) as caught:
        answer(questionnaire, once, "no_such", "no")
    assert caught.value.refusal is Refusal.NO_SUCH_QUESTION


@pytest.mark.parametrize("value", ["perhaps", "", 3, None, {"under_13": "yes"}, ["no"]], ids=repr)
def test_a_wrong_value_is_refused_kindly(questionnaire: Questionnaire, value: object) -> None:
    with pytest.raises(AnswerError) as caught:
        answer(questionnaire, {}, "immediate_danger", value)  # type: ignore[arg-type]
    assert caught.value.choices == ("Yes", "No", "Not sure")
    assert "not recorded" in caught.value.explanation


@pytest.mark.parametrize(
    "value",
    [
        {"no_such_item": "now"},
        {"new_friends": "sometimes"},
        {"new_friends": {"state": "now", "basis": "hunch"}},
        {"new_friends": {"state": "now", "basis": "observed", "name": "x"}},
        {"new_friends": {"basis": "observed"}},
        "now",
    ],
    ids=repr,
)
def test_a_wrong_checklist_is_refused(questionnaire: Questionnaire, value: Value) -> None:
    answers = finished(questionnaire)
    with pytest.raises(AnswerError):
        change(questionnaire, answers, "signs_people", value)


def test_a_sign_can_say_what_it_rests_on(questionnaire: Questionnaire) -> None:
    value: Value = {"new_friends": {"state": "now", "basis": "reported"}}
    answers = change(questionnaire, finished(questionnaire), "signs_people", value)
    result = replay(questionnaire, answers).result
    assert result is not None
    assert [(sign.item_id, sign.basis) for sign in result.present] == [("new_friends", "reported")]
    line = next(line for line in summary(questionnaire, answers) if line.change == "signs_people")
    assert "Suddenly many new friends (reported by someone)" in line.answers[0]


def test_back_asks_the_question_before_again(questionnaire: Questionnaire) -> None:
    answers: Answers = {"immediate_danger": "no", "area": "luton"}
    answers = back(questionnaire, answers)
    assert answers == {"immediate_danger": "no"}
    answers = back(questionnaire, answers)
    assert answers == {}
    with pytest.raises(AnswerError) as caught:
        back(questionnaire, answers)
    assert caught.value.refusal is Refusal.AT_THE_START


def test_a_change_keeps_later_answers_and_drops_what_no_longer_applies(
    questionnaire: Questionnaire,
) -> None:
    answers = finished(questionnaire)
    dropped = would_drop(questionnaire, answers, "age", "16_or_17")
    assert [question.id for question in dropped] == ["sexual_activity"]
    changed = change(questionnaire, answers, "age", "16_or_17")
    state = replay(questionnaire, changed)
    assert state.current is not None
    assert state.current.id == "consent_16_17"
    assert state.remaining == 1
    assert changed["signs_people"] == answers["signs_people"]
    done = answer(questionnaire, changed, "consent_16_17", "no")
    assert replay(questionnaire, done).complete


def test_only_an_answered_question_can_be_changed(questionnaire: Questionnaire) -> None:
    with pytest.raises(AnswerError) as caught:
        change(questionnaire, {}, "age", "under_13")
    assert caught.value.refusal is Refusal.NOT_ANSWERED_YET


def test_a_skipped_question_is_not_known(questionnaire: Questionnaire) -> None:
    answers: Answers = {}
    while replay(questionnaire, answers).current is not None:
        answers = skip(questionnaire, answers)
    assert answers["age"] == "unknown"
    assert answers["hard_facts"] == {}
    with pytest.raises(AnswerError):
        skip(questionnaire, answers)


def test_a_danger_notice_cannot_be_skipped(questionnaire: Questionnaire) -> None:
    with pytest.raises(AnswerError) as caught:
        skip(questionnaire, {"immediate_danger": "yes"})
    assert caught.value.refusal is Refusal.CANNOT_SKIP


def test_answers_of_an_older_version_are_left_out_and_listed(questionnaire: Questionnaire) -> None:
    state = replay(
        questionnaire, {"immediate_danger": "no", "gone": "x", "area": "atlantis", "role": "police"}
    )
    assert {(drop.question_id, drop.reason) for drop in state.dropped} == {
        ("gone", "not_a_choice"), ("area", "not_a_choice"),
    }  # fmt: skip
    assert state.current is not None
    assert state.current.id == "area"
    assert state.answers == {"immediate_danger": "no", "role": "police"}


def test_an_answer_that_does_not_apply_is_left_out_and_listed(questionnaire: Questionnaire) -> None:
    stray = {**finished(questionnaire), "consent_16_17": "yes"}
    state = replay(questionnaire, stray)
    assert [(d.question_id, d.reason) for d in state.dropped] == [
        ("consent_16_17", "no_longer_applies")
    ]
    assert state.complete


def test_the_summary_has_a_change_target_for_each_answer(questionnaire: Questionnaire) -> None:
    answers = finished(questionnaire)
    lines = summary(questionnaire, answers)
    assert [line.change for line in lines] == list(answers)
    assert all(line.answers for line in lines)


def test_what_remains_counts_down_to_nothing(questionnaire: Questionnaire) -> None:
    answers: Answers = {}
    wanted = nothing_seen(questionnaire)
    state = replay(questionnaire, answers)
    while state.current is not None:
        assert 1 <= state.remaining <= state.remaining_most
        answers = answer(questionnaire, answers, state.current.id, wanted[state.current.id])
        after = replay(questionnaire, answers)
        assert after.remaining_most < state.remaining_most
        state = after
    assert (state.remaining, state.remaining_most) == (0, 0)


# --- walks ---------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_walk_ends_with_exactly_the_answers_given(data: st.DataObject) -> None:
    """Going back and changing, however often, leaves what was said last, and nothing else."""
    answers: Answers = {}
    said: Answers = {}
    for _ in range(data.draw(st.integers(5, 40))):
        state = replay(QUESTIONNAIRE, answers)
        moves = [move for move, possible in (
            ("answer", state.current is not None and not state.stopped),
            ("back", bool(state.path)),
            ("change", bool(state.answers)),
        ) if possible]  # fmt: skip
        match data.draw(st.sampled_from(moves)):
            case "answer":
                question = state.current
                assert question is not None
                value = data.draw(any_value(question))
                said[question.id] = value
                answers = answer(QUESTIONNAIRE, answers, question.id, value)
            case "back":
                with contextlib.suppress(AnswerError):  # at the start
                    answers = back(QUESTIONNAIRE, answers)
            case "change":
                name = data.draw(st.sampled_from(sorted(state.answers)))
                value = data.draw(any_value(QUESTIONNAIRE.by_id[name]))
                said[name] = value
                answers = change(QUESTIONNAIRE, answers, name, value)
        now = replay(QUESTIONNAIRE, answers)
        assert now.answers == answers
        assert now.dropped == ()
        assert all(answers[name] == said[name] for name in answers)
        assert json.loads(json.dumps(answers)) == answers
        assert list(answers) == [name for name in QUESTIONNAIRE.by_id if name in answers]


def test_how_long_a_replay_of_a_hundred_answers_takes(
    questionnaire: Questionnaire, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prints the time; asserts only that the replay is right."""
    people = questionnaire.by_id["signs_people"]
    base = questionnaire.content.model_dump(by_alias=True)
    many = list(base["questions"])
    for number in range(104 - len(many)):
        extra = people.model_dump(by_alias=True)
        extra["id"] = f"extra_{number}"
        extra["applies_when"] = {"question": "age", "is": ["13_to_15", "unknown"]}
        extra["items"] = [
            {**item, "id": f"{item['id']}_{number}", "group": "c"} for item in extra["items"]
        ]
        many.append(extra)
    large = Questionnaire(
        content=QuestionnaireFile.model_validate({**base, "questions": many}),
        area_names=questionnaire.area_names,
    )
    answers = nothing_seen(large)
    for real in (questionnaire, large):
        kept = replay(real, answers).answers
        started = time.perf_counter()
        for _ in range(20):
            state = replay(real, kept)
        took = (time.perf_counter() - started) / 20 * 1000
        assert state.complete
        started = time.perf_counter()
        assert state.result is not None
        result_took = (time.perf_counter() - started) * 1000
        with capsys.disabled():
            print(f"\nreplay of {len(kept)} answers: {took:.2f} ms, result: {result_took:.2f} ms")
