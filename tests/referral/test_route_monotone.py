"""More risk never makes a route weaker, and not knowing never counts as a no."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance.models import AREA_IDS
from bot.referral.case import Case
from bot.referral.find import find_route
from bot.referral.load import RouteBook
from bot.referral.route import Route
from bot.referral.rules import KNOWN_FIELDS

ROLES = (
    "social_worker", "team_manager", "foster_carer", "residential_worker", "teacher", "health",
    "police", "outreach", "other",
)  # fmt: skip
PLANS = (
    "early_help", "mat", "social_care", "child_in_need", "child_protection_plan", "looked_after",
    "other_authority", "ehc_plan",
)  # fmt: skip

cases = st.fixed_dictionaries(
    {
        "area": st.sampled_from((*AREA_IDS, None)),
        "role": st.sampled_from((*ROLES, None)),
        "level": st.sampled_from((None, "low", "medium", "high")),
        "open_to": st.one_of(st.none(), st.lists(st.sampled_from(PLANS), unique=True)),
        "now": st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 12, 31)),
        **{field: st.sampled_from(("yes", "no", "unknown")) for field in KNOWN_FIELDS},
    }
)
thorough = settings(max_examples=400)


def find(facts: dict[str, object], book: RouteBook) -> Route:
    return find_route(Case.model_validate(facts), book)


def assert_no_weaker(before: Route, after: Route) -> None:
    """Every step of `before` stands in `after`, as firmly, or a stronger one takes its place."""
    replaced = {name for step in after.steps for name in step.replaces}
    for step in before.steps:
        still = after.step(step.rule)
        assert still is not None or step.rule in replaced, f"{step.rule} is gone"
        if still is not None and step.label is None:
            assert still.label is None, f"{step.rule} has become conditional"
    if before.level.level is not None:
        assert after.level.level is not None
        assert after.level.level.rank >= before.level.level.rank


@thorough
@given(facts=cases, field=st.sampled_from(KNOWN_FIELDS))
def test_a_risk_that_turns_out_to_be_there_weakens_nothing(
    book: RouteBook, facts: dict[str, object], field: str
) -> None:
    assert_no_weaker(find(facts, book), find(facts | {field: "yes"}, book))


@thorough
@given(facts=cases, steps=st.sampled_from((("low", "medium"), ("medium", "high"), ("low", "high"))))
def test_a_higher_judgement_weakens_nothing(
    book: RouteBook, facts: dict[str, object], steps: tuple[str, str]
) -> None:
    lower, higher = steps
    assert_no_weaker(find(facts | {"level": lower}, book), find(facts | {"level": higher}, book))


@thorough
@given(facts=cases, field=st.sampled_from(KNOWN_FIELDS))
def test_not_knowing_keeps_every_step_that_no_would_give(
    book: RouteBook, facts: dict[str, object], field: str
) -> None:
    known, unknown = find(facts | {field: "no"}, book), find(facts | {field: "unknown"}, book)
    replaced = {name for step in unknown.steps for name in step.replaces}
    for step in known.steps:
        assert unknown.step(step.rule) is not None or step.rule in replaced
    assert (known.level.level is None) or (
        unknown.level.level is not None and unknown.level.level.rank >= known.level.level.rank
    )


@thorough
@given(facts=cases)
def test_the_same_case_gives_the_same_route(book: RouteBook, facts: dict[str, object]) -> None:
    assert find(facts, book) == find(facts, book)


@thorough
@given(facts=cases)
def test_a_deadline_is_never_planned_later_than_its_other_reading(
    book: RouteBook, facts: dict[str, object]
) -> None:
    for deadline in find(facts, book).deadlines:
        if deadline.also is not None:
            assert deadline.date is not None
            assert deadline.date < deadline.also
