"""Whether it lives, and whether every part of it works: for supervisors and load balancers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import text

from bot.channels.responses import json_response
from bot.serving.engine import Engine
from bot.serving.services import Services
from bot.serving.understanding import beside_loop
from bot.store.database import Database
from bot.store.errors import StoreError

if TYPE_CHECKING:
    from bot.sharing.shared import Shared

#: How each part is, by its name: `status` is `ok`, `starting` or `failing`.
Parts = dict[str, dict[str, Any]]

#: Seconds that the database gets to answer.
PATIENCE = 2.0
#: Seconds for which an answer holds: asking often costs nothing.
FRESH = 1.0
#: A question that every model understands.
_ASKED = "Who do I ring?"


class Readiness:
    """Looks at the database, the model, the services and, where it is used, Redis.

    `clock` counts seconds; an answer is used again for `FRESH` of them.
    """

    def __init__(
        self,
        engine: Engine,
        database: Database,
        services: Services,
        clock: Callable[[], float] = time.monotonic,
        shared: Shared | None = None,
    ) -> None:
        self._shared = shared
        self._engine = engine
        self._database = database
        self._services = services
        self._clock = clock
        self._looking = asyncio.Lock()
        self._asking: asyncio.Future[None] | None = None
        self._seen: tuple[float, Parts] | None = None

    async def parts(self) -> Parts:
        """How each part is, at most a second ago. Never raises."""
        async with self._looking:
            if self._seen is None or self._clock() - self._seen[0] >= FRESH:
                looked: Parts = {
                    "database": await self._of_database(),
                    "model": await self._of_model(),
                }
                if self._shared is not None:
                    looked["redis"] = await self._shared.health()
                self._seen = (self._clock(), looked)
        return self._seen[1] | self._services.health()

    def blueprint(self) -> Blueprint:
        """`/health/live` and `/health/ready`.

        `ready` gives 503 when a part fails, and names it. `?part=database&part=model` asks for
        these alone.
        """
        routes = Blueprint("readiness")

        async def live(request: Request) -> HTTPResponse:
            return json_response({"status": "ok", "service": "waymark"})

        async def ready(request: Request) -> HTTPResponse:
            parts = await self.parts()
            asked = request.args.getlist("part") or list(parts)
            shown = {name: parts.get(name, _UNKNOWN) for name in asked}
            down = down_in(shown)
            body = {"status": "failing" if down else "ok", "down": down, "parts": shown}
            return json_response(body, 503 if down else 200)

        routes.add_route(live, "/health/live", methods=["GET", "HEAD"], name="live")
        routes.add_route(ready, "/health/ready", methods=["GET", "HEAD"], name="ready")
        return routes

    async def _of_database(self) -> dict[str, Any]:
        try:
            # one question at a time: a database that hangs must not use up the threads
            if self._asking is None or self._asking.done():
                self._asking = asyncio.ensure_future(asyncio.to_thread(self._ask))
            await asyncio.wait_for(asyncio.shield(self._asking), PATIENCE)
        except StoreError as error:
            return {"status": "failing", "reason": type(error).__name__}
        except TimeoutError:
            return {"status": "failing", "reason": f"no answer in {PATIENCE:.0f} seconds"}
        except Exception as error:
            return {"status": "failing", "reason": type(error).__name__}
        return {"status": "ok"}

    def _ask(self) -> None:
        with self._database.reading() as session:
            session.execute(text("SELECT count(*) FROM schema_version")).scalar_one()

    async def _of_model(self) -> dict[str, Any]:
        try:
            await beside_loop(self._engine.understand, _ASKED)
        except Exception as error:
            return {"status": "failing", "reason": type(error).__name__}
        return {"status": "ok"}


_UNKNOWN: Mapping[str, Any] = {"status": "failing", "reason": "there is no such part"}


def down_in(parts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of the parts that fail; one that is starting does not."""
    return [name for name, part in parts.items() if part.get("status") == "failing"]
