"""What a message means beside the answer before it, and what else it is about than it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from bot.guidance.conversation import NEARLY, OTHER_AREA, WHO_TO_RING
from bot.nlu.asked import question_about
from bot.serving.parses import likeliest_topic
from bot.serving.route_wordings import asks_whom_to_tell

#: What follows an answer and has no intent of its own.
Asked = Literal["shorter", "why"]

_SHORTER = re.compile(
    r"(?:(?:ok(?:ay)?|sorry|please|but|that(?:['’]?s| is| was)|it(?:['’]?s| is)|this is|can|could"
    r"|you|i|need|want|make|put|say|give|me|it|that|this|a|an|the|in|much|way|far|bit|little|explain)\s+)*"
    r"(?:simpler|shorter|simplify|simply|too long|too much|short version|shorter version|in short"
    r"|in brief|briefly|plain english|plain words|simple words|simple terms|simple english"
    r"|summari[sz]e|summary|tl ?dr|one line|one sentence)"
    r"(?:\s+(?:please|pls|it|that|this|for me|version|answer|words|to read|text))*",
    re.IGNORECASE,
)
_WHY = re.compile(r"(?:but |and |ok )?why(?: is (?:that|it|this)| so| not)?", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:compar\w+|side by side|versus|vs|difference between|how (?:do|does)|differ)\b",
    re.IGNORECASE,
)
#: What the areas are compared on stands last: “compare Luton with Derby on reviews”.
_ON = re.compile(r".*\b(?:on|for|about|regarding|over|when it comes to)\s+(.+)$", re.I | re.S)
_FOR_WHOM = frozenset(("", "me", "us", "my manager", "a report", "my report"))


def follow_up_of(text: str, intent: str) -> Asked | None:
    """“Simpler please”, “too long”, “why?” after an answer; None where it is something else.

    `intent` is what the message was understood as: what is sure to be a question stays one.
    """
    typed = re.sub(r"[.,!?]+", " ", text).strip()
    if _WHY.fullmatch(typed) and intent in _UNSUBJECTED:
        return "why"
    return "shorter" if _SHORTER.fullmatch(typed) else None


#: What “why” alone is understood as where no screening is under way.
_UNSUBJECTED = frozenset({"screening_why", "nlu_fallback", "follow_source", "follow_more", "ask"})


def compared(text: str) -> str | None:
    """What areas are to be compared on: “compare Derby and Derbyshire on reviews” is on reviews.

    None where nothing is named.
    """
    found = _ON.match(text)
    if found is None or _COMPARED.search(found.group(1)):
        return None
    rest = found.group(1).strip(" .?!")
    return rest if rest.casefold() not in _FOR_WHOM else None


def told_of(parse: Mapping[str, Any]) -> str | None:
    """What a question that names a place without guidance is about, beside that place.

    None where no such place is named, or nothing else is likely.
    """
    if not any(one["entity"] == "other_area" for one in parse["entities"]):
        return None
    for question in parse.get("questions") or ():
        best = question["topics"][0]["confidence"] if question["topics"] else 0.0
        for guess in question["topics"]:
            if guess["topic"] != OTHER_AREA and guess["confidence"] >= NEARLY * best:
                return str(guess["topic"])
    return None


#: Whom the police tell under the disclosure scheme.
_TOLD_BY_POLICE = "disclosure_who_told"


def meant_by_telling(parse: Mapping[str, Any], text: str) -> list[dict[str, Any]] | None:
    """The question that “who gets told” alone stands for: no scheme, as it names none.

    None where the text says more, or is not taken for a question on the scheme.
    """
    if likeliest_topic(parse) != _TOLD_BY_POLICE or not asks_whom_to_tell(text):
        return None
    asked = parse.get("questions") or [{"areas": []}]
    return [question_about(WHO_TO_RING, asked[0]["areas"])]
