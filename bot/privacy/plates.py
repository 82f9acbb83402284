"""Number plates: current, prefix, suffix and Northern Ireland styles."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import Found

_CURRENT = re.compile(
    r"(?<![^\W_])(?P<a>[A-HJ-PR-Y][A-HJ-PR-Z])(?P<s1>[\s\-]?)(?P<d>\d{2})(?P<s2>[\s\-]?)"
    r"(?P<b>[A-HJ-PR-Z]{3})(?![^\W_]|['’])",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?<![^\W_])(?P<a>[A-HJ-NPR-TV-Y])(?P<s1>[\s\-]?)(?P<d>[1-9]\d{0,2})(?P<s2>[\s\-]?)"
    r"(?P<b>[A-PR-Y]{3})(?![^\W_]|['’])",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"(?<![^\W_])(?P<a>[A-PR-Y]{3})(?P<s1>[\s\-]?)(?P<d>[1-9]\d{0,2})(?P<s2>[\s\-]?)"
    r"(?P<b>[A-HJ-NPR-TV-Y])(?![^\W_]|['’])",
    re.IGNORECASE,
)
_NORTHERN = re.compile(
    r"(?<![^\W_])(?P<a>[A-Z]?[IZ][A-Z]|[A-Z]{1,2}[IZ])(?P<s1>[\s\-]?)(?P<d>\d{3,4})(?P<s2>)(?P<b>)"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_STYLES = (_CURRENT, _PREFIX, _SUFFIX, _NORTHERN)
_ANY = (
    r"[A-Z]{2}[\s\-]?\d{2}[\s\-]?[A-Z]{3}|[A-Z][\s\-]?\d{1,3}[\s\-]?[A-Z]{3}"
    r"|[A-Z]{3}[\s\-]?\d{1,3}[\s\-]?[A-Z]|[A-Z]{1,3}[\s\-]?\d{1,4}|\d{1,4}[\s\-]?[A-Z]{1,3}"
)


class Plates:
    """Finds number plates. `ordinary`: words that make “is 14 and” or “s47 for” no plate."""

    def __init__(self, lists: PrivacyLists, ordinary: Container[str]) -> None:
        self._ordinary = ordinary
        self._counted = frozenset(lists.counted)
        self._named = re.compile(
            rf"\b(?:{any_of(['reg', 'registration', 'reg no', 'reg number', 'vrm', 'vrn'])}"
            r"|(?:number|licen[cs]e)?\s*plates?|registration\s+number|index)\b\W{0,3}"
            r"(?:(?:no|number|mark|is|was|are|of|reads?|begins?|starts?|starting|beginning|ends?"
            r"|ending|with|in|like|partial|something)\b\W{0,3}){0,4}"
            rf"(?P<it>{_ANY})(?![^\W_])",
            re.IGNORECASE,
        )
        self._vehicle = re.compile(rf"\b{any_of(lists.vehicles)}\b[^.!?\n]{{0,25}}$", re.IGNORECASE)

    def find(self, text: str) -> Iterator[Found]:
        """Every number plate."""
        if not any(letter.isdigit() for letter in text):
            return
        for match in self._named.finditer(text):
            it = match["it"]
            letters = re.findall(r"[a-z]+", it.lower())
            glued = not re.search(r"[\s\-]", it)
            if len(it) >= 4 and (glued or not any(part in self._counted for part in letters)):
                yield match.start("it"), match.end("it"), Kind.PLATE
        shouted = text.upper() == text
        for style in _STYLES:
            for match in style.finditer(text):
                if self._is_plate(style, match, text, shouted):
                    yield match.start(), match.end(), Kind.PLATE

    def _is_plate(
        self, style: re.Pattern[str], match: re.Match[str], text: str, shouted: bool
    ) -> bool:
        it = match.group()
        capitals = it == it.upper() and not shouted
        apart = bool(match["s1"]) + bool(match["s2"])
        before, after = match["a"].lower(), match["b"].lower()
        vehicle = bool(self._vehicle.search(text[max(0, match.start() - 45) : match.start()]))
        if after in ("year", "yrs", "day"):
            return False
        worded = [part for part in (before, after) if len(part) > 1 and part in self._ordinary]
        if style is _CURRENT:
            if not apart:
                return True  # “ab12cde”: nobody writes a sentence so
            if not match["s1"] and (capitals or after not in self._ordinary):
                return True
            if match["s1"] and before in self._ordinary and not (capitals and vehicle):
                return False
            return not worded or ((capitals or vehicle) and len(worded) < 2 and after not in worded)
        if style is _NORTHERN:
            return (capitals and not worded) or (vehicle and not worded)
        # a section (“s47 for”), a page (“p12 and”), an age and sex (“yp 14f”) look like these
        if worded:
            return not apart or (capitals and len(match["d"]) == 3)
        if style is _SUFFIX:
            return True
        return not match["s1"] or vehicle or (capitals and not match["s2"])
