"""The engine: a message in, replies out, through Rasa, in one process.

Every channel, `waymark ask` included, goes through `Engine.turn`. What was typed is parsed here and
goes no further: Rasa gets a placeholder with the parse.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from actions.screening import dialogue as screening_dialogue
from actions.screening import dialogue_of, lead_others, routes
from bot.guidance.answering import Citations
from bot.guidance.load import Guidance, load_guidance
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.safe_message import safe_message
from bot.nlu.intents import OTHER_LANGUAGE
from bot.privacy import Scrubber, reminder
from bot.safety import Alarm, reply_for
from bot.safety.replies import SAFETY_KINDS
from bot.screening.dialogue import ScreeningDialogue, Session
from bot.screening.reading import ScreeningReader
from bot.serving import after_alarm
from bot.serving.again import buttons_of, mark_of, said_before
from bot.serving.event_kinds import find_events_at_once
from bot.serving.inprocess_actions import InProcessActions
from bot.serving.message_parser import MessageParser, is_active
from bot.serving.parses import (
    PLACEHOLDER,
    sure_intent,
)
from bot.serving.payloads import Carried
from bot.serving.places import Busy, Places
from bot.serving.processing import Processor, answered_before
from bot.serving.runner import DirectRunner
from bot.serving.said import Collected, KnowsAnswer, Said, TurnWatcher, said_of
from bot.serving.saved_screenings import NotTakenUp, SavedScreenings, lost_reply
from bot.serving.standing import DANGER, Standing, standing_of
from bot.serving.take_aways import Document, NoDocumentError, TakeAways, document_of
from bot.serving.typed_text import (
    FORGOTTEN,
    LONGEST_TEXT,
    NOTHING_TO_READ,
    TOO_LONG,
    clean_text,
    forgets,
)
from bot.serving.understanding import beside_loop
from bot.serving.versions import Versions
from bot.store.errors import ConflictError, StoreError
from bot.store.patience import in_thread
from bot.store.questionnaires import Questionnaires
from bot.store.references import without_references
from bot.store.screenings import ScreeningStore
from bot.store.trackers import SqlTrackers, without_failsafe
from bot.store.unanswered import UnansweredQuestions, is_wanted

if TYPE_CHECKING:
    from bot.sharing.shared import Shared

__all__ = ["Document", "Engine", "NoDocumentError", "Said", "said_of"]

#: Intents of questions that are not answered.
UNANSWERED = frozenset({"nlu_fallback", "out_of_scope"})
#: Conversations that are remembered.
REMEMBERED = 10_000
#: Texts of which it is known for a moment what identifying details are in them.
KINDS_KEPT = 64
#: Times that a turn is taken, when another worker was quicker each time.
TRIES = 4
#: Seconds until a turn that the database failed is taken again.
TRIED_AFTER = 0.7
#: Seconds for which it is known that somebody was reminded.
REMINDED = 24 * 60 * 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Led:
    """What reads, takes away and checks by one questionnaire."""

    reader: ScreeningReader
    take_aways: TakeAways
    carried: Carried


class Engine:
    """A loaded model with its actions. Made by `Engine.load`."""

    def __init__(self, agent: Agent, guidance: Guidance) -> None:
        self._agent = agent
        self._guidance = guidance
        processor = agent.processor
        assert isinstance(processor, MessageProcessor)
        self._processor = processor
        self._saved = _saved_in(agent.tracker_store)
        self._messages = MessageParser(processor, lambda session: self._led_by(session).reader)
        self._kinds: OrderedDict[bytes, frozenset[str]] = OrderedDict()
        self._scrubber = Scrubber(guidance)
        self._unanswered = self._unanswered_in(agent.tracker_store)
        self._reminded: OrderedDict[str, None] = OrderedDict()
        screening = screening_dialogue()
        self._screenings = screening
        self._led: dict[ScreeningDialogue, _Led] = {}
        self._versions: Versions | None = None
        self._led_by(None)
        self._turns: OrderedDict[str, asyncio.Lock] = OrderedDict()
        #: Where turns are worked on; those of all channels together.
        self.places = Places()
        #: Told when each turn begins and ends; it must not raise.
        self.watcher: TurnWatcher | None = None
        self._shared: Shared | None = None

    @classmethod
    def load(cls, model: Path, tracker_store: TrackerStore | None = None) -> Engine:
        """Load a trained model. Raises what Rasa raises when the model cannot be loaded."""
        find_events_at_once()
        agent = Agent.load(
            str(model),
            tracker_store=tracker_store or InMemoryTrackerStore(domain=None),
            action_endpoint=InProcessActions(),
        )
        assert agent.processor is not None
        agent.processor = Processor.in_place_of(agent.processor)
        agent.processor.graph_runner = DirectRunner.in_place_of(agent.processor.graph_runner)
        # a store that fails must raise: an answer filed in a lost conversation is worse than none
        without_failsafe(agent)
        return cls(agent, load_guidance())

    async def turn(
        self,
        conversation: str,
        text: str | None = None,
        payload: str | None = None,
        area: str | None = None,
        channel: str = "web",
        message: str | None = None,
        known: KnowsAnswer | None = None,
    ) -> list[Said]:
        """Answer one message of a conversation: typed `text`, or a button's `payload`.

        `area` is the area that the page is about; it counts until the person names another. Turns
        of one conversation run one after another. A `message` id that comes again, even after a
        restart, is answered as before and counts once; `known` is what other workers know of it.
        What fails on the way becomes the safe message, alone: an answer that could not be saved is
        not shown.

        Raises Busy, and nothing else, when more people ask than can be answered soon: then nothing
        was done.
        """
        lock = self._turns.setdefault(conversation, asyncio.Lock())
        self._turns.move_to_end(conversation)
        began, said = self.watcher.began() if self.watcher else 0.0, list[Said]()
        try:
            async with lock, self.places.place(), self._across_workers(conversation):
                before = await known.answer() if known else None
                said = before or await self._surely(
                    conversation, text, payload, area, channel, message
                )
                if known is not None and before is None:
                    await known.keep(said)
        except Busy:
            log.warning("A turn was not begun: %d wait for a place.", self.places.waiting)
            said = [Said("", reply={"kind": "busy"})]
            raise
        except Exception as error:
            # the class alone: a message or a traceback could hold what was typed
            log.error("A turn failed: %s", type(error).__name__)
            said = [self._safe(area)]
        finally:
            if self.watcher:
                self.watcher.ended(began, said)
            while len(self._turns) > REMEMBERED:
                oldest, held = next(iter(self._turns.items()))
                if held.locked():
                    break
                del self._turns[oldest]
        return said

    def use_trackers(self, store: SqlTrackers) -> None:
        """Keep conversations in another store from now on, as a new process on it would."""
        store.domain = self._processor.domain
        self._agent.tracker_store = self._processor.tracker_store = store
        self._saved = _saved_in(store)
        self._unanswered = self._unanswered_in(store)
        self._reminded.clear()
        if self._shared is not None:
            self.share(self._shared)

    @property
    def shared(self) -> Shared | None:
        """What several workers share, or None."""
        return self._shared

    def share(self, shared: Shared) -> None:
        """Take turns with other workers from now on."""
        self._shared = shared
        if self._saved is not None:
            self._saved.limit_together(shared.rates)
        if isinstance(store := self._agent.tracker_store, SqlTrackers):
            own = self._screenings.questionnaire
            self._versions = Versions(Questionnaires(store.database), own, lead_others)

    async def forget(self, conversation: str) -> None:
        """Erase all that is kept of a conversation. Raises StoreError where that failed."""
        # a turn that is under way at another worker is waited for; it could not be saved any more
        with contextlib.suppress(TimeoutError):
            async with self._across_workers(conversation):
                await self._forget(conversation)
                return
        await self._forget(conversation)

    async def _forget(self, conversation: str) -> None:
        self._reminded.pop(conversation, None)
        store = self._agent.tracker_store
        if isinstance(store, SqlTrackers):
            await store.forget(conversation)
            if self._saved is not None:
                await self._saved.forget(conversation)
        elif isinstance(store, InMemoryTrackerStore):
            store.store.pop(conversation, None)

    async def document(self, conversation: str, kind: str) -> Document:
        """The take-away of the route last shown in a conversation.

        `kind` is pdf, word, calendar or text. Raises NoDocumentError when no route was shown, or
        the kind has nothing to hold (a calendar without dates); StoreError when it cannot be read.
        """
        tracker = await self._processor.tracker_store.retrieve(conversation)
        await self._know_version(tracker)
        led = self._led_by(self._screening_in(tracker))
        taken = led.take_aways.of(tracker.current_slot_values() if tracker else {}, conversation)
        return await asyncio.to_thread(document_of, taken, kind)

    def _across_workers(self, conversation: str) -> contextlib.AbstractAsyncContextManager[None]:
        """The turn of a conversation among all workers."""
        if self._shared is None:
            return contextlib.nullcontext()
        return self._shared.turns.of(conversation)

    async def _surely(self, conversation: str, *turn: str | None) -> list[Said]:
        """Take a turn; anew from what is stored where another worker saved one in between.

        Where several workers serve, the database may be started anew at any time: a turn that is
        known by its message's id is then tried again, and one that was saved after all is found.
        """
        *_, message = turn
        for left in reversed(range(TRIES)):
            store = self._agent.tracker_store
            known = isinstance(store, SqlTrackers)
            try:
                with store.turn(conversation) if known else contextlib.nullcontext():
                    return await self._turn(conversation, *turn)
            except ConflictError:
                # one that was forgotten meanwhile must not come back
                if not left or not await self._agent.tracker_store.exists(conversation):
                    raise
                log.warning("Another worker was quicker; the turn is taken again.")
            except StoreError as error:
                if not left or self._shared is None or message is None:
                    raise
                log.warning("The turn is taken again: %s", type(error).__name__)
                await asyncio.sleep(TRIED_AFTER)
        raise AssertionError

    async def _turn(
        self,
        conversation: str,
        text: str | None,
        payload: str | None,
        area: str | None,
        channel: str | None,
        message: str | None,
    ) -> list[Said]:
        mark = mark_of(message)
        tracker = await self._processor.tracker_store.retrieve(conversation)
        if mark is not None:
            kept = tracker
            if mark in answered_before(tracker):
                kept = await self._processor.tracker_store.retrieve_full_tracker(conversation)
            if (before_now := said_before(kept, mark)) is not None:
                return [Said(**one) for one in before_now]
        await self._know_version(tracker)
        # so that the title of a button can be typed
        offered = buttons_of(tracker)
        standing = standing_of(tracker)
        details: set[str] = set()
        session, before = await self._still_here(conversation, tracker)
        if payload is None:
            cleaned = clean_text(text or "")
            if len(cleaned) > LONGEST_TEXT:
                return [Said(TOO_LONG)]
            if not any(character.isalnum() for character in cleaned):
                return [Said(NOTHING_TO_READ)]
            rest = without_references(cleaned)
            alarm = await beside_loop(self._messages.look, cleaned, rest) if rest else None
            if forgets(cleaned) and (alarm is None or alarm.kind not in DANGER):
                await self._forget(conversation)
                return [said_of(FORGOTTEN)]
            taken: Session | None = None
            if alarm is None and self._saved is not None:
                try:
                    taken = await self._saved.taken_up(conversation, cleaned)
                except NotTakenUp as refused:
                    return [said_of(refused.reply)]
            if taken is not None:
                await self._set(conversation, "screening", taken.as_json())
                parse, before, session = sure_intent("screening_resume", {}), [], taken
            else:
                slots = tracker.current_slot_values() if tracker else {}
                if area in AREA_IDS and slots.get("area") is None:
                    # as it is placed below, once the message is read
                    slots = {**slots, "area": area}
                parse = await beside_loop(
                    self._messages.typed, cleaned, alarm, session, offered, slots, standing
                )
                # it has served; Rasa would store it with every message
                parse.pop("intent_ranking", None)
                details = await self._details(cleaned)
                await self._keep_unanswered(cleaned, parse, area)
        else:
            parse = self._led_by(session).carried.only_known(self._messages.pressed(payload))
            parse = after_alarm.for_who_writes(parse, standing, None, is_active(session))
        if area in AREA_IDS:
            await self._place(conversation, str(area))
        output = Collected()
        await self._agent.handle_message(
            UserMessage(
                text=PLACEHOLDER,
                output_channel=output,
                sender_id=conversation,
                input_channel=channel,
                parse_data=parse,
                message_id=mark,
            )
        )
        said = output.said
        if not said:
            raise RuntimeError("the dialogue gave no answer")
        try:
            shown = await self._save_from_now(conversation, session)
        except StoreError as error:
            # the answer itself is saved, and must not be asked for again; the next turn tries anew
            log.error("A screening was not begun to be saved: %s", type(error).__name__)
            shown = []
        said[:0] = [
            *before,
            *await self._numbers_now(conversation, tracker, standing, said),
            *shown,
        ]
        if parse["intent"]["name"] == OTHER_LANGUAGE:
            # any of its words looks like a name
            details = details - {"name"}
        if details and await self._first_reminder(conversation):
            # once in a conversation: a kind word, and nothing of what was typed
            said.append(said_of(reminder(details, self._guidance)))
        return said

    async def _numbers_now(
        self,
        conversation: str,
        before: DialogueStateTracker | None,
        standing: Standing,
        said: Sequence[Said],
    ) -> list[Said]:
        """The area's numbers where an alarm had to ask for the area, and it is known by now.

        A page or a screening may have told it; nothing where what is `said` has a number of it.
        """
        if not standing.wants_area or (before and before.get_slot("area") is not None):
            return []
        now = await self._processor.tracker_store.retrieve(conversation)
        area = next((one for one in AREA_IDS if now and one == now.get_slot("area")), None)
        if area is None or any((one.reply or {}).get("kind") in SAFETY_KINDS for one in said):
            return []
        place = self._guidance.areas[area]
        names = (*place.contacts, *place.out_of_hours)
        numbers = [self._guidance.contacts[name].number for name in names]
        if any(number and number in one.text for number in numbers for one in said):
            return []
        alarm = Alarm(standing.kind or "immediate_danger", question=standing.question)
        moment, follows = dt.datetime.now(dt.UTC), standing.told or "again"
        return [said_of(reply_for(alarm, self._guidance, area, moment, follows=follows))]

    async def _first_reminder(self, conversation: str) -> bool:
        """Whether nobody has been reminded in a conversation yet; from now on they have."""
        if conversation in self._reminded:
            return False
        self._reminded[conversation] = None
        if len(self._reminded) > REMEMBERED:
            self._reminded.popitem(last=False)
        return self._shared is None or await self._shared.rates.first(
            "reminder", conversation, REMINDED
        )

    def _unanswered_in(self, store: TrackerStore) -> UnansweredQuestions | None:
        """Where questions that are not answered are kept; None unless an operator asked for it."""
        if not isinstance(store, SqlTrackers) or not is_wanted():
            return None
        return UnansweredQuestions(store.database, self._scrubber.redact)

    async def _keep_unanswered(self, text: str, parse: Mapping[str, Any], area: str | None) -> None:
        """Keep a question that is not understood, where that is wanted; never fails."""
        if self._unanswered is None or parse["intent"]["name"] not in UNANSWERED:
            return
        if parse.get("near_danger"):
            return
        try:
            known = area if area in AREA_IDS else None
            await in_thread(self._unanswered.add, text, known)
        except StoreError as error:
            log.error("A question was not kept: %s", type(error).__name__)

    def _safe(self, area: str | None) -> Said:
        known: AreaId | None = next((one for one in AREA_IDS if one == area), None)
        citations = Citations(self._guidance, dt.date.today())
        return said_of(safe_message(self._guidance, known, citations))

    def understand(self, text: str) -> dict[str, Any]:
        """Intent, entities and questions of a text, without the text itself."""
        return self._messages.understand(text)

    async def details(self, text: str) -> set[str]:
        """The kinds of identifying details in what was typed, such as `name` and `postcode`."""
        return await self._details(clean_text(text))

    async def _details(self, cleaned: str) -> set[str]:
        """The same for a cleaned text; what was found in the last texts is kept under a hash."""
        key = hashlib.blake2b(cleaned.encode("utf-8", "replace"), digest_size=16).digest()
        if key not in self._kinds:
            self._kinds[key] = frozenset(await beside_loop(self._scrubber.kinds, cleaned))
            while len(self._kinds) > KINDS_KEPT:
                self._kinds.popitem(last=False)
        return set(self._kinds[key])

    async def screening_of(self, conversation: str) -> Session | None:
        """The screening of a conversation, fitted to a questionnaire that there is."""
        return self._screening_in(await self._processor.tracker_store.retrieve(conversation))

    def _screening_in(self, tracker: DialogueStateTracker | None) -> Session | None:
        kept = tracker.get_slot("screening") if tracker else None
        session = Session.from_json(kept) if isinstance(kept, dict) else None
        return dialogue_of(session).adopt(session).session

    async def _know_version(self, tracker: DialogueStateTracker | None) -> None:
        """Be ready for a screening that was begun at a worker of another version."""
        if self._versions is not None:
            await self._versions.know(tracker.get_slot("screening") if tracker else None)

    def _led_by(self, session: Session | None) -> _Led:
        """What belongs to the questionnaire that a screening was begun with."""
        dialogue = dialogue_of(session)
        if dialogue not in self._led:
            questionnaire, guidance = dialogue.questionnaire, self._guidance
            entities = self._processor.domain.entities
            self._led[dialogue] = _Led(
                ScreeningReader(dialogue, scrub=self._scrubber.redact),
                TakeAways(guidance, questionnaire, routes()),
                Carried(guidance, questionnaire, entities),
            )
        return self._led[dialogue]

    async def _still_here(
        self, conversation: str, tracker: DialogueStateTracker | None
    ) -> tuple[Session | None, list[Said]]:
        """The conversation's screening, and what is to be said where it is no longer its own."""
        session = self._screening_in(tracker)
        if session is None or self._saved is None:
            return session, []
        standing = await self._saved.standing(conversation, session)
        if standing == "here":
            return session, []
        await self._set(conversation, "screening", None)
        # one that had ended here is not missed
        return None, [said_of(lost_reply(standing))] if session.active else []

    async def _save_from_now(self, conversation: str, before: Session | None) -> list[Said]:
        """Begin to save a screening with its first answer; gives what shows its reference."""
        if self._saved is None:
            return []
        session = await self.screening_of(conversation)
        if session is None:
            return []
        started_over = before is not None and before.key is not None and session.key is None
        if before is not None and before.key is not None and started_over and before.active:
            await self._saved.drop(before.key)
        if session.key is not None or not session.active or not set(session.answers) - {"area"}:
            return []
        session, shown = await self._saved.begin(conversation, session)
        await self._set(conversation, "screening", session.as_json())
        return [said_of(shown)]

    async def _place(self, conversation: str, area: str) -> None:
        """Let the page's area count where the conversation has none yet."""
        tracker = await self._processor.fetch_tracker_and_update_session(conversation)
        if tracker.get_slot("area") is None:
            tracker.update(SlotSet("area", area), self._processor.domain)
            await self._processor.save_tracker(tracker)

    async def _set(self, conversation: str, slot: str, value: Any) -> None:
        """Set a slot, and save it."""
        tracker = await self._processor.fetch_tracker_and_update_session(conversation)
        tracker.update(SlotSet(slot, value), self._processor.domain)
        await self._processor.save_tracker(tracker)


def _saved_in(store: TrackerStore) -> SavedScreenings | None:
    """Screenings saved in a store's database, where it has one."""
    if not isinstance(store, SqlTrackers):
        return None
    saved = SavedScreenings(ScreeningStore(store.database))
    store.save_beside(saved.beside)
    return saved
