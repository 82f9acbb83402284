"""Numbers for sources: each source once, in the order of first use, with where and how old."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.documents.errors import TakeAwayError
from bot.documents.model import SourceEntry
from bot.guidance.dates import age_note, date_of
from bot.guidance.models import AreaId, Citation, Source
from bot.referral.route import SourceLine


@dataclass
class _Used:
    """A source as it has been used so far."""

    name: str
    date: str | None
    reliance: str | None
    sections: list[str] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)


class Numbering:
    """Gives citations their numbers and remembers what was cited.

    Parameters: `listed`, the sources of a route, which keep their numbers; `registry`, where
    further sources are looked up; `area` and `today`, for how far a document can be relied on.
    """

    def __init__(
        self,
        listed: Iterable[SourceLine],
        registry: Mapping[str, Source],
        area: AreaId | None,
        today: dt.date,
    ) -> None:
        self._registry, self._area, self._today = registry, area, today
        self._used: dict[str, _Used] = {}
        for line in listed:
            used = _Used(line.short, line.date, line.note, list(line.sections))
            for at in line.lines:
                used.lines |= _lines_in(at)
            self._used[line.id] = used

    def marks(self, cites: Iterable[Citation]) -> tuple[int, ...]:
        """The numbers of the sources of `cites`.

        Raises TakeAwayError for a source that is neither listed nor in the registry.
        """
        names = set()
        for cite in cites:
            self._note(cite)
            names.add(cite.source)
        order = list(self._used)
        return tuple(sorted(order.index(name) + 1 for name in names))

    def short(self, cites: Iterable[Citation]) -> tuple[str, ...]:
        """The sources of `cites` in words, with date and age, for where no list of them stands."""
        numbers = self.marks(cites)
        entries = self.entries()
        return tuple(
            f"{entry.dated}. {entry.reliance}" if entry.reliance else f"{entry.dated}."
            for entry in (entries[number - 1] for number in numbers)
        )

    def entries(self) -> tuple[SourceEntry, ...]:
        """Every source that was listed or cited."""
        return tuple(
            SourceEntry(
                number=number,
                name=_capital(used.name),
                date=used.date,
                where=_where(used),
                reliance=used.reliance,
            )
            for number, used in enumerate(self._used.values(), 1)
        )

    def _note(self, cite: Citation) -> None:
        source = self._registry.get(cite.source)
        if cite.source not in self._used:
            if source is None:
                raise TakeAwayError(
                    f"The source “{cite.source}” is not among the sources given: give the "
                    "take-away the sources of the guidance that the screening belongs to."
                )
            date = None if source.kind == "general" else date_of(source)
            self._used[cite.source] = _Used(source.short, date, None)
        used = self._used[cite.source]
        if source is not None:
            used.reliance = _reliance(source, self._area, self._today)
            titles = {*used.sections, *_sections_of(cite, source)}
            used.sections = [part.title for part in source.sections if part.title in titles]
        if cite.at:
            used.lines |= _lines_in(cite.at)


def _reliance(source: Source, area: AreaId | None, today: dt.date) -> str | None:
    if source.kind == "public_page":
        return "A public page: to be confirmed."
    if source.kind == "general":
        return "A product choice rests on it, never a procedure."
    age = age_note(source, today)
    if source.areas and area not in source.areas:
        other = "Another area's document: not a procedure where you work."
        return f"{other} {age}" if age else other
    return age


def _sections_of(cite: Citation, source: Source) -> set[str]:
    lines = _lines_in(cite.at) if cite.at else set()
    return {
        part.title for part in source.sections if any(part.first <= n <= part.last for n in lines)
    }


def _lines_in(at: str) -> set[int]:
    """“17,94-96” as {17, 94, 95, 96}."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", at):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def _where(used: _Used) -> str:
    sections = _capital("; ".join(used.sections))
    lines = _spans(used.lines)
    if not lines:
        return sections
    places = f"{'line' if lines.isdigit() else 'lines'} {lines}"
    return f"{sections} ({places})" if sections else _capital(places)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _spans(lines: Iterable[int]) -> str:
    """{17, 94, 95, 96} as “17, 94–96”."""
    spans: list[list[int]] = []
    for line in sorted(lines):
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)
