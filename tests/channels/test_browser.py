"""The page in a real browser: asking, choosing, the keyboard, leaving, a phone, and failures.

Screenshots go to var/screenshots.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from bot.serving.models import project_folder

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LIVE = ".choice:not([aria-disabled])"
#: Keeps what the live regions said, and what the security policy stopped.
WATCH = """
window.spoken = []; window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.stopped.push(event.violatedDirective + " " + event.blockedURI));
document.addEventListener("DOMContentLoaded", () => {
  for (const id of ["announce", "announce-now"]) {
    const region = document.getElementById(id);
    if (region) new MutationObserver((changes) => changes.forEach((change) =>
      change.addedNodes.forEach((node) => window.spoken.push(node.textContent)))
    ).observe(region, { childList: true });
  }
});
"""


@pytest.fixture(scope="module")
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
    return {"viewport": {"width": 1280, "height": 860}}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    made = browser.new_context(reduced_motion="reduce", **options)
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
def page(context: BrowserContext, server: str) -> Iterator[Page]:
    """The page, greeted. Afterwards: no script failed, and nothing broke the security policy."""
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    opened.goto(server)
    expect(opened.locator(".said")).to_have_count(1)
    yield opened
    assert not faults
    assert all(url.startswith((server, "https://www.bbc.co.uk/weather")) for url in asked)
    if opened.url.startswith(server):
        assert opened.evaluate("window.stopped") == []


def settled(page: Page) -> None:
    page.wait_for_selector("#composer:not(.busy)")


def ask(page: Page, words: str) -> None:
    page.fill("#text", words)
    page.press("#text", "Enter")
    settled(page)


def shoot(page: Page, name: str, full: bool = False) -> None:
    folder = project_folder() / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=full)


def spoken(page: Page) -> list[str]:
    said: list[str] = page.evaluate("window.spoken")
    return said


def token_of(page: Page) -> str:
    token: str = page.evaluate("sessionStorage.getItem('waymark-session')")
    return token


def status_of(server: str, token: str) -> int:
    return httpx.post(f"{server}/w/message", json={"token": token, "text": "hello"}).status_code


def within(page: Page) -> None:
    """Nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# Asking


def test_a_question_is_answered_with_everything_it_has(page: Page) -> None:
    shoot(page, "desktop-1-start")
    ask(page, "medium risk in derby, what happens now?")
    said = page.locator(".said").last
    expect(said.locator(".label")).to_have_text("Derby")
    expect(said.locator("h3.headline")).to_be_visible()
    assert said.locator(".points li").count() >= 3
    expect(said.locator(".differs h4")).to_have_text("The sources differ")
    expect(said.locator(".since").first).to_contain_text("Since then")
    expect(said.locator("summary")).to_contain_text("Source")
    expect(said.locator(".sources li").first).to_be_hidden()
    assert said.locator(LIVE).count() >= 2
    expect(page.locator("#area")).to_have_value("derby")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()
    shoot(page, "desktop-2-answer")


def test_a_citation_leads_to_its_source(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    said = page.locator(".said").last
    said.locator(".cite").first.click()
    source = said.locator(".sources li").first
    expect(source).to_be_visible()
    expect(source).to_be_focused()
    expect(said.locator(".sources .age").first).to_contain_text("years old")
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()


def test_contacts_can_be_rung_and_copied(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "who do I ring in luton?")
    card = page.locator(".contact").first
    number = card.locator("a.reach").inner_text()
    assert card.locator("a.reach").get_attribute("href") == "tel:" + number.replace(" ", "")
    card.locator(".copy").click()
    expect(card.locator(".copy")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == number
    card.scroll_into_view_if_needed()
    shoot(page, "desktop-3-contacts")


def test_each_reply_is_announced_once(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    headline = page.locator(".said h3").last.inner_text()
    assert sum(headline in one for one in spoken(page)) == 1
    expect(page.locator("#log")).to_have_attribute("aria-live", "off")
    expect(page.locator("#announce p")).to_have_count(0)  # said and gone


def test_a_choice_stays_and_is_said_to_be_chosen(page: Page) -> None:
    ask(page, "who do I ring?")
    choices = page.locator(".said").nth(1).locator(".choice")
    count = choices.count()
    luton = choices.filter(has_text="Luton")
    luton.click()
    luton.dispatch_event("click")  # a second tap does nothing
    settled(page)
    expect(page.locator(".asked")).to_have_count(2)
    expect(luton).to_have_attribute("aria-disabled", "true")
    expect(luton).to_have_text("Luton, chosen")
    expect(luton).to_be_focused()
    assert choices.count() == count
    for number in range(count):
        expect(choices.nth(number)).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".said").last).to_contain_text("01582")


def test_a_second_tap_does_not_hit_what_has_just_appeared(page: Page) -> None:
    ask(page, "start a screening")
    choice = page.locator(LIVE).filter(has_text=re.compile("^No$"))
    choice.scroll_into_view_if_needed()
    expect(page.locator(".fresh")).to_have_count(0)
    box = choice.bounding_box()
    assert box
    for _ in range(4):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(page)
    expect(page.locator(".asked")).to_have_count(2)


def test_a_screening_is_ticked_and_sent(page: Page) -> None:
    ask(page, "start a screening")
    for _ in range(10):
        if page.locator(".checklist").count():
            break
        no = page.locator(LIVE).filter(has_text=re.compile("^No$"))
        (no if no.count() else page.locator(LIVE)).first.click()
        settled(page)
    ticks = page.locator(".checklist .tick")
    page.click(".send-ticks")  # nothing ticked: said, not sent
    assert any("at least one line" in one for one in spoken(page))
    ticks.nth(0).locator("label").first.click()
    ticks.nth(1).locator("input").first.focus()
    page.keyboard.press("Space")
    shoot(page, "desktop-4-screening")
    page.click(".send-ticks")
    settled(page)
    expect(page.locator(".asked").last).to_contain_text(":")
    expect(ticks.nth(0).locator("input").first).to_be_disabled()
    expect(ticks.nth(0).locator("input").first).to_be_checked()
    assert "did not understand" not in page.locator(".said").last.inner_text()


# The area


def test_an_area_chosen_before_asking_counts(page: Page) -> None:
    page.select_option("#area", "hartlepool")
    expect(page.locator(".asked")).to_have_count(0)
    ask(page, "who do I ring?")
    expect(page.locator(".said").last.locator(".label")).to_contain_text("Hartlepool")


def test_another_area_answers_the_last_question_again(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    page.select_option("#area", "derbyshire")
    settled(page)
    expect(page.locator(".asked").last).to_contain_text("Derbyshire")
    expect(page.locator(".said").last).to_contain_text("Derbyshire")
    expect(page.locator("#area option").first).to_be_disabled()


def test_arrows_in_the_area_send_nothing_until_it_is_left(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    page.focus("#area")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".asked")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator(".asked")).to_have_count(2)
    settled(page)


# The keyboard alone


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("who do I ring?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("please")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator(".asked")).to_have_count(1)
    # back from the field: the last live choice; what was used is not on the way
    page.keyboard.press("Shift+Tab")
    expect(page.locator(LIVE).last).to_be_focused()
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator(".asked")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()


def test_focus_is_never_taken(page: Page) -> None:
    page.fill("#text", "who do I ring in luton?")
    page.press("#text", "Enter")
    page.focus("#again")
    settled(page)
    expect(page.locator("#again")).to_be_focused()


# Leaving


def test_leaving_hides_forgets_and_goes(page: Page, server: str) -> None:
    ask(page, "who do I ring in luton?")
    token = token_of(page)
    assert status_of(server, token) == 200
    page.click("#exit")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    for _ in range(100):
        if status_of(server, token) == 401:
            break
        page.wait_for_timeout(50)
    assert status_of(server, token) == 401
    page.go_back()
    assert not page.url.startswith(server)  # it is not in the tab's history


def test_leaving_empties_the_page_at_once(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    # all in the same moment: the weather has not even been asked for
    left = page.evaluate(
        """() => {
          document.getElementById("exit").click();
          return [document.body.childElementCount, getComputedStyle(document.body).display,
                  sessionStorage.length, document.title];
        }"""
    )
    assert left == [0, "none", 0, "Weather"]
    page.wait_for_url("https://www.bbc.co.uk/weather")


def test_shift_three_times_leaves(page: Page) -> None:
    page.focus("#text")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert spoken(page)[-2:] == [
        "Shift, press 2 more times to exit.",
        "Shift, press 1 more time to exit.",
    ]
    expect(page.locator("#exit-lights i.on")).to_have_count(2)
    page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/weather")


def test_shift_for_capitals_and_other_keys_do_not_leave(page: Page) -> None:
    page.focus("#text")
    for _ in range(4):
        page.keyboard.press("Shift+A")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("x")
    page.keyboard.press("Shift")
    expect(page.locator("#exit-lights i.on")).to_have_count(1)
    expect(page.locator("#text")).to_have_value("AAAAx")


def test_shift_is_forgotten_after_five_seconds(page: Page) -> None:
    page.clock.install()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.fast_forward(5_100)
    expect(page.locator("#exit-lights")).to_be_hidden()
    page.keyboard.press("Shift")
    expect(page.locator("#exit-lights i.on")).to_have_count(1)


def test_starting_again_forgets_the_conversation(page: Page, server: str) -> None:
    ask(page, "who do I ring in luton?")
    token = token_of(page)
    page.click("#again")
    expect(page.locator("#again-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".asked")).to_have_count(1)
    page.click("#again")
    page.locator("#again-dialog button", has_text="Start again").click()
    expect(page.locator(".asked")).to_have_count(0)
    settled(page)
    expect(page.locator(".said")).to_have_count(1)
    assert token_of(page) != token
    assert status_of(server, token) == 401


def test_only_the_token_is_stored_and_a_reload_goes_on(page: Page) -> None:
    ask(page, "who do I ring in derbyshire?")
    token = token_of(page)
    assert page.evaluate("Object.keys(sessionStorage)") == ["waymark-session"]
    assert page.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0
    page.reload()
    expect(page.locator(".system")).to_contain_text("still in the conversation")
    ask(page, "and out of hours?")
    expect(page.locator(".said").last).to_contain_text("Derbyshire")
    assert token_of(page) == token


# When something fails


def sent_ids(page: Page) -> list[str]:
    ids: list[str] = []

    def note(request: Any) -> None:
        if request.url.endswith("/w/message"):
            ids.append(json.loads(request.post_data)["id"])

    page.on("request", note)
    return ids


def test_a_lost_message_is_kept_and_sent_again_with_the_same_id(page: Page) -> None:
    ids = sent_ids(page)
    page.route("**/w/message", lambda route: route.abort())
    ask(page, "who do I ring in luton?")
    trouble = page.locator(".trouble")
    expect(trouble).to_contain_text("cannot be reached")
    expect(trouble).to_contain_text("999")
    expect(page.locator("#text")).to_have_value("who do I ring in luton?")
    assert any("cannot be reached" in one for one in spoken(page))
    shoot(page, "desktop-5-trouble")
    page.unroute("**/w/message")
    page.locator(".retry").click()
    settled(page)
    expect(page.locator(".said").last).to_contain_text("01582")
    expect(page.locator(".asked")).to_have_count(1)
    expect(page.locator("#text")).to_have_value("")
    expect(trouble).to_have_count(0)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_the_same_words_sent_again_after_a_failure_are_the_same_message(page: Page) -> None:
    ids = sent_ids(page)
    page.route("**/w/message", lambda route: route.abort())
    ask(page, "who do I ring in luton?")
    page.unroute("**/w/message")
    page.press("#text", "Enter")
    settled(page)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_being_offline_is_said(page: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    ask(page, "who do I ring in luton?")
    expect(page.locator(".trouble")).to_contain_text("offline")
    expect(page.locator(".trouble")).to_contain_text("999")
    context.set_offline(False)
    page.locator(".retry").click()
    settled(page)
    expect(page.locator(".said").last).to_contain_text("01582")


@pytest.mark.parametrize(
    ("status", "body", "words", "again"),
    [
        (429, {"error": "too_many", "text": "Please wait. Ring 999."}, "Please wait.", True),
        (400, {"error": "not_understood", "text": "Not read. Ring 999."}, "Not read.", False),
        (500, {"error": "failed", "text": "It failed. Ring 999."}, "It failed.", True),
        (502, "<html>Bad gateway</html>", "Something went wrong on my side", True),
        (200, {"odd": True}, "Something went wrong on my side", True),
    ],
)
def test_the_servers_refusals_are_shown_as_sentences(
    page: Page, status: int, body: Any, words: str, again: bool
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    page.route("**/w/message", lambda route: route.fulfill(status=status, body=text))
    ask(page, "who do I ring in luton?")
    expect(page.locator(".trouble")).to_contain_text(words)
    expect(page.locator(".trouble")).to_contain_text("999")
    expect(page.locator(".retry")).to_have_count(1 if again else 0)
    expect(page.locator("#text")).to_have_value("who do I ring in luton?")


def test_an_ended_session_is_replaced_by_itself(page: Page) -> None:
    page.evaluate("sessionStorage.setItem('waymark-session', 'A'.repeat(76))")
    ask(page, "who do I ring in luton?")
    expect(page.locator(".system")).to_contain_text("had ended")
    expect(page.locator(".said").last).to_contain_text("01582")


def test_waiting_is_said_and_given_up_in_the_end(page: Page) -> None:
    page.clock.install()
    page.route("**/w/message", lambda route: None)  # never answered
    page.fill("#text", "who do I ring in luton?")
    page.press("#text", "Enter")
    expect(page.locator(".typing")).to_be_visible()
    page.clock.fast_forward(5_100)
    expect(page.locator(".typing")).to_contain_text("Still looking")
    expect(page.locator(".typing")).to_contain_text("999")
    page.press("#text", "Enter")
    page.clock.fast_forward(36_000)
    expect(page.locator(".trouble")).to_contain_text("not counted twice")
    expect(page.locator(".asked")).to_have_count(1)


def test_a_text_that_is_far_too_long_is_not_sent(page: Page) -> None:
    page.fill("#text", "why " * 300)
    expect(page.locator("#count")).to_contain_text("too many")
    page.fill("#text", "why " * 5_000)
    page.press("#text", "Enter")
    expect(page.locator(".trouble")).to_contain_text("far longer than I can read")
    assert len(page.input_value("#text")) == 20_000


def test_a_hostile_reply_is_only_text(page: Page) -> None:
    nasty = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    reply = {
        "kind": nasty,
        "label": nasty,
        "headline": nasty,
        "points": [{"text": nasty, "cites": [0, 7]}],
        "differs": [{"text": nasty, "cites": []}],
        "contacts": [
            {"id": "x", "name": nasty, "purpose": nasty, "number": nasty, "email": nasty,
             "web": "javascript:document.title='run'", "hours": nasty, "note": nasty}
        ],
        "notes": [nasty],
        "sources": [nasty],
        "closing": nasty,
        "checklist": {"question": nasty, "ticks": [{"id": nasty, "title": nasty, "state": None}],
                      "states": [[nasty, nasty]]},
        "choices": [],
    }  # fmt: skip
    buttons = [{"title": nasty, "payload": nasty}]
    body = json.dumps({"id": "1", "replies": [{"text": nasty, "buttons": buttons, "reply": reply}]})
    page.route("**/w/message", lambda route: route.fulfill(body=body))
    ask(page, nasty)
    expect(page.locator(".said").last).to_contain_text("onerror")
    assert page.locator("#log img, #log script").count() == 0
    links = page.locator("#log a").evaluate_all("nodes => nodes.map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:", "tel:", "mailto:"}
    assert page.title() != "run"


def test_blocked_storage_does_no_harm(context: BrowserContext, server: str) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('blocked'); }});"
    )
    page = context.new_page()
    page.goto(server)
    expect(page.locator(".said")).to_have_count(1)
    ask(page, "I work in derbyshire")
    ask(page, "who do I ring?")
    expect(page.locator(".said").last).to_contain_text("Derbyshire")


# Screens


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 640}}])
def test_a_small_phone_shows_all_without_scrolling_sideways(page: Page) -> None:
    within(page)
    shoot(page, "phone-320-1-start")
    for words in ("who do I ring out of hours in derbyshire?", "medium risk in derby", "source?"):
        ask(page, words)
        within(page)
    shoot(page, "phone-320-2-answer")
    # the field and the way out are on the first screen
    for selector in ("#text", ".send", "#exit"):
        box = page.locator(selector).first.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 640
        assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}]
)
def test_a_phone(page: Page) -> None:
    shoot(page, "phone-390-1-start")
    ask(page, "who do I ring in luton?")
    within(page)
    shoot(page, "phone-390-2-answer")
    small = page.locator("button:visible, select:visible, .exit:visible").evaluate_all(
        "nodes => nodes.filter((one) => one.getBoundingClientRect().height < 24).length"
    )
    assert small == 0


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 256}}])
def test_enlarged_to_400_percent_nothing_scrolls_inside_anything(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    within(page)
    assert page.evaluate("getComputedStyle(document.getElementById('log')).overflowY") == "visible"
    box = page.locator("#exit").bounding_box()
    assert box
    assert 0 <= box["y"] < 256
    shoot(page, "enlarged")


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"}]
)
def test_dark(page: Page) -> None:
    ask(page, "who do I ring in luton?")
    shade = page.evaluate("getComputedStyle(document.querySelector('.chat')).backgroundColor")
    assert all(int(part) < 80 for part in re.findall(r"\d+", shade)[:3])
    shoot(page, "dark")


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1280, "height": 860}, "forced_colors": "active"}]
)
def test_forced_colours(page: Page) -> None:
    ask(page, "who do I ring?")
    page.locator(LIVE).first.click()
    settled(page)
    width = page.locator(".asked").first.evaluate("node => getComputedStyle(node).borderTopWidth")
    assert width != "0px"
    shoot(page, "forced-colours")


def test_print_shows_the_answers_and_their_sources(page: Page) -> None:
    ask(page, "medium risk in derby")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".sources li").first).to_be_visible()
    for selector in ("#composer", "#exit", ".about", "#again"):
        expect(page.locator(selector)).to_be_hidden()
    shoot(page, "print", full=True)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator(".sources li").first).to_be_hidden()


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1000, "height": 900}, "java_script_enabled": False}]
)
def test_without_javascript(context: BrowserContext, server: str) -> None:
    page = context.new_page()
    page.goto(server)
    expect(page.locator("noscript, .system")).not_to_have_count(0)
    page.select_option("#area", "luton")
    page.fill("#text", "who do I ring?")
    page.click(".send")
    expect(page.locator(".said")).to_contain_text("01582")
    shoot(page, "plain", full=True)
    page.locator("button.choice").first.click()
    expect(page.locator(".said h3")).not_to_have_count(0)
    assert "/chat" in page.url


def test_screenshots_are_not_part_of_the_repository() -> None:
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text().split()
    assert "var/" in ignored
