"""Drives the widget as a person does: by what can be seen, pressed and typed."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from bot.serving.models import project_folder

#: Keeps what the live regions said, and what the security policy stopped.
WATCH = """
window.spoken = []; window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.stopped.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
  const root = attach.call(this, options);
  new MutationObserver((changes) => changes.forEach(({ target, addedNodes }) => {
    if (target instanceof Element && target.matches("[role=status], [role=alert]"))
      addedNodes.forEach((node) => window.spoken.push(node.textContent));
  })).observe(root, { childList: true, subtree: true });
  return root;
};
"""
LIVE = ".choice:not([aria-disabled])"


class Widget:
    """The widget on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goto(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector("waymark-chat .launcher", state="attached")

    def find(self, selector: str) -> Locator:
        return self.page.locator(f"waymark-chat {selector}")

    @property
    def said(self) -> Locator:
        """The guide's messages, the opening first; not what went wrong."""
        return self.find(".said:not(.trouble)")

    @property
    def asked(self) -> Locator:
        return self.find(".asked")

    @property
    def field(self) -> Locator:
        return self.find("textarea")

    def open(self) -> None:
        self.find(".launcher").click()
        expect(self.find(".panel")).to_be_visible()

    def settled(self) -> None:
        """Wait until the answer is here and a second tap would count."""
        self.find(".composer:not(.busy)").wait_for()
        expect(self.find(".fresh")).to_have_count(0)

    def ask(self, words: str) -> Locator:
        """Type and send. Gives the last message of the guide."""
        self.field.fill(words)
        self.field.press("Enter")
        return self._answer()

    def choose(self, words: str) -> Locator:
        """Press a live choice. Gives the last message of the guide."""
        self.find(LIVE).filter(has_text=re.compile(f"^{re.escape(words)}$")).last.click()
        return self._answer()

    def _answer(self) -> Locator:
        self.settled()
        return self.said.nth(self.said.count() - 1)

    def menu(self, words: str) -> None:
        self.find("[aria-controls=w-menu]").click()
        self.find(".menu button").filter(has_text=words).click()

    def go_on(self) -> None:
        """Answer what a screening asks, shortly."""
        if self.find("[data-kind=screening_checklist]").last.locator(LIVE).count():
            self.choose("None of these")
            return
        live = self.find(LIVE).all_inner_texts()
        wanted = ("No", "High", "Social worker", "13 to 15")
        self.choose(next((one for one in wanted if one in live), live[0]))

    def spoken(self) -> list[str]:
        said: list[str] = self.page.evaluate("window.spoken")
        return said

    def kept(self) -> dict[str, Any] | None:
        text = self.page.evaluate("sessionStorage.getItem('waymark')")
        return json.loads(text) if text else None

    def shoot(self, name: str) -> None:
        folder = project_folder() / "var" / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"widget-{name}.png")
