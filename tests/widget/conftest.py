"""The widget in a real browser, on pages of another site, against the real server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsing import launched, visiting
from tests.widget.board import Board, running_board
from tests.widget.driving import WATCH, Widget
from tests.widget.line import Line, running_line

if TYPE_CHECKING:
    from bot.channels.limits import Limits

Running = Callable[..., contextlib.AbstractContextManager[str]]


@pytest.fixture(scope="session")
def board() -> Iterator[Board]:
    """A board's site, which the guide lists as one that may ask."""
    with running_board() as site:
        yield site


@pytest.fixture(scope="session")
def running(serving: Running, server_secret: bytes, board: Board) -> Running:
    """Runs the real server for the board's site, on a free port or the one given."""
    from bot.serving.settings import Settings

    settings = Settings(server_secret, origins=frozenset({board.origin}))

    def run(port: int = 0, limits: Limits | None = None) -> contextlib.AbstractContextManager[str]:
        return serving(limits, port=port, grace=0.5, settings=settings)

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
    with launched() as made:
        yield made


@pytest.fixture
def options() -> dict[str, Any]:
    """What the browser's context is made with; a test overrides it."""
    return {}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    usual = {"viewport": {"width": 1100, "height": 820}, "reduced_motion": "reduce"}
    with visiting(browser, WATCH, 20, **{**usual, **options}) as made:
        yield made


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
