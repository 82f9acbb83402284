"""Deadlines as a calendar file."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar

from bot.documents import TakeAway, TakeAwayError, take_away
from bot.documents.calendar_file import as_calendar
from tests.documents.conftest import NOW, REFERENCE, Ask
from tests.documents.reading import events


def named(data: bytes, label: str) -> object:
    return next(event for event in events(data) if str(event["SUMMARY"]).startswith(label))


def test_derby_at_medium_has_fifteen_working_days(ask: Ask) -> None:
    data = as_calendar(take_away(ask("derby", level="medium"), REFERENCE, NOW))
    meeting = named(data, "CSE meeting")
    assert meeting.decoded("DTSTART") == dt.date(2026, 12, 11)  # type: ignore[attr-defined]
    assert meeting.decoded("DTEND") == dt.date(2026, 12, 12)  # type: ignore[attr-defined]
    assert "Friday 11 December 2026" in meeting["DESCRIPTION"]  # type: ignore[index]
    assert "within 15 working days of the request" in meeting["DESCRIPTION"]  # type: ignore[index]


def test_both_readings_are_in_the_one_event_of_a_deadline(ask: Ask) -> None:
    data = as_calendar(take_away(ask("derby", level="high"), REFERENCE, NOW))
    assert sum(str(one["SUMMARY"]).startswith("CSE meeting") for one in events(data)) == 1
    meeting = named(data, "CSE meeting")
    assert meeting.decoded("DTSTART") == dt.date(2026, 12, 5)  # type: ignore[attr-defined]
    description = meeting["DESCRIPTION"]  # type: ignore[index]
    assert "Saturday 5 December 2026" in description
    assert "Friday 11 December 2026" in description
    assert "Plan to the earlier one" in description


def test_an_alarm_rings_at_nine_the_day_before(ask: Ask) -> None:
    data = as_calendar(take_away(ask("derby", level="high"), REFERENCE, NOW))
    for event in events(data):
        alarms = event.walk("VALARM")
        if event.decoded("DTSTART") == NOW.date():
            assert alarms == [], "the day before is past"
            continue
        (alarm,) = alarms
        day = dt.datetime.combine(event.decoded("DTSTART"), dt.time())
        rings = day + alarm.decoded("TRIGGER")
        assert rings == day - dt.timedelta(days=1) + dt.timedelta(hours=9)
        assert alarm["ACTION"] == "DISPLAY"
        assert REFERENCE in alarm["DESCRIPTION"]


def test_events_keep_their_names_when_it_is_made_again(ask: Ask) -> None:
    route = ask("derby", level="high")
    first, again, other = (
        {str(event["SUMMARY"]).partition(" (")[0]: str(event["UID"])
         for event in events(as_calendar(take_away(route, reference, now)))}
        for reference, now in (
            (REFERENCE, NOW),
            (REFERENCE, NOW + dt.timedelta(days=3)),
            ("WM-other", NOW),
        )
    )  # fmt: skip
    assert first == again
    assert len(set(first.values())) == len(first)
    assert not set(first.values()) & set(other.values())


def test_each_event_says_where_it_comes_from_and_that_nothing_was_sent(dated: TakeAway) -> None:
    for event in events(as_calendar(dated)):
        assert "Derby and Derbyshire procedures, July 2017" in event["DESCRIPTION"]
        assert "I have not made a referral" in event["DESCRIPTION"]


def test_events_are_private_free_time_and_hold_nothing_of_the_screening(dated: TakeAway) -> None:
    data = as_calendar(dated)
    for event in events(data):
        assert event["CLASS"] == "PRIVATE"
        assert event["TRANSP"] == "TRANSPARENT"
        assert {"ATTENDEE", "ORGANIZER", "LOCATION", "CONTACT"}.isdisjoint(event)
    words = Calendar.from_ical(data).to_ical().decode()
    for told in ("13 to 15", "significantly older", "Looked after", "slept rough"):
        assert told not in words


def test_lines_are_folded_and_end_as_the_standard_says(dated: TakeAway) -> None:
    data = as_calendar(dated)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_a_route_without_dates_has_no_calendar_and_says_so(ask: Ask) -> None:
    taken = take_away(ask("wiltshire"), REFERENCE, NOW)
    with pytest.raises(TakeAwayError, match="no dates"):
        as_calendar(taken)
