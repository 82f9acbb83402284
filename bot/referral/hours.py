"""Whether a line is staffed now: opening hours read from a contact's own words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from bot.referral.deadlines import is_working_day

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(
    r"^(?P<first>[a-z]+day)(?:\s+to\s+(?P<last>[a-z]+day))?\s+"
    r"(?P<open>\d{1,2}(?:\.\d{2})?[ap]m)\s+to\s+(?P<close>\d{1,2}(?:\.\d{2})?[ap]m)$"
)
_ALWAYS = ("24 hours a day, 7 days a week", "at any time")

#: Where no source gives hours, lines are taken to be staffed then. A product choice, and said so.
USUAL_OPENING, USUAL_CLOSING = dt.time(9), dt.time(17)


@dataclass(frozen=True)
class OpeningHours:
    """Opening and closing time for each weekday (Monday is 0). `always` means day and night."""

    days: tuple[tuple[dt.time, dt.time] | None, ...] = ()
    always: bool = False

    def open_at(self, moment: dt.datetime) -> bool:
        """Whether the line is staffed at `moment` (Europe/London).

        On a bank holiday of England a line with weekday hours is taken to be closed.
        """
        if self.always:
            return True
        if moment.weekday() < 5 and not is_working_day(moment.date()):
            return False
        span = self.days[moment.weekday()]
        return span is not None and span[0] <= moment.time() < span[1]


USUAL = OpeningHours(days=((USUAL_OPENING, USUAL_CLOSING),) * 5 + (None, None))


def _clock(text: str) -> dt.time:
    hour, _, minute = text[:-2].partition(".")
    return dt.time(int(hour) % 12 + (12 if text.endswith("pm") else 0), int(minute or 0))


def read_hours(text: str) -> OpeningHours:
    """Read “Monday to Thursday 8.45am to 5pm, Friday 8.45am to 4pm” or “at any time”.

    Raises ValueError when the words are of neither form.
    """
    words = text.strip().lower()
    if words in _ALWAYS:
        return OpeningHours(always=True)
    days: list[tuple[dt.time, dt.time] | None] = [None] * 7
    for part in words.split(","):
        match = _SPAN.match(part.strip())
        if match is None or match["first"] not in _DAYS:
            raise ValueError(
                f"cannot read the hours “{text}”: write them like “Monday to Thursday 8.45am to "
                "5pm, Friday 8.45am to 4pm”, “24 hours a day, 7 days a week” or “at any time”"
            )
        first = _DAYS.index(match["first"])
        last = _DAYS.index(match["last"]) if match["last"] in _DAYS else first
        for day in range(first, last + 1):
            days[day] = (_clock(match["open"]), _clock(match["close"]))
    return OpeningHours(days=tuple(days))
