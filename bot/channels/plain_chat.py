"""The routes of the chat without JavaScript: a form goes out, the page comes back answered."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from functools import partial

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.door import Door
from bot.channels.messages import KINDS, Message, Refused, read_message
from bot.channels.once import PATIENCE, Once
from bot.channels.plain_page import PlainPage
from bot.channels.responses import IN_DANGER
from bot.channels.sessions import Session
from bot.channels.web import WebChannel, attachment
from bot.serving.engine import NoDocumentError, Said

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class PlainChat:
    """Answers the forms of `/chat`.

    `areas` are the ids and names of the areas in order; `area_lines` say whom to ring there.
    `secret` is the server's.
    """

    def __init__(
        self,
        channel: WebChannel,
        door: Door,
        areas: Sequence[tuple[str, str]],
        area_lines: Mapping[str, str],
        secret: bytes,
    ) -> None:
        self._channel = channel
        self._door = door
        self._page = PlainPage(areas, area_lines)
        self._areas = frozenset(area for area, _ in areas)
        self._answers: Once[list[Said]] = Once(most=1_000, holds=not channel.is_shared)
        # every worker must come to the same name for a message
        self._salt = hmac.digest(secret, b"waymark plain chat", "sha256")

    def blueprint(self) -> Blueprint:
        """The routes of the page."""
        routes = Blueprint("plain-chat")
        routes.add_route(partial(self.start), "/chat", methods=("GET", "HEAD"), name="start")
        routes.add_route(partial(self.form), "/chat", methods=("POST",), name="form")
        return routes

    async def start(self, request: Request) -> HTTPResponse:
        """The page before anything was asked; `?area=luton` chooses an area."""
        area = request.args.get("area", "")
        area = area if area in self._areas else ""
        try:
            return self._page.start((await self._door.issue(request)).token, area)
        except Refused as refused:
            return self._page.refused("", refused.name, "", area, refused.headers)

    async def form(self, request: Request) -> HTTPResponse:
        """A message from the page's forms, answered with the page again."""
        form = self._page.read_form(request.body)
        token, text, area = form.get("token", ""), form.get("text"), form.get("area", "")
        try:
            await self._door.knock(request)
            if form.get("forget"):
                return await self._again(request, token, area)
            session, token, renewed = await self._enter(request, token)
            if form.get("document") in KINDS:
                return attachment(await self._channel.file_of(session, form["document"]))
            message = read_message(
                {
                    "id": form.get("id") if _ID.fullmatch(form.get("id", "")) else None,
                    "text": None if form.get("payload") else text or "",
                    "payload": form.get("payload"),
                    "area": area or None,
                }
            )
            said = await self._answer(session, message)
        except Refused as refused:
            return self._page.refused(token, refused.name, text or "", area, refused.headers)
        except NoDocumentError as error:
            sentence = f"{error} {IN_DANGER}"
            return self._page.refused(token, "no_document", "", area, {}, sentence)
        except TimeoutError:
            return self._page.refused(token, "too_slow", text or "", area, {})
        return self._page.answered(token, said, message.text, area, renewed)

    async def _again(self, request: Request, token: str, area: str) -> HTTPResponse:
        """Forget the conversation, and begin another."""
        try:
            session = self._door.leave(token)
            await self._answers.settle(session.id, PATIENCE)
            self._answers.forget(session.id)
            await self._channel.end(session)
        except Refused as refused:
            if refused.name != "session_ended":
                raise
        return self._page.start((await self._door.issue(request)).token, area)

    async def _enter(self, request: Request, token: str) -> tuple[Session, str, bool]:
        """The session, its token, and whether it replaces one that had ended."""
        try:
            return await self._door.enter(token), token, False
        except Refused as refused:
            if refused.name != "session_ended":
                raise
        # a first question, from another page, has no token to renew
        fresh = (await self._door.issue(request)).token
        return await self._door.enter(fresh), fresh, bool(token)

    async def _answer(self, session: Session, message: Message) -> list[Said]:
        # “back” and another choice send the same id with something else: that is a new message
        content = hashlib.blake2b(
            f"{message.text!r} {message.payload!r}".encode(), key=self._salt
        ).hexdigest()
        name = f"{message.id} {content}"
        return await self._answers.answer(
            session.id, name, lambda: self._channel.turn(session, message, name)
        )
