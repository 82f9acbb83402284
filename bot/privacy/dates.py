"""Dates of birth in every form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import Found

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:(?:19|20)\d{2}|'?\d{2})"
_SEP = r"\s?[/.\-\\]\s?"
_NUMERIC = rf"{_DAY}{_SEP}(?:0?[1-9]|1[0-2]){_SEP}(?P<year>(?:19|20)\d{{2}}|\d{{2}})(?!\d)"
_AMERICAN = rf"(?:0?[1-9]|1[0-2]){_SEP}{_DAY}{_SEP}(?P<year>(?:19|20)\d{{2}}|\d{{2}})(?!\d)"
_ISO = r"(?P<year>(?:19|20)\d{2})[/.\-](?:0?[1-9]|1[0-2])[/.\-](?:0?[1-9]|[12]\d|3[01])(?!\d)"
_WORDED = (
    rf"(?:{_DAY}{_TH}(?:\s+of)?(?:the\s+)?[\s\-/.]*{_MONTH},?[\s\-/.]*(?P<year>{_YEAR})(?!\d)"
    rf"|{_MONTH}\s*(?:the\s+)?{_DAY}{_TH},?\s+(?P<year2>{_YEAR})(?!\d))"
)
_SPACED = rf"{_DAY}\s(?:0?[1-9]|1[0-2])\s(?P<year>(?:19|20)\d{{2}})(?!\d)"
_FULL = tuple(
    re.compile(rf"(?<![\w/.\-]){form}(?!\w)", re.IGNORECASE)
    for form in (_NUMERIC, _ISO, _WORDED, _AMERICAN, _SPACED)
)
# after “born”, any part of a date will do
_PART = (
    rf"(?:{_DAY}{_TH}(?:\s+of)?[\s\-/.]*{_MONTH}(?:,?[\s\-/.]*{_YEAR}(?!\d))?"
    rf"|{_MONTH}\s*(?:the\s+)?(?:{_DAY}{_TH}(?!\d)(?:,?\s+{_YEAR}(?!\d))?|{_YEAR}(?!\d))|{_MONTH}"
    rf"|{_DAY}{_SEP}{_DAY}(?:{_SEP}(?:\d{{4}}|\d{{2}}))?(?!\d)"
    rf"|(?:19|20)\d{{2}}{_SEP}{_DAY}{_SEP}{_DAY}(?!\d)|{_DAY}\s\d{{1,2}}\s(?:\d{{4}}|\d{{2}})(?!\d)"
    r"|\d{8}(?!\d)|\d{6}(?!\d)|(?:19|20)\d{2}(?!\d)"
    rf"|the\s+{_DAY}{_TH}(?:\s+of)?\s+{_MONTH})"
)
_LINKING = (
    r"(?:\W{0,3}\b(?:is|was|on|in|the|of|at|are|as|given|recorded|back|:|=)\b){0,3}[\s:=,\-(]{0,3}"
)


class Dates:
    """Finds dates of birth: any date after a word of birth, else a full date of a likely year."""

    def __init__(self, lists: PrivacyLists) -> None:
        self._latest = lists.latest_birth_year
        self._born = re.compile(
            rf"(?<![^\W_]){any_of(lists.born)}(?![^\W_]){_LINKING}(?P<it>{_PART})", re.IGNORECASE
        )
        self._turning = re.compile(
            rf"\b(?:turn(?:s|ed|ing)?|be|is|was)\s+\d{{1,2}}\s+on\s+(?:the\s+)?(?P<it>{_PART})",
            re.IGNORECASE,
        )
        self._after = re.compile(
            rf"(?<![\w/.\-])(?P<it>{_PART})\W{{0,3}}(?:\(?(?:dob|d\.o\.b|date of birth)\b)",
            re.IGNORECASE,
        )
        self._undated = re.compile(
            rf"\b{any_of(lists.undated)}\b(?:\W+(?:on|of|in|the|for|to|is|was|date))*\W*$",
            re.IGNORECASE,
        )
        self._undated_after = re.compile(rf"\W{{1,3}}{any_of(lists.undated)}\b", re.IGNORECASE)

    def find(self, text: str) -> Iterator[Found]:
        """Every date of birth."""
        if not any(letter.isdigit() for letter in text) and "b" not in text.lower():
            return
        for pattern in (self._born, self._turning, self._after):
            for match in pattern.finditer(text):
                yield match.start("it"), match.end("it"), Kind.BIRTH
        for pattern in _FULL:
            for match in pattern.finditer(text):
                groups = match.groupdict()
                if self._likely(groups.get("year") or groups.get("year2") or ""):
                    before = text[max(0, match.start() - 40) : match.start()]
                    if self._undated.search(before):
                        continue
                    if self._undated_after.match(text, match.end()):
                        continue
                    yield match.start(), match.end(), Kind.BIRTH

    def _likely(self, year: str) -> bool:
        digits = year.lstrip("'")
        if len(digits) == 2:
            return int(digits) <= self._latest % 100 or int(digits) > self._latest % 100 + 10
        return 1930 <= int(digits) <= self._latest
