"""A Case in, a Route out. Pure: the moment is the case's, the rules are the book's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.guidance.dates import age_note, date_of
from bot.guidance.models import Citation, Contact, Point, Source
from bot.referral.case import Case, Known, Level
from bot.referral.conditions import Facts
from bot.referral.deadlines import Deadline, reckon
from bot.referral.level import RouteLevel, could_raise, route_level, your_source
from bot.referral.load import PLACEHOLDER, WORDS, AreaRules, RouteBook
from bot.referral.route import (
    Attendee,
    Form,
    MissingFact,
    Note,
    Recording,
    Route,
    RouteContact,
    SourceLine,
    Statement,
    Step,
    Told,
)
from bot.referral.rules import FACT_FIELDS, FactField, Rule

#: The contact for immediate danger: first of all when there is any.
EMERGENCY = "emergency"


@dataclass(frozen=True)
class _Fired:
    """A rule that speaks for the case; `label` where that hangs on an unknown fact."""

    rule: Rule
    label: str | None = None
    hangs_on: tuple[FactField, ...] = ()


def find_route(case: Case, guidance: RouteBook) -> Route:
    """The route for `case` by the rules of `guidance`.

    Deterministic: the same case at the same moment gives the same route; without `now` the
    moment is the clock's. An unknown fact never counts as a no: its rules are shown with the
    condition they hang on, and it is listed in `missing_facts`.
    """
    book = guidance
    moment = case.moment
    rules = book.areas[case.area]
    outside = not rules.opening.open_at(moment)
    level = route_level(case, book.national)
    facts = Facts.of(case, level.level, outside)
    fired, unknown = _fire(rules, facts)
    fired += _low_alternative(fired, rules, case, level, outside, book)
    deadlines = _deadlines(fired, moment.date())
    by_rule: dict[str, list[Deadline]] = {}
    for deadline in deadlines:
        by_rule.setdefault(deadline.rule, []).append(deadline)

    def text(rule: Rule) -> str:
        words = _filled(rule.text, book, by_rule.get(rule.id, []))
        return words.replace("{your-source}", your_source(case))

    steps = [
        Step(
            rule=one.rule.id,
            part=one.rule.part,
            text=text(one.rule),
            label=one.label,
            hangs_on=one.hangs_on,
            cite=one.rule.cite,
            product_choice=one.rule.product_choice,
            more=one.rule.more,
            replaces=one.rule.replaces,
            tell=one.rule.tell,
        )
        for one in fired
        if one.rule.kind == "step"
    ]
    if level.unsettled:
        place = next((at for at, step in enumerate(steps) if step.part != "danger"), len(steps))
        steps.insert(place, _settle(level, book))

    def notes(kind: str) -> tuple[Note, ...]:
        return tuple(
            Note(
                rule=one.rule.id,
                text=text(one.rule),
                label=one.label,
                cite=one.rule.cite,
                product_choice=one.rule.product_choice,
                more=one.rule.more,
            )
            for one in fired
            if one.rule.kind == kind
        )

    headline, headline_cite = _headline(rules, facts, level, case, book)
    contacts = _contacts(fired, rules, moment, outside, case, book)
    no_number = None if rules.number_in_source else rules.no_number
    cited: list[Citation] = [*headline_cite]
    cited += [cite for reason in level.reasons for cite in reason.cite]
    cited += [cite for step in steps if not step.more for cite in step.cite]
    spoken = [one.rule for one in fired if one.rule.kind != "step"]
    cited += [cite for rule in spoken if not _waits(rule) for cite in rule.cite]
    cited += no_number.cite if no_number else ()
    cited += [cite for contact in contacts for cite in contact.cite]
    behind = [cite for step in steps if step.more for cite in step.cite]
    behind += [cite for rule in spoken if _waits(rule) for cite in rule.cite]
    behind += [cite for deadline in deadlines for cite in deadline.cite]
    behind += [*rules.no_answer.cite, *rules.disagree.cite]
    review_rules = {one.rule.id for one in fired if one.rule.part == "review"}
    return Route(
        area=case.area,
        area_name=rules.area.name if rules.area else None,
        moment=moment,
        danger=case.immediate_danger.value,
        outside_hours=outside,
        has_levels=rules.levels,
        level=level,
        headline=headline,
        headline_cite=headline_cite,
        steps=tuple(steps),
        notes=notes("note"),
        differs=notes("differs"),
        not_stated=notes("gap"),
        changes=notes("change"),
        contacts=contacts,
        no_number=_statement(no_number, book) if no_number else None,
        forms=tuple(
            Form(rule=one.rule.id, name=form.name, to=form.to, label=one.label, cite=one.rule.cite)
            for one in fired
            for form in one.rule.forms
        ),
        attendees=tuple(
            Attendee(rule=one.rule.id, who=who, cite=one.rule.cite)
            for one in fired
            for who in one.rule.attends
        ),
        deadlines=deadlines,
        reviews=tuple(deadline for deadline in deadlines if deadline.rule in review_rules),
        recording=tuple(
            Recording(
                rule=one.rule.id,
                system=one.rule.system,
                text=text(one.rule),
                cite=one.rule.cite,
            )
            for one in fired
            if one.rule.system
        ),
        who_else=tuple(
            Told(
                rule=one.rule.id,
                who=one.rule.tell,
                label=one.label,
                cite=one.rule.cite,
                product_choice=one.rule.product_choice,
            )
            for one in fired
            if one.rule.tell
        ),
        no_answer=_statement(rules.no_answer, book),
        disagree=_statement(rules.disagree, book),
        missing_facts=_missing(case, level, unknown, book),
        sources=_sources(cited, behind, case, moment.date(), book),
        stale=_stale(rules, moment.date(), book),
        rescreen=book.national.rescreen,
        not_a_referral=book.national.not_a_referral,
    )


def _fire(rules: AreaRules, facts: Facts) -> tuple[list[_Fired], set[FactField]]:
    """The rules that speak, in order, and the unknown facts that rules hang on."""
    fired: list[_Fired] = []
    unknown: set[FactField] = set()
    for prepared in rules.rules:
        verdict = prepared.condition.judge(facts)
        if verdict.holds:
            fired.append(_Fired(prepared.rule))
        elif verdict.holds is None:
            unknown.update(verdict.unknown)
            words = [prepared.rule.if_unknown.get(field) for field in verdict.unknown]
            if all(words):
                labels = [word for word in words if word and word != "show"]
                labels[1:] = map(_lower, labels[1:])
                fired.append(_Fired(prepared.rule, ", ".join(labels) or None, verdict.unknown))
    return fired, unknown


def _low_alternative(
    fired: Sequence[_Fired],
    rules: AreaRules,
    case: Case,
    level: RouteLevel,
    outside: bool,
    book: RouteBook,
) -> list[_Fired]:
    """What low would mean, shown behind its condition while low is not settled."""
    if not level.unsettled:
        return []
    spoken = {one.rule.id for one in fired}
    low, _ = _fire(rules, Facts.of(case, Level.LOW, outside))
    label = book.national.unsettled.label
    return [
        _Fired(
            one.rule,
            f"{label}; {_lower(one.label)}" if one.label else label,
            (*level.unsettled, *one.hangs_on),
        )
        for one in low
        if one.rule.kind == "step" and one.rule.id not in spoken
    ]


def _waits(rule: Rule) -> bool:
    """Whether a rule that is no step stands behind “more”; what changed since always does."""
    return rule.more or rule.kind == "change"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _settle(level: RouteLevel, book: RouteBook) -> Step:
    unsettled = book.national.unsettled
    facts = _listed([book.national.facts[field] for field in level.unsettled])
    return Step(
        rule=unsettled.id,
        part="settle",
        text=unsettled.text.replace("{facts}", facts),
        cite=unsettled.cite,
        product_choice=True,
    )


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'; '.join(words[:-1])}; and {words[-1]}"


def _headline(
    rules: AreaRules, facts: Facts, level: RouteLevel, case: Case, book: RouteBook
) -> tuple[str, tuple[Citation, ...]]:
    """The first line: danger before all, then what changes the level, then the area's answer."""
    chosen = next(one.headline for one in rules.headlines if one.condition.judge(facts).holds)
    words = _filled(chosen.text, book, [])
    cite = chosen.cite
    national = book.national
    if rules.levels and level.unsettled:
        words = national.unsettled.headline.replace("{headline}", words)
        cite = (*cite, *national.unsettled.cite)
    elif rules.levels and level.raised and level.level:
        words = national.floor_headline.replace("{headline}", words)
        words = words.replace("{level}", level.level.value)
        cite = (*cite, *(one for reason in level.reasons for one in reason.cite))
    if case.immediate_danger is Known.YES:
        words = national.danger_headline.replace("{headline}", words)
        cite = (*book.contacts[EMERGENCY].cite, *cite)
    return words, tuple(dict.fromkeys(cite))


def _deadlines(fired: Sequence[_Fired], today: dt.date) -> tuple[Deadline, ...]:
    """Every time limit with its dates: those that count from today first, as the rest hang on them.

    Limits of low, while low is not settled, and of rules behind a condition are reckoned too:
    they say for which rule they hold.
    """
    pairs = [(one.rule, rule) for one in fired for rule in one.rule.deadlines]
    held: dict[str, dt.date] = {}
    for owner, rule in pairs:
        if rule.id in ("meeting", "review") and rule.anchor == "today":
            limit = reckon(rule, owner.id, today, {})
            if limit.date:
                held[rule.id] = limit.in_practice or limit.date
    # what hangs on a meeting counts from one day: the last one on which it can be held
    return tuple(reckon(rule, owner.id, today, held, owner.product_choice) for owner, rule in pairs)


def _filled(text: str, book: RouteBook, deadlines: Sequence[Deadline]) -> str:
    """`text` with contacts' numbers and its first deadline's date in place of placeholders."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "deadline":
            return deadlines[0].dates_in_words() if deadlines else ""
        if name in WORDS:
            return match.group(0)
        contact = book.contacts[name]
        return contact.number or contact.email or contact.web or contact.name

    return PLACEHOLDER.sub(value, text)


def _statement(point: Point, book: RouteBook) -> Statement:
    return Statement(text=_filled(point.text, book, []), cite=point.cite)


def _contacts(
    fired: Sequence[_Fired],
    rules: AreaRules,
    moment: dt.datetime,
    outside: bool,
    case: Case,
    book: RouteBook,
) -> tuple[RouteContact, ...]:
    """Who to ring: 999 before all in danger, then the line for this hour, then the others."""
    office = rules.area.contacts if rules.area else ()
    after = rules.area.out_of_hours if rules.area else ()
    order = [*after, *office] if outside else [*office, *after]
    # contacts of rules that hang on an unknown fact stay in the words of their step
    order += [name for one in fired if one.label is None for name in one.rule.contacts]
    if case.immediate_danger is Known.YES:
        order.insert(0, EMERGENCY)
    shown = []
    for name in dict.fromkeys(order):
        contact = book.contacts[name]
        if contact.status == "retired":
            continue
        now, note = _staffed(contact, name in office, name in after, moment, outside, book)
        shown.append(
            RouteContact(
                id=name,
                name=contact.name,
                number=contact.number,
                email=contact.email,
                web=contact.web,
                purpose=contact.purpose,
                now=now,
                hours_note=note,
                caution=contact.caution,
                status=contact.status,
                cite=contact.cite,
            )
        )
    return tuple(shown)


def _staffed(
    contact: Contact,
    is_office: bool,
    is_after: bool,
    moment: dt.datetime,
    outside: bool,
    book: RouteBook,
) -> tuple[Literal["open", "closed", "unknown"], str]:
    """Whether a line is staffed now, and the words on its hours."""
    hours = book.hours.get(contact.id)
    if hours is not None:
        if hours.always:
            return "open", f"Open {contact.hours}."
        is_open = hours.open_at(moment)
        return ("open" if is_open else "closed"), (
            f"{contact.hours}: {'open' if is_open else 'closed'} now."
        )
    if is_after and not is_office:
        if outside:
            return "unknown", "It is outside office hours now: ring this one first."
        return "unknown", "For outside office hours."
    if is_office:
        words = book.national.hours_unknown
        if outside:
            return "unknown", f"{words} It is outside usual office hours now."
        return "unknown", words
    return "unknown", ""


def _missing(
    case: Case, level: RouteLevel, unknown: set[FactField], book: RouteBook
) -> tuple[MissingFact, ...]:
    open_facts: set[FactField] = {*unknown, *level.unsettled}
    open_facts |= could_raise(case, level.level, book.national)
    if case.area is None:
        open_facts.add("area")
    return tuple(
        MissingFact(field=field, text=book.national.facts[field])
        for field in FACT_FIELDS
        if field in open_facts
    )


def _sources(
    cited: Iterable[Citation],
    behind: Iterable[Citation],
    case: Case,
    today: dt.date,
    book: RouteBook,
) -> tuple[SourceLine, ...]:
    """Each source once, in order of first use, with its date, sections and age.

    Sources of what stands behind “more” come after the others.
    """
    first = tuple(cited)
    shown = {cite.source for cite in first}
    lines: dict[str, list[str]] = {}
    sections: dict[str, list[str]] = {}
    for cite in (*first, *behind):
        at = lines.setdefault(cite.source, [])
        if cite.at and cite.at not in at:
            at.append(cite.at)
        title = _section(cite, book.sources[cite.source])
        titles = sections.setdefault(cite.source, [])
        if title and title not in titles:
            titles.append(title)
    for name, titles in sections.items():
        order = [part.title for part in book.sources[name].sections]
        titles.sort(key=order.index)
    return tuple(
        SourceLine(
            id=name,
            short=book.sources[name].short,
            date=None if book.sources[name].kind == "general" else date_of(book.sources[name]),
            sections=tuple(sections[name]),
            lines=tuple(at),
            note=_caution(book.sources[name], case, today),
            more=name not in shown,
        )
        for name, at in lines.items()
    )


def _section(cite: Citation, source: Source) -> str | None:
    line = cite.first_line
    if line is None:
        return None
    return next((part.title for part in source.sections if part.first <= line <= part.last), None)


def _caution(source: Source, case: Case, today: dt.date) -> str | None:
    if source.kind == "public_page":
        return "A public page: to be confirmed."
    if source.kind == "general":
        return "A product choice rests on it, never a procedure."
    age = age_note(source, today)
    if source.areas and case.area not in source.areas:
        other = "Another area's document: only for national numbers and product choices."
        return f"{other} {age}" if age else other
    return age


def _stale(rules: AreaRules, today: dt.date, book: RouteBook) -> tuple[str, ...]:
    if rules.area is None:
        return ()
    source = book.sources[rules.area.source]
    note = age_note(source, today)
    return (f"{source.short}, {date_of(source)}: {note}",) if note else ()
