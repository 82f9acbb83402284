"""The tables. Times are seconds since 1970 (UTC); JSON is text, so that its order stays."""

from __future__ import annotations

from sqlalchemy import Double, ForeignKey, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Longest name of a conversation, in characters.
LONGEST_CONVERSATION = 255


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can name it too."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
        }
    )


class Conversation(Base):
    """The head of a conversation: how many events it has and where its session begins.

    `id` is never given twice, so a conversation that was forgotten and begun again is another one.
    `events` is how many it has, `session_start` the sequence of the first of its session.
    """

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_saved_at", "saved_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_CONVERSATION), unique=True)
    events: Mapped[int] = mapped_column(Integer)
    session_start: Mapped[int] = mapped_column(Integer)
    saved_at: Mapped[float] = mapped_column(Double)


class ConversationEvent(Base):
    """Events of a conversation that were saved together; rows are added and deleted, never changed.

    `data` holds a line of JSON for each event, as `event_texts` writes them; `sequence`,
    `timestamp` and `type` are the first one's.
    """

    __tablename__ = "conversation_event"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    timestamp: Mapped[float] = mapped_column(Double)
    type: Mapped[str] = mapped_column(String(64))
    data: Mapped[str] = mapped_column(Text)


class ScreeningRow(Base):
    """One screening, under the hash of its reference.

    `conversation` is a hash too. `version` grows by one with every change.
    """

    __tablename__ = "screening"
    __table_args__ = (
        Index("ix_screening_conversation", "conversation"),
        Index("ix_screening_changed_at", "changed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    conversation: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    questionnaire_version: Mapped[str | None] = mapped_column(String(64))
    answers: Mapped[str] = mapped_column(Text)
    judgement: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[float] = mapped_column(Double)
    changed_at: Mapped[float] = mapped_column(Double)
    finished_at: Mapped[float | None] = mapped_column(Double)


class RevokedSession(Base):
    """A session of the web channel that was ended: its token is refused until it expires.

    `key` is a hash of the session's id, so that the row leads to no conversation.
    """

    __tablename__ = "revoked_session"
    __table_args__ = (Index("ix_revoked_session_expires_at", "expires_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[float] = mapped_column(Double)


class UnansweredRow(Base):
    """A question that could not be answered, without identifying details.

    `asked_on` is its day (as `date.toordinal` counts); nothing leads to a conversation.
    """

    __tablename__ = "unanswered_question"
    __table_args__ = (
        Index("ix_unanswered_question_asked_on", "asked_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(String(300))
    area: Mapped[str | None] = mapped_column(String(32))
    asked_on: Mapped[int] = mapped_column(Integer)


class QuestionnaireRow(Base):
    """A version of the questionnaire that a worker has; `content` is JSON."""

    __tablename__ = "questionnaire"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[float] = mapped_column(Double)


class SaidReply(Base):
    """What the guide has said out of its documents, once for all; nothing leads to a conversation.

    `key` is a hash of `content`, which is the text and data of a reply as JSON. `said_at` is when
    it was last noted that it was said.
    """

    __tablename__ = "said_reply"
    __table_args__ = (Index("ix_said_reply_said_at", "said_at"),)

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    said_at: Mapped[float] = mapped_column(Double)
