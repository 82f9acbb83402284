"""The chat without JavaScript: forms, and everything escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.plain_page import (
    PlainPage,
    checklist_html,
    contact_links,
    reply_html,
    said_html,
    text_html,
)
from bot.guidance.reply import Checklist, Choice, ContactCard, Reply, Statement, Tick
from bot.serving.engine import said_of


class Forms(HTMLParser):
    """The forms of a page: hidden fields, buttons, and everything that is shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[dict[str, str]] = []
        self.buttons: list[tuple[int, str, str]] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.fields.append({})
        elif tag == "input" and values.get("type") == "hidden":
            self.fields[-1][values["name"]] = values["value"]
        elif tag == "button" and "name" in values:
            self.buttons.append((len(self.fields) - 1, values["name"], values["value"]))


class Reader:
    """Somebody whose browser runs no script: each page is a new one."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60)
        self.page = self.http.get("/chat").text

    @property
    def forms(self) -> Forms:
        return Forms(self.page)

    def post(self, data: dict[str, str]) -> httpx.Response:
        answer = self.http.post("/chat", data=data)
        self.page = answer.text
        return answer

    def ask(self, text: str, **more: str) -> str:
        form = next(one for one in reversed(self.forms.fields) if "id" in one)
        assert self.post({**form, "text": text, **more}).status_code == 200
        return self.page

    def press(self, name: str, value: str | None = None) -> str:
        forms = self.forms
        at, found, its = next(
            one for one in forms.buttons if one[1] == name and value in (None, one[2])
        )
        assert self.post({**forms.fields[at], found: its}).status_code == 200
        return self.page


@pytest.fixture
def reader(server: str) -> Reader:
    return Reader(server)


def test_a_question_is_answered_with_sources_and_choices(reader: Reader) -> None:
    page = reader.ask("Who do I ring in Luton?")
    assert 'href="tel:01582547653"' in page
    assert "years old: check that it still stands." in page
    assert any(name == "payload" for _, name, _ in reader.forms.buttons)


def test_the_front_pages_form_works_without_script(server: str) -> None:
    answer = httpx.post(f"{server}/chat", data={"text": "who do I ring?", "area": "luton"})
    assert answer.status_code == 200
    assert "01582" in answer.text
    assert "had ended" not in answer.text


def test_the_conversation_goes_on(reader: Reader) -> None:
    reader.ask("Who do I ring?", area="derbyshire")
    assert "Area: <strong>Derbyshire</strong>" in reader.page
    page = reader.ask("and out of hours?")
    assert "Derbyshire" in page


def test_a_choice_is_a_button(reader: Reader) -> None:
    reader.ask("who do I ring?")
    page = reader.press("payload", '/ask{"topic": "who_to_ring", "area": "luton"}')
    assert "01582" in page


def test_reloading_counts_once_and_going_back_to_another_choice_counts(reader: Reader) -> None:
    reader.ask("who do I ring?")
    forms = reader.forms
    choices = [(at, value) for at, name, value in forms.buttons if name == "payload"]
    (at, luton), (_, other) = choices[0], choices[1]
    first = reader.post({**forms.fields[at], "payload": luton}).text
    again = reader.post({**forms.fields[at], "payload": luton}).text
    assert _answer(again) == _answer(first)
    assert _answer(reader.post({**forms.fields[at], "payload": other}).text) != _answer(first)


def _answer(page: str) -> str:
    found = re.search(r"<article.*</article>", page, re.DOTALL)
    assert found
    return found.group()


def test_a_screening_can_be_answered_by_ticking(reader: Reader) -> None:
    reader.press("payload", "/help")
    reader.ask("start a screening")
    reader.ask("no")
    for _ in range(12):
        if 'name="checklist"' in reader.page:
            break
        reader.press("payload")
    form, _, question = next(one for one in reader.forms.buttons if one[1] == "checklist")
    tick = re.search(r'name="(tick-[a-z_]+)" value="([a-z_]+)"', reader.page)
    assert tick
    headline = re.findall(r'<h3 class="headline">(.*?)</h3>', reader.page)[-1]
    fields = {**reader.forms.fields[form], "checklist": question, tick.group(1): tick.group(2)}
    assert reader.post(fields).status_code == 200
    assert re.findall(r'<h3 class="headline">(.*?)</h3>', reader.page)[-1] != headline


def test_an_ended_session_is_replaced_and_said(reader: Reader) -> None:
    page = reader.ask("Who do I ring in Luton?", token="A" * 76)
    assert "had ended" in page
    assert "01582" in page


def test_starting_again_forgets(reader: Reader) -> None:
    reader.ask("Who do I ring in Luton?")
    token = reader.forms.fields[0]["token"]
    reader.press("forget")
    assert reader.forms.fields[0]["token"] != token
    refused = reader.http.post("/w/message", json={"token": token, "text": "hello"})
    assert refused.status_code == 401


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"text=%ff", b"a=b&" * 500, b"text=a%00b"])
def test_a_form_that_cannot_be_read_gets_a_page(server: str, body: bytes) -> None:
    answer = httpx.post(f"{server}/chat", content=body, timeout=60)
    assert answer.status_code in (200, 400)
    assert "999" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_a_form_that_is_too_large_gets_a_page(server: str) -> None:
    answer = httpx.post(f"{server}/chat", content=b"text=" + b"x" * 30_000)
    assert answer.status_code == 413
    assert "999" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_what_was_typed_is_shown_escaped_and_never_run(reader: Reader) -> None:
    page = reader.ask("<script>alert(1)</script> who do I ring in Luton?")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


NASTY = st.text(alphabet="<>&\"'/=` abc\n•", max_size=30) | st.sampled_from(
    ["<script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "</article>"]
)
ALLOWED = {
    *("article", "h3", "h4", "p", "ul", "ol", "li", "a", "span", "section", "strong", "details"),
    *("summary", "fieldset", "legend", "div", "label", "input", "button"),
}


def only_known_tags(html: str) -> bool:
    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in ALLOWED
            for name, value in attrs:
                assert not name.startswith("on")
                if name == "href":
                    assert re.match(r"#|tel:[0-9+]*$|mailto:|https://", value or "")

    Reader().feed(html)
    return True


@given(st.data())
def test_nothing_in_a_reply_becomes_markup(data: st.DataObject) -> None:
    def some() -> Any:
        return data.draw(NASTY)

    reply = Reply(
        kind=some(),
        headline=some(),
        points=(Statement(some(), (0,)), Statement(some())),
        differs=(Statement(some(), (1,)),),
        contacts=(ContactCard(some(), some(), some(), some(), some(), some(), some(), some()),),
        notes=(some(),),
        sources=(some(), some()),
        choices=(Choice(some(), some()),),
        label=some(),
        closing=some(),
        checklist=Checklist(some(), (Tick(some(), some()),), ((some(), some()),)),
    )
    payload = reply.payload()
    assert only_known_tags(reply_html(payload, "m0"))
    assert only_known_tags(said_html(said_of(reply), "m0"))
    assert only_known_tags(checklist_html(payload["checklist"]))
    assert only_known_tags(text_html(some()))


def test_contacts_are_linked_by_telephone_mail_and_https_only() -> None:
    links = contact_links(
        {"number": "01632 960 123 ext", "email": "a@example.org", "web": "http://example.org/x"}
    )
    assert links == [
        ("tel:01632960123", "01632 960 123 ext"),
        ("mailto:a@example.org", "a@example.org"),
        ("https://example.org/x", "example.org/x"),
    ]


def test_bullets_become_lists() -> None:
    html = text_html("First\n• one\n• two\nLast")
    assert html == ('<p>First</p><ul class="points"><li>one</li><li>two</li></ul><p>Last</p>')


@given(st.binary(max_size=200))
def test_any_form_body_is_read_or_empty(body: bytes) -> None:
    assert all(isinstance(value, str) for value in PlainPage.read_form(body).values())
