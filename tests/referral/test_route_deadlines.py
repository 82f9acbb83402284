"""Working days over weekends, bank holidays and year ends; both readings of “days”."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.models import Citation
from bot.referral.deadlines import (
    day_in_words,
    is_working_day,
    months_from,
    reckon,
    working_days_from,
)
from bot.referral.rules import DeadlineRule

SOURCE = (Citation(source="derby-derbyshire-2017", at="143"),)
dates = st.dates(dt.date(2024, 1, 1), dt.date(2035, 12, 31))


def rule(**changes: object) -> DeadlineRule:
    words = {"id": "meeting", "label": "Meeting", "since": "today", "said": "in time"}
    return DeadlineRule.model_validate({**words, "anchor": "today", "cite": SOURCE, **changes})


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-11-20", 15, "2026-12-11"),  # a Friday, no holiday between
        ("2026-11-21", 15, "2026-12-11"),  # the Saturday after it
        ("2026-12-18", 15, "2027-01-13"),  # Christmas, Boxing Day moved to Monday, New Year
        ("2026-03-30", 5, "2026-04-08"),  # Good Friday and Easter Monday
        ("2026-12-31", 1, "2027-01-04"),  # over the year end
        ("2027-12-23", 3, "2027-12-30"),  # Christmas on a Saturday: two days in lieu
        ("2026-08-28", 1, "2026-09-01"),  # late summer bank holiday of England
        ("2026-12-11", -2, "2026-12-09"),
        ("2027-01-04", -2, "2026-12-30"),
    ],
)
def test_working_days(start: str, count: int, due: str) -> None:
    assert working_days_from(dt.date.fromisoformat(start), count) == dt.date.fromisoformat(due)


def test_holidays_are_those_of_england() -> None:
    assert not is_working_day(dt.date(2026, 4, 6))  # Easter Monday
    assert is_working_day(dt.date(2026, 11, 30))  # St Andrew's Day is Scotland's
    assert is_working_day(dt.date(2026, 3, 17))  # St Patrick's Day is Northern Ireland's


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-11-20", 3, "2027-02-20"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2026-01-15", 12, "2027-01-15"),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(start: str, count: int, due: str) -> None:
    assert months_from(dt.date.fromisoformat(start), count) == dt.date.fromisoformat(due)


@given(start=dates, count=st.integers(1, 60))
def test_working_days_count_exactly_the_working_days_passed(start: dt.date, count: int) -> None:
    due = working_days_from(start, count)
    passed = [start + dt.timedelta(days=day + 1) for day in range((due - start).days)]
    assert sum(map(is_working_day, passed)) == count
    assert is_working_day(due)


@given(start=dates, count=st.integers(1, 30))
def test_plain_days_show_both_readings_and_plan_to_the_earlier(start: dt.date, count: int) -> None:
    deadline = reckon(rule(kind="days", count=count), "R-1", start, {})
    plain, working = start + dt.timedelta(days=count), working_days_from(start, count)
    assert deadline.date == min(plain, working)
    assert deadline.also == (None if plain == working else max(plain, working))


@given(meeting=dates, count=st.integers(1, 5))
def test_days_before_a_meeting_plan_to_the_earlier(meeting: dt.date, count: int) -> None:
    papers = rule(id="papers", kind="days", count=count, before=True, anchor="meeting")
    deadline = reckon(papers, "R-1", meeting, {"meeting": meeting})
    assert deadline.date == min(
        meeting - dt.timedelta(days=count), working_days_from(meeting, -count)
    )
    assert deadline.assumes == (
        f"if the meeting is on {day_in_words(meeting)}, the last working day allowed"
    )


def test_what_hangs_on_a_meeting_without_a_date_has_none() -> None:
    papers = rule(id="papers", kind="days", count=2, before=True, anchor="meeting")
    deadline = reckon(papers, "R-1", dt.date(2026, 11, 20), {})
    assert deadline.date is None
    assert deadline.assumes is None


def test_a_date_on_a_weekend_says_the_last_working_day_before() -> None:
    deadline = reckon(rule(kind="days", count=15), "R-1", dt.date(2026, 11, 20), {})
    assert deadline.in_practice == dt.date(2026, 12, 4)
    assert deadline.dates_in_words() == (
        "Saturday 5 December 2026 (plan to this one, counting every day; no working day: in "
        "practice Friday 4 December 2026) or Friday 11 December 2026 (counting working days only)"
    )


def test_immediately_is_today_and_a_span_has_no_date() -> None:
    today = dt.date(2026, 11, 22)
    now = reckon(rule(kind="immediate"), "R-1", today, {})
    assert (now.date, now.in_practice) == (today, None)
    assert reckon(rule(kind="weeks", count=4, to=6), "R-1", today, {}).date is None
    assert reckon(rule(kind="hours", count=72), "R-1", today, {}).date is None


def test_a_count_that_is_missing_or_in_excess_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a count"):
        rule(kind="days")
    with pytest.raises(ValueError, match="takes no count"):
        rule(kind="immediate", count=1)


def test_days_in_words() -> None:
    assert day_in_words(dt.date(2026, 12, 11)) == "Friday 11 December 2026"
