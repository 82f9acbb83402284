"""Postcodes and street addresses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import STAND_IN, Found

# Royal Mail's postcode areas
_AREAS = frozenset(
    [
        "AB",
        "AL",
        "B",
        "BA",
        "BB",
        "BD",
        "BF",
        "BH",
        "BL",
        "BN",
        "BR",
        "BS",
        "BT",
        "BX",
        "CA",
        "CB",
        "CF",
        "CH",
        "CM",
        "CO",
        "CR",
        "CT",
        "CV",
        "CW",
        "DA",
        "DD",
        "DE",
        "DG",
        "DH",
        "DL",
        "DN",
        "DT",
        "DY",
        "E",
        "EC",
        "EH",
        "EN",
        "EX",
        "FK",
        "FY",
        "G",
        "GL",
        "GU",
        "GY",
        "HA",
        "HD",
        "HG",
        "HP",
        "HR",
        "HS",
        "HU",
        "HX",
        "IG",
        "IM",
        "IP",
        "IV",
        "JE",
        "KA",
        "KT",
        "KW",
        "KY",
        "L",
        "LA",
        "LD",
        "LE",
        "LL",
        "LN",
        "LS",
        "LU",
        "M",
        "ME",
        "MK",
        "ML",
        "N",
        "NE",
        "NG",
        "NN",
        "NP",
        "NR",
        "NW",
        "OL",
        "OX",
        "PA",
        "PE",
        "PH",
        "PL",
        "PO",
        "PR",
        "RG",
        "RH",
        "RM",
        "S",
        "SA",
        "SE",
        "SG",
        "SK",
        "SL",
        "SM",
        "SN",
        "SO",
        "SP",
        "SR",
        "SS",
        "ST",
        "SW",
        "SY",
        "TA",
        "TD",
        "TF",
        "TN",
        "TQ",
        "TR",
        "TS",
        "TW",
        "UB",
        "W",
        "WA",
        "WC",
        "WD",
        "WF",
        "WN",
        "WR",
        "WS",
        "WV",
        "YO",
        "ZE",
    ]
)
_OUTWARD = r"(?P<area>[A-Z]{1,2})(?P<district>\d[A-Z\d]?)"
_FULL = re.compile(
    rf"(?<![^\W_]){_OUTWARD}(?P<gap>[\s.\-]{{0,2}})(?P<inward>\d[ABD-HJLNP-UW-Z]{{2}})(?![^\W_])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"1st|2nd|3rd|\dth", re.IGNORECASE)
_OUTWARD_NAMED = re.compile(
    rf"(?:\b(?:post\s?code|postal\s+code)\b\W{{0,3}}(?:(?:is|of|area|district|starts?|starting|begins?"
    rf"|with|in)\b\W{{0,3}}){{0,3}}|\b(?:lives?|living|lived|stays?|staying|address"
    rf")\b(?:\s+(?:is|in|at|near|around|to|over|the|somewhere))*[\s:,]+){_OUTWARD}"
    rf"(?:\s\d[A-Z]{{0,2}})?(?![^\W_])",
    re.IGNORECASE,
)
_OUTWARD_AREA = re.compile(rf"(?<![^\W_]){_OUTWARD}(?=\s+(?:area|postcode)\b)", re.IGNORECASE)
_OUTWARD_AFTER = re.compile(
    rf"[{STAND_IN[Kind.ADDRESS]}{STAND_IN[Kind.POSTCODE]}](?:[,\s]+[A-Za-z'\-]+){{0,3}}[,\s]+{_OUTWARD}(?![^\W_])",
    re.IGNORECASE,
)
_WORD = r"[A-Za-z][A-Za-z']*(?:-[A-Za-z']+)*\.?"
_NUMBER = r"\d{1,4}[A-Ha-h]?\b(?:\s?[\-/&]\s?\d{1,4}[A-Ha-h]?\b)?"
_FLAT = r"(?:flat|apartment|apt|bedsit|plot|caravan|pitch)\s*(?:no\.?\s*|number\s*)?\d+[A-Ha-h]?\b"


class Addresses:
    """Finds postcodes and street addresses. `ordinary`: words that are no street's own name."""

    def __init__(self, lists: PrivacyLists, ordinary: Container[str]) -> None:
        self._ordinary = ordinary
        self._functions = frozenset(lists.function_words.split())
        self._counted = frozenset(lists.counted)
        self._generic = frozenset(lists.street_generic)
        self._firsts = frozenset(lists.street_firsts)
        self._strong = frozenset(lists.streets)
        self._houses = frozenset(lists.houses)
        street = any_of([*lists.streets, *lists.streets_weak])
        house = any_of(lists.houses)
        self._flat = re.compile(
            rf"(?<![^\W_])(?P<flat>{_FLAT})(?P<rest>,?\s+(?:{_WORD}\s+){{1,3}}?{house}\b)?",
            re.IGNORECASE,
        )
        self._numbered = re.compile(
            rf"(?<![\w/.,£\-:])(?:no\.?\s*|number\s+)?{_NUMBER},?\s+"
            rf"(?P<mid>(?:{_WORD}\s+){{0,3}}?)(?P<street>{street})\b(?![’'])\.?",
            re.IGNORECASE,
        )
        self._numbered_long = re.compile(
            rf"(?<![\w/.,£\-:])(?:no\.?\s*|number\s+)?{_NUMBER},?\s+"
            rf"(?P<mid>(?:{_WORD}\s+){{0,3}})(?P<street>{street})\b(?![’'])\.?",
            re.IGNORECASE,
        )
        self._numbered_the = re.compile(
            rf"(?<![\w/.,£\-:]){_NUMBER},?\s+the\s+"
            r"(?:green|square|close|crescent|drive|avenue|mews|terrace|gardens|grove|parade|hill|row"
            r"|rise|common|croft|glade|paddocks|meadows|spinney|high\s+street)\b",
            re.IGNORECASE,
        )
        self._living = re.compile(
            rf"\b{any_of(lists.addressing)}\b(?:\s+(?:is|with|up|off|out|over|just|now|currently))*\s*[:,]?\s*"
            rf"(?:on|in|at|to|near|off|round|around|down|opposite|from|along)?\s+"
            rf"(?P<it>(?:{_NUMBER},?\s+)?(?P<mid>(?:{_WORD}\s+){{1,3}}?)(?P<street>{street}))\b(?![’'])",
            re.IGNORECASE,
        )
        self._number_only = re.compile(
            rf"\b(?:lives?|living|lived|staying|stays|address|house|moved)\b\s*(?:is|at|to|:)?\s*"
            rf"(?:at|to)?\s+(?P<it>(?P<no>(?:number|no\.?)\s*)?{_NUMBER}(?P<mid>(?:,?\s+{_WORD}){{0,2}}))",
            re.IGNORECASE,
        )
        parts = {*lists.streets, *lists.streets_weak, *lists.houses}
        titled = "|".join(sorted({part.title() for part in parts}))
        self._capital = re.compile(
            rf"(?<![\w'])(?P<mid>(?:(?:St\.?|[A-Z][a-z]+(?:'s|s')?(?:-[A-Z][a-z]+)?)\s+){{1,3}})"
            rf"(?P<street>{titled})\b(?!['’])"
        )
        self._house = re.compile(
            rf"(?P<lead>[{STAND_IN[Kind.ADDRESS]}],?\s+)(?P<it>(?:{_WORD}\s+){{1,3}}?(?:{house}|{street}))\b",
            re.IGNORECASE,
        )
        self._box = re.compile(r"\bp\.?\s?o\.?\s+box\s+\d+", re.IGNORECASE)

    def find(self, text: str) -> Iterator[Found]:
        """Every postcode and address."""
        for match in _FULL.finditer(text):
            if match["area"].upper() in _AREAS and self._is_postcode(match):
                yield match.start(), match.end(), Kind.POSTCODE
        for pattern in (_OUTWARD_NAMED, _OUTWARD_AREA, _OUTWARD_AFTER):
            for match in pattern.finditer(text):
                if match["area"].upper() in _AREAS:
                    yield match.start("area"), match.end(), Kind.POSTCODE
        for pattern in (self._box, self._numbered_the):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), Kind.ADDRESS
        for match in self._flat.finditer(text):
            rest = (match["rest"] or "").lower().replace(",", " ").split()
            whole = self._functions.isdisjoint(rest)
            yield match.start(), match.end() if whole else match.end("flat"), Kind.ADDRESS
        for match in (*self._numbered_long.finditer(text), *self._numbered.finditer(text)):
            if self._is_street(match["mid"], match["street"], numbered=True):
                yield match.start(), match.end(), Kind.ADDRESS
        for match in self._living.finditer(text):
            if self._is_street(match["mid"], match["street"], numbered=False):
                yield match.start("it"), match.end("it"), Kind.ADDRESS
        for match in self._number_only.finditer(text):
            words = re.findall(r"[a-z'\-]+", match["mid"].lower())
            strange = [word for word in words if word not in self._ordinary]
            if match["no"]:
                end = match.start("mid")
                yield match.start("it"), end, Kind.ADDRESS
            elif words and words[0] in strange and words[0] not in self._counted:
                end = match.end("it") if len(strange) == len(words) else self._first_word(match)
                yield match.start("it"), end, Kind.ADDRESS
        for match in self._capital.finditer(text):
            if self._is_capital_street(match, text):
                yield match.start(), match.end(), Kind.ADDRESS
        for match in self._house.finditer(text):
            words = [word.lower().strip(".") for word in match["it"].split()]
            if not any(word in self._functions or word in self._counted for word in words[:-1]):
                yield match.start("it"), match.end("it"), Kind.ADDRESS

    @staticmethod
    def _first_word(match: re.Match[str]) -> int:
        word = re.search(r"[A-Za-z'\-]+", match["mid"])
        return match.start("mid") + (word.end() if word else 0)

    def _is_postcode(self, match: re.Match[str]) -> bool:
        if match["gap"] and _ORDINAL.fullmatch(match["inward"]):
            return match.group() == match.group().upper() and len(match["district"]) == 2
        return not (match["gap"].startswith((".", "-")) and len(match["gap"]) == 2)

    def _is_street(self, mid: str, street: str, numbered: bool) -> bool:
        words = [word.lower().strip(".,") for word in mid.split()]
        own = [word for word in words if word not in ("the", "st", "saint", "of")]
        if not own or any(word in self._counted for word in words):
            return False
        if any(
            word in self._functions and word not in ("the", "of", "new", "old", "first", "last")
            for word in words
        ):
            return False
        last = street.lower()
        if last in self._strong:
            if numbered:
                return own[0] not in self._counted
            return not all(word in self._generic for word in own)
        if all(word in self._generic for word in own):
            return False
        if numbered and len(own) > 1 and own[0] in self._firsts:
            return True
        return all(
            word.removesuffix("'s") in self._firsts
            or word not in self._ordinary
            or original[:1].isupper()
            for word, original in zip(words, mid.split(), strict=True)
            if word in own
        )

    def _is_capital_street(self, match: re.Match[str], text: str) -> bool:
        words = [word.lower().strip(".") for word in match["mid"].split()]
        last = match["street"].lower()
        starts = (
            not text[: match.start()].strip() or text[: match.start()].rstrip()[-1:] in ".!?:\n"
        )
        if starts and words[0] in self._functions | self._generic:
            return False
        own = [word for word in words if word not in ("the", "st")]
        if not own or any(word in self._functions for word in own):
            return False
        if any(word in self._generic for word in own):
            return False
        if last in self._strong:
            return True
        strange = [word for word in own if word not in self._ordinary]
        if last in self._houses:
            return bool(strange) or (not starts and own[-1] in self._firsts)
        return bool(strange) and last not in (
            "town",
            "side",
            "way",
            "end",
            "st",
            "dr",
            "link",
            "point",
            "ride",
        )
