"""The demonstration site, the snippet builder and the plain chat in a real browser.

Screenshots go to var/screenshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.serving.models import project_folder
from tests.browsing import WEATHER, launched, visiting

#: Keeps what the security policy stopped.
WATCH = """
window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.stopped.push(event.violatedDirective + " " + event.blockedURI));
"""
PAGES = ("/", "/professionals", "/embed", "/chat", "/nowhere-but-kind")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as made:
        yield made


@pytest.fixture
def options() -> dict[str, Any]:
    """What the browser's context is made with; a test overrides it."""
    return {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    with visiting(browser, WATCH, 30, reduced_motion="reduce", **options) as made:
        yield made


@pytest.fixture
def page(context: BrowserContext, server: str) -> Iterator[Page]:
    """A tab. Afterwards: no script failed, nothing broke the policy, nobody else was asked."""
    opened = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    assert not faults
    assert all(url.startswith((server, WEATHER)) for url in asked)
    if opened.url.startswith(server):
        assert opened.evaluate("window.stopped") == []


def shoot(page: Page, name: str, full: bool = False) -> None:
    folder = project_folder() / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"page-{name}.png", full_page=full)


def launcher_shows(page: Page) -> None:
    expect(page.locator("waymark-chat").get_by_role("button").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_have_no_accessibility_fault(page: Page, server: str, dark: bool) -> None:
    page.emulate_media(color_scheme="dark" if dark else "light")
    for path in PAGES[:-1]:
        page.goto(server + path)
        if path in {"/", "/professionals"}:
            page.wait_for_selector("waymark-chat", state="attached")
            launcher_shows(page)
        shoot(page, f"{path.strip('/') or 'home'}{'-dark' if dark else ''}", full=True)
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 640}}])
def test_a_small_phone_shows_all_without_scrolling_sideways(page: Page, server: str) -> None:
    for path in PAGES:
        page.goto(server + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path


def test_the_front_pages_button_opens_the_guide(page: Page, server: str) -> None:
    page.goto(server)
    launcher_shows(page)
    page.click(".ask-guide")
    expect(page.locator("waymark-chat").get_by_role("textbox")).to_be_visible()


def test_the_conversation_is_carried_from_page_to_page(page: Page, server: str) -> None:
    page.goto(server)
    launcher_shows(page)
    page.click(".ask-guide")
    field = page.locator("waymark-chat").get_by_role("textbox")
    field.fill("who do I ring in Luton?")
    field.press("Enter")
    expect(page.locator("waymark-chat")).to_contain_text("01582")
    page.click("nav >> text=For professionals")
    expect(page.locator("#guide waymark-chat")).to_contain_text("01582")


def test_leaving_from_the_pages_own_button_goes_to_the_weather(page: Page, server: str) -> None:
    page.goto(server)
    launcher_shows(page)
    page.click("header .exit")
    page.wait_for_url(WEATHER)


def test_the_builder_shows_what_is_chosen_at_once(page: Page, server: str) -> None:
    page.goto(f"{server}/embed")
    line = page.locator("#line")
    expect(line).to_have_text(
        f'<script src="{server}/widget.js" async></script><noscript><a href="{server}/chat">'
        "Worried about a child? Ask the guide</a></noscript>"
    )
    page.select_option("#area", "luton")
    page.fill("#title", 'Ask "us" <b>')
    page.check("input[value=left]", force=True)
    expect(line).to_contain_text('data-area="luton"')
    expect(line).to_contain_text('data-position="left" data-title="Ask &quot;us&quot; &lt;b&gt;"')
    shown = page.frame_locator("#preview").locator("waymark-chat")
    expect(shown).to_have_attribute("data-title", 'Ask "us" <b>')
    box = shown.get_by_role("button").first.bounding_box()
    frame = page.locator("#preview").bounding_box()
    assert box
    assert frame
    assert box["x"] - frame["x"] < frame["width"] / 2
    shoot(page, "embed-chosen")
    page.check("input[value=inline]", force=True)
    expect(page.frame_locator("#preview").get_by_role("textbox")).to_be_visible()
    assert "area=luton" in page.url  # the choices can be sent to a colleague


def test_the_line_can_be_copied(page: Page, context: BrowserContext, server: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    page.goto(f"{server}/embed?area=derby")
    page.click("#copy")
    expect(page.locator("#copied")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#line").text_content()
    assert 'data-area="derby"' in copied


def test_the_line_works_when_it_is_pasted(page: Page, server: str) -> None:
    """The line of the builder, in a page of the same server that has nothing else."""
    page.goto(f"{server}/embed?area=hartlepool")
    line = page.locator("#line").text_content()
    assert line
    page.route(
        f"{server}/pasted",
        lambda route: route.fulfill(
            body=f"<!DOCTYPE html><html lang=en><title>A board</title><main>{line}</main>",
            content_type="text/html",
        ),
    )
    page.goto(f"{server}/pasted")
    launcher_shows(page)
    assert page.locator("waymark-chat").count() == 1


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1000, "height": 900}, "java_script_enabled": False}]
)
def test_without_javascript(context: BrowserContext, server: str) -> None:
    page = context.new_page()
    page.goto(server)
    shoot(page, "no-javascript")
    page.select_option("#area", "luton")
    page.fill("#text", "who do I ring?")
    page.click(".ask .send")
    expect(page.locator(".said").first).to_contain_text("01582")
    shoot(page, "plain-answer", full=True)
    page.locator("button.choice").first.click()
    expect(page.locator(".said h3")).not_to_have_count(0)
    assert "/chat" in page.url
    page.goto(f"{server}/embed")
    page.select_option("#area", "derby")
    page.click("#builder .send")
    expect(page.locator("#line")).to_contain_text('data-area="derby"')
