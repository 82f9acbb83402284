"""Replies that are the same for all who ask, each kept once for all conversations."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from bot.store.models import ConversationEvent, SaidReply
from bot.store.upserts import insert_into

#: Seconds for which a reply that was kept, or said again, is not noted anew.
NOTED_FOR = 3_600.0
#: Seconds by which a reply is kept longer than the oldest event that may name it.
MARGIN = 2 * NOTED_FOR
#: Replies that a process knows to be kept.
MOST_KNOWN = 10_000


class SaidReplies:
    """Keeps the content of replies under their keys, in the transactions of their events.

    What was noted within the last hour is not written again, so that
    a reply which has been said before costs a conversation nothing.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, float] = OrderedDict()

    def keep(self, session: Session, replies: Mapping[str, str], now: float) -> list[str]:
        """Keep replies, or note that they were said `now` (seconds since 1970).

        Gives the keys that were written; tell them to `kept` once the transaction has been saved.
        """
        # in one order: two workers that keep the same replies do not wait for each other in a ring
        due = [key for key in sorted(replies) if now - self._known.get(key, 0.0) >= NOTED_FOR]
        if due:
            statement = insert_into(session, SaidReply)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=["key"], set_={"said_at": statement.excluded.said_at}
                ),
                [{"key": key, "content": replies[key], "said_at": now} for key in due],
            )
        return due

    def kept(self, keys: Collection[str], now: float) -> None:
        """Know that the transaction which wrote `keys` at `now` was saved."""
        for key in keys:
            self._known[key] = now
            self._known.move_to_end(key)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


def said_replies(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The content of replies by their keys; one that is not kept is left out."""
    if not keys:
        return {}
    rows = session.execute(
        select(SaidReply.key, SaidReply.content).where(SaidReply.key.in_(list(keys)))
    )
    return {row.key: row.content for row in rows}


def purge_said_replies(session: Session, oldest: float) -> None:
    """Delete the replies that no event can name any more.

    `oldest` is the moment (seconds since 1970) before which conversations are deleted. An event was
    stored at most an hour after its reply was noted, so a reply noted well before every event that
    is left belongs to none.
    """
    past = oldest - MARGIN
    if not session.scalar(select(exists().where(SaidReply.said_at <= past))):
        return
    first = session.scalar(select(func.min(ConversationEvent.timestamp)))
    unnamed = past if first is None else min(past, first - MARGIN)
    session.execute(delete(SaidReply).where(SaidReply.said_at <= unnamed))
