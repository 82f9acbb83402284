"""Questions that the guide could not answer, for improving it: off unless a board asks for it.

What is kept is the question without identifying details, its area and its day; nothing leads to a
conversation. Nothing finds every name, so this is the one place where words of a person may stay,
and an operator has to turn it on.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from bot.store.database import Database, affected
from bot.store.errors import StoreError
from bot.store.models import UnansweredRow

#: The setting that turns it on, and the one word that does.
SETTING, ON = "WAYMARK_KEEP_UNANSWERED", "yes"
#: Longest question that is kept, in characters; the rest of it is left out.
LONGEST = 300
#: Questions that are kept at most; then no more until some have been deleted.
MOST = 5_000


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether an operator asked for it. Raises StoreError for any word but yes and no."""
    given = environment.get(SETTING, "").strip().lower()
    if given not in ("", "no", ON):
        raise StoreError(f"{SETTING} is “yes” or “no”. Change it, or unset it for “no”.")
    return given == ON


@dataclass(frozen=True)
class Unanswered:
    """A question that was not answered: scrubbed, with its area if known, and its day (UTC)."""

    text: str
    area: str | None
    day: dt.date


class UnansweredQuestions:
    """Keeps them in a database. Every method raises StoreError when the database fails.

    `scrub` removes identifying details from a text; `clock` gives the present moment, with a zone.
    """

    def __init__(
        self,
        database: Database,
        scrub: Callable[[str], str],
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database = database
        self._scrub = scrub
        self._clock = clock

    def add(self, text: str, area: str | None) -> bool:
        """Keep a question without its identifying details; false when there are too many."""
        kept = self._scrub(text)[:LONGEST]
        # the day alone: the minute would lead to whoever asked then
        day = self._clock().astimezone(dt.UTC).date()
        with self._database.writing() as session:
            if (session.scalar(select(func.count()).select_from(UnansweredRow)) or 0) >= MOST:
                return False
            session.execute(
                insert(UnansweredRow).values(text=kept, area=area, asked_on=day.toordinal())
            )
        return True

    def all(self) -> list[Unanswered]:
        """Those that are kept, oldest first."""
        oldest = (self._clock().astimezone(dt.UTC) - self._database.retention.unanswered).date()
        with self._database.reading() as session:
            rows = session.scalars(
                select(UnansweredRow)
                .where(UnansweredRow.asked_on > oldest.toordinal())
                .order_by(UnansweredRow.id)
            )
            return [
                Unanswered(one.text, one.area, dt.date.fromordinal(one.asked_on)) for one in rows
            ]

    def clear(self) -> int:
        """Delete all of them; gives how many."""
        with self._database.writing() as session:
            gone = affected(session.execute(delete(UnansweredRow)))
        self._database.scrub()
        return gone
