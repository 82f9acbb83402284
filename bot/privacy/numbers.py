"""Numbers that belong to one person: NHS, National Insurance, pupil, phone, record numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import Found

_SPACE = r"[\s.\-]"
_GAP = r"[\s.()\-/]{0,3}"
_NHS = re.compile(
    rf"(?<![\d+])(?:\d{{10}}|\d{{3}}{_SPACE}{{1,3}}\d{{3}}{_SPACE}{{1,3}}\d{{4}}"
    rf"|\d{{4}}{_SPACE}\d{{3}}{_SPACE}\d{{3}}|\d{{3}}{_SPACE}\d{{4}}{_SPACE}\d{{3}}"
    rf"|\d{{2}}(?:{_SPACE}\d{{2}}){{4}}|\d{{5}}{_SPACE}\d{{5}})(?!\d)"
)
_NHS_NAMED = re.compile(
    r"\bnhs\W{0,3}(?:(?:no|num|nr|number|id|is|was)\b\W{0,3}){0,3}"
    rf"(?P<it>\d(?:{_SPACE}{{0,2}}\d){{7,10}})(?!\d)",
    re.IGNORECASE,
)
_NI_PREFIX = r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_NI = re.compile(
    rf"(?<![^\W_]){_NI_PREFIX}{_SPACE}{{0,2}}\d{{2}}{_SPACE}{{0,2}}\d{{2}}{_SPACE}{{0,2}}\d{{2}}"
    rf"(?:{_SPACE}{{0,2}}[A-D](?![^\W_])|(?![^\W_]))",
    re.IGNORECASE,
)
_NI_NAMED = re.compile(
    r"\b(?:ni|nino|n\.i\.?|national\s+insurance)\W{0,3}(?:(?:no|num|nr|number|is|was)\b\W{0,3}){0,3}"
    rf"(?P<it>[a-z]{{2}}(?:{_SPACE}{{0,2}}\d){{6}}(?:{_SPACE}{{0,2}}[a-z])?)(?![^\W_])",
    re.IGNORECASE,
)
_UPN = re.compile(
    rf"(?<![^\W_])[A-HJ-NP-RT-Z]{_SPACE}?\d(?:{_SPACE}?\d){{10}}{_SPACE}?[\dA-HJ-NP-RT-Z](?![^\W_])",
    re.IGNORECASE,
)
_UPN_NAMED = re.compile(
    r"\b(?:upn|unique\s+pupil\s+number)\W{0,3}(?:(?:no|num|number|is|was)\b\W{0,3}){0,3}"
    rf"(?P<it>(?:[a-z]{_SPACE}?)?\d(?:{_SPACE}?\d){{8,12}}(?:{_SPACE}?[a-z])?)(?![^\W_])",
    re.IGNORECASE,
)
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PHONE = re.compile(
    rf"(?<![\w+£])(?:(?:\+|\(\+|00)\s?44\)?{_GAP}(?:\(0\)|0)?|\(?[0oO](?=[\s.()\-]{{0,2}}[1-9oO]))"
    rf"(?:{_GAP}[\doO]){{8,10}}(?![\doO])(?![^\W_])"
)
_PHONE_ABROAD = re.compile(
    r"(?<![\w+])(?:\+|00)(?!\s?44)[1-9]\d{0,2}(?:[\s.()\-]{0,2}\d){6,12}(?!\d)"
)
_MOBILE_BARE = re.compile(rf"(?<![\w+£.])7\d{{3}}{_SPACE}?\d{{3}}{_SPACE}?\d{{3}}(?!\w)")
_PHONE_NAMED = re.compile(
    r"\b(?:phone|mobile|mob|tel|telephone|number|num|call|ring|text|whatsapp|cell|landline|fone)\b"
    r"\W{0,3}(?:(?:me|her|him|them|is|was|on|no|number|num|s)\b\W{0,3}){0,3}"
    r"(?P<it>\+?\d(?:[\s.()\-]{0,2}\d){5,14})(?!\w)",
    re.IGNORECASE,
)
_DIGIT_WORD = r"(?:oh?|zero|nought|one|two|three|four|five|six|seven|eight|nine)"
_PHONE_SPOKEN = re.compile(
    rf"\b(?:(?:double|triple|treble)\s+)?{_DIGIT_WORD}"
    rf"(?:[\s,\-]+(?:(?:double|triple|treble)\s+)?{_DIGIT_WORD}){{6,}}\b",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"(?<![\w.,£])\d{7,}(?!\w)|(?<!\w)(?!(?:19|20)\d\d)\d{4}(?:[ -]\d{4}){2,4}(?!\w)"
)
_INTERNET = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")


def valid_nhs(digits: str) -> bool:
    """Whether ten digits carry the right check digit (modulus 11, NHS Data Dictionary)."""
    if len(digits) != 10:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11 == int(digits[9])  # a check of 10 is never issued


def valid_upn(upn: str) -> bool:
    """Whether a unique pupil number (letter, 12 characters) carries the right letter (DfE)."""
    values = [int(mark) if mark.isdigit() else _UPN_LETTERS.find(mark.upper()) for mark in upn[1:]]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=False))
    return len(upn) == 13 and _UPN_LETTERS[total % 23] == upn[0].upper()


def national(number: str) -> str:
    """The digits of a phone number as they are dialled inside the UK, without the first 0."""
    digits = re.sub(r"\D", "", number)
    international = number.strip().lstrip("(").startswith(("+44", "+ 44", "0044", "00 44"))
    if international:
        digits = digits.removeprefix("00").removeprefix("44")
    return digits.removeprefix("0")


class Numbers:
    """Finds numbers. `public`: numbers that anyone may ring, which are never taken for a detail."""

    def __init__(self, lists: PrivacyLists, public: Iterable[str]) -> None:
        both = [*lists.public_numbers, *public]
        self._public = {national(number) for number in both if "x" not in number}
        self._public_ranges = tuple(
            re.compile(number.replace("x", r"\d").replace(" ", ""))
            for number in both
            if "x" in number
        )
        self._reference = re.compile(
            rf"\b{any_of(lists.references)}\b\W{{0,3}}(?:(?:no|number|num|is|was)\b\W{{0,3}}){{0,3}}"
            r"(?P<it>(?=[a-z/\-]*\d)[a-z\d][a-z\d/\-]{3,})(?![^\W_])",
            re.IGNORECASE,
        )

    def is_public(self, number: str) -> bool:
        """Whether a number, however it is written, is one that anyone may ring."""
        digits = re.sub(r"\D", "", number)
        return national(number) in self._public or any(
            pattern.fullmatch(digits) for pattern in self._public_ranges
        )

    def find(self, text: str) -> Iterator[Found]:
        """Every number that belongs to one person."""
        if not any(letter.isdigit() for letter in text):
            for match in _PHONE_SPOKEN.finditer(text):
                yield match.start(), match.end(), Kind.PHONE
            return
        for pattern, kind in (
            (_NHS_NAMED, Kind.NHS),
            (_NI_NAMED, Kind.NATIONAL_INSURANCE),
            (_UPN_NAMED, Kind.UPN),
        ):
            for match in pattern.finditer(text):
                if not self.is_public(match["it"]):
                    yield match.start("it"), match.end("it"), kind
        for match in _NI.finditer(text):
            yield match.start(), match.end(), Kind.NATIONAL_INSURANCE
        for match in _UPN.finditer(text):
            upn = re.sub(r"[\s.\-]", "", match.group())
            yield match.start(), match.end(), Kind.UPN if valid_upn(upn) else Kind.NUMBER
        for match in _PHONE.finditer(text):
            digits = national(match.group().replace("o", "0").replace("O", "0"))
            if len(digits) in (9, 10) and not self.is_public(match.group()):
                yield match.start(), match.end(), Kind.PHONE
        for match in _NHS.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            if valid_nhs(digits) and not self.is_public(match.group()):
                yield match.start(), match.end(), Kind.NHS
        for pattern in (_PHONE_ABROAD, _MOBILE_BARE, _PHONE_SPOKEN):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), Kind.PHONE
        for match in _PHONE_NAMED.finditer(text):
            if not self._any_public(match["it"]):
                yield match.start("it"), match.end("it"), Kind.PHONE
        for match in self._reference.finditer(text):
            if not self.is_public(match["it"]):
                yield match.start("it"), match.end("it"), Kind.NUMBER
        for pattern in (_LONG, _INTERNET):
            for match in pattern.finditer(text):
                if not self._any_public(match.group()):
                    yield match.start(), match.end(), Kind.NUMBER

    def _any_public(self, number: str) -> bool:
        """Whether the number, or what stands before a gap in it, is public (“101 or 999”)."""
        parts = number.split()
        return any(
            self.is_public(" ".join(parts[start:end]))
            for start in range(len(parts))
            for end in range(start + 1, len(parts) + 1)
        )
