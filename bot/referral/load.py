"""Loads `data/guidance/routes/` into one `RouteBook`, or says what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.models import AREA_IDS, Area, AreaId, Citation, Contact, Point, Source
from bot.referral.conditions import Condition
from bot.referral.hours import USUAL, OpeningHours, read_hours
from bot.referral.rules import (
    AREAS_AND_NONE,
    PARTS,
    Headline,
    NationalFile,
    RouteFile,
    Rule,
)

#: A contact's number or a rule's date inside a text: `{luton-referral}`, `{deadline}`.
PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
#: What a placeholder may name besides a contact.
WORDS = frozenset({"deadline", "facts", "headline", "your-source", "level"})

type _Path = tuple[str | int, ...]


class Registry(Protocol):
    """What routes refer to: the sources, areas and contacts of the guidance, by id."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every source by id."""

    @property
    def areas(self) -> Mapping[AreaId, Area]:
        """Every area by id."""

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """Every contact by id."""


@dataclass(frozen=True)
class PreparedRule:
    """A rule with its conditions ready to be read."""

    rule: Rule
    condition: Condition


@dataclass(frozen=True)
class PreparedHeadline:
    """A headline with its conditions ready to be read."""

    headline: Headline
    condition: Condition


@dataclass(frozen=True)
class AreaRules:
    """Everything a route of one area (or of no area) is made from, rules in order of showing."""

    area: Area | None
    levels: bool
    headlines: tuple[PreparedHeadline, ...]
    rules: tuple[PreparedRule, ...]
    no_number: Point
    no_answer: Point
    disagree: Point
    number_in_source: bool
    opening: OpeningHours
    opening_known: bool


@dataclass(frozen=True)
class RouteBook:
    """The rules of every area with what they refer to. Built by `load_routes`; never changes."""

    areas: Mapping[AreaId | None, AreaRules]
    national: NationalFile
    sources: Mapping[str, Source]
    contacts: Mapping[str, Contact]
    hours: Mapping[str, OpeningHours]


def load_routes(registry: Registry, folder: Path) -> RouteBook:
    """Read and check every route file of `folder` (`data/guidance/routes`).

    `registry` holds the sources, areas and contacts that the rules refer to. Raises GuidanceError
    listing every fault with file, line and reason: values that are not of the form, conditions
    on fields that a case does not have, unknown sources or lines, contacts that do not exist, are
    retired or belong to another area, rule ids that stand twice, areas without a headline, and
    opening hours that cannot be read.
    """
    problems: list[Problem] = []
    files: list[tuple[LocatedFile, RouteFile]] = []
    national: tuple[LocatedFile, NationalFile] | None = None
    for path in sorted(folder.glob("*.yml")):
        try:
            located = LocatedFile(path)
            if path.stem == "national":
                national = (located, located.one(NationalFile))
            else:
                files.append((located, located.one(RouteFile)))
        except GuidanceError as error:
            problems += error.problems
    if national is None:
        problems = problems or [Problem(folder / "national.yml", 1, "cannot be found")]
        raise GuidanceError(problems)
    if problems:
        raise GuidanceError(problems)
    every: list[tuple[LocatedFile, RouteFile | NationalFile]] = [*files, national]
    for located, content in every:
        problems += _references(located, content, registry)
    problems += _doubles(files, national) + _heads(folder, files, registry)
    hours, unread = _hours(folder, registry)
    problems += unread
    if problems:
        raise GuidanceError(problems)
    areas = {area: _assemble(area, files, national[1], registry, hours) for area in AREAS_AND_NONE}
    return RouteBook(
        areas=MappingProxyType(areas),
        national=national[1],
        sources=registry.sources,
        contacts=registry.contacts,
        hours=MappingProxyType(hours),
    )


def areas_of(rule: Rule, file: RouteFile | NationalFile) -> tuple[AreaId | None, ...]:
    """The areas that a rule of `file` holds for; None among them is an area that is not known."""
    if rule.areas:
        return tuple(None if area == "none" else area for area in rule.areas)
    return file.areas if isinstance(file, RouteFile) else AREAS_AND_NONE


def _cited(content: RouteFile | NationalFile) -> Iterator[tuple[_Path, Sequence[Citation]]]:
    """Each list of citations in a file with its path."""
    for index, rule in enumerate(content.route_rules):
        yield ("route_rules", index, "cite"), rule.cite
        for number, deadline in enumerate(rule.deadlines):
            yield ("route_rules", index, "deadlines", number, "cite"), deadline.cite
    for name in ("no_number", "no_answer", "disagree"):
        point: Point | None = getattr(content, name)
        if point is not None:
            yield (name, "cite"), point.cite
    if isinstance(content, RouteFile):
        for index, headline in enumerate(content.headlines):
            yield ("headlines", index, "cite"), headline.cite
    else:
        yield ("no_area", "cite"), content.no_area.cite
        yield ("unsettled", "cite"), content.unsettled.cite
        for index, floor in enumerate(content.floors):
            yield ("floors", index, "cite"), floor.cite


def _references(
    located: LocatedFile, content: RouteFile | NationalFile, registry: Registry
) -> list[Problem]:
    problems = []
    for path, cites in _cited(content):
        for cite in cites:
            reason = _bad_citation(cite, registry)
            if reason:
                problems.append(located.problem(reason, *path))
    for index, rule in enumerate(content.route_rules):
        areas = areas_of(rule, content)
        if isinstance(content, RouteFile) and not set(areas) <= set(content.areas):
            reason = f"{rule.id}: its areas are not all among those of the file"
            problems.append(located.problem(reason, "route_rules", index, "areas"))
        named: list[tuple[_Path, str]] = [
            (("contacts", number), name) for number, name in enumerate(rule.contacts)
        ]
        named += [(("text",), name) for name in PLACEHOLDER.findall(rule.text) if name not in WORDS]
        for path, name in named:
            reason = _bad_contact(rule.id, name, areas, registry)
            if reason:
                problems.append(located.problem(reason, "route_rules", index, *path))
        if "{deadline}" in rule.text and not rule.deadlines:
            reason = f"{rule.id}: its text names a deadline that it does not have"
            problems.append(located.problem(reason, "route_rules", index, "text"))
    return problems


def _bad_citation(cite: Citation, registry: Registry) -> str | None:
    source = registry.sources.get(cite.source)
    if source is None:
        return f"cites “{cite.source}”, which is not in sources.yml"
    if source.kind == "board_document" and cite.at is None:
        return f"cites {cite.source} without a line (write {cite.source}:12)"
    if source.sections and cite.at:
        last = max(int(number) for number in re.findall(r"\d+", cite.at))
        if last > source.sections[-1].last:
            return f"cites line {last} of {cite.source}, which is shorter"
    return None


def _bad_contact(
    rule: str, name: str, areas: Sequence[AreaId | None], registry: Registry
) -> str | None:
    contact = registry.contacts.get(name)
    if contact is None:
        return f"{rule}: names the contact “{name}”, which does not exist"
    if contact.status == "retired":
        return f"{rule}: names the contact “{name}”, which is retired and never offered"
    if contact.areas and not set(areas) <= set(contact.areas):
        return f"{rule}: names the contact “{name}”, which belongs to {', '.join(contact.areas)}"
    return None


def _doubles(
    files: Sequence[tuple[LocatedFile, RouteFile]], national: tuple[LocatedFile, NationalFile]
) -> list[Problem]:
    """Rule ids that stand twice in one area, and `replaces` that name no rule."""
    problems = []
    seen: set[tuple[AreaId | None, str]] = set()
    every: list[tuple[LocatedFile, RouteFile | NationalFile]] = [*files, national]
    ids = {rule.id for _, content in every for rule in content.route_rules}
    ids.add(national[1].unsettled.id)
    for located, content in every:
        for index, rule in enumerate(content.route_rules):
            keys = {(area, rule.id) for area in areas_of(rule, content)}
            if keys & seen:
                reason = f"the rule id “{rule.id}” stands twice"
                problems.append(located.problem(reason, "route_rules", index, "id"))
            seen |= keys
            problems += [
                located.problem(
                    f"replaces “{name}”, which is no rule", "route_rules", index, "replaces"
                )
                for name in rule.replaces
                if name not in ids
            ]
    return problems


def _heads(
    folder: Path, files: Sequence[tuple[LocatedFile, RouteFile]], registry: Registry
) -> list[Problem]:
    """Areas without headlines or words on a lacking number, and last headlines that can fail."""
    problems = []
    for area in AREA_IDS:
        own = [(where, file) for where, file in files if area in file.areas and file.headlines]
        if len(own) != 1:
            reason = f"{area} needs headlines in exactly one file, found {len(own)}"
            problems.append(Problem(folder, 1, reason))
            continue
        located, content = own[0]
        if content.no_number is None and not _number_in_source(registry.areas[area], registry):
            reason = f"{area}: its document gives no number, so “no_number” must say so"
            problems.append(located.problem(reason, "areas"))
        if any(when.model_fields_set for when in content.headlines[-1].when):
            reason = "the last headline must hold always (leave out “when”)"
            problems.append(located.problem(reason, "headlines", len(content.headlines) - 1))
    return problems


def _number_in_source(place: Area, registry: Registry) -> bool:
    """Whether an area's own document gives a number to ring."""
    return any(registry.contacts[name].status == "in_source" for name in place.contacts)


def _hours(folder: Path, registry: Registry) -> tuple[dict[str, OpeningHours], list[Problem]]:
    """The opening hours of every contact that has some."""
    hours: dict[str, OpeningHours] = {}
    problems = []
    file = folder.parent / "contacts.yml"
    for name, contact in registry.contacts.items():
        if contact.hours is None:
            continue
        try:
            hours[name] = read_hours(contact.hours)
        except ValueError as error:
            problems.append(_at_contact(file, name, str(error)))
    return hours, problems


def _at_contact(file: Path, name: str, reason: str) -> Problem:
    """A problem at the `hours` of one contact in contacts.yml."""
    try:
        located = LocatedFile(file)
        index = [entry["id"] for entry in located.content].index(name)
    except (GuidanceError, ValueError, TypeError, KeyError):
        return Problem(file, 1, f"{name}: {reason}")
    return located.problem(f"{name}: {reason}", index, "hours")


def _assemble(
    area: AreaId | None,
    files: Sequence[tuple[LocatedFile, RouteFile]],
    national: NationalFile,
    registry: Registry,
    hours: Mapping[str, OpeningHours],
) -> AreaRules:
    mine = sorted(
        (content for _, content in files if area in content.areas),
        key=lambda content: len(content.areas),
    )
    speaking: list[RouteFile | NationalFile] = [*mine, national]
    rules = [
        rule
        for content in speaking
        for rule in content.route_rules
        if area in areas_of(rule, content)
    ]
    # in order of the parts; in a part the area's own file first, then shared ones, then national
    rules.sort(key=lambda rule: PARTS.index(rule.part))
    head = next((content for content in mine if content.headlines), None)
    headlines = head.headlines if head else (national.no_area,)
    place = registry.areas[area] if area else None
    first = place.contacts[0] if place and place.contacts else None
    return AreaRules(
        area=place,
        number_in_source=place is not None and _number_in_source(place, registry),
        levels=bool(head and head.levels),
        headlines=tuple(PreparedHeadline(one, Condition(one.when)) for one in headlines),
        rules=tuple(PreparedRule(rule, Condition(rule.when)) for rule in rules),
        no_number=(head and head.no_number) or national.no_number,
        no_answer=(head and head.no_answer) or national.no_answer,
        disagree=(head and head.disagree) or national.disagree,
        opening=hours.get(first, USUAL) if first else USUAL,
        opening_known=first in hours if first else False,
    )
