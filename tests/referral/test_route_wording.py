"""A route as text and as JSON."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable

from bot.guidance.models import AREA_IDS
from bot.referral.case import Case
from bot.referral.find import find_route
from bot.referral.load import RouteBook
from bot.referral.route import Route
from bot.referral.wording import route_json, route_text

Ask = Callable[..., Route]
AREAS = (*AREA_IDS, None)


def test_a_teacher_in_derby_with_medium(ask: Ask) -> None:
    lines = route_text(ask("derby", level="medium", role="teacher")).splitlines()
    assert lines[0] == (
        "Refer to Children's Social Care, and the Duty Child Protection Manager must be contacted "
        "to confirm the level."
    )
    assert lines[1].startswith("If anyone is in danger now: 999.")
    assert lines[2].startswith("1. Refer to Children's Social Care")
    text = "\n".join(lines)
    assert "by Friday 11 December 2026 if it is asked for today" in text
    assert "☎ My source gives no number for Derby" in text
    assert "Derby and Derbyshire procedures, July 2017: 9 years old" in text
    assert lines[-1].endswith(
        "I have not made a referral and have told nobody: you must do that yourself."
    )


def test_wiltshire_says_that_its_source_does_not_say(ask: Ask) -> None:
    text = route_text(ask("wiltshire"))
    assert text.startswith("My Wiltshire source does not say how to refer")
    assert "0300 456 0108" in text
    assert "to be confirmed" in text


def test_danger_comes_before_everything(ask: Ask) -> None:
    lines = route_text(ask("luton", immediate_danger="yes")).splitlines()
    assert lines[0].startswith("Ring 999 now.")
    assert lines[1].startswith("1. Ring 999 now.")
    assert next(line for line in lines if line.startswith("☎")).startswith("☎ Emergency")


def test_more_adds_limits_attendance_recording_and_disagreement(ask: Ask) -> None:
    route = ask("derby", level="high")
    brief, full = route_text(route), route_text(route, more=True)
    for words in ("By when:", "Who attends:", "If nobody answers:", "If you disagree:", "LCS"):
        assert words in full
        assert words not in brief
    assert len(brief) < len(full)


def test_what_a_plan_means_for_meetings_waits_until_it_is_known(ask: Ask) -> None:
    words = "on top of Looked After Reviews"
    for area in ("derby", "derbyshire"):
        open_plans = ask(area, level="medium")
        assert words not in route_text(open_plans)
        assert "Depending on the child's plans" in route_text(open_plans)
        assert words in route_text(open_plans, more=True)
        assert words in route_text(ask(area, level="medium", open_to=["looked_after"]))


def test_both_readings_are_in_the_short_form(ask: Ask) -> None:
    text = route_text(ask("derby", level="high"))
    assert "Saturday 5 December 2026 (plan to this one" in text
    assert "Friday 11 December 2026" in text


def test_product_choices_are_marked_and_the_mark_is_explained(ask: Ask) -> None:
    text = route_text(ask("wiltshire", crime_suspected="yes"))
    assert re.search(r"otherwise 101\. \* \[", text)
    assert "* A product choice, not your area's procedure." in text
    assert "* A product" not in route_text(
        ask("derby", level="medium", crime_suspected="no", trafficking="no", missing="no")
    )


def test_every_text_is_plain_complete_and_numbered_to_its_sources(book: RouteBook) -> None:
    for area, level, known, more in itertools.product(
        AREAS, (None, "low", "high"), ("yes", "unknown", "no"), (False, True)
    ):
        case = Case.model_validate(
            {"area": area, "level": level, "crime_suspected": known, "significant_harm": known}
            | {"trafficking": known, "missing": known, "now": "2026-11-20T10:00"}
        )
        route = find_route(case, book)
        text = route_text(route, more=more)
        body, _, tail = text.partition("\nSources:\n")
        listed = set(re.findall(r"^\[(\d+)\]", tail, re.MULTILINE))
        assert set(re.findall(r"\[(\d+)\]", body)) <= listed, "each mark has its source"
        assert "**" not in text
        assert "{" not in text
        assert "I have not made a referral" in text
        assert route.headline == text.splitlines()[0]


def test_json_has_the_agreed_keys_and_plain_values(ask: Ask) -> None:
    values = route_json(ask("derby", level="high", crime_suspected="yes"))
    assert json.loads(json.dumps(values)) == values
    assert {"text", "steps", "contacts", "deadlines", "sources"} <= set(values)
    assert all(isinstance(step, str) and re.search(r"\[\d+\]$", step) for step in values["steps"])
    meeting = next(one for one in values["deadlines"] if one["label"].startswith("CSE meeting"))
    assert (meeting["date"], meeting["also"]) == ("2026-12-05", "2026-12-11")
    assert meeting["cite"] == "derby-derbyshire-2017:143,186"
    assert {"name": "Police, non-emergency", "number": "101", "note": ""} in values["contacts"]
    assert values["sources"][0].startswith("[1] ")


def test_json_contacts_have_one_address_and_a_note(ask: Ask) -> None:
    for area in AREAS:
        for contact in route_json(ask(area, trafficking="yes", missing="yes"))["contacts"]:
            assert {"name", "note"} <= set(contact)
            assert {"number", "email", "web"} & set(contact)


def test_an_old_source_is_said_to_be_old(ask: Ask) -> None:
    assert "12 years old" in ask("luton").stale[0]
    assert ask(None).stale == ()


def test_what_a_route_costs(book: RouteBook) -> None:
    """Prints the time of a route and of its text; asserts nothing about it."""
    found = [
        Case.model_validate({"area": area, "level": level, "now": "2026-11-20T10:00"})
        for area in AREAS
        for level in (None, "low", "medium", "high")
    ]
    began = time.perf_counter()
    routes = [find_route(case, book) for case in found for _ in range(10)]
    mid = time.perf_counter()
    for route in routes:
        route_text(route)
    end = time.perf_counter()
    print(
        f"find_route {1000 * (mid - began) / len(routes):.2f} ms a call, "
        f"route_text {1000 * (end - mid) / len(routes):.2f} ms"
    )
