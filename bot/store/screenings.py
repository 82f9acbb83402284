"""Screenings between turns and days: answers under the hash of a reference, and nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.store.database import Database, affected, checked_name
from bot.store.errors import ConflictError, StoreError
from bot.store.models import ScreeningRow
from bot.store.references import DamagedReferenceError, key_of, new_reference, normalise_reference

__all__ = [
    "DamagedReferenceError", "Key", "Screening", "ScreeningStore", "normalise_reference",
]  # fmt: skip


@dataclass(frozen=True)
class Key:
    """What stands for a screening inside the program: the hash of its reference.

    It may be kept in a conversation, where the reference may not.
    """

    digest: str


@dataclass(frozen=True)
class Screening:
    """A stored screening.

    `answers` are in the order of saving; `questionnaire_version` is None until the first save.
    `judgement` is the professional's level with its reason, None until one was chosen; `finished`
    is None while it is open. Times are in UTC.
    """

    key: Key
    owner: str
    questionnaire_version: str | None
    answers: dict[str, Any]
    judgement: dict[str, Any] | None
    created: dt.datetime
    changed: dt.datetime
    finished: dt.datetime | None

    def belongs_to(self, conversation: str) -> bool:
        """Whether it was begun or taken up last in this conversation."""
        return self.owner == _hashed(conversation)


class ScreeningStore:
    """Keeps screenings in a database. Every method raises StoreError when the database fails.

    A screening is named by its reference (a str, as a person gives it) or by its Key; a reference
    that is mistyped raises DamagedReferenceError. Looking references up is for callers who limit
    how often it is tried. It belongs to the conversation that took it up last, and only that one
    can save it. `clock` gives the present moment, with a zone.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database = database
        self._clock = clock

    @property
    def kept_for(self) -> dt.timedelta:
        """How long a screening is kept after its last change."""
        return self._database.retention.screenings

    def create(self, conversation: str) -> str:
        """Begin a screening in a conversation; returns its reference, which is kept nowhere."""
        reference = new_reference()
        now = self._clock().timestamp()
        with self._database.writing() as session:
            session.execute(
                insert(ScreeningRow).values(
                    key=key_of(reference),
                    conversation=_hashed(conversation),
                    version=0,
                    answers="{}",
                    created_at=now,
                    changed_at=now,
                )
            )
        return reference

    def save(
        self,
        screening: str | Key,
        conversation: str,
        answers: Mapping[str, Any],
        questionnaire_version: str | None,
        judgement: Mapping[str, Any] | None = None,
        *,
        finished: bool = False,
        transaction: Session | None = None,
    ) -> None:
        """Replace what is kept of a screening.

        Raises ConflictError when it belongs to another conversation or has been forgotten.
        `transaction` saves it together with whatever else that transaction holds; without one it
        is saved by itself.
        """
        if transaction is None:
            with self._database.writing() as own:
                self.save(
                    screening, conversation, answers, questionnaire_version, judgement,
                    finished=finished, transaction=own,
                )  # fmt: skip
            return
        key = _key(screening)
        now = self._clock().timestamp()
        changed = transaction.execute(
            update(ScreeningRow)
            .where(
                ScreeningRow.key == key.digest,
                ScreeningRow.conversation == _hashed(conversation),
                ScreeningRow.changed_at > self._oldest(),
            )
            .values(
                version=ScreeningRow.version + 1,
                answers=_written(answers),
                questionnaire_version=questionnaire_version,
                judgement=None if judgement is None else _written(judgement),
                changed_at=now,
                finished_at=now if finished else None,
            )
        )
        if affected(changed) != 1:
            raise ConflictError(
                "This screening was taken up elsewhere or has been forgotten. Nothing was saved."
            )

    def take_up(self, screening: str | Key, conversation: str) -> Screening | None:
        """Let a screening belong to a conversation from now on; None when there is none.

        What it answers is as the conversation before left it.
        """
        key = _key(screening)
        with self._database.writing() as session:
            session.execute(
                update(ScreeningRow)
                .where(ScreeningRow.key == key.digest, ScreeningRow.changed_at > self._oldest())
                .values(conversation=_hashed(conversation), version=ScreeningRow.version + 1)
            )
            return self._found(session, key)

    def load(self, screening: str | Key) -> Screening | None:
        """The screening, or None when there is none: never begun, forgotten or past its time."""
        key = _key(screening)
        with self._database.reading() as session:
            return self._found(session, key)

    def forget(self, screening: str | Key | None = None, *, conversation: str | None = None) -> int:
        """Delete one screening, or all that belong to a conversation; returns how many went.

        Exactly one of the two is given.
        """
        if (screening is None) == (conversation is None):
            raise TypeError("name either a screening or a conversation")
        condition = (
            ScreeningRow.conversation == _hashed(conversation)
            if conversation is not None
            else ScreeningRow.key == _key(screening or "").digest
        )
        with self._database.writing() as session:
            gone = affected(session.execute(delete(ScreeningRow).where(condition)))
        if gone:
            self._database.scrub()
        return gone

    def _oldest(self) -> float:
        return (self._clock() - self._database.retention.screenings).timestamp()

    def _found(self, session: Session, key: Key) -> Screening | None:
        row = session.scalar(
            select(ScreeningRow).where(
                ScreeningRow.key == key.digest, ScreeningRow.changed_at > self._oldest()
            )
        )
        return None if row is None else _screening(row)


def _key(screening: str | Key) -> Key:
    return screening if isinstance(screening, Key) else Key(key_of(screening))


def _hashed(conversation: str) -> str:
    """What a conversation is stored as: screenings outlive it, and need only find it again."""
    name = checked_name(conversation)
    return hashlib.sha256(b"waymark conversation " + name.encode()).hexdigest()


def _written(value: Mapping[str, Any]) -> str:
    """A mapping as JSON text in its own order. Raises StoreError when JSON would change it."""
    plain = dict(value)
    try:
        text = json.dumps(plain, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(_NOT_JSON) from error
    if json.loads(text) != plain:
        raise StoreError(_NOT_JSON)
    return text


_NOT_JSON = (
    "Answers and judgements are stored as JSON: text, numbers, true, false, null, lists, and "
    "objects with text as names. Nothing was saved; give the value in that form."
)


def _screening(row: ScreeningRow) -> Screening:
    try:
        answers = json.loads(row.answers)
        judgement = None if row.judgement is None else json.loads(row.judgement)
    except ValueError:
        raise StoreError(
            "A stored screening is damaged and cannot be read. Put the last backup of the "
            "database in its place, or begin a new screening."
        ) from None
    return Screening(
        key=Key(row.key),
        owner=row.conversation,
        questionnaire_version=row.questionnaire_version,
        answers=answers,
        judgement=judgement,
        created=_moment(row.created_at),
        changed=_moment(row.changed_at),
        finished=None if row.finished_at is None else _moment(row.finished_at),
    )


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
