"""Names of people, by lists, by the words around them, and by being no ordinary word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.privacy.detail import Kind
from bot.privacy.lists import PrivacyLists, any_of
from bot.privacy.masked import STAND_IN, STAND_INS, Found
from bot.privacy.vocabulary import Nearness, Spelling, Vocabulary

_TOKEN = re.compile(
    rf"[^\W\d_][^\W_]*(?:['\-][^\W_]+)*'?|\d[\w]*|[{STAND_INS}]|\n|[^\w\s]", re.UNICODE
)
_INITIALS = re.compile(
    r"(?<![\w.&/])(?P<it>[A-Za-z](?:\.[A-Za-z]){1,3}\b\.?|[A-Z]\.(?:\s[A-Z]\.){1,3})(?![\w&/.])"
)
_NOT_INITIALS = frozenset(
    [
        "eg",
        "ie",
        "am",
        "pm",
        "dob",
        "csa",
        "cse",
        "uk",
        "usa",
        "nb",
        "ps",
        "pto",
        "asap",
        "aka",
        "etc",
        "rip",
        "sw",
        "la",
        "gp",
        "hq",
        "id",
        "tv",
        "ok",
        "no",
        "yo",
        "bc",
        "ad",
        "mod",
        "nhs",
        "phd",
        "ma",
        "ba",
        "bsc",
        "msc",
        "ny",
        "dc",
        "vs",
        "us",
        "eu",
        "un",
        "it",
        "pc",
        "dj",
        "ta",
        "hr",
        "ni",
        "cin",
        "lac",
        "cp",
        "mat",
        "fc",
        "yp",
        "cyp",
        "nfa",
    ]
)
_NAMED_INITIALS = re.compile(
    r"\b(?:initials|initial(?=\s+is\b))(?:\s+(?:are|is|of|being))?\s*[:=\-]?\s*(?P<it>[A-Za-z]{1,4})\b(?![\w'])",
    re.IGNORECASE,
)
_SENTENCE_END = frozenset('.!?:;\n"•*(')
#: Below this a word of so many letters or more is an ordinary one, even in capitals.
LIKE_A_WORD = -0.7
LONG_ENOUGH_TO_TELL = 6
#: Before a word that could be a noun, these make it one.
_MAKES_A_NOUN = frozenset(("a", "an", "the", "this", "last", "next", "every", "each"))
#: Letter-triple scores (see `Spelling`) above which an unknown word in small letters is a name:
#: beside words that go with people, and with nothing beside it. Set on the project's own phrases.
LIKE_A_NAME_HERE = -0.35
LIKE_A_NAME_ANYWHERE = 0.0
#: By so much less will do where the words before bring a name in.
LEEWAY = 0.5
#: Above this a word is a name although it could be a misspelt ordinary word.
LIKE_A_NAME_FOR_SURE = 0.9


class Sort(Enum):
    """What a word is by itself."""

    FUNCTION = "never a name by itself"
    NAME = "a name and nothing else"
    EITHER = "a name and an ordinary word or a place"
    ORDINARY = "an ordinary word, a place, an abbreviation"
    UNKNOWN = "in no list"


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    text: str
    base: str  # lower case, without 's
    owned: bool  # ended in 's or s'
    word: bool
    capital: bool  # a capital that says something: not the first word, not a shouted text
    opening: bool  # the first word of a sentence, with a capital
    upper: bool  # capitals throughout, in a text that is not
    sort: Sort

    @property
    def name_end(self) -> int:
        return self.start + len(self.base)


@dataclass(frozen=True)
class NameLists:
    """Forenames, surnames and places, lower case, one word each."""

    forenames: frozenset[str]
    surnames: frozenset[str]
    places: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Both sorts of names."""
        return self.forenames | self.surnames


class People:
    """Finds names of people.

    `vocabulary` holds ordinary words; `known` tells where phrases stand in a text that hold a
    name and are about nobody in the conversation.
    """

    def __init__(
        self,
        lists: PrivacyLists,
        names: NameLists,
        vocabulary: Vocabulary,
        known: Callable[[str], Sequence[tuple[int, int]]],
    ) -> None:
        self._known = known
        self._names = names
        self._all_names = names.names
        self._vocabulary = vocabulary
        self._near_names = Nearness(name for name in self._all_names if name not in vocabulary)
        self._spelling = Spelling(
            (name for name in self._all_names if name not in vocabulary.listed),
            (word for word in vocabulary.listed if len(word) > 3),
        )
        self._functions = frozenset(lists.function_words.split())
        self._calendar = frozenset(lists.calendar)
        self._people_first = frozenset(lists.people_first)
        self._titles = frozenset(lists.titles)
        self._titles_strict = frozenset(lists.titles_strict)
        self._people = frozenset(lists.people)
        self._doing = frozenset(lists.doing)
        self._doing_weak = frozenset(lists.doing_weak)
        self._state = frozenset(lists.state)
        self._belongings = frozenset(lists.belongings)
        self._determiners = frozenset(lists.determiners)
        self._particles = frozenset(lists.particles)
        self._not_surnames = frozenset(lists.not_surnames)
        self._not_surnames_capital = frozenset(lists.not_surnames_capital)
        self._before_places = frozenset(lists.before_places)
        self._lawlike = frozenset(lists.lawlike)
        end = r"(?![^\W_])\W{0,3}$"
        self._naming = re.compile(rf"(?<![^\W_]){any_of(lists.naming)}{end}", re.IGNORECASE)
        self._calling = re.compile(rf"(?<![^\W_]){any_of(lists.calling)}{end}", re.IGNORECASE)
        self._unless_named = frozenset(lists.never_unless_named)

    def sort(self, word: str) -> Sort:
        """What a word (lower case, without 's) is by itself."""
        if word.replace("'", "") in self._functions or len(word) < 2:
            return Sort.FUNCTION
        if any(letter.isdigit() for letter in word):
            return Sort.ORDINARY  # “s47”, “y10”; usernames are looked for elsewhere
        if word in self._all_names:
            if word in self._vocabulary.listed or len(word) == 2:
                return Sort.EITHER
            if word in self._names.places:
                return Sort.EITHER
            if len(word) > 3 and word.endswith("s") and word[:-1] in self._vocabulary.listed:
                return Sort.EITHER
            return Sort.NAME
        if word in self._vocabulary or word in self._names.places:
            return Sort.ORDINARY
        if "-" in word:
            parts = [self.sort(part) for part in word.split("-") if part]
            if Sort.NAME in parts:
                return Sort.NAME
            if Sort.UNKNOWN in parts and (Sort.ORDINARY in parts or Sort.FUNCTION in parts):
                return Sort.ORDINARY
            return Sort.EITHER if Sort.EITHER in parts else Sort.UNKNOWN
        if not word.isascii():
            return Sort.NAME  # another script: no English word
        stem = word.removesuffix("'").removesuffix("s")
        if stem != word and len(stem) > 2 and self.sort(stem) is Sort.NAME:
            return Sort.NAME  # “jaydens mum”
        if self._near_names.near(word) and not self._vocabulary.near(word):
            return (
                Sort.NAME if self._spelling.like_a_name(word) > LIKE_A_NAME_HERE else Sort.UNKNOWN
            )
        return Sort.UNKNOWN

    def is_listed(self, word: str) -> bool:
        """Whether `word` is a listed name that is no ordinary word."""
        return self.sort(word) is Sort.NAME

    def find(self, text: str) -> Iterator[Found]:
        """Every name of a person, initials included."""
        for match in _NAMED_INITIALS.finditer(text):
            if (
                match["it"].lower() not in self._functions
                and match["it"].lower() not in _NOT_INITIALS
            ):
                yield match.start("it"), match.end("it"), Kind.NAME
        for match in _INITIALS.finditer(text):
            letters = re.sub(r"[^a-z]", "", match["it"].lower())
            if (
                len(letters) > 1
                and letters not in _NOT_INITIALS
                and letters not in self._vocabulary
            ):
                yield match.start("it"), match.end("it"), Kind.NAME
        tokens = self._tokens(text)
        protected = self._known(text)
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if not token.word or self._is_protected(token, tokens, at, protected, text):
                at += 1
                continue
            kind = self._kind(tokens, at, text)
            if kind is None:
                at += 1
                continue
            start = self._backwards(tokens, at)
            last = self._forwards(tokens, at, text)
            yield tokens[start].start, tokens[last].name_end, kind
            at = last + 1

    # --- reading ------------------------------------------------------------------------------

    def _tokens(self, text: str) -> list[_Token]:
        letters = [letter for letter in text if letter.isalpha()]
        big = sum(letter.isupper() for letter in letters)
        shouted = len(letters) > 3 and big > 0.6 * len(letters)
        found = list(_TOKEN.finditer(text))
        words = [match.group() for match in found if match.group()[0].isalpha()]
        titled = len(words) > 4 and sum(word[0].isupper() for word in words) > 0.8 * len(words)
        tokens: list[_Token] = []
        opening = True
        for match in found:
            raw = match.group()
            is_word = raw[0].isalpha()
            base, owned = raw.lower(), False
            for ending in ("'s", "s'", "'", "'ll", "'d", "'ve"):
                if is_word and base.endswith(ending) and len(base) > len(ending) + 1:
                    base = base[: -len(ending)] + ("s" if ending == "s'" else "")
                    owned = ending in ("'s", "s'", "'")
                    break
            capital = is_word and raw[0].isupper() and not shouted and not titled
            upper = capital and len(raw) > 1 and raw.upper() == raw and not raw.endswith("'S")
            tokens.append(
                _Token(
                    start=match.start(),
                    end=match.end(),
                    text=raw,
                    base=base,
                    owned=owned,
                    word=is_word,
                    capital=capital and not opening,
                    opening=capital and opening,
                    upper=upper,
                    sort=self.sort(base) if is_word else Sort.FUNCTION,
                )
            )
            if is_word or raw[0].isdigit() or "\ue000" <= raw <= "\uf8ff":
                opening = False
            elif raw in _SENTENCE_END:
                opening = True
        return tokens

    def _is_protected(
        self,
        token: _Token,
        tokens: Sequence[_Token],
        at: int,
        protected: Sequence[tuple[int, int]],
        text: str,
    ) -> bool:
        for start, end in protected:
            if start <= token.start < end:
                if token.base not in self._unless_named:
                    return True
                return not (
                    self._introduced(tokens, at, text)
                    or self._acts(tokens, at)
                    or (token.capital and token.sort is not Sort.ORDINARY)
                    or (token.owned and self._next(tokens, at, 1) in self._belongings)
                )
        following = self._next(tokens, at, 1)
        if following in self._lawlike and (token.owned or token.base.endswith("s")):
            return True
        return self._previous(tokens, at, 1) == "operation"

    @staticmethod
    def _next(tokens: Sequence[_Token], at: int, steps: int) -> str:
        """The base of the word `steps` on, or ""; a full stop or line end is not crossed."""
        return tokens[at + steps].text.lower() if at + steps < len(tokens) else ""

    @staticmethod
    def _previous(tokens: Sequence[_Token], at: int, steps: int) -> str:
        return tokens[at - steps].text.lower() if at - steps >= 0 else ""

    # --- the words around ---------------------------------------------------------------------

    def _introduced(self, tokens: Sequence[_Token], at: int, text: str) -> str:
        """How the words before bring a name in: "naming", "calling", "title", "people" or ""."""
        token = tokens[at]
        before = text[max(0, token.start - 28) : token.start]
        if self._naming.search(before):
            return "naming"
        previous = self._previous(tokens, at, 1)
        if previous == ".":
            previous = self._previous(tokens, at, 2)
            if previous not in self._titles | self._titles_strict:
                return ""
        if previous in self._titles:
            return "title"
        if self._calling.search(before):
            return "calling"
        if previous in self._titles_strict:
            return "title_strict"
        if previous == STAND_IN[Kind.NAME]:
            return "people"
        skipped = self._previous(tokens, at, 2) if previous in (",", "(", "-", ":") else previous
        return "people" if skipped in self._people else ""

    def _acts(self, tokens: Sequence[_Token], at: int) -> bool:
        """Whether what follows is what people do, and nothing before makes the word a noun."""
        if self._previous(tokens, at, 1) in self._determiners:
            return False
        following = self._next(tokens, at, 1)
        if following not in self._doing:
            return False
        return following not in self._doing_weak or self._next(tokens, at, 2) in self._state

    def _beside_people(self, tokens: Sequence[_Token], at: int) -> bool:
        """Whether a word that goes with people stands beside it."""
        following = self._next(tokens, at, 1)
        previous = self._previous(tokens, at, 1)
        return (
            following in self._doing
            or following in self._belongings
            or following[:1].isdigit()
            or following == STAND_IN[Kind.BIRTH]
            or previous
            in (
                "about",
                "with",
                "for",
                "and",
                "by",
                "that",
                "if",
                "when",
                "because",
                "is",
                "has",
                "does",
                "did",
                "tell",
                "told",
                "ask",
                "asked",
                "see",
                "saw",
                "met",
                "meet",
                "of",
                "to",
            )
            or at == 0
        )

    # --- deciding -----------------------------------------------------------------------------

    def _kind(self, tokens: Sequence[_Token], at: int, text: str) -> Kind | None:
        """The kind of detail that the word is (a name, or an unknown place), or None."""
        token = tokens[at]
        rule: dict[Sort, Callable[[Sequence[_Token], int, str], Kind | None]] = {
            Sort.NAME: self._listed,
            Sort.EITHER: self._either,
            Sort.ORDINARY: self._ordinary,
            Sort.FUNCTION: self._function,
            Sort.UNKNOWN: self._unknown,
        }
        return rule[token.sort](tokens, at, text)

    def _listed(self, tokens: Sequence[_Token], at: int, text: str) -> Kind | None:
        return Kind.NAME

    def _function(self, tokens: Sequence[_Token], at: int, text: str) -> Kind | None:
        token = tokens[at]
        if token.base in self._all_names and token.capital and not token.upper:
            introduced = self._introduced(tokens, at, text)
            if introduced in ("naming", "title", "title_strict", "calling"):
                return Kind.NAME
            if token.base in ("will", "may", "see") and self._acts(tokens, at):
                return Kind.NAME
            # “that Will is 14” in mid-sentence: the modal has no capital there
            if token.base == "will":
                return Kind.NAME
        return None

    def _either(self, tokens: Sequence[_Token], at: int, text: str) -> Kind | None:
        token = tokens[at]
        introduced = self._introduced(tokens, at, text)
        if introduced in ("naming", "title"):
            return Kind.NAME
        previous, following = self._previous(tokens, at, 1), self._next(tokens, at, 1)
        acts = self._acts(tokens, at)
        place = token.base in self._names.places
        if place and introduced != "calling" and previous in self._before_places and not acts:
            return Kind.NAME if token.owned and following in self._belongings else None
        if place and token.base in self._people_first and token.base not in self._vocabulary.listed:
            return None if following in ("fc", "city", "town", "area") else Kind.NAME
        capital = token.capital and not token.upper
        if token.base not in self._names.forenames:
            # “Young People”, “Child in Need”: such a surname needs a title or a forename
            return Kind.NAME if capital and introduced == "title_strict" else None
        if introduced in ("calling", "title_strict") or acts:
            return Kind.NAME
        if introduced == "people" and (capital or (token.opening and not place)):
            return Kind.NAME
        if token.owned and following in self._belongings and previous not in self._determiners:
            return Kind.NAME
        if self._before_a_surname(tokens, at, text):
            return Kind.NAME
        if not capital or place or token.base in self._calendar or previous in _MAKES_A_NOUN:
            return None
        return None if self._in_a_title(tokens, at) else Kind.NAME

    @staticmethod
    def _before_a_surname(tokens: Sequence[_Token], at: int, text: str) -> bool:
        """Whether a surname follows (“hope okafor”, “Grace Young”)."""
        if at + 1 == len(tokens):
            return False
        after = tokens[at + 1]
        if not text[tokens[at].end : after.start].isspace():
            return False
        if after.sort is Sort.NAME:
            return True
        return after.sort is Sort.EITHER and after.capital and not after.upper

    @staticmethod
    def _in_a_title(tokens: Sequence[_Token], at: int) -> bool:
        """Whether ordinary words in capitals stand beside it (“the Crime and Policing Bill”)."""
        return any(
            0 <= beside < len(tokens)
            and tokens[beside].capital
            and tokens[beside].sort is Sort.ORDINARY
            for beside in (at - 1, at + 1)
        )

    def _ordinary(self, tokens: Sequence[_Token], at: int, text: str) -> Kind | None:
        token = tokens[at]
        introduced = self._introduced(tokens, at, text)
        if introduced == "naming" and token.base not in self._functions:
            return Kind.NAME if not self._is_naming_word(tokens, at) else None
        if introduced == "title":
            return Kind.NAME
        if introduced == "calling" and token.capital and not token.upper:
            before = self._previous(tokens, at, 1)
            return (
                Kind.NAME if before == "called" and token.base not in self._names.places else None
            )
        return None

    def _is_naming_word(self, tokens: Sequence[_Token], at: int) -> bool:
        """“name” alone also stands in “name the”, “a named person”: small words follow it."""
        token = tokens[at]
        if self._previous(tokens, at, 1) in (
            "is",
            "was",
            "as",
            "by",
            ":",
            "nicknamed",
            "aka",
            "alias",
            "=",
        ):
            return False
        return not token.capital

    def _unknown(self, tokens: Sequence[_Token], at: int, text: str) -> Kind | None:
        token = tokens[at]
        introduced = self._introduced(tokens, at, text)
        kind = Kind.NAME
        if (
            self._previous(tokens, at, 1) in ("in", "near", "around", "outside", "towards")
            and not token.owned
        ):
            kind = Kind.PLACE
        if introduced in ("naming", "title", "title_strict"):
            return kind
        score = self._spelling.like_a_name(token.base)
        misspelt = self._vocabulary.near(token.base)
        if token.upper:
            long = len(token.base) > 5 and not misspelt and score > LIKE_A_NAME_HERE
            return kind if long or (introduced and len(token.base) > 4) else None
        spelled_as_a_word = score < LIKE_A_WORD and len(token.base) >= LONG_ENOUGH_TO_TELL
        if (token.capital or token.opening) and spelled_as_a_word and not introduced:
            return kind if self._acts(tokens, at) else None
        if token.capital:
            return kind
        adjacent = at + 1 < len(tokens) and tokens[at + 1].sort is Sort.NAME
        if adjacent and score > LIKE_A_NAME_HERE - (0 if misspelt else LEEWAY):
            return kind  # a forename before a listed surname
        if token.opening and not misspelt:
            return kind
        if misspelt and self._acts(tokens, at):
            return kind if score > LIKE_A_NAME_ANYWHERE else None
        if misspelt:
            sure = score > LIKE_A_NAME_FOR_SURE
            return kind if sure or (introduced == "calling" and score > 0) else None
        if self._vocabulary.joined(token.base):
            return kind if introduced == "calling" else None
        if introduced:
            return kind if score > LIKE_A_NAME_HERE - LEEWAY else None
        if self._beside_people(tokens, at) or (
            token.owned and self._next(tokens, at, 1) in self._belongings
        ):
            return kind if score > LIKE_A_NAME_HERE else None
        return kind if score > LIKE_A_NAME_ANYWHERE else None

    # --- how far it goes ----------------------------------------------------------------------

    def _backwards(self, tokens: Sequence[_Token], at: int) -> int:
        """The first token of the name: an initial before a surname belongs to it."""
        if not at:
            return at
        dotted = tokens[at - 1].text == "." and at >= 2
        first = at - 2 if dotted else at - 1
        initial, after = tokens[first], tokens[first + 1]
        if len(initial.text) != 1 or not initial.text.isalpha():
            return at
        if dotted:
            return first if after.start == initial.end else at
        single = initial.text.isupper() and initial.text not in ("I", "A")
        return first if single and after.start - initial.end == 1 else at

    def _forwards(self, tokens: Sequence[_Token], at: int, text: str) -> int:
        """The last token of the name that begins at `at`: further names, particles, initials."""
        last = at
        while last + 1 < len(tokens) and not tokens[last].owned:
            following = tokens[last + 1]
            between = text[tokens[last].end : following.start]
            if not following.word or not between or between.strip(" "):
                break
            if following.base in self._particles and last + 2 < len(tokens):
                after = tokens[last + 2]
                if after.word and (after.capital or after.sort in (Sort.NAME, Sort.UNKNOWN)):
                    last += 2
                    continue
            if not self._is_surname(tokens, last + 1):
                break
            last += 1
        return last

    def _is_surname(self, tokens: Sequence[_Token], at: int) -> bool:
        token = tokens[at]
        if token.base in self._not_surnames_capital and token.base not in self._names.surnames:
            return False
        if token.sort is Sort.NAME:
            return True
        if len(token.text) == 1:
            return token.text.isupper() and token.text not in ("I", "A")
        if token.capital and not token.upper:
            if token.sort is Sort.FUNCTION or token.base in self._not_surnames_capital:
                return False
            return token.base not in self._calendar
        if token.sort is Sort.UNKNOWN:
            if (
                token.upper
                or self._vocabulary.near(token.base)
                or self._vocabulary.joined(token.base)
            ):
                return False
            return self._spelling.like_a_name(token.base) > LIKE_A_NAME_HERE - LEEWAY
        if token.sort is Sort.EITHER and token.base in self._names.surnames:
            if token.base in self._not_surnames or token.upper:
                return False
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            return (
                following is None
                or not following.word
                or token.owned
                or following.text.lower() in self._doing
                or following.text.lower()
                in (
                    "and",
                    "or",
                    "has",
                    "is",
                    "who",
                    "dob",
                    "age",
                    "aged",
                    "lives",
                    "at",
                    "in",
                    "from",
                    "with",
                    "for",
                    "on",
                    "to",
                    "about",
                )
            )
        return False
