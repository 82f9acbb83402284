"""`waymark serve`: engine, channels and web server in one process, on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from bot.guidance.load import Guidance, guidance_folder, load_guidance
from bot.serving.content import refuse_faults
from bot.serving.engine import Engine
from bot.serving.health import Readiness
from bot.serving.listening import ServeError, claim, is_waymark, not_to_be_had, url_of
from bot.serving.loading import load_engine
from bot.serving.logs import set_up_logs
from bot.serving.metrics import CountsErrors, Metrics, allowed_networks
from bot.serving.models import (
    current_model,
    project_folder,
    train_apart,
)
from bot.serving.progress import progress
from bot.serving.self_check import SelfCheckError, check_settings, close_to_others
from bot.serving.services import Ground, Services, services_of
from bot.serving.settings import SettingError, Settings
from bot.serving.web_server import WebServer
from bot.store.database import Database, open_database
from bot.store.errors import StoreError
from bot.store.migrations import migrate
from bot.store.revocations import Revocations
from bot.store.trackers import SqlTrackers

if TYPE_CHECKING:
    from bot.sharing.shared import Shared

__all__ = ["ServeError", "WebServer", "claim", "serve"]

#: Turns that may wait for the database at once.
WAITING = 64

log = logging.getLogger(__name__)


def serve(host: str = "127.0.0.1", port: int = 5005, model: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Trains first when there is no current model.

    `model` is a trained model to use instead of the current one. Raises ServeError, ModelError,
    GuidanceError: each says what to do.
    """
    set_up_logs()
    sock = claim(host, port)
    try:
        root = project_folder()
        try:
            settings = check_settings(host, root)
            allowed_networks()
        except (SelfCheckError, SettingError) as error:
            raise ServeError(str(error)) from error
        for sentence in close_to_others(root / "var"):
            log.warning("%s", sentence)
        guidance = load_guidance()
        refuse_faults(guidance_folder())
        console = Console(stderr=True)
        # only the address goes to standard output, whatever a library prints
        with contextlib.redirect_stdout(sys.stderr):
            found = model or current_model(root)
            if found is None:
                with progress(console, "Training: once, five minutes or so …") as say:
                    found = train_apart(root, say)
        try:
            database = open_database()
            migrate(database.engine)
        except StoreError as error:
            raise ServeError(str(error)) from error
        asyncio.run(_run(sock, host, found, guidance, settings, database, console))
    finally:
        sock.close()


async def _run(
    sock: socket.socket,
    host: str,
    model: Path,
    guidance: Guidance,
    settings: Settings,
    database: Database,
    console: Console,
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_report)
    # while the database is locked each turn waits in a thread: nobody may wait for a thread as well
    loop.set_default_executor(ThreadPoolExecutor(WAITING, "waiting"))
    with contextlib.redirect_stdout(sys.stderr), progress(console, "Loading the model …"):
        trackers = SqlTrackers(database)
        engine = _load(model, trackers)
        # the first sentence is slower than the rest: let it be ours
        engine.understand("Who do I ring?")
        # what is loaded stays: looking through all of it for what can go held everybody up
        gc.collect()
        gc.freeze()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, _stop_once, loop, stop)
    port = sock.getsockname()[1]
    shared = _shared(settings)
    if shared is not None:
        engine.share(shared)
    ground = Ground(engine, guidance, database, trackers, settings.secret)
    services = Services(services_of(ground))
    model_name = model.name.removesuffix(".tar.gz")
    readiness = Readiness(engine, database, services, shared=shared)
    engine.watcher = metrics = Metrics(readiness, model_name, allowed_networks())
    logging.getLogger("bot").addHandler(CountsErrors(metrics))
    try:
        server = await WebServer.start(
            engine,
            guidance,
            sock,
            settings.secret,
            model=model_name,
            services=services,
            settings=settings,
            revocations=Revocations(database),
            shared=shared,
            more=(readiness.blueprint(), metrics.blueprint()),
        )
    except OSError as error:
        raise not_to_be_had(host, port, error) from error
    try:
        url = url_of(host, port)
        if not await asyncio.to_thread(is_waymark, url):
            raise ServeError(f"The server started and does not answer at {url}")
        await services.start()
        print(f"Waymark is ready: {url}", flush=True)
        await stop.wait()
        console.print("Stopping …")
    finally:
        await services.stop()
        await server.stop()
        if shared is not None:
            await shared.close()
        database.close()


def _shared(settings: Settings) -> Shared | None:
    """What is shared with other workers, where the settings name Redis."""
    if settings.redis is None:
        return None
    # its library is loaded only where it is used
    from bot.sharing.shared import Shared

    return Shared(settings.redis, settings.secret)


def _load(model: Path, trackers: SqlTrackers) -> Engine:
    try:
        return load_engine(model, trackers)
    except StoreError as error:
        raise ServeError(str(error)) from error


def _stop_once(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Begin to stop. A second signal ends the process at once."""
    stop.set()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(name)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure outside any request by its class alone."""
    error = context.get("exception")
    log.error("A task failed: %s", type(error).__name__ if error else "no exception")
