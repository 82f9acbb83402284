"""Reads that the child is in another area than was answered: “actually she's in Derby”. Pure.

Another area's route has other numbers. Only whole messages count: where somebody is taken to, or a
boyfriend lives, is part of the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.screening.models import UNKNOWN, Question
from bot.screening.questions import is_question

_CHILD = r"(?:s?he|they|(?:the |this |our |my )?(?:child|girl|boy|lad|lass|kid|yp|young person))"
_IS = r"(?:['’]?s|['’]?re| is| are)?"
#: The child lives or is placed there: no other reading.
_LIVES = re.compile(
    rf"\b{_CHILD}{_IS} (?:actually |really |only )?(?:in|(?:lives?|living|based|placed|staying) in)"
    r" AREA\b"
    r"|\b(?:AREA (?:child|girl|boy|lad|yp|case|address)|child in AREA)\b"
)
#: What was answered is put right.
_PUT_RIGHT = re.compile(
    r"\b(?:actually|wrong|sorry|oops|whoops|correction|mistake|meant|mean|should|instead|rather"
    r"|change|correct|switch|set|make|update|fix)\b|\bnot (?:in )?(?:AREA|DENIED)\b|\bDENIED\b"
)
_NOW = re.compile(r"\b(?:now|moved|tonight|today|at the moment)\b")
_WRONG = re.compile(
    r"(?:(?:no|sorry|wait|oh|hang on|hold on|actually|but|oops)[\s,]+)*"
    r"(?:(?:that['’]?s|its?['’]?s?|this is|you have|you['’]?ve got|it is"
    r"|i (?:gave|put|picked|chose)) )?(?:(?:the|a) )?"
    r"wrong (?:area|council|county|place|authority|la)\b.*"
    r"|.*\b(?:the )?area(?:['’]?s| is| was) (?:wrong|not right|incorrect)\b.*"
)
#: Words beside which an area is still all that is said.
_BESIDE = frozenset(
    """
    a actually ah am an and answer area authority based be been but case change chat child children
    correct correction council county fix for from girl hang he he's hes hold i i'm i've im in
    instead is it it's its kid lad lass lives live living location make mean meant mistake my no
    nope not now of oh ok okay on one only oops our page person place placed please pls put rather
    really right said say set she she's shes should sorry staying still switch than that that's
    thats the then there they they're theyre think this to update wait was we we're well whoops
    with wrong yeah yes yp young boy moved today gave typed picked chose address be as actully
    btw by way fyi forgot mention actualy deffo definitely they've our you've got have you
    """.split()  # noqa: SIM905 - a list of words is read more easily than one of strings
)
#: More words than these tell more than an area.
_MOST = 14


@dataclass(frozen=True)
class AreaTold:
    """The area that a message tells, None where it only takes back the one answered.

    `sure` says that it can be nothing but the area of the child; else it is asked. `of_child` says
    that the child is named for being there.
    """

    area: str | None
    sure: bool
    of_child: bool = False


def told_area(question: Question, answered: str, text: str) -> AreaTold | None:
    """What a message says of the area otherwise than it was answered; None where nothing.

    Parameters: `question` asks for the area and has been `answered`; `text` as it was typed.
    """
    plain = " ".join(text.lower().replace("’", "'").split()).strip(" .!,")
    if not plain or "?" in plain or is_question(plain):
        return None
    named: list[str] = []
    denied: list[str] = []
    left = _named_out(question, plain, named, denied)
    words = re.findall(r"[\w']+", left)
    beside = [word.removesuffix("'s") for word in words if word not in ("AREA", "DENIED")]
    alone = len(words) <= _MOST and _BESIDE.issuperset(beside)
    now = {one for one in named if one not in denied}
    if alone and len(now) == 1:
        (area,) = now
        lives = _LIVES.search(left) is not None
        if denied and set(denied) != {answered}:
            return None
        put_right = _PUT_RIGHT.search(left) is not None
        own = re.search(r"\b(?:i'?m|we'?re|we are|i am|from)\b", left) is not None
        only_now = own or _NOW.search(left) is not None
        return AreaTold(area, put_right or (lives and not only_now), of_child=lives)
    if _WRONG.fullmatch(plain) or (alone and not now and set(denied) == {answered}):
        return AreaTold(None, sure=True)
    return None


def _named_out(question: Question, plain: str, named: list[str], denied: list[str]) -> str:
    """The text with AREA or DENIED for each area that it names."""
    ways = {
        way: option.id
        for option in question.options
        if option.id not in ("elsewhere", UNKNOWN)
        for way in (option.label.lower(), *option.words)
    }
    either = "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True))

    def one(found: re.Match[str]) -> str:
        area = ways[found["area"]]
        if found["not"]:
            denied.append(area)
            return "DENIED"
        named.append(area)
        return "AREA"

    return re.sub(
        r"(?P<not>\b(?:not|isn'?t|ain'?t|(?:rather|other) than|instead of) (?:in |from )?"
        r"(?:the )?)?"
        rf"(?<![\w-])(?P<area>{either})(?![\w-])",
        one,
        plain,
    )
