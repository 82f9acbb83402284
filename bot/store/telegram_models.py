"""The tables of the Telegram channel. A person is a keyed hash here, never a number or a name.

Times are seconds since 1970 (UTC); JSON is text.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Double, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models import Base

#: Length of a person's keyed hash and of a code's hash, in characters.
HASHED = 64
#: Longest note on an invitation, in characters.
LONGEST_LABEL = 80


class TelegramInvitation(Base):
    """A single-use invitation, under the hash of its code; `label` says whom it was made for."""

    __tablename__ = "telegram_invitation"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(HASHED), unique=True)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    created_at: Mapped[float] = mapped_column(Double)
    expires_at: Mapped[float] = mapped_column(Double)
    used_at: Mapped[float | None] = mapped_column(Double)
    revoked_at: Mapped[float | None] = mapped_column(Double)


class TelegramAccount(Base):
    """Somebody who may use the channel. No invitation: the board lets everybody in."""

    __tablename__ = "telegram_account"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person: Mapped[str] = mapped_column(String(HASHED), unique=True)
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("telegram_invitation.id", ondelete="SET NULL")
    )
    area: Mapped[str | None] = mapped_column(String(32))
    joined_at: Mapped[float] = mapped_column(Double)
    confirmed_at: Mapped[float] = mapped_column(Double)
    suspended_at: Mapped[float | None] = mapped_column(Double)


class TelegramAttempt(Base):
    """How many wrong codes a person has tried, and since when."""

    __tablename__ = "telegram_attempt"

    person: Mapped[str] = mapped_column(String(HASHED), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    since: Mapped[float] = mapped_column(Double)


class TelegramKeyboard(Base):
    """The buttons under one message: what each does, which were used, how a checklist stands."""

    __tablename__ = "telegram_keyboard"
    __table_args__ = (
        Index("ix_telegram_keyboard_person", "person"),
        Index("ix_telegram_keyboard_made_at", "made_at"),
    )

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(HASHED))
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    made_at: Mapped[float] = mapped_column(Double)


class TelegramUpdate(Base):
    """An update that was taken, and by which worker, where several serve.

    `chat` is kept only until it is handled.
    """

    __tablename__ = "telegram_update"
    __table_args__ = (
        Index("ix_telegram_update_taken_at", "taken_at"),
        Index("ix_telegram_update_chat", "chat"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat: Mapped[int | None] = mapped_column(BigInteger)
    taken_at: Mapped[float] = mapped_column(Double)
    handled_at: Mapped[float | None] = mapped_column(Double)
    taken_by: Mapped[int | None] = mapped_column(Integer)


class TelegramMessage(Base):
    """A message of a chat, by number alone, so that it can be deleted while Telegram allows it."""

    __tablename__ = "telegram_message"
    __table_args__ = (Index("ix_telegram_message_seen_at", "seen_at"),)

    person: Mapped[str] = mapped_column(String(HASHED), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seen_at: Mapped[float] = mapped_column(Double)
