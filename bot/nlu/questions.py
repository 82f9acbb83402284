"""Splits a message into the parts that may each be a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENERS = (
    "(?:up to|until|to|at|in|for|by|from|under|with|on) (?:what|which|whom|how)|(?:by|until) when|"
    "who|whos|whom|what|whats|when|where|which|why|how|hows|do|does|did|is|are|can|could|"
    "should|shall|will|would|must|may|has|have|am"
)
#: After these a word like “is” or “has” goes on telling: “and has a plan”, “and is still there”.
_TELLING = (
    "a|an|no|not|already|be|been|being|got|on|in|at|open|known|now|just|also|very|still|under|going|"
    "back|home|safe|fine|getting|gone|had|to"
)
#: What begins a question: such a word with more after it (“where and who, not …” asks nothing).
_OPENING = (
    rf"(?:(?:how|who|what|where|which|when) to\b(?=\s+\w)|by when\b"
    rf"|(?:{_OPENERS}|what about|how about)\b(?!\s*[,?.!;]|\s+(?:{_TELLING})\b)"
    # “and can a 10 year old …”, “and who's on it”
    r"|(?:can|could|should|shall|will|would|do|does|must|may)\s+an?\s+\w"
    r"|(?:who|what)(?:['’]?s|\s+is)\s+(?:on|in|at)\s+\w)"
)
#: What asks without a question's words.
_WANTING = "explain|tell me|list|show me|give me|describe|remind me|summarise|i need|i want to know"
#: Where a message can be parted: after an end mark, or before “and who …”, “also …”, and before
#: the last “and the closed ones too?”.
_PARTING = re.compile(
    r"(?<=[?!;\n…])\s*|(?<=[a-z0-9)]\.)\s+|(?<=\.\.)\s+|"
    rf"\s*(?:,\s*)?(?:\b(?:and|plus|also|n)|&)\s+(?:also\s+|then\s+)?(?={_OPENING})|"
    rf"\s*,\s+(?={_OPENING})|"
    # “they have a panel but do we”
    r"\s*,?\s+but\s+(?=(?:do|have|are|should|can) we\b|what (?:do|have|about) (?:we|us|ours)\b"
    r"|what(?:['’]?s| is| are) ours?\b)|"
    r"\s*,?\s+(?=(?:and|n|or)\s+(?:the|those|for)\s[^?.!,]{2,40}\s(?:ones?|as well|too)\s*\?+\W*$)",
    re.IGNORECASE,
)
#: What a telling goes on from: “the thing is she won't talk”, “my worry is that …”.
_TELLS_ON = "".join(
    rf"(?<!\b{word} )"
    for word in ("thing", "worry", "problem", "point", "concern", "issue", "trouble", "fact", "all")
)
#: A verb before who does it: “if she says yes is it still a crime”.
_TURNED = (
    rf"{_TELLS_ON}(?:(?:is|are|do|does|can|could|should|shall|will|would|must|may) (?:i|we|you|they"
    r"|he|she)|(?:is|are|should|will|would) there (?=an?\b|any|some|no\b|more|ever)"
    r"|(?:is|does|can|should|will|would) (?:it|this|that))"
)
_ASKS = re.compile(
    # “…, did a visit with the nurse” goes on telling
    rf"\?|\b(?:{_TURNED})\b|\bby when\b|(?<!know )(?<!see )(?<!that is )\bwhat happens\b|"
    r"(?:^|[-–—:,]\s(?!did (?:an?|the|my|our)\b))\W*"
    r"(?:(?:and|so|but|ok|also|then|please|can you)\s+)*"
    rf"(?:{_OPENERS}|{_WANTING})\b",
    re.IGNORECASE,
)

#: Things that are asked for by their name alone, and those that need “the” or “your” before them.
_THING = r"(?:numbers?|definitions?|deadlines?|helplines?|forms?|models|time ?scales?)"
_NAMED_THING = (
    r"(?:signs|indicators|levels|training|matrix|toolkit|minutes|e-?mail(?: address)?|address)"
)
#: What stands before the thing: no verb and nobody whose it is (“he has her number”).
_OF_A_THING = (
    r"(?:out of hours\s+|(?!(?:i|we|you|he|she|it|they|his|her|hers|their|its|my|the|an?|is|are"
    r"|was|were|be|has|have|had|got|get|gets|gave|give|with|and|or|but|not|no|that|this|these|some|who|what|which"
    r"|when|where|how|if|do|does|did|to|for|of|in|on|at|filled|sent|send|ring|rang|told)\b)[\w’'-]+\s+)"
)
_ITS_NAME = (
    rf"(?:(?:the|your|our|ur|any)\s+(?:{_OF_A_THING}){{0,3}}(?:{_THING}|{_NAMED_THING})"
    rf"|(?:{_OF_A_THING}){{0,3}}{_THING}|{_NAMED_THING}|(?:ours|yours)(?=\W*$)"
    rf"|the ones?(?=\s+(?:for|in|at)\s))\b"
)
_AFTER_A_THING = (
    r"(?:\s+(?:for|of|to|in|at|on|here|please|pls|plz|thanks|ta|again|too|if|when|i|we|you)\b"
    r"[^?!;\n]*?)?"
)
#: Something asked for by its name and nothing else: “the number for social care”, “signs”.
_REQUEST = re.compile(
    r"\W*(?:(?:hi|hello|ok|and|also|plus|so|just|please|pls)\W+)*"
    r"(?:(?:what(?:['’]?s| is| are)?|where(?:['’]?s| is| are)|who(?:['’]?s)|tell me|give me|show me"
    r"|send me|explain|describe|list|remind me of|(?:i |we )?(?:just )?(?:need|want)"
    r"|can (?:i|we) (?:have|get)|(?:can|could) you (?:give|tell|send) (?:me|us)|after)\s+)?"
    rf"{_ITS_NAME}{_AFTER_A_THING}\W*",
    re.IGNORECASE,
)
#: Where one thing may be followed by another: “the signs and the number”, “signs + number”.
_JOINT = re.compile(
    rf"\s*(?:,\s*)?(?:\b(?:and|plus|also|n)\s|[&+])\s*(?:also\s+|then\s+)?(?={_ITS_NAME})"
    rf"|\s*,\s+(?={_ITS_NAME})",
    re.IGNORECASE,
)
#: A question after which a thing may be asked for: “who chairs it and the number”, but not “what
#: do I write down, the name and the number”.
_BEFORE_A_THING = re.compile(
    r"\W*(?:(?:so|and|ok|hi|hello|also)\s+)*(?:tell me|explain|who(?:['’]?s)?|what(?:['’]?s)?|when"
    r"|where)\b(?!.*\b(?:i|he|she|they|need|write|give|send|take|ask|put|note|record|if)\b).*",
    re.IGNORECASE,
)
_LAST_THING = re.compile(rf"(?:the|your|our)\s+(?:{_OF_A_THING}){{0,2}}{_THING}\W*", re.IGNORECASE)
#: A word alone that asks: “offence?”, but not “ok?”.
_ONE_WORD = re.compile(
    r"\W*(?!(?:okay|right|yeah|yes|please|hello|thanks|cheers|sorry|what|really|sure|well)\b)"
    r"[a-z]{4,}\s*\?+\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A part of a message: its text, where it starts, and whether it asks something."""

    text: str
    start: int
    asks: bool

    @property
    def end(self) -> int:
        """Where the part ends in the message."""
        return self.start + len(self.text)


def split_questions(text: str, fewest_words: int = 2, most: int = 4) -> list[Part]:
    """The parts of `text` in order, those of at least `fewest_words` words, at most `most`.

    A word alone is a part too where it asks (“legal?”), or names a thing among others.
    """
    parts: list[Part] = []
    for start, end in _pieces(text):
        piece = text[start:end]
        stripped = piece.strip()
        asks = _asks(stripped)
        words = len(re.findall(r"\w+", stripped))
        if words >= fewest_words or (words and asks and _asks_in_one_word(stripped)):
            left = len(piece) - len(piece.lstrip())
            parts.append(Part(stripped, start + left, asks))
    return parts[:most]


def names_a_thing(text: str) -> bool:
    """Whether a text asks for one thing by its name and says nothing else: “the number”."""
    return bool(_REQUEST.fullmatch(text))


def _asks(piece: str) -> bool:
    return bool(_ASKS.search(piece) or _REQUEST.fullmatch(piece))


def _asks_in_one_word(piece: str) -> bool:
    return bool(_ONE_WORD.fullmatch(piece) or _REQUEST.fullmatch(piece))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the pieces of a text begin and end, between its marks, questions and named things."""
    start = 0
    for boundary in [*_PARTING.finditer(text), None]:
        end = boundary.start() if boundary else len(text)
        yield from _things(text, start, end)
        start = boundary.end() if boundary else end


def _things(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece parted where one thing after another is asked for by its name."""
    for joint in _JOINT.finditer(text, start, end):
        if joint.start() <= start:
            continue
        at_the_end = _LAST_THING.fullmatch(text, joint.end(), end)
        before = _BEFORE_A_THING if at_the_end else _REQUEST
        if any(one.fullmatch(text, start, joint.start()) for one in (_REQUEST, before)):
            yield start, joint.start()
            start = joint.end()
    yield start, end
