"""What a take-away says of a route."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.documents.citing import Numbering
from bot.documents.model import (
    Block,
    Bullets,
    CalendarDate,
    Line,
    Lines,
    Section,
    Steps,
    Subheading,
    Table,
)
from bot.guidance.models import Citation
from bot.referral.deadlines import Deadline
from bot.referral.route import Note, Route, RouteContact, Step

#: What stands in a cell where the route names nothing.
NOT_NAMED = "not named"
NO_DATE = "no date can be worked out"


def headline_of(route: Route, numbers: Numbering) -> Line:
    """The route in one line."""
    return Line(text=route.headline, marks=numbers.marks(route.headline_cite))


def danger_reminders(route: Route, numbers: Numbering) -> tuple[Line, ...]:
    """The lines on danger that stand above everything, unless danger itself is the first step."""
    return tuple(_step(step, numbers) for step in route.steps if _is_reminder(step, route))


def level_lines(route: Route, numbers: Numbering) -> tuple[Line, ...]:
    """The level that the route goes by, with the facts that decide it."""
    level = route.level
    words = level.level.value if level.level else "none"
    if level.unsettled:
        words += ", until the facts that could rule out low are known"
    elif level.raised:
        words += ", because of the facts below"
    lines = [Line(label="Level this route goes by", text=words)]
    lines += [
        Line(
            text=reason.text,
            suggestion=reason.product_choice,
            marks=numbers.marks(reason.cite),
        )
        for reason in level.reasons
    ]
    return tuple(lines)


def route_sections(route: Route, numbers: Numbering) -> tuple[Section, ...]:
    """Everything that the route holds, most pressing first; what it lacks makes no section."""
    sections = (
        Section(heading="What to do, in order", blocks=tuple(_steps(route, numbers))),
        Section(heading="Who to contact", blocks=tuple(_contacts(route, numbers))),
        Section(heading="By when", blocks=tuple(_deadlines(route, numbers))),
        Section(heading="Forms", blocks=tuple(_forms(route, numbers))),
        Section(heading="Who attends", blocks=tuple(_attendees(route, numbers))),
        Section(heading="Who else to tell", blocks=tuple(_told(route, numbers))),
        Section(heading="Recording", blocks=tuple(_recording(route, numbers))),
        Section(heading="If nobody answers, or you disagree", blocks=tuple(_stuck(route, numbers))),
        Section(
            heading="Notes, contradictions and gaps in the source",
            blocks=tuple(_notes(route, numbers)),
        ),
        Section(heading="What has changed since", blocks=tuple(_changes(route, numbers))),
        Section(heading="What could change this route", blocks=tuple(_open_facts(route))),
    )
    return tuple(section for section in sections if section.blocks)


def calendar_dates(route: Route, numbers: Numbering) -> tuple[CalendarDate, ...]:
    """The route's deadlines that have a day."""
    return tuple(
        CalendarDate(
            id=f"{deadline.rule}/{deadline.id}",
            label=deadline.label,
            day=deadline.date,
            also=deadline.also,
            in_words=_dates(deadline),
            limit=_limit(deadline),
            suggestion=deadline.product_choice,
            sources=numbers.short(deadline.cite),
        )
        for deadline in route.deadlines
        if deadline.date is not None
    )


def _is_reminder(step: Step, route: Route) -> bool:
    return step.part == "danger" and route.danger != "yes"


def _step(step: Step, numbers: Numbering) -> Line:
    return Line(
        label=step.label,
        text=step.text,
        # “ring 999” is not to be weakened by saying that it is only a suggestion
        suggestion=step.product_choice and step.part != "danger",
        marks=numbers.marks(step.cite),
    )


def _note(note: Note, numbers: Numbering) -> Line:
    return Line(
        label=note.label,
        text=note.text,
        suggestion=note.product_choice,
        marks=numbers.marks(note.cite),
    )


def _steps(route: Route, numbers: Numbering) -> Iterable[Block]:
    steps = [step for step in route.steps if not _is_reminder(step, route)]
    first = [step for step in steps if step.label is None and not step.more]
    hanging = [step for step in steps if step.label is not None and not step.more]
    later = [step for step in steps if step.more]
    if first:
        yield Steps(lines=tuple(_step(step, numbers) for step in first))
    if hanging:
        yield Subheading(text="Where it applies")
        yield Bullets(lines=tuple(_step(step, numbers) for step in hanging))
    if later:
        yield Subheading(text="Later, and in the background")
        yield Bullets(lines=tuple(_step(step, numbers) for step in later))


def _contacts(route: Route, numbers: Numbering) -> Iterable[Block]:
    if route.no_number:
        statement = route.no_number
        yield Lines(lines=(Line(text=statement.text, marks=numbers.marks(statement.cite)),))
    if route.contacts:
        yield Table(
            caption="People and services to contact",
            columns=("Who", "Number or address", "Hours and remarks"),
            widths=(4, 4, 7),
            rows=tuple(_contact(contact, numbers) for contact in route.contacts),
        )


def _contact(contact: RouteContact, numbers: Numbering) -> tuple[Line, ...]:
    addresses = [one for one in (contact.number, contact.email, contact.web) if one]
    return (
        Line(text=contact.name),
        Line(text=", ".join(addresses) or contact.address),
        Line(
            text=contact.purpose,
            remarks=(contact.note,) if contact.note else (),
            marks=numbers.marks(contact.cite),
        ),
    )


def _deadlines(route: Route, numbers: Numbering) -> Iterable[Block]:
    others = [deadline for deadline in route.deadlines if deadline not in route.reviews]
    if any(deadline.also for deadline in route.deadlines):
        text = (
            "Where the source says “days” without “working”, both readings are given: plan to the "
            "earlier date."
        )
        yield Lines(lines=(Line(text=text, suggestion=True),))
    if others:
        yield _dated("Time limits", others, numbers)
    if route.reviews:
        yield Subheading(text="Reviews")
        yield _dated("Review dates", route.reviews, numbers)


def _dated(caption: str, deadlines: Sequence[Deadline], numbers: Numbering) -> Table:
    return Table(
        caption=caption,
        columns=("What", "Date", "Time limit in the source"),
        widths=(4, 5, 5),
        rows=tuple(
            (
                Line(text=deadline.label),
                Line(text=_dates(deadline) or NO_DATE),
                Line(
                    text=_limit(deadline),
                    suggestion=deadline.product_choice,
                    marks=numbers.marks(deadline.cite),
                ),
            )
            for deadline in deadlines
        ),
    )


def _dates(deadline: Deadline) -> str:
    words = deadline.dates_in_words()
    return f"{words}, {deadline.assumes}" if words and deadline.assumes else words


def _limit(deadline: Deadline) -> str:
    return f"{deadline.said} ({deadline.since})"


def _forms(route: Route, numbers: Numbering) -> Iterable[Block]:
    if not route.forms:
        return
    yield Lines(lines=(Line(text="I hold none of them: ask your area for the current ones."),))
    cites: dict[tuple[str, str, str | None], list[Citation]] = {}
    for form in route.forms:
        cites.setdefault((form.name, form.to or NOT_NAMED, form.label), []).extend(form.cite)
    yield Table(
        caption="Forms and where they go",
        columns=("Form or tool", "Goes to"),
        widths=(1, 1),
        rows=tuple(
            (Line(text=name, label=label), Line(text=to, marks=numbers.marks(cite)))
            for (name, to, label), cite in cites.items()
        ),
    )


def _attendees(route: Route, numbers: Numbering) -> Iterable[Block]:
    if route.attendees:
        cites: dict[str, list[Citation]] = {}
        for attendee in route.attendees:
            cites.setdefault(attendee.who, []).extend(attendee.cite)
        yield Bullets(
            lines=tuple(Line(text=who, marks=numbers.marks(cite)) for who, cite in cites.items())
        )


def _told(route: Route, numbers: Numbering) -> Iterable[Block]:
    if route.who_else:
        lines = (
            Line(
                label=told.label,
                text=f"Tell {told.who}",
                suggestion=told.product_choice,
                marks=numbers.marks(told.cite),
            )
            for told in route.who_else
        )
        yield Bullets(lines=tuple(dict.fromkeys(lines)))


def _recording(route: Route, numbers: Numbering) -> Iterable[Block]:
    if route.recording:
        cites: dict[str, list[Citation]] = {}
        for record in route.recording:
            cites.setdefault(record.system, []).extend(record.cite)
        yield Lines(
            lines=tuple(
                Line(label="Recorded in", text=system, marks=numbers.marks(cite))
                for system, cite in cites.items()
            )
        )


def _stuck(route: Route, numbers: Numbering) -> Iterable[Block]:
    yield Lines(
        lines=tuple(
            Line(label=label, text=said.text, marks=numbers.marks(said.cite))
            for label, said in (
                ("If nobody answers", route.no_answer),
                ("If you disagree", route.disagree),
            )
        )
    )


def _notes(route: Route, numbers: Numbering) -> Iterable[Block]:
    for title, notes in (
        ("Notes", route.notes),
        ("Where the source contradicts itself or others", route.differs),
        ("Not in the source", route.not_stated),
    ):
        if notes:
            yield Subheading(text=title)
            yield Bullets(lines=tuple(_note(note, numbers) for note in notes))


def _changes(route: Route, numbers: Numbering) -> Iterable[Block]:
    lines = [Line(label="Age of the source", text=stale) for stale in route.stale]
    lines += [_note(note, numbers) for note in route.changes]
    if lines:
        yield Bullets(lines=tuple(lines))


def _open_facts(route: Route) -> Iterable[Block]:
    if route.missing_facts:
        yield Lines(lines=(Line(text="Not known, and it could change the steps:"),))
        yield Bullets(lines=tuple(Line(text=fact.text) for fact in route.missing_facts))
