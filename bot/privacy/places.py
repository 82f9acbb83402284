"""Schools, children's homes and other places that say where a child can be found."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import Found

_WORD = r"[A-Za-z][A-Za-z.]*(?:'[A-Za-z]+)?(?:-[A-Za-z']+)*'?"
_SAINT = re.compile(
    r"(?<![\w'])(?:st|saint)\.?\s+(?P<name>[A-Za-z]{3,}?(?:'s|s'|s)?)(?=\W|$)"
    r"(?P<rest>(?:\s+(?:the\s+baptist|of\s+\w+|and\s+st\.?\s+\w+))?"
    r"(?:\s+(?:rc|c\s?of\s?e|ce|catholic|church\s+of\s+england|primary|junior|infants?|secondary|high"
    r"|school|academy|college|nursery|hospital|church))*)",
    re.IGNORECASE,
)
_SAINT_LIKE = frozenset(
    [
        "mary",
        "mary's",
        "marys",
        "john",
        "john's",
        "johns",
        "joseph",
        "joseph's",
        "josephs",
        "peter",
        "peter's",
        "peters",
        "paul",
        "paul's",
        "pauls",
        "thomas",
        "thomas's",
        "james",
        "james's",
        "george",
        "george's",
        "georges",
        "anne",
        "anne's",
        "annes",
        "ann's",
        "andrew's",
        "andrews",
        "michael's",
        "michaels",
        "luke's",
        "lukes",
        "mark's",
        "marks",
        "matthew's",
        "matthews",
        "bede's",
        "bedes",
        "cuthbert's",
        "hild's",
        "hilda's",
        "aidan's",
        "patrick's",
        "patricks",
        "bernadette's",
        "teresa's",
        "theresa's",
        "margaret's",
        "martin's",
        "edmund's",
        "edward's",
        "francis",
        "augustine's",
        "benedict's",
        "bernard's",
        "catherine's",
        "clare's",
        "christopher's",
        "columba's",
        "dominic's",
        "gabriel's",
        "gregory's",
        "helen's",
        "hugh's",
        "ignatius",
        "jude's",
        "laurence's",
        "lawrence's",
        "leonard's",
        "nicholas",
        "philip's",
        "stephen's",
        "stephens",
        "vincent's",
        "wilfrid's",
        "wulstan's",
        "winifred's",
        "monica's",
        "david's",
        "davids",
        "oswald's",
        "philomena's",
        "alban's",
        "ambrose",
        "chad's",
        "giles",
    ]
)


class Places:
    """Finds the names of schools, homes and other places. `ordinary` holds ordinary words."""

    def __init__(
        self, lists: PrivacyLists, ordinary: Container[str], is_area: Callable[[str], bool]
    ) -> None:
        self._ordinary = ordinary
        self._is_area = is_area
        self._functions = frozenset(lists.function_words.split())
        self._generic = frozenset(lists.generic.split()) | self._functions
        self._firsts = frozenset(lists.street_firsts)
        self._home_names = frozenset(lists.home_names)
        self._school_words = frozenset(word for one in lists.schools for word in one.split())
        # “goes to park high”: ordinary words that begin the names of schools
        self._school_firsts = self._firsts - self._functions - self._school_words - {"main"}
        self._stop = re.compile(rf"\W*{any_of(lists.facility_stop)}\b", re.IGNORECASE)
        # “high” alone is a school only after “goes to”
        attended = any_of([*lists.schools, "high"])
        school, home = any_of(lists.schools), any_of(lists.homes)
        other = any_of(lists.other_places)
        attending, placed = any_of(lists.attending), any_of(lists.placed)
        lead = rf"(?<![\w'])(?P<it>(?P<mid>(?:{_WORD}\s+){{1,4}}?)(?P<what>"
        self._named = tuple(
            (re.compile(rf"{lead}{what})(?:\s+{what})?)(?![\w])", re.IGNORECASE), kind)
            for what, kind in ((school, Kind.SCHOOL), (home, Kind.PLACE), (other, Kind.PLACE))
        )
        year = r"(?:year|yr|y)\s?\d{1,2}(?:\s+(?:pupil|student|girl|boy|child))?\s+(?:at|in|from)"
        self._attending = re.compile(
            rf"\b(?:{attending}|{year})\s+(?P<it>(?P<the>the\s+)?(?P<mid>{_WORD}(?:\s+{_WORD}){{0,3}}))",
            re.IGNORECASE,
        )
        self._placed = re.compile(
            rf"\b{placed}\s+(?P<it>(?P<the>the\s+)?(?P<mid>{_WORD}(?:\s+{_WORD}){{0,2}}))",
            re.IGNORECASE,
        )
        self._attending_named = re.compile(
            rf"\b(?:{attending}|{year})\s+(?P<it>(?P<mid>(?:{_WORD}\s+){{1,3}}?)"
            rf"(?:{attended}))(?![\w])",
            re.IGNORECASE,
        )
        self._the_name = re.compile(
            r"\b(?:at|in|to|from|called|unit|home)\s+(?P<it>the\s+(?P<mid>[A-Za-z]{4,}))(?!\w)",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Found]:
        """Every school, home or other place with a name of its own."""
        caseless = text.lower() == text or text.upper() == text
        for match in _SAINT.finditer(text):
            name = match["name"].lower()
            capital = match["name"][:1].isupper() and not caseless
            known = name in _SAINT_LIKE or f"{name}s" in _SAINT_LIKE
            if (capital or known) and not self._is_area(f"st {name}"):
                yield match.start(), match.end(), Kind.SCHOOL
        for match in self._attending_named.finditer(text):
            words = match["mid"].split()
            first = self._own_part(words, strict=False)
            if first is not None and not self._stop.match(text, match.end()):
                start = match.start("it") + self._offset(match["mid"], first)
                yield start, match.end("it"), Kind.SCHOOL
        for pattern, kind in self._named:
            for match in pattern.finditer(text):
                if self._stop.match(text, match.end()):
                    continue
                first = self._own_part(match["mid"].split(), strict=True, caseless=caseless)
                if first is not None:
                    start = match.start("mid") + self._offset(match["mid"], first)
                    yield start, match.end(), kind
        for pattern, kind in ((self._attending, Kind.SCHOOL), (self._placed, Kind.PLACE)):
            for match in pattern.finditer(text):
                end = self._name_end(match, caseless)
                if end:
                    yield match.start("it"), match.start("mid") + end, kind
        for match in self._the_name.finditer(text):
            name = match["mid"].lower()
            capital = match["mid"][0].isupper() and match["it"][0] == "T" and not caseless
            if (name in self._home_names and name not in self._ordinary) or (
                capital and name not in self._generic and name not in self._ordinary
            ):
                yield match.start("it"), match.end("it"), Kind.PLACE

    @staticmethod
    def _offset(mid: str, first: int) -> int:
        words = list(re.finditer(r"\S+", mid))
        return words[first].start()

    def _own_part(self, words: list[str], strict: bool, caseless: bool = True) -> int | None:
        """Where the name of its own begins among the words before “school”, or None.

        `strict`: ordinary words in small letters are no name (“a lovely school”).
        """
        first: int | None = None
        for at in range(len(words) - 1, -1, -1):
            word = words[at].lower().strip(".")
            capital = words[at][0].isupper() and not caseless and not words[at].isupper()
            if not strict and word in self._school_firsts:
                first = at
                continue
            if word in self._generic or self._is_area(word):
                if first is None and word in self._school_words:
                    continue
                break
            strange = word not in self._ordinary or word in self._home_names
            if strict and not strange and not (capital and word in self._firsts):
                break
            first = at
        return first

    def _name_end(self, match: re.Match[str], caseless: bool) -> int:
        """How far a bare name goes after “goes to” or “placed at” (0: there is none)."""
        end = 0
        for number, word in enumerate(re.finditer(r"\S+", match["mid"])):
            plain = word.group().lower().strip(".,")
            capital = word.group()[0].isupper() and not caseless
            if plain in self._functions or self._is_area(plain) or self._is_area(plain.rstrip("s")):
                break
            upper = word.group().isupper() and not caseless
            strange = plain not in self._ordinary and not (upper and len(plain) < 6)
            named = plain in self._home_names and (bool(match["the"]) or capital)
            if not (strange or named or (capital and end and plain not in self._generic)):
                break
            if number == 0 and plain in self._generic and not named:
                break
            end = word.start() + len(word.group().rstrip(".,"))
        return end
