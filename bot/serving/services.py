"""What runs beside the web server in the same process: other channels, and the hourly purge.

A service that fails never touches the others: the web page goes on answering without it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sanic import Blueprint

from bot.channels.telegram.settings import is_wanted
from bot.guidance.load import Guidance
from bot.serving.engine import Engine
from bot.serving.models import project_folder
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.patience import in_thread
from bot.store.revocations import Revocations
from bot.store.telegram import TelegramStore
from bot.store.trackers import SqlTrackers

#: Seconds that a service gets to start, and to stop.
PATIENCE = 10.0
#: Seconds between two purges.
PURGED_EVERY = 3_600.0

log = logging.getLogger(__name__)


class Service(Protocol):
    """Something that is started after the engine and stopped before the process ends.

    `name` is one word, shown by `/health`.
    """

    @property
    def name(self) -> str:
        """One word."""

    async def start(self) -> None:
        """Begin, and return at once: what takes long, or waits for a network, is a task of its own.

        Raises only what an operator must know; the web server starts all the same.
        """

    async def stop(self) -> None:
        """End; called once, also when `start` failed."""

    def health(self) -> Mapping[str, Any]:
        """How it is, as JSON values: `status` is `ok`, `starting` or `failing`. Nothing secret."""

    def blueprint(self) -> Blueprint | None:
        """Routes that it needs on the web server (a webhook), or None."""


@dataclass(frozen=True)
class Ground:
    """What a service may stand on."""

    engine: Engine
    guidance: Guidance
    database: Database
    trackers: SqlTrackers
    secret: bytes


def services_of(ground: Ground) -> list[Service]:
    """Every service that the environment asks for, in the order in which they start."""
    found: list[Service] = [Purging(ground.trackers, Revocations(ground.database))]
    if is_wanted():
        # its library is loaded only where it is used
        from bot.channels.telegram.service import telegram_services

        found += telegram_services(
            project_folder(), ground.engine, ground.guidance, ground.database, ground.secret
        )
    return found


class Services:
    """Starts, watches and stops services, each apart from the others."""

    def __init__(self, services: Sequence[Service] = ()) -> None:
        self._services = tuple(services)
        self._failed: dict[str, str] = {}

    def blueprints(self) -> list[Blueprint]:
        """The routes that the services need."""
        found = (one.blueprint() for one in self._services)
        return [one for one in found if one is not None]

    async def start(self) -> None:
        """Start each; a failure is logged by its class, shown in `health`, and harms no other."""
        for one in self._services:
            try:
                await asyncio.wait_for(one.start(), PATIENCE)
            except Exception as error:
                # the class alone: a message could hold a token
                self._failed[one.name] = type(error).__name__
                log.error("%s did not start: %s", one.name, type(error).__name__)

    async def stop(self) -> None:
        """Stop each, last started first."""
        for one in reversed(self._services):
            try:
                await asyncio.wait_for(one.stop(), PATIENCE)
            except Exception as error:
                log.error("%s did not stop: %s", one.name, type(error).__name__)

    def health(self) -> dict[str, dict[str, Any]]:
        """The health of each by name."""
        return {one.name: self._health(one) for one in self._services}

    def _health(self, one: Service) -> dict[str, Any]:
        if one.name in self._failed:
            return {"status": "failing", "reason": self._failed[one.name]}
        try:
            return dict(one.health())
        except Exception as error:
            return {"status": "failing", "reason": type(error).__name__}


class Purging:
    """Deletes what is past its time, at start and every hour; a failure is tried again later.

    Telegram's tables too, whether or not Telegram is on: what it left goes when its time comes.
    """

    name = "purge"

    def __init__(self, trackers: SqlTrackers, revocations: Revocations) -> None:
        self._trackers = trackers
        self._revocations = revocations
        self._telegram = TelegramStore(trackers.database)
        self._task: asyncio.Task[None] | None = None
        self._last: dt.datetime | None = None
        self._failing = False

    async def start(self) -> None:
        """Begin with a first purge, in a task."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End between two purges."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def health(self) -> Mapping[str, Any]:
        """When the last purge was."""
        last = self._last.isoformat(timespec="seconds") if self._last else None
        status = "failing" if self._failing else "ok" if last else "starting"
        return {"status": status, "last": last}

    def blueprint(self) -> Blueprint | None:
        """None: nothing asks for it."""
        return None

    async def _run(self) -> None:
        while True:
            now = dt.datetime.now(dt.UTC)
            try:
                await self._revocations.purge(now.timestamp())
                await self._trackers.purge(now)
                await in_thread(self._telegram.purge)
                self._last, self._failing = now, False
            except StoreError as error:
                self._failing = True
                log.error("A purge failed: %s", type(error).__name__)
            await asyncio.sleep(PURGED_EVERY)
