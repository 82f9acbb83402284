"""A Route as plain text and as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.guidance.models import Citation
from bot.referral.deadlines import Deadline
from bot.referral.route import Note, Route, RouteContact, Step

#: How many facts that could change a short route are named before “and more”. Fits a phone.
FACTS_SHOWN = 3
#: Marks what is not the area's own procedure: a sign explained once in a text, or in words.
FLAG, FLAG_IN_WORDS = " *", " (A product choice, not your area's procedure.)"


def route_text(route: Route, *, more: bool = False) -> str:
    """The route as plain text, complete without layout or buttons.

    The first line answers; then what to do in order, who to ring, the sources with their age,
    and that no referral has been made. `more` adds what the short form leaves out: detail,
    background, every time limit, who attends, recording, what to do when nobody answers.
    Numbers in square brackets stand for the sources at the end.
    """
    lines = [route.headline]
    lines += [_sentence(step, route) for step in route.steps if _is_danger_reminder(step, route)]
    lines += [f"Why: {reason.text}{_marks(reason.cite, route)}" for reason in route.level.reasons]
    steps = [step for step in route.steps if not _is_danger_reminder(step, route)]
    main = main_steps(route)
    lines += [f"{number}. {_sentence(step, route)}" for number, step in enumerate(main, 1)]
    hanging = [step for step in steps if step.label is not None and not step.more]
    if hanging:
        lines.append("Where it applies:")
        lines += [f"• {line}" for line in _hanging(hanging, route, more)]
    lines += [f"Note: {_note(note, route)}" for note in route.notes if not note.more]
    lines += _ringing(route, more)
    lines += [f"My source differs: {_note(note, route)}" for note in route.differs if not note.more]
    silent = [note for note in route.not_stated if not note.more]
    lines += [f"Not in my source: {_note(note, route)}" for note in silent]
    if more:
        lines += _behind(route, steps)
    lines += _open_facts(route, more)
    if any(line.rstrip("[]0123456789").endswith(" * ") for line in lines):
        lines.append("* A product choice, not your area's procedure.")
    lines += _sources(route, more)
    lines.append(f"{route.rescreen} {route.not_a_referral}")
    return "\n".join(lines)


def route_json(route: Route) -> dict[str, Any]:
    """The route as plain JSON values.

    `text` is the short form; `steps` every step with its condition and source numbers; `contacts`
    objects with name, one of number, email or web, and note; `deadlines` objects with label, date,
    also (ISO dates or None) and cite; `sources` numbered lines. The rest of the route follows.
    """
    return {
        "text": route_text(route),
        "steps": [_full(step, route, FLAG_IN_WORDS) for step in route.steps],
        "contacts": [_contact_json(contact) for contact in route.contacts],
        "deadlines": [_deadline_json(deadline) for deadline in route.deadlines],
        "sources": [f"[{number}] {source}" for number, source in enumerate(route.sources, 1)],
        "level": route.level.level.value if route.level.level else None,
        "level_reasons": [reason.text for reason in route.level.reasons],
        "no_number": route.no_number.text if route.no_number else None,
        "forms": [f"{form.name} → {form.to}" if form.to else form.name for form in route.forms],
        "attendees": [attendee.who for attendee in route.attendees],
        "recording": list(dict.fromkeys(record.system for record in route.recording)),
        "who_else": [f"{told.label}: {told.who}" if told.label else told.who
                     for told in route.who_else],
        "notes": [_note(note, route) for note in (*route.notes, *route.differs)],
        "not_stated": [_note(note, route) for note in route.not_stated],
        "changes": [_note(note, route) for note in route.changes],
        "stale": list(route.stale),
        "if_no_answer": route.no_answer.text,
        "if_you_disagree": route.disagree.text,
        "missing_facts": [fact.text for fact in route.missing_facts],
        "not_a_referral": route.not_a_referral,
    }  # fmt: skip


def main_steps(route: Route) -> list[Step]:
    """The steps that the short text numbers, in order."""
    return [
        step
        for step in route.steps
        if step.label is None and not step.more and not _is_danger_reminder(step, route)
    ]


def step_words(step: Step) -> str:
    """A step in words, with its condition; without the numbers of its sources."""
    flagged = step.part != "danger" and _is_flagged(step.product_choice, step.text)
    words = f"{step.text}{FLAG_IN_WORDS if flagged else ''}"
    return f"{step.label}: {words}" if step.label else words


def _is_danger_reminder(step: Step, route: Route) -> bool:
    """Whether a step is the line on danger that stands below the headline, not in the list."""
    return step.part == "danger" and route.danger != "yes"


def _marks(cites: Iterable[Citation], route: Route) -> str:
    """The numbers of the sources of `cites`, as “ [1][3]”."""
    order = [source.id for source in route.sources]
    numbers = sorted({order.index(cite.source) + 1 for cite in cites})
    return " " + "".join(f"[{number}]" for number in numbers)


def _is_flagged(product_choice: bool, text: str) -> bool:
    return product_choice and "product choice" not in text


def _sentence(step: Step, route: Route, flag: str = FLAG) -> str:
    flagged = step.part != "danger" and _is_flagged(step.product_choice, step.text)
    return f"{step.text}{flag if flagged else ''}{_marks(step.cite, route)}"


def _full(step: Step, route: Route, flag: str = FLAG) -> str:
    sentence = _sentence(step, route, flag)
    return f"{step.label}: {sentence}" if step.label else sentence


def _hanging(steps: Sequence[Step], route: Route, more: bool) -> list[str]:
    """Steps behind their conditions; on a phone, whom to tell stands for the rest of a step.

    What a plan means for meetings waits there until the plan is known, or for the long form.
    """
    if more:
        return [_full(step, route) for step in steps]
    lines = []
    steps = [one for one in steps if one.part != "meeting" or one.hangs_on != ("open_to",)]
    plans = [step for step in steps if step.tell and step.hangs_on == ("open_to",)]
    for step in steps:
        if step.tell is None:
            lines.append(_full(step, route))
        elif step not in plans:
            flag = FLAG if step.product_choice else ""
            lines.append(f"{step.label}: tell {step.tell}.{flag}{_marks(step.cite, route)}")
    if plans:
        whom = "; ".join(step.tell for step in plans if step.tell)
        flag = FLAG if all(step.product_choice for step in plans) else ""
        marks = _marks([cite for step in plans for cite in step.cite], route)
        lines.append(f"Depending on the child's plans, also tell: {whom}.{flag}{marks}")
    return lines


def _note(note: Note, route: Route) -> str:
    words = f"{note.label}: {note.text}" if note.label else note.text
    flag = FLAG if _is_flagged(note.product_choice, note.text) else ""
    return f"{words}{flag}{_marks(note.cite, route)}"


def _ringing(route: Route, more: bool) -> list[str]:
    lines = []
    for contact in route.contacts:
        words = (contact.note if more else contact.short_note).rstrip(".")
        note = f" ({words})" if words else ""
        marks = _marks(contact.cite, route)
        lines.append(f"☎ {contact.name}: {contact.address}{note}{marks}")
    if route.no_number:
        # below 999 in danger, above everything else
        place = 1 if route.danger == "yes" else 0
        words = f"☎ {route.no_number.text}{_marks(route.no_number.cite, route)}"
        lines.insert(place, words)
    return lines


def _sources(route: Route, more: bool) -> list[str]:
    """The numbered sources: in full for the area's own, by name and date for others on a phone."""
    lines = ["Sources:"]
    for number, source in enumerate(route.sources, 1):
        if more:
            lines.append(f"[{number}] {source}")
        elif not source.more:
            note = f": {source.note[:1].lower()}{source.note[1:]}" if source.note else "."
            lines.append(f"[{number}] {source.dated}{note}")
    return lines


def _behind(route: Route, steps: Sequence[Step]) -> list[str]:
    """What the short form leaves out."""
    lines = ["More:"]
    lines += [f"• {_full(step, route)}" for step in steps if step.more]
    lines += [f"• {_note(note, route)}" for note in route.notes if note.more]
    lines += [f"• My source differs: {_note(note, route)}" for note in route.differs if note.more]
    if route.deadlines:
        lines.append("By when:")
        lines += [f"• {_deadline_line(deadline, route)}" for deadline in route.deadlines]
    if route.forms:
        lines.append("Forms (I hold none of them):")
        lines += [f"• {words}" for words in dict.fromkeys(
            f"{form.name} → {form.to}" if form.to else form.name for form in route.forms
        )]  # fmt: skip
    if route.attendees:
        lines.append("Who attends:")
        lines += [f"• {attendee.who}" for attendee in route.attendees]
    if route.recording:
        systems = dict.fromkeys(record.system for record in route.recording)
        lines.append(f"Recorded in: {', '.join(systems)}.")
    lines.append(f"If nobody answers: {route.no_answer.text}{_marks(route.no_answer.cite, route)}")
    lines.append(f"If you disagree: {route.disagree.text}{_marks(route.disagree.cite, route)}")
    behind = [note for note in route.not_stated if note.more]
    lines += [f"Not in my source: {_note(note, route)}" for note in behind]
    lines += [f"Since then: {_note(note, route)}" for note in route.changes]
    return lines


def deadline_words(deadline: Deadline, flag: str = FLAG_IN_WORDS) -> str:
    """A time limit in words, with its date; without the numbers of its sources.

    `flag` marks one that is not the area's own procedure.
    """
    words = f"{deadline.label}: {deadline.said} ({deadline.since})"
    if deadline.date is not None:
        words += f": {deadline.dates_in_words()}"
        if deadline.assumes:
            words += f", {deadline.assumes}"
    return f"{words}.{flag if deadline.product_choice else ''}"


def _deadline_line(deadline: Deadline, route: Route) -> str:
    return f"{deadline_words(deadline, FLAG)}{_marks(deadline.cite, route)}"


def _open_facts(route: Route, more: bool) -> list[str]:
    facts = [fact.text for fact in route.missing_facts]
    if not facts:
        return []
    shown = facts if more else facts[:FACTS_SHOWN]
    rest = len(facts) - len(shown)
    tail = f"; and {rest} more" if rest else ""
    return [f"It could change with: {'; '.join(shown)}{tail}."]


def _contact_json(contact: RouteContact) -> dict[str, str | None]:
    found = {"number": contact.number, "email": contact.email, "web": contact.web}
    return {
        "name": contact.name,
        **{kind: address for kind, address in found.items() if address},
        "note": contact.note,
    }


def _deadline_json(deadline: Deadline) -> dict[str, str | None]:
    flag = FLAG_IN_WORDS if deadline.product_choice else ""
    return {
        "label": f"{deadline.label}: {deadline.said}{flag}",
        "date": deadline.date.isoformat() if deadline.date else None,
        "also": deadline.also.isoformat() if deadline.also else None,
        "cite": "; ".join(str(cite) for cite in deadline.cite),
        "since": deadline.since,
        "in_words": deadline.dates_in_words() or None,
    }
