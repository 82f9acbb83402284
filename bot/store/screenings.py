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
    "FIRST_VERSION", "DamagedReferenceError", "Key", "Screening", "ScreeningStore",
    "normalise_reference",
]  # fmt: skip

#: The version of a screening that has been created and not saved yet.
FIRST_VERSION = 0


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
    `version` is what the next `save` or `finish` must name. `judgement` and `finished` are None
    while it is open. Times are in UTC.
    """

    key: Key
    version: int
    questionnaire_version: str | None
    answers: dict[str, Any]
    judgement: dict[str, Any] | None
    created: dt.datetime
    changed: dt.datetime
    finished: dt.datetime | None


class ScreeningStore:
    """Keeps screenings in a database. Every method raises StoreError when the database fails.

    A screening is named by its reference (a str, as a person gives it) or by its Key; a reference
    that is mistyped raises DamagedReferenceError. Looking references up is for callers who limit
    how often it is tried. `clock` gives the present moment, with a zone.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database = database
        self._clock = clock

    def create(self, conversation: str) -> str:
        """Begin a screening in a conversation; returns its reference, which is kept nowhere."""
        reference = new_reference()
        now = self._clock().timestamp()
        with self._database.writing() as session:
            session.execute(
                insert(ScreeningRow).values(
                    key=key_of(reference),
                    conversation=_hashed(conversation),
                    version=FIRST_VERSION,
                    answers="{}",
                    created_at=now,
                    changed_at=now,
                )
            )
        return reference

    def save(
        self,
        screening: str | Key,
        answers: Mapping[str, Any],
        questionnaire_version: str,
        conversation: str,
        version: int,
    ) -> int:
        """Replace the answers of an open screening; returns its new version.

        `version` is the one that the answers were read with: of two saves from the same version
        (a button tapped twice) the second raises ConflictError, as does saving what has been
        finished or forgotten. From now on the screening belongs to `conversation`.
        """
        return self._change(
            screening,
            version,
            answers=_written(answers),
            questionnaire_version=questionnaire_version,
            conversation=_hashed(conversation),
        )

    def finish(self, screening: str | Key, judgement: Mapping[str, Any], version: int) -> int:
        """Close an open screening with the professional's judgement; returns its new version.

        Raises ConflictError as `save` does.
        """
        return self._change(
            screening,
            version,
            judgement=_written(judgement),
            finished_at=self._clock().timestamp(),
        )

    def load(self, screening: str | Key) -> Screening | None:
        """The screening, or None when there is none: never begun, forgotten or past its time."""
        key = _key(screening)
        with self._database.reading() as session:
            row = session.scalar(
                select(ScreeningRow).where(
                    ScreeningRow.key == key.digest, ScreeningRow.changed_at > self._oldest()
                )
            )
            return None if row is None else _screening(row)

    def by_conversation(self, conversation: str) -> Screening | None:
        """The open screening that was last changed in a conversation, or None."""
        with self._database.reading() as session:
            row = session.scalar(
                select(ScreeningRow)
                .where(
                    ScreeningRow.conversation == _hashed(conversation),
                    ScreeningRow.finished_at.is_(None),
                    ScreeningRow.changed_at > self._oldest(),
                )
                .order_by(ScreeningRow.changed_at.desc(), ScreeningRow.id.desc())
                .limit(1)
            )
            return None if row is None else _screening(row)

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

    def _change(self, screening: str | Key, version: int, **values: Any) -> int:
        key = _key(screening)
        with self._database.writing() as session:
            changed = session.execute(
                update(ScreeningRow)
                .where(
                    ScreeningRow.key == key.digest,
                    ScreeningRow.version == version,
                    ScreeningRow.finished_at.is_(None),
                    ScreeningRow.changed_at > self._oldest(),
                )
                .values(version=version + 1, changed_at=self._clock().timestamp(), **values)
            )
            if affected(changed) != 1:
                raise ConflictError(_why_not(session, key))
        return version + 1


def _why_not(session: Session, key: Key) -> str:
    finished = session.execute(
        select(ScreeningRow.finished_at).where(ScreeningRow.key == key.digest)
    ).one_or_none()
    if finished is None:
        return "This screening has been forgotten. Begin a new one."
    if finished[0] is not None:
        return "This screening is finished, so its answers stay as they are. Begin a new one."
    return (
        "This screening was changed in the meantime, perhaps by a button tapped twice. Nothing "
        "was saved; read it again and repeat the step."
    )


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
        version=row.version,
        questionnaire_version=row.questionnaire_version,
        answers=answers,
        judgement=judgement,
        created=_moment(row.created_at),
        changed=_moment(row.changed_at),
        finished=None if row.finished_at is None else _moment(row.finished_at),
    )


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
