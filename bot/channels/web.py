"""The web channel: sessions, messages, what was missed, and files, over small POSTs.

`docs/web-channel.md` and `/openapi.json` describe it for programs. Nothing that is typed is logged,
kept or sent back.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.door import Door
from bot.channels.known import Known, SharesAnswers
from bot.channels.messages import (
    KINDS,
    LARGEST_BODY,
    Message,
    Refused,
    is_payload,
    read_after,
    read_json,
    read_kind,
    read_message,
)
from bot.channels.once import PATIENCE, Once
from bot.channels.plain_page import error_page
from bot.channels.replay import Missed, Replays, Sent
from bot.channels.responses import BY_STATUS, IN_DANGER, json_response, refusal, respond
from bot.channels.sessions import Session
from bot.serving.engine import Document, Engine, NoDocumentError, Said
from bot.serving.places import Busy
from bot.store.errors import StoreError

__all__ = [
    "KINDS", "LARGEST_BODY", "Message", "Refused", "WebChannel", "answer_exception", "attachment",
    "is_payload", "read_json", "read_message",
]  # fmt: skip

#: A refused body is read and dropped up to here, so that the sender gets to see the refusal.
DRAINED = 1_000_000
#: The answer as a stream of lines, each a JSON object.
STREAM = "application/x-ndjson"
#: Seconds between the lines that say that the answer is still being worked on.
KEEP_ALIVE = 4.0
#: Numbers that a session which is not held any more can have used, for each second of its life.
_NUMBERS_A_SECOND = 10

log = logging.getLogger(__name__)


class WebChannel:
    """Answers requests with an engine. `area_lines` say whom to ring in each area by its id.

    `shared` holds the answers of all workers, where there are several.
    """

    def __init__(
        self,
        engine: Engine,
        door: Door,
        area_lines: Mapping[str, str],
        shared: SharesAnswers | None = None,
    ) -> None:
        self._engine = engine
        self._door = door
        self._area_lines = area_lines
        self._shared = shared
        self._answers: Once[tuple[Sent, ...]] = Once(holds=shared is None)
        self._replays = Replays()
        self._started = time.time()

    @property
    def is_shared(self) -> bool:
        """Whether other workers serve the same sessions."""
        return self._shared is not None

    def blueprint(self) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("web")
        for name, handler in (
            ("session", self.session),
            ("message", self.message),
            ("replay", self.replay),
            ("document", self.document),
            ("forget", self.forget),
        ):
            # Sanic writes on its handlers, which a bound method does not allow
            routes.add_route(partial(handler), f"/w/{name}", methods=("POST",), name=name)
        return routes

    async def session(self, request: Request) -> HTTPResponse:
        """A new session: `{"token", "expires"}`."""
        try:
            issued = await self._door.issue(request)
        except Refused as refused:
            return self._refusal(request, refused)
        return json_response(
            {"token": issued.token, "expires": issued.expires.isoformat(timespec="seconds")}
        )

    async def message(self, request: Request) -> HTTPResponse | None:
        """One message, answered as a stream of lines or, to others, as one JSON object."""
        try:
            await self._door.knock(request)
            data = read_json(request.body)
            session = await self._door.enter(data.get("token"))
            message, after = read_message(data), read_after(data)
        except Refused as refused:
            return self._refusal(request, refused)
        if STREAM in request.headers.get("accept", ""):
            await self._stream(request, session, message, after)
            return None
        try:
            sent = await self._answer(session, message, after)
        except Refused as refused:
            return self._refusal(request, refused)
        except TimeoutError:
            return self._refusal(request, Refused("too_slow", 2))
        replies = [one.reply for one in sent]
        return json_response({"replies": replies, "id": message.id, "seq": sent[-1].seq})

    async def replay(self, request: Request) -> HTTPResponse:
        """What the bot said after a number: `{"messages": [{"seq", "id", "reply"}], "last"}`."""
        try:
            session, data = await self._enter(request)
            missed = await self._missed(session, read_after(data) or 0)
        except Refused as refused:
            return self._refusal(request, refused)
        body: dict[str, Any] = {
            "messages": [one.payload() for one in missed.messages],
            "last": missed.last,
        }
        return json_response(body | {"gone": True} if missed.gone else body)

    async def document(self, request: Request) -> HTTPResponse:
        """A file that goes with an answer, as an attachment."""
        try:
            session, data = await self._enter(request)
            kind = read_kind(data)
            return attachment(await self.file_of(session, kind))
        except Refused as refused:
            return self._refusal(request, refused)
        except NoDocumentError as error:
            sentence = f"{error} {IN_DANGER}"
            return refusal("no_document", None, self._area_line(request), sentence)

    async def forget(self, request: Request) -> HTTPResponse:
        """End a session and erase its conversation; its token is refused from now on."""
        try:
            await self._door.knock(request)
            await self.end(self._door.leave(read_json(request.body).get("token")))
        except Refused as refused:
            return self._refusal(request, refused)
        return json_response({"forgotten": True})

    async def turn(self, session: Session, message: Message, name: str) -> list[Said]:
        """What the engine says to a message.

        One that comes again under its `name` counts once, after a restart or at another worker too.
        Raises Refused when more people ask than can be answered soon.
        """
        return await self._turn(session, message, name, self._known(session, name, None))

    async def _turn(
        self, session: Session, message: Message, name: str, known: Known | None
    ) -> list[Said]:
        try:
            said = await self._engine.turn(
                session.conversation,
                text=message.text,
                payload=message.payload,
                area=message.area,
                channel="web",
                message=name,
                known=known,
            )
        except Busy as busy:
            raise Refused("busy", busy.wait) from None
        if self._shared is not None and any(
            (one.reply or {}).get("kind") == "forgotten" for one in said
        ):
            await self._shared.forget(session.id)
        return said

    def _known(self, session: Session, name: str, after: int | None) -> Known | None:
        """What the workers know of a message, where there are several."""
        if self._shared is None:
            return None
        return Known(self._shared, session.id, name, after, self._start(session))

    def _start(self, session: Session) -> int:
        """A number that a session has not got to, where it is not known what it was sent."""
        # tokens hold whole seconds, and no start takes less than one
        if self._shared is None and session.issued >= int(self._started):
            return 0
        # a session from before the start may have used numbers that are not known any more
        return max(0, int(time.time() - session.issued)) * _NUMBERS_A_SECOND

    async def _missed(self, session: Session, after: int) -> Missed:
        own = self._replays.since(session.id, after)
        shared = None if self._shared is None else await self._shared.since(session.id, after)
        return own if shared is None else shared.with_more(own)

    async def end(self, session: Session) -> None:
        """Refuse a session from now on and erase what is kept; may be repeated.

        Raises Refused when something could not be erased.
        """
        try:
            await self._door.close(session)
            # an answer that is under way would be saved after the rest was erased
            await self._answers.settle(session.id, PATIENCE)
            self._answers.forget(session.id)
            self._replays.forget(session.id)
            await self._engine.forget(session.conversation)
            if self._shared is not None:
                await self._shared.forget(session.id)
        except StoreError as error:
            log.error("A conversation was not erased: %s", type(error).__name__)
            raise Refused("not_erased", 2) from None

    async def file_of(self, session: Session, kind: str) -> Document:
        """A file of a session's conversation. Raises NoDocumentError and Refused."""
        try:
            return await asyncio.wait_for(
                self._engine.document(session.conversation, kind), PATIENCE
            )
        except TimeoutError:
            raise Refused("too_slow", 2) from None
        except StoreError as error:
            log.error("A document was not made: %s", type(error).__name__)
            raise Refused("failed") from None

    async def _enter(self, request: Request) -> tuple[Session, dict[str, Any]]:
        await self._door.knock(request)
        data = read_json(request.body)
        return await self._door.enter(data.get("token")), data

    async def _answer(
        self, session: Session, message: Message, after: int | None
    ) -> tuple[Sent, ...]:
        """The answer to a message, once. Raises Refused; TimeoutError: it takes too long."""

        async def work() -> tuple[Sent, ...]:
            known = self._known(session, message.id, after)
            said = await self._turn(session, message, message.id, known)
            if known is not None and known.sent is not None:
                return known.sent
            return self._replays.add(session.id, message.id, said, after, self._start(session))

        return await self._answers.answer(session.id, message.id, work)

    async def _stream(
        self, request: Request, session: Session, message: Message, after: int | None
    ) -> None:
        headers = dict(respond(b"", STREAM).headers) | {"X-Accel-Buffering": "no"}
        response = await request.respond(content_type=STREAM, headers=headers)
        async for line in self._lines(session, message, after):
            await response.send(json.dumps(line) + "\n")
        await response.eof()

    async def _lines(
        self, session: Session, message: Message, after: int | None
    ) -> AsyncIterator[dict[str, Any]]:
        """The lines of an answer; the last is always `done` or `error`."""
        yield {"type": "received", "id": message.id}
        answering = asyncio.ensure_future(self._answer(session, message, after))
        try:
            while not (await asyncio.wait({answering}, timeout=KEEP_ALIVE))[0]:
                yield {"type": "wait", "id": message.id}
            sent = answering.result()
        except Refused as refused:
            yield self._error_line(message, refused.name, refused.wait)
            return
        except TimeoutError:
            yield self._error_line(message, "too_slow")
            return
        except Exception as error:
            log.error("An answer failed: %s", type(error).__name__)
            yield self._error_line(message, "failed")
            return
        finally:
            # who goes away does not stop the work, only the waiting for it
            answering.cancel()
        for one in sent:
            yield {"type": "reply", **one.payload()}
        yield {"type": "done", "id": message.id, "seq": sent[-1].seq}

    def _error_line(self, message: Message, name: str, wait: float = 0.0) -> dict[str, Any]:
        body = json.loads(refusal(name, None, self._area_lines.get(message.area or "", "")).body)
        # a stream has sent its head already: what Retry-After would say stands in the line
        when = {"retry_after": math.ceil(wait)} if wait else {}
        return {"type": "error", "id": message.id, **body, **when}

    def _refusal(self, request: Request, refused: Refused) -> HTTPResponse:
        return refusal(refused.name, refused.headers, self._area_line(request))

    def _area_line(self, request: Request) -> str:
        """Whom to ring in the area that the request names, if it names one."""
        try:
            area = read_json(request.body).get("area")
        except Refused:
            return ""
        return self._area_lines.get(area, "") if isinstance(area, str) else ""


def attachment(document: Document) -> HTTPResponse:
    """A file to be saved under its name."""
    plain = "".join(one if one.isalnum() or one in "-_. " else "-" for one in document.name)
    name = plain.encode("ascii", "ignore").decode() or "waymark"
    disposition = (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(document.name or name)}"
    )
    return respond(
        document.content, document.media_type, headers={"Content-Disposition": disposition}
    )


def _shows_pages(request: Request) -> bool:
    """Whether a browser asks for something to show, rather than a program for an answer."""
    return request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")


def answer_exception(request: Request, error: Exception) -> HTTPResponse:
    """Any exception as a kind sentence. Never the exception's own text, nor a trace."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if request.method == "NONE" and status == 500:
        # Sanic's stand-in for a request whose head could not be read
        status = 400
    if status == 413:
        # say so at once, then read on a little: a closed socket would hide the refusal
        request.stream.protocol.request_max_size = DRAINED
    name = BY_STATUS.get(status, "not_understood" if 400 <= status < 500 else "failed")
    if name == "failed":
        log.error("A request failed: %s", type(error).__name__)
    allow = getattr(error, "headers", {}).get("Allow") if status == 405 else None
    headers = {"Allow": allow} if allow else {}
    if request.method != "NONE" and (request.path in {"/", "/chat"} or _shows_pages(request)):
        return error_page(name, headers)
    return refusal(name, headers)
