"""The PDF: tagged, in British English, titled, readable in order."""

from __future__ import annotations

from bot.documents import TakeAway, take_away
from bot.documents.model import Bullets, Steps
from bot.documents.pdf import as_pdf
from tests.documents.conftest import NOW, REFERENCE, Ask
from tests.documents.reading import TaggedPdf, plain


def test_it_is_tagged_titled_and_in_british_english(dated: TakeAway) -> None:
    pdf = TaggedPdf(as_pdf(dated))
    assert pdf.root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in pdf.root
    assert pdf.root["/Lang"] == "en-GB"
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.reader.metadata is not None
    assert pdf.reader.metadata.title == f"Guided concern summary {REFERENCE}"
    assert pdf.reader.metadata.author == "Waymark"
    metadata = pdf.root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_headings_lead_through_it(dated: TakeAway) -> None:
    pdf = TaggedPdf(as_pdf(dated))
    assert pdf.under("/H1") == [dated.title]
    headings = [section.heading for section in dated.sections]
    assert pdf.under("/H2") == ["In short", *headings, "Sources", "When anything changes"]
    assert "/Outlines" in pdf.root


def test_lists_and_tables_are_tagged_as_such(dated: TakeAway) -> None:
    pdf = TaggedPdf(as_pdf(dated))
    items = sum(
        len(block.lines)
        for section in dated.sections
        for block in section.blocks
        if isinstance(block, Bullets | Steps)
    )
    assert len(pdf.under("/LI")) == items
    assert {"No.", "What", "Who", "Form or tool"} <= set(pdf.under("/TH"))
    assert any("116 000" in cell for cell in pdf.under("/TD"))


def test_it_is_read_in_the_order_of_the_take_away(ask: Ask) -> None:
    taken = take_away(ask("derby", level="medium"), REFERENCE, NOW)
    words, place = plain(TaggedPdf(as_pdf(taken)).text), 0
    for line in taken.lines():
        if line in taken.closing:
            break
        place = words.index(plain(line.text), place)


def test_every_font_is_inside_it(dated: TakeAway) -> None:
    for page in TaggedPdf(as_pdf(dated)).reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_take_away_gives_the_same_bytes(dated: TakeAway) -> None:
    assert as_pdf(dated) == as_pdf(dated)


def test_each_page_says_which_document_it_is(dated: TakeAway) -> None:
    pdf = TaggedPdf(as_pdf(dated))
    pages = len(pdf.reader.pages)
    for number, page in enumerate(pdf.reader.pages, 1):
        text = page.extract_text()
        assert f"reference {REFERENCE}" in text
        assert f"Page {number} of {pages}" in text
    assert "Page 1 of" not in pdf.text, "what repeats on each page is not read aloud"


def test_an_address_can_be_copied_as_it_is(ask: Ask) -> None:
    words = TaggedPdf(as_pdf(take_away(ask("wiltshire"), REFERENCE, NOW))).text
    assert "http://www.wiltshirelscb.org/cse" in words
