"""Conversations in the database, for Rasa: append-only, and failing loudly.

Rasa reads all events of a session and replays them on every turn; here the tracker of a recent
conversation stays in memory and is used again for as long as it is exactly what is stored. One that
another worker has gone on with is given what is new. Rasa also writes a row for each event; here
those of a turn are one row.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, Restarted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.store.conversations import DAMAGED, Beside, Conversations, Head, NewEvents, Place, Stored
from bot.store.database import Database, Purged, purge
from bot.store.errors import StoreError
from bot.store.fixed_utterances import FixedUtterances
from bot.store.patience import in_thread
from bot.store.references import mask_references

#: Trackers that stay in memory.
REMEMBERED = 256


class SqlTrackers(TrackerStore):  # type: ignore[misc]  # Rasa is untyped
    """Rasa's tracker store on a Waymark database.

    Everything raises StoreError when it cannot be done: the caller must then not go on. Turns of
    one conversation are expected one after another, as `Engine` and Rasa's lock store have them;
    two processes that answer the same turn end with ConflictError for the second. Work on the
    database happens in a thread, so that a locked one holds up nobody else.

    What is stored is exactly what JSON makes of an event, apart from references of screenings,
    which are masked. `remembered` bounds the trackers in memory; `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        domain: Domain | None = None,
        remembered: int = REMEMBERED,
        clock: Callable[[], float] = lambda: dt.datetime.now(dt.UTC).timestamp(),
    ) -> None:
        super().__init__(domain)
        self._conversations = Conversations(database)
        self._conversations.is_fixed = FixedUtterances(self._domain.responses)
        self._database = database
        self._remembered = remembered
        self._clock = clock
        self._live: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        # whose turn is under way, and whether what is in memory has been compared during it
        self._turns: dict[str, bool] = {}

    @contextlib.contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """While it lasts, what is in memory of a conversation is compared with the database once.

        For the caller whose turn it is. Should another process save meanwhile all the same, `save`
        raises ConflictError as ever.
        """
        self._turns[name] = False
        try:
            yield
        finally:
            del self._turns[name]

    @property
    def database(self) -> Database:
        """The database that the trackers are in."""
        return self._database

    def save_beside(self, beside: Beside) -> None:
        """Call `beside` in the transaction of every save, with the conversation's name and slots.

        What it writes is saved with the events, or not at all.
        """
        self._conversations.beside = beside

    @property
    def domain(self) -> Domain:
        """The domain whose slots the trackers have."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._conversations.is_fixed = FixedUtterances(self._domain.responses)
        self._live.clear()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a conversation since its last session start or restart, or None.

        It is as the last save left it; what a turn that failed did to it is gone.
        """
        live = self._live.get(sender_id)
        if live is not None and self._turns.get(sender_id) and _is_unchanged(live):
            return live
        head = await in_thread(self._conversations.head, sender_id)
        if head is not None and head.saved_at <= self._oldest():
            await in_thread(self._conversations.delete, sender_id, head.saved_at)
            head = None
        live = self._live.get(sender_id)
        if sender_id in self._turns:
            self._turns[sender_id] = True
        if live is not None and head is not None and _is_as_stored(live, head):
            self._live.move_to_end(sender_id)
            return live
        self._live.pop(sender_id, None)
        if head is None:
            return None
        if live is not None and _is_behind(live, head) and await self._catch_up(live, head):
            self._remember(sender_id, live)
            return live
        tracker = await self._rebuild(sender_id, whole=False)
        if tracker is not None:
            self._remember(sender_id, tracker)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker with the events of every session that is kept, or None."""
        head = await in_thread(self._conversations.head, conversation_id)
        if head is None or head.saved_at <= self._oldest():
            return None
        return await self._rebuild(conversation_id, whole=True)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that the tracker has gained since it was retrieved or saved.

        All of them or none. Raises ConflictError when the conversation has got others meanwhile,
        or has been forgotten.
        """
        name = tracker.sender_id
        # when this is cancelled or fails, the next turn starts from what is stored
        self._live.pop(name, None)
        if name in self._turns:
            self._turns[name] = False
        place: Place | None = getattr(tracker, _PLACE, None)
        if tracker.events.maxlen is not None:
            raise StoreError(
                "A tracker that drops its oldest events cannot be stored. Leave "
                "max_event_history unset for the tracker store."
            )
        known = 0 if place is None else place.stored
        if len(tracker.events) < known:
            raise StoreError(
                "A tracker has fewer events than are stored of it. Nothing was saved; "
                "retrieve it again and repeat the turn."
            )
        encoded = _encoded(islice(tracker.events, known, None))
        if encoded.events:
            values = tracker.current_slot_values()
            slots = _slots(tracker)
            now = self._clock()
            if place is None:
                place = await in_thread(self._conversations.add, name, encoded, now, values)
            else:
                place = await in_thread(
                    self._conversations.append, name, place, encoded, now, values
                )
            setattr(tracker, _PLACE, replace(place, slots=slots))
        if name in self._turns:
            self._turns[name] = True
        if place is not None and encoded.session_start is None and not encoded.masked:
            self._remember(name, tracker)

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is kept of a conversation."""
        head = await in_thread(self._conversations.head, conversation_id)
        return head is not None and head.saved_at > self._oldest()

    async def keys(self) -> Iterable[str]:
        """The names of all conversations that are kept."""
        return await in_thread(self._conversations.names, self._oldest())

    async def forget(self, conversation: str) -> bool:
        """Delete everything kept of a conversation; false when there was nothing.

        A turn that is under way then cannot be saved any more.
        """
        self._live.pop(conversation, None)
        return await in_thread(self._conversations.delete, conversation)

    async def purge(self, now: dt.datetime) -> Purged:
        """`purge` of the whole database, and of the trackers in memory with it.

        Those that another worker has forgotten leave the memory too.
        """
        oldest = (now - self._database.retention.conversations).timestamp()
        for name, tracker in list(self._live.items()):
            if getattr(tracker, _PLACE).saved_at <= oldest:
                del self._live[name]
        gone = set(self._live) - await in_thread(self._conversations.there, list(self._live))
        for name in gone:
            self._live.pop(name, None)
        return await in_thread(purge, self._database, now)

    def _remember(self, name: str, tracker: DialogueStateTracker) -> None:
        self._live[name] = tracker
        self._live.move_to_end(name)
        while len(self._live) > self._remembered:
            self._live.popitem(last=False)

    def _oldest(self) -> float:
        return self._clock() - self._database.retention.conversations.total_seconds()

    async def _rebuild(self, name: str, whole: bool) -> DialogueStateTracker | None:
        read = await in_thread(self._conversations.read, name, whole)
        if read is None:
            return None
        place, stored = read
        tracker = DialogueStateTracker.from_events(name, _decoded(stored), self.domain.slots)
        setattr(tracker, _PLACE, replace(place, slots=_slots(tracker)))
        return tracker

    async def _catch_up(self, tracker: DialogueStateTracker, head: Head) -> bool:
        """Give a tracker in memory the events that another worker has stored since."""
        place: Place = getattr(tracker, _PLACE)
        stored = await in_thread(self._conversations.read_on, head, place.next)
        if stored is None:
            return False
        for event in _decoded(stored):
            tracker.update(event)
        known = replace(place, stored=place.stored + len(stored), saved_at=head.saved_at)
        setattr(tracker, _PLACE, replace(known, slots=_slots(tracker)))
        return True


def without_failsafe(agent: Agent) -> None:
    """Give an agent and its processor the tracker store itself, so that its errors raise.

    Rasa wraps every tracker store in one that answers an error with an empty conversation and
    keeps on in memory: a person's next answer is then filed under the wrong question. Call it
    after the model is loaded, and again after another one is.
    """
    store = agent.tracker_store
    while isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store
    agent.tracker_store = store
    if agent.processor is not None:
        agent.processor.tracker_store = store


#: The attribute of a tracker that holds its place in the database.
_PLACE = "waymark_place"


def _is_as_stored(tracker: DialogueStateTracker, head: Head) -> bool:
    """Whether a tracker in memory is what the database has: no event more, no value altered."""
    place: Place = getattr(tracker, _PLACE)
    return (
        place.id == head.id
        and place.first == head.session_start
        and place.next == head.events
        and _is_unchanged(tracker)
    )


def _is_behind(tracker: DialogueStateTracker, head: Head) -> bool:
    """Whether a tracker in memory is the beginning of what the database has, and unaltered."""
    place: Place = getattr(tracker, _PLACE)
    return (
        place.id == head.id
        and place.first == head.session_start
        and place.next < head.events
        and _is_unchanged(tracker)
    )


def _is_unchanged(tracker: DialogueStateTracker) -> bool:
    """Whether a tracker is as it was when it was read or saved."""
    place: Place = getattr(tracker, _PLACE)
    return place.stored == len(tracker.events) and place.slots == _slots(tracker)


def _slots(tracker: DialogueStateTracker) -> str:
    return json.dumps(tracker.current_slot_values(), default=repr)


def _encoded(events: Iterable[Event]) -> NewEvents:
    """Events as they are stored. Raises StoreError when JSON cannot carry one, or alters a slot."""
    encoded = []
    session_start = None
    masked = False
    for index, event in enumerate(events):
        data = event.as_dict()
        try:
            text = json.dumps(data)
        except (TypeError, ValueError) as error:
            raise StoreError(_not_json(event)) from error
        if isinstance(event, SlotSet) and json.loads(text)["value"] != event.value:
            raise StoreError(_not_json(event))
        # most events hold nothing like a reference: only those that may are taken apart
        if mask_references(text) != text:
            kept = _masked(data)
            masked = masked or json.dumps(kept) != text
            data = kept
        if isinstance(event, SessionStarted | Restarted):
            session_start = index
        encoded.append(data)
    return NewEvents(tuple(encoded), session_start, masked)


def _not_json(event: Event) -> str:
    return (
        f"An event of the type {event.type_name!r} cannot be stored: its values must be text, "
        "numbers, true, false, null, lists, and objects with text as names. Nothing was saved; "
        "the action that made it must give it in that form."
    )


def _masked(value: Any) -> Any:
    """A value with the references in its texts masked; numbers and names stay as they are."""
    if isinstance(value, str):
        return mask_references(value)
    if isinstance(value, dict):
        return {name: _masked(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(one) for one in value]
    return value


def _decoded(stored: Sequence[Stored]) -> list[Event]:
    events = []
    for one in stored:
        try:
            event = Event.from_parameters(one)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise StoreError(DAMAGED) from None
        if event is None:
            raise StoreError(DAMAGED)
        events.append(event)
    return events
