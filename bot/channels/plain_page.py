"""The chat without JavaScript: plain forms and escaped HTML, one answer a page."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from sanic.response import HTTPResponse

from bot.channels.kept import truly_kept
from bot.channels.page_files import HTML, NOT_STORED, area_options, template
from bot.channels.responses import SENTENCES, STATUSES, respond
from bot.serving.engine import Said

#: Fields that the forms send, and how those of a checklist begin.
FIELDS = ("token", "id", "text", "payload", "area", "forget", "checklist", "document")
TICK = "tick-"
MOST_FIELDS = 100

_AGE = re.compile(r"(?<=\. )(\d+ years? old: .+)$")


class PlainPage:
    """Renders the page.

    `areas` are the ids and names of the areas in order; `area_lines` say whom to ring there.
    """

    def __init__(
        self,
        areas: Iterable[tuple[str, str]],
        area_lines: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._areas = tuple(areas)
        self._area_lines = area_lines
        self._page = template("plain.html")
        self._kept = truly_kept(NOT_STORED)

    def start(self, token: str, area: str = "") -> HTTPResponse:
        """The page before anything was asked."""
        welcome = (
            '<article class="said"><h3 class="headline">What would you like to know?</h3>'
            "<p>Ask in your own words, for example “Who do I ring in Luton out of hours?” or "
            "“What are the warning signs?”. Please do not type names.</p></article>"
        )
        return self._render(token, welcome, (_HELP,), "", area)

    def answered(
        self, token: str, said: Sequence[Said], asked: str | None, area: str, renewed: bool
    ) -> HTTPResponse:
        """The page with the replies to what was `asked` (None: a choice was pressed)."""
        parts = []
        if renewed:
            parts.append(_note("Your earlier conversation had ended, so this is a new one."))
        if asked and not asked.isspace():
            parts.append(
                f'<p class="asked"><span class="hidden">You asked: </span>{escape(asked)}</p>'
            )
        parts += [said_html(one, f"m{number}") for number, one in enumerate(said)]
        buttons = [button for one in said for button in one.buttons]
        files = {
            file["kind"]: file["title"]
            for one in said
            for file in (one.reply or {}).get("downloads") or ()
        }
        lists = [
            checklist_html(one.reply["checklist"])
            for one in said
            if one.reply and one.reply.get("checklist")
        ]
        answered_for = {one.reply["area"] for one in said if one.reply and one.reply.get("area")}
        if len(answered_for) == 1:
            area = str(answered_for.pop())
        return self._render(
            token,
            "".join(parts),
            buttons,
            "",
            area,
            asked_already=True,
            checklist="".join(lists),
            files=files,
        )

    def refused(
        self,
        token: str,
        name: str,
        text: str,
        area: str,
        headers: Mapping[str, str],
        sentence: str | None = None,
    ) -> HTTPResponse:
        """The page with a sentence instead of an answer; what was typed is still in the field.

        `sentence` replaces the usual one.
        """
        said = " ".join(
            one for one in (sentence or SENTENCES[name], self._area_lines.get(area, "")) if one
        )
        trouble = f'<article class="said trouble"><p>{escape(said)}</p></article>'
        return self._render(token, trouble, (), text, area, STATUSES[name], headers)

    @staticmethod
    def read_form(body: bytes) -> dict[str, str]:
        """The known fields of a form's body; empty when it cannot be read."""
        try:
            pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=MOST_FIELDS)
        except ValueError:
            return {}
        form = {name: value for name, value in pairs if name in FIELDS or name.startswith(TICK)}
        question = form.pop("checklist", None)
        ticked = {name.removeprefix(TICK): form[name] for name in form if name.startswith(TICK)}
        if question and "payload" not in form:
            entities = {"question": question, "answer": json.dumps(ticked)}
            form["payload"] = (
                f"/screening_answer{json.dumps(entities)}" if ticked else "/screening_skip"
            )
        return form

    def _render(
        self,
        token: str,
        said: str,
        buttons: Iterable[Mapping[str, str]],
        typed: str,
        area: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        asked_already: bool = False,
        checklist: str = "",
        files: Mapping[str, str] = MappingProxyType({}),
    ) -> HTTPResponse:
        page = self._page.substitute(
            said=said,
            checklist=checklist,
            downloads=_downloads(token, files),
            choices="".join(
                f'<button class="choice" name="payload" value="{escape(button["payload"])}">'
                f"{escape(button['title'])}</button>"
                for button in buttons
            ),
            token=escape(token),
            choice_id=secrets.token_urlsafe(16),
            text_id=secrets.token_urlsafe(16),
            typed=escape(typed),
            area=escape(area),
            area_field=self._area_field(area, asked_already),
            kept=self._kept,
        )
        return respond(page, HTML, status, dict(headers or {}))

    def _area_field(self, area: str, asked_already: bool) -> str:
        """The area to choose, or, in a conversation that has one, its name and how to change it."""
        name = dict(self._areas).get(area)
        if asked_already and name:
            return (
                f'<input type="hidden" name="area" value="{escape(area)}">'
                f"<p>Area: <strong>{escape(name)}</strong>. To change it, name another in your "
                "question.</p>"
            )
        options = area_options(self._areas, area)
        return (
            '<label for="area">Area you work in</label>'
            f'<select id="area" name="area">{options}</select>'
        )


def _downloads(token: str, files: Mapping[str, str]) -> str:
    """A form with a button for each file, by its kind and words."""
    if not files:
        return ""
    buttons = "".join(
        f'<button class="choice file" name="document" value="{escape(kind)}">'
        f"{escape(title)}</button>"
        for kind, title in files.items()
    )
    return (
        '<form class="downloads" method="post" action="/chat">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f'<p class="hint">To take with you</p><div class="choices">{buttons}</div></form>'
    )


_HELP = {"title": "What can you do?", "payload": "/help"}


def error_page(name: str, headers: Mapping[str, str]) -> HTTPResponse:
    """A page with one sentence, for requests that never became a conversation."""
    page = template("error.html").substitute(sentence=escape(SENTENCES[name]))
    return respond(page, HTML, STATUSES[name], dict(headers))


def said_html(said: Said, prefix: str) -> str:
    """One message of the bot as HTML, everything in it escaped. `prefix` makes its ids unique."""
    body = reply_html(said.reply, prefix) if said.reply else text_html(said.text)
    kind = escape(str((said.reply or {}).get("kind", "plain")))
    return f'<article class="said" data-kind="{kind}">{body}</article>'


def text_html(text: str) -> str:
    """Plain text as HTML: paragraphs, and lists where lines begin with a bullet."""
    parts: list[str] = []
    points: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("•"):
            points.append(f"<li>{escape(line.lstrip('• '))}</li>")
            continue
        if points:
            parts.append(f'<ul class="points">{"".join(points)}</ul>')
            points = []
        if line.strip():
            parts.append(f"<p>{escape(line)}</p>")
    return "".join(parts)


def reply_html(reply: Mapping[str, Any], prefix: str) -> str:
    """A whole reply as HTML."""
    sources = reply.get("sources") or ()
    parts = []
    if reply.get("label"):
        parts.append(f'<p class="label">{escape(reply["label"])}</p>')
    parts.append(f'<h3 class="headline">{escape(reply.get("headline") or "")}</h3>')
    parts.append(_statements(_without_options(reply), prefix))
    if reply.get("differs"):
        inner = _statements(reply["differs"], prefix)
        parts.append(f'<section class="differs"><h4>The sources differ</h4>{inner}</section>')
    if reply.get("contacts"):
        cards = "".join(_contact(one) for one in reply["contacts"])
        parts.append(f'<ul class="contacts">{cards}</ul>')
    parts += [
        f'<p class="since"><strong>Since then</strong> {escape(note)}</p>'
        for note in reply.get("notes") or ()
    ]
    if reply.get("closing"):
        parts.append(f'<p class="closing">{escape(reply["closing"])}</p>')
    if sources:
        items = "".join(
            f'<li id="{prefix}-source-{number}">{_source(one)}</li>'
            for number, one in enumerate(sources, 1)
        )
        title = "Source" if len(sources) == 1 else f"Sources ({len(sources)})"
        parts.append(
            f'<details class="sources" open><summary>{title}</summary><ol>{items}</ol></details>'
        )
    return "".join(parts)


def _statements(statements: Iterable[Mapping[str, Any]], prefix: str) -> str:
    items = "".join(
        f"<li>{escape(one['text'])}{_citations(one.get('cites') or (), prefix)}</li>"
        for one in statements
    )
    return f'<ul class="points">{items}</ul>' if items else ""


def _without_options(reply: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The points, without options that are buttons below. Lines to tick keep their citations."""
    points = list(reply.get("points") or ())
    if reply.get("checklist"):
        return points
    titles = [one["title"] for one in reply.get("choices") or ()]
    pressed = {f"{number}. {title}" for number, title in enumerate(titles, 1)}
    return [one for one in points if one["text"] not in pressed]


def checklist_html(checklist: Mapping[str, Any]) -> str:
    """The lines of a checklist, each with its states to choose from, and a button to send them."""
    rows = []
    for tick in checklist["ticks"]:
        states = "".join(
            f'<label><input type="radio" name="{TICK}{escape(tick["id"])}" value="{escape(value)}"'
            f"{' checked' if tick.get('state') == value else ''}><span>{escape(label)}</span>"
            "</label>"
            for value, label in checklist["states"]
        )
        rows.append(
            f'<fieldset class="tick"><legend>{escape(tick["title"])}</legend>'
            f'<div class="states">{states}</div></fieldset>'
        )
    question = escape(checklist["question"])
    return (
        f'<div class="checklist">{"".join(rows)}'
        f'<button class="choice send-ticks" name="checklist" value="{question}">'
        "Send these answers</button></div>"
    )


def _citations(cites: Iterable[int], prefix: str) -> str:
    links = "".join(
        f'<a class="cite" href="#{prefix}-source-{cite + 1}" '
        f'aria-label="Source {cite + 1}">{cite + 1}</a>'
        for cite in cites
    )
    return f' <span class="cites">{links}</span>' if links else ""


def _source(line: str) -> str:
    """A source with its age set apart."""
    return _AGE.sub(r'<strong class="age">\1</strong>', escape(line))


def _contact(contact: Mapping[str, Any]) -> str:
    rows = [f'<p class="name">{escape(contact["name"])}</p>']
    if contact.get("purpose"):
        rows.append(f'<p class="purpose">{escape(contact["purpose"])}</p>')
    for address, shown in contact_links(contact):
        link = f'<a class="reach" href="{escape(address)}" rel="noreferrer">{escape(shown)}</a>'
        rows.append(f"<p>{link}</p>")
    for key in ("hours", "note"):
        if contact.get(key):
            rows.append(f'<p class="{key}">{escape(contact[key])}</p>')
    urgent = " urgent" if contact.get("number") == "999" else ""
    return f'<li class="contact{urgent}">{"".join(rows)}</li>'


def contact_links(contact: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The address and the text of each way to reach a contact; only tel:, mailto: and https:."""
    links = []
    if contact.get("number"):
        dialled = re.sub(r"[^0-9+]", "", contact["number"])
        links.append((f"tel:{dialled}", contact["number"]))
    if contact.get("email"):
        links.append((f"mailto:{contact['email']}", contact["email"]))
    if contact.get("web"):
        shown = re.sub(r"^https?://", "", contact["web"])
        links.append((f"https://{shown}", shown))
    return links


def _note(text: str) -> str:
    return f'<p class="system">{escape(text)}</p>'
