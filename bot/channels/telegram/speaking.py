"""Says things in a chat: renders, keeps the buttons, sends in order, and owns up when unsure."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from telegram.constants import ChatAction

from bot.channels.kept import truly_kept
from bot.channels.telegram.buttons import Entry, choices, keyboard_of, markup
from bot.channels.telegram.outbox import Delivery, Outbox, Outcome
from bot.channels.telegram.rendering import render
from bot.channels.telegram.splitting import Part
from bot.channels.telegram.wording import (
    BUTTONS,
    GONE,
    NOT_INVITED_CLOSING,
    NOT_INVITED_TITLE,
    NOTHING_TYPED,
    NOTICE,
    NOTICE_TITLE,
    UNSURE,
)
from bot.guidance.answering import Citations, contact_card
from bot.guidance.load import NEEDED_CONTACTS, Guidance
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.reply import Reply, Statement
from bot.guidance.safe_message import safe_message
from bot.serving.engine import Said, said_of
from bot.store.patience import in_thread
from bot.store.telegram import Keyboard, TelegramStore

#: Seconds before the typing action is first shown, and between two of them: it fades after five.
TYPING_AFTER, TYPING_EVERY = 0.25, 4.5
#: Messages of which it is not sure that they arrived, remembered in memory at a time.
MOST_UNSURE = 500


@dataclass
class Talk:
    """The chat of one update: who it is with, and the numbers of the messages that went by.

    `area` is the area that the person has chosen, if any.
    """

    chat: int
    person: str
    conversation: str
    area: str | None = None
    messages: list[int] = field(default_factory=list)


Message = tuple[Part, Keyboard | None]


class Speaker:
    """Speaks through an outbox. `hours`: how long a conversation is kept, for the notice."""

    def __init__(
        self, outbox: Outbox, store: TelegramStore, guidance: Guidance, hours: float
    ) -> None:
        self.outbox = outbox
        self._store = store
        self._guidance = guidance
        self._hours = hours
        self._unsure: OrderedDict[str, tuple[str, list[Message]]] = OrderedDict()

    async def say(
        self,
        talk: Talk,
        said: Sequence[Said],
        more: Sequence[Entry] = (),
        more_on: str | None = None,
    ) -> None:
        """Say what the dialogue said. `more` buttons stand under the message of kind `more_on`,
        else under the last one.

        Raises Blocked, Undelivered, StoreError.
        """
        at = len(said) - 1
        if more_on is not None:
            at = next(n for n, one in enumerate(said) if (one.reply or {}).get("kind") == more_on)
        messages: list[Message] = []
        for number, one in enumerate(said):
            keyboard = keyboard_of(one, more if number == at else ())
            *first, last = render(one)
            messages += [(part, None) for part in first]
            messages.append((last, keyboard))
        await self._send(talk, messages)

    async def tell(
        self, talk: Talk, text: str, entries: Sequence[Entry] = (), surely: bool = False
    ) -> None:
        """Say a sentence of the channel's own. `surely`: twice is better than not at all."""
        await self._send(talk, [(Part(text), choices(entries))], surely)

    async def notice(self, talk: Talk) -> None:
        """Say what anybody must know before typing here."""
        hours = f"{self._hours:g}"
        typed = truly_kept(NOTHING_TYPED)
        points = tuple(Statement(line.format(hours=hours, typed=typed)) for line in NOTICE)
        await self.say(talk, [said_of(Reply("notice", NOTICE_TITLE, points=points))])

    async def not_invited(self, talk: Talk) -> None:
        """What everybody reads who may not use this: always the same, with whom to ring."""
        citations = Citations(self._guidance, dt.date.today())
        names = [*NEEDED_CONTACTS, "childline"]
        contacts = [self._guidance.contacts[one] for one in names if one in self._guidance.contacts]
        for contact in contacts:
            citations.add(contact.cite)
        reply = Reply(
            "not_invited",
            NOT_INVITED_TITLE,
            contacts=tuple(contact_card(one) for one in contacts),
            sources=citations.lines(),
            closing=NOT_INVITED_CLOSING,
        )
        # no buttons: nothing is kept about somebody who may not use this
        await self._send(talk, [(part, None) for part in render(said_of(reply))], surely=True)

    async def safe(self, talk: Talk) -> None:
        """The safe message, without anything that needs the database."""
        area: AreaId | None = next((one for one in AREA_IDS if one == talk.area), None)
        reply = safe_message(self._guidance, area, Citations(self._guidance, dt.date.today()))
        for part in render(said_of(reply)):
            self._note(talk, await self.outbox.send(talk.chat, part, surely=True))

    async def again(self, talk: Talk, key: str) -> None:
        """Show messages again of which it was not sure that they had arrived."""
        person, messages = self._unsure.pop(key, (None, []))
        if person != talk.person or not messages:
            await self.tell(talk, GONE)
            return
        await self._send(talk, messages, kept=True)

    def forget(self, person: str) -> None:
        """Forget what was to be shown again."""
        for key in [one for one, (whose, _) in self._unsure.items() if whose == person]:
            del self._unsure[key]

    @contextlib.asynccontextmanager
    async def typing(
        self, chat: int, action: ChatAction = ChatAction.TYPING
    ) -> AsyncIterator[None]:
        """Show that an answer is under way, for as long as it takes."""

        async def show() -> None:
            await asyncio.sleep(TYPING_AFTER)
            while True:
                await self.outbox.typing(chat, action)
                await asyncio.sleep(TYPING_EVERY)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()

    async def _send(
        self, talk: Talk, messages: Sequence[Message], surely: bool = False, kept: bool = False
    ) -> None:
        keyboards = [one for _, one in messages if one is not None]
        unsure: list[Message] = []
        keeping: asyncio.Future[None] | None = None
        try:
            for part, keyboard in messages:
                shown = markup(keyboard) if keyboard else None
                delivery = await self.outbox.send(talk.chat, part, shown, surely)
                if keyboards and not kept and keeping is None:
                    # once the first is out, beside the others: nobody waits for it, and what is
                    # pressed at once waits for the end of this turn
                    keeping = asyncio.ensure_future(
                        in_thread(self._store.keep_keyboards, talk.person, keyboards)
                    )
                self._note(talk, delivery)
                if delivery.outcome is not Outcome.SENT and not surely:
                    unsure.append((part, keyboard))
        finally:
            if keeping is not None:
                await keeping
        if unsure:
            await self._own_up(talk, unsure)

    async def _own_up(self, talk: Talk, messages: list[Message]) -> None:
        """Say that something may not have arrived or was refused; a button shows it again."""
        key = secrets.token_urlsafe(8)
        self._unsure[key] = (talk.person, messages)
        while len(self._unsure) > MOST_UNSURE:
            self._unsure.popitem(last=False)
        await self.tell(
            talk, UNSURE, [{"title": BUTTONS["again"], "do": "again", "key": key}], surely=True
        )

    @staticmethod
    def _note(talk: Talk, delivery: Delivery) -> None:
        if delivery.number is not None:
            talk.messages.append(delivery.number)
