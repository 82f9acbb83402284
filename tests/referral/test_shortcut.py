"""A sentence becomes a case; only the fact that the route hangs on is asked for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.load import load_guidance
from bot.guidance.reply import Choice
from bot.nlu.entities import EntityFinder
from bot.referral.case import LONDON, Known, Level
from bot.referral.load import RouteBook
from bot.referral.reply import route_reply
from bot.referral.route import Route
from bot.referral.shortcut import (
    FACTS_LAST,
    FIXES_HIGH,
    Facts,
    case_from,
    is_whole,
    missing_question,
    of_another_child,
)

GUIDANCE = Path(__file__).parents[2] / "data" / "guidance"
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=LONDON)
FINDER = EntityFinder(load_guidance(GUIDANCE), GUIDANCE)


def told(*found: tuple[str, str], kept: Facts | None = None, area: str | None = None,
         minutes: int = 0) -> Facts:  # fmt: skip
    """The facts of a sentence, some minutes after ten."""
    before = json.loads(json.dumps(kept.as_json())) if kept else None
    return case_from(found, before, area, NOW + dt.timedelta(minutes=minutes))


def case_of(sentence: str, area: str | None = None) -> Facts:
    """The facts of a sentence as the entity finder reads it."""
    return told(*((one.entity, one.value) for one in FINDER.find(sentence)), area=area)


# --- what a sentence tells ------------------------------------------------------------------------


def test_a_sentence_is_a_case() -> None:
    case = case_of("I'm a teacher in Derby, she is 14, on a cp plan, medium risk").case
    assert (case.area, case.role, case.level) == ("derby", "teacher", Level.MEDIUM)
    assert case.open_to == frozenset({"child_protection_plan"})
    assert case.under_13 is Known.NO


def test_what_was_not_said_is_not_known() -> None:
    case = told(("level", "high")).case
    assert case.area is None
    assert case.role is None
    assert case.open_to is None
    assert case.under_13 is Known.UNKNOWN
    assert case.missing is Known.UNKNOWN


def test_yes_no_facts_come_by_their_own_name() -> None:
    case = told(("missing", "yes"), ("trafficking", "no")).case
    assert (case.missing, case.trafficking) == (Known.YES, Known.NO)


def test_entities_that_are_no_facts_are_left_out() -> None:
    case = told(("term", "mash"), ("section", "47"), ("now", "2020-01-01"), ("more", "yes")).case
    assert case == told().case


@pytest.mark.parametrize(
    ("age", "under_13"), [("9", Known.YES), ("12", Known.YES), ("13", Known.NO), ("17", Known.NO)]
)
def test_an_age_says_whether_the_child_is_under_13(age: str, under_13: Known) -> None:
    assert told(("age", age)).case.under_13 is under_13


@pytest.mark.parametrize(
    "sentence",
    [
        "a child under 13 in luton",
        "high risk, she is under 13",
        "under 12, derby",
        "she's under 11",
    ],
)
def test_under_13_in_words_is_under_13(sentence: str) -> None:
    assert case_of(sentence).case.under_13 is Known.YES


@pytest.mark.parametrize("sentence", ["she is under 16", "a child under 18 in luton"])
def test_under_16_does_not_say_that_a_child_is_not_under_13(sentence: str) -> None:
    assert case_of(sentence).case.under_13 is Known.UNKNOWN


@pytest.mark.parametrize(
    "sentence",
    [
        "a 12 year old with a 19 year old boyfriend, luton",
        "girl aged 12, her brother is 15",
        "12yo and 14yo sisters in derby, high risk",
    ],
)
def test_of_several_ages_one_under_13_is_never_forgotten(sentence: str) -> None:
    assert case_of(sentence).case.under_13 is not Known.NO


def test_somebody_elses_job_is_not_the_speakers_role() -> None:
    assert case_of("I'm a teacher, should I tell the social worker in luton").case.role == "teacher"


@pytest.mark.parametrize(
    ("entity", "value"), [("level", "enormous"), ("role", "wizard"), ("plan", "secret_plan")]
)
def test_a_value_that_is_none_loses_nothing_else(entity: str, value: str) -> None:
    case = told(("area", "derby"), ("missing", "yes"), (entity, value)).case
    assert (case.area, case.missing) == ("derby", Known.YES)


# --- what was told before -------------------------------------------------------------------------


def test_facts_add_up_over_a_conversation() -> None:
    first = told(("area", "derby"), ("plan", "looked_after"))
    second = told(("level", "high"), ("plan", "child_in_need"), kept=first, minutes=5)
    assert (second.case.area, second.case.level) == ("derby", Level.HIGH)
    assert second.case.open_to == frozenset({"looked_after", "child_in_need"})


def test_what_is_said_now_wins() -> None:
    first = told(("area", "derby"), ("level", "low"))
    second = told(("level", "high"), ("area", "luton"), kept=first, minutes=1)
    assert (second.case.area, second.case.level) == ("luton", Level.HIGH)


@pytest.mark.parametrize(("minutes", "kept"), [(FACTS_LAST - 1, True), (FACTS_LAST, False)])
def test_facts_told_long_ago_may_be_of_another_child(minutes: int, kept: bool) -> None:
    first = told(("age", "12"), ("level", "high"))
    later = told(("area", "derby"), kept=first, minutes=minutes)
    assert (later.case.under_13 is Known.YES) is kept
    assert (later.case.level is Level.HIGH) is kept


def test_each_telling_starts_the_time_anew() -> None:
    first = told(("level", "high"))
    second = told(("area", "derby"), kept=first, minutes=FACTS_LAST - 1)
    third = told(("missing", "yes"), kept=second, minutes=2 * FACTS_LAST - 2)
    assert third.case.level is Level.HIGH


def test_the_conversations_area_counts_where_the_sentence_names_none() -> None:
    assert told(("level", "high"), area="luton").case.area == "luton"
    assert told(("area", "derby"), area="luton").case.area == "derby"


def test_an_area_chosen_since_counts_before_one_told_earlier() -> None:
    first = told(("area", "luton"), ("level", "high"), area="luton")
    later = told(("missing", "yes"), kept=first, area="derby", minutes=2)
    assert later.case.area == "derby"


facts = st.lists(
    st.one_of(
        st.tuples(st.just("area"), st.sampled_from(["luton", "derby", "wiltshire"])),
        st.tuples(st.just("level"), st.sampled_from(["low", "medium", "high"])),
        st.tuples(st.just("plan"), st.sampled_from(["mat", "looked_after", "ehc_plan"])),
        st.tuples(st.just("age"), st.integers(0, 19).map(str)),
        st.tuples(st.just("missing"), st.sampled_from(["yes", "no", "unknown"])),
        st.tuples(st.sampled_from(["term", "contact", "section"]), st.text(max_size=5)),
    ),
    max_size=6,
)


@given(found=facts, area=st.none() | st.sampled_from(["luton", "hartlepool"]))
def test_facts_are_plain_json_and_read_back_the_same(
    found: list[tuple[str, str]], area: str | None
) -> None:
    first = told(*found, area=area)
    again = told(kept=first, area=area, minutes=1)
    assert again.case == first.case


# --- the one fact that is missing -----------------------------------------------------------------


def test_without_an_area_the_area_is_asked_for() -> None:
    asked = missing_question(told(("level", "high")))
    assert asked is not None
    assert asked.kind == "route_area"
    assert "999" in asked.text()
    payloads = [json.loads(one.payload.removeprefix("/ask_route")) for one in asked.choices]
    assert [one["area"] for one in payloads] == [
        "luton", "nottinghamshire", "wiltshire", "derby", "derbyshire", "hartlepool",
    ]  # fmt: skip


@pytest.mark.parametrize("area", ["derby", "derbyshire"])
def test_where_the_route_hangs_on_the_level_the_level_is_asked_for(area: str) -> None:
    asked = missing_question(told(("area", area)))
    assert asked is not None
    assert (asked.kind, asked.area) == ("route_level", area)
    assert "999" in asked.text()
    assert [one.payload for one in asked.choices] == [
        '/ask_route{"level": "low"}',
        '/ask_route{"level": "medium"}',
        '/ask_route{"level": "high"}',
        "/start_screening",
    ]


@pytest.mark.parametrize(
    "found",
    [
        [("area", "luton")],
        [("area", "hartlepool")],
        [("area", "derby"), ("level", "low")],
        [("area", "derbyshire"), ("level", "high")],
    ],
)
def test_otherwise_nothing_is_asked(found: list[tuple[str, str]]) -> None:
    assert missing_question(told(*found)) is None


def test_the_answer_to_the_question_completes_the_case() -> None:
    first = told(("area", "derby"), ("age", "12"))
    assert missing_question(first) is not None
    second = told(("level", "medium"), kept=first, minutes=1)
    assert missing_question(second) is None
    assert (second.case.area, second.case.under_13) == ("derby", Known.YES)


# --- a route as a reply ---------------------------------------------------------------------------


def test_a_route_is_said_as_its_rules_wrote_it(ask: Callable[..., Route]) -> None:
    route = ask("derby", level="medium", role="teacher")
    button = Choice("The whole route", '/ask_route{"more": "yes"}')
    reply = route_reply(route, (button,))
    assert (reply.kind, reply.area, reply.headline) == ("route", "derby", route.headline)
    assert reply.text().startswith(route.headline)
    assert reply.choices == (button,)
    assert route.not_a_referral in (reply.closing or "")
    assert route.not_a_referral in reply.text()


@pytest.mark.parametrize("area", ["luton", "nottinghamshire", "wiltshire", "derby", "hartlepool"])
def test_a_route_says_less_at_first_and_all_with_more(ask: Callable[..., Route], area: str) -> None:
    route = ask(area, level="high")
    short, whole = route_reply(route), route_reply(route, more=True)
    assert len(whole.points) == len(route.steps)
    assert len(short.points) == sum(not step.more for step in route.steps)
    assert len(short.text()) <= len(whole.text())
    assert short.sources
    assert set(short.sources) <= set(whole.sources)


def test_a_step_says_for_whom_it_is_where_that_is_not_known(ask: Callable[..., Route]) -> None:
    route = ask("nottinghamshire")
    labelled = [step for step in route.steps if step.label]
    assert labelled
    said = [point.text for point in route_reply(route, more=True).points]
    assert all(f"{step.label}: {step.text}" in said for step in labelled)


def test_the_contacts_of_a_route_carry_their_warnings(ask: Callable[..., Route]) -> None:
    route = ask("wiltshire", level="high")
    cards = {card.id: card for card in route_reply(route).contacts}
    assert set(cards) == {one.id for one in route.contacts}
    for one in route.contacts:
        assert cards[one.id].number == one.number
        if one.status == "public_page":
            assert "to be confirmed" in (cards[one.id].note or "")


# --- what a message tells beyond the sentence's entities ------------------------------------------


def test_what_fixes_the_level_is_what_the_rules_raise_to_high(book: RouteBook) -> None:
    high = {floor.field for floor in book.national.floors if floor.level is Level.HIGH}
    assert set(FIXES_HIGH) == high


@pytest.mark.parametrize("field", FIXES_HIGH)
def test_no_level_is_asked_for_where_a_fact_makes_it_high(field: str) -> None:
    assert missing_question(told((field, "yes"), ("plan", "child_in_need"), area="derby")) is None
    assert missing_question(told((field, "no"), area="derby")) is not None


def test_open_to_nobody_leaves_the_plans_that_are_told_beside_it() -> None:
    for found in (
        (("plan", "ehc_plan"), ("plan", "none")),
        (("plan", "none"), ("plan", "ehc_plan")),
    ):
        assert told(*found).case.open_to == frozenset({"ehc_plan"})


def test_the_hours_that_are_told_stay_with_the_case() -> None:
    first = told(("level", "high"), ("clock", "outside"), area="hartlepool")
    assert told(kept=first, area="hartlepool", minutes=5).clock == "outside"
    assert told(("clock", "office"), kept=first, area="hartlepool").clock == "office"
    assert told(("clock", "some day")).clock is None


def test_another_childs_facts_do_not_count() -> None:
    found = [("level", "low"), ("role", "teacher"), ("significant_harm", "no"), ("age", "15")]
    first = told(*found, area="derby")
    assert is_whole(found)
    assert not is_whole(found[:2])
    kept = of_another_child(first.as_json())
    case = case_from([("level", "medium")], kept, "derby", NOW).case
    assert (case.area, case.role, case.level) == ("derby", "teacher", Level.MEDIUM)
    assert case.significant_harm is Known.UNKNOWN
    assert case.under_13 is Known.UNKNOWN


def test_one_plan_denied_leaves_that_there_is_none() -> None:
    found = [("plan", "looked_after"), ("plan", "none"), ("not_plan", "looked_after")]
    assert case_from(found, None, "derby").case.open_to == frozenset()
    only = [("plan", "looked_after"), ("not_plan", "looked_after")]
    assert case_from(only, None, "derby").case.open_to is None
