"""What can go wrong: a plain sentence with 999 and the area's number, nothing lost, and back by itself."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.channels.limits import Limits, Rate
from tests.widget.board import Board, running_board
from tests.widget.conftest import Running
from tests.widget.driving import Widget
from tests.widget.line import Line, running_line

QUESTION = "who do I ring in luton?"
LUTON = "01582 547653"


def on_line(page: Page, board: Board, line: Line, area: str = "luton") -> Widget:
    """The widget, open, with the line to the guide in between."""
    widget = Widget(page)
    widget.goto(board.page(attributes=f'data-area="{area}"', bot=line.url))
    widget.open()
    return widget


def assert_trouble(widget: Widget, words: str, kept: str | None = QUESTION) -> None:
    """The sentence, 999 and the area's number are there and were said; what was typed is kept."""
    card = widget.find(".trouble")
    expect(card).to_contain_text(words)
    expect(card).to_contain_text("ring 999")
    expect(card.locator("a[href='tel:999']")).to_be_visible()
    expect(card.locator(f"a[href='tel:{LUTON.replace(' ', '')}']")).to_be_visible()
    assert any(words in one and "999" in one and LUTON in one for one in widget.spoken())
    if kept is not None:
        expect(widget.field).to_have_value(kept)


def assert_answered(widget: Widget, messages: int = 1) -> None:
    """Each message has one answer, and nothing is left in the field."""
    expect(widget.said.last).to_contain_text(LUTON, timeout=20_000)
    expect(widget.find(".trouble")).to_have_count(0)
    expect(widget.asked).to_have_count(messages)
    expect(widget.said).to_have_count(messages + 1)
    expect(widget.field).to_have_value("")


def test_the_guide_cannot_be_reached_and_comes_back(page: Page, board: Board, line: Line) -> None:
    widget = on_line(page, board, line)
    line.down = True
    widget.ask(QUESTION)
    assert_trouble(widget, "cannot be reached")
    widget.shoot("error-unreachable")
    line.down = False
    assert_answered(widget)  # by itself, without a press


def test_trying_again_is_one_press_too(page: Page, board: Board, line: Line) -> None:
    widget = on_line(page, board, line)
    line.down = True
    widget.ask(QUESTION)
    page.clock.install()  # the widget's own tries stand still from here
    line.down = False
    widget.find(".trouble .strong").focus()
    page.keyboard.press("Enter")
    page.clock.resume()
    assert_answered(widget)
    expect(widget.find(".log")).to_be_focused()


def test_the_same_words_again_are_the_same_message(page: Page, board: Board, line: Line) -> None:
    ids: list[str] = []
    page.on(
        "request",
        lambda sent: (
            ids.append(json.loads(sent.post_data or "{}").get("id", ""))
            if sent.url.endswith("/w/message")
            else None
        ),
    )
    widget = on_line(page, board, line)
    line.cuts = ["before"] * 20  # a browser tries again by itself, too
    widget.ask(QUESTION)
    assert_trouble(widget, "cannot be reached")
    line.cuts = []
    widget.field.press("Enter")
    assert_answered(widget)
    assert len(ids) >= 2
    assert len(set(ids)) == 1


def test_something_else_instead_leaves_the_first_unanswered(
    page: Page, board: Board, line: Line
) -> None:
    widget = on_line(page, board, line)
    line.cuts = ["before"] * 20
    widget.ask("what is grooming?")
    expect(widget.find(".trouble")).to_be_visible()
    line.cuts = []
    widget.ask(QUESTION)
    expect(widget.said.last).to_contain_text(LUTON)
    expect(widget.asked.first).to_contain_text("Not answered")
    expect(widget.said).to_have_count(2)


def test_offline(page: Page, board: Board, bot: str, context: BrowserContext) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes='data-area="luton"'))
    widget.open()
    context.set_offline(True)
    widget.ask(QUESTION)
    assert_trouble(widget, "offline")
    widget.shoot("error-offline")
    context.set_offline(False)
    assert_answered(widget)


def test_offline_from_the_first_moment_in_an_area_without_a_number(
    page: Page, board: Board, bot: str, context: BrowserContext
) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes='data-area="derby"'))
    context.set_offline(True)
    widget.open()
    widget.ask(QUESTION)
    expect(widget.find(".trouble")).to_contain_text("no number for Derby")
    expect(widget.find(".trouble a[href='tel:101']")).to_be_visible()


def test_slow(page: Page, board: Board, line: Line) -> None:
    widget = on_line(page, board, line)
    page.clock.install()
    line.held.set()
    widget.field.fill(QUESTION)
    widget.field.press("Enter")
    expect(widget.find(".typing")).to_be_visible()
    widget.shoot("typing")
    page.clock.fast_forward(5_100)
    expect(widget.find(".typing")).to_contain_text("Still looking")
    expect(widget.find(".typing")).to_contain_text("999")
    widget.field.fill("another")
    widget.field.press("Enter")
    assert "I am still answering your last message." in widget.spoken()
    widget.field.fill("")
    page.clock.fast_forward(36_000)
    assert_trouble(widget, "not counted twice")
    widget.shoot("error-slow")
    line.held.clear()
    page.clock.resume()
    assert_answered(widget)


def test_restarted(page: Page, board: Board, running: Running) -> None:
    widget = Widget(page)
    with running() as first:
        port = int(first.rpartition(":")[2])
        widget.goto(board.page(attributes='data-area="luton"', bot=first))
        widget.open()
        widget.ask("what is grooming?")
    widget.ask(QUESTION)
    assert_trouble(widget, "cannot be reached")
    with running(port):
        # the same conversation: the session is still good
        assert_answered(widget, 2)
        expect(widget.find(".system")).to_have_count(0)


@pytest.mark.parametrize("status", [502, 503])
def test_behind_a_proxy_whose_server_is_away(
    page: Page, board: Board, bot: str, status: int
) -> None:
    widget = Widget(page)
    widget.goto(board.page(attributes='data-area="luton"'))
    widget.open()
    headers = {"Access-Control-Allow-Origin": board.origin}
    page.route(
        "**/w/**",
        lambda route: route.fulfill(
            status=status, body="<html>Bad gateway</html>", headers=headers
        ),
    )
    widget.ask(QUESTION)
    assert_trouble(widget, "being restarted")
    page.unroute("**/w/**")
    assert_answered(widget)


def test_a_session_that_has_ended_is_replaced(widget: Widget) -> None:
    widget.open()
    widget.ask("what is grooming?")
    kept = widget.kept()
    assert kept
    kept["token"] = "A" * 76
    widget.page.evaluate("(kept) => sessionStorage.setItem('waymark', kept)", json.dumps(kept))
    widget.page.reload()
    widget.ask(QUESTION)
    expect(widget.find(".system")).to_contain_text("had ended")
    expect(widget.said.last).to_contain_text(LUTON)
    assert any("had ended" in one for one in widget.spoken())
    widget.shoot("session-ended")


def test_too_many(page: Page, board: Board, running: Running) -> None:
    many = Rate(burst=1_000, per_second=100)
    with running(limits=Limits(Rate(burst=1, per_second=0.01), many, many)) as slow:
        widget = Widget(page)
        widget.goto(board.page(attributes='data-area="luton"', bot=slow))
        widget.open()
        widget.ask("what is grooming?")
        widget.ask(QUESTION)
        assert_trouble(widget, "Too many messages")
        widget.shoot("error-too-many")


def test_too_many_goes_by_itself_when_it_may(widget: Widget, board: Board) -> None:
    headers = {
        "Access-Control-Allow-Origin": board.origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Retry-After": "1",
    }
    body = json.dumps({"error": "too_many", "message": "Wait."})
    widget.page.route(
        "**/w/message",
        lambda route: route.fulfill(status=429, body=body, headers=headers),
        times=1,
    )
    widget.open()
    widget.ask(QUESTION)
    assert_answered(widget)


@pytest.mark.parametrize(
    ("words", "sentence"), [("why " * 260, "1,000 characters"), ("why " * 4_000, "far longer")]
)
def test_too_long(widget: Widget, words: str, sentence: str) -> None:
    widget.open()
    widget.field.fill(words)
    expect(widget.find(".count")).to_contain_text("too many")
    widget.field.press("Enter")
    widget.settled()
    expect(widget.find(".said").last).to_contain_text(sentence)
    expect(widget.find(".said").last).to_contain_text("999")
    if sentence == "far longer":
        assert_trouble(widget, sentence, kept=words)
        expect(widget.asked).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "body", "words", "again"),
    [
        (400, {"error": "not_understood", "message": "Not read."}, "could not read", False),
        (503, {"error": "busy", "message": "Busy."}, "Too many messages", True),
        (413, {"error": "too_large", "message": "Too large."}, "far longer", False),
        (500, {"error": "failed", "message": "It failed."}, "went wrong", True),
        (200, {"odd": True}, "went wrong", True),
        (200, "<html>", "went wrong", True),
    ],
)
def test_every_refusal_has_its_sentence(
    widget: Widget, board: Board, status: int, body: Any, words: str, again: bool
) -> None:
    widget.open()
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Access-Control-Allow-Origin": board.origin}
    widget.page.route(
        "**/w/message", lambda route: route.fulfill(status=status, body=text, headers=headers)
    )
    widget.ask(QUESTION)
    assert_trouble(widget, words)
    expect(widget.find(".trouble .strong")).to_have_count(1 if again else 0)


def test_a_file_that_cannot_be_made(widget: Widget, board: Board) -> None:
    reply = {
        "kind": "route",
        "headline": "A route.",
        "downloads": [{"kind": "pdf", "title": "PDF"}],
    }
    body = json.dumps({"id": "1", "replies": [{"text": "A route.", "buttons": [], "reply": reply}]})
    headers = {"Access-Control-Allow-Origin": board.origin}
    widget.page.route("**/w/message", lambda route: route.fulfill(body=body, headers=headers))
    widget.open()
    widget.ask("what now?")
    widget.find(".file").click()
    result = widget.find(".result")
    expect(result).to_contain_text("route in this conversation")  # the guide's own sentence
    expect(result).to_contain_text("999")
    expect(result).to_contain_text(LUTON)
    widget.page.route("**/w/document", lambda route: route.abort())
    widget.find(".file").click()
    expect(result).to_contain_text("could not make that file")


@pytest.mark.parametrize("error", ["SecurityError", "QuotaExceededError"])
def test_storage_is_blocked_or_cookies_are_off(
    context: BrowserContext, page: Page, board: Board, bot: str, error: str
) -> None:
    # what Chromium does for a site whose cookies are blocked
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', "
        f"{{ get() {{ throw new DOMException('blocked', '{error}'); }} }});"
    )
    widget = Widget(page)
    widget.goto(board.page(attributes='data-area="luton"'))
    widget.open()
    note = widget.find(".system")
    expect(note).to_contain_text("keeps nothing for this site")
    expect(note).to_contain_text("999")
    expect(note).to_contain_text(LUTON)
    widget.ask("I work in derbyshire")
    widget.ask("who do I ring?")
    expect(widget.said.last).to_contain_text("Derbyshire")
    widget.shoot("storage-blocked")


def test_a_site_that_is_not_listed(page: Page, bot: str) -> None:
    with running_board() as other:
        other.bot = bot
        widget = Widget(page)
        widget.goto(other.page(attributes='data-area="luton"'))
        widget.open()
        widget.ask(QUESTION)
        # a browser hides the refusal of another site, so this fits both
        assert_trouble(widget, "cannot be reached from this page")


def test_twenty_drops_lose_nothing_and_double_nothing(page: Page, board: Board, line: Line) -> None:
    widget = on_line(page, board, line)
    widget.ask("hello")
    questions = ["what is grooming?", "who do I ring in luton?", "and in derby?", "source?", "more"]
    # before the guide has it, after, and in the middle of the answer: near its start, and its end
    kinds: list[str | int] = ["before", "after", 30, 700, 1_500]
    line.cuts = []
    for number in range(20):
        line.cuts = [kinds[number % len(kinds)]]
        widget.field.fill(questions[number % len(questions)])
        widget.field.press("Enter")
        expect(widget.said).to_have_count(number + 3, timeout=30_000)
        widget.settled()
    assert line.cut_off == 20
    print(
        f"\ndrops: {line.cut_off}, messages {widget.asked.count()}, answers {widget.said.count() - 1}"
    )
    # the guide's own count, against what is on the page
    kept = widget.kept()
    assert kept
    answer = page.request.post(
        f"{board.bot}/w/replay", data={"token": kept["token"], "after": 0}
    ).json()
    sent = [one["reply"]["text"] for one in answer["messages"]]
    shown = [item["words"] for item in kept["items"] if item["who"] == "guide"]
    assert shown == sent
    assert kept["seq"] == answer["last"]
    expect(widget.find(".trouble")).to_have_count(0)


def test_what_was_answered_while_asleep_arrives(page: Page, board: Board, bot: str) -> None:
    with running_line(bot) as line:
        widget = on_line(page, board, line)
        widget.ask("hello")
        line.held.set()
        widget.field.fill(QUESTION)
        widget.field.press("Enter")
        time.sleep(0.5)
        # the phone sleeps, and wakes with a dead connection
        line.down = True
        page.evaluate(
            """() => {
              const now = Date.now;
              Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
              Date.now = () => now() + 60000;
              Object.defineProperty(document, "visibilityState", { value: "visible" });
            }"""
        )
        line.down = False
        line.held.clear()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(widget.said.last).to_contain_text(LUTON)
        expect(widget.said).to_have_count(3)
