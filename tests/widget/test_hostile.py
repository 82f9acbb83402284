"""Markup, links and scripts in words, in either direction: they stay words."""

from __future__ import annotations

import itertools
import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.widget.board import Board
from tests.widget.driving import Widget

RUN = "window.pwned=1"
_SEEDS = (
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f"<svg onload={RUN}><use href=data:,x></svg>",
    f"<a href='javascript:{RUN}'>press</a>",
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}//",
    f" \u0001javascript:{RUN}",
    f"java\nscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"</p></li></article><iframe srcdoc='<script>{RUN}</script>'>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f'" onfocus="{RUN}" autofocus x="',
    "<style>*{display:none}</style>",
    "<template shadowrootmode=open><slot></slot></template>",
    "\u202e\u2066evil\u2069\u202c",
    "a@b.c?subject=x&body=<script>",
    "tel:1;ext=<b>",
)
_AROUND = (
    "{}", "Ring {} now", "https://{}", "//{}", "[x]({})", "{}\n{}", "• {}", "1. {}", "<!--{}-->",
    "https://example.org/{}", "blob:{}", "mailto:{}", "  {}  ", "“{}”", "<![CDATA[{}]]>", "\\{}",
    "https://user:pass@{}", "x{}x", "{}{}", "%3C{}%3E", "{}\u0000".replace("\u0000", "\ufffd"),
    "<title>{}</title>", "<math><mi>{}", "<base href={}>", "<meta http-equiv=refresh content='0;{}'>",
)  # fmt: skip
HOSTILE = [around.replace("{}", seed) for seed, around in itertools.product(_SEEDS, _AROUND)]

#: What the widget itself makes, inside its conversation.
OURS = {
    "article", "section", "p", "h3", "h4", "ul", "ol", "li", "span", "strong", "a", "button", "div",
    "details", "summary", "form", "fieldset", "legend", "label", "input", "progress", "time",
}  # fmt: skip
LOOK = """() => {
  const log = document.querySelector("waymark-chat").shadowRoot.querySelector(".log");
  const all = [...log.querySelectorAll("*")];
  return {
    tags: [...new Set(all.map((one) => one.localName))],
    links: [...new Set(all.flatMap((one) => one.href ? [new URL(one.href).protocol] : []))],
    handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => /^on|^src|^style/.test(name))),
    ran: window.pwned === 1,
  };
}"""


def hostile_reply(words: str, other: str) -> dict[str, Any]:
    """A reply whose every word is hostile."""
    statement = {"text": words, "cites": [0, 7]}
    return {
        "kind": words,
        "label": words,
        "headline": words,
        "points": [statement, {"text": other, "cites": []}],
        "differs": [statement],
        "contacts": [
            {"id": words, "name": words, "purpose": other, "number": words, "email": other,
             "web": words, "hours": words, "note": other}
        ],
        "notes": [words],
        "sources": [words],
        "closing": other,
        "checklist": {
            "question": words,
            "ticks": [{"id": words, "title": words, "state": None}],
            "states": [[words, other]],
        },
        "downloads": [{"kind": words, "title": other}],
        "choices": [{"title": words, "payload": words}],
        "area": words,
    }  # fmt: skip


def assert_only_words(widget: Widget) -> None:
    found = widget.page.evaluate(LOOK)
    assert set(found["tags"]) <= OURS
    assert set(found["links"]) <= {"http:", "https:", "tel:", "mailto:"}
    assert found["handlers"] == []
    assert not found["ran"]


def test_500_hostile_strings_from_the_guide_are_words(widget: Widget, board: Board) -> None:
    assert len(set(HOSTILE)) == 500
    pairs = list(zip(HOSTILE, HOSTILE[1:] + HOSTILE[:1], strict=True))
    batches = iter(itertools.batched(pairs, 50))

    def answer(route: Route) -> None:
        replies = [
            {
                "text": one,
                "buttons": [{"title": one, "payload": one}],
                "reply": hostile_reply(one, two),
            }
            for one, two in next(batches)
        ] + [{"text": "plain", "buttons": [], "reply": None}]
        body = json.dumps({"id": "1", "replies": replies})
        route.fulfill(body=body, headers={"Access-Control-Allow-Origin": board.origin})

    widget.page.route("**/w/message", answer)
    widget.open()
    for number in range(10):
        widget.field.fill(f"and {number}?")
        widget.field.press("Enter")
        expect(widget.find(".asked")).to_have_count(number + 1)
        widget.find(".composer:not(.busy)").wait_for()
    assert_only_words(widget)
    shown = widget.find("h3").evaluate_all("nodes => nodes.map((one) => one.textContent)")
    assert shown == HOSTILE
    # and as they are drawn anew from what the tab keeps (the newest, which it has room for)
    widget.page.reload()
    expect(widget.said.last).to_be_visible()
    assert_only_words(widget)
    print(f"\nhostile strings from the guide: {len(shown)}, elements or live links from them: 0")


def test_500_hostile_strings_that_are_typed_are_words(page: Page, board: Board, bot: str) -> None:
    widget = Widget(page)
    url = board.page(attributes='data-remember="off"')
    sent: list[str] = []
    for batch in itertools.batched(HOSTILE, 50):
        widget.goto(url)
        widget.open()
        sent += type_all(page, batch)
        assert_only_words(widget)
    assert sent == [one.strip() for one in HOSTILE]
    print(f"\nhostile strings typed: {len(sent)}, elements or live links from them: 0")


def type_all(page: Page, strings: tuple[str, ...]) -> list[str]:
    """Type as a person does, without a person's pauses; the network answers at once."""
    sent: list[str] = page.evaluate(
        """async (all) => {
          const sent = [];
          const replies = [{ text: "Yes.", buttons: [], reply: null }];
          window.fetch = async (address, { body }) => {
            const message = JSON.parse(body);
            if ("text" in message) sent.push(message.text);
            return Response.json({ token: "A".repeat(76), id: "1", replies });
          };
          const root = document.querySelector("waymark-chat").shadowRoot;
          const field = root.querySelector("textarea");
          for (const words of all) {
            field.value = words;
            field.dispatchEvent(new Event("input"));
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
            while (root.querySelector(".busy")) await new Promise((done) => setTimeout(done));
          }
          return sent;
        }""",
        list(strings),
    )
    return sent


def test_hostile_attributes_are_words(widget: Widget, board: Board) -> None:
    words = f'<img src=x onerror="{RUN}">'
    widget.page.evaluate(
        """(words) => {
          const { dataset } = document.querySelector("waymark-chat");
          for (const name of ["title", "greeting", "launcher", "colour", "area", "theme", "position"])
            dataset[name] = words;
        }""",
        words,
    )
    expect(widget.find(".launcher")).to_have_text(words)
    widget.open()
    expect(widget.find("h2")).to_have_text(words)
    assert_only_words(widget)
