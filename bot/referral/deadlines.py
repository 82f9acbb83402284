"""Dates from time limits: working days of England, both readings of plain “days”."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

import holidays
from pydantic import BaseModel, ConfigDict

from bot.guidance.models import Citation
from bot.referral.rules import DeadlineRule


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: dt.date) -> bool:
    """Whether `day` is a Monday to Friday and not a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_from(start: dt.date, count: int) -> dt.date:
    """The day that is `count` working days after `start` (before it, when negative).

    `start` itself is not counted. `count` of 0 gives `start`.
    """
    step = dt.timedelta(days=1 if count > 0 else -1)
    day, left = start, abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def months_from(start: dt.date, count: int) -> dt.date:
    """The same day of the month `count` months later, or that month's last day if it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def day_in_words(day: dt.date) -> str:
    """“Friday 11 December 2026”."""
    return (
        f"{calendar.day_name[day.weekday()]} {day.day} {calendar.month_name[day.month]} {day.year}"
    )


class Deadline(BaseModel):
    """A time limit with its dates.

    `date` is the day to plan to, None where nothing can be dated; `also` is the other reading of
    “days”. `since` says from when it counts and `said` how the source words it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    rule: str
    label: str
    kind: str
    said: str
    since: str
    date: dt.date | None = None
    also: dt.date | None = None
    reading: str | None = None
    also_reading: str | None = None
    assumes: str | None = None
    cite: tuple[Citation, ...]
    product_choice: bool = False

    def dates_in_words(self) -> str:
        """The date, or both with their readings; empty where there is none."""
        if self.date is None:
            return ""
        remarks = []
        if self.also is not None:
            remarks.append(f"plan to this one, counting {self.reading}")
        if self.in_practice is not None:
            remarks.append(f"no working day: in practice {day_in_words(self.in_practice)}")
        words = day_in_words(self.date)
        if remarks:
            words += f" ({'; '.join(remarks)})"
        if self.also is not None:
            words += f" or {day_in_words(self.also)} (counting {self.also_reading})"
        return words

    @property
    def in_practice(self) -> dt.date | None:
        """The last working day before `date` where that is no working day itself; else None."""
        if self.date is None or self.kind == "immediate" or is_working_day(self.date):
            return None
        return working_days_from(self.date, -1)


def reckon(
    rule: DeadlineRule,
    rule_id: str,
    today: dt.date,
    anchors: Mapping[str, dt.date],
    product_choice: bool = False,
) -> Deadline:
    """The dates of one time limit.

    `today` is the day of the request; `anchors` holds the last working days on which the meeting
    and the review can be, where this route has them. Plain “days” give both readings, the earlier
    one first, forwards and backwards: planning to it keeps either.
    """
    anchor = today if rule.anchor == "today" else anchors.get(rule.anchor)
    base = Deadline(
        id=rule.id,
        rule=rule_id,
        label=rule.label,
        kind=rule.kind,
        said=rule.said,
        since=rule.since,
        cite=rule.cite,
        product_choice=product_choice,
        assumes=_assumed(rule.anchor, anchor) if anchor and rule.anchor != "today" else None,
    )
    if rule.kind == "immediate":
        return base.model_copy(update={"date": today})
    if anchor is None or rule.count is None or rule.to is not None or rule.kind == "hours":
        return base
    count = -rule.count if rule.before else rule.count
    if rule.kind == "working_days":
        return base.model_copy(update={"date": working_days_from(anchor, count)})
    if rule.kind == "weeks":
        return base.model_copy(update={"date": anchor + dt.timedelta(weeks=count)})
    if rule.kind == "months":
        return base.model_copy(update={"date": months_from(anchor, count)})
    plain, working = anchor + dt.timedelta(days=count), working_days_from(anchor, count)
    if plain == working:
        return base.model_copy(update={"date": plain})
    first, other = sorted(((plain, "every day"), (working, "working days only")))
    return base.model_copy(
        update={"date": first[0], "reading": first[1], "also": other[0], "also_reading": other[1]}
    )


def _assumed(what: str, day: dt.date) -> str:
    """What a date that hangs on the day of a meeting or a review assumes."""
    return f"if the {what} is on {day_in_words(day)}, the last working day allowed"
