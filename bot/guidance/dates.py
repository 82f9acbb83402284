"""Dates of sources in words, and how old they are."""

from __future__ import annotations

import calendar
import datetime as dt

from bot.guidance.models import Source

#: From this age on, a document is said to be old. A product choice, not a rule of any source.
OLD_AFTER_YEARS = 3


def in_words(date: str) -> str:
    """“2017-07” as “July 2017”, “2015” as itself, “2025-06-16” as “16 June 2025”."""
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 1:
        return date
    month = calendar.month_name[parts[1]]
    return f"{parts[2]} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"


def date_of(source: Source) -> str:
    """When a source was written, in words; “date unknown” where it does not say."""
    return in_words(source.date) if source.date else source.date_note or "date unknown"


def years_old(source: Source, today: dt.date) -> int | None:
    """Whole years since a source was written; None when its date is not known."""
    if source.date is None:
        return None
    year, *rest = (int(part) for part in source.date.split("-"))
    month, day = (*rest, 1, 1)[:2] if rest else (1, 1)
    return today.year - year - ((today.month, today.day) < (month, day))


def age_note(source: Source, today: dt.date) -> str | None:
    """A sentence on a document's age where it is old; None where it is not, or is a statute."""
    years = years_old(source, today)
    if source.kind != "board_document" or years is None or years < OLD_AFTER_YEARS:
        return None
    return f"{years} years old: check that it still stands."
