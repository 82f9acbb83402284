"""The public door: finds details, removes them, names their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bot.guidance.load import Guidance, guidance_folder, phrases_folder
from bot.privacy.addresses import Addresses
from bot.privacy.dates import Dates
from bot.privacy.detail import Detail, Kind
from bot.privacy.lists import any_of, ordinary_words, read_lists, read_texts, read_words, words_of
from bot.privacy.masked import Found, Masked
from bot.privacy.names import NameLists, People
from bot.privacy.numbers import Numbers
from bot.privacy.places import Places
from bot.privacy.plates import Plates
from bot.privacy.vocabulary import Vocabulary
from bot.privacy.web import Web


class _OrdinaryWords:
    """Ordinary words and near misspellings of them."""

    def __init__(self, vocabulary: Vocabulary, people: People) -> None:
        self._vocabulary = vocabulary
        self._people = people

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or self._people.is_listed(word):
            return False
        return word in self._vocabulary or self._vocabulary.near(word)


#: Kinds that a name in the guidance may look like.
_NAMED_PLACES = (Kind.ADDRESS, Kind.PLACE, Kind.SCHOOL)
#: Two or more words in capitals, as names of services, laws and buildings are written.
_PROPER = re.compile(r"[A-Z][a-z]+(?:['’]s)?(?:[ ](?:of |and |the )?[A-Z][a-z]+(?:['’]s)?){1,4}")


class _KnownPhrases:
    """Phrases that hold a name and are about nobody in the conversation."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = frozenset(phrase.lower().replace("’", "'") for phrase in phrases)
        self._pattern = re.compile(
            rf"(?<![^\W_]){any_of(self._phrases)}(?:'?s)?(?![^\W_])", re.IGNORECASE
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where such phrases stand."""
        return [match.span() for match in self._pattern.finditer(text)]

    def and_also(self, phrases: Iterable[str]) -> _KnownPhrases:
        """These and more."""
        return _KnownPhrases({*self._phrases, *phrases})


class Scrubber:
    """Finds details that could identify a child in what people type.

    Reads its lists once; afterwards it only computes, and keeps nothing of any text. Nothing finds
    every name: what is typed must not be stored, whether or not something was found in it.
    """

    def __init__(self, guidance: Guidance, folder: Path | None = None) -> None:
        """Read the lists of `folder` (default: the guidance folder).

        The words of the guidance and of the example questions beside it count as ordinary.
        Raises GuidanceError with file, line and reason when a list cannot be used.
        """
        root = folder or guidance_folder()
        lists = read_lists(root)
        listed = read_words(root / "privacy" / "words.txt")
        places = read_words(root / "privacy" / "places.txt", separator=",")
        area_names = {
            name.lower()
            for area in guidance.areas.values()
            for name in (area.id, area.name, *area.aliases)
        }
        terms = {
            word
            for term in guidance.terms.values()
            for name in (term.term, *term.aliases)
            if " " not in name
            for word in words_of([name])
        }
        places |= area_names
        areas = words_of(area_names)  # never a name, whoever is called so
        names = NameLists(
            forenames=read_words(root / "privacy" / "forenames.txt") - areas,
            surnames=read_words(root / "privacy" / "surnames.txt") - areas,
            places=frozenset(places) | words_of(place for place in places if len(place) > 4),
        )
        texts = [*read_texts(root), *read_texts(phrases_folder(root))]
        seen = _without_names(words_of(texts) | ordinary_words(lists), names.names, listed)
        vocabulary = Vocabulary(listed | (terms - names.names), seen | (terms & names.names))
        self._known = _KnownPhrases(lists.never)
        self._people = People(lists, names, vocabulary, lambda text: self._known.spans(text))
        ordinary = _OrdinaryWords(vocabulary, self._people)
        contacts = guidance.contacts.values()
        self._numbers = Numbers(lists, (one.number for one in contacts if one.number))
        self._dates = Dates(lists)
        self._plates = Plates(lists, ordinary)
        self._web = Web(
            lists,
            emails=(one.email for one in contacts if one.email),
            links=[
                *(one.web for one in contacts if one.web),
                *(source.url for source in guidance.sources.values() if source.url),
            ],
            ordinary=ordinary,
            is_name=self._people.is_listed,
        )
        self._addresses = Addresses(lists, ordinary)
        self._places = Places(lists, ordinary, names.places.__contains__)
        # what needs no other detail around it comes first; each stage sees the earlier ones hidden
        self._stages = (
            self._web.find,
            self._numbers.find,
            self._dates.find,
            self._plates.find,
            self._addresses.find,
            self._places.find,
            self._people.find,
        )

        name_words = names.names | frozenset(lists.houses)
        proper = {phrase for text in read_texts(root) for phrase in _PROPER.findall(text)}
        self._known = self._known.and_also(
            phrase
            for phrase in proper
            if not name_words.isdisjoint(words_of([phrase, phrase.replace("'s", "")]))
            and self.find(phrase)
        )

    def find(self, text: str) -> list[Detail]:
        """Every detail in `text`, in order, none overlapping; those in brackets are left alone."""
        return sorted(self._hidden(text).details, key=lambda detail: detail.start)

    def redact(self, text: str) -> str:
        """`text` with each detail replaced by its kind in brackets. Again changes nothing more."""
        parts: list[str] = []
        at = 0
        for detail in self.find(text):
            parts += [text[at : detail.start], f"[{detail.kind}]"]
            at = detail.end
        return "".join(parts) + text[at:]

    def kinds(self, text: str) -> set[str]:
        """The kinds of detail in `text`."""
        return {str(detail.kind) for detail in self.find(text)}

    def _is_known(self, text: str, span: Found) -> bool:
        """Whether the span lies inside a phrase of the guidance (“Priory House”)."""
        start, end, kind = span
        return kind in _NAMED_PLACES and any(
            first <= start and end <= last for first, last in self._known.spans(text)
        )

    def _hidden(self, text: str) -> Masked:
        """The text with everything hidden: each round may reveal more, until one finds nothing."""
        masked = Masked.of(text)
        while True:
            before = len(masked.details)
            found: dict[str, Kind] = {}
            for stage in self._stages:
                spans = [
                    span for span in stage(masked.text) if not self._is_known(masked.text, span)
                ]
                if spans:
                    found.update({masked.text[start:end]: kind for start, end, kind in spans})
                    masked = masked.hide(spans)
            if len(masked.details) == before:
                return masked
            masked = masked.hide(_again(masked.text, found))


def _without_names(
    seen: frozenset[str], names: frozenset[str], listed: frozenset[str]
) -> frozenset[str]:
    """The seen words that are no listed names, nor their possessives (“sarahs law”)."""
    unlisted = names - listed
    return frozenset(
        word
        for word in seen
        if word not in names and (word in listed or word.removesuffix("s") not in unlisted)
    )


def _again(text: str, found: dict[str, Kind]) -> Iterable[Found]:
    """Every further place where something that has been found stands as a whole."""
    for detail, kind in found.items():
        pattern = rf"(?<!\w){re.escape(detail)}(?!\w)"
        sure = (kind is Kind.NAME and len(detail) > 4) or kind is not Kind.NAME
        for match in re.finditer(pattern, text, re.IGNORECASE if sure else 0):
            yield match.start(), match.end(), kind
