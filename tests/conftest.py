"""What all tests share: the real engine, and a real server on a free loopback port.

Imports are inside the fixtures, so that tests of rules alone do not wait for Rasa.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from bot.serving import lean

# the same examples in every run, and none refused because a machine is slow
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("steady")

lean.KEEP_ALL = True  # one process trains, serves and runs Rasa's own commands here

if TYPE_CHECKING:
    from bot.channels.limits import Limits
    from bot.serving.engine import Engine

Serving = Callable[..., contextlib.AbstractContextManager[str]]


@pytest.fixture(scope="session")
def model() -> Path:
    """The current model, trained once when there is none.

    WAYMARK_TEST_MODEL names another trained model to use.
    """
    from bot.cli import _quiet
    from bot.serving.models import current_model, project_folder, train_model

    _quiet()
    given = os.environ.get("WAYMARK_TEST_MODEL")
    root = project_folder()
    return Path(given) if given else current_model(root) or train_model(root)


@pytest.fixture(scope="session")
def trained() -> Path:
    """The current model, for tests that start the program in a process of its own.

    They are skipped without one, also when WAYMARK_TEST_MODEL names another: that process would
    train it first.
    """
    from bot.serving.models import current_model, project_folder

    found = current_model(project_folder())
    if found is None:
        pytest.skip("there is no current model: the program would train one first")
    return found


@pytest.fixture(scope="session")
def engine(model: Path) -> Engine:
    """The engine with that model."""
    from sanic import Sanic

    from bot.serving.engine import Engine

    Sanic.test_mode = True  # more than one server in a process
    loaded = Engine.load(model)
    gc.collect()
    gc.freeze()  # as the server does
    return loaded


@pytest.fixture(scope="session")
def server_secret() -> bytes:
    """The secret that the servers of the tests sign with."""
    return b"a secret for tests, longer than it has to be"


@pytest.fixture(scope="session")
def serving(engine: Engine, server_secret: bytes) -> Serving:
    """Runs a real server in a thread of its own, with the limits given (None: none to speak of).

    It listens on `port` (0: any free one) and gives answers under way `grace` seconds at its end.
    It answers with the engine of all tests, or the one given. Whatever else is named goes to
    `WebServer.start`. Gives its base URL, without a slash at the end.
    """
    from bot.channels.limits import Limits, Rate
    from bot.guidance.load import load_guidance
    from bot.serving.server import WAITING, WebServer, claim

    unlimited = Limits(*[Rate(burst=1_000_000, per_second=100_000)] * 3)

    @contextlib.contextmanager
    def run(
        limits: Limits | None,
        port: int = 0,
        grace: float = 2,
        engine: Engine = engine,
        **more: Any,
    ) -> Iterator[str]:
        sock = claim("127.0.0.1", port)
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        loop = asyncio.new_event_loop()
        started = threading.Event()
        stop = asyncio.Event()

        async def main() -> None:
            loop.set_default_executor(ThreadPoolExecutor(WAITING, "waiting"))
            guidance = load_guidance()
            server = await WebServer.start(
                engine, guidance, sock, server_secret, limits or unlimited, model="test", **more
            )
            started.set()
            await stop.wait()
            await server.stop(grace=grace)

        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(loop.run_until_complete, main())
            running.add_done_callback(lambda _: started.set())
            started.wait(120)
            try:
                if running.done():
                    running.result()
                yield url
            finally:
                loop.call_soon_threadsafe(stop.set)
                running.result(60)
                loop.close()
                sock.close()

    return run


@pytest.fixture(scope="session")
def server(serving: Serving) -> Iterator[str]:
    """The base URL of a server without limits on how often one may ask."""
    with serving(None) as url:
        yield url
