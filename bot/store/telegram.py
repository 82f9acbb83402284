"""What the Telegram channel must remember: updates it has seen, buttons, and messages to delete."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.store.accounts import ATTEMPTS_WITHIN, CONFIRM_AFTER
from bot.store.database import Database, affected
from bot.store.telegram_models import (
    TelegramAccount,
    TelegramAttempt,
    TelegramInvitation,
    TelegramKeyboard,
    TelegramMessage,
    TelegramUpdate,
)
from bot.store.upserts import insert_into

#: How long a bot may delete a message of a private chat.
DELETABLE = dt.timedelta(hours=48)
#: How long seen updates are remembered: Telegram gives them again for at most a day.
UPDATES_KEPT = dt.timedelta(hours=48)
#: How long invitations that nobody can use any more stay in the list.
INVITATIONS_KEPT = dt.timedelta(days=30)
#: After how long without confirmation an account is deleted.
ACCOUNTS_KEPT = 2 * CONFIRM_AFTER


@dataclass(frozen=True)
class Keyboard:
    """The buttons of one message: `token` names them; `content` and `state` are JSON values."""

    token: str
    content: dict[str, Any]
    state: dict[str, Any]


def new_token() -> str:
    """A name for a keyboard: 22 characters, so that it fits a button with room to spare."""
    return secrets.token_urlsafe(16)


class TelegramStore:
    """Keeps it in a database. Every method raises StoreError when the database fails.

    `clock` gives the present moment, with a zone.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database = database
        self._clock = clock

    # Updates

    def take(self, updates: Sequence[tuple[int, int]], by: int | None = None) -> set[int]:
        """Remember updates (their number and chat); returns the numbers that were new.

        `by` names the worker that has taken them, where several serve.
        """
        if not updates:
            return set()
        now = self._clock().timestamp()
        rows = [
            {"id": number, "chat": chat, "taken_at": now, "taken_by": by}
            for number, chat in updates
        ]
        with self._database.writing() as session:
            statement = insert_into(session, TelegramUpdate).on_conflict_do_nothing()
            added = session.scalars(statement.returning(TelegramUpdate.id), rows)
            return set(added)

    def handled(self, number: int, person: str | None, messages: Iterable[int]) -> None:
        """Note that an update is done with, and which messages belong to it, in one transaction."""
        now = self._clock().timestamp()
        with self._database.writing() as session:
            session.execute(
                update(TelegramUpdate)
                .where(TelegramUpdate.id == number)
                .values(handled_at=now, chat=None)
            )
            self._add_messages(session, person, messages, now)

    def unfinished(self, under_way: Collection[int] = ()) -> list[tuple[int, int]]:
        """Updates (number and chat) that were taken and never done with, but for those under way.

        After a crash these are the people who still wait for an answer.
        """
        left = self.unfinished_of_all()
        return [(number, chat) for number, chat, _ in left if number not in under_way]

    def unfinished_of_all(self) -> list[tuple[int, int, int | None]]:
        """Updates (number, chat, and the worker that took it) that are not done with."""
        with self._database.reading() as session:
            rows = session.execute(
                select(TelegramUpdate.id, TelegramUpdate.chat, TelegramUpdate.taken_by)
                .where(TelegramUpdate.handled_at.is_(None), TelegramUpdate.chat.is_not(None))
                .order_by(TelegramUpdate.id)
            )
            return [(number, chat, who) for number, chat, who in rows if chat is not None]

    def taken_before(self, chat: int, number: int, by: int) -> set[int | None]:
        """The workers other than `by` that still answer something earlier of a chat."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(TelegramUpdate.taken_by)
                .where(
                    TelegramUpdate.chat == chat,
                    TelegramUpdate.id < number,
                    TelegramUpdate.handled_at.is_(None),
                )
                .distinct()
            )
            return set(rows) - {by}

    def claim(self, of: int | None, by: int) -> list[tuple[int, int]]:
        """Take what another worker left, which is gone: each update goes to one of those who ask.

        Gives number and chat of each.
        """
        taken_by = TelegramUpdate.taken_by
        with self._database.writing() as session:
            rows = session.execute(
                update(TelegramUpdate)
                .where(
                    taken_by.is_(None) if of is None else taken_by == of,
                    TelegramUpdate.handled_at.is_(None),
                    TelegramUpdate.chat.is_not(None),
                )
                .values(taken_by=by)
                .returning(TelegramUpdate.id, TelegramUpdate.chat)
            )
            return [(number, chat) for number, chat in rows if chat is not None]

    # Buttons

    def keep_keyboards(self, person: str, keyboards: Sequence[Keyboard]) -> None:
        """Keep the buttons of the messages that are about to be sent to a person."""
        now = self._clock().timestamp()
        with self._database.writing() as session:
            session.execute(
                insert(TelegramKeyboard),
                [
                    {
                        "token": one.token,
                        "person": person,
                        "content": json.dumps(one.content),
                        "state": json.dumps(one.state),
                        "made_at": now,
                    }
                    for one in keyboards
                ],
            )

    def keyboard(self, token: str, person: str) -> Keyboard | None:
        """The buttons of a name, when they were made for this person and are still kept."""
        with self._database.reading() as session:
            row = session.scalar(
                select(TelegramKeyboard).where(
                    TelegramKeyboard.token == token,
                    TelegramKeyboard.person == person,
                    TelegramKeyboard.made_at > self._oldest_keyboard(),
                )
            )
            if row is None:
                return None
            return Keyboard(row.token, json.loads(row.content), json.loads(row.state))

    def change_keyboard(self, before: Keyboard, state: dict[str, Any]) -> bool:
        """Keep a new state of buttons; false when they were changed meanwhile, or are gone."""
        with self._database.writing() as session:
            changed = session.execute(
                update(TelegramKeyboard)
                .where(
                    TelegramKeyboard.token == before.token,
                    TelegramKeyboard.state == json.dumps(before.state),
                )
                .values(state=json.dumps(state))
            )
            return affected(changed) == 1

    # Messages

    def messages(self, person: str) -> list[int]:
        """The numbers of the messages of a person's chat that Telegram still lets a bot delete."""
        oldest = (self._clock() - DELETABLE).timestamp()
        with self._database.reading() as session:
            rows = session.scalars(
                select(TelegramMessage.number)
                .where(TelegramMessage.person == person, TelegramMessage.seen_at > oldest)
                .order_by(TelegramMessage.number)
            )
            return list(rows)

    def remember(self, person: str, messages: Iterable[int]) -> None:
        """Note messages outside an update's own handling."""
        with self._database.writing() as session:
            self._add_messages(session, person, messages, self._clock().timestamp())

    def forget(self, person: str) -> None:
        """Delete a person's buttons and messages. The account stays: it is not what was said."""
        with self._database.writing() as session:
            session.execute(delete(TelegramKeyboard).where(TelegramKeyboard.person == person))
            session.execute(delete(TelegramMessage).where(TelegramMessage.person == person))
        self._database.scrub()

    def purge(self) -> int:
        """Delete everything that is past its time; returns how many rows went."""
        now = self._clock()

        def before(kept: dt.timedelta) -> float:
            return (now - kept).timestamp()

        old = before(INVITATIONS_KEPT)
        in_use = select(TelegramAccount.invitation_id).where(
            TelegramAccount.invitation_id.is_not(None)
        )
        with self._database.writing() as session:
            gone = sum(
                affected(session.execute(statement))
                for statement in (
                    delete(TelegramUpdate).where(TelegramUpdate.taken_at <= before(UPDATES_KEPT)),
                    delete(TelegramMessage).where(TelegramMessage.seen_at <= before(DELETABLE)),
                    delete(TelegramKeyboard).where(
                        TelegramKeyboard.made_at <= self._oldest_keyboard()
                    ),
                    delete(TelegramAttempt).where(TelegramAttempt.since <= before(ATTEMPTS_WITHIN)),
                    delete(TelegramAccount).where(
                        or_(
                            TelegramAccount.confirmed_at <= before(ACCOUNTS_KEPT),
                            TelegramAccount.suspended_at <= before(CONFIRM_AFTER),
                        ),
                        # where everybody is let in, an account is only the area and the notice
                    ),
                    delete(TelegramInvitation).where(
                        or_(
                            TelegramInvitation.expires_at <= old,
                            TelegramInvitation.revoked_at <= old,
                        ),
                        TelegramInvitation.id.not_in(in_use),
                    ),
                )
            )
        self._database.scrub()
        return gone

    def _oldest_keyboard(self) -> float:
        # buttons are no good without the conversation that they belong to
        return (self._clock() - self._database.retention.conversations).timestamp()

    def _add_messages(
        self, session: Session, person: str | None, messages: Iterable[int], now: float
    ) -> None:
        numbers = sorted(set(messages)) if person else []
        if numbers:
            statement = insert_into(session, TelegramMessage).on_conflict_do_nothing()
            session.execute(
                statement,
                [{"person": person, "number": one, "seen_at": now} for one in numbers],
            )
