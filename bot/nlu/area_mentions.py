"""What an area is named for: to be asked about, as part of a story, or as one that is not meant.

“A girl from Luton has been placed with us” asks nothing about Luton, and “not Derby” is not about
Derby: the number of another area than the one that is asked about would be a wrong number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

#: What an area is named for.
MentionedAs = Literal["asked", "told", "denied"]

_THEY = (
    r"(?:she|he|they|her|him|them|his|their|girls?|boys?|lads?|lass(?:es)?|child|children|kids?"
    r"|pupils?|students?|teens?|teenagers?|young (?:person|people|man|woman|lad|girl)|yps?|men|man"
    r"|blokes?|fellas?|gangs?|groups?|person|people|adults?|famil(?:y|ies)|mum|dad|mother|father"
    r"|parents?|brother|sister|cousin|friends?|mates?|boyfriend|girlfriend|partner|bf|someone"
    r"|somebody|cars?|taxis?|drivers?|placements?|ones?)"
)
_OTHERS = (
    r"(?:boyfriend|bf|m[ae]n|blokes?|gang|mum|dad|mother|father|famil(?:y|ies)|parents?|friends?)"
)
_I = r"(?:(?:i|we)(?:['’](?:m|re|ve)| am| are| have)?|im|ive)"
_NEAR = r"(?:(?:the|over|up|down|out|back|all|near|city of|town of)\s+)*"
#: Who comes from the place, or is taken there, is somebody else than who asks.
_TOLD = re.compile(
    # picked up by men from …; a girl from …; she came up from …
    rf"\b{_THEY}\b[^.!?;]{{0,40}}\bfrom\s+{_NEAR}$"
    # driven to …, moved to …, takes her to …
    r"|\b(?:driv\w*|drove|tak(?:e|es|en|ing)|took|mov(?:e|es|ed|ing)|go(?:es|ing|ne)?|went|travel\w*"
    r"|sent|brought|traffick\w*|transport\w*|transferr\w*|lifts?|trips?|trains?|bus(?:es)?|journeys?"
    rf"|ran|absconded)\b[^.!?;,]{{0,25}}\b(?:to|into|between)\s+{_NEAR}$"
    # her boyfriend lives in …
    rf"|\b{_THEY}\b[^.!?;]{{0,25}}\b(?:liv(?:e|es|ed|ing)|resid(?:e|es|ed|ing)|stay(?:s|ed|ing)?"
    rf"|has friends|with (?:friends|family|relatives))\s+(?:in|at|near|over in)\s+{_NEAR}$"
    # my mate works in …
    r"|\b(?:mates?|friends?|colleagues?|sister|brother|cousin|partner|mum|dad)\b[^.!?;]{0,15}"
    rf"\bwork(?:s|ed|ing)\s+(?:in|at|for|over in)\s+{_NEAR}$"
    # she goes to school in …
    r"|\b(?:she|he|they)\b[^.!?;]{0,15}(?<!\bmy )(?<!\bour )\b(?:school|college)(?:['’]s| is)?\s+"
    rf"(?:in|at|near|over in)\s+{_NEAR}$"
    # the boyfriend is in …
    rf"|\b{_OTHERS}(?:['’]?s| is| are| was| were)?\s+(?:in|near|over in)\s+{_NEAR}$"
    # placed by …, looked after by …
    r"|\b(?:placed|accommodated|funded|looked after|in care)\b[^.!?;,]{0,25}"
    rf"\b(?:by|from|of|to|with|under)\s+{_NEAR}$",
    re.IGNORECASE,
)
#: Who asks says where they are, or were: that is no story.
_OWN = re.compile(
    rf"\b{_I}\s+(?:(?:just|only|also|actually|now|all|both|currently|recently)\s+)*"
    r"(?:(?:from|in|at|based in|working in|work in|work for|cover)"
    rf"|(?:mov\w*|transferr\w*)(?: jobs?| posts?)? (?:to|from)|(?:liv\w*) in)\s+{_NEAR}$"
    rf"|\b{_I}\s+(?:an?|the)\s+[^.!?;,]{{0,40}}\b(?:in|from|at|for)\s+$"
    r"|\b(?:calling|ringing|writing|phoning|speaking|messaging|emailing|asking|worker|carer|teacher"
    r"|nurse|officer|manager|team|here|hi|hello)\s+from\s+$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    rf"(?:\bnot\b|n['’]t)\s+(?:(?:in|for|from|at|about|meant?)\s+)*{_NEAR}$"
    r"|\b(?:rather than|instead of|no longer (?:in|at|with)|used to (?:be|work) (?:in|at|for))\s+$",
    re.IGNORECASE,
)
#: How far back it is read what an area is named for, in characters.
_BEFORE = 90
#: Words beside which an area is still all that is said: “oops, sorry, I meant Hartlepool”.
_BESIDE_AN_AREA = frozenset(
    """
    a actually again ah am an and answer apologies are area authority back be been but case change
    child children correction could council covering do er erm for from girl go hang he's hes hold
    i i'm i've im in instead is it it's its kid lad let's lets make maybe me mean meant mine
    mistake my need no nope not now of oh ok okay on one only oops or our page perhaps person
    place please pls probably put really right said say set she's shes should so sorry still
    switch than that that's thats the then there they think this thx to today try use using wait
    was we we're were work working would wrong yeah yes young your
    """.split()  # noqa: SIM905 - a list of words is read more easily than one of strings
)
#: More words than these are a question of their own.
_MOST_BESIDE = 12


class Named(Protocol):
    """An entity in a text: what kind, and where it stands."""

    @property
    def entity(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def mentioned_as(text: str, start: int) -> MentionedAs:
    """What an area that is named at `start` of a text is named for."""
    before = text[max(0, start - _BEFORE) : start]
    if _DENIED.search(before):
        return "denied"
    if _OWN.search(before):
        return "asked"
    return "told" if _TOLD.search(before) else "asked"


def names_an_area_alone(text: str, entities: Sequence[Named]) -> bool:
    """Whether a text says for which area something is meant, and nothing else.

    `entities` are those of the text: “sorry, Hartlepool not Luton”, “ok Derby then”.
    """
    areas = [one for one in entities if one.entity in ("area", "denied_area")]
    rest = text
    for one in sorted(areas, key=lambda one: -one.start):
        rest = f"{rest[: one.start]} {rest[one.end :]}"
    words = re.findall(r"[\w']+", rest.casefold().replace("’", "'"))
    return bool(areas) and len(words) <= _MOST_BESIDE and _BESIDE_AN_AREA.issuperset(words)
