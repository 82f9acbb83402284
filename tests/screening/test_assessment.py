"""Floors, suggestions and judgement: what the rules make of the answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.referral.case import Case, Known, Level
from bot.screening import (
    Answers,
    Assessment,
    JudgementError,
    Questionnaire,
    assess,
    judge,
    load_questionnaire,
    to_case,
)
from bot.screening.dialogue import none_of

from .children import any_value, nothing_seen

QUESTIONNAIRE = load_questionnaire()


def ids(rules: object) -> set[str]:
    return {rule.id for rule in rules}  # type: ignore[attr-defined]


def rank(level: Level | None) -> int:
    return -1 if level is None else level.rank


def test_under_13_with_no_sign_at_all_is_never_low(questionnaire: Questionnaire) -> None:
    result = assess(questionnaire, nothing_seen(questionnaire, age="under_13"))
    assert (result.floor, result.suggested) == (Level.MEDIUM, Level.MEDIUM)
    assert ids(result.floor_rules) == {"floor_under_13"}
    assert result.floor_rules[0].note is None  # Derby's own procedure
    with pytest.raises(JudgementError) as caught:
        judge(result, Level.LOW, "advice_taken")
    assert caught.value.rules == ("floor_under_13",)
    assert "under 13" in caught.value.explanation


def test_under_13_with_sexual_activity_is_high_and_for_the_police(
    questionnaire: Questionnaire,
) -> None:
    answers = nothing_seen(questionnaire, age="under_13", sexual_activity="yes")
    result = assess(questionnaire, answers)
    assert result.floor is Level.HIGH
    assert "floor_under_13_activity" in ids(result.floor_rules)
    assert "police" in ids(result.actions)


@pytest.mark.parametrize(
    ("fact", "floor"),
    [
        ("learning_disability_or_medical_need", Level.MEDIUM),
        ("evidence_of_exploitation", Level.HIGH),
        ("significant_harm", Level.HIGH),
        ("parents_neglect_or_collude", Level.HIGH),
        ("crime_suspected", None),
        ("trafficking", None),
        ("missing", None),
    ],
)
def test_each_hard_fact_sets_its_floor(
    questionnaire: Questionnaire, fact: str, floor: Level | None
) -> None:
    result = assess(questionnaire, nothing_seen(questionnaire, hard_facts={fact: "yes"}))
    assert result.floor is floor


def test_a_child_who_discloses_is_high(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(questionnaire, hard_facts={"evidence_of_exploitation": "yes"})
    result = assess(questionnaire, answers)
    assert result.suggested is Level.HIGH
    for lower in (Level.LOW, Level.MEDIUM):
        with pytest.raises(JudgementError):
            judge(result, lower, "agreed_with_others")
    assert judge(result, Level.HIGH).chosen is Level.HIGH


def test_learning_disability_not_known_is_not_ruled_out(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(
        questionnaire,
        hard_facts={"learning_disability_or_medical_need": "unknown"},
        signs_daily_life={"secretive": "now"},
    )
    result = assess(questionnaire, answers)
    assert result.floor is None
    assert result.suggested is Level.MEDIUM
    assert "not_ruled_out" in ids(result.cautions)
    gaps = {gap.item_id: gap.hard_rule for gap in result.unknown}
    assert gaps["learning_disability_or_medical_need"] == "HR2"
    would = {(w.answer, w.suggested) for w in result.would_change if len(w.known) == 1}
    assert ("No", Level.LOW) in would


def test_everything_unknown_is_insufficient_and_not_low(questionnaire: Questionnaire) -> None:
    result = assess(questionnaire, {})
    assert result.outcome == "insufficient"
    assert result.suggested is None
    assert "Insufficient information" in result.headline.text
    assert ids(result.cautions) == {"not_ruled_out", "too_little_known"}
    with pytest.raises(JudgementError) as caught:
        judge(result, Level.LOW)
    assert caught.value.reason_needed


def test_nothing_seen_is_not_no_risk(questionnaire: Questionnaire) -> None:
    result = assess(questionnaire, nothing_seen(questionnaire))
    assert result.outcome == "no_indicators"
    assert result.suggested is None
    assert "this does not mean no risk" in result.headline.text
    assert judge(result, Level.LOW).chosen is Level.LOW


def test_one_pattern_close_to_the_definition_suggests_medium(questionnaire: Questionnaire) -> None:
    for item in questionnaire.items_of_group["a"]:
        question = questionnaire.question_of_item[item.id]
        answers = nothing_seen(questionnaire, **{question.id: {item.id: "now"}})
        result = assess(questionnaire, answers)
        assert result.suggested is Level.MEDIUM
        assert result.suggestions[0].because == (item.title,)
        assert result.suggestions[0].note == "Tool suggestion, not procedure."


def test_a_floor_says_whose_rule_it_is_and_is_never_called_a_suggestion(
    questionnaire: Questionnaire,
) -> None:
    for area, item, own in (
        ("hartlepool", "evidence_of_exploitation", "this tool's own rule, not a procedure"),
        ("luton", "significant_harm", "Luton's source does not say this"),
        ("derby", "significant_harm", ""),
    ):
        facts = {**none_of(questionnaire.by_id["hard_facts"]), item: "yes"}
        result = assess(questionnaire, nothing_seen(questionnaire, area=area, hard_facts=facts))
        (floor,) = result.floor_rules
        assert own in (floor.note or "")
        assert "suggestion" not in (floor.note or "")
        with pytest.raises(JudgementError) as caught:
            judge(result, Level.MEDIUM)
        assert own in caught.value.explanation
        assert "lowest level that you can choose is high" in caught.value.explanation


def test_other_signs_alone_suggest_low(questionnaire: Questionnaire) -> None:
    for item in questionnaire.items_of_group["b"]:
        question = questionnaire.question_of_item[item.id]
        answers = nothing_seen(questionnaire, **{question.id: {item.id: "now"}})
        assert assess(questionnaire, answers).suggested is Level.LOW


def test_circumstances_never_count_towards_a_level(questionnaire: Questionnaire) -> None:
    everything = {item.id: "now" for item in questionnaire.items_of_group["c"]}
    result = assess(questionnaire, nothing_seen(questionnaire, circumstances=everything))
    assert result.suggested is None
    assert len(result.context) == len(everything)
    assert "companion_procedures" in ids(result.actions)


def test_present_before_is_history_and_never_lowers(questionnaire: Questionnaire) -> None:
    before = {"older_partner": "before"}
    result = assess(questionnaire, nothing_seen(questionnaire, signs_people=before))
    assert [item.item_id for item in result.history] == ["older_partner"]
    assert result.suggested is None
    both = nothing_seen(questionnaire, signs_people={**before, "new_friends": "now"})
    assert assess(questionnaire, both).suggested is Level.LOW


def test_more_than_a_third_of_group_a_unknown_is_insufficient(questionnaire: Questionnaire) -> None:
    # 13 patterns: four unknown are less than a third, five are more
    people = ["older_partner", "unexplained_older_adults", "contact_unknown_adults",
              "adults_outside_home", "unknown_vehicles"]  # fmt: skip
    for count, outcome in ((4, "level"), (5, "insufficient")):
        answers = nothing_seen(
            questionnaire,
            signs_people=dict.fromkeys(people[:count], "unknown"),
            signs_daily_life={"secretive": "now"},
        )
        assert assess(questionnaire, answers).outcome == outcome


def test_seventeen_is_never_turned_away(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(
        questionnaire, age="16_or_17", consent_16_17="yes", signs_people={"unknown_vehicles": "now"}
    )
    result = assess(questionnaire, answers)
    assert result.suggested is Level.MEDIUM
    assert "still_a_child_at_16" in ids(result.notes)
    assert "police" in ids(result.actions)
    assert to_case(questionnaire, answers).crime_suspected is Known.YES


def test_a_looked_after_child_placed_in_derby_by_another_authority(
    questionnaire: Questionnaire,
) -> None:
    answers = nothing_seen(questionnaire, open_to={"looked_after": "yes", "other_authority": "yes"})
    result = assess(questionnaire, answers)
    assert {"tell_reviewing_officer", "placed_by_other_authority"} <= ids(result.actions)
    case = to_case(questionnaire, answers)
    assert case.open_to == {"looked_after", "other_authority"}
    assert case.area == "derby"


def test_another_areas_rule_is_marked_as_such(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(questionnaire, age="under_13", area="luton")
    rule = assess(questionnaire, answers).floor_rules[0]
    assert rule.note is not None
    assert rule.note.startswith("Luton's source does not say this; it comes from the Derby")
    unknown = assess(questionnaire, {**answers, "area": "unknown"}).floor_rules[0]
    assert unknown.note is not None
    assert "None" not in unknown.note


@pytest.mark.parametrize(
    ("change", "action"),
    [
        ({"hard_facts": {"crime_suspected": "yes"}}, "police"),
        ({"sexual_activity": "yes"}, "police"),
        ({"hard_facts": {"trafficking": "yes"}}, "trafficking_referral"),
        ({"hard_facts": {"missing": "yes"}}, "missing_procedure"),
        ({"open_to": {"looked_after": "yes"}}, "tell_reviewing_officer"),
        ({"open_to": {"ehc_plan": "yes"}}, "tell_send_officer"),
        ({"open_to": {"child_protection_plan": "yes"}}, "tell_child_protection_manager"),
        ({"signs_health_mood": {"self_harm": "now"}}, "self_harm_now"),
    ],
)
def test_actions_are_added_whatever_the_level(
    questionnaire: Questionnaire, change: dict[str, str], action: str
) -> None:
    assert action not in ids(assess(questionnaire, nothing_seen(questionnaire)).actions)
    assert action in ids(assess(questionnaire, nothing_seen(questionnaire, **change)).actions)


def test_lowering_needs_a_reason_and_both_levels_are_kept(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(questionnaire, signs_people={"unknown_vehicles": "now"})
    result = assess(questionnaire, answers)
    with pytest.raises(JudgementError) as caught:
        judge(result, Level.LOW)
    assert caught.value.reason_needed
    with pytest.raises(JudgementError):
        judge(result, Level.LOW, "because")
    listed = judge(result, Level.LOW, "explained")
    assert (listed.suggested, listed.chosen, listed.reason_written) == (
        Level.MEDIUM,
        Level.LOW,
        False,
    )
    assert listed.reason_label == "The signs have been checked and have another explanation"
    written = judge(result, Level.LOW, "the driver is her uncle")
    assert written.reason_written
    assert judge(result, Level.HIGH).reason is None


def test_every_rule_that_fired_has_a_source_and_a_reason(questionnaire: Questionnaire) -> None:
    result = assess(
        questionnaire, nothing_seen(questionnaire, age="under_13", sexual_activity="yes")
    )
    assert result.fired
    for rule in result.fired:
        assert rule.cite
        assert rule.explain


def test_a_case_says_unknown_for_what_was_not_answered(questionnaire: Questionnaire) -> None:
    assert to_case(questionnaire, {}) == Case()


def test_a_case_of_a_full_screening(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(questionnaire, hard_facts={"missing": "yes", "trafficking": "unknown"})
    judgement = judge(assess(questionnaire, answers), Level.MEDIUM)
    case = to_case(questionnaire, answers, judgement)
    assert case.level is Level.MEDIUM
    assert (case.missing, case.trafficking, case.under_13) == (Known.YES, Known.UNKNOWN, Known.NO)
    assert case.open_to == frozenset()
    assert case.immediate_danger is Known.NO
    assert Case.model_validate_json(case.model_dump_json()) == case


def test_no_crime_is_only_said_when_sexual_activity_is_ruled_out_too(
    questionnaire: Questionnaire,
) -> None:
    open_question = nothing_seen(questionnaire, sexual_activity="unknown")
    assert to_case(questionnaire, open_question).crime_suspected is Known.UNKNOWN


@pytest.mark.parametrize(
    ("value", "expected"),
    [({}, None), ({"mat": "no"}, None), ({"mat": "yes"}, frozenset({"mat"}))],
)
def test_plans_left_out_are_not_known(
    questionnaire: Questionnaire, value: dict[str, str], expected: frozenset[str] | None
) -> None:
    answers: Answers = {**nothing_seen(questionnaire), "open_to": value}
    assert to_case(questionnaire, answers).open_to == expected


def test_somewhere_else_and_unknown_roles_are_left_unknown(questionnaire: Questionnaire) -> None:
    answers = nothing_seen(questionnaire, area="elsewhere", role="unknown")
    case = to_case(questionnaire, answers)
    assert (case.area, case.role) == (None, None)


def test_the_result_is_plain_json(questionnaire: Questionnaire) -> None:
    result = assess(questionnaire, nothing_seen(questionnaire, age="under_13"))
    assert Assessment.model_validate_json(result.model_dump_json()) == result


# --- properties ----------------------------------------------------------------------------------


@st.composite
def any_answers(draw: st.DrawFn) -> Answers:
    return {
        q.id: draw(any_value(q))
        for q in QUESTIONNAIRE.questions
        if q.kind != "notice" and draw(st.integers(0, 9)) > 0
    }


RISKS = [
    *((item.id, "yes") for item in QUESTIONNAIRE.by_id["hard_facts"].items),
    *(
        (item.id, "now")
        for name in ("a", "b", "c")
        for item in QUESTIONNAIRE.items_of_group[name]
    ),
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(answers=any_answers(), risk=st.sampled_from(RISKS))
def test_adding_a_risk_never_lowers_the_suggestion_or_the_floor(
    answers: Answers, risk: tuple[str, str]
) -> None:
    item, state = risk
    question = QUESTIONNAIRE.question_of_item[item].id
    before = assess(QUESTIONNAIRE, answers)
    given_before = answers.get(question, {})
    assert isinstance(given_before, dict)
    after = assess(QUESTIONNAIRE, {**answers, question: {**given_before, item: state}})
    assert rank(after.floor) >= rank(before.floor)
    assert rank(after.suggested) >= rank(before.suggested)
    assert ids(before.actions) <= ids(after.actions)


@settings(max_examples=80, deadline=None)
@given(answers=any_answers(), danger=st.booleans())
def test_a_younger_child_or_danger_never_lowers_the_suggestion(
    answers: Answers, danger: bool
) -> None:
    answers = {**answers, "age": answers.get("age", "unknown")}
    if answers["age"] == "adult":
        answers["age"] = "16_or_17"
    riskier = {**answers, **({"immediate_danger": "yes"} if danger else {"age": "under_13"})}
    before, after = assess(QUESTIONNAIRE, answers), assess(QUESTIONNAIRE, riskier)
    assert rank(after.floor) >= rank(before.floor)
    assert rank(after.suggested) >= rank(before.suggested)


@settings(max_examples=80, deadline=None)
@given(answers=any_answers())
def test_not_known_never_gives_less_than_no(answers: Answers) -> None:
    """Leaving hard facts open never suggests less than ruling them out would."""
    facts = answers.get("hard_facts", {})
    assert isinstance(facts, dict)
    opened = {**answers, "hard_facts": {k: v for k, v in facts.items() if v == "yes"}}
    ruled_out = {**answers, "hard_facts": {
        item.id: "yes" if facts.get(item.id) == "yes" else "no"
        for item in QUESTIONNAIRE.by_id["hard_facts"].items
    }}  # fmt: skip
    less, more = assess(QUESTIONNAIRE, ruled_out), assess(QUESTIONNAIRE, opened)
    assert rank(more.suggested) >= rank(less.suggested)
    assert rank(more.reason_below) >= rank(less.reason_below)


@settings(max_examples=80, deadline=None)
@given(answers=any_answers(), level=st.sampled_from(list(Level)))
def test_no_judgement_is_ever_below_the_floor(answers: Answers, level: Level) -> None:
    result = assess(QUESTIONNAIRE, answers)
    assert rank(result.suggested) >= rank(result.floor)
    try:
        judgement = judge(result, level, "advice_taken")
    except JudgementError:
        assert rank(level) < rank(result.floor)
    else:
        assert rank(judgement.chosen) >= rank(judgement.floor)


@settings(max_examples=40, deadline=None)
@given(answers=any_answers())
def test_what_would_change_it_does_change_it(answers: Answers) -> None:
    result = assess(QUESTIONNAIRE, answers)
    gaps = {(gap.question_id, gap.item_id) for gap in result.unknown}
    for would in result.would_change:
        assert (would.floor, would.suggested) != (result.floor, result.suggested)
        assert {(known.question_id, known.item_id) for known in would.known} <= gaps
