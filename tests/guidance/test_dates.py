"""Dates are said in words, and old documents are said to be old."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.dates import OLD_AFTER_YEARS, age_note, date_of, in_words, years_old
from bot.guidance.models import Source


def source(date: str | None, kind: str = "board_document", note: str | None = None) -> Source:
    return Source.model_validate(
        {"id": "one", "title": "A document", "short": "The document", "publisher": "A board",
         "date": date, "date_note": note, "kind": kind, "licence": "Public guidance"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2015", "2015"),
        ("2017-07", "July 2017"),
        ("2025-06-16", "16 June 2025"),
        ("2024-11-01", "1 November 2024"),
    ],
)
def test_a_date_in_words(date: str, words: str) -> None:
    assert in_words(date) == words


@given(st.dates(min_value=dt.date(1900, 1, 1)))
def test_every_day_of_the_calendar_has_words(day: dt.date) -> None:
    assert in_words(day.isoformat()) == f"{day.day} {day:%B} {day.year}"


def test_a_source_without_a_date_says_so() -> None:
    assert date_of(source(None)) == "date unknown"
    assert date_of(source(None, note="seen in 2026")) == "seen in 2026"
    assert date_of(source("2018-01", note="revised later")) == "January 2018"


@pytest.mark.parametrize(
    ("date", "today", "years"),
    [
        ("2015", "2026-11-20", 11),
        ("2017-07", "2026-07-01", 9),
        ("2017-07", "2026-06-30", 8),
        ("2017-07-20", "2026-07-19", 8),
        ("2017-07-20", "2026-07-20", 9),
        (None, "2026-11-20", None),
    ],
)
def test_whole_years_since_a_source_was_written(
    date: str | None, today: str, years: int | None
) -> None:
    assert years_old(source(date), dt.date.fromisoformat(today)) == years


def test_a_document_is_old_from_three_years_on() -> None:
    assert OLD_AFTER_YEARS == 3
    document = source("2023-06")
    assert age_note(document, dt.date(2026, 5, 31)) is None
    assert age_note(document, dt.date(2026, 6, 1)) == "3 years old: check that it still stands."


@pytest.mark.parametrize("kind", ["statute", "public_page", "statutory_guidance", "general"])
def test_only_a_boards_document_is_called_old(kind: str) -> None:
    assert age_note(source("2003", kind), dt.date(2026, 11, 20)) is None


def test_a_document_of_unknown_date_is_not_called_old() -> None:
    assert age_note(source(None), dt.date(2026, 11, 20)) is None
