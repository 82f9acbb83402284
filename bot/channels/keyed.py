"""The channel for other programs: Rasa's REST form, for those who have the key.

`waymark serve` has it when WAYMARK_REST_KEY is set; `rasa run` has it through `KeyedInput` in
credentials.yml. Both go through the engine, so that nothing typed is stored there either.
"""

from __future__ import annotations

import asyncio
import hmac
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.door import address_of
from bot.channels.limits import Limiter, Limits, TakesTogether
from bot.channels.messages import LARGEST_BODY, Refused, read_json, read_message
from bot.channels.once import PATIENCE
from bot.channels.responses import json_response, refusal
from bot.guidance.load import load_guidance
from bot.serving.engine import Engine
from bot.serving.places import Busy
from bot.serving.settings import SettingError, secret_of

#: Longest name of a sender, in characters.
LONGEST_SENDER = 200


class KeyedChannel:
    """Answers `{"sender", "message"}` with a list of messages, to those who send the key.

    `engine_of` gives the engine; without a `key` everything is refused. A sender is a name within
    this channel: it leads to no conversation of another one. `together` counts how often one asks
    over all workers.
    """

    def __init__(
        self,
        engine_of: Callable[[Request], Awaitable[Engine]],
        key: bytes | None,
        limits: Limits | None = None,
        together: TakesTogether | None = None,
    ) -> None:
        self._engine_of = engine_of
        self._key = key
        self._by_address = Limiter("keyed", (limits or Limits()).address, together)

    def blueprint(self, path: str) -> Blueprint:
        """The one route of the channel, at `path`."""
        routes = Blueprint("keyed")

        async def webhook(request: Request) -> HTTPResponse:
            try:
                return await self._answer(request)
            except Refused as refused:
                return refusal(refused.name, refused.headers)
            except TimeoutError:
                return refusal("too_slow", {"Retry-After": "2"})

        routes.add_route(webhook, path, methods=("POST",), name="webhook")
        return routes

    async def _answer(self, request: Request) -> HTTPResponse:
        wait = await self._by_address.take(address_of(request))
        if wait:
            raise Refused("too_many", wait)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._key is None or not hmac.compare_digest(given.encode(), self._key):
            raise Refused("no_key")
        if len(request.body) > LARGEST_BODY:
            raise Refused("too_large")
        data = read_json(request.body)
        sender = data.get("sender")
        if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER:
            raise Refused("not_understood")
        # typed text stays text, also with a slash before it; a button is named as such
        message = read_message(
            {
                "text": data.get("message"),
                "payload": data.get("payload"),
                "area": data.get("area"),
            }
        )
        engine = await self._engine_of(request)
        turn = engine.turn(
            self._conversation(sender),
            text=message.text,
            payload=message.payload,
            area=message.area,
            channel="rest",
        )
        try:
            said = await asyncio.wait_for(turn, PATIENCE)
        except Busy as busy:
            raise Refused("busy", busy.wait) from None
        return json_response(
            [
                {
                    "recipient_id": sender,
                    "text": one.text,
                    "buttons": list(one.buttons),
                    "custom": {"reply": one.reply},
                }
                for one in said
            ]
        )

    def _conversation(self, sender: str) -> str:
        assert self._key is not None
        return f"rest-{hmac.digest(self._key, sender.encode(), 'sha256').hex()[:32]}"


class KeyedInput(InputChannel):
    """The channel for `rasa run`. Without WAYMARK_REST_KEY it refuses everything."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    @classmethod
    def name(cls) -> str:
        """Its place in the address: /webhooks/rest/webhook, as Rasa's own has it."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> KeyedInput:
        """The channel; the key comes from the environment only, never from credentials.yml."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The route. Raises SystemExit when Rasa was started in a way that lets anyone in."""
        unsafe = unsafe_options(sys.argv)
        if unsafe:
            raise SystemExit(unsafe)
        try:
            key = secret_of("WAYMARK_REST_KEY")
        except SettingError as error:
            raise SystemExit(str(error)) from error
        return KeyedChannel(self._engine_of, key).blueprint("/webhook")

    async def _engine_of(self, request: Request) -> Engine:
        if self._engine is None:
            agent = request.app.ctx.agent
            self._engine = await asyncio.to_thread(lambda: Engine(agent, load_guidance()))
        return self._engine


def unsafe_options(words: list[str]) -> str | None:
    """What is not safe in the words of a `rasa run` command, in a sentence, or None."""
    if "--enable-api" in words:
        return (
            "Rasa's API gives every conversation to whoever asks for it, so Waymark does not run "
            "with --enable-api. Leave it out."
        )
    if any(one == "*" or one == "--cors=*" for one in words):
        return (
            "With --cors “*” any site in the world could use the guide as its own. Name the sites, "
            "or leave it out."
        )
    return None
