"""Invitations to the Telegram channel: single-use codes, of which only hashes are kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, insert, select, update

from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.telegram_models import LONGEST_LABEL, TelegramAccount, TelegramInvitation

#: Random bytes of a code: 128 bits cannot be guessed, so that a plain hash protects it.
CODE_BYTES = 16
#: How long an invitation is good for when nothing else is said.
VALID_FOR = dt.timedelta(days=7)
#: Longest time that an invitation may be good for.
LONGEST_VALID = dt.timedelta(days=90)

Status = Literal["open", "used", "expired", "revoked"]

_CODE = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Invitation:
    """An invitation as it is listed; times are in UTC. The code itself is kept nowhere."""

    id: int
    label: str
    created: dt.datetime
    expires: dt.datetime
    used: dt.datetime | None
    status: Status


def hash_of_code(code: str) -> str | None:
    """The hash under which a code is kept, or None for what cannot be a code."""
    if not _CODE.fullmatch(code):
        return None
    return hashlib.sha256(b"waymark telegram invitation " + code.encode()).hexdigest()


class Invitations:
    """Makes, lists and revokes invitations. Every method raises StoreError when it cannot.

    `clock` gives the present moment, with a zone.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database = database
        self._clock = clock

    def make(self, label: str = "", valid_for: dt.timedelta = VALID_FOR) -> tuple[Invitation, str]:
        """A new invitation and its code, which is shown this once.

        `label` is a note such as a team's name: up to 80 printable characters, no person's name.
        """
        label = " ".join(label.split())
        if len(label) > LONGEST_LABEL or not label.isprintable():
            raise StoreError(
                f"The note on an invitation has at most {LONGEST_LABEL} printable characters. "
                "Nothing was saved; choose a shorter one."
            )
        if not dt.timedelta(0) < valid_for <= LONGEST_VALID:
            raise StoreError(
                f"An invitation is good for up to {LONGEST_VALID.days} days. Nothing was saved; "
                "choose a shorter time."
            )
        code = secrets.token_urlsafe(CODE_BYTES)
        now = self._clock()
        with self._database.writing() as session:
            row = session.execute(
                insert(TelegramInvitation)
                .values(
                    code_hash=hash_of_code(code),
                    label=label,
                    created_at=now.timestamp(),
                    expires_at=(now + valid_for).timestamp(),
                )
                .returning(TelegramInvitation.id)
            )
            number = row.scalar_one()
        return Invitation(number, label, now, now + valid_for, None, "open"), code

    def all(self) -> list[Invitation]:
        """Every invitation that is still kept, oldest first."""
        now = self._clock().timestamp()
        with self._database.reading() as session:
            rows = session.scalars(select(TelegramInvitation).order_by(TelegramInvitation.id))
            return [_invitation(row, now) for row in rows]

    def revoke(self, number: int) -> Status | None:
        """Revoke an invitation, and end the access of whoever used it.

        Returns how it stood before, or None when there is no such invitation.
        """
        now = self._clock().timestamp()
        with self._database.writing() as session:
            row = session.get(TelegramInvitation, number)
            if row is None:
                return None
            before = _status(row, now)
            session.execute(
                update(TelegramInvitation)
                .where(TelegramInvitation.id == number)
                .values(revoked_at=row.revoked_at or now)
            )
            session.execute(delete(TelegramAccount).where(TelegramAccount.invitation_id == number))
        return before


def _status(row: TelegramInvitation, now: float) -> Status:
    if row.revoked_at is not None:
        return "revoked"
    if row.used_at is not None:
        return "used"
    return "expired" if row.expires_at <= now else "open"


def _invitation(row: TelegramInvitation, now: float) -> Invitation:
    return Invitation(
        row.id,
        row.label,
        _moment(row.created_at),
        _moment(row.expires_at),
        None if row.used_at is None else _moment(row.used_at),
        _status(row, now),
    )


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
