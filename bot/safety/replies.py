"""What is said when a message raises an alarm: 999 first, then the numbers for the hour."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from bot.guidance.answering import Citations, ask_payload, contact_card
from bot.guidance.files import Problem
from bot.guidance.load import PLACEHOLDER, Guidance, guidance_folder
from bot.guidance.models import AreaId, Contact, Point
from bot.guidance.reply import Choice, Reply, Statement
from bot.referral.hours import USUAL, read_hours
from bot.safety.alarm import Alarm
from bot.safety.still_danger import LINES as STILL_LINES
from bot.safety.still_danger import Still
from bot.safety.words import Line, Safety, Script, ScriptId, Slot, read_safety

#: A reply after the alarm: its words `again`, short, or what is to be done when 999 was `rung`;
#: that the danger is over (`passed`) or was none (`mistaken`); whether to `refer` all the same.
Follows = Literal["again", "rung", "passed", "mistaken", "refer"]
#: What a button of a practitioner who was taken for a child carries instead of an alarm's kind.
NO_ALARM = "none"

#: The clock that opening hours are reckoned in.
_LONDON = ZoneInfo("Europe/London")
#: What every script gives, also in short: in its lines, or among its first contacts.
_EMERGENCY, _EMERGENCY_CONTACT = "999", "emergency"
#: Where a line names the area.
_AREA = "{area}"
#: Scripts that a child or young person may read: warnings on where a number comes from stay with
#: the sources, so that nothing stands between them and the number.
_FOR_THE_WRITER: tuple[ScriptId, ...] = (
    "immediate_danger_writer",
    "self_harm_writer",
    "child_writing",
)
#: The kind of a reply to who has rung 999.
RUNG_KIND = "danger_rung"
#: The kind of a reply to who says that nobody is in danger any more.
PASSED_KIND = "danger_passed"
#: How the danger may be said to be over.
_PASSED = ("passed", "mistaken", "refer")
#: Kinds of every reply to an alarm, or to what follows one.
SAFETY_KINDS = frozenset({*get_args(ScriptId), RUNG_KIND, PASSED_KIND})
_KINDS_AFTER = {"rung": RUNG_KIND, **dict.fromkeys(_PASSED, PASSED_KIND)}


def script_for(alarm: Alarm) -> ScriptId:
    """Which script answers an alarm."""
    if alarm.kind == "immediate_danger":
        if alarm.about_writer:
            return "immediate_danger_writer"
        return "immediate_danger_asked" if alarm.question else "immediate_danger"
    if alarm.kind == "self_harm":
        if alarm.about_writer:
            return "self_harm_writer"
        return "self_harm_asked" if alarm.question else "self_harm"
    return alarm.kind


def reply_for(
    alarm: Alarm,
    guidance: Guidance,
    area: AreaId | None,
    now: dt.datetime,
    folder: Path | None = None,
    offered: str | None = None,
    follows: Follows | None = None,
    for_workers: bool = False,
    still: Still | None = None,
) -> Reply:
    """The reply to an alarm, or to a message that follows it.

    `area` is the conversation's area, or None; `now` the moment (without a zone: Europe/London),
    which decides which of the area's numbers comes first. `offered` is the topic that a
    practitioner would have asked about, on a button where nothing else is answered. `follows`: what
    the message says of the alarm before it. `for_workers`: a child asked for what is made for
    people who work with children, and is told so. `still`: what is said of danger that goes on; its
    line comes first, and an adult gets no number of children's services. The words are those of
    `safety.yml` in `folder` (default: the guidance folder). Raises GuidanceError when they cannot
    be used.
    """
    _, safety = read_safety(folder or guidance_folder())
    if follows == "rung":
        script = _when_rung(safety, replace(alarm, question=False))
    elif follows in _PASSED:
        script = _when_passed(safety, alarm, follows)
    else:
        script = safety.script(script_for(alarm))
        script = _in_short(script, guidance) if follows == "again" else script
        script = _that_goes_on(script, still) if still is not None else script
    moment = now.astimezone(_LONDON) if now.tzinfo else now.replace(tzinfo=_LONDON)
    citations = Citations(guidance, moment.date())
    for_public = alarm.kind == "parent_or_public"
    local = _local_contacts(safety, guidance, area, moment, for_public)

    def statement(point: Point) -> Statement:
        text = point.text.replace(_AREA, guidance.areas[area].name if area else "your area")
        return Statement(guidance.fill(text), citations.add(point.cite))

    headline = statement(script.headline)
    said_first = (statement(safety.for_workers),) if for_workers else ()
    points = said_first + tuple(
        statement(_line(part, safety, area, local) if isinstance(part, str) else part)
        for part in script.points
    )
    shown = [guidance.contacts[name] for name in script.contacts_first]
    if script.area_contacts:
        shown += local
    shown += [guidance.contacts[name] for name in script.contacts]
    for contact in shown:
        citations.add(contact.cite)
    cards = [contact_card(contact) for contact in shown]
    if script.id in _FOR_THE_WRITER:
        cards = [replace(card, note=None) for card in cards]
    return Reply(
        kind=_KINDS_AFTER.get(follows or "again", script.id),
        headline=headline.text,
        points=points,
        contacts=tuple(cards),
        sources=citations.lines(),
        choices=(
            *(Choice(guidance.topics[name].title, ask_payload(name)) for name in script.topics),
            *_for_practitioners(safety, guidance, offered, for_workers),
        ),
        area=area,
        closing=script.closing,
    )


def _for_practitioners(
    safety: Safety, guidance: Guidance, offered: str | None, for_workers: bool
) -> list[Choice]:
    """The button of a practitioner who was taken for a child.

    It says so with the press: from then on they are answered as a practitioner.
    """
    if for_workers:
        title, intent, values = safety.start_screening, "start_screening", {"alarm": NO_ALARM}
    elif offered is not None and offered in guidance.topics:
        title, intent = guidance.topics[offered].title, "ask"
        values = {"topic": offered, "alarm": NO_ALARM}
    else:
        return []
    named = safety.for_practitioners.replace("{topic}", title)
    return [Choice(named, f"/{intent}{json.dumps(values)}")]


def _in_short(script: Script, guidance: Guidance) -> Script:
    """What a script says again, with its numbers."""
    numbers = [name for name in script.contacts_first if guidance.contacts[name].number]
    return script.in_short().model_copy(update={"contacts_first": tuple(numbers)})


def _that_goes_on(script: Script, still: Still) -> Script:
    """What a script says of danger of which that is told."""
    added = STILL_LINES.get(still)
    if added is None:
        return script
    line = Line(text=added.text, cite=added.cite)
    if still != "adult":
        return script.model_copy(update={"points": (line, *script.points)})
    points = tuple(one for one in script.points if isinstance(one, Line))
    return script.model_copy(update={"points": (line, *points), "area_contacts": False})


def _when_rung(safety: Safety, alarm: Alarm) -> Script:
    """What a script says of the time after the call, and to whom to tell it next."""
    script = safety.script(script_for(alarm))
    points = [one for one in script.lines() if not one.until_rung]
    slots = [one for one in script.points if not isinstance(one, Line)]
    changed: dict[str, object] = {
        "headline": safety.rung,
        "points": (*points, *slots),
        "closing": script.closing and safety.rung_closing,
    }
    if script.area_contacts:
        # children's services come next; 999 stays at hand
        changed["contacts_first"] = ()
        changed["contacts"] = tuple(dict.fromkeys((*script.contacts_first, *script.contacts)))
    return script.model_copy(update=changed)


def _when_passed(safety: Safety, alarm: Alarm, follows: Follows) -> Script:
    """What a script says once the danger is over, or was none."""
    script = safety.script(script_for(replace(alarm, question=False)))
    changed: dict[str, object] = {"topics": (), "closing": script.closing and safety.rung_closing}
    if not script.area_contacts or alarm.kind not in ("immediate_danger", "self_harm"):
        short = script.in_short()
        changed |= {"headline": safety.passed_writer, "points": short.points}
        return script.model_copy(update=changed)
    if follows == "mistaken":
        changed |= {"headline": safety.mistaken, "points": (), "area_contacts": False}
        changed |= {"contacts_first": (_EMERGENCY_CONTACT,), "contacts": ()}
        return script.model_copy(update=changed)
    refers = follows == "refer"
    return script.model_copy(
        update={
            **changed,
            "headline": safety.still_refer if refers else safety.passed,
            "points": (safety.passed_next, "public_local"),
            # whom to tell comes first now; 999 stays at hand
            "contacts_first": (),
            "contacts": (*script.contacts_first, *script.contacts),
        }
    )


def local_help(
    guidance: Guidance, area: AreaId | None, now: dt.datetime, folder: Path | None = None
) -> Reply:
    """What an alarm says of the area alone: its line, and the area's numbers for the hour.

    The line stands in the first source. `now` is the moment, as for `reply_for`.
    """
    _, safety = read_safety(folder or guidance_folder())
    moment = now.astimezone(_LONDON) if now.tzinfo else now.replace(tzinfo=_LONDON)
    citations = Citations(guidance, moment.date())
    local = _local_contacts(safety, guidance, area, moment, public=False)
    line = _line("local", safety, area, local)
    text = line.text.replace(_AREA, guidance.areas[area].name if area else "your area")
    citations.add(line.cite)
    for contact in local:
        citations.add(contact.cite)
    return Reply(
        kind="immediate_danger",
        headline=guidance.fill(text),
        contacts=tuple(map(contact_card, local)),
        sources=citations.lines(),
        area=area,
    )


def danger_line(guidance: Guidance, today: dt.date, folder: Path | None = None) -> Reply:
    """The line that an ordinary answer opens with when a message is near danger, with its source.

    `today` is the day from which the source's age is counted.
    """
    _, safety = read_safety(folder or guidance_folder())
    citations = Citations(guidance, today)
    citations.add(safety.near_danger.cite)
    return Reply(
        kind="near_danger",
        headline=guidance.fill(safety.near_danger.text),
        sources=citations.lines(),
    )


def check_safety(guidance: Guidance, folder: Path | None = None) -> tuple[Problem, ...]:
    """What the scripts name that does not exist: contacts, topics, sources, lines of a source."""
    file, safety = read_safety(folder or guidance_folder())
    problems: list[Problem] = []

    def check(point: Point, *path: str | int) -> None:
        for cite in point.cite:
            source = guidance.sources.get(cite.source)
            if source is None:
                reason = f"cites “{cite.source}”, which is not in sources.yml"
                problems.append(file.problem(reason, *path))
            elif source.kind == "board_document" and (
                cite.first_line is None or cite.first_line > source.sections[-1].last
            ):
                reason = f"cites {cite}, which is no line of that document"
                problems.append(file.problem(reason, *path))
        known(PLACEHOLDER.findall(point.text.replace(_AREA, "")), guidance.contacts, *path)

    def known(names: Iterable[str], among: Iterable[str], *path: str | int) -> None:
        for name in set(names) - set(among):
            problems.append(file.problem(f"names “{name}”, which does not exist", *path))

    for name in _LINES:
        check(getattr(safety, name), name)
    known(safety.public_contacts.values(), guidance.contacts, "public_contacts")
    for index, script in enumerate(safety.scripts):
        check(script.headline, "scripts", index, "headline")
        for number, part in enumerate(script.points):
            if isinstance(part, Point):
                check(part, "scripts", index, "points", number)
        known((*script.contacts_first, *script.contacts), guidance.contacts, "scripts", index, "id")
        known(script.topics, guidance.topics, "scripts", index, "topics")
        short = script.in_short()
        again = " ".join(one.text for one in (short.headline, *short.lines()))
        if _EMERGENCY not in again and _EMERGENCY_CONTACT not in script.contacts_first:
            problems.append(
                file.problem(f"gives no {_EMERGENCY} when it is said again", "scripts", index, "id")
            )
    return tuple(problems)


_LINES = (
    "near_danger",
    "for_workers",
    "rung",
    "passed",
    "passed_next",
    "mistaken",
    "still_refer",
    "passed_writer",
    "local",
    "local_both",
    "local_none",
    "area_unknown",
    "public_local",
    "public_none",
)


def _line(slot: Slot, safety: Safety, area: AreaId | None, local: Sequence[Contact]) -> Point:
    """The line of a script that depends on the area."""
    if slot == "public_local":
        if area is None:
            return safety.public_none
        return safety.public_local if local else safety.local_none
    if area is None:
        return safety.area_unknown
    if not local:
        return safety.local_none
    return safety.local_both if len(local) > 1 else safety.local


def _local_contacts(
    safety: Safety, guidance: Guidance, area: AreaId | None, moment: dt.datetime, public: bool
) -> list[Contact]:
    """The area's numbers for the hour: one where the hours are known, else both, likelier first."""
    if area is None:
        return []
    place = guidance.areas[area]
    daytime = list(place.contacts[:1])
    if public and area in safety.public_contacts:
        daytime = [safety.public_contacts[area]]
    day = [guidance.contacts[name] for name in daytime]
    night = [guidance.contacts[name] for name in place.out_of_hours[:1] if name not in daytime]
    if not day or not night:
        return day or night
    hours = day[0].hours
    if hours is not None:
        return day if read_hours(hours).open_at(moment) else night
    return [*day, *night] if USUAL.open_at(moment) else [*night, *day]


__all__ = [
    "NO_ALARM",
    "PASSED_KIND",
    "RUNG_KIND",
    "SAFETY_KINDS",
    "Follows",
    "check_safety",
    "danger_line",
    "local_help",
    "reply_for",
    "script_for",
]
