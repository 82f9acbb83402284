"""Messages out, with all that Telegram may do to them. One chat's trouble delays no other chat.

A call that surely did not arrive (no connection, told to wait) is tried again. After anything
unclear (a dropped connection, a bad gateway, no answer) a message may have arrived: it is not sent
a second time; the caller is told that it is unsure. Calls that may be repeated safely are repeated.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from io import BytesIO

import httpx
from aiolimiter import AsyncLimiter
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.rendering import entities
from bot.channels.telegram.splitting import Part
from bot.serving.engine import Document

#: Messages a second that Telegram takes from one bot.
PER_SECOND = 30
#: Seconds for which one message is tried, before its chat is given up for now.
PATIENCE = 180.0
#: Seconds for which the answer to a pressed button is tried: Telegram takes none much later.
BUTTON_PATIENCE = 15.0
#: Seconds between the first two tries, doubled up to the longest.
FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0
#: Most messages that Telegram deletes in one call.
MOST_DELETED = 100

log = logging.getLogger(__name__)


class Blocked(Exception):  # noqa: N818 - a fact, not a fault
    """The person has blocked the bot, or the chat is no more."""


class Undelivered(Exception):  # noqa: N818 - a fact, not a fault
    """Telegram could not be reached for so long that the message was given up for now."""


class Outcome(Enum):
    """What became of a message: sent, perhaps sent, or refused by Telegram."""

    SENT = "sent"
    UNSURE = "unsure"
    REFUSED = "refused"


@dataclass(frozen=True)
class Delivery:
    """The outcome and, where it is known, the message's number."""

    outcome: Outcome
    number: int | None = None


class Outbox:
    """Sends through a bot. `per_second` limits all messages together, `patience` one message.

    `protect`: messages cannot be forwarded or saved (files always can).
    """

    def __init__(
        self,
        bot: Bot,
        per_second: float = PER_SECOND,
        patience: float = PATIENCE,
        protect: bool = True,
    ) -> None:
        self._bot = bot
        self._pace = AsyncLimiter(per_second, 1)
        self._patience = patience
        self._protect = protect

    async def send(
        self,
        chat: int,
        part: Part,
        markup: InlineKeyboardMarkup | None = None,
        surely: bool = False,
    ) -> Delivery:
        """Send a message. `surely`: twice is better than not at all.

        What Telegram refuses is sent plainly, then without its buttons: whatever was wrong with
        its looks, the words matter more. Raises Blocked, Undelivered.
        """

        async def message(styled: bool, buttons: bool) -> Message:
            return await self._bot.send_message(
                chat, part.text, reply_markup=markup if buttons else None,
                entities=entities(part) if styled else None, protect_content=self._protect,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )  # fmt: skip

        for styled, buttons in ((True, True), (False, True), (False, False)):
            delivery = await self._deliver(partial(message, styled, buttons), surely)
            if delivery.outcome is not Outcome.REFUSED:
                break
        return delivery

    async def send_contact(self, chat: int, name: str, number: str) -> Delivery:
        """Send a contact card that can be rung at a tap. Raises Blocked, Undelivered."""
        return await self._deliver(
            lambda: self._bot.send_contact(
                chat, phone_number=number, first_name=name[:64], protect_content=self._protect
            )
        )

    async def send_document(self, chat: int, document: Document) -> Delivery:
        """Send a file, which may be saved and passed on. Raises Blocked, Undelivered."""
        return await self._deliver(
            lambda: self._bot.send_document(
                chat, BytesIO(document.content), filename=document.name, protect_content=False
            )
        )

    async def show_buttons(
        self, chat: int, number: int, markup: InlineKeyboardMarkup | None
    ) -> None:
        """Change the buttons of a message in place. Raises Blocked, Undelivered."""
        await self._repeat(
            lambda: self._bot.edit_message_reply_markup(
                chat_id=chat, message_id=number, reply_markup=markup
            )
        )

    async def delete(self, chat: int, numbers: Iterable[int]) -> bool:
        """Delete messages; true when Telegram did it with all of them. Raises Undelivered."""
        wanted = sorted(set(numbers))
        done = True
        for start in range(0, len(wanted), MOST_DELETED):
            some = wanted[start : start + MOST_DELETED]
            try:
                if not await self._delete(chat, some):
                    # one that cannot be deleted must not keep the others
                    for one in some if len(some) > 1 else ():
                        done = await self._delete(chat, [one]) and done
                    done = done and len(some) > 1
            except Blocked:
                done = False
        return done

    async def answer_button(self, query: str, text: str | None = None) -> None:
        """Answer a pressed button, with a few words or without. Raises nothing of Telegram's."""
        try:
            await self._repeat(
                lambda: self._bot.answer_callback_query(query, text=text), patience=BUTTON_PATIENCE
            )
        except (Blocked, Undelivered):
            log.warning("A button could not be answered.")

    async def leave(self, chat: int) -> None:
        """Leave a group or channel."""
        try:
            await self._repeat(lambda: self._bot.leave_chat(chat), patience=30)
        except (Blocked, Undelivered):
            log.warning("A group could not be left.")

    async def typing(self, chat: int, action: ChatAction = ChatAction.TYPING) -> None:
        """Show that an answer is under way. Raises nothing of Telegram's, and is never repeated."""
        try:
            await self._bot.send_chat_action(chat, action)
        except TelegramError as error:
            log.debug("No typing action: %s", type(error).__name__)

    async def _delete(self, chat: int, numbers: list[int]) -> bool:
        return bool(await self._repeat(lambda: self._bot.delete_messages(chat, numbers)))

    async def _deliver(
        self, call: Callable[[], Awaitable[Message]], surely: bool = False
    ) -> Delivery:
        """Make a call that must not be repeated when it may have arrived."""
        tries = _Tries(self._patience)
        while True:
            try:
                async with self._pace:
                    message = await call()
            except BadRequest as error:
                if _is_gone(error):
                    raise Blocked from None
                log.warning("Telegram refused a message: %s", type(error).__name__)
                return Delivery(Outcome.REFUSED)
            except (Forbidden, ChatMigrated):
                raise Blocked from None
            except TelegramError as error:
                if not (surely or surely_not_sent(error)):
                    return Delivery(Outcome.UNSURE)
                await tries.wait(error)
                continue
            return Delivery(Outcome.SENT, message.message_id)

    async def _repeat(
        self, call: Callable[[], Awaitable[object]], patience: float | None = None
    ) -> object:
        """Make a call that does no harm when it is made twice; None where Telegram refuses it."""
        tries = _Tries(patience or self._patience)
        while True:
            try:
                return await call()
            except BadRequest:
                # done already, too old, or not ours to change
                return None
            except (Forbidden, ChatMigrated):
                raise Blocked from None
            except TelegramError as error:
                await tries.wait(error)


class _Tries:
    """How long one call has been tried."""

    def __init__(self, patience: float) -> None:
        self._ends = time.monotonic() + patience
        self._next = FIRST_WAIT

    async def wait(self, error: TelegramError) -> None:
        """Wait before the next try. Raises Undelivered when the time is up."""
        pause = retry_after(error) if isinstance(error, RetryAfter) else self._next
        self._next = min(self._next * 2, LONGEST_WAIT)
        if time.monotonic() + pause > self._ends:
            raise Undelivered from None
        await asyncio.sleep(pause)


def retry_after(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    return float(error._retry_after.total_seconds())


def surely_not_sent(error: TelegramError) -> bool:
    """Whether a call that failed so cannot have had an effect."""
    if isinstance(error, RetryAfter | InvalidToken | Conflict):
        return True
    return isinstance(error, NetworkError) and isinstance(
        error.__cause__,
        httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError,
    )


def _is_gone(error: BadRequest) -> bool:
    return "chat not found" in str(error).lower()
