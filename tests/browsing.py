"""A real browser without a network, for the tests of the pages and of the widget."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Where “Exit this page” leads.
WEATHER = "https://www.bbc.co.uk/weather"


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Chromium. Where there is none the test is skipped, and fails in CI."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for found in map(shutil.which, names) if found), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            reason = f"no Chromium can be started ({error.message.splitlines()[0]})"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(f"{reason}. Install one, for example: sudo apt install chromium")
        yield browser
        browser.close()


@contextlib.contextmanager
def visiting(
    browser: Browser, watch: str, seconds: float, **options: Any
) -> Iterator[BrowserContext]:
    """A visitor of their own, who runs the script `watch` on each page before its own scripts.

    `seconds` is how long anything is waited for; `options` go to the browser's context.
    """
    made = browser.new_context(**options)
    made.set_default_timeout(seconds * 1_000)
    made.add_init_script(watch)
    # leaving goes to the weather; the tests have no network
    made.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"),
    )
    yield made
    made.close()
