"""`waymark serve`: engine and web server in one process, on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import errno
import json
import logging
import os
import secrets
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from sanic import Sanic
from sanic.exceptions import InvalidUsage
from sanic.http import Http
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.server import HttpProtocol

from bot.channels.limits import Limits
from bot.channels.responses import json_response
from bot.channels.sessions import SecretError, Sessions, load_secret
from bot.channels.web import LARGEST_BODY, WebChannel, answer_exception
from bot.guidance.load import Guidance, load_guidance
from bot.serving.engine import Engine
from bot.serving.models import ModelError, current_model, project_folder, train_model
from bot.store.database import Database, open_database
from bot.store.errors import StoreError
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers

#: Seconds that answers under way get when the server is told to stop.
GRACE = 10.0

log = logging.getLogger(__name__)


class ServeError(Exception):
    """The server cannot start; the text says what to do."""


class CheckedRequest(Request):
    """A request whose length is stated once and plainly, or that is refused."""

    def __init__(self, url_bytes: bytes, headers: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_bytes, headers, *args, **kwargs)
        lengths = headers.getall("content-length", [])
        coded = headers.getall("transfer-encoding", [])
        if (
            len(lengths) + len(coded) > 1
            or any(not (one.isascii() and one.isdigit()) for one in lengths)
            or any(one.lower() != "chunked" for one in coded)
        ):
            raise InvalidUsage("The length of the body is not clear")


class CheckedHttp(Http):
    """HTTP that has an answer for an address of bytes that are not text, too."""

    def create_empty_request(self) -> None:
        """Sanic's stand-in for a request whose head could not be read."""
        self.url = None
        super().create_empty_request()


class CheckedProtocol(HttpProtocol):
    """A connection that speaks `CheckedHttp`."""

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = CheckedHttp(self)


class ClassNameOnly(logging.Filter):
    """Keeps only the class of an exception from a library's log: messages could hold typed text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; always kept."""
        kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        record.msg = f"{record.name}: {kind.__name__ if kind else 'a message that is not shown'}"
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True


class WebServer:
    """Engine, sessions and page behind one socket. Made by `WebServer.start`."""

    def __init__(self, app: Sanic, server: Any) -> None:
        self._app = app
        self._server = server

    @classmethod
    async def start(
        cls,
        engine: Engine,
        guidance: Guidance,
        sock: socket.socket,
        secret: bytes,
        limits: Limits | None = None,
        model: str = "",
    ) -> WebServer:
        """Serve on a bound socket, on the running loop. `model` is shown by `/health`.

        Raises OSError when the socket cannot be listened on.
        """
        areas = [(area.id, area.name) for area in guidance.areas.values()]
        channel = WebChannel(engine, Sessions(secret), areas, limits)
        app = Sanic(
            f"waymark-{secrets.token_hex(4)}",
            configure_logging=False,
            request_class=CheckedRequest,
            env_prefix="WAYMARK_HTTP_",
        )
        app.config.update(
            {
                "ACCESS_LOG": False,
                "FALLBACK_ERROR_FORMAT": "json",
                "KEEP_ALIVE_TIMEOUT": 75,
                "MOTD": False,
                "REQUEST_MAX_SIZE": LARGEST_BODY,
                "REQUEST_TIMEOUT": 20,
                "RESPONSE_TIMEOUT": 60,
                "PROXIES_COUNT": _proxies(),
            }
        )
        for name in ("sanic.root", "sanic.error", "sanic.access"):
            logger = logging.getLogger(name)
            if not any(isinstance(one, ClassNameOnly) for one in logger.filters):
                logger.addFilter(ClassNameOnly())
            logger.setLevel(logging.ERROR)
        app.blueprint(channel.blueprint())
        app.error_handler.add(Exception, answer_exception)
        started = time.monotonic()

        async def health(request: Request) -> HTTPResponse:
            return json_response(
                {
                    "status": "ok",
                    "service": "waymark",
                    "model": model,
                    "uptime_seconds": round(time.monotonic() - started),
                }
            )

        app.add_route(health, "/health", methods=["GET", "HEAD"], name="health")
        server = await app.create_server(
            sock=sock,
            protocol=CheckedProtocol,
            return_asyncio_server=True,
            # not before the routes are ready
            asyncio_server_kwargs={"start_serving": False},
        )
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await server.after_start()
        return cls(app, server)

    async def stop(self, grace: float = GRACE) -> None:
        """Take no new connections, let answers under way finish within `grace` seconds, close."""
        await self._server.before_stop()
        self._server.server.close()
        ends = time.monotonic() + grace
        while self._server.connections and time.monotonic() < ends:
            for connection in list(self._server.connections):
                connection.close_if_idle()
            await asyncio.sleep(0.05)
        for connection in list(self._server.connections):
            connection.abort()
        await self._server.after_stop()
        Sanic._app_registry.pop(self._app.name, None)


def claim(host: str, port: int) -> socket.socket:
    """Bind the address before anything is loaded. Raises ServeError when it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ServeError(
            f"“{host}” is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
        ) from error
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        sock.close()
        raise _refused(host, port, error) from error
    sock.setblocking(False)
    return sock


def _refused(host: str, port: int, error: OSError) -> ServeError:
    other = f"waymark serve --port {port + 1 if port < 65_535 else port - 1}"
    if error.errno == errno.EADDRINUSE:
        if _is_waymark(_url(host, port)):
            return ServeError(
                f"Waymark is already running: {_url(host, port)} "
                f"For a second one, choose another port: {other}"
            )
        return ServeError(
            f"Port {port} is used by another program. Stop that program, or choose another port: "
            f"{other}"
        )
    if error.errno == errno.EACCES:
        return ServeError(
            f"This machine does not let you use port {port}. Choose one above 1023, for example: "
            "waymark serve --port 5005"
        )
    return ServeError(
        f"“{host}” is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
    )


def _url(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _is_waymark(url: str) -> bool:
    """Whether a Waymark answers at an address."""
    try:
        # this machine itself: no proxy of the environment
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}health", timeout=2) as answer:
            return bool(json.load(answer).get("service") == "waymark")
    except (OSError, ValueError, AttributeError):
        return False


def _proxies() -> int | None:
    """How many reverse proxies stand before the server: their word on addresses is believed."""
    given = os.environ.get("WAYMARK_PROXIES", "0")
    if not given.isdigit():
        raise ServeError("WAYMARK_PROXIES is the number of reverse proxies: 0, 1 or 2.")
    return int(given) or None


@contextlib.contextmanager
def _progress(console: Console, doing: str) -> Iterator[None]:
    """Say what is being done: a moving line on a terminal, a plain one elsewhere."""
    if console.is_terminal:
        with console.status(doing):
            yield
    else:
        console.print(doing)
        yield


def serve(host: str = "127.0.0.1", port: int = 5005, model: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Trains first when there is no current model.

    `model` is a trained model to use instead of the current one. Raises ServeError, ModelError,
    GuidanceError: each says what to do.
    """
    sock = claim(host, port)
    try:
        guidance = load_guidance()
        root = project_folder()
        try:
            secret = load_secret(root / "var")
        except SecretError as error:
            raise ServeError(str(error)) from error
        _proxies()
        console = Console(stderr=True)
        # only the address goes to standard output, whatever a library prints
        with contextlib.redirect_stdout(sys.stderr):
            found = model or current_model(root)
            if found is None:
                with _progress(console, "Training the model (a minute or two, only this once) …"):
                    found = train_model(root)
        try:
            database = open_database()
            migrate(database.engine)
        except StoreError as error:
            raise ServeError(str(error)) from error
        asyncio.run(_run(sock, host, found, guidance, secret, database, console))
    finally:
        sock.close()


async def _run(
    sock: socket.socket,
    host: str,
    model: Path,
    guidance: Guidance,
    secret: bytes,
    database: Database,
    console: Console,
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_report)
    with contextlib.redirect_stdout(sys.stderr), _progress(console, "Loading the model …"):
        trackers = SqlTrackers(database)
        engine = _load(model, trackers)
        # the first sentence is slower than the rest: let it be ours
        engine.understand("Who do I ring?")
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, _stop_once, loop, stop)
    port = sock.getsockname()[1]
    try:
        server = await WebServer.start(
            engine, guidance, sock, secret, model=model.name.removesuffix(".tar.gz")
        )
    except OSError as error:
        raise _refused(host, port, error) from error
    try:
        url = _url(host, port)
        if not await asyncio.to_thread(_is_waymark, url):
            raise ServeError(f"The server started and does not answer at {url}")
        print(f"Waymark is ready: {url}", flush=True)
        purging = asyncio.create_task(_purge_hourly(trackers))
        await stop.wait()
        purging.cancel()
        console.print("Stopping …")
    finally:
        await server.stop()
        database.close()


async def _purge_hourly(trackers: SqlTrackers) -> None:
    """Delete what is past its time, at start and every hour. A failure is tried again later."""
    while True:
        try:
            await trackers.purge(dt.datetime.now(dt.UTC))
        except StoreError as error:
            log.error("A purge failed: %s", type(error).__name__)
        await asyncio.sleep(3600)


def _load(model: Path, trackers: SqlTrackers) -> Engine:
    try:
        return Engine.load(model, trackers)
    except Exception as error:
        raise ModelError(
            f"The model {model.name} cannot be loaded ({type(error).__name__}). "
            "Train it anew: .venv/bin/waymark train --force"
        ) from error


def _stop_once(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Begin to stop. A second signal ends the process at once."""
    stop.set()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(name)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure outside any request by its class alone."""
    error = context.get("exception")
    log.error("A task failed: %s", type(error).__name__ if error else "no exception")
