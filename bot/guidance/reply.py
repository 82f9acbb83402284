"""A reply: what the bot says in one message, free of any channel.

Every channel renders the same object its own way; `text()` is the plain form that is always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and the message (an intent with entities) that it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Statement:
    """A line of a reply and where it stands; `cites` are indexes into the reply's sources."""

    text: str
    cites: tuple[int, ...] = ()


@dataclass(frozen=True)
class ContactCard:
    """A contact as shown: one of number, e-mail or web address, with what must be said with it."""

    id: str
    name: str
    purpose: str
    number: str | None = None
    email: str | None = None
    web: str | None = None
    hours: str | None = None
    note: str | None = None

    @property
    def address(self) -> str:
        """The number, else the e-mail address, else the link."""
        return self.number or self.email or self.web or ""


@dataclass(frozen=True)
class Tick:
    """A line of a checklist: its id and words, and the state it is in (None: not yet said)."""

    id: str
    title: str
    state: str | None = None


@dataclass(frozen=True)
class Checklist:
    """A question answered by ticking lines: its id, the lines, and the states to choose from."""

    question: str
    ticks: tuple[Tick, ...]
    states: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Download:
    """A file that can be had with a reply: its kind (pdf, word, calendar, text) and its words."""

    kind: str
    title: str


@dataclass(frozen=True)
class Reply:
    """One message.

    `headline` answers in one line; `points` are the facts in order; `differs` where sources
    contradict; `contacts` who to ring; `notes` what changed since, dated; `sources` the citations
    with their age; `choices` two to four next things. `kind` names the sort of reply and `topic`
    and `area` what it is about, so that a follow-up knows what it follows. A `checklist` is a
    question whose lines are ticked in one message. `downloads` are the files that go with it.
    """

    kind: str
    headline: str
    points: tuple[Statement, ...] = ()
    differs: tuple[Statement, ...] = ()
    contacts: tuple[ContactCard, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    topic: str | None = None
    area: str | None = None
    label: str | None = None
    closing: str | None = None
    checklist: Checklist | None = None
    downloads: tuple[Download, ...] = ()
    plain: str | None = None

    def text(self) -> str:
        """The reply as plain text, complete without buttons or layout.

        `plain`, where it is given, is the text that the rules themselves wrote (a route).
        """
        if self.plain is not None:
            return self.plain
        parts = [f"{self.label}: {self.headline}" if self.label else self.headline]
        parts += [f"• {point.text}" for point in self.points]
        if self.differs:
            parts.append("The sources differ:")
            parts += [f"• {point.text}" for point in self.differs]
        parts += _contact_lines(self.contacts)
        parts += [f"Since then: {note}" for note in self.notes]
        if self.closing:
            parts.append(self.closing)
        if len(self.sources) == 1:
            parts.append(f"Source: {self.sources[0]}")
        elif self.sources:
            parts.append("Sources:")
            parts += [f"{number}. {source}" for number, source in enumerate(self.sources, 1)]
        return "\n".join(parts)

    def payload(self) -> dict[str, Any]:
        """The reply as plain JSON values, for channels that render it."""
        return asdict(self)


def _contact_lines(contacts: Sequence[ContactCard]) -> list[str]:
    """A line for each contact; a warning that several share is said once, after the first."""
    lines = []
    said: set[str] = set()
    for contact in contacts:
        mark = "☎" if contact.number else "✉" if contact.email else "↗"
        details = [contact.hours] if contact.hours else []
        if contact.note and contact.note not in said:
            said.add(contact.note)
            details.append(contact.note)
        line = f"{mark} {contact.name}: {contact.address}"
        lines.append(
            f"{line}. {'. '.join(part.rstrip('.') for part in details)}." if details else line
        )
    return lines
