"""What is asked of a route is answered out of that route, cited, and with no other area's number."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import get_args

import pytest

from bot.guidance.answering import Citations
from bot.guidance.load import Guidance, load_guidance
from bot.guidance.models import AREA_IDS
from bot.guidance.reply import Reply
from bot.referral.about import (
    About,
    Asked,
    about_route,
    no_route_reply,
    reference_reply,
    unchanged_reply,
)
from bot.referral.case import LONDON, Case
from bot.referral.changed import at_another_hour, changed_line
from bot.referral.find import find_route
from bot.referral.load import RouteBook
from bot.referral.route import Route
from bot.referral.shortcut import NO_PLAN, case_from
from bot.referral.wording import main_steps

FRIDAY = dt.datetime(2026, 11, 20, 10, 0, tzinfo=LONDON)
SATURDAY = dt.datetime(2026, 11, 21, 10, 0, tzinfo=LONDON)


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    return load_guidance()


def route_of(book: RouteBook, now: dt.datetime = FRIDAY, **facts: object) -> Route:
    return find_route(Case.model_validate({"now": now, **facts}), book)


def ask(route: Route, guidance: Guidance, asked: Asked, number: int | None = None) -> Reply:
    return about_route(route, About(asked, number), Citations(guidance, FRIDAY.date()))


def some_routes(book: RouteBook) -> list[Route]:
    """Routes of every area, level and plan that people ask for most, by day and on a weekend."""
    cases = itertools.product(
        (None, *AREA_IDS), (None, "low", "medium", "high"),
        (None, ["looked_after"], ["ehc_plan"], []), (FRIDAY, SATURDAY),
    )  # fmt: skip
    return [
        route_of(book, now, area=area, level=level, open_to=plans)
        for area, level, plans, now in cases
    ]


# --- every part of every route --------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", sorted(set(get_args(Asked)) - {"reference", "changed", "not_known"})
)
def test_a_part_is_cited_and_names_no_other_areas_number(
    asked: Asked, book: RouteBook, guidance: Guidance
) -> None:
    numbers = {
        one.number: one.areas for one in guidance.contacts.values() if one.number and one.areas
    }
    for route in some_routes(book):
        reply = ask(route, guidance, asked, 1)
        text = reply.text()
        assert reply.headline.strip()
        assert "I have not made a referral" in text
        if asked not in ("files", "offer"):
            assert reply.sources or not reply.points
        for number, areas in numbers.items():
            if route.area not in areas:
                assert number not in text, (route.area, number)


@pytest.mark.parametrize("asked", ["steps", "informing", "deadlines", "attendees", "contacts"])
def test_every_mark_of_a_part_is_a_source_of_the_route(
    asked: Asked, book: RouteBook, guidance: Guidance
) -> None:
    for route in some_routes(book):
        reply = ask(route, guidance, asked)
        assert all(at < len(reply.sources) for point in reply.points for at in point.cites)
        assert len(reply.sources) <= len(route.sources)


# --- steps ----------------------------------------------------------------------------------------


def test_a_step_has_the_number_that_the_route_shows(book: RouteBook, guidance: Guidance) -> None:
    route = route_of(book, area="derbyshire", level="high")
    steps = main_steps(route)
    for number, step in enumerate(steps, 1):
        reply = ask(route, guidance, "steps", number)
        assert reply.headline.startswith(f"Step {number} of {len(steps)}: {step.text}")
        following = [one.title for one in reply.choices if one.title.startswith("Step ")]
        assert following == ([f"Step {number + 1}"] if number < len(steps) else [])


def test_after_the_last_step_comes_what_hangs_on_the_case(
    book: RouteBook, guidance: Guidance
) -> None:
    route = route_of(book, area="derby", level="medium")
    reply = ask(route, guidance, "steps", len(main_steps(route)) + 1)
    assert reply.headline.startswith("That was the last.")
    assert "If the child is looked after" in reply.text()


# --- whom to inform -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "whom"),
    [
        ({"area": "derby", "level": "medium", "open_to": ["looked_after"]},
         ["Duty Child Protection Manager", "Independent Reviewing Officer", "police referral unit"]),
        ({"area": "derbyshire", "level": "high", "open_to": ["ehc_plan"]},
         ["Locality Child Protection Manager", "SEND officer", "police referral unit"]),
        ({"area": "derby", "level": "high", "open_to": ["child_protection_plan"]},
         ["Child Protection Manager of the child protection plan", "police referral unit"]),
        ({"area": "derbyshire", "level": "low"}, ["police referral unit"]),
        ({"area": "nottinghamshire", "role": "foster_carer"},
         ["your own social worker or fostering agency"]),
    ],
)  # fmt: skip
def test_the_first_line_names_everybody_who_is_told(
    facts: dict[str, object], whom: list[str], book: RouteBook, guidance: Guidance
) -> None:
    headline = ask(route_of(book, **facts), guidance, "informing").headline
    assert [one for one in whom if one not in headline] == []


def test_what_no_source_says_of_whom_to_tell_is_owned_up_to(
    book: RouteBook, guidance: Guidance
) -> None:
    route = route_of(book, area="luton", open_to=["ehc_plan"])
    text = ask(route, guidance, "informing").text()
    assert "names nobody else to inform for certain" in text
    assert "Who to tell about an Education, Health and Care plan is not stated" in text


# --- by when --------------------------------------------------------------------------------------


def test_both_readings_of_the_days_are_given(book: RouteBook, guidance: Guidance) -> None:
    text = ask(route_of(book, area="derby", level="high"), guidance, "deadlines").text()
    assert text.startswith("Referral to Children's Social Care: immediately")
    assert "Saturday 5 December 2026" in text  # 15 days, every one counted
    assert "Friday 11 December 2026" in text  # 15 working days
    assert "working days are named only at medium" in text


@pytest.mark.parametrize("area", ["luton", "hartlepool", "wiltshire"])
def test_where_the_source_gives_no_time_that_is_said(
    area: str, book: RouteBook, guidance: Guidance
) -> None:
    reply = ask(route_of(book, area=area, level="high"), guidance, "deadlines")
    assert re.match(r"My \w+ source sets no deadline for this route\.", reply.headline)
    assert "Treat this as urgent" in reply.text()


def test_no_time_is_invented_for_their_answer(book: RouteBook, guidance: Guidance) -> None:
    for route in some_routes(book):
        reply = ask(route, guidance, "their_answer")
        assert reply.headline.startswith("None of this route's time limits")
        assert route.no_answer.text in reply.text()


# --- files and references -------------------------------------------------------------------------


def test_a_calendar_is_offered_only_with_dates(book: RouteBook, guidance: Guidance) -> None:
    dated = ask(route_of(book, area="derby", level="medium"), guidance, "files")
    assert [one.kind for one in dated.downloads] == ["pdf", "word", "calendar", "text"]
    bare = ask(route_of(book, area="luton"), guidance, "files")
    assert [one.kind for one in bare.downloads] == ["pdf", "word", "text"]
    assert "no calendar file" in bare.text()


def test_files_are_below_the_message_only_where_there_are_buttons(
    book: RouteBook, guidance: Guidance
) -> None:
    route = route_of(book, area="luton")
    said = {
        channel: about_route(
            route, About("files", channel=channel), Citations(guidance, FRIDAY.date())
        ).headline
        for channel in ("web", "telegram", "ask")
    }
    assert "below" in said["web"]
    assert said["web"] == said["telegram"]
    assert "on the page and on Telegram" in said["ask"]


def test_a_reference_is_said_with_what_it_is_for() -> None:
    file = reference_reply("WM-1234-ABCD", saved=False, area="derby").text()
    assert file.startswith("The files of this route carry the reference WM-1234-ABCD.")
    saved = reference_reply(None, saved=True, area="derby").text()
    assert "shown once" in saved
    assert "I keep no copy" in saved
    none = reference_reply(None, saved=False, area=None).text()
    assert none.startswith("There is no reference")
    assert all("ask them for it" in one for one in (file, saved, none))


# --- what changed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "told", "line"),
    [
        ({"level": "medium"}, [("level", "high")], "With high instead of medium"),
        ({}, [("level", "high")], "With high"),
        ({}, [("role", "health")], "With your role (working in health)"),
        ({"under_13": "yes"}, [("age", "17")], "With a child of 17, not under 13"),
        ({}, [("age", "12")], "With a child of 12, under 13"),
        ({}, [("age", "under 13")], "With a child under 13"),
        ({"area": "derby"}, [("area", "derbyshire")], "With Derbyshire instead of Derby"),
        ({}, [("plan", "looked_after")], "With a child who is looked after"),
        ({"open_to": ["looked_after"]}, [("not_plan", "looked_after")],
         "With a child who is not looked after"),
        ({"open_to": ["looked_after"]}, [("plan", NO_PLAN)],
         "With a child who is open to no plan or team"),
        ({}, [("missing", "yes")], "With the child going missing"),
        ({}, [("level", "low"), ("age", "14")], "With low; a child of 14, not under 13"),
        ({}, [("clock", "outside")], "With a time outside office hours"),
        ({"level": "high"}, [("level", "high")], "As before"),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_a_line(
    before: dict[str, object], told: list[tuple[str, str]], line: str, book: RouteBook
) -> None:
    case = Case.model_validate(before)
    kept = {"case": case.model_dump(mode="json", exclude_none=True), "told": FRIDAY.isoformat()}
    after = case_from(told, kept, None, FRIDAY).case
    assert changed_line(case, after, told, book) == line


def test_a_plan_that_is_taken_back_leaves_the_others_unknown() -> None:
    kept = case_from([("plan", "looked_after")], None, "derby", FRIDAY).as_json()
    assert case_from([("not_plan", "looked_after")], kept, "derby", FRIDAY).case.open_to is None
    nothing = case_from([("plan", NO_PLAN)], kept, "derby", FRIDAY)
    assert nothing.case.open_to == frozenset()
    kept = nothing.as_json()
    assert case_from([], kept, "derby", FRIDAY).case.open_to == frozenset()


@pytest.mark.parametrize("moment", [FRIDAY, SATURDAY, FRIDAY.replace(hour=23)])
@pytest.mark.parametrize("area", AREA_IDS)
def test_another_hour_is_outside_office_hours_or_within(
    area: str, moment: dt.datetime, book: RouteBook
) -> None:
    case = Case.model_validate({"area": area, "now": moment})
    # Derbyshire's line answers day and night
    always = book.areas[case.area].opening.always
    assert find_route(at_another_hour(case, "outside"), book).outside_hours is not always
    assert not find_route(at_another_hour(case, "office"), book).outside_hours


def test_a_fact_that_changes_nothing_is_said_to(book: RouteBook, guidance: Guidance) -> None:
    route = route_of(book, area="derby", level="medium")
    reply = unchanged_reply(route, "With your role (police)", Citations(guidance, FRIDAY.date()))
    assert reply.headline.startswith("With your role (police) the route stays as it was: Refer to")
    assert reply.sources


# --- one thing of a route -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "now", "main"),
    [("luton", FRIDAY, "01582 547653"), ("hartlepool", FRIDAY, "01429 284284"),
     ("hartlepool", SATURDAY, "01642 524552"), ("wiltshire", FRIDAY, "0300 456 0108"),
     ("nottinghamshire", FRIDAY, "allocated social worker"),
     ("derby", FRIDAY, "Children's Social Care")],
)  # fmt: skip
def test_whom_to_tell_begins_with_the_main_contact(
    area: str, now: dt.datetime, main: str, book: RouteBook, guidance: Guidance
) -> None:
    reply = ask(route_of(book, now, area=area, level="high"), guidance, "informing")
    assert main in reply.text()
    assert main in "".join((reply.headline, *(one.text for one in reply.points[:2])))


def test_an_open_case_is_updated_and_not_referred_again(
    book: RouteBook, guidance: Guidance
) -> None:
    open_case = route_of(book, area="derby", level="medium", open_to=["social_care"])
    assert "must be updated" in ask(open_case, guidance, "again").headline
    new = ask(route_of(book, area="derby", level="medium"), guidance, "again")
    assert new.headline.startswith("Refer to Children's Social Care")


def test_who_sends_a_referral_for_a_trafficked_child(book: RouteBook, guidance: Guidance) -> None:
    for area in ("derby", "derbyshire", "luton", "hartlepool"):
        trafficked = route_of(book, area=area, level="high", trafficking="yes")
        assert "Only designated bodies" in ask(trafficked, guidance, "sender").headline.replace(
            "only", "Only"
        )
        other = ask(route_of(book, area=area, level="high", trafficking="no"), guidance, "sender")
        assert other.headline.startswith("I send nothing")


def test_who_chairs_is_named_or_owned_up_to(book: RouteBook, guidance: Guidance) -> None:
    derby = ask(route_of(book, area="derby", level="medium"), guidance, "chair")
    assert "the Child Protection Manager" in derby.headline
    silent = ask(route_of(book, area="derbyshire", level="medium"), guidance, "chair")
    assert "does not say who chairs" in silent.headline
    high = ask(route_of(book, area="derbyshire", level="high"), guidance, "chair")
    assert "may chair" in high.headline


def test_nobody_answers(book: RouteBook, guidance: Guidance) -> None:
    route = route_of(book, area="nottinghamshire")
    assert "team manager" in ask(route, guidance, "no_answer").headline


def test_there_is_nothing_to_take_away_before_a_route() -> None:
    reply = no_route_reply("derby")
    assert "nothing to take away yet" in reply.headline
    assert [one.title for one in reply.choices] == ["What is the route?", "Start a screening"]
