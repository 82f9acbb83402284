"""What holds for every route: by walking through the combinations that matter, one by one."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator

from bot.guidance.models import AREA_IDS
from bot.referral.case import Case
from bot.referral.find import find_route
from bot.referral.load import RouteBook
from bot.referral.route import Route
from bot.referral.rules import PARTS

OFFICE, EVENING = "2026-11-20T10:00", "2026-11-20T19:30"
AREAS = (*AREA_IDS, None)
LEVELS = (None, "low", "medium", "high")
KNOWN = ("yes", "no", "unknown")
ROLES = (
    None, "social_worker", "team_manager", "foster_carer", "residential_worker", "teacher",
    "health", "police", "outreach", "other",
)  # fmt: skip
PLANS: tuple[tuple[str, ...] | None, ...] = (
    None, (), ("early_help",), ("mat",), ("social_care",), ("child_in_need",),
    ("child_protection_plan",), ("looked_after",), ("other_authority",), ("ehc_plan",),
    ("looked_after", "ehc_plan"), ("child_protection_plan", "looked_after"),
    ("looked_after", "other_authority"), ("early_help", "mat"),
)  # fmt: skip
LEVEL_FACTS = (
    "under_13", "learning_disability_or_medical_need", "evidence_of_exploitation",
    "significant_harm", "parents_neglect_or_collude",
)  # fmt: skip
ACTION_FACTS = ("crime_suspected", "trafficking", "missing", "immediate_danger")


def what_decides_the_level() -> Iterator[dict[str, object]]:
    for area, level, *facts in itertools.product(AREAS, LEVELS, *[KNOWN] * len(LEVEL_FACTS)):
        yield {"area": area, "level": level, **dict(zip(LEVEL_FACTS, facts, strict=True))}


def what_adds_actions() -> Iterator[dict[str, object]]:
    for area, level, now, *facts in itertools.product(
        AREAS, LEVELS, (OFFICE, EVENING), *[KNOWN] * len(ACTION_FACTS)
    ):
        chosen = dict(zip(ACTION_FACTS, facts, strict=True))
        yield {"area": area, "level": level, "now": now, **chosen}


def who_asks_and_for_whom() -> Iterator[dict[str, object]]:
    for area, level, role, plans in itertools.product(AREAS, LEVELS, ROLES, PLANS):
        yield {"area": area, "level": level, "role": role, "open_to": plans}


def check(case: Case, route: Route, book: RouteBook) -> None:
    """Every invariant of one route."""
    assert route.steps, "a route has something to do"
    assert route.contacts or route.no_number, "a route has a contact or says that there is none"
    own_numbers = [one for one in route.contacts if book.contacts[one.id].areas]
    if not any(one.status == "in_source" and one.number for one in own_numbers):
        assert route.no_number, "a number that is not in the source is said not to be"
    for contact in route.contacts:
        areas = book.contacts[contact.id].areas
        assert not areas or case.area in areas, "no contact of another area"
        assert contact.status != "retired"
        if contact.status == "public_page":
            assert "to be confirmed" in contact.note
    own = book.areas[case.area]
    own_rules = {one.rule.id for one in own.rules} | {"NAT-UNSETTLED"}
    own_rules |= {floor.id for floor in book.national.floors}
    assert route.rules <= own_rules, "no rule of another area"
    spoken = (*route.steps, *route.notes, *route.differs, *route.not_stated, *route.changes)
    for one in spoken:
        assert one.cite
        assert not re.search(r"\{[a-z-]+\}", one.text)
        for cite in one.cite:
            source = book.sources[cite.source]
            foreign = source.areas and case.area not in source.areas
            # 999 and 101 are printed by one area's document and hold everywhere
            national = cite.source == "hartlepool-2018" and (cite.first_line or 0) >= 161
            assert not foreign or national or one.product_choice, (
                f"{one.rule} shows {cite} as if it were the area's own"
            )
    order = [PARTS.index(step.part) for step in route.steps]
    settled = [at for at, step in zip(order, route.steps, strict=True)
               if not (step.label or "").startswith("Only if all")]  # fmt: skip
    assert settled == sorted(settled)
    if case.immediate_danger == "no":
        assert all(step.part != "danger" for step in route.steps)
    else:
        assert "999" in route.steps[0].text
    if case.immediate_danger == "yes":
        assert route.headline.startswith("Ring 999 now")
        assert route.contacts[0].id == "emergency"
    level = route.level.level
    if case.under_13 == "yes" or case.learning_disability_or_medical_need == "yes":
        assert level in ("medium", "high")
    if "yes" in (
        case.significant_harm,
        case.evidence_of_exploitation,
        case.parents_neglect_or_collude,
    ):
        assert level == "high"
    if case.level is not None:
        assert level is not None
        assert level.rank >= case.level.rank
    if level == "low":
        assert all(getattr(case, field) == "no" for field in book.national.unsettled.fields), (
            "unknown never counts as no"
        )
    for field, rules in {
        "crime_suspected": {"NAT-POLICE", "NOT-3", "HAR-3"},
        "trafficking": {"NAT-NRM", "D+D-15", "D+D-15.signs"},
        "missing": {"NAT-MISSING", "NOT-8", "D+D-16"},
    }.items():
        if getattr(case, field) != "no":
            shown = [step for step in route.steps if step.rule in rules]
            assert shown, f"{field} is not no, so its step is shown"
            if getattr(case, field) == "yes":
                assert shown[0].label is None
    missing = {fact.field for fact in route.missing_facts}
    assert all(getattr(case, field) in (None, "unknown") for field in missing)
    assert route.sources
    assert "have not made a referral" in route.not_a_referral


def test_every_combination_that_matters_gives_a_sound_route(book: RouteBook) -> None:
    began, count = time.perf_counter(), 0
    kinds = (what_decides_the_level(), what_adds_actions(), who_asks_and_for_whom())
    for facts in itertools.chain(*kinds):
        case = Case.model_validate({"now": OFFICE} | facts)
        check(case, find_route(case, book), book)
        count += 1
    print(f"{count} combinations in {time.perf_counter() - began:.1f} s")


def test_every_rule_of_every_area_speaks_in_some_route(book: RouteBook) -> None:
    spoken: dict[str | None, set[str]] = {area: set() for area in AREAS}
    for area, level, danger, known, plans in itertools.product(
        AREAS, LEVELS, KNOWN, KNOWN, (None, (), *PLANS[4:7], ("ehc_plan", "other_authority"))
    ):
        facts = dict.fromkeys((*LEVEL_FACTS, *ACTION_FACTS), known) | {"immediate_danger": danger}
        for now in (OFFICE, EVENING):
            case = Case.model_validate(
                {"area": area, "level": level, "open_to": plans, "now": now, **facts}
            )
            spoken[area] |= find_route(case, book).rules
    for area in AREAS:
        every = {one.rule.id for one in book.areas[area].rules}
        assert every - spoken[area] == set()


def test_missing_facts_are_those_that_change_the_route(book: RouteBook) -> None:
    def shape(case: Case) -> object:
        route = find_route(case, book)
        notes = (*route.notes, *route.differs, *route.not_stated, *route.changes)
        return (
            [(one.rule, one.label) for one in route.steps],
            [(one.rule, one.label) for one in notes],
            route.level.level,
        )

    options: dict[str, tuple[object, ...]] = {
        **dict.fromkeys((*LEVEL_FACTS, *ACTION_FACTS), ("yes", "no")),
        "role": ROLES[1:],
        "level": LEVELS[1:],
        "open_to": PLANS[1:],
        "area": AREA_IDS,
    }
    for area, level, harm in itertools.product(AREAS, LEVELS, KNOWN):
        facts = {"area": area, "level": level, "significant_harm": harm, "now": OFFICE}
        case = Case.model_validate(facts)
        before = shape(case)
        listed = {fact.field for fact in find_route(case, book).missing_facts}
        for field, values in options.items():
            if getattr(case, field) not in (None, "unknown"):
                continue
            changes = any(
                shape(Case.model_validate(facts | {field: value})) != before for value in values
            )
            if field in listed:
                assert changes, f"{field} is listed for {facts} and changes nothing"
            elif field != "level" or harm != "yes":
                assert not changes, f"{field} changes the route of {facts} and is not listed"
