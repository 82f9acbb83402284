"""The menu's commands, and the channel's own buttons."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.telegram import buttons, wording
from bot.channels.telegram.pressing import Act
from bot.channels.telegram.speaking import Speaker, Talk
from bot.guidance.load import Guidance
from bot.serving.engine import Engine, Said
from bot.store.accounts import Accounts, Redeemed
from bot.store.patience import in_thread
from bot.store.telegram import TelegramStore

_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command: its name in small letters, and what stands after it."""

    name: str
    rest: str


def command_of(text: str | None) -> Command | None:
    """The command that a message is, or None when it is a message like any other."""
    found = _COMMAND.fullmatch((text or "").strip())
    return Command(found[1].lower(), (found[2] or "").strip()) if found else None


class Commands:
    """Runs commands. `ask` runs a turn of the dialogue with a payload."""

    def __init__(
        self,
        engine: Engine,
        guidance: Guidance,
        accounts: Accounts,
        store: TelegramStore,
        speaker: Speaker,
        ask: Callable[[Talk, str], Awaitable[list[Said]]],
        is_open: bool,
    ) -> None:
        self._engine = engine
        self._guidance = guidance
        self._accounts = accounts
        self._store = store
        self._speaker = speaker
        self._ask = ask
        self._open = is_open

    async def run(self, talk: Talk, command: Command) -> None:
        """Run a command. Raises Blocked, Undelivered, StoreError."""
        match command.name:
            case "start":
                await self._start(talk, command.rest)
            case "help":
                await self._turn(talk, "/help")
            case "screen":
                await self._turn(talk, "/start_screening")
            case "resume":
                await self._turn(talk, "/screening_resume")
            case "contacts":
                await self._turn(talk, '/ask{"topic": "who_to_ring"}')
            case "area":
                await self._area(talk, command.rest)
            case "privacy":
                await self._speaker.notice(talk)
            case "forget":
                await self._forget(talk)
            case "stop":
                entries: list[buttons.Entry] = [
                    {"title": wording.BUTTONS["pause"], "do": "pause"},
                    {"title": wording.BUTTONS["leave_now"], "do": "leave"},
                    {"title": wording.BUTTONS["stay"], "do": "stay"},
                ]
                await self._speaker.tell(talk, wording.STOP, entries)
            case _:
                await self._speaker.tell(talk, f"{wording.UNKNOWN_COMMAND} {wording.IN_DANGER}")

    async def redeem(self, talk: Talk, code: str) -> bool:
        """Let somebody in by a code; true when they are in and were welcomed."""
        done = await in_thread(self._accounts.redeem, talk.person, code)
        if done is Redeemed.REFUSED:
            return False
        await self._welcome(talk)
        return True

    def acts(self) -> dict[str, Act]:
        """What the channel's own buttons do."""

        async def area(talk: Talk, entry: buttons.Entry) -> None:
            await self._set_area(talk, str(entry["area"]))

        async def confirm(talk: Talk, entry: buttons.Entry) -> None:
            await in_thread(self._accounts.confirm, talk.person)
            await self._speaker.tell(talk, wording.CONFIRMED)

        async def leave(talk: Talk, entry: buttons.Entry) -> None:
            await self._leave(talk)

        async def stay(talk: Talk, entry: buttons.Entry) -> None:
            await self._speaker.tell(talk, wording.STAYED)

        async def pause(talk: Talk, entry: buttons.Entry) -> None:
            await self._turn(talk, "/screening_stop")

        async def again(talk: Talk, entry: buttons.Entry) -> None:
            await self._speaker.again(talk, str(entry["key"]))

        return {
            "area": area, "confirm": confirm, "leave": leave, "stay": stay, "pause": pause,
            "again": again,
        }  # fmt: skip

    def area_entries(self) -> list[buttons.Entry]:
        """A button for each area."""
        return [
            {"title": area.name, "do": "area", "area": area.id}
            for area in self._guidance.areas.values()
        ]

    async def _start(self, talk: Talk, rest: str) -> None:
        if rest:
            # a second invitation is not used up by somebody who is in already
            await self._speaker.tell(talk, wording.WELCOME_BACK)
            return
        await self._welcome(talk)

    async def _welcome(self, talk: Talk) -> None:
        await self._speaker.notice(talk)
        await self._turn(talk, "/greet")

    async def _turn(self, talk: Talk, payload: str) -> None:
        await self._speaker.say(talk, await self._ask(talk, payload))

    async def _area(self, talk: Talk, named: str) -> None:
        if not named:
            await self._speaker.tell(talk, wording.CHOOSE_AREA, self.area_entries())
            return
        areas = self._guidance.areas.values()
        wanted = named.casefold().strip(" .")
        found = next((one for one in areas if wanted in {one.id, one.name.casefold()}), None)
        if found is None:
            await self._speaker.tell(talk, wording.AREA_UNKNOWN, self.area_entries())
            return
        await self._set_area(talk, found.id)

    async def _set_area(self, talk: Talk, area: str) -> None:
        await in_thread(self._accounts.set_area, talk.person, area)
        talk.area = area
        await self._turn(talk, f"/in_area{json.dumps({'area': area})}")

    async def _forget(self, talk: Talk) -> None:
        deleted = await self._erase(talk)
        await self._speaker.tell(talk, wording.FORGOTTEN if deleted else wording.FORGOTTEN_PARTLY)

    async def _leave(self, talk: Talk) -> None:
        await self._erase(talk)
        await in_thread(self._accounts.remove, talk.person)
        await self._speaker.tell(talk, wording.LEFT_OPEN if self._open else wording.LEFT)
        # nothing is noted any more, not even the numbers of messages
        talk.messages.clear()

    async def _erase(self, talk: Talk) -> bool:
        """Delete the conversation here, and its messages there; true when Telegram did it all."""
        await self._engine.forget(talk.conversation)
        numbers = await in_thread(self._store.messages, talk.person)
        await in_thread(self._store.forget, talk.person)
        self._speaker.forget(talk.person)
        deleted = await self._speaker.outbox.delete(talk.chat, [*numbers, *talk.messages])
        talk.messages.clear()
        return deleted
