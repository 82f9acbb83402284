"""What is said to an update of Telegram: who may ask, commands, messages, and everything else."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Literal

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType

from bot.channels.limits import Limiter, Rate
from bot.channels.telegram import buttons, wording
from bot.channels.telegram.commands import Commands, command_of
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.outbox import Blocked, Undelivered
from bot.channels.telegram.pressing import Press, Pressing
from bot.channels.telegram.received import kind_of, offer_to_delete
from bot.channels.telegram.speaking import Speaker, Talk
from bot.guidance.load import Guidance
from bot.guidance.reply import Reply
from bot.privacy import reminder
from bot.serving.engine import Engine, Said, said_of
from bot.serving.places import Busy
from bot.store.accounts import Account, Accounts
from bot.store.errors import StoreError
from bot.store.patience import in_thread
from bot.store.telegram import TelegramStore

#: How often one person may ask, and how often somebody who may not use this is told so.
ASKING, TURNED_AWAY = Rate(burst=60, per_second=1), Rate(burst=12, per_second=1 / 30)
#: How often somebody is told to ask less often.
TOLD = Rate(burst=2, per_second=0.1)
#: Seconds for which an album is known over all workers.
ALBUM = 600
#: Turns of the dialogue at a time: a burst from many chats must not make each of them too slow.
TURNS = 8
#: What may be pressed before somebody has confirmed that the work still is theirs.
_BEFORE_CONFIRMING = frozenset({"confirm", "leave"})

log = logging.getLogger(__name__)


class Dialogue:
    """Answers updates, one at a time for each chat.

    `access`: who is let in. `following` gives the update that comes next in a chat, if it waits
    already.
    """

    def __init__(
        self,
        engine: Engine,
        guidance: Guidance,
        accounts: Accounts,
        store: TelegramStore,
        speaker: Speaker,
        identity: Identity,
        access: Literal["invitation", "open"],
        following: Callable[[int], Update | None],
    ) -> None:
        self._engine = engine
        self._guidance = guidance
        self._accounts = accounts
        self._store = store
        self._speaker = speaker
        self._outbox = speaker.outbox
        self._identity = identity
        self._open = access == "open"
        self._following = following
        self._turns = asyncio.Semaphore(TURNS)
        together = engine.shared.rates if engine.shared else None
        self._asking = Limiter("telegram asking", ASKING, together)
        self._told = Limiter("telegram told", TOLD, together)
        self._turned_away = Limiter("telegram turned away", TURNED_AWAY, together)
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._presses: dict[int, Press] = {}
        self._commands = Commands(
            engine, guidance, accounts, store, speaker, self._ask, is_open=self._open
        )
        self._pressing = Pressing(
            engine, store, speaker, self._ask, self._more_ticks, self._commands.acts()
        )

    def notice(self, update: Update) -> None:
        """See an update before its turn has come, so that a press is not left waiting."""
        if update.callback_query is not None:
            self._presses[update.update_id] = Press(self._outbox, update.callback_query)

    async def handle(self, update: Update) -> None:
        """Answer an update and note that it is done with. What fails becomes the safe message."""
        talk = self._talk(update)
        press = self._presses.pop(update.update_id, None)
        try:
            if talk is not None:
                await self._answered(update, talk, press)
        except Blocked:
            if talk is not None:
                await in_thread(self._accounts.suspend, talk.person)
        except Undelivered:
            # left unfinished: the person is told when Telegram can be reached again
            log.error("Telegram could not be reached for too long; an answer was given up.")
            return
        except asyncio.CancelledError:
            if press is not None:
                press.drop()
            raise
        finally:
            if press is not None:
                await press.answered()
        await in_thread(
            self._store.handled,
            update.update_id,
            talk.person if talk else None,
            talk.messages if talk else (),
        )

    async def refuse(self, update: Update) -> None:
        """Say that there is no room for an update, once in a while for each chat."""
        talk = self._talk(update)
        press = self._presses.pop(update.update_id, None)
        try:
            if press is not None:
                press.answer(wording.FULL[:190])
                await press.answered()
            elif talk is not None and not await self._told.take(f"full {talk.person}"):
                await self._speaker.tell(talk, wording.FULL, surely=True)
        except (Blocked, Undelivered):
            log.warning("Somebody could not be told that there is no room.")
        await in_thread(self._store.handled, update.update_id, None, ())

    def drop(self) -> None:
        """Leave the presses whose turn has not come: nothing is answered any more."""
        for press in self._presses.values():
            press.drop()
        self._presses.clear()

    async def own_up(self, numbers: Collection[int], chat: int) -> None:
        """Tell somebody whose updates were taken and never answered to send them again."""
        if chat > 0:
            talk = Talk(chat, self._identity.person(chat), self._identity.conversation(chat))
            try:
                if await self._account(talk) is None:
                    await self._speaker.not_invited(talk)
                else:
                    await self._speaker.tell(talk, wording.INTERRUPTED, surely=True)
            except Blocked:
                await in_thread(self._accounts.suspend, talk.person)
            await in_thread(self._store.remember, talk.person, talk.messages)
        for number in numbers:
            await in_thread(self._store.handled, number, None, ())

    # Who it is, and whether they may

    def _talk(self, update: Update) -> Talk | None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or user.is_bot:
            return None
        talk = Talk(chat.id, self._identity.person(user.id), self._identity.conversation(user.id))
        said = update.message or update.edited_message
        if said is not None and chat.type == ChatType.PRIVATE:
            talk.messages.append(said.message_id)
        return talk

    async def _answered(self, update: Update, talk: Talk, press: Press | None) -> None:
        try:
            await self._answer(update, talk, press)
        except StoreError as error:
            log.error("The database failed: %s", type(error).__name__)
            await self._speaker.safe(talk)
        except (Blocked, Undelivered):
            raise
        except Exception as error:
            # the class alone: a message could hold what was typed
            log.error("An answer failed: %s", type(error).__name__)
            await self._speaker.safe(talk)

    async def _answer(self, update: Update, talk: Talk, press: Press | None) -> None:
        if update.my_chat_member is not None:
            await self._membership(talk, update.my_chat_member)
            return
        chat = update.effective_chat
        if chat is None or chat.type != ChatType.PRIVATE:
            await self._group(talk, chat is not None and chat.type != ChatType.CHANNEL)
            return
        account = await self._account(talk)
        said = update.message
        if account is None and not self._open:
            await self._stranger(talk, said)
            return
        if await self._asking.take(talk.person):
            if press is not None:
                press.answer(wording.TOO_MANY)
            elif not await self._told.take(talk.person):
                await self._speaker.tell(talk, wording.TOO_MANY)
            return
        if account is None:
            await in_thread(self._accounts.admit, talk.person)
            command = command_of(said.text if said else None)
            if command is None or command.name not in {"start", "privacy"}:
                await self._speaker.notice(talk)
        else:
            talk.area = account.area
        if account is not None and account.needs_confirmation:
            await self._unconfirmed(talk, said, press)
        elif press is not None:
            await self._pressing.press(talk, press)
        elif update.edited_message is not None:
            await self._edited(talk, update.edited_message)
        elif said is not None:
            await self._message(talk, said)

    async def _account(self, talk: Talk) -> Account | None:
        return await in_thread(self._accounts.find, talk.person)

    async def _stranger(self, talk: Talk, said: Message | None) -> None:
        """Let somebody in by a code, or say what everybody reads who may not use this."""
        command = command_of(said.text if said else None)
        invited = command.rest if command and command.name == "start" else ""
        if invited and await self._commands.redeem(talk, invited):
            return
        if not await self._turned_away.take(talk.person):
            await self._speaker.not_invited(talk)
        # nothing is kept about somebody who may not use this
        talk.messages.clear()

    async def _unconfirmed(self, talk: Talk, said: Message | None, press: Press | None) -> None:
        if press is not None and await self._pressing.press(talk, press, _BEFORE_CONFIRMING):
            return
        command = command_of(said.text if said else None)
        if command and command.name in {"forget", "privacy", "stop"}:
            await self._commands.run(talk, command)
            return
        entries: list[buttons.Entry] = [
            {"title": wording.BUTTONS[name], "do": name} for name in ("confirm", "leave")
        ]
        await self._speaker.tell(talk, f"{wording.MUST_CONFIRM} {wording.IN_DANGER}", entries)

    async def _membership(self, talk: Talk, change: ChatMemberUpdated) -> None:
        status = change.new_chat_member.status
        if change.chat.type == ChatType.PRIVATE:
            if status == ChatMember.BANNED:
                await in_thread(self._accounts.suspend, talk.person)
        elif status in {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED}:
            await self._group(talk, change.chat.type != ChatType.CHANNEL)

    async def _group(self, talk: Talk, may_speak: bool) -> None:
        """Say once that this is for private chats, and leave."""
        if may_speak and not await self._told.take(f"group {talk.chat}"):
            await self._speaker.tell(talk, wording.PRIVATE_ONLY)
        # numbers of a group's messages do not belong to anybody's own chat
        talk.messages.clear()
        await self._outbox.leave(talk.chat)

    # Messages

    async def _message(self, talk: Talk, said: Message) -> None:
        command = command_of(said.text)
        if command is not None:
            await self._commands.run(talk, command)
        elif said.text is not None:
            await self._typed(talk, said.text, said.message_id)
        else:
            await self._unreadable(talk, said)

    async def _typed(self, talk: Talk, text: str, number: int) -> None:
        said = await self._turn(talk, text=text)
        # the turn has looked for them already: this asks nobody again
        kinds = await self._engine.details(text)
        if not kinds:
            await self._speaker.say(talk, said)
            return
        offer = offer_to_delete(number)
        if any((one.reply or {}).get("kind") == "privacy" for one in said):
            await self._speaker.say(talk, said, offer, more_on="privacy")
            return
        await self._speaker.say(talk, said)
        words = reminder(kinds, self._guidance).headline
        await self._speaker.tell(talk, f"{words} {wording.OFFER}", offer)

    async def _unreadable(self, talk: Talk, said: Message) -> None:
        """A kind word on what is not text; its caption is read like any text."""
        if said.media_group_id is not None and not said.caption:
            # one answer for an album, however many pictures it has
            if said.media_group_id in self._albums:
                return
            self._albums[said.media_group_id] = None
            if len(self._albums) > 1_000:
                self._albums.popitem(last=False)
            shared = self._engine.shared
            if shared and not await shared.rates.first("album", said.media_group_id, ALBUM):
                return
        kind = kind_of(said)
        if kind is None:
            # something that Telegram itself notes, such as a pinned message
            return
        offer = offer_to_delete(said.message_id) if kind != "sticker" else []
        areas = self._commands.area_entries() if kind == "location" else []
        text = f"{wording.UNREADABLE[kind]} {wording.IN_DANGER}"
        await self._speaker.tell(talk, text, [*areas, *offer])
        if said.caption:
            await self._typed(talk, said.caption, said.message_id)

    async def _edited(self, talk: Talk, said: Message) -> None:
        text = said.text or said.caption or ""
        kinds = await self._engine.details(text)
        words = f"{wording.EDITED} {wording.IN_DANGER}"
        if kinds:
            words += f"\n{reminder(kinds, self._guidance).headline} {wording.OFFER}"
        await self._speaker.tell(talk, words, offer_to_delete(said.message_id) if kinds else ())

    async def _ask(self, talk: Talk, payload: str) -> list[Said]:
        return await self._turn(talk, payload=payload)

    async def _turn(
        self, talk: Talk, text: str | None = None, payload: str | None = None
    ) -> list[Said]:
        try:
            async with self._speaker.typing(talk.chat), self._turns:
                return await self._engine.turn(
                    talk.conversation,
                    text=text,
                    payload=payload,
                    area=talk.area,
                    channel="telegram",
                )
        except Busy:
            return [said_of(Reply("busy", wording.FULL))]

    def _more_ticks(self, chat: int, token: str) -> bool:
        following = self._following(chat)
        query = following.callback_query if following else None
        found = buttons.read_data(query.data) if query else None
        return found is not None and found[0] == token and found[1] > buttons.SEND
