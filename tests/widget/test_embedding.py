"""One line in a board's page: what it puts there, what it leaves alone, and what can be chosen."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.board import Board
from tests.widget.driving import Widget

#: As hostile to what is put into a page as a site's style can be.
ROUGH = """
html { font-size: 5px; } * { color: red !important; font: 9px monospace !important; margin: 9px; }
div, section, button, p { border: 5px dotted lime !important; text-transform: uppercase; }
button { display: none; } waymark-chat { display: none; opacity: .2; transform: rotate(3deg); }
"""


def test_nothing_is_asked_or_stored_before_it_is_opened(page: Page, board: Board, bot: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    widget = Widget(page)
    url = board.page()
    widget.goto(url)
    page.wait_for_timeout(300)
    assert asked == [url, f"{bot}/widget.js"]
    widget.open()
    page.wait_for_timeout(300)
    assert len(asked) == 2  # nor then: the opening is the page's own
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    widget.ask("who do I ring in luton?")
    assert {one.removeprefix(bot) for one in asked[2:]} == {"/w/session", "/w/message"}
    assert page.evaluate("Object.keys(sessionStorage)") == ["waymark"]
    assert page.evaluate("localStorage.length + document.cookie.length") == 0
    assert page.context.cookies() == []


def test_a_conversation_goes_on_from_page_to_page(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    board.page("/two")
    widget.goto(board.page("/one"))
    widget.open()
    widget.ask("who do I ring in derbyshire?")
    page.locator("main a").click()
    # open as it was, all of it there, and nothing of it announced again
    expect(widget.find(".panel")).to_be_visible()
    expect(widget.said.last).to_contain_text("Derbyshire")
    expect(widget.asked).to_have_text("You: who do I ring in derbyshire?", use_inner_text=True)
    page.wait_for_timeout(300)
    assert widget.spoken() == []
    assert page.evaluate("document.activeElement === document.body")
    expect(widget.find("select")).to_have_value("derbyshire")
    assert "Derbyshire" in widget.ask("and out of hours?").inner_text()
    widget.find("[aria-label^=Close]").click()
    page.reload()
    expect(widget.find(".launcher")).to_be_visible()
    expect(widget.find(".panel")).to_have_count(0)


def test_an_answer_that_a_page_change_cut_off_arrives_on_the_next(
    page: Page, board: Board, bot: str
) -> None:
    widget = Widget(page)
    board.page("/two")
    widget.goto(board.page("/one"))
    widget.open()
    widget.field.fill("who do I ring in luton?")
    widget.field.press("Enter")
    widget.asked.wait_for()
    page.goto(board.origin + "/two")
    expect(widget.said.last).to_contain_text("01582")
    expect(widget.asked).to_have_count(1)
    expect(widget.said).to_have_count(2)
    assert sum("01582" in one for one in widget.spoken()) == 1


def test_a_board_that_wants_nothing_kept(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes='data-remember="off"'))
    widget.open()
    widget.ask("who do I ring in luton?")
    assert widget.kept() is None
    widget.menu("Privacy")
    expect(widget.find("dialog")).to_contain_text("leaving this page ends the conversation")


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}])
def test_attributes_choose_area_colour_side_title_opening_and_theme(
    page: Page, board: Board, bot: str
) -> None:
    widget = Widget(page)
    widget.goto(
        board.page(
            attributes='data-area="hartlepool" data-colour="#7a1f5c" data-position="left" '
            'data-title="Ask the board" data-greeting="Welcome to our guide." '
            'data-launcher="Ask us" data-theme="light"'
        )
    )
    launcher = widget.find(".launcher")
    expect(launcher).to_have_text("Ask us")
    expect(launcher).to_have_css("background-color", "rgb(122, 31, 92)")
    box = launcher.bounding_box()
    assert box
    assert box["x"] < 100
    widget.shoot("closed-own-colour")
    widget.open()
    expect(widget.find("h2")).to_have_text("Ask the board")
    expect(widget.said.first).to_contain_text("Welcome to our guide.")
    expect(widget.said.first).to_contain_text("999")
    expect(widget.find("select")).to_have_value("hartlepool")
    expect(widget.find(".panel")).to_have_css("background-color", "rgb(255, 255, 255)")
    widget.shoot("open-own-colour")
    assert "Hartlepool" in widget.ask("who do I ring?").inner_text()
    # and later, by script: the snippet builder shows it like this
    page.evaluate("document.querySelector('waymark-chat').dataset.colour = '#ffd75e'")
    expect(widget.find("header")).to_have_css("background-color", "rgb(255, 215, 94)")
    expect(widget.find("header")).to_have_css("color", "rgb(11, 20, 23)")


def test_custom_properties_of_the_page_count(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    style = "waymark-chat { --waymark-colour: #234a9a; --waymark-width: 400px; --waymark-radius: 0px; --waymark-inset: 40px }"
    widget.goto(board.page(head=f"<style>{style}</style>", policy=None))
    expect(widget.find(".launcher")).to_have_css("background-color", "rgb(35, 74, 154)")
    widget.open()
    expect(widget.find(".panel")).to_have_css("width", "400px")
    expect(widget.find(".panel")).to_have_css("border-radius", "0px")
    expect(widget.find(".panel")).to_have_css("right", "40px")


def test_the_pages_style_does_not_reach_in(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    widget.goto(board.page(head=f"<style>{ROUGH}</style>", policy=None))
    widget.open()
    widget.ask("who do I ring in luton?")
    expect(widget.find("h2")).to_have_css("font-size", "17.92px")
    expect(widget.find("h2")).to_have_css("text-transform", "none")
    expect(widget.said.last).to_have_css("border-top-style", "solid")
    expect(widget.said.last).to_have_css("color", "rgb(20, 37, 42)")
    assert page.evaluate("getComputedStyle(document.querySelector('waymark-chat')).opacity") == "1"
    widget.shoot("rough-page")


def test_in_the_page(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    widget.goto(
        board.page(
            attributes='data-inline="#guide" data-area="derby"', body='<div id="guide"></div>'
        )
    )
    expect(widget.find(".panel")).to_be_visible()
    expect(widget.find(".launcher")).to_be_hidden()
    expect(widget.find("[aria-label^=Close]")).to_have_count(0)
    assert page.evaluate("document.querySelector('#guide > waymark-chat') !== null")
    assert page.evaluate("document.activeElement === document.body")
    widget.ask("medium risk, what now?")
    expect(widget.said.last).to_contain_text("Derby")
    widget.shoot("inline")


def test_an_element_put_by_hand_is_the_pages_choice(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    body = f'<waymark-chat data-area="luton"><a href="{bot}/chat">Ask the guide</a></waymark-chat>'
    widget.goto(board.page(body=body))
    expect(page.locator("waymark-chat")).to_have_count(1)
    expect(page.get_by_text("Ask the guide")).to_be_hidden()  # what is there without JavaScript
    # a second script tag does no harm
    page.evaluate(
        "() => { const again = document.createElement('script'); document.body.append(again); }"
    )
    widget.open()
    expect(widget.find("select")).to_have_value("luton")


def test_an_element_further_down_counts_too(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    body = "<p>Much to read.</p>" * 2_000 + '<waymark-chat data-area="derby"></waymark-chat>'
    script = f'<script src="{bot}/widget.js" async></script>'
    widget.goto(board.page(head=script, body=body, script=""))
    page.wait_for_load_state()
    expect(page.locator("waymark-chat")).to_have_count(1)
    widget.open()
    expect(widget.find("select")).to_have_value("derby")


def test_open_from_the_start_until_it_is_closed(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes="data-open"))
    expect(widget.find(".panel")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")
    widget.ask("who do I ring in luton?")
    widget.find("[aria-label^=Close]").click()
    page.reload()
    expect(widget.find(".launcher")).to_be_visible()


def test_methods_for_the_pages_own_buttons(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    widget.goto(board.page())
    page.locator("main button").focus()
    page.evaluate("document.querySelector('waymark-chat').open()")
    expect(widget.field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("main button")).to_be_focused()


def test_another_language_is_one_file(page: Page, board: Board, bot: str) -> None:
    words = {
        "lang": "ar",
        "dir": "rtl",
        "launcher": "قلق على طفل؟",
        "send": "إرسال",
        "opening": "مرحبا.",
    }
    page.context.route(
        "**/ar.json",
        lambda route: route.fulfill(
            body=json.dumps(words),
            content_type="application/json",
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    widget = Widget(page)
    widget.goto(board.page(attributes=f'data-strings="{bot}/ar.json"'))
    expect(widget.find(".launcher")).to_have_text("قلق على طفل؟")
    box = widget.find(".launcher").bounding_box()
    assert box
    assert box["x"] < 100  # the start of the line is on the other side
    widget.open()
    expect(widget.find(".send")).to_have_text("إرسال")
    expect(widget.find(".exit:visible")).to_have_text("Exit this page")  # left out: English
    expect(widget.find("section.w")).to_have_attribute("lang", "ar")
    widget.ask("who do I ring in luton?")
    expect(widget.said.last).to_have_css("direction", "ltr")  # the answer is English
    widget.shoot("right-to-left")


def test_a_language_that_is_not_there_is_english(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes='data-lang="xx"'))
    expect(widget.find(".launcher")).to_have_text("Worried about a child?")


@pytest.mark.parametrize("options", [{"java_script_enabled": False}])
def test_without_javascript_there_is_a_link(
    context: BrowserContext, board: Board, bot: str
) -> None:
    url = board.page(
        body=f'<noscript><a href="{bot}/chat?area=luton">Worried about a child?</a></noscript>'
    )
    page = context.new_page()
    page.goto(url)
    page.get_by_role("link", name="Worried about a child?").click()
    page.locator("textarea").fill("who do I ring?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("body")).to_contain_text("01582")
