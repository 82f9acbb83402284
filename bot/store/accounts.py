"""Who may use the Telegram channel. A person is named by a keyed hash of the numeric id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.store.database import Database, affected
from bot.store.errors import ConflictError
from bot.store.invitations import hash_of_code
from bot.store.telegram_models import TelegramAccount, TelegramAttempt, TelegramInvitation

#: Wrong codes that one person may try within `ATTEMPTS_WITHIN`; then none is looked at.
MOST_ATTEMPTS = 5
#: How long wrong codes are counted.
ATTEMPTS_WITHIN = dt.timedelta(hours=24)
#: After how long somebody is asked whether the work still is theirs.
CONFIRM_AFTER = dt.timedelta(days=90)


class Redeemed(Enum):
    """What became of a code: access given, access already there, or refused (never saying why)."""

    ADMITTED = "admitted"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class Account:
    """Somebody's access. `needs_confirmation`: nothing is answered before it is given."""

    person: str
    area: str | None
    invited: bool
    needs_confirmation: bool


class Accounts:
    """Keeps accounts in a database. Every method raises StoreError when the database fails.

    `person` is always a keyed hash. `clock` gives the present moment, with a zone.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database = database
        self._clock = clock

    def find(self, person: str) -> Account | None:
        """The account of a person, or None: then nobody is let in."""
        with self._database.reading() as session:
            row = session.scalar(select(TelegramAccount).where(TelegramAccount.person == person))
            if row is None:
                return None
            oldest = (self._clock() - CONFIRM_AFTER).timestamp()
            lapsed = row.invitation_id is not None and row.confirmed_at <= oldest
            return Account(
                person, row.area, row.invitation_id is not None,
                lapsed or row.suspended_at is not None,
            )  # fmt: skip

    def redeem(self, person: str, code: str) -> Redeemed:
        """Let a person in by a code, once. A person who is in already does not use the code up.

        Too many wrong codes, and even a right one is refused for a day.
        """
        oldest = (self._clock() - ATTEMPTS_WITHIN).timestamp()
        with self._database.reading() as session:
            attempt = session.get(TelegramAttempt, person)
            if attempt and attempt.failures >= MOST_ATTEMPTS and attempt.since > oldest:
                # nothing more to note about somebody who goes on guessing
                return Redeemed.REFUSED
        try:
            with self._database.writing() as session:
                return self._redeem(session, person, code)
        except ConflictError:
            # the same person with two codes at one moment: the other one was first
            return Redeemed.ALREADY if self.find(person) else Redeemed.REFUSED

    def admit(self, person: str) -> None:
        """Let a person in without an invitation, where the board has chosen so."""
        now = self._clock().timestamp()
        with self._database.writing() as session:
            known = session.scalar(
                select(TelegramAccount.id).where(TelegramAccount.person == person)
            )
            if known is None:
                session.execute(
                    insert(TelegramAccount).values(person=person, joined_at=now, confirmed_at=now)
                )

    def confirm(self, person: str) -> None:
        """Note that the person has confirmed that the work still is theirs."""
        self._change(person, confirmed_at=self._clock().timestamp(), suspended_at=None)

    def suspend(self, person: str) -> None:
        """Suspend somebody who has blocked the bot, until they come back and confirm."""
        self._change(person, suspended_at=self._clock().timestamp())

    def set_area(self, person: str, area: str) -> None:
        """Keep the area in which a person works."""
        self._change(person, area=area)

    def remove(self, person: str) -> bool:
        """End somebody's access; true when there was one."""
        with self._database.writing() as session:
            gone = session.execute(delete(TelegramAccount).where(TelegramAccount.person == person))
            return bool(affected(gone))

    def _change(self, person: str, **values: float | str | None) -> None:
        with self._database.writing() as session:
            session.execute(
                update(TelegramAccount).where(TelegramAccount.person == person).values(**values)
            )

    def _redeem(self, session: Session, person: str, code: str) -> Redeemed:
        now = self._clock()
        known = session.scalar(select(TelegramAccount.id).where(TelegramAccount.person == person))
        if known is not None:
            return Redeemed.ALREADY
        attempt = session.get(TelegramAttempt, person)
        counted = (
            attempt.failures
            if attempt and attempt.since > (now - ATTEMPTS_WITHIN).timestamp()
            else 0
        )
        hashed = hash_of_code(code)
        if counted < MOST_ATTEMPTS and hashed is not None:
            # one statement decides, so that of two at once only one can have it
            row = session.execute(
                update(TelegramInvitation)
                .where(
                    TelegramInvitation.code_hash == hashed,
                    TelegramInvitation.used_at.is_(None),
                    TelegramInvitation.revoked_at.is_(None),
                    TelegramInvitation.expires_at > now.timestamp(),
                )
                .values(used_at=now.timestamp())
                .returning(TelegramInvitation.id)
            ).one_or_none()
            if row is not None:
                moment = now.timestamp()
                session.execute(
                    insert(TelegramAccount).values(
                        person=person, invitation_id=row[0], joined_at=moment, confirmed_at=moment
                    )
                )
                session.execute(delete(TelegramAttempt).where(TelegramAttempt.person == person))
                return Redeemed.ADMITTED
        if attempt is None:
            session.execute(
                insert(TelegramAttempt).values(person=person, failures=1, since=now.timestamp())
            )
        else:
            since = attempt.since if counted else now.timestamp()
            attempt.failures, attempt.since = counted + 1, since
        return Redeemed.REFUSED
