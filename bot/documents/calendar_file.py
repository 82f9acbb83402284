"""The take-away's deadlines as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime as dt
import uuid

from icalendar import Alarm, Calendar, Event

from bot.documents.errors import TakeAwayError
from bot.documents.model import SUGGESTION, CalendarDate, TakeAway
from bot.referral.deadlines import day_in_words

#: Events are named from this and the reference, so that importing again replaces them.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "waymark.invalid")
#: Nine in the morning of the day before: an all-day event starts at midnight.
_DAY_BEFORE = dt.timedelta(hours=-15)


def as_calendar(take_away: TakeAway) -> bytes:
    """The deadlines that have a day, one all-day event each, as a UTF-8 calendar file.

    An event stands on the day to plan to and names the other reading where there is one. An alarm
    rings at nine the day before, unless that day is past. Events are private and do not block the
    day, and they hold the reference, no details of a child.
    Raises: TakeAwayError when no deadline has a day (`take_away.dates` is empty).
    """
    if not take_away.dates:
        raise TakeAwayError(
            "This route has no dates that can be worked out, so there is nothing for a calendar. "
            "The time limits that it has are in the other documents."
        )
    calendar = Calendar()
    calendar.add("prodid", "-//Waymark//Take-away//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{take_away.title} {take_away.reference}")
    for date in take_away.dates:
        calendar.add_component(_event(date, take_away))
    return bytes(calendar.to_ical())


def _event(date: CalendarDate, take_away: TakeAway) -> Event:
    event = Event()
    name = f"{take_away.reference}/{date.id}"
    summary = f"{date.label} (reference {take_away.reference})"
    event.add("uid", str(uuid.uuid5(_NAMESPACE, name)))
    event.add("dtstamp", take_away.made.astimezone(dt.UTC))
    event.add("dtstart", date.day)
    event.add("dtend", date.day + dt.timedelta(days=1))
    event.add("summary", summary)
    event.add("description", _description(date, take_away))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if date.day > take_away.made.date():
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", _DAY_BEFORE)
        alarm.add("description", f"Tomorrow: {summary}")
        event.add_component(alarm)
    return event


def _description(date: CalendarDate, take_away: TakeAway) -> str:
    lines = [f"Date: {date.in_words}", f"Time limit in the source: {date.limit}"]
    if date.also:
        lines.append(
            f"Two readings: {day_in_words(date.day)} or {day_in_words(date.also)}. Plan to the "
            "earlier one."
        )
    if date.suggestion:
        lines.append(SUGGESTION)
    lines.append(f"Area: {take_away.area}. Reference: {take_away.reference}")
    lines += [f"Source: {source}" for source in date.sources]
    lines += [line.words for line in take_away.closing if not line.marks]
    return "\n".join(lines)
