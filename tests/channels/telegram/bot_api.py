"""A strict Bot API server on loopback, as real HTTP, with people who write to the bot.

It holds the bot to Telegram's rules (4,096 UTF-16 units, 64 bytes in a button, one answer a press,
one poll at a time, 48 hours for deleting …) and can be told to misbehave. What a well-behaved bot
would never send is noted in `breaches`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

TOKEN = "7700900123:" + "AAtestTokenForLoopbackOnly-0123456789"[:35]
PATIENCE = 60.0

#: The parameters that each method takes; anything else is a breach.
METHODS: dict[str, set[str]] = {
    "getMe": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "deleteWebhook": {"drop_pending_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "drop_pending_updates"},
    "getWebhookInfo": set(),
    "setMyCommands": {"commands", "scope"},
    "setChatMenuButton": {"menu_button"},
    "setMyDescription": {"description"},
    "sendMessage": {
        "chat_id", "text", "entities", "parse_mode", "reply_markup", "protect_content",
        "link_preview_options",
    },
    "sendContact": {"chat_id", "phone_number", "first_name", "protect_content"},
    "sendDocument": {"chat_id", "document", "protect_content"},
    "sendChatAction": {"chat_id", "action"},
    "editMessageReplyMarkup": {"chat_id", "message_id", "reply_markup"},
    "answerCallbackQuery": {"callback_query_id", "text"},
    "deleteMessages": {"chat_id", "message_ids"},
    "leaveChat": {"chat_id"},
}  # fmt: skip


@dataclass
class Shown:
    """A message in a chat, as the person sees it."""

    number: int
    chat: int
    text: str
    by_bot: bool
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    protected: bool = False
    kind: str = "text"
    details: dict[str, Any] = field(default_factory=dict)
    file: bytes = b""
    at: float = field(default_factory=time.monotonic)
    age: float = 0.0
    deleted: bool = False

    @property
    def titles(self) -> list[str]:
        return [one["text"] for row in self.buttons for one in row]


@dataclass
class Press:
    """A button that was pressed: how often it was answered, and with what words."""

    id: str
    answers: int = 0
    said: str | None = None
    at: float = 0.0
    unclear: bool = False


@dataclass(frozen=True)
class Fault:
    """How one call goes wrong: `before` and `after` drop the connection before or after it counts;
    `wait` asks to wait some seconds; `gateway` answers with a page of HTML; `entities`, `gone`
    and `unauthorised` refuse; `slow` takes some seconds."""

    kind: str
    seconds: float = 0.0


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """A call that Telegram refuses."""

    def __init__(self, code: int, words: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(words)
        self.code, self.words, self.parameters = code, words, parameters


class BotApi:
    """The server. Start it with `with BotApi() as api`; every public method may be called from any
    thread."""

    def __init__(self, token: str = TOKEN, port: int = 0) -> None:
        self.token = token
        self.port = port
        self.breaches: list[str] = []
        self.calls: list[tuple[str, int | None]] = []
        self.chats: dict[int, list[Shown]] = defaultdict(list)
        self.presses: dict[str, Press] = {}
        self.blocked: set[int] = set()
        self.left: list[int] = []
        self.fault: Callable[[str, int | None, dict[str, Any]], Fault | None] = lambda *_: None
        self.delivered: dict[int, float] = {}
        self.deliveries: dict[int, int] = defaultdict(int)
        self.menu: list[dict[str, str]] = []
        self.deliver_twice: Callable[[int], bool] = lambda _: False
        self.webhook: dict[str, str] = {}
        self._updates: dict[int, dict[str, Any]] = {}
        self._ids = itertools.count(1_000)
        self._numbers = itertools.count(1)
        self._polls = 0
        self._polling: asyncio.Event | None = None
        self._loop = asyncio.new_event_loop()
        self._changed: asyncio.Condition | None = None
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._senders: dict[int, asyncio.Task[None]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> BotApi:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)

    def person(self, number: int) -> Person:
        return Person(self, number)

    def called(self, method: str) -> int:
        return sum(name == method for name, _ in self.calls)

    def wait_for[Found](
        self, look: Callable[[], Found | None], patience: float = PATIENCE
    ) -> Found:
        """What `look` finds as soon as it finds something. Fails after `patience` seconds."""

        ends = time.monotonic() + patience
        while not (found := look()):
            assert time.monotonic() < ends, "it did not come"
            time.sleep(0.005)
        return found

    def do[Found](self, work: Coroutine[Any, Any, Found]) -> Found:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE * 10)

    def send_update(self, content: dict[str, Any]) -> int:
        """Queue an update for the bot; returns its number."""

        async def add() -> int:
            number = next(self._ids)
            self._updates[number] = {"update_id": number, **content}
            await self._tell()
            if self.webhook:
                self._post_soon(number)
            return number

        return self.do(add())

    def next_number(self) -> int:
        return next(self._numbers)

    @property
    def waiting(self) -> int:
        """Updates that the bot has not confirmed."""
        return len(self._updates)

    # The server

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._changed = asyncio.Condition()
        app = web.Application(client_max_size=20_000_000)
        app.router.add_post("/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, shutdown_timeout=0.2, reuse_address=True)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        for task in self._senders.values():
            task.cancel()
        await runner.cleanup()

    async def _tell(self) -> None:
        assert self._changed is not None
        async with self._changed:
            self._changed.notify_all()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _answer_error(401, "Unauthorized")
        values, files = await _values(request)
        chat = int(values["chat_id"]) if "chat_id" in values else None
        fault = self.fault(method, chat, values)
        if fault is not None:
            early = await self._misbehave(request, fault)
            if early is not None:
                return early
        self.calls.append((method, chat))
        try:
            unknown = set(values) | set(files)
            unknown -= METHODS.get(method, set()) if method in METHODS else unknown
            if method not in METHODS or unknown:
                self.breaches.append(f"{method} with {sorted(unknown)}")
                raise Refused(404 if method not in METHODS else 400, "Bad Request: unknown")
            result = await getattr(self, f"_{method}")(values, files)
        except Refused as refused:
            await self._tell()
            return _answer_error(refused.code, refused.words, refused.parameters)
        except (KeyError, ValueError, TypeError) as error:
            self.breaches.append(f"{method}: {type(error).__name__} {error}")
            return _answer_error(400, "Bad Request: wrong parameters")
        if method == "answerCallbackQuery" and fault is not None and fault.kind == "after":
            self.presses[values["callback_query_id"]].unclear = True
        await self._tell()
        if fault is not None and fault.kind == "after":
            _drop(request)
        return web.json_response({"ok": True, "result": result})

    async def _misbehave(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        match fault.kind:
            case "before":
                _drop(request)
                return web.Response()
            case "wait":
                return _answer_error(
                    429, f"Too Many Requests: retry after {int(fault.seconds)}",
                    {"retry_after": int(fault.seconds)},
                )  # fmt: skip
            case "gateway":
                page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
                return web.Response(status=502, text=page, content_type="text/html")
            case "entities":
                return _answer_error(400, "Bad Request: can't parse entities: a tag is not closed")
            case "gone":
                return _answer_error(403, "Forbidden: bot was blocked by the user")
            case "unauthorised":
                return _answer_error(401, "Unauthorized")
            case "slow":
                await asyncio.sleep(fault.seconds)
        return None

    # Methods

    async def _getMe(self, values: dict[str, Any], files: dict[str, bytes]) -> Any:  # noqa: N802
        return {
            "id": 7700900123,
            "is_bot": True,
            "first_name": "Waymark",
            "username": "waymark_bot",
        }

    async def _getUpdates(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._polling is not None:
            self._polling.set()
        mine = self._polling = asyncio.Event()
        offset, limit = int(values.get("offset", 0)), int(values.get("limit", 100))
        for number in [one for one in self._updates if one < offset]:
            del self._updates[number]
        ends = self._loop.time() + int(values.get("timeout", 0))
        try:
            while not self._updates and self._loop.time() < ends and not mine.is_set():
                assert self._changed is not None
                try:
                    async with asyncio.timeout(min(0.5, max(0.01, ends - self._loop.time()))):
                        async with self._changed:
                            await self._changed.wait()
                except TimeoutError:
                    continue
        finally:
            if self._polling is mine:
                self._polling = None
        if mine.is_set():
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        given = [self._updates[one] for one in sorted(self._updates)][:limit]
        for one in list(given):
            number = one["update_id"]
            self.delivered.setdefault(number, time.monotonic())
            self.deliveries[number] += 1
            if self.deliver_twice(number):
                given.append(one)
        return given

    async def _deleteWebhook(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        self.webhook = {}
        return True

    async def _setWebhook(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        self.webhook = {"url": values["url"], "secret": values.get("secret_token", "")}
        for number in sorted(self._updates):
            self._post_soon(number)
        return True

    async def _getWebhookInfo(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    async def _setMyCommands(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        self.menu = json.loads(values["commands"])
        for one in self.menu:
            if not (1 <= len(one["command"]) <= 32 and 1 <= len(one["description"]) <= 256):
                self.breaches.append("a command of the menu is too long")
        return True

    async def _setChatMenuButton(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        return True

    async def _setMyDescription(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        if len(values["description"]) > 512:
            self.breaches.append("the description is too long")
        return True

    async def _sendMessage(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        chat = self._open_chat(values)
        text = values["text"]
        if not text.strip():
            self._breach("message text is empty")
        if _units(text) > 4_096:
            self._breach("message is too long")
        if text != text.strip():
            self._breach("a text with spaces around it moves its entities")
        entities = json.loads(values.get("entities", "[]"))
        if "parse_mode" in values and entities:
            self._breach("both a parse mode and entities")
        for one in entities:
            _check_entity(self, one, text)
        buttons = self._markup(values)
        protected = values.get("protect_content") in {"true", "True"}
        shown = Shown(next(self._numbers), chat, text, True, buttons, entities, protected)
        self.chats[chat].append(shown)
        return _message(shown)

    async def _sendContact(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        chat = self._open_chat(values)
        if not values["phone_number"].lstrip("+").isdigit():
            self._breach("phone number is not a number")
        shown = Shown(
            next(self._numbers), chat, "", True, kind="contact",
            details={"number": values["phone_number"], "name": values["first_name"]},
            protected=values.get("protect_content") in {"true", "True"},
        )  # fmt: skip
        self.chats[chat].append(shown)
        return _message(shown)

    async def _sendDocument(  # noqa: N802
        self, values: dict[str, Any], files: dict[str, tuple[str, bytes]]
    ) -> Any:
        chat = self._open_chat(values)
        (name, content), *_ = files.values()
        shown = Shown(
            next(self._numbers), chat, "", True, kind="document", details={"name": name},
            file=content, protected=values.get("protect_content") in {"true", "True"},
        )  # fmt: skip
        self.chats[chat].append(shown)
        return _message(shown)

    async def _sendChatAction(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        self._open_chat(values)
        return True

    async def _editMessageReplyMarkup(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        shown = self._find(int(values["chat_id"]), int(values["message_id"]))
        if shown is None or not shown.by_bot:
            raise Refused(400, "Bad Request: message to edit not found")
        buttons = self._markup(values)
        if buttons == shown.buttons:
            raise Refused(400, "Bad Request: message is not modified")
        shown.buttons = buttons
        return _message(shown)

    async def _answerCallbackQuery(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        press = self.presses.get(values["callback_query_id"])
        if press is not None and press.answers and not press.unclear:
            self.breaches.append("a press was answered twice")
        if press is None or press.answers:
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        if len(values.get("text", "")) > 200:
            self._breach("MESSAGE_TOO_LONG")
        press.answers += 1
        press.at = time.monotonic()
        press.said = values.get("text")
        return True

    async def _deleteMessages(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        numbers = json.loads(values["message_ids"])
        if not 1 <= len(numbers) <= 100:
            self._breach("1 to 100 messages can be deleted at once")
        found = [self._find(int(values["chat_id"]), one) for one in numbers]
        if any(one is not None and one.age > 48 * 3_600 for one in found):
            raise Refused(400, "Bad Request: message can't be deleted")
        for one in found:
            if one is not None:
                one.deleted = True
        return True

    async def _leaveChat(self, values: dict[str, Any], files: Any) -> Any:  # noqa: N802
        self.left.append(int(values["chat_id"]))
        return True

    # Rules

    def _breach(self, words: str) -> None:
        self.breaches.append(words)
        raise Refused(400, f"Bad Request: {words}")

    def _open_chat(self, values: dict[str, Any]) -> int:
        chat = int(values["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat not in self.chats:
            raise Refused(400, "Bad Request: chat not found")
        return chat

    def _find(self, chat: int, number: int) -> Shown | None:
        found = (one for one in self.chats[chat] if one.number == number and not one.deleted)
        return next(found, None)

    def _markup(self, values: dict[str, Any]) -> list[list[dict[str, str]]]:
        rows = json.loads(values.get("reply_markup", "{}")).get("inline_keyboard", [])
        buttons = [one for row in rows for one in row]
        if len(buttons) > 100:
            self._breach("too many buttons")
        for one in buttons:
            if not one["text"].strip() or set(one) != {"text", "callback_data"}:
                self._breach("a button without words or with two purposes")
            if not 1 <= len(one["callback_data"].encode()) <= 64:
                self._breach("BUTTON_DATA_INVALID")
        return list(rows)

    # Webhook: updates of one chat after one another, chats side by side

    def _post_soon(self, number: int) -> None:
        chat = _chat_of(self._updates[number])
        before = self._senders.get(chat)
        self._senders[chat] = self._loop.create_task(self._post(number, before))

    async def _post(self, number: int, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        content = self._updates[number]
        async with ClientSession(timeout=ClientTimeout(total=30)) as client:
            left = 2 if self.deliver_twice(number) else 1
            while left:
                self.delivered.setdefault(number, time.monotonic())
                self.deliveries[number] += 1
                try:
                    async with client.post(
                        self.webhook["url"], json=content,
                        headers={"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]},
                    ) as answer:  # fmt: skip
                        left -= answer.status == 200
                        if answer.status != 200:
                            await asyncio.sleep(0.2)
                except (ClientError, TimeoutError):
                    await asyncio.sleep(0.2)
        self._updates.pop(number, None)


class Person:
    """Somebody with a phone. What they read comes in order; `reads` waits for the next message."""

    def __init__(self, api: BotApi, number: int) -> None:
        self.api = api
        self.id = number
        self.read = 0

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "Somebody", "language_code": "en"}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "Somebody"}

    @property
    def messages(self) -> list[Shown]:
        """What stands in the chat."""
        return [one for one in self.api.chats[self.id] if not one.deleted]

    @property
    def from_bot(self) -> list[Shown]:
        return [one for one in self.api.chats[self.id] if one.by_bot]

    def says(self, text: str, **more: Any) -> int:
        """Write a message; returns its number."""
        return self.sends(text=text, **more)

    def sends(self, **content: Any) -> int:
        """Send a message of any kind; returns its number."""
        shown = Shown(self.api.next_number(), self.id, content.get("text", ""), False)
        self.api.chats[self.id].append(shown)
        self.api.send_update({"message": self._message(shown, content)})
        return shown.number

    def edits(self, number: int, text: str) -> None:
        shown = next(one for one in self.messages if one.number == number)
        content = {"text": text, "edit_date": 1_760_000_001}
        self.api.send_update({"edited_message": self._message(shown, content)})

    def presses(self, message: Shown, title: str) -> Press:
        """Press the first button whose words contain `title`."""
        button = next((one for row in message.buttons for one in row if title in one["text"]), None)
        assert button is not None, f"no button {title!r} in {message.titles}"
        return self.presses_data(button["callback_data"], message)

    def presses_data(self, data: str, message: Shown) -> Press:
        press = Press(f"{self.id}-{len(self.api.presses)}")
        self.api.presses[press.id] = press
        self.api.send_update(
            {
                "callback_query": {
                    "id": press.id, "from": self.user, "chat_instance": str(self.id),
                    "data": data, "message": _message(message),
                }
            }
        )  # fmt: skip
        return press

    def blocks(self) -> None:
        self.api.blocked.add(self.id)
        self.api.send_update({"my_chat_member": self._member("member", "kicked")})

    def comes_back(self) -> None:
        self.api.blocked.discard(self.id)
        self.api.send_update({"my_chat_member": self._member("kicked", "member")})

    def reads(self, patience: float = PATIENCE) -> Shown:
        """The next message of the bot."""
        found = self.api.wait_for(
            lambda: self.from_bot[self.read] if len(self.from_bot) > self.read else None, patience
        )
        self.read += 1
        return found

    def reads_until(self, words: str, patience: float = PATIENCE) -> Shown:
        """The next message of the bot that contains `words`; those before it are read over."""
        while True:
            shown = self.reads(patience)
            if words in shown.text:
                return shown

    def sees(self, press: Press) -> str | None:
        """The words with which a press was answered."""
        self.api.wait_for(lambda: press.answers)
        return press.said

    def _message(self, shown: Shown, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": shown.number, "date": 1_760_000_000, "from": self.user,
            "chat": self.chat, **content,
        }  # fmt: skip

    def _member(self, before: str, now: str) -> dict[str, Any]:
        bot = {"id": 7700900123, "is_bot": True, "first_name": "Waymark", "username": "waymark_bot"}
        old: dict[str, Any] = {"user": bot, "status": before}
        new: dict[str, Any] = {"user": bot, "status": now}
        for one in (old, new):
            if one["status"] == "kicked":
                one["until_date"] = 0
        return {
            "chat": self.chat, "from": self.user, "date": 1_760_000_000,
            "old_chat_member": old, "new_chat_member": new,
        }  # fmt: skip


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _check_entity(api: BotApi, one: dict[str, Any], text: str) -> None:
    encoded = text.encode("utf-16-le")
    start, end = one["offset"], one["offset"] + one["length"]
    if one["length"] < 1 or start < 0 or end * 2 > len(encoded):
        api._breach("can't parse entities: out of range")
    piece = encoded[start * 2 : end * 2]
    try:
        piece.decode("utf-16-le")
    except UnicodeDecodeError:
        api._breach("can't parse entities: half a character")


def _chat_of(update: dict[str, Any]) -> int:
    for one in update.values():
        if isinstance(one, dict):
            chat = one.get("chat") or one.get("message", {}).get("chat")
            if chat:
                return int(chat["id"])
    return 0


def _message(shown: Shown) -> dict[str, Any]:
    kind = "private" if shown.chat > 0 else "group"
    chat = {"id": shown.chat, "type": kind}
    return {
        "message_id": shown.number,
        "date": 1_760_000_000,
        "chat": chat,
        "text": shown.text or "…",
    }


async def _values(request: web.Request) -> tuple[dict[str, Any], dict[str, Any]]:
    values: dict[str, Any] = {}
    files: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files["document"] = (value.filename, value.file.read())
        elif isinstance(value, str) and value.startswith("attach://"):
            continue
        else:
            values[name] = value
    return values, files


def _answer_error(code: int, words: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
