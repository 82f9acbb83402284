"""Answers to who tells that it is night or the weekend: the line that is open then comes first."""

from __future__ import annotations

from dataclasses import replace

from bot.guidance.load import Guidance
from bot.guidance.reply import Reply


def night_line_first(reply: Reply, guidance: Guidance) -> Reply:
    """A reply with its area's out-of-hours line before the area's other numbers.

    Nothing is added: a reply without that line, or for no area, stays as it is.
    """
    area = next((one for one in guidance.areas.values() if one.id == reply.area), None)
    if area is None:
        return reply
    night = [one for one in reply.contacts if one.id in area.out_of_hours]
    day = [one for one in reply.contacts if one.id in area.contacts and one not in night]
    if not night or not day:
        return reply
    place = reply.contacts.index(day[0])
    rest = [one for one in reply.contacts if one not in night]
    at = min(place, len(rest))
    return replace(reply, contacts=(*rest[:at], *night, *rest[at:]))
