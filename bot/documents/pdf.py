"""The take-away as a tagged PDF (PDF/UA-1): a screen reader reads it in order, with headings."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from pydantic import BaseModel

from bot.documents.errors import TakeAwayError
from bot.documents.model import LINES_MEANT, Line, TakeAway

_TEMPLATE = Path(__file__).with_name("take_away.typ")
#: What the font holds of Latin, Greek, Cyrillic, punctuation and arrows. A letter beyond it would
#: have no shape, which PDF/UA forbids: its number stands for it.
_BEYOND_FONT = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0400-\u045f\u1e00-\u1eff\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033"
    "\u2039\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\u2260\u2264\u2265]"
)


def as_pdf(take_away: TakeAway) -> bytes:
    """The take-away as a PDF. The same take-away gives the same bytes.

    Words reach the page as data, never as markup. Letters that the font does not have, such as
    pictures, are written as “[U+1F600]”.
    Raises: TakeAwayError when the page cannot be set, which no words should bring about.
    """
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        root=str(_TEMPLATE.parent),
        font_paths=_fonts(),
        sys_inputs={"take_away": json.dumps(_page(take_away))},
    )
    made = take_away.made.astimezone(dt.UTC)
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=made)
    except BaseException as error:
        # a fault inside the typesetter comes as pyo3's PanicException, which is no Exception
        if not isinstance(error, typst.TypstError) and type(error).__name__ != "PanicException":
            raise
        raise TakeAwayError(
            "The PDF could not be made. The same facts are in the Word document and in the text."
        ) from error
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single file")
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts inside the typesetter: the same page on every machine."""
    return typst.Fonts(include_system_fonts=False)


def _page(take_away: TakeAway) -> Any:
    """What the template shows, in its own names."""
    page = {
        "document_title": f"{take_away.title} {take_away.reference}",
        "description": f"Area: {take_away.area}",
        "footer": f"{take_away.title}, reference {take_away.reference}",
        "title": take_away.title,
        "about": take_away.about,
        "notice": take_away.notice,
        "headline": take_away.headline,
        "sections": take_away.sections,
        "source_note": Line(text=LINES_MEANT),
        "sources": take_away.source_table,
        "closing": take_away.closing,
    }
    return _plain(page)


def _plain(value: object) -> Any:
    """Plain JSON values, with every text made of letters that the font has."""
    if isinstance(value, str):
        return _BEYOND_FONT.sub(lambda match: f"[U+{ord(match[0]):04X}]", value)
    if isinstance(value, Line):
        return {
            "lead": _plain(value.lead),
            "text": _plain(value.said),
            "after": _plain(value.after),
            "cited": value.cited,
        }
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
