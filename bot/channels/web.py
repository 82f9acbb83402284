"""The web channel: sessions, messages and the page, as one Sanic blueprint.

Nothing that is typed is logged, kept or sent back.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.limits import Buckets, Limits, address_key
from bot.channels.once import Once
from bot.channels.page_files import FILES, page_files
from bot.channels.plain_page import PlainPage, error_page
from bot.channels.responses import STATUSES, json_response, refusal, respond
from bot.channels.sessions import Session, SessionRefused, Sessions
from bot.serving.engine import Engine, Said

#: Longest body of a request, in bytes.
LARGEST_BODY = 16_384
#: A refused body is read and dropped up to here, so that the sender gets to see the refusal.
DRAINED = 1_000_000

_PAYLOAD = re.compile(r"/[a-z_]+(\{.*\})?", re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FORM_ID = re.compile(r"[A-Za-z0-9_-]{22}")

log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """A request that is not answered. `name` is one of responses.SENTENCES."""

    def __init__(self, name: str, wait: float = 0.0) -> None:
        super().__init__(name)
        self.name = name
        self.wait = wait

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, where that is known."""
        return {"Retry-After": str(math.ceil(self.wait))} if self.wait else {}


@dataclass(frozen=True)
class Message:
    """What came in one message: either typed `text` or a button's `payload`."""

    id: str
    text: str | None
    payload: str | None
    area: str | None


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Refused for anything else."""
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("not_understood") from None
    if not isinstance(data, dict):
        raise Refused("not_understood")
    return data


def read_message(data: dict[str, Any]) -> Message:
    """The message of an object. Raises Refused when a value is of the wrong kind."""
    text, payload, area, name = (data.get(key) for key in ("text", "payload", "area", "id"))
    if name is None:
        name = secrets.token_urlsafe(16)
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise Refused("not_understood")
    if (text is None) == (payload is None):
        raise Refused("not_understood")
    for value in (text, payload, area):
        if value is not None and (not isinstance(value, str) or "\0" in value):
            raise Refused("not_understood")
    if payload is not None and not is_payload(payload):
        raise Refused("not_understood")
    return Message(name, text, payload, area or None)


def is_payload(payload: str) -> bool:
    """Whether a payload has the form of a button's: `/intent` or `/intent{"entity": "value"}`."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return False
    try:
        values = json.loads(match.group(1) or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(values, dict) and all(isinstance(one, str) for one in values.values())


class WebChannel:
    """Answers requests with an engine. `areas` are the ids and names of the areas in order."""

    def __init__(
        self,
        engine: Engine,
        sessions: Sessions,
        areas: Sequence[tuple[str, str]],
        limits: Limits | None = None,
    ) -> None:
        rates = limits or Limits()
        self._engine = engine
        self._sessions = sessions
        self._by_session = Buckets(rates.session)
        self._by_address = Buckets(rates.address)
        self._new_sessions = Buckets(rates.new_sessions)
        self._replies: Once[bytes] = Once()
        self._pages: Once[list[Said]] = Once(most=1_000)
        self._salt = secrets.token_bytes(32)
        self._files = page_files(areas)
        self._plain = PlainPage(areas)

    def blueprint(self) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("web")
        reading, sending = ("GET", "HEAD"), ("POST",)
        for name, handler, path, methods in (
            ("index", self.index, "/", reading),
            ("favicon", self.favicon, "/favicon.ico", reading),
            ("file", self.file, "/page/<name:str>", reading),
            ("session", self.session, "/w/session", sending),
            ("message", self.message, "/w/message", sending),
            ("forget", self.forget, "/w/forget", sending),
            ("chat", self.chat, "/chat", reading),
            ("chat_form", self.chat_form, "/chat", sending),
        ):
            # Sanic writes on its handlers, which a bound method does not allow
            routes.add_route(partial(handler), path, methods=methods, name=name)
        return routes

    # The page

    async def index(self, request: Request) -> HTTPResponse:
        """The front page."""
        return self._files["index.html"].response(request)

    async def favicon(self, request: Request) -> HTTPResponse:
        """The icon, for browsers that ask for it unasked."""
        return self._files["icon.svg"].response(request)

    async def file(self, request: Request, name: str) -> HTTPResponse:
        """A file of the page."""
        if name not in FILES:
            return refusal("not_found")
        return self._files[name].response(request)

    # Messages

    async def session(self, request: Request) -> HTTPResponse:
        """A new session: `{"token", "expires"}`."""
        try:
            self._allow(self._new_sessions, _address(request))
        except Refused as refused:
            return refusal(refused.name, refused.headers)
        issued = self._sessions.issue()
        return json_response(
            {"token": issued.token, "expires": issued.expires.isoformat(timespec="seconds")}
        )

    async def message(self, request: Request) -> HTTPResponse:
        """One message, answered: `{"replies": [{"text", "buttons", "reply"}], "id"}`."""
        try:
            self._allow(self._by_address, _address(request))
            data = read_json(request.body)
            session = self._session_of(data.get("token"))
            self._allow(self._by_session, session.id)
            message = read_message(data)

            async def work() -> bytes:
                said = await self._turn(session, message)
                body = {"replies": [asdict(one) for one in said], "id": message.id}
                return json.dumps(body).encode()

            body = await self._replies.answer(session.id, message.id, work)
        except Refused as refused:
            return refusal(refused.name, refused.headers)
        except TimeoutError:
            return refusal("too_slow", {"Retry-After": "2"})
        return respond(body, "application/json")

    async def forget(self, request: Request) -> HTTPResponse:
        """End a session: its token is refused from now on and its answers are dropped."""
        try:
            self._allow(self._by_address, _address(request))
            session = self._session_of(read_json(request.body).get("token"))
        except Refused as refused:
            return refusal(refused.name, refused.headers)
        await self._end(session)
        return json_response({"forgotten": True})

    # The page without JavaScript

    async def chat(self, request: Request) -> HTTPResponse:
        """The page that works without JavaScript, before anything was asked."""
        try:
            self._allow(self._new_sessions, _address(request))
        except Refused as refused:
            return self._plain.refused("", refused.name, "", "", refused.headers)
        return self._plain.start(self._sessions.issue().token)

    async def chat_form(self, request: Request) -> HTTPResponse:
        """A message from that page's forms, answered with the page again."""
        form = self._plain.read_form(request.body)
        token, text, area = form.get("token", ""), form.get("text"), form.get("area", "")
        try:
            self._allow(self._by_address, _address(request))
            renewed = False  # a first question, from the front page, has no token to renew
            try:
                session = self._sessions.verify(token)
            except SessionRefused:
                self._allow(self._new_sessions, _address(request))
                token, renewed = self._sessions.issue().token, bool(token)
                session = self._sessions.verify(token)
            self._allow(self._by_session, session.id)
            if form.get("forget"):
                await self._end(session)
                return self._plain.start(self._sessions.issue().token, area)
            message = read_message(
                {
                    "id": form.get("id") if _FORM_ID.fullmatch(form.get("id", "")) else None,
                    "text": None if form.get("payload") else text or "",
                    "payload": form.get("payload"),
                    "area": area or None,
                }
            )
            # “back” and another choice send the same id with something else: that is a new message
            content = hashlib.blake2b(
                f"{message.text!r} {message.payload!r}".encode(), key=self._salt
            ).hexdigest()
            said = await self._pages.answer(
                session.id, f"{message.id} {content}", lambda: self._turn(session, message)
            )
        except Refused as refused:
            return self._plain.refused(token, refused.name, text or "", area, refused.headers)
        except TimeoutError:
            return self._plain.refused(token, "too_slow", text or "", area, {})
        return self._plain.answered(token, said, message.text, area, renewed)

    async def _turn(self, session: Session, message: Message) -> list[Said]:
        return await self._engine.turn(
            session.conversation,
            text=message.text,
            payload=message.payload,
            area=message.area,
            channel="web",
        )

    def _session_of(self, token: object) -> Session:
        try:
            return self._sessions.verify(token)
        except SessionRefused:
            raise Refused("session_ended") from None

    async def _end(self, session: Session) -> None:
        self._sessions.revoke(session)
        self._replies.forget(session.id)
        self._pages.forget(session.id)
        await self._engine.forget(session.conversation)

    @staticmethod
    def _allow(buckets: Buckets, key: str) -> None:
        wait = buckets.take(key)
        if wait:
            raise Refused("too_many", wait)


def _address(request: Request) -> str:
    return address_key(request.remote_addr or request.ip)


def answer_exception(request: Request, error: Exception) -> HTTPResponse:
    """Any exception as a kind sentence. Never the exception's own text, nor a trace."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if request.method == "NONE" and status == 500:
        # Sanic's stand-in for a request whose head could not be read
        status = 400
    if status == 413:
        # say so at once, then read on a little: a closed socket would hide the refusal
        request.stream.protocol.request_max_size = DRAINED
    names = {number: name for name, number in STATUSES.items()} | {408: "too_slow"}
    name = names.get(status, "not_understood" if 400 <= status < 500 else "failed")
    if name == "failed":
        log.error("A request failed: %s", type(error).__name__)
    allow = getattr(error, "headers", {}).get("Allow") if status == 405 else None
    headers = {"Allow": allow} if allow else {}
    if request.method != "NONE" and request.path in {"/", "/chat"}:
        return error_page(name, headers)
    return refusal(name, headers)
