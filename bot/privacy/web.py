"""E-mail addresses, links and usernames."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import Found

_LONG_ENDING = (
    r"com|co\.uk|org\.uk|org|gov\.uk|nhs\.uk|police\.uk|sch\.uk|ac\.uk|net|info|biz|uk|eu|io|tv|app"
    r"|dev|ie|pl|ro|de|fr|es|ru|gg|link|site|online|live|xyz|club|page|chat|onion|gd|ly"
)
_EMAIL = re.compile(
    r"(?<![\w.+%'\-])[\w.+%'\-]+\s?@\s?[a-z\d\-]+(?:\s?\.\s?[a-z\d\-]+)*\s?\.\s?"
    rf"(?:{_LONG_ENDING}|[a-z]{{2,12}}(?=\W|$))(?![\w@])",
    re.IGNORECASE,
)
_EMAIL_WORDS = re.compile(
    r"(?<![\w.+%\-])[\w.+%\-]+\s*(?:[\[(]\s*at\s*[\])]|\sat\s)\s*[a-z\d\-]+"
    r"(?:\s*(?:[\[(]\s*dot\s*[\])]|\sdot\s|\.)\s*[a-z]{2,12}\b){1,3}",
    re.IGNORECASE,
)
# “meet at home.she” is a sentence
_EMAIL_SPOKEN = re.compile(r"\bdot\b|[\[(]\s*at\s*[\])]", re.IGNORECASE)
_LINK = re.compile(
    r"(?<![\w@.\-])(?:(?:https?|hxxps?|ftp)\s?://\s?[^\s<>\"]+|www\.[^\s<>\"]+"
    rf"|(?:[a-z\d](?:[a-z\d\-]*[a-z\d])?\.)+(?:{_LONG_ENDING})(?![\w@])(?:[/?#][^\s<>\"]*)?"
    r"|(?:[a-z\d\-]+\.)+(?:me|gle|to|be|am|us|in|it|is|so|cc|ws)/[^\s<>\"]+)",
    re.IGNORECASE,
)
# the bare host of a public body says nothing about a person
_PUBLIC_BODY = re.compile(r"(?:https?://)?[a-z\d.\-]+\.(?:gov|nhs|police)\.uk/?", re.IGNORECASE)
_AT_HANDLE = re.compile(r"(?<![\w@.])@\s?[a-z\d_](?:[\w.\-]*[\w])?", re.IGNORECASE)
_ODD_WORD = re.compile(r"(?<![\w@.'/\-])[a-z\d][\w.\-]*[a-z\d_]+(?![\w@])", re.IGNORECASE)
_TAGGED = re.compile(r"(?<![\w#])[\w.]{2,32}#\d{4}(?!\d)")
_THREE_WORDS = re.compile(r"///[\w]+\.[\w]+\.[\w]+")
_TRIM = ".,;:!?)]}'\"*_"


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in _TRIM:
        end -= 1
    return end


def place_of(link: str) -> str:
    """A link without scheme, www and last slash, lower case, as links are compared."""
    bare = re.sub(r"^\w+\s?://\s?", "", link.strip().lower())
    return bare.removeprefix("www.").rstrip("/")


class Web:
    """Finds e-mail addresses, links and usernames.

    `emails` and `links` are the public ones, never a detail. `ordinary` holds ordinary words and
    `is_name` tells listed names: a username is a word that is neither.
    """

    def __init__(
        self,
        lists: PrivacyLists,
        emails: Iterable[str],
        links: Iterable[str],
        ordinary: Container[str],
        is_name: Callable[[str], bool],
    ) -> None:
        self._emails = {email.lower() for email in emails}
        places = {place_of(link) for link in links}
        hosts = {place.partition("/")[0] for place in places}
        hosts |= {email.partition("@")[2] for email in self._emails}
        self._links = places | hosts
        self._ordinary = ordinary
        self._is_name = is_name
        self._stops = frozenset(lists.handle_stops)
        platform = any_of(lists.platforms)
        label = any_of([*lists.handle_words, "name", "user", "id", "acc", "account", "page"])
        self._platform = re.compile(
            rf"(?<![\w/.]){platform}(?:\s+{label})?\b(?:\s*[:=\-]+\s*"
            r"|\s+(?:is|was|as|under|called|name is)\s+|\s+)(?P<quote>[\"'@])?(?P<it>[\w.\-]*\w)",
            re.IGNORECASE,
        )
        self._labelled = re.compile(
            rf"(?<![\w/.]){any_of(lists.handle_words)}s?\b(?:\s*[:=\-]+\s*"
            r"|\s+(?:is|was|of|called)\s+|\s+)(?P<quote>[\"'@])?(?P<it>[\w.\-]*\w)",
            re.IGNORECASE,
        )
        self._on_platform = re.compile(
            r"(?<![\w/.])(?P<it>[\w.\-]*\w)(?P<quote>)\s+(?:on|over)\s+(?:his\s+|her\s+)?"
            rf"{platform}\b",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Found]:
        """Every e-mail address, link and username."""
        for match in _EMAIL_WORDS.finditer(text):
            if _EMAIL_SPOKEN.search(match.group()):
                yield match.start(), match.end(), Kind.EMAIL
        for match in _EMAIL.finditer(text):
            end = _trimmed(text, match.start(), match.end())
            if text[match.start() : end].lower().replace(" ", "") not in self._emails:
                yield match.start(), end, Kind.EMAIL
        for match in _LINK.finditer(text):
            end = _trimmed(text, match.start(), match.end())
            link = text[match.start() : end]
            if _PUBLIC_BODY.fullmatch(link) or self._in_public_email(text, match.start()):
                continue
            if place_of(link) not in self._links:
                yield match.start(), end, Kind.LINK
        for match in _THREE_WORDS.finditer(text):
            yield match.start(), match.end(), Kind.PLACE
        for pattern in (_AT_HANDLE, _TAGGED):
            for match in pattern.finditer(text):
                if not self._in_public_email(text, match.start() + 1):
                    yield match.start(), match.end(), Kind.HANDLE
        for pattern, sure in (
            (self._labelled, True),
            (self._platform, False),
            (self._on_platform, False),
        ):
            for match in pattern.finditer(text):
                word = match["it"]
                quoted = match["quote"] and len(word) > 2 and word.lower() not in self._stops
                if quoted or self._is_handle(word, sure, pattern is self._on_platform):
                    yield match.start("it"), match.end("it"), Kind.HANDLE
        for match in _ODD_WORD.finditer(text):
            if self._is_odd(match.group()):
                yield match.start(), match.end(), Kind.HANDLE

    def _in_public_email(self, text: str, at: int) -> bool:
        """Whether the characters at `at` belong to a public e-mail address."""
        start, end = at, at
        while start and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        return text[start:end].strip(_TRIM + "(<>").lower() in self._emails

    def _is_handle(self, word: str, sure: bool, before: bool) -> bool:
        lowered = word.lower()
        if lowered in self._stops or len(word) < 3 or lowered.isdigit():
            return False
        if re.search(r"[\d_]", word) and not re.fullmatch(r"\d+\w{0,2}", lowered):
            return True
        stem = re.sub(r"[^a-z'\-]", "", lowered)
        if stem in self._ordinary:
            return False
        if before:  # “kayleigh on snapchat” is a name, which the names take care of
            return not self._is_name(stem) and "." in word
        return sure or not self._is_name(stem)

    def _is_odd(self, word: str) -> bool:
        """A word that only a username looks like: underscores, or digits on a strange stem."""
        lowered = word.lower()
        if "_" in word and re.search(r"[a-z]", lowered):
            return True
        shape = re.fullmatch(r"([a-z]+(?:[.\-][a-z]+)*)[.\-]?(\d{2,})([a-z]*)", lowered)
        if shape is None:
            dotted = re.fullmatch(r"([a-z]{3,})\.([a-z]{3,})", lowered)
            return dotted is not None and all(map(self._is_name, dotted.groups()))
        stem = shape[1]
        if len(stem) < 4:
            return len(stem) == 3 and self._is_name(stem)
        return not all(part in self._ordinary for part in re.split(r"[.\-]", stem))
