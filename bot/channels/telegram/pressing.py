"""What happens when a button is pressed. Each press is answered once, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import CallbackQuery, InlineKeyboardMarkup
from telegram.constants import ChatAction

from bot.channels.telegram import buttons
from bot.channels.telegram.outbox import Outbox, Outcome
from bot.channels.telegram.speaking import Speaker, Talk
from bot.channels.telegram.wording import (
    BUTTON_OLD,
    BUTTON_USED,
    BUTTONS,
    DELETED,
    LEFT_THERE,
    NO_DOCUMENT,
    NOT_DELETED,
    NOTHING_TICKED,
    UNSURE,
)
from bot.serving.engine import Engine, NoDocumentError, Said
from bot.store.patience import in_thread
from bot.store.telegram import Keyboard, TelegramStore

#: Seconds after which a press that still waits for its turn is answered without words.
ANSWERED_AFTER = 3.0

log = logging.getLogger(__name__)


class Press:
    """A pressed button that is answered exactly once: by its turn, or by the clock before."""

    def __init__(self, outbox: Outbox, query: CallbackQuery) -> None:
        self.query = query
        self._outbox = outbox
        self._answer: asyncio.Future[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(ANSWERED_AFTER, self.answer)

    def answer(self, text: str | None = None) -> None:
        """Answer it, with a few words or without. Does nothing a second time, and never waits."""
        self._timer.cancel()
        if self._answer is None:
            self._answer = asyncio.create_task(self._outbox.answer_button(self.query.id, text))

    async def answered(self) -> None:
        """Answer it if nobody has, and wait until that is done."""
        self.answer()
        if self._answer is not None:
            await self._answer

    def drop(self) -> None:
        """Leave it: who is told to stop must not wait for a Telegram that does not answer."""
        self._timer.cancel()
        if self._answer is None:
            self._answer = asyncio.get_running_loop().create_future()
        self._answer.cancel()


Act = Callable[[Talk, buttons.Entry], Awaitable[None]]


class Pressing:
    """Answers presses. `acts` are what the buttons of the channel itself do, by name.

    `ask` runs a turn of the dialogue with a payload. `more_ticks` tells whether the next update of
    a chat taps the same checklist: then the picture is drawn once, at the end.
    """

    def __init__(
        self,
        engine: Engine,
        store: TelegramStore,
        speaker: Speaker,
        ask: Callable[[Talk, str], Awaitable[list[Said]]],
        more_ticks: Callable[[int, str], bool],
        acts: dict[str, Act],
    ) -> None:
        self._engine = engine
        self._store = store
        self._speaker = speaker
        self._outbox = speaker.outbox
        self._ask = ask
        self._more_ticks = more_ticks
        self._acts = acts

    async def press(self, talk: Talk, press: Press, only: frozenset[str] | None = None) -> bool:
        """Do what a button does; false when the button is not one of `only`.

        Raises Blocked, Undelivered, StoreError.
        """
        found = buttons.read_data(press.query.data)
        if found is None:
            press.answer(BUTTON_OLD)
            return True
        token, number = found
        keyboard = await in_thread(self._store.keyboard, token, talk.person)
        if keyboard is None:
            press.answer(BUTTON_OLD)
            return True
        if keyboard.content["kind"] == "checklist" and number >= buttons.SEND:
            if only is not None:
                return False
            await self._checklist(talk, press, keyboard, number)
            return True
        entry = buttons.entry_of(keyboard, number)
        if entry is None:
            press.answer(BUTTON_OLD)
        elif only is not None and entry["do"] not in only:
            return False
        else:
            await self._entry(talk, press, keyboard, number, entry)
        return True

    async def _entry(
        self, talk: Talk, press: Press, keyboard: Keyboard, number: int, entry: buttons.Entry
    ) -> None:
        match entry["do"]:
            case "turn":
                question = buttons.answers_a_question(keyboard, entry)
                await self._turn(talk, press, keyboard, number, entry, question)
            case "document":
                press.answer()
                await self._document(talk, entry)
            case "contact":
                press.answer()
                delivery = await self._outbox.send_contact(
                    talk.chat, entry["name"], entry["number"]
                )
                if delivery.number is not None:
                    talk.messages.append(delivery.number)
                if delivery.outcome is not Outcome.SENT:
                    await self._speaker.tell(talk, f"{entry['name']}: {entry['number']}")
            case "delete":
                await self._delete(talk, press, keyboard, int(entry["message"]))
            case "keep":
                press.answer(LEFT_THERE)
                await self._show(talk, press, None)
            case act:
                await self._act(talk, press, keyboard, number, entry, self._acts[act])

    async def _use(self, press: Press, keyboard: Keyboard, number: int) -> dict[str, Any] | None:
        """Use a button up and answer its press; its new state, or None when it was used before."""
        state = buttons.used(keyboard, number)
        if state is None or not await self._change(keyboard, state):
            press.answer(BUTTON_USED)
            return None
        press.answer()
        return state

    async def _act(
        self,
        talk: Talk,
        press: Press,
        keyboard: Keyboard,
        number: int,
        entry: buttons.Entry,
        act: Act,
    ) -> None:
        if await self._use(press, keyboard, number) is None:
            return
        await self._show(talk, press, buttons.chosen_markup(keyboard, str(entry["title"])))
        await act(talk, entry)

    async def _turn(
        self,
        talk: Talk,
        press: Press,
        keyboard: Keyboard,
        number: int,
        entry: buttons.Entry,
        question: bool,
    ) -> None:
        state = await self._use(press, keyboard, number)
        if state is None:
            return
        said = await self._ask(talk, entry["payload"])
        if any((one.reply or {}).get("kind") in {"safe_message", "busy"} for one in said):
            # nothing was kept of it: the button may be pressed again
            await in_thread(
                self._store.change_keyboard,
                Keyboard(keyboard.token, keyboard.content, state),
                keyboard.state,
            )
            question = False
        await self._speaker.say(talk, said)
        if question:
            await self._show(talk, press, buttons.chosen_markup(keyboard, str(entry["title"])))

    async def _checklist(self, talk: Talk, press: Press, keyboard: Keyboard, number: int) -> None:
        if buttons.is_closed(keyboard):
            press.answer(BUTTON_USED)
            return
        if number == buttons.SEND:
            payload = buttons.checklist_payload(keyboard)
            if payload is None:
                press.answer(NOTHING_TICKED)
                return
            entry = {"title": BUTTONS["send_ticks"], "payload": payload}
            await self._turn(talk, press, keyboard, number, entry, question=True)
            return
        state = buttons.toggled(keyboard, number)
        if state is None:
            press.answer(BUTTON_OLD)
            return
        if not await self._change(keyboard, state):
            press.answer(BUTTON_USED)
            return
        press.answer(buttons.tick_said(keyboard, state, number))
        if not self._more_ticks(talk.chat, keyboard.token):
            changed = Keyboard(keyboard.token, keyboard.content, state)
            await self._show(talk, press, buttons.markup(changed))

    async def _document(self, talk: Talk, entry: buttons.Entry) -> None:
        try:
            async with self._speaker.typing(talk.chat, ChatAction.UPLOAD_DOCUMENT):
                document = await self._engine.document(talk.conversation, entry["kind"])
        except NoDocumentError as reason:
            await self._speaker.tell(talk, str(reason))
            return
        except Exception as error:
            log.error("A document failed: %s", type(error).__name__)
            await self._speaker.tell(talk, NO_DOCUMENT, [entry])
            return
        delivery = await self._outbox.send_document(talk.chat, document)
        if delivery.number is not None:
            talk.messages.append(delivery.number)
        if delivery.outcome is not Outcome.SENT:
            unsure = delivery.outcome is Outcome.UNSURE
            await self._speaker.tell(talk, UNSURE if unsure else NO_DOCUMENT, [entry], surely=True)

    async def _delete(self, talk: Talk, press: Press, keyboard: Keyboard, message: int) -> None:
        if await self._outbox.delete(talk.chat, [message]):
            press.answer(DELETED)
            await self._show(talk, press, buttons.chosen_markup(keyboard, DELETED))
        else:
            press.answer()
            await self._speaker.tell(talk, NOT_DELETED)

    async def _change(self, keyboard: Keyboard, state: dict[str, Any]) -> bool:
        return await in_thread(self._store.change_keyboard, keyboard, state)

    async def _show(self, talk: Talk, press: Press, markup: InlineKeyboardMarkup | None) -> None:
        """Change the buttons under the message that was pressed."""
        if press.query.message is not None:
            await self._outbox.show_buttons(talk.chat, press.query.message.message_id, markup)
