"""Conversations in the database: their events in order, appended and deleted, never changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa.shared.core.events import Restarted, SessionStarted
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.store.database import Database, affected, checked_name
from bot.store.errors import ConflictError, StoreError
from bot.store.event_texts import UnreadableEventError, compacted, replies_named, restored
from bot.store.models import Conversation, ConversationEvent
from bot.store.said_replies import SaidReplies, said_replies

#: What is saved with a conversation's events: the transaction, the conversation's name, its slots.
Beside = Callable[[Session, str, Mapping[str, Any]], None]
#: A stored event, as Rasa's `as_dict` gave it.
Stored = dict[str, Any]

#: What is said of a conversation that cannot be read.
DAMAGED = (
    "A stored conversation is damaged and cannot be read. Let the person start again "
    "(forget the conversation), and put the last backup of the database in its place if others "
    "are damaged too."
)

_CHANGED = (
    "The conversation was changed or forgotten in the meantime. Nothing was saved; "
    "retrieve it again and repeat the turn."
)


@dataclass(frozen=True)
class Place:
    """Where a tracker stands in the database.

    Its first event has the sequence `first` and its first `stored` events are stored. `slots` are
    the slots at that moment, to notice a value that was altered in place.
    """

    id: int
    first: int
    stored: int
    saved_at: float
    slots: str

    @property
    def next(self) -> int:
        """The sequence of the next event."""
        return self.first + self.stored


@dataclass(frozen=True)
class NewEvents:
    """Events to be stored, as they will be read.

    `session_start` is the index among them of the one that begins the last session, if any does.
    `masked` says that one of them is stored without something that it held.
    """

    events: tuple[dict[str, Any], ...]
    session_start: int | None
    masked: bool


@dataclass(frozen=True)
class Head:
    """A row of `Conversation` without its name."""

    id: int
    events: int
    session_start: int
    saved_at: float


class Conversations:
    """The events of conversations. `beside` is called in the transaction of every save.

    `is_fixed` says of an event whether the bot says that to all, letter for letter.
    Each method is a transaction of its own, to be run in a thread. Everything raises StoreError
    when it cannot be done.
    """

    def __init__(self, database: Database) -> None:
        self.beside: Beside | None = None
        self.is_fixed: Callable[[Mapping[str, Any]], bool] = lambda _: False
        self._database = database
        self._replies = SaidReplies()

    def head(self, name: str) -> Head | None:
        """How far a conversation has come; None where nothing is kept of it."""
        with self._database.reading() as session:
            return _head_of(session, name)

    def names(self, oldest: float) -> list[str]:
        """The names of all that were saved after `oldest`, the first begun first."""
        with self._database.reading() as session:
            return list(
                session.scalars(
                    select(Conversation.name)
                    .where(Conversation.saved_at > oldest)
                    .order_by(Conversation.id)
                )
            )

    def there(self, names: Sequence[str]) -> set[str]:
        """Those of `names` of which something is kept."""
        with self._database.reading() as session:
            return set(
                session.scalars(select(Conversation.name).where(Conversation.name.in_(names)))
            )

    def read(self, name: str, whole: bool) -> tuple[Place, list[Stored]] | None:
        """The events of the last session, or with `whole` of all that are kept; None without."""
        with self._database.reading() as session:
            head = _head_of(session, name)
            if head is None:
                return None
            first = 0 if whole else head.session_start
            stored = _stored(session, head, first)
        return Place(head.id, first, len(stored), head.saved_at, ""), stored

    def read_on(self, head: Head, first: int) -> list[Stored] | None:
        """The events from `first` on; None where the conversation has changed since its head."""
        with self._database.reading() as session:
            now = session.get(Conversation, head.id)
            if now is None or (now.events, now.session_start) != (head.events, head.session_start):
                return None
            return _stored(session, head, first)

    def append(
        self, name: str, place: Place, new: NewEvents, now: float, values: Mapping[str, Any]
    ) -> Place:
        """Store what a conversation has gained since `place`. Raises ConflictError."""
        with self._database.writing() as session:
            kept = self._extend(session, place.id, place.next, new, now)
            if self.beside is not None:
                self.beside(session, name, values)
        self._replies.kept(kept, now)
        return replace(place, stored=place.stored + len(new.events), saved_at=now)

    def add(self, name: str, new: NewEvents, now: float, values: Mapping[str, Any]) -> Place:
        """Store a tracker that this store has not handed out.

        Where the conversation is kept already, the tracker must begin with what is kept: with the
        last session, or with all of it.
        """
        with self._database.writing() as session:
            if self.beside is not None:
                self.beside(session, name, values)
            place, kept = self._added(session, name, new, now)
        self._replies.kept(kept, now)
        return place

    def _added(
        self, session: Session, name: str, new: NewEvents, now: float
    ) -> tuple[Place, list[str]]:
        count = len(new.events)
        head = _head_of(session, name)
        if head is None:
            made = session.execute(
                insert(Conversation)
                .values(name=name, events=0, session_start=0, saved_at=now)
                .returning(Conversation.id)
            ).scalar_one()
            return Place(made, 0, count, now, ""), self._extend(session, made, 0, new, now)
        for first in (head.session_start, 0):
            known = head.events - first
            begins = json.loads(json.dumps(new.events[:known]))
            if begins == _stored(session, head, first):
                rest = _without(new, known)
                kept = self._extend(session, head.id, head.events, rest, now)
                return Place(head.id, first, count, now, ""), kept
        raise ConflictError(_CHANGED)

    def _extend(
        self, session: Session, head: int, start: int, new: NewEvents, now: float
    ) -> list[str]:
        """Append events to a conversation that has `start` of them. Raises ConflictError.

        Gives the replies that were noted.
        """
        values: dict[str, Any] = {"events": start + len(new.events), "saved_at": now}
        if new.session_start is not None:
            values["session_start"] = start + new.session_start
        changed = session.execute(
            update(Conversation)
            .where(Conversation.id == head, Conversation.events == start)
            .values(**values)
        )
        if affected(changed) != 1:
            raise ConflictError(_CHANGED)
        # what is saved together is one row; a session begins with a row of its own
        begins = new.session_start or 0
        parts = ((start, new.events[:begins]), (start + begins, new.events[begins:]))
        rows: list[dict[str, Any]] = []
        replies: dict[str, str] = {}
        for sequence, part in parts:
            if part:
                short = compacted(part, _begins_session, self.is_fixed)
                replies |= short.replies
                rows.append(
                    {
                        "conversation_id": head,
                        "sequence": sequence,
                        "type": part[0]["event"],
                        "timestamp": float(part[0]["timestamp"]),
                        # JSON has no line breaks of its own
                        "data": "\n".join(short.lines),
                    }
                )
        if rows:
            session.execute(insert(ConversationEvent), rows)
        return self._replies.keep(session, replies, now)

    def delete(self, name: str, saved_at: float | None = None) -> bool:
        """Delete a conversation; with `saved_at`, only if nothing has been saved since then."""
        condition = Conversation.name == checked_name(name)
        if saved_at is not None:
            condition &= Conversation.saved_at <= saved_at
        with self._database.writing() as session:
            gone = affected(session.execute(delete(Conversation).where(condition)))
        if gone:
            self._database.scrub()
        return gone > 0


def _head_of(session: Session, name: str) -> Head | None:
    row = session.execute(
        select(
            Conversation.id,
            Conversation.events,
            Conversation.session_start,
            Conversation.saved_at,
        ).where(Conversation.name == checked_name(name))
    ).one_or_none()
    return None if row is None else Head(*row)


def _stored(session: Session, head: Head, first: int) -> list[Stored]:
    """The stored events from `first` on. Raises StoreError when one is missing or damaged."""
    rows = session.execute(
        select(ConversationEvent.sequence, ConversationEvent.data)
        .where(ConversationEvent.conversation_id == head.id, ConversationEvent.sequence >= first)
        .order_by(ConversationEvent.sequence)
    ).all()
    lines: list[str] = []
    for row in rows:
        if row.sequence != first + len(lines):
            raise StoreError(DAMAGED)
        lines += row.data.split("\n")
    if first + len(lines) != head.events:
        raise StoreError(DAMAGED)
    try:
        return restored(lines, said_replies(session, replies_named(lines)))
    except UnreadableEventError:
        raise StoreError(DAMAGED) from None


def _without(new: NewEvents, known: int) -> NewEvents:
    """The events after the first `known` ones."""
    start = new.session_start
    return replace(
        new,
        events=new.events[known:],
        session_start=None if start is None or start < known else start - known,
    )


def _begins_session(event: Mapping[str, Any]) -> bool:
    return event["event"] in (SessionStarted.type_name, Restarted.type_name)
