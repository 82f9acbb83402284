"""Puts a take-away together from a route, with or without the screening that led to it."""

from __future__ import annotations

import datetime as dt
import re

from bot.documents.citing import Numbering
from bot.documents.errors import TakeAwayError
from bot.documents.model import Blanks, Line, Lines, Section, TakeAway
from bot.documents.route_sections import (
    calendar_dates,
    danger_reminders,
    headline_of,
    level_lines,
    route_sections,
)
from bot.documents.screening_sections import Screening, rescreen_line, screening_sections
from bot.referral.case import LONDON
from bot.referral.deadlines import day_in_words
from bot.referral.route import Route
from bot.screening.assessment import to_case

__all__ = ["Screening", "take_away"]

SCREENING_TITLE, ROUTE_TITLE = "Guided concern summary", "Referral route"
_REFERENCE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{1,38})[A-Za-z0-9]")
_NOT_A_DIAGNOSIS = (
    "This is not a diagnosis and not your area's own tool, and it does not replace a referral or "
    "your own judgement. Tool suggestions are marked: they are not procedure."
)
_SPEAKER = "“I” is Waymark, a computer guide that shows what its sources say, with their dates."
_NO_DETAILS = "Nothing in it shows who the child is: keep those details in your own system."
_YOUR_SYSTEM = (
    "Fill these in where you have copied this to. Never give these details to this guide."
)
_BLANKS = (
    "Child's name and date of birth",
    "Reference in your system",
    "Your name, role and agency",
    "What was seen or said, by whom and when, in their words",
    "Who was contacted, when, and what was decided",
    "Referral made by you, to whom, date and time",
    "Reason for the level, in your words",
)


def take_away(
    route: Route, reference: str, now: dt.datetime, screening: Screening | None = None
) -> TakeAway:
    """The take-away of a route, and of the screening that led to it. Pure.

    Parameters: `reference`, opaque (3 to 40 letters, digits and hyphens), which must not be made
    from anything about the child; calendar entries are recognised by it when they are imported
    again. `now`, when it is made (Europe/London where it carries no zone).
    Raises: TakeAwayError when the reference is not of that form, when the route was found for
    another area or level than the screening's, or when a source is missing from its sources.
    """
    if not _REFERENCE.fullmatch(reference):
        raise TakeAwayError(
            "A reference is 3 to 40 letters, digits and hyphens, and shows nothing of the child."
        )
    if screening is not None:
        _same_case(route, screening)
    made = now.replace(tzinfo=LONDON) if now.tzinfo is None else now.astimezone(LONDON)
    registry = screening.sources if screening else {}
    numbers = Numbering(route.sources, registry, route.area, made.date())
    headline = headline_of(route, numbers)
    level = level_lines(route, numbers)
    if screening is not None:
        sections = screening_sections(screening, level, numbers)
    else:
        judged = route.level.judged.value if route.level.judged else "not judged yet"
        lines = (Line(label="Level judged by the professional", text=judged), *level)
        sections = (Section(heading="Level", blocks=(Lines(lines=lines),)),)
    closing = [Line(text=route.rescreen), Line(text=route.not_a_referral)]
    if screening is not None:
        closing.insert(0, rescreen_line(screening, numbers))
    sections += route_sections(route, numbers)
    sections += (
        Section(
            heading="To add in your own system, not here",
            blocks=(Lines(lines=(Line(text=_YOUR_SYSTEM),)), Blanks(labels=_BLANKS)),
        ),
    )
    notice = (
        *danger_reminders(route, numbers),
        Line(text=route.not_a_referral),
        Line(text=_NOT_A_DIAGNOSIS),
        Line(text=f"{_SPEAKER} {_NO_DETAILS}"),
    )
    area = route.area_name or "not known"
    dates = calendar_dates(route, numbers)
    return TakeAway(
        title=SCREENING_TITLE if screening else ROUTE_TITLE,
        reference=reference,
        made=made,
        area=area,
        about=(
            Line(label="Reference", text=reference),
            Line(label="Made", text=f"{_moment(made)} (Europe/London)"),
            Line(label="Area", text=area),
            Line(label="“Now” and “today” mean", text=_moment(route.moment.astimezone(LONDON))),
        ),
        notice=notice,
        headline=headline,
        sections=sections,
        sources=numbers.entries(),
        closing=tuple(closing),
        dates=dates,
    )


def _moment(moment: dt.datetime) -> str:
    return f"{day_in_words(moment.date())}, {moment:%H:%M}"


def _same_case(route: Route, screening: Screening) -> None:
    case = to_case(screening.questionnaire, screening.answers, screening.judgement)
    same_level = screening.judgement is None or case.level == route.level.judged
    if case.area != route.area or not same_level:
        raise TakeAwayError(
            "The route and the screening do not belong together: find the route again from the "
            "screening's answers and level, then make the take-away."
        )
