"""The Word document: real headings, lists and tables, in British English."""

from __future__ import annotations

import io

import docx
from docx.document import Document
from docx.oxml.ns import qn

from bot.documents import TakeAway
from bot.documents.model import Bullets, Steps, Table
from bot.documents.word import as_word
from tests.documents.conftest import NOW, REFERENCE
from tests.documents.reading import word_parts


def opened(taken: TakeAway) -> Document:
    return docx.Document(io.BytesIO(as_word(taken)))


def test_headings_are_headings(dated: TakeAway) -> None:
    parts = list(word_parts(as_word(dated)))
    assert [text for style, text in parts if style == "Heading 1"] == [dated.title]
    headings = [section.heading for section in dated.sections]
    shown = [text for style, text in parts if style == "Heading 2"]
    assert shown == ["In short", *headings, "Sources", "When anything changes"]
    assert "Reviews" in [text for style, text in parts if style == "Heading 3"]


def test_lists_are_lists(dated: TakeAway) -> None:
    parts = list(word_parts(as_word(dated)))
    blocks = [block for section in dated.sections for block in section.blocks]
    for kind, style in ((Steps, "List Number"), (Bullets, "List Bullet")):
        lines = [line for block in blocks if isinstance(block, kind) for line in block.lines]
        assert [text for name, text in parts if name == style] == [line.words for line in lines]


def test_steps_are_numbered_from_one_in_a_list_of_their_own(dated: TakeAway) -> None:
    document = opened(dated)
    steps = [p for p in document.paragraphs if p.style and p.style.name == "List Number"]
    numbers = {p._p.pPr.numPr.numId.val for p in steps}
    assert len(numbers) == 1
    number = document.part.numbering_part.element.num_having_numId(numbers.pop())
    assert number.lvlOverride_lst[0].startOverride.val == 1


def test_tables_have_header_rows_and_say_what_they_hold(dated: TakeAway) -> None:
    blocks = [block for section in dated.sections for block in section.blocks]
    captions = [block.caption for block in blocks if isinstance(block, Table)]
    tables = opened(dated).tables
    shown = [table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in tables]
    assert shown == [*captions, "Details to add in your own system", "Sources"]
    for table in tables:
        first, *rest = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in rest)
        assert all(cell.text for cell in first.cells)


def test_it_is_in_british_english(dated: TakeAway) -> None:
    document = opened(dated)
    assert document.core_properties.language == "en-GB"
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"


def test_its_properties_name_the_document_and_nobody(dated: TakeAway) -> None:
    properties = opened(dated).core_properties
    assert properties.title == f"Guided concern summary {REFERENCE}"
    assert properties.author == properties.last_modified_by == "Waymark"
    assert properties.comments == ""
    assert properties.created is not None
    assert properties.created.replace(tzinfo=None) == NOW
