"""The chat: answers, cards, choices, checklists, the summary, files, and what to keep of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.widget.board import Board
from tests.widget.driving import LIVE, Widget


@pytest.fixture(autouse=True)
def opened(widget: Widget) -> None:
    widget.open()


def test_the_opening_offers_what_the_guide_offers(widget: Widget) -> None:
    expect(widget.said.first).to_contain_text("999")
    for words in widget.said.first.locator(".choice").all_inner_texts():
        said = widget.choose(words)
        assert said.get_attribute("data-kind") != "safe_message"
        widget.menu("Start again")
        widget.find("dialog .strong").click()
        widget.settled()


def test_an_answer_has_everything_that_the_reply_has(widget: Widget) -> None:
    said = widget.ask("medium risk in derby, what happens now?")
    expect(said.locator(".label")).to_have_text("Derby")
    expect(said.locator("h3")).to_be_visible()
    assert said.locator(".points li").count() >= 3
    expect(said.locator(".differs h4")).to_have_text("The sources differ")
    expect(said.locator(".since").first).to_contain_text("Since then")
    assert said.locator(LIVE).count() >= 2
    expect(widget.find("select")).to_have_value("derby")
    expect(widget.field).to_have_value("")
    expect(widget.field).to_be_focused()
    widget.shoot("answer")


def test_citations_expand_where_they_stand(widget: Widget) -> None:
    said = widget.ask("who do I ring in luton?")
    mark = said.locator(".cite").first
    source = said.locator(f"#{mark.get_attribute('aria-controls')}")
    expect(source).to_be_hidden()
    mark.click()
    expect(mark).to_have_attribute("aria-expanded", "true")
    expect(source).to_be_visible()
    expect(mark).to_be_focused()
    old = said.locator(".cites").filter(has_text="years old").first
    for one in old.locator("[aria-expanded=false]").all():
        one.click()
    # what must not be overlooked is set in bold
    expect(old.locator("strong").filter(has_text="years old").first).to_be_visible()
    widget.shoot("citation")
    mark.click()
    expect(source).to_be_hidden()
    said.locator("summary").click()
    expect(said.locator(".sources li")).to_have_count(3)


def test_contacts_can_be_rung_written_to_and_copied(
    widget: Widget, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    said = widget.ask("who do I ring in luton?")
    card = said.locator(".contact").first
    number = card.locator("a").inner_text()
    assert card.locator("a").get_attribute("href") == "tel:" + number.replace(" ", "")
    card.get_by_role("button").click()
    expect(card.get_by_role("button")).to_contain_text("Copied")
    assert widget.page.evaluate("navigator.clipboard.readText()") == number
    assert "Copied" in widget.spoken()
    card.scroll_into_view_if_needed()
    widget.shoot("contacts")


def test_other_addresses_are_links_too(widget: Widget, board: Board) -> None:
    contacts = [
        {"name": "A team", "email": "team@example.org"},
        {"name": "A council", "web": "example.org/children"},
        {"name": "No link", "web": "javascript:alert(1)", "number": "ask the board"},
    ]
    reply = {"kind": "answer", "headline": "Whom to write to.", "contacts": contacts}
    body = json.dumps({"id": "1", "replies": [{"text": "x", "buttons": [], "reply": reply}]})
    headers = {"Access-Control-Allow-Origin": board.origin}
    widget.page.route("**/w/message", lambda route: route.fulfill(body=body, headers=headers))
    said = widget.ask("whom do I write to?")
    links = said.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert links == ["mailto:team@example.org", "https://example.org/children"]
    expect(said.locator("a").nth(1)).to_have_attribute("rel", "noreferrer")


def test_a_choice_stays_and_is_said_to_be_chosen(widget: Widget) -> None:
    said = widget.ask("who do I ring?")
    widget.choose("More detail")
    chosen = said.locator(".chosen")
    expect(chosen).to_have_text("More detail, chosen")
    expect(chosen).to_be_focused()
    chosen.dispatch_event("click")  # a second tap does nothing
    widget.settled()
    expect(widget.asked).to_have_count(2)
    expect(said.locator(LIVE)).to_have_count(0)


def test_a_second_tap_does_not_hit_what_has_just_appeared(widget: Widget) -> None:
    widget.ask("start a screening")
    choice = widget.find(LIVE).filter(has_text=re.compile("^No$"))
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    assert box
    for _ in range(4):
        widget.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    widget.settled()
    expect(widget.asked).to_have_count(2)


def test_a_screening_leads_to_a_route_with_files(widget: Widget) -> None:
    widget.ask("start a screening")
    while not widget.find(".checklist").count():
        widget.go_on()
    send, progress = widget.find(".checklist .strong"), widget.find(".progress")
    expect(progress).to_contain_text("0 of")
    send.click()  # nothing ticked: said, not sent
    expect(progress).to_contain_text("at least one line")
    ticks = widget.find(".tick")
    ticks.nth(0).locator("label").first.click()
    ticks.nth(1).locator("input").first.focus()
    widget.page.keyboard.press("Space")
    expect(progress).to_have_text(f"2 of {ticks.count()} answered")
    widget.shoot("checklist")
    send.click()
    widget.settled()
    expect(widget.asked.last).to_contain_text(":")
    expect(ticks.nth(0).locator("input").first).to_be_disabled()
    expect(ticks.nth(0).locator("input").first).to_be_checked()
    assert "did not understand" not in widget.said.last.inner_text()
    # what was ticked is still to be seen on the next page
    widget.page.reload()
    expect(widget.find(".tick").nth(0).locator("input").first).to_be_checked()
    while not widget.find("[data-kind=screening_result]").count():
        widget.go_on()
    # the answers stand before the result, and each can be put right there
    before = widget.find("[data-kind=screening_summary] .answers li")
    expect(before.first.get_by_role("button", name="Change")).to_be_enabled()
    while not widget.find("[data-kind=route]").count():
        widget.go_on()
    route = widget.find("[data-kind=route]")
    expect(route.locator("ol.points li").first).to_be_visible()
    widget.shoot("route")
    save_files(widget, route)
    widget.choose("Summary and change")
    answers = widget.find("[data-kind=screening_summary]").last.locator(".answers li")
    assert answers.count() >= 5
    widget.shoot("summary")
    answers.nth(1).get_by_role("button", name="Change").click()
    widget.settled()
    expect(widget.said.last.locator(LIVE).first).to_be_visible()
    widget.shoot("change")


def test_the_area_can_be_changed_in_passing(widget: Widget) -> None:
    widget.find("select").select_option("hartlepool")
    expect(widget.asked).to_have_count(0)
    assert "Hartlepool" in widget.ask("who do I ring?").inner_text()
    widget.find("select").select_option("derbyshire")
    widget.settled()
    expect(widget.asked.last).to_contain_text("Derbyshire")
    expect(widget.said.last).to_contain_text("Derbyshire")
    expect(widget.find("option").first).to_be_disabled()
    # arrows send nothing until the select is left
    widget.find("select").focus()
    widget.page.keyboard.press("ArrowDown")
    expect(widget.asked).to_have_count(2)
    widget.page.keyboard.press("Tab")
    expect(widget.asked).to_have_count(3)


def test_feedback_is_one_press(widget: Widget) -> None:
    widget.ask("who do I ring in luton?")
    row = widget.find(".judge")
    row.get_by_role("button", name="Yes").click()
    widget.settled()
    expect(row).to_have_count(0)
    assert widget.said.last.get_attribute("data-kind") != "safe_message"
    # the answer's choices can still be pressed
    assert widget.said.nth(1).locator(LIVE).count() >= 2


def test_times_are_shown_on_demand(widget: Widget) -> None:
    said = widget.ask("who do I ring in luton?")
    expect(said.locator("time")).to_be_hidden()
    widget.menu("Show times")
    widget.page.keyboard.press("Escape")
    expect(widget.find("[aria-controls=w-menu]")).to_be_focused()
    expect(said.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    widget.shoot("times")


def test_what_arrives_while_closed_is_counted(widget: Widget) -> None:
    widget.page.route(
        "**/w/message", lambda route: (widget.page.wait_for_timeout(800), route.continue_())
    )
    widget.field.fill("who do I ring in luton?")
    widget.field.press("Enter")
    widget.find("[aria-label^=Close]").click()
    badge = widget.find(".unread")
    expect(badge).to_be_visible()
    expect(widget.find(".launcher")).to_have_accessible_name("Worried about a child? 1 new answer")
    widget.shoot("closed-unread")
    widget.find(".launcher").click()
    expect(badge).to_have_count(0)
    expect(widget.said.last).to_contain_text("01582")


def test_the_conversation_can_be_saved_as_text(widget: Widget) -> None:
    widget.ask("who do I ring in luton?")
    with widget.page.expect_download() as waiting:
        widget.menu("Save this conversation")
    assert waiting.value.suggested_filename == "waymark-conversation.txt"
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    for part in ("Conversation with Waymark", "who do I ring in luton?", "01582", "no referral"):
        assert part.replace("no referral", "not made a referral") in text
    assert "\r\n" in text


def test_the_conversation_alone_is_printed(widget: Widget) -> None:
    widget.ask("medium risk in derby")
    page = widget.page
    page.evaluate("window.print = () => { window.printing = true; }")
    widget.menu("Print")
    assert page.evaluate("window.printing")
    page.emulate_media(media="print")
    paper = page.locator("waymark-paper")
    expect(paper.locator("h1")).to_contain_text("Conversation with Waymark")
    expect(paper.locator(".sources li").first).to_be_visible()
    expect(paper.locator(".choices").first).to_be_hidden()
    expect(page.locator("main")).to_be_hidden()
    expect(widget.find(".panel")).to_be_hidden()
    widget.shoot("print")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(paper).to_have_count(0)
    expect(page.locator("main")).to_be_visible()


def test_starting_again_asks_first_and_forgets(widget: Widget, bot: str) -> None:
    widget.ask("who do I ring in luton?")
    kept = widget.kept()
    assert kept
    widget.menu("Start again")
    widget.shoot("dialog-again")
    widget.page.keyboard.press("Escape")
    expect(widget.asked).to_have_count(1)
    widget.menu("Start again")
    with widget.page.expect_request("**/w/forget"):
        widget.find("dialog .strong").click()
    expect(widget.asked).to_have_count(0)
    expect(widget.said).to_have_count(1)
    expect(widget.field).to_be_focused()
    assert widget.kept() is None
    assert refused(widget.page, bot, kept["token"])
    assert "The conversation is forgotten." in widget.spoken()


def test_forgetting_leaves_nothing_behind(widget: Widget, bot: str) -> None:
    widget.ask("who do I ring in luton?")
    kept = widget.kept()
    assert kept
    widget.menu("Forget this conversation")
    expect(widget.find("dialog")).to_contain_text("browser's history")
    widget.find("dialog .strong").click()
    expect(widget.find(".launcher")).to_be_focused()
    assert widget.page.evaluate("sessionStorage.length") == 0
    assert refused(widget.page, bot, kept["token"])
    widget.page.reload()
    expect(widget.find(".launcher")).to_be_visible()
    expect(widget.find(".panel")).to_have_count(0)


def test_privacy_and_leaving_are_explained_honestly(widget: Widget) -> None:
    widget.menu("Privacy")
    dialog = widget.find("dialog")
    for part in ("not stored", "Shift key three times", "cannot clear your browser's history"):
        expect(dialog).to_contain_text(part)
    widget.shoot("dialog-privacy")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(widget.find(".panel")).to_be_visible()


def save_files(widget: Widget, route: Locator) -> None:
    """Every file that goes with a route arrives whole, under a name that says what it is."""
    files = route.locator(".file")
    assert files.count() >= 3
    for button in files.all():
        with widget.page.expect_download() as waiting:
            button.click()
        name = waiting.value.suggested_filename
        assert re.fullmatch(r"[\w.-]+\.(pdf|docx|ics|txt)", name)
        assert Path(waiting.value.path()).stat().st_size > 200
        expect(route.locator(".result")).to_have_text(f"Saved: {name}")
    files.first.scroll_into_view_if_needed()
    widget.shoot("files")


def refused(page: Page, bot: str, token: str) -> bool:
    """Whether the guide refuses a token, at once or a moment later."""
    for _ in range(60):
        answer = page.request.post(f"{bot}/w/replay", data={"token": token, "after": 0})
        if answer.status == 401:
            return True
        page.wait_for_timeout(50)
    return False


def test_a_board_without_a_listed_area_still_opens(board: Board, bot: str, page: Page) -> None:
    widget = Widget(page)
    widget.goto(board.page("/odd", attributes='data-area="atlantis"'))
    widget.open()
    expect(widget.find("select")).to_have_value("")
