"""The web server: engine, sessions and pages behind one socket."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.area_numbers import area_lines
from bot.channels.door import Door
from bot.channels.keyed import KeyedChannel
from bot.channels.limits import Limits, TakesTogether
from bot.channels.messages import LARGEST_BODY
from bot.channels.origins import Origins, guard
from bot.channels.pages import Pages
from bot.channels.plain_chat import PlainChat
from bot.channels.responses import encrypted, json_response
from bot.channels.sessions import Sessions
from bot.channels.web import WebChannel, answer_exception
from bot.guidance.load import Guidance
from bot.serving.connection import CheckedProtocol, CheckedRequest, ClassNameOnly
from bot.serving.engine import Engine
from bot.serving.services import Services
from bot.serving.settings import Settings
from bot.store.revocations import Revocations

if TYPE_CHECKING:
    from bot.sharing.shared import Shared

#: Seconds that answers under way get when the server is told to stop.
GRACE = 10.0


class WebServer:
    """Engine, sessions and pages behind one socket. Made by `WebServer.start`."""

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
        services: Services | None = None,
        settings: Settings | None = None,
        revocations: Revocations | None = None,
        more: Iterable[Blueprint] = (),
        shared: Shared | None = None,
    ) -> WebServer:
        """Serve on a bound socket, on the running loop.

        `model` and how the `services` are is shown by `/health`; their routes are served too.
        `revocations` keeps ended sessions over a restart; `more` are further routes; `shared` is
        what workers share. Raises OSError when the socket cannot be listened on.
        """
        chosen = settings or Settings(secret)
        beside = services or Services()
        areas = [(area.id, area.name) for area in guidance.areas.values()]
        lines = area_lines(guidance)
        together = shared.rates if shared else None
        door = Door(Sessions(secret), limits, revocations, together)
        channel = WebChannel(engine, door, lines, shared.answers if shared else None)
        app = _app(chosen)
        for routes in (
            channel.blueprint(),
            PlainChat(channel, door, areas, lines, secret).blueprint(),
            Pages(guidance, chosen.public_url).blueprint(),
            *_keyed(engine, chosen, limits, together),
            *beside.blueprints(),
            _health(model, beside),
            *more,
        ):
            app.blueprint(routes)
        guard(app, Origins(chosen.origins, chosen.public_url))
        if chosen.is_encrypted:
            encrypted(app)
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


def _app(settings: Settings) -> Sanic:
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
            "PROXIES_COUNT": settings.proxies or None,
        }
    )
    for name in ("sanic.root", "sanic.error", "sanic.access"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, ClassNameOnly) for one in logger.filters):
            logger.addFilter(ClassNameOnly())
        logger.setLevel(logging.ERROR)
    app.error_handler.add(Exception, answer_exception)
    return app


def _keyed(
    engine: Engine, settings: Settings, limits: Limits | None, together: TakesTogether | None
) -> Iterable[Blueprint]:
    """The channel for other programs, where a key turns it on."""
    if settings.rest_key is None:
        return ()

    async def same(request: Request) -> Engine:
        return engine

    keyed = KeyedChannel(same, settings.rest_key, limits, together)
    return (keyed.blueprint("/webhooks/rest/webhook"),)


def _health(model: str, services: Services) -> Blueprint:
    routes = Blueprint("health")
    started = time.monotonic()

    async def health(request: Request) -> HTTPResponse:
        return json_response(
            {
                "status": "ok",
                "service": "waymark",
                "model": model,
                "uptime_seconds": round(time.monotonic() - started),
                "services": services.health(),
            }
        )

    routes.add_route(health, "/health", methods=["GET", "HEAD"], name="health")
    return routes
