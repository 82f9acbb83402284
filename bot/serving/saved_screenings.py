"""Screenings that are saved as they go, and taken up again anywhere with their reference.

A screening lives in its conversation's slot; beside it a row is kept under the hash of its
reference. Both are written in one transaction. The reference itself is shown once and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy.orm import Session as Transaction

from bot.channels.limits import Limiter, Rate, TakesTogether
from bot.guidance.reply import Choice, Reply, Statement
from bot.screening.dialogue import Session, payload
from bot.store.patience import in_thread
from bot.store.references import (
    DamagedReferenceError,
    find_reference,
    key_of,
    nearly_references,
)
from bot.store.screenings import Key, Screening, ScreeningStore

#: How often one conversation, and everybody together, may look a reference up.
TRIES = Rate(burst=5, per_second=1 / 60)
TRIES_OF_ALL = Rate(burst=60, per_second=1)
#: Where a screening of a conversation's slot is now.
Standing = Literal["here", "elsewhere", "gone"]


class NotTakenUp(Exception):  # noqa: N818 - a refusal, not a fault
    """A reference that leads to no screening; `reply` says so to the person."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.kind)
        self.reply = reply


class SavedScreenings:
    """Saves the screenings of conversations and finds them by reference.

    Everything that touches the store raises StoreError when that fails.
    """

    def __init__(self, store: ScreeningStore) -> None:
        self._store = store
        self.limit_together(None)

    def limit_together(self, together: TakesTogether | None) -> None:
        """Count over all workers from now on how often references are looked up."""
        self._tries = Limiter("references", TRIES, together)
        self._tries_of_all = Limiter("references of all", TRIES_OF_ALL, together, most=1)

    def beside(self, transaction: Transaction, conversation: str, slots: Mapping[str, Any]) -> None:
        """Save the screening of a conversation in the transaction that saves its events."""
        kept = slots.get("screening")
        if not isinstance(kept, dict) or not kept.get("key"):
            return
        session = Session.from_json(kept)
        judged = {"level": session.level, "reason": session.reason} if session.level else None
        self._store.save(
            Key(str(session.key)),
            conversation,
            session.answers,
            session.version,
            judged,
            finished=session.stage == "done",
            transaction=transaction,
        )

    async def begin(self, conversation: str, session: Session) -> tuple[Session, Reply]:
        """Save a screening from now on: the session with its key, and what shows the reference."""
        reference = await in_thread(self._store.create, conversation)
        days = max(1, self._store.kept_for.days)
        shown = Reply(
            kind="screening_reference",
            headline=f"Saved as you go. Your reference: {reference}",
            points=(
                Statement(
                    f"Type it here, in another browser or on Telegram within {days} days to go on "
                    "where you were. Note it now: I show it once and do not keep it."
                ),
                Statement(
                    "It opens your answers to whoever has it, so treat it like a key. “Forget "
                    "everything” deletes them at once."
                ),
            ),
        )
        return replace(session, key=key_of(reference)), shown

    async def standing(self, conversation: str, session: Session) -> Standing:
        """Whether a conversation's screening is still its own."""
        if session.key is None:
            return "here"
        row = await in_thread(self._store.load, Key(session.key))
        if row is None:
            return "gone"
        return "here" if row.belongs_to(conversation) else "elsewhere"

    async def taken_up(self, conversation: str, text: str) -> Session | None:
        """The screening whose reference is in a typed text, which is this conversation's from now.

        One slip in it is read kindly, where only one screening can be meant. None where the text
        holds no reference. Raises NotTakenUp when it leads nowhere.
        """
        damaged: DamagedReferenceError | None = None
        reference: str | None = None
        try:
            reference = find_reference(text)
        except DamagedReferenceError as error:
            damaged = error
        if reference is None and damaged is None:
            return None
        if await self._tries.take(conversation) or await self._tries_of_all.take(""):
            raise NotTakenUp(
                _refusal("That was many references in a short time. Please try in a minute.")
            )
        if reference is None:
            reference = await in_thread(self._meant, text)
        if reference is None:
            raise NotTakenUp(_refusal(str(damaged)))
        row = await in_thread(self._store.take_up, reference, conversation)
        if row is None:
            raise NotTakenUp(
                _refusal(
                    "I have no screening with that reference. It may have been deleted: they are "
                    f"kept for {max(1, self._store.kept_for.days)} days after the last answer."
                )
            )
        return _session_of(row)

    def _meant(self, text: str) -> str | None:
        """The one reference of a saved screening that was typed with a slip, or None."""
        # of 2**80 references these are twenty: nobody else's can be met by chance
        kept = [one for one in nearly_references(text) if self._store.load(one) is not None]
        return kept[0] if len(kept) == 1 else None

    async def forget(self, conversation: str) -> None:
        """Delete every screening that belongs to a conversation."""
        await in_thread(self._store.forget, conversation=conversation)

    async def drop(self, key: str) -> None:
        """Delete one screening."""
        await in_thread(self._store.forget, Key(key))


def lost_reply(standing: Standing) -> Reply:
    """What is said where a conversation's screening went on elsewhere, or was deleted."""
    if standing == "gone":
        return Reply(
            kind="screening_note",
            headline="The screening that was open here has been deleted, so its answers are gone.",
            choices=(Choice("Start a screening", payload("start_screening")),),
        )
    return Reply(
        kind="screening_note",
        headline="The screening that was open here went on somewhere else. To go on with it here, "
        "type its reference.",
    )


def _refusal(sentence: str) -> Reply:
    return Reply(
        kind="screening_reference_refused",
        headline=sentence,
        points=(
            Statement("If a child is in immediate danger, ring 999. You need no reference to ask."),
        ),
        choices=(
            Choice("Start a screening", payload("start_screening")),
            Choice("Who do I ring?", '/ask{"topic": "who_to_ring"}'),
        ),
    )


def _session_of(row: Screening) -> Session:
    judged = row.judgement or {}
    return Session(
        answers=row.answers,
        level=judged.get("level"),
        reason=judged.get("reason"),
        version=row.questionnaire_version,
        key=row.key.digest,
    )
