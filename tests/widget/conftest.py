"""The widget in a real browser, on pages of another site, against the real server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.widget.board import Board, running_board
from tests.widget.driving import WATCH, Widget
from tests.widget.line import Line, running_line

if TYPE_CHECKING:
    from bot.channels.limits import Limits
    from bot.serving.engine import Engine

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Running = Callable[..., contextlib.AbstractContextManager[str]]


@pytest.fixture(scope="session")
def board() -> Iterator[Board]:
    """A board's site, which the guide lists as one that may ask."""
    with running_board() as site:
        yield site


@pytest.fixture(scope="session")
def running(engine: Engine, server_secret: bytes, board: Board) -> Running:
    """Runs the real server for the board's site, on a free port or the one given."""
    from bot.channels.limits import Limits, Rate
    from bot.guidance.load import load_guidance
    from bot.serving.listening import claim
    from bot.serving.settings import Settings
    from bot.serving.web_server import WebServer

    unlimited = Limits(*[Rate(burst=1_000_000, per_second=100_000)] * 3)

    @contextlib.contextmanager
    def run(port: int = 0, limits: Limits | None = None) -> Iterator[str]:
        sock = claim("127.0.0.1", port)
        loop = asyncio.new_event_loop()
        started = threading.Event()
        stop = asyncio.Event()
        settings = Settings(server_secret, origins=frozenset({board.origin}))

        async def main() -> None:
            server = await WebServer.start(
                engine,
                load_guidance(),
                sock,
                server_secret,
                limits or unlimited,
                model="test",
                settings=settings,
            )
            started.set()
            await stop.wait()
            await server.stop(grace=0.5)

        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(loop.run_until_complete, main())
            future.add_done_callback(lambda _: started.set())
            started.wait(120)
            try:
                if future.done():
                    future.result()
                yield f"http://127.0.0.1:{sock.getsockname()[1]}"
            finally:
                loop.call_soon_threadsafe(stop.set)
                future.result(60)
                loop.close()
                sock.close()

    return run


@pytest.fixture(scope="session")
def bot(running: Running, board: Board) -> Iterator[str]:
    """The guide's address."""
    with running() as url:
        board.bot = url
        yield url


@pytest.fixture
def line(bot: str) -> Iterator[Line]:
    """A line to the guide that can be cut."""
    with running_line(bot) as made:
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for found in map(shutil.which, names) if found), None)
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            reason = f"no Chromium can be started ({error.message.splitlines()[0]})"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(f"{reason}. Install one, for example: sudo apt install chromium")
        yield launched
        launched.close()


@pytest.fixture
def options() -> dict[str, Any]:
    """What the browser's context is made with; a test overrides it."""
    return {}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    usual = {"viewport": {"width": 1100, "height": 820}, "reduced_motion": "reduce"}
    made = browser.new_context(**{**usual, **options})
    made.set_default_timeout(20_000)
    made.add_init_script(WATCH)
    # leaving goes to the weather; the tests have no network
    made.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"),
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab. Afterwards: no script failed, and nothing broke the page's security policy."""
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    assert not faults
    if opened.url.startswith("http://127.0.0.1"):
        assert opened.evaluate("window.stopped") == []


@pytest.fixture
def widget(page: Page, board: Board, bot: str) -> Widget:
    """The widget, closed, on a page with the strictest policy."""
    made = Widget(page)
    made.goto(board.page(attributes='data-area="luton"'))
    return made
