"""Usable by everyone: axe in every state, the keyboard alone, what is spoken, small and large."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.widget.board import Board
from tests.widget.driving import LIVE, WATCH, Widget

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations", "incomplete"] });
  const short = (list) => list.map(({ id, nodes }) =>
    ({ id, nodes: nodes.map(({ target, any }) =>
      target.flat().join(" ") + ": " + any.map((one) => one.message).join(" ")) }));
  return { violations: short(found.violations), incomplete: short(found.incomplete) };
}"""


def assert_accessible(page: Page, state: str, explained: str = "nothing") -> None:
    """Nothing that axe finds wrong, and nothing that it leaves to be looked at.

    `explained` is the node whose contrast it cannot see, because something opened lies over it.
    """
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(RUN)
    assert not found["violations"], f"{state}: {json.dumps(found['violations'], indent=1)}"
    open_questions = [
        node
        for rule in found["incomplete"]
        for node in rule["nodes"]
        if not (rule["id"] == "color-contrast" and explained in node and "overlapped" in node)
    ]
    assert not open_questions, f"{state}: {json.dumps(open_questions, indent=1)}"


@pytest.fixture(scope="module")
def conversation(browser: Browser, board: Board, bot: str) -> dict[str, dict[str, Any]]:
    """Conversations with everything in them, as a tab keeps them: each state's last messages."""
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(20_000)
    widget = Widget(page)
    widget.goto(board.page(attributes='data-area="derby"'))
    widget.open()
    states: dict[str, dict[str, Any]] = {}

    def keep(state: str) -> None:
        kept = widget.kept()
        assert kept
        items = kept["items"]
        start = max(index for index, item in enumerate(items) if item["who"] == "you")
        # the last exchange alone; without its token, so that later ones are not fetched again
        states[state] = kept | {"items": items[start:], "token": None}

    widget.ask("who do I ring in luton?")
    keep("cards")
    widget.ask("medium risk in derby, what happens now?")
    keep("answer")
    widget.ask("she is in a car with him now")
    keep("danger")
    widget.ask("start a screening")
    keep("buttons")
    while not widget.find(".checklist").count():
        widget.go_on()
    keep("checklist")
    while not widget.find("[data-kind=route]").count():
        widget.go_on()
    keep("route")
    widget.choose("Summary and change")
    keep("summary")
    context.close()
    return states


Show = Callable[..., Widget]


@pytest.fixture
def show(context: BrowserContext, board: Board, conversation: dict[str, dict[str, Any]]) -> Show:
    """Shows the widget with a kept conversation, on a page with the attributes given."""

    def shown(
        state: str | None, attributes: str = "", *, is_open: bool = True, unread: int = 0
    ) -> Widget:
        kept = conversation[state] | {"open": is_open, "unread": unread} if state else None
        page = context.new_page()
        if kept:
            page.add_init_script(
                f"sessionStorage.setItem('waymark', {json.dumps(json.dumps(kept))})"
            )
        widget = Widget(page)
        body = '<div id="guide"></div>' if "inline" in attributes else ""
        # axe compares with what lies behind, which is not the widget's matter
        bare = "<style>main > p { display: none }</style>"
        widget.goto(board.page("/state", attributes, head=bare, body=body, policy=None))
        return widget

    return shown


STATES = ("cards", "answer", "danger", "buttons", "checklist", "route", "summary")


def visit(show: Show, name: str, states: tuple[str, ...] = STATES, attributes: str = "") -> None:
    """Look at states one after another: axe finds nothing, and there is a picture of each."""
    for state in states:
        widget = show(state, attributes)
        expect(widget.said.last).to_be_visible()
        last = widget.said.last.locator("h3, p").first
        last.scroll_into_view_if_needed()
        if state == "answer":
            widget.said.last.locator(".cite").first.click()
            widget.said.last.locator("summary").click()
        widget.shoot(f"{name}-{state}")
        assert_accessible(widget.page, f"{name}, {state}")
        assert widget.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        widget.page.close()


def test_every_state_in_the_light(show: Show) -> None:
    visit(show, "light")


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}])
def test_every_state_in_the_dark(show: Show) -> None:
    visit(show, "dark")


@pytest.mark.parametrize("options", [{"forced_colors": "active"}])
def test_every_state_in_forced_colours(show: Show) -> None:
    visit(show, "forced", ("answer", "checklist", "route"))


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 320, "height": 640}, "has_touch": True}]
)
def test_every_state_at_320_pixels(show: Show) -> None:
    visit(show, "320")


def test_right_to_left(show: Show) -> None:
    visit(show, "rtl", ("answer", "checklist", "summary"), 'data-dir="rtl"')


def test_in_the_page(show: Show) -> None:
    visit(show, "inline", ("answer", "checklist"), 'data-inline="#guide"')


@pytest.mark.parametrize(
    "colour", ["#ffd75e", "#7a1f5c", "#8a8a8a", "#e4572e", "#ffffff", "#000000"]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_colour_can_be_read(show: Show, colour: str, theme: str) -> None:
    widget = show("answer", f'data-colour="{colour}" data-theme="{theme}"')
    expect(widget.said.last).to_be_visible()
    assert_accessible(widget.page, f"{colour} {theme}")


def test_closed_menu_dialogs_and_errors(show: Show, context: BrowserContext) -> None:
    widget = show(None)
    assert_accessible(widget.page, "closed")
    widget.shoot("closed")
    widget.open()
    assert_accessible(widget.page, "open")
    widget.shoot("open")
    widget.page.close()
    widget = show("cards", is_open=False, unread=2)
    assert_accessible(widget.page, "closed, unread")
    widget.shoot("closed-two-unread")
    widget.open()
    widget.find("[aria-controls=w-menu]").click()
    assert_accessible(widget.page, "menu", explained="#w-privacy")  # beneath the menu
    widget.shoot("menu")
    for item in ("Start again", "Forget", "Privacy"):
        widget.find(".menu button").filter(has_text=item).click()
        assert_accessible(widget.page, f"dialog {item}")
        widget.page.keyboard.press("Escape")
        widget.find("[aria-controls=w-menu]").click()
    widget.page.keyboard.press("Escape")
    context.set_offline(True)
    widget.ask("who do I ring?")
    expect(widget.find(".trouble")).to_be_visible()
    assert_accessible(widget.page, "error")
    widget.shoot("error")


# The keyboard alone


def test_the_keyboard_alone_is_enough(widget: Widget) -> None:
    page, keyboard = widget.page, widget.page.keyboard

    def tab_to(selector: str, back: bool = False) -> None:
        for _ in range(80):
            keyboard.press("Shift+Tab" if back else "Tab")
            focused = page.evaluate(
                "(selector) => document.activeElement.shadowRoot?.activeElement?.matches(selector)",
                selector,
            )
            if focused:
                return
        raise AssertionError(f"the keyboard does not come to {selector}")

    page.locator("main button").focus()
    tab_to(".launcher")
    keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    keyboard.type("who do I ring?")
    keyboard.press("Shift+Enter")
    keyboard.type("please")
    keyboard.press("Enter")
    widget.settled()
    expect(widget.asked).to_have_count(1)
    expect(widget.field).to_be_focused()
    # back from the field: the newest live choice; what was used is not on the way
    tab_to(LIVE, back=True)
    assert page.evaluate(
        "document.activeElement.shadowRoot.activeElement.matches(':focus-visible')"
    )
    keyboard.press("Enter")
    widget.settled()
    expect(widget.asked).to_have_count(2)
    keyboard.press("Escape")
    expect(widget.field).to_be_focused()
    # a checklist
    keyboard.type("start a screening")
    keyboard.press("Enter")
    widget.settled()
    while not widget.find(".checklist").count():
        tab_to(LIVE, back=True)
        keyboard.press("Enter")
        widget.settled()
        keyboard.press("Escape")
    tab_to(".checklist .strong", back=True)
    tab_to("input", back=True)
    keyboard.press("Space")
    tab_to(".checklist .strong")
    keyboard.press("Enter")
    widget.settled()
    expect(widget.asked.last).to_contain_text(":")
    # a file: the conversation to keep
    tab_to("[aria-controls=w-menu]", back=True)
    keyboard.press("Enter")
    tab_to(".menu button")
    with page.expect_download():
        keyboard.press("Enter")
    expect(widget.find("[aria-controls=w-menu]")).to_be_focused()
    # and closed, with the focus where it was
    keyboard.press("Escape")
    expect(widget.find(".panel")).to_be_hidden()
    expect(widget.find(".launcher")).to_be_focused()


@pytest.mark.parametrize("options", [{"viewport": {"width": 390, "height": 700}}])
def test_full_screen_keeps_the_keyboard_inside(widget: Widget) -> None:
    widget.open()
    expect(widget.find(".panel")).to_have_attribute("aria-modal", "true")
    for key in ("Tab", "Shift+Tab"):
        for _ in range(15):
            widget.page.keyboard.press(key)
            assert widget.page.evaluate("document.activeElement.localName") == "waymark-chat"


def test_focus_is_never_taken(widget: Widget) -> None:
    widget.open()
    widget.field.fill("who do I ring in luton?")
    widget.field.press("Enter")
    widget.page.locator("main button").focus()
    widget.settled()
    expect(widget.page.locator("main button")).to_be_focused()


# What is spoken


def test_each_reply_is_spoken_once_and_none_after_a_reload(widget: Widget) -> None:
    widget.open()
    headlines = []
    for words in (
        "who do I ring in luton?",
        "medium risk in derby",
        "she is in a car with him now",
    ):
        headlines.append(widget.ask(words).locator("h3").inner_text())
    for headline in headlines:
        assert sum(headline in one for one in widget.spoken()) == 1
    expect(widget.find(".log")).to_have_attribute("aria-live", "off")
    expect(widget.find("[role=status] p, [role=alert] p")).to_have_count(0)  # said and gone
    widget.page.reload()
    expect(widget.said).to_have_count(4)
    widget.page.wait_for_timeout(500)
    assert widget.spoken() == []


def test_danger_is_spoken_at_once(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate(
        """() => {
          const alert = document.querySelector("waymark-chat").shadowRoot.querySelector("[role=alert]");
          window.alerts = [];
          new MutationObserver((all) => all.forEach(({ addedNodes }) =>
            addedNodes.forEach((node) => window.alerts.push(node.textContent)))).observe(alert, { childList: true });
        }"""
    )
    widget.ask("she is in a car with him now")
    assert any("Ring 999 now" in one for one in widget.page.evaluate("window.alerts"))


# Small, large, still


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 256}}])
def test_enlarged_to_400_percent_nothing_scrolls_inside_anything(show: Show) -> None:
    widget = show("answer")
    expect(widget.said.last).to_be_visible()
    style = "getComputedStyle(document.querySelector('waymark-chat').shadowRoot.querySelector('{}')).overflowY"
    assert widget.page.evaluate(style.format(".log")) == "visible"
    assert widget.page.evaluate(style.format(".panel")) == "auto"
    widget.find(".send").scroll_into_view_if_needed()
    box = widget.find(".exit:visible").bounding_box()
    assert box
    assert 0 <= box["y"] < 60  # the way out stays
    assert_accessible(widget.page, "400 %")
    widget.shoot("400-percent")


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}]
)
def test_a_phone_has_it_on_the_whole_screen(widget: Widget) -> None:
    widget.shoot("phone-closed")
    widget.open()
    box = widget.find(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    widget.ask("who do I ring in luton?")
    widget.shoot("phone-answer")
    for selector in ("textarea", ".send", ".exit:visible"):
        spot = widget.find(selector).bounding_box()
        assert spot
        assert spot["y"] + spot["height"] <= 844
    small = widget.find("button:visible, select:visible, .exit:visible").evaluate_all(
        "nodes => nodes.map((one) => one.getBoundingClientRect()).filter(({ width, height }) => width < 24 || height < 24).length"
    )
    assert small == 0


@pytest.mark.parametrize("options", [{"reduced_motion": "no-preference"}])
def test_nothing_moves_for_who_wants_it_still(widget: Widget) -> None:
    widget.open()
    moving = "document.querySelector('waymark-chat').shadowRoot.getAnimations().length"
    widget.page.emulate_media(reduced_motion="reduce")
    widget.page.route("**/w/message", lambda route: None)
    widget.field.fill("who do I ring?")
    widget.field.press("Enter")
    expect(widget.find(".typing")).to_be_visible()
    assert widget.page.evaluate(moving) == 0
    widget.page.emulate_media(reduced_motion="no-preference")
    assert widget.page.evaluate(moving) > 0


@pytest.mark.parametrize("options", [{"viewport": {"width": 1100, "height": 820}}])
def test_larger_letters_of_the_browser_count(page: Page, board: Board, bot: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 24}})
    widget = Widget(page)
    widget.goto(board.page())
    widget.open()
    size = widget.said.first.evaluate("(node) => getComputedStyle(node).fontSize")
    assert re.fullmatch(r"24(\.\d+)?px", size)
