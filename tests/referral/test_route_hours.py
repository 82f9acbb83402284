"""Who to ring at this hour: office hours, evenings, weekends and bank holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.referral.case import LONDON
from bot.referral.hours import USUAL, read_hours
from bot.referral.load import RouteBook
from bot.referral.route import Route

Ask = Callable[..., Route]
WILTSHIRE = "Monday to Thursday 8.45am to 5pm, Friday 8.45am to 4pm"


def at(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-19T08:44", False),
        ("2026-11-19T08:45", True),
        ("2026-11-19T16:59", True),
        ("2026-11-19T17:00", False),
        ("2026-11-20T16:30", False),  # Fridays close at four
        ("2026-11-21T11:00", False),
        ("2026-12-25T11:00", False),
        ("2026-12-28T11:00", False),  # Boxing Day in lieu
    ],
)
def test_hours_by_weekday(moment: str, is_open: bool) -> None:
    assert read_hours(WILTSHIRE).open_at(at(moment)) is is_open


def test_day_and_night() -> None:
    for words in ("24 hours a day, 7 days a week", "at any time"):
        assert read_hours(words).open_at(at("2026-12-25T03:00"))


def test_one_day_and_twelve_oclock() -> None:
    hours = read_hours("Saturday 12pm to 1.30pm")
    assert hours.open_at(at("2026-11-21T12:15"))
    assert not hours.open_at(at("2026-11-21T00:15"))
    assert not hours.open_at(at("2026-11-20T12:15"))


def test_hours_that_cannot_be_read_say_how_to_write_them() -> None:
    with pytest.raises(ValueError, match="Monday to Thursday"):
        read_hours("most mornings")


def test_usual_hours_where_no_source_gives_any() -> None:
    assert USUAL.open_at(at("2026-11-20T09:00"))
    assert not USUAL.open_at(at("2026-11-20T17:00"))


def test_every_contacts_hours_can_be_read(book: RouteBook) -> None:
    assert {name for name, contact in book.contacts.items() if contact.hours} == set(book.hours)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-20T10:00", "luton-referral"),
        ("2026-11-20T18:00", "luton-out-of-hours"),
        ("2026-11-21T10:00", "luton-out-of-hours"),
        ("2026-12-25T10:00", "luton-out-of-hours"),
        ("2026-07-10T08:30+00:00", "luton-referral"),  # half past nine in London in summer
        ("2026-12-10T08:30+00:00", "luton-out-of-hours"),
    ],
)
def test_out_of_hours_the_out_of_hours_line_comes_first(ask: Ask, now: str, first: str) -> None:
    route = ask("luton", now=now)
    assert route.contacts[0].id == first
    assert {one.id for one in route.contacts} >= {"luton-referral", "luton-out-of-hours"}


def test_where_hours_are_known_they_decide(ask: Ask) -> None:
    open_route, late = (
        ask("wiltshire", now="2026-11-20T15:30"),
        ask("wiltshire", now="2026-11-20T16:30"),
    )
    assert (open_route.contacts[0].id, open_route.contacts[0].now) == ("wiltshire-mash", "open")
    assert late.contacts[0].id == "wiltshire-out-of-hours"
    assert next(one for one in late.contacts if one.id == "wiltshire-mash").now == "closed"


def test_a_line_that_is_always_open_stays_first(ask: Ask) -> None:
    route = ask("derbyshire", now="2026-11-21T03:00")
    assert (route.contacts[0].id, route.contacts[0].now) == ("derbyshire-starting-point", "open")


def test_unknown_hours_are_said_to_be_unknown(ask: Ask) -> None:
    contact = ask("hartlepool").contacts[0]
    assert contact.now == "unknown"
    assert "no hours" in contact.note


def test_each_area_has_its_out_of_hours_line_first_in_the_evening(ask: Ask) -> None:
    for area, first in {
        "nottinghamshire": "nottinghamshire-edt",
        "hartlepool": "hartlepool-out-of-hours",
    }.items():
        assert ask(area, now="2026-11-20T21:00").contacts[0].id == first
