"""What a take-away holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from bot.documents import Screening, TakeAway, TakeAwayError, take_away
from bot.documents.model import SUGGESTION, Bullets, Line, Section, Subheading
from bot.documents.text import as_text
from bot.guidance.models import AREA_IDS
from bot.referral.route import Route
from tests.documents.conftest import NOW, REFERENCE, Ask, Screen


def section(taken: TakeAway, heading: str) -> Section:
    return next(one for one in taken.sections if one.heading == heading)


def words(taken: TakeAway, heading: str) -> str:
    shown = taken.model_copy(update={"sections": (section(taken, heading),)})
    text = as_text(shown)
    return text[text.index(f"\n{heading}\n") : text.index("\nSources\n")]


def labelled(taken: TakeAway, label: str) -> Line:
    return next(line for line in taken.lines() if line.label == label)


def test_a_route_alone_and_a_screening_have_their_own_titles(ask: Ask, summary: TakeAway) -> None:
    assert take_away(ask("derby"), REFERENCE, NOW).title == "Referral route"
    assert summary.title == "Guided concern summary"


def test_it_says_when_it_was_made_in_london(ask: Ask) -> None:
    utc = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    taken = take_away(ask("derby"), REFERENCE, utc)
    assert labelled(taken, "Made").text == "Thursday 2 July 2026, 00:30 (Europe/London)"
    assert labelled(taken, "Reference").text == REFERENCE
    assert labelled(taken, "Area").text == "Derby"


def test_before_and_after_all_else_it_says_what_it_is_not(ask: Ask, summary: TakeAway) -> None:
    for taken in (summary, take_away(ask(None), REFERENCE, NOW)):
        notice = " ".join(line.text for line in taken.notice)
        assert "I have not made a referral" in notice
        assert "not a diagnosis and not your area's own tool" in notice
        assert "does not replace a referral" in notice
        assert "I have not made a referral" in taken.closing[-1].text
        assert "changes" in taken.closing[0].text


def test_danger_stands_above_everything_unless_it_is_the_first_step(ask: Ask) -> None:
    asked = take_away(ask("luton", immediate_danger="unknown"), REFERENCE, NOW)
    assert "999" in asked.notice[0].text
    assert not asked.notice[0].suggestion
    now = take_away(ask("luton", immediate_danger="yes"), REFERENCE, NOW)
    assert "\n1. Ring 999 now." in as_text(now)


def test_levels_rules_and_a_listed_reason(summary: TakeAway) -> None:
    assert labelled(summary, "Suggested level").text == "medium."
    assert labelled(summary, "Suggested level").suggestion
    assert labelled(summary, "Lowest level that can be chosen").text == "no fact sets one"
    assert labelled(summary, "Level chosen by the professional").text == "low"
    reason = labelled(summary, "Reason for going below the suggestion")
    assert reason.text == "Agreed with the other agencies involved"
    level = words(summary, "Level")
    assert "group_a_medium" in level
    assert "Because: A sexual or “romantic” relationship" in level


def test_a_floor_is_named_with_its_rule(screen: Screen) -> None:
    route, screening = screen("high", hard_facts={"significant_harm": "yes"})
    taken = take_away(route, REFERENCE, NOW, screening)
    assert labelled(taken, "Lowest level that can be chosen").text.startswith("high")
    assert "Hard rule: A risk of significant harm" in words(taken, "Level")


def test_a_level_not_chosen_yet_is_said_to_be_so(screen: Screen) -> None:
    route, screening = screen(None)
    taken = take_away(route, REFERENCE, NOW, screening)
    assert labelled(taken, "Level chosen by the professional").text == "not chosen yet"


def test_a_reason_in_own_words_is_left_out_unless_it_was_made_safe(screen: Screen) -> None:
    signs = {"signs_people": {"older_partner": "now"}}
    written = "Zoe Example of 12 Made-up Road told her nurse otherwise"
    route, screening = screen("low", written, **signs)
    taken = take_away(route, REFERENCE, NOW, screening)
    assert "Zoe" not in taken.model_dump_json()
    assert "left out" in labelled(taken, "Reason for going below the suggestion").text
    safe = dataclasses.replace(screening, written_reason="[name] told a nurse otherwise")
    taken = take_away(route, REFERENCE, NOW, safe)
    assert labelled(taken, "Reason for going below the suggestion").text == (
        "[name] told a nurse otherwise"
    )


def test_what_was_recorded_stands_by_category(summary: TakeAway) -> None:
    recorded = words(summary, "What was recorded")
    assert "How old is the child? 13 to 15" in recorded
    assert "Yes: Missing now or again and again" in recorded
    a, b = (
        recorded.index("Patterns close to the definition, present now"),
        recorded.index("Other possible signs, present now"),
    )
    assert a < recorded.index("significantly older") < b < recorded.index("Missing school")
    assert "(reported by someone)" in recorded
    assert "Abuse, neglect, domestic abuse" in recorded
    assert "vehicles" not in recorded


def test_history_stands_apart_and_lowers_nothing(summary: TakeAway) -> None:
    history = words(summary, "History: present before")
    assert "never lowers a level" in history
    assert "vehicles driven by unknown adults" in history
    assert "slept rough" in history
    assert "significantly older" not in history


def test_what_is_not_known_begins_with_what_a_rule_hangs_on(summary: TakeAway) -> None:
    unknown = words(summary, "What is not known")
    first, rest = unknown.split("Also not known")
    assert "Moved from place to place" in first
    assert "waiting around outside the home" in rest
    assert "Bruises" in rest
    assert "Not known never counts as no" in rest


def test_nothing_seen_is_not_no_risk(screen: Screen) -> None:
    route, screening = screen("medium")
    text = as_text(take_away(route, REFERENCE, NOW, screening))
    assert "this does not mean no risk" in text


def test_every_product_choice_of_a_route_is_marked_but_danger(ask: Ask) -> None:
    for area in (*AREA_IDS, None):
        route = ask(area, level="high", crime_suspected="yes", significant_harm="yes")
        marked = {line.text for line in take_away(route, REFERENCE, NOW).lines() if line.suggestion}
        steps = [one for one in route.steps if one.product_choice and one.part != "danger"]
        notes = (*route.notes, *route.differs, *route.not_stated, *route.changes)
        chosen = [one for one in notes if one.product_choice]
        chosen += [one for one in route.level.reasons if one.product_choice]
        assert {one.text for one in (*steps, *chosen)} <= marked


def test_every_product_choice_of_a_screening_is_marked(
    summary: TakeAway, lowered: tuple[Route, Screening]
) -> None:
    _, screening = lowered
    rules = [rule for rule in screening.assessment.fired if rule.product_choice]
    marked = {line.text for line in summary.lines() if line.suggestion}
    assert rules
    assert {rule.explain for rule in rules} <= marked
    assert SUGGESTION in as_text(summary)


def test_a_rule_from_elsewhere_says_so(summary: TakeAway) -> None:
    assert "Derby's source does not say this" in words(summary, "Level")


def test_each_mark_has_its_source_and_each_source_its_date_and_age(
    summary: TakeAway, ask: Ask
) -> None:
    routes = [ask(area, level="high") for area in (*AREA_IDS, None)]
    for taken in (summary, *(take_away(route, REFERENCE, NOW) for route in routes)):
        numbers = [source.number for source in taken.sources]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {mark for line in taken.lines() for mark in line.marks} <= set(numbers)
    luton = next(one for one in summary.sources if one.name == "Luton three-minute briefing")
    assert luton.date == "September 2014"
    assert luton.reliance == (
        "Another area's document: not a procedure where you work. 12 years old: check that it "
        "still stands."
    )
    assert re.search(r"\(lines \d", luton.where)


def test_sources_of_a_route_keep_their_numbers(
    summary: TakeAway, lowered: tuple[Route, Screening]
) -> None:
    route, _ = lowered
    kept = [source.name.lower() for source in summary.sources[: len(route.sources)]]
    assert kept == [source.short.lower() for source in route.sources]


def test_dates_are_the_routes_with_both_readings(ask: Ask) -> None:
    taken = take_away(ask("derby", level="high"), REFERENCE, NOW)
    meeting = next(one for one in taken.dates if one.label == "CSE meeting")
    assert (meeting.day, meeting.also) == (dt.date(2026, 12, 5), dt.date(2026, 12, 11))
    text = words(taken, "By when")
    assert "Saturday 5 December 2026 (plan to this one" in text
    assert "Friday 11 December 2026" in text
    assert "Reviews" in [
        block.text for block in section(taken, "By when").blocks if isinstance(block, Subheading)
    ]


def test_what_a_route_lacks_makes_no_section(ask: Ask) -> None:
    taken = take_away(ask("wiltshire"), REFERENCE, NOW)
    assert "By when" not in [one.heading for one in taken.sections]
    assert taken.dates == ()


def test_steps_behind_a_condition_keep_it(ask: Ask) -> None:
    taken = take_away(ask("derby", level="medium"), REFERENCE, NOW)
    bullets = [
        block
        for block in section(taken, "What to do, in order").blocks
        if isinstance(block, Bullets)
    ]
    assert any(line.label == "If the child is looked after" for line in bullets[0].lines)


def test_there_is_room_for_the_childs_details_elsewhere(summary: TakeAway) -> None:
    blank = words(summary, "To add in your own system, not here")
    assert "Child's name and date of birth: ____" in blank
    assert "Never give these details to this guide" in blank


def test_a_route_for_another_case_is_refused(screen: Screen, ask: Ask) -> None:
    _, screening = screen("medium")
    for other in (ask("luton", level="medium"), ask("derby", level="high")):
        with pytest.raises(TakeAwayError, match="find the route again"):
            take_away(other, REFERENCE, NOW, screening)


def test_a_missing_source_is_refused(screen: Screen) -> None:
    route, screening = screen("medium")
    with pytest.raises(TakeAwayError, match="sources of the guidance"):
        take_away(route, REFERENCE, NOW, dataclasses.replace(screening, sources={}))


@pytest.mark.parametrize(
    "reference", ["", "a", "two words", "x" * 41, "a/b", "naïve-1", "-ab", "A\n"]
)
def test_a_reference_is_opaque(ask: Ask, reference: str) -> None:
    with pytest.raises(TakeAwayError, match="letters, digits and hyphens"):
        take_away(ask("derby"), reference, NOW)


def test_the_same_input_gives_the_same_take_away(
    lowered: tuple[Route, Screening], summary: TakeAway
) -> None:
    route, screening = lowered
    assert take_away(route, REFERENCE, NOW, screening) == summary
