"""The widget as it is sent: the built script with the areas and their numbers filled in.

The numbers are in the script itself, so that an error can name them when nothing else is reached.
The source is in `widget/`; the built files are `page/widget.js` and `page/widget/<language>.json`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from bot.channels.kept import exception
from bot.guidance.answering import contact_card
from bot.guidance.load import NEEDED_CONTACTS, Guidance
from bot.guidance.reply import ContactCard

PAGE = Path(__file__).parent / "page"

#: Where the built script has room for the areas: a string literal of either kind of quotes.
_PLACE = re.compile(rb"([\"'`])@@waymark@@\1")

#: How the widget's words on this begin, in every language file.
_NOT_STORED = b"not stored by the guide"


class WidgetError(Exception):
    """The built widget cannot be used; the text says what to do."""


def directory(guidance: Guidance) -> dict[str, Any]:
    """The areas and whom to ring in each, as the script reads them.

    `areas` are `{"id", "name", "contacts"}` in order, `contacts` the cards by id, `always` what is
    shown with every error, and `elsewhere` what is shown besides where an area has no number.
    """
    emergency, *elsewhere = NEEDED_CONTACTS
    areas = [
        {
            "id": area.id,
            "name": area.name,
            "contacts": [*dict.fromkeys((*area.contacts[:1], *area.out_of_hours[:1]))],
        }
        for area in guidance.areas.values()
    ]
    named = dict.fromkeys((*NEEDED_CONTACTS, *(one for area in areas for one in area["contacts"])))
    cards = {name: contact_card(guidance.contacts[name]) for name in named}
    return {
        "areas": areas,
        "contacts": {name: _shown(card) for name, card in cards.items()},
        "always": [emergency],
        "elsewhere": elsewhere,
    }


def _shown(card: ContactCard) -> dict[str, str]:
    """What is shown of a contact where every word is sent to every visitor: its nearest address."""
    address = next(
        (key for key in ("number", "email", "web") if getattr(card, key) is not None), "number"
    )
    keys = ("name", address, "hours", "note")
    return {key: getattr(card, key) for key in keys if getattr(card, key)}


def widget_script(guidance: Guidance) -> bytes:
    """The script for `/widget.js`. Raises WidgetError when the built file is missing or damaged."""
    try:
        built = (PAGE / "widget.js").read_bytes()
    except OSError as error:
        raise WidgetError(
            "The built widget (bot/channels/page/widget.js) is missing. Take it from the "
            "repository again, or build it: cd widget && npm ci && npm run build"
        ) from error
    # JSON is an expression of the script's language, too
    filled = json.dumps(directory(guidance), ensure_ascii=False, separators=(",", ":")).encode()
    script, places = _PLACE.subn(lambda _: filled, _true(built))
    if places != 1:
        raise WidgetError(
            "The built widget (bot/channels/page/widget.js) is damaged. Take it from the "
            "repository again, or build it: cd widget && npm ci && npm run build"
        )
    return script


def widget_strings() -> dict[str, bytes]:
    """The language files by language: what `/widget/<language>.json` answers with."""
    files = sorted((PAGE / "widget").glob("*.json"))
    return {path.stem: _true(path.read_bytes()) for path in files}


def _true(built: bytes) -> bytes:
    """What the widget says of typed words, with what is kept of them where something is."""
    kept = exception()
    return (
        built
        if kept is None
        else built.replace(_NOT_STORED, _NOT_STORED + f" (but for {kept})".encode())
    )
