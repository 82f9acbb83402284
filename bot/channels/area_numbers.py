"""Whom to ring in an area, in one sentence: it stands in every error, beside 999."""

from __future__ import annotations

from collections.abc import Mapping

from bot.guidance.load import Guidance
from bot.guidance.models import Area, Contact


def area_lines(guidance: Guidance) -> Mapping[str, str]:
    """For each area's id the sentence with its numbers, or with 101 where its source has none."""
    return {area.id: _line(guidance, area) for area in guidance.areas.values()}


def _line(guidance: Guidance, area: Area) -> str:
    names = dict.fromkeys((*area.contacts[:1], *area.out_of_hours[:1]))
    contacts = [guidance.contacts[name] for name in names if guidance.contacts[name].number]
    if not contacts:
        return (
            f"My source gives no number for {area.name}; 101 is the police when nobody is in "
            "immediate danger."
        )
    said = "; ".join(f"{one.name}, {one.number}" for one in contacts)
    check = " Check the number before you rely on it." if _to_be_checked(contacts) else ""
    return f"For {area.name}: {said}.{check}"


def _to_be_checked(contacts: list[Contact]) -> bool:
    return any(one.caution or one.status != "in_source" for one in contacts)
