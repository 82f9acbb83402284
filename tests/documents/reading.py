"""Reads documents back: a PDF as a screen reader does, Word in order, a calendar by parsing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import pypdf
from docx.table import Table
from docx.text.paragraph import Paragraph
from icalendar import Calendar
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject


def plain(text: str) -> str:
    """Words alone: white space and places where a line may break count for nothing."""
    return re.sub(r"[\s\u200b]+", "", text)


class TaggedPdf:
    """A PDF through its tags, in the order in which they are read out."""

    def __init__(self, data: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(data))
        self.root: DictionaryObject = self.reader.trailer["/Root"]
        self._marked = [_marked_text(page) for page in self.reader.pages]
        self._page_of = {
            page.indirect_reference.idnum: number  # type: ignore[union-attr]
            for number, page in enumerate(self.reader.pages)
        }
        #: every tag with its text, outermost first
        self.tags: list[tuple[str, str]] = []
        self.text = self._read(self.root["/StructTreeRoot"]["/K"], None)

    def under(self, tag: str) -> list[str]:
        """The texts of every element with that tag."""
        return [text for name, text in self.tags if name == tag]

    def _read(self, node: Any, page: Any) -> str:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, int):
            return self._marked[page].get(int(node), "")
        if isinstance(node, list):
            return "".join(self._read(part, page) for part in node)
        page = self._page_of[node.raw_get("/Pg").idnum] if "/Pg" in node else page
        if node.get("/Type") == "/MCR":
            return self._marked[page].get(int(node["/MCID"]), "")
        if "/S" not in node:
            return ""
        place = len(self.tags)
        self.tags.append((node["/S"], ""))
        text = self._read(node.get("/K", []), page)
        self.tags[place] = (node["/S"], text)
        return text


def _marked_text(page: pypdf.PageObject) -> dict[int, str]:
    """Marked-content id -> its text, by the fonts' own tables of letters."""
    fonts = {
        name: _letters(font.get_object()) for name, font in page["/Resources"]["/Font"].items()
    }
    found: dict[int, str] = {}
    open_ids: list[int | None] = []
    letters: dict[str, str] = {}
    content = page.get_contents()
    for operands, operator in ContentStream(content, page.pdf).operations:
        if operator == b"BDC":
            given = operands[1]
            open_ids.append(given.get("/MCID") if isinstance(given, DictionaryObject) else None)
        elif operator == b"BMC":
            open_ids.append(None)
        elif operator == b"EMC":
            open_ids.pop()
        elif operator == b"Tf":
            letters = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ"):
            current = next((one for one in reversed(open_ids) if one is not None), None)
            if current is None:
                continue
            parts = operands[0] if operator == b"TJ" else [operands[0]]
            codes = b"".join(_raw(part) for part in parts if not isinstance(part, int | float))
            text = "".join(letters[codes[i : i + 2].hex()] for i in range(0, len(codes), 2))
            found[current] = found.get(current, "") + text
    return found


def right_edge(page: pypdf.PageObject) -> float:
    """How far to the right any letter of the page reaches, in points."""
    widths = {name: _widths(font) for name, font in page["/Resources"]["/Font"].items()}
    stack: list[tuple[float, float]] = []
    scale, shift, edge, size, at = 1.0, 0.0, 0.0, 1.0, 0.0
    font: dict[int, float] = {}
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"q":
            stack.append((scale, shift))
        elif operator == b"Q":
            scale, shift = stack.pop()
        elif operator == b"cm":
            shift += scale * float(operands[4])
            scale *= float(operands[0])
        elif operator == b"Tf":
            font, size = widths[operands[0]], float(operands[1])
        elif operator == b"Tm":
            at = float(operands[4])
        elif operator in (b"Tj", b"TJ"):
            for part in operands[0] if operator == b"TJ" else [operands[0]]:
                if isinstance(part, int | float):
                    at -= size * float(part) / 1000
                    continue
                codes = _raw(part)
                for place in range(0, len(codes), 2):
                    code = int.from_bytes(codes[place : place + 2], "big")
                    at += size * font.get(code, font[-1]) / 1000
            edge = max(edge, shift + scale * at)
    return edge


def _widths(font: Any) -> dict[int, float]:
    """Code -> width in thousandths of the size; -1 is the width of all others."""
    inner = font.get_object()["/DescendantFonts"][0].get_object()
    found: dict[int, float] = {-1: float(inner.get("/DW", 1000))}
    table = list(inner["/W"])
    while table:
        first, second = int(table.pop(0)), table.pop(0)
        if isinstance(second, list):
            found |= {first + step: float(width) for step, width in enumerate(second)}
        else:
            width = float(table.pop(0))
            found |= dict.fromkeys(range(first, int(second) + 1), width)
    return found


def _raw(part: Any) -> bytes:
    return part.original_bytes if hasattr(part, "original_bytes") else bytes(part)


def _letters(font: DictionaryObject) -> dict[str, str]:
    """Code (four hexadecimal digits) -> letters, from a font's ToUnicode table."""
    table = font["/ToUnicode"].get_data().decode("latin-1")
    letters: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            letters[code.lower()] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in re.findall(
            r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block
        ):
            start = int(text, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[f"{int(first, 16) + step:04x}"] = chr(start + step)
    return letters


def word_parts(data: bytes) -> Iterator[tuple[str, str]]:
    """Style and text of every paragraph and table cell of a Word document, in order."""
    for part in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(part, Paragraph):
            yield part.style.name if part.style else "", part.text
        elif isinstance(part, Table):
            for row in part.rows:
                for cell in row.cells:
                    yield "cell", cell.text


def word_text(data: bytes) -> str:
    """All words of a Word document, in order."""
    return "\n".join(text for _, text in word_parts(data))


def pdf_pages_text(data: bytes) -> str:
    """All words as they stand on the pages."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def events(data: bytes) -> list[Any]:
    """The events of a calendar file."""
    return list(Calendar.from_ical(data).walk("VEVENT"))
