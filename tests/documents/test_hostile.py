"""Words that are code elsewhere stay words, and none of them breaks a document."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents import TakeAway
from bot.documents.calendar_file import as_calendar
from bot.documents.model import (
    Blanks,
    Bullets,
    CalendarDate,
    Line,
    Lines,
    Section,
    SourceEntry,
    Steps,
    Subheading,
    Table,
    clean,
)
from bot.documents.pdf import as_pdf
from bot.documents.text import as_text
from bot.documents.word import as_word
from bot.referral.case import LONDON
from tests.documents.reading import TaggedPdf, events, plain, right_edge, word_text

HOSTILE = [
    '#read("/etc/passwd") #eval("1+1") #panic()',
    "= No heading *no bold* _no emphasis_ $x^2$ <label> @reference `raw` // no comment",
    '"] #text(red)[injected] #["',
    "\\u{1F600} \\n \\ #sys.inputs",
    "https://example.org/#anchor -- --- ... ~ '\"",
    "</w:t></w:r><script>alert(1)</script> &amp; &#x0; <![CDATA[x]]>",
    "BEGIN:VEVENT;X=\"1\",2:3\\;\\,\\n",
    "{\\rtf1} {{template}} %s %(name)s ${HOME}",
    "- no list\n+ no list\n/ term: no",
    "٣ ३ zażółć gęślą jaźń Ωμέγα Жизнь",
]  # fmt: skip


def made_of(words: str) -> TakeAway:
    """A take-away with these words in every place that words can stand."""
    line = Line(text=words, label=words, remarks=(words,), suggestion=True, marks=(1,))
    day = dt.date(2026, 12, 11)
    return TakeAway(
        title=words,
        reference="WM-1",
        made=dt.datetime(2026, 11, 20, 10, 5, tzinfo=LONDON),
        area=words,
        about=(line,),
        notice=(line,),
        headline=line,
        sections=(
            Section(
                heading=words,
                blocks=(
                    Lines(lines=(line,)),
                    Subheading(text=words),
                    Bullets(lines=(line,)),
                    Steps(lines=(line, line)),
                    Table(caption=words, columns=(words, words), widths=(1, 2), rows=((line, line),)),
                    Blanks(labels=(words,)),
                ),
            ),
        ),
        sources=(SourceEntry(number=1, name=words, date=words, where=words, reliance=words),),
        closing=(line,),
        dates=(
            CalendarDate(
                id="A/b", label=words, day=day, also=None, in_words=words, limit=words,
                suggestion=False, sources=(words,),
            ),
        ),
    )  # fmt: skip


def shown(words: str) -> str:
    return plain(str(clean(words)))


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_stays_words_in_every_format(words: str) -> None:
    taken = made_of(words)
    assert shown(words) in plain(as_text(taken))
    assert shown(words) in plain(word_text(as_word(taken)))
    pdf = TaggedPdf(as_pdf(taken))
    # numerals beyond the font are written as their numbers
    assert shown(words).replace("٣", "[U+0663]").replace("३", "[U+0969]") in plain(pdf.text)
    assert pdf.reader.metadata is not None
    (event,) = events(as_calendar(taken))
    assert shown(words) in plain(event["SUMMARY"])
    assert shown(words) in plain(event["DESCRIPTION"])


def test_nothing_hostile_becomes_structure() -> None:
    tame, hostile = made_of("words"), made_of("= Heading\n- item\n#heading[x] *b*")
    assert [name for name, _ in TaggedPdf(as_pdf(tame)).tags] == [
        name for name, _ in TaggedPdf(as_pdf(hostile)).tags
    ]


def test_control_characters_invisible_ones_and_half_characters_go() -> None:
    words = "a\x00b\x07c\x1bd\u202ee\u200bf\ufeffg\ud800h\uffffi\r\nj\tk"
    assert clean(words) == "abcdefghi j k"
    assert "abcdefghi j k" in as_text(made_of(words))
    assert "abcdefghij" in plain(word_text(as_word(made_of(words))))
    assert "abcdefghij" in plain(TaggedPdf(as_pdf(made_of(words))).text)


def test_a_letter_that_the_font_lacks_is_named_by_its_number() -> None:
    pdf = TaggedPdf(as_pdf(made_of("seen 😀 once")))
    assert "seen [U+1F600] once" in pdf.text
    assert "seen 😀 once" in as_text(made_of("seen 😀 once"))


@pytest.mark.parametrize("length", [40, 200, 1000])
def test_a_very_long_word_stays_whole_and_on_the_page(length: int) -> None:
    word = ("abcdefghij" * length)[:length]
    pdf = TaggedPdf(as_pdf(made_of(word)))
    assert word in plain(pdf.text)
    assert word in word_text(as_word(made_of(word)))
    margin = 2 * 72 / 2.54
    for page in pdf.reader.pages:
        assert 300 < right_edge(page) < float(page.mediabox.width) - margin


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_words_at_all_make_every_document(words: str) -> None:
    taken = made_of(f"x{words}")
    assert as_pdf(taken).startswith(b"%PDF")
    assert as_word(taken)
    assert len(events(as_calendar(taken))) == 1
    assert shown(f"x{words}") in plain(as_text(taken))
