"""The engine: a message in, replies out, through Rasa, in one process.

Every channel, `waymark ask` included, goes through `Engine.turn`. What was typed is parsed here and
goes no further: Rasa gets a placeholder with the parse.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message as ParsedMessage

from actions.screening import dialogue as screening_dialogue
from actions.screening import dialogue_of, lead_others, routes
from bot.guidance.answering import Citations
from bot.guidance.load import Guidance, load_guidance
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.safe_message import safe_message
from bot.nlu.embedding import shared_embedding
from bot.privacy import Scrubber, reminder
from bot.safety import FOR_THE_PERSON, Alarm, Watch
from bot.safety.watch import LIKENESS
from bot.screening.dialogue import ScreeningDialogue, Session
from bot.screening.reading import ScreeningReader
from bot.serving import after_alarm
from bot.serving.after_alarm import Standing, standing_of
from bot.serving.again import buttons_of, mark_of, said_before
from bot.serving.event_kinds import find_events_at_once
from bot.serving.inprocess_actions import InProcessActions
from bot.serving.leaning_on import compared, follow_up_of, told_of
from bot.serving.parses import (
    PLACEHOLDER,
    SIDE_INTENTS,
    SIDE_QUESTION,
    asking,
    entities_of,
    perhaps_asked,
    sure_intent,
    surely_asked,
)
from bot.serving.payloads import Carried
from bot.serving.places import Busy, Places
from bot.serving.processing import Processor, answered_before
from bot.serving.runner import DirectRunner
from bot.serving.said import Collected, KnowsAnswer, Said, TurnWatcher, said_of
from bot.serving.saved_screenings import NotTakenUp, SavedScreenings, lost_reply
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

__all__ = ["Document", "Engine", "NoDocumentError", "PayloadError", "Said", "said_of"]

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
#: What a screening that waits for the call to be made takes for its answer.
_RUNG = "rung"
#: Seconds for which it is known that somebody was reminded.
REMINDED = 24 * 60 * 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Led:
    """What reads, takes away and checks by one questionnaire."""

    reader: ScreeningReader
    take_aways: TakeAways
    carried: Carried


class PayloadError(Exception):
    """A button payload that is not one of ours."""


_PAYLOAD = re.compile(r"^/([a-z_]+)(\{.*\})?$", re.DOTALL)


class Engine:
    """A loaded model with its actions. Made by `Engine.load`."""

    def __init__(self, agent: Agent, guidance: Guidance) -> None:
        self._agent = agent
        self._guidance = guidance
        processor = agent.processor
        assert isinstance(processor, MessageProcessor)
        self._processor = processor
        self._saved = _saved_in(agent.tracker_store)
        self._components = _understanding(processor)
        self._watch = Watch()
        self._kinds: OrderedDict[bytes, frozenset[str]] = OrderedDict()
        # what was typed last, with its entities, until it is understood
        self._ready: ParsedMessage | None = None
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
            alarm = await beside_loop(self._look, cleaned, rest) if rest else None
            if alarm is None and forgets(cleaned):
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
                parse = await beside_loop(
                    self._typed, cleaned, alarm, session, offered, slots, standing
                )
                # it has served; Rasa would store it with every message
                parse.pop("intent_ranking", None)
                details = await self._details(cleaned)
                await self._keep_unanswered(cleaned, parse, area)
        else:
            parse = self._led_by(session).carried.only_known(self._command(payload))
            parse = after_alarm.for_who_writes(parse, standing, None, _is_active(session))
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
        said[:0] = [*before, *shown]
        if details and await self._first_reminder(conversation):
            # once in a conversation: a kind word, and nothing of what was typed
            said.append(said_of(reminder(details, self._guidance)))
        return said

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

    def _typed(
        self,
        text: str,
        alarm: Alarm | None,
        session: Session | None,
        offered: Sequence[dict[str, str]],
        slots: Mapping[str, Any],
        standing: Standing,
    ) -> dict[str, Any]:
        """The parse of typed text: a button's title, an answer of a screening, or a question.

        `slots` are what the conversation remembers, `standing` what an alarm before left standing.
        """
        active = _is_active(session)
        waited = self._waits_for_ringing(session)
        said = after_alarm.after_ringing(text) if standing.danger or waited else None
        if said is not None and (alarm is None or alarm.kind in after_alarm.DANGER):
            worse = self._watch.look(said) if said else None
            if worse is None or worse.question or worse.kind not in after_alarm.DANGER:
                if waited is not None:
                    return waited
                beside = self.understand(said) if said else None
                areas = [
                    one for one in self.understand(text)["entities"] if one["entity"] == "area"
                ]
                return after_alarm.rung(standing, slots, beside, areas)
            alarm = worse
        if alarm is None and standing.danger and after_alarm.goes_on(text):
            if not active:
                return after_alarm.way_back(standing, slots)
            parse = self._ordinary(text, session, offered, None)
            answers = parse["intent"]["name"].startswith("screening_")
            unclear = any(one["entity"] == "explanation" for one in parse["entities"])
            return parse if answers and not unclear else sure_intent("screening_resume", {})
        if alarm is None:
            parse = self._ordinary(text, session, offered, slots.get("topic"))
            return after_alarm.for_who_writes(parse, standing, text, active)
        return self._alarmed(text, alarm)

    def _waits_for_ringing(self, session: Session | None) -> dict[str, Any] | None:
        """The answer of a screening that waits for 999 to be rung; None where none does."""
        if session is None or not session.active or session.stage == "judging":
            return None
        read = self._led_by(session).reader.read(session, _RUNG, side_question=False)
        if read is None or read.intent != "screening_answer" or "answer" not in read.entities:
            return None
        return sure_intent(read.intent, read.entities)

    def _alarmed(self, text: str, alarm: Alarm) -> dict[str, Any]:
        """The parse of a text that raises an alarm: danger first, in every state."""
        # a screening goes on afterwards
        flags = {name: "yes" for name in ("question", "about_writer") if getattr(alarm, name)}
        parse = sure_intent("alarm", {"alarm": alarm.kind, **flags})
        if alarm.kind in FOR_THE_PERSON:
            if alarm.signal == LIKENESS:
                # only like a child's words: a practitioner who was misread is one press away
                parse["entities"] += entities_of({"topic": perhaps_asked(self.understand(text))})
        elif not alarm.about_writer:
            understood = self.understand(text)
            parse["entities"] += understood["entities"]
            parse["questions"] = surely_asked(text, understood, alarm.signal == LIKENESS)
        return parse

    def _ordinary(
        self,
        text: str,
        session: Session | None,
        offered: Sequence[dict[str, str]],
        about: str | None,
    ) -> dict[str, Any]:
        """The parse of a text that raises no alarm. `about` is the topic that was answered last."""
        chosen = self._typed_choice(text, session, offered)
        if chosen:
            return self._command(chosen)
        parse = self.understand(text, None if _is_active(session) else about)
        parse["near_danger"] = self._watch.near_danger(text)
        if not _is_active(session):
            self._lean_on_answer(parse, text, about)
        intent = parse["intent"]
        if intent["name"] == "start_screening":
            # a worry told in a sentence: what it may mean is offered to be confirmed
            parse["entities"] += entities_of(self._led_by(session).reader.told(text))
        if session is not None:
            if intent["name"] == "start_screening" and intent["confidence"] >= SIDE_QUESTION:
                return parse
            asks = intent["name"] in SIDE_INTENTS and asking(parse) >= SIDE_QUESTION
            read = self._led_by(session).reader.read(session, text, side_question=asks)
            if read is not None:
                return sure_intent(read.intent, read.entities)
        return parse

    def _lean_on_answer(self, parse: dict[str, Any], text: str, about: str | None) -> None:
        """Complete a parse by what else was typed, or was said before it."""
        name = parse["intent"]["name"]
        asked = follow_up_of(text, name) if about else None
        if asked is not None:
            parse["intent"] = {"name": "follow_more", "confidence": 1.0}
            parse["follow_up"] = asked
        elif name == "compare_areas" and not parse.get("questions"):
            rest = compared(text)
            found = self.understand(rest) if rest else {}
            if found and found["intent"]["name"] == "ask":
                parse["questions"] = found.get("questions", [])
        elif name == "ask" and (told := told_of(parse)):
            parse["told"] = told

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

    def _look(self, text: str, rest: str) -> Alarm | None:
        """What `rest` of a text raises. The text is got ready to be understood on the way."""
        embedding = shared_embedding()
        if embedding is not None:
            self._ready = self._withentities_of(text)
            embedding.expect(self._components[-1].texts_of(self._ready))
        return self._watch.look(rest)

    def _withentities_of(self, text: str) -> ParsedMessage:
        message = ParsedMessage(data={"text": text})
        for component in self._components[:-1]:
            component.process([message])
        return message

    def understand(self, text: str, about: str | None = None) -> dict[str, Any]:
        """Intent, entities and questions of a text, without the text itself.

        `about` is the topic that was answered last: a text without a subject leans on it.
        """
        message, self._ready = self._ready, None
        if message is None or message.get("text") != text:
            message = self._withentities_of(text)
        message.set("about", about)
        self._components[-1].process([message])
        parse: dict[str, Any] = message.as_dict(only_output_properties=True)
        parse["text"] = PLACEHOLDER
        parse.setdefault("entities", [])
        return parse

    def _command(self, payload: str) -> dict[str, Any]:
        """The parse of a button's payload. Raises PayloadError when it is not one of ours."""
        match = _PAYLOAD.match(payload)
        # Rasa's own orders (restart, back) are not for people to send
        ours = set(self._processor.domain.intents) - set(DEFAULT_INTENTS)
        if match is None or match.group(1) not in ours:
            raise PayloadError("unknown intent in a button's payload")
        try:
            values = json.loads(match.group(2) or "{}")
        except ValueError as error:
            raise PayloadError("a button's payload is not valid") from error
        return sure_intent(match.group(1), values)

    def _typed_choice(
        self, text: str, session: Session | None, offered: Sequence[dict[str, str]]
    ) -> str | None:
        """The payload of the button whose title (or number) was typed, or None.

        A screening reads numbers and options itself.
        """
        if session is not None and session.active:
            return None
        typed = text.casefold().strip(" .!?")
        for button in offered:
            if button["title"].casefold().strip(" .!?") == typed:
                return button["payload"]
        if typed.isdigit() and 1 <= int(typed) <= len(offered):
            return offered[int(typed) - 1]["payload"]
        return None

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


def _is_active(session: Session | None) -> bool:
    return session is not None and session.active


def _saved_in(store: TrackerStore) -> SavedScreenings | None:
    """Screenings saved in a store's database, where it has one."""
    if not isinstance(store, SqlTrackers):
        return None
    saved = SavedScreenings(ScreeningStore(store.database))
    store.save_beside(saved.beside)
    return saved


def _understanding(processor: MessageProcessor) -> list[Any]:
    """The components that understand a message, in the pipeline's order.

    They are called directly: Rasa would build and run a graph of single calls for each message.
    """
    nodes = processor.graph_runner._instantiated_nodes
    schema = processor.model_metadata.predict_schema
    names = [
        name
        for name in schema.nodes
        if name.startswith("run_") and hasattr(nodes[name]._component, "process")
    ]
    kinds = ("Tokenizer", "Extractor", "Classifier", "Finder")
    found = [nodes[name]._component for name in names]
    return [one for one in found if type(one).__name__.endswith(kinds)]
