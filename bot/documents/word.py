"""The take-away as a Word document: to read, and to paste from into a referral form."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from bot.documents.model import (
    LINES_MEANT,
    Blanks,
    Block,
    Bullets,
    Line,
    Lines,
    Steps,
    Subheading,
    Table,
    TakeAway,
)

LANGUAGE = "en-GB"
_INK, _SOFT = RGBColor(0x1D, 0x3B, 0x53), RGBColor(0x4A, 0x4A, 0x4A)
_SHADE, _RULE = "E8EEF3", "9FB1BF"
_FONT, _NOTICE = "Calibri", "Notice"
_TEXT_WIDTH = Cm(17)


def as_word(take_away: TakeAway) -> bytes:
    """The take-away as a .docx file with real headings, lists and tables with header rows.

    The document's language is British English, so that it is read aloud and spell-checked so.
    """
    document = docx.Document()
    _properties(document, take_away)
    _page(document, take_away)
    _styles(document)
    document.add_heading(take_away.title, level=1)
    _lines(document, take_away.about)
    for number, line in enumerate(take_away.notice):
        _write(document.add_paragraph(style=_NOTICE), line, strong=number == 0)
    document.add_heading("In short", level=2)
    _write(document.add_paragraph(), take_away.headline, strong=True)
    for section in take_away.sections:
        document.add_heading(section.heading, level=2)
        for block in section.blocks:
            _block(document, block)
    document.add_heading("Sources", level=2)
    document.add_paragraph(LINES_MEANT)
    _table(document, take_away.source_table)
    document.add_heading("When anything changes", level=2)
    _lines(document, take_away.closing)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _properties(document: Document, take_away: TakeAway) -> None:
    properties = document.core_properties
    # the format holds at most 255 characters in a property
    properties.title = f"{take_away.title} {take_away.reference}"[:255]
    properties.author = properties.last_modified_by = "Waymark"
    properties.subject = f"Area: {take_away.area}"[:255]
    properties.comments = ""
    properties.language = LANGUAGE
    made = take_away.made.astimezone(dt.UTC).replace(tzinfo=None)
    properties.created = properties.modified = made


def _page(document: Document, take_away: TakeAway) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{take_away.title}, reference {take_away.reference}. Page ")
    number = footer.add_run("1")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(number._r)
    footer._p.append(field)


def _styles(document: Document) -> None:
    styles = document.styles
    run = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = run.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        run.append(language)
    language.set(qn("w:val"), LANGUAGE)
    for name, size, before in (
        ("Heading 1", 22, 0),
        ("Heading 2", 14, 14),
        ("Heading 3", 11.5, 8),
    ):
        style = _paragraph_style(document, name)
        _face(style, size)
        style.font.bold, style.font.color.rgb = True, _INK
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    for name in ("Normal", "List Bullet", "List Number"):
        style = _paragraph_style(document, name)
        _face(style, 11)
        style.paragraph_format.space_after = Pt(4)
    footer = _paragraph_style(document, "Footer")
    _face(footer, 9)
    footer.font.color.rgb = _SOFT
    _notice_style(document)


def _notice_style(document: Document) -> None:
    """Shaded, for what stands before everything else."""
    notice = document.styles.add_style(_NOTICE, WD_STYLE_TYPE.PARAGRAPH)
    notice.base_style = document.styles["Normal"]
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), _SHADE)
    notice.element.get_or_add_pPr().append(shade)


def _paragraph_style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    if style.type != WD_STYLE_TYPE.PARAGRAPH or not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style of the template")
    return style


def _face(style: ParagraphStyle, size: float) -> None:
    """Set a style's font in place of the theme's, for every kind of letter."""
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for letters in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{letters}"), _FONT)


def _block(document: Document, block: Block) -> None:
    if isinstance(block, Subheading):
        document.add_heading(block.text, level=3)
    elif isinstance(block, Lines):
        _lines(document, block.lines)
    elif isinstance(block, Bullets):
        for line in block.lines:
            _write(document.add_paragraph(style="List Bullet"), line)
    elif isinstance(block, Steps):
        _steps(document, block.lines)
    elif isinstance(block, Table):
        _table(document, block)
    elif isinstance(block, Blanks):
        _blanks(document, block.labels)


def _lines(document: Document, lines: Iterable[Line]) -> None:
    for line in lines:
        _write(document.add_paragraph(), line)


def _write(paragraph: Paragraph, line: Line, strong: bool = False) -> None:
    """One statement: its label in bold, remarks in italics, sources at the end."""
    if line.lead:
        paragraph.add_run(f"{line.lead} ").bold = True
    paragraph.add_run(line.said).bold = True if strong else None
    for remark in line.after:
        paragraph.add_run(f" {remark}").italic = True
    if line.cited:
        cited = paragraph.add_run(f" {line.cited}")
        cited.font.size, cited.font.color.rgb = Pt(9), _SOFT


def _steps(document: Document, lines: Sequence[Line]) -> None:
    """A numbered list of its own, so that a second one begins at 1 again."""
    numbering = document.part.numbering_part.element
    style = _paragraph_style(document, "List Number")
    own = style.element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(own).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    for line in lines:
        paragraph = document.add_paragraph(style="List Number")
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number.numId
        _write(paragraph, line)


def _table(document: Document, content: Table) -> None:
    table = document.add_table(rows=1, cols=len(content.columns))
    table.style = document.styles["Table Grid"]
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _describe(table, content.caption)
    for cell, column in zip(table.rows[0].cells, content.columns, strict=True):
        cell.paragraphs[0].add_run(column).bold = True
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), _SHADE)
        cell._tc.get_or_add_tcPr().append(shade)
    for row in content.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for number, (cell, line) in enumerate(zip(added.cells, row, strict=True)):
            _write(cell.paragraphs[0], line, strong=number == 0)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for column_number, width in enumerate(content.widths):
        table.columns[column_number].width = int(_TEXT_WIDTH * width / sum(content.widths))
        for cell in table.columns[column_number].cells:
            cell.width = int(_TEXT_WIDTH * width / sum(content.widths))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _describe(table: WordTable, caption: str) -> None:
    """Say to assistive technology what the table holds, that its first row is a header, and
    colour its lines."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # Word wants these elements in the order of their schema
    properties.find(qn("w:tblLayout")).addprevious(borders)
    look = properties.find(qn("w:tblLook"))
    look.set(qn("w:firstRow"), "1")
    look.set(qn("w:firstColumn"), "1")
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), caption)
    properties.append(title)


def _blanks(document: Document, labels: Iterable[str]) -> None:
    rows = tuple((Line(text=label), Line(text="")) for label in labels)
    columns = ("Detail", "To fill in")
    caption = "Details to add in your own system"
    _table(document, Table(caption=caption, columns=columns, widths=(2, 3), rows=rows))
