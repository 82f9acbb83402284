"""The safe message: what a person reads when anything fails on the way."""

from __future__ import annotations

from bot.guidance.answering import Citations, contact_card
from bot.guidance.load import NEEDED_CONTACTS, Guidance
from bot.guidance.models import AreaId
from bot.guidance.reply import Reply


def safe_message(guidance: Guidance, area: AreaId | None, citations: Citations) -> Reply:
    """Says that something went wrong, with 999, 101 and the area's numbers, and to try again."""
    *names, helpline = NEEDED_CONTACTS
    if area is not None:
        place = guidance.areas[area]
        names += [*place.contacts[:1], *place.out_of_hours[:1]]
    else:
        names.append(helpline)
    contacts = [guidance.contacts[name] for name in dict.fromkeys(names)]
    for contact in contacts:
        citations.add(contact.cite)
    return Reply(
        kind="safe_message",
        headline="Something went wrong on my side, and I could not answer. Please try again.",
        contacts=tuple(contact_card(contact) for contact in contacts),
        closing="If a child is in immediate danger, do not wait for me: ring 999 now.",
        sources=citations.lines(),
        area=area,
    )
