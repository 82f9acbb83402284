"""Leaving quickly: hidden at once, nothing left behind, and honest about the rest."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.widget.board import Board
from tests.widget.driving import Widget
from tests.widget.test_chat import refused

WEATHER = "https://www.bbc.co.uk/weather"


def test_the_way_out_is_always_in_sight(widget: Widget) -> None:
    expect(widget.find(".exit:visible")).to_have_count(0)  # nothing to leave yet
    widget.open()
    expect(widget.find(".exit:visible")).to_have_text("Exit this page")
    widget.ask("who do I ring in luton?")
    for spot in ("panel", "closed"):
        box = widget.find(".exit:visible").bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 820
        widget.shoot(f"exit-{spot}")
        if spot == "panel":
            widget.find("[aria-label^=Close]").click()


def test_leaving_hides_forgets_and_goes(widget: Widget, board: Board, bot: str) -> None:
    page = widget.page
    widget.open()
    widget.ask("who do I ring in luton?")
    kept = widget.kept()
    assert kept
    widget.find(".exit:visible").click()
    page.wait_for_url(WEATHER)
    assert refused(page, bot, kept["token"])
    page.go_back()
    assert not page.url.startswith(board.origin)  # it is not in the tab's history


def test_leaving_hides_within_100_ms_and_leaves_nothing(widget: Widget) -> None:
    widget.open()
    widget.ask("who do I ring in luton?")
    # all in the same moment: the other page has not even been asked for
    hidden, took, display, stored, title, left = widget.page.evaluate(
        """() => {
          const element = document.querySelector("waymark-chat");
          const style = document.documentElement.style;
          const set = style.setProperty.bind(style);
          const start = performance.now();
          let hidden = null;
          style.setProperty = (...given) => { set(...given); hidden = performance.now() - start; };
          element.leave();
          const took = performance.now() - start;
          const shown = getComputedStyle(document.documentElement).display;
          return [hidden, took, shown, sessionStorage.length + localStorage.length,
                  document.title, element.shadowRoot.querySelector("section").childElementCount];
        }"""
    )
    print(f"\nleaving: hidden after {hidden:.1f} ms, emptied after {took:.1f} ms, of 100")
    assert [display, stored, title, left] == ["none", 0, "", 0]
    assert hidden < took
    assert took < 1_000  # a busy machine may be slow; the figure above is the measure
    widget.page.wait_for_url(WEATHER)


def test_shift_three_times_leaves_from_anywhere(widget: Widget) -> None:
    page = widget.page
    widget.open()
    page.locator("main button").focus()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert widget.spoken()[-2:] == [
        "Shift, press 2 more times to exit.",
        "Shift, press 1 more time to exit.",
    ]
    expect(widget.find(".panel .lights .on")).to_have_count(2)
    widget.shoot("exit-lights")
    page.keyboard.press("Shift")
    page.wait_for_url(WEATHER)


def test_shift_is_the_pages_own_before_the_guide_was_used(widget: Widget) -> None:
    for _ in range(3):
        widget.page.keyboard.press("Shift")
    assert widget.spoken() == []
    expect(widget.find(".launcher")).to_be_visible()


def test_shift_for_capitals_and_other_keys_do_not_leave(widget: Widget) -> None:
    widget.open()
    keyboard = widget.page.keyboard
    for _ in range(4):
        keyboard.press("Shift+A")
    keyboard.press("Shift")
    keyboard.press("Shift")
    keyboard.press("x")
    keyboard.press("Shift")
    expect(widget.find(".panel .lights .on")).to_have_count(1)
    expect(widget.field).to_have_value("AAAAx")


def test_shift_is_forgotten_after_five_seconds(widget: Widget) -> None:
    widget.open()
    widget.page.clock.install()
    widget.page.keyboard.press("Shift")
    widget.page.keyboard.press("Shift")
    widget.page.clock.fast_forward(5_100)
    expect(widget.find(".panel .lights")).to_be_hidden()
    assert widget.spoken()[-1] == "Exit this page expired."
    widget.page.keyboard.press("Shift")
    expect(widget.find(".panel .lights .on")).to_have_count(1)


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("https://www.bbc.co.uk/sport", "https://www.bbc.co.uk/sport"),
        ("javascript:alert(1)", WEATHER),
    ],
)
def test_a_board_chooses_where_leaving_goes(
    page: Page, board: Board, bot: str, wanted: str, goes: str
) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes=f'data-exit="{wanted}"'))
    widget.open()
    widget.find(".exit:visible").click()
    page.wait_for_url(goes)


def test_a_page_that_asks_to_stay_is_not_heard(widget: Widget) -> None:
    widget.page.evaluate("addEventListener('beforeunload', (event) => event.preventDefault())")
    asked: list[str] = []
    widget.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    widget.open()
    widget.find(".exit:visible").click()
    widget.page.wait_for_url(WEATHER)
    assert asked == []


def test_the_way_out_is_in_dialogs_too(widget: Widget) -> None:
    widget.open()
    widget.menu("Privacy")
    widget.find("dialog .exit").click()
    widget.page.wait_for_url(WEATHER)


def test_a_page_from_the_browsers_memory_does_not_show_it_again(
    page: Page, board: Board, bot: str
) -> None:
    board.page("/two")
    widget = Widget(page)
    widget.goto(board.page("/one"))
    widget.open()
    widget.ask("who do I ring in luton?")
    page.goto(board.origin + "/two")
    widget.find(".panel").wait_for()
    widget.find(".exit:visible").click()
    page.wait_for_url(WEATHER)
    page.go_back()
    expect(page.locator("main")).to_be_visible()
    expect(widget.asked).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0
