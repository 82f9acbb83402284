"""Finds where a message denies danger: “she isn't in danger”, “it's not an emergency”."""

from __future__ import annotations

import re

_WHO = (
    r"(?:she|he|they|it|this|that|there|we|i|nobody|no ?one|none of them|no child"
    r"|(?:the |this )?(?:child|girl|boy|lad|yp|young person)|noone)"
)
_NOT = (
    r"(?:(?:['’]s|['’]re|['’]m| is| are| am|s|re)? ?(?:not|no longer)|(?: is|['’]s|s| are)? no"
    r"|(?: is| are|was)n['’]?t|n['’]?t)"
)
_DEGREE = (
    r"(?:(?:really|actually|currently|yet|right now|an?|any|in|at|immediate|real|urgent) ){0,4}"
)
_DANGER = r"(?:danger|risk right now|emergency|urgent)"
_TAIL = (
    r"(?:(?:,? ?(?:right now|now|at the moment|atm|i think|i don['’]?t think|today|yet|though))*)"
)
_DENIED = re.compile(
    rf"\b(?:i (?:don['’]?t|do not) think )?{_WHO}{_NOT} {_DEGREE}{_DANGER}\b{_TAIL}"
    rf"|\b(?:nobody|no ?one|none of them|no child)(?:['’]?s| is| are)? {_DEGREE}{_DANGER}\b{_TAIL}"
    rf"|\bi (?:don['’]?t|do not) think {_WHO}(?:['’]s|['’]re| is| are|s)? {_DEGREE}{_DANGER}\b"
    rf"{_TAIL}"
    rf"|^\W*(?:not|no) {_DEGREE}{_DANGER}\b{_TAIL}",
    re.IGNORECASE,
)
#: It is asked, or said by others: “what if she isn't in danger”, “mum says she's not in danger”.
_UNSURE = re.compile(
    r"\b(?:if|whether|unless|until|when|how|what|(?:not|never) (?:sure|certain)"
    r"|(?:says?|said|thinks?|thought|insists?|claims?|reckons?|tells?|told))\b"
    r"|^\W*(?:is|are|isn['’]?t|aren['’]?t)\b",
    re.IGNORECASE,
)
_I_THINK = re.compile(r"\bi (?:don['’]?t |do not )?(?:think|said|say)\b", re.IGNORECASE)
_ASKED_AFTER = re.compile(r"^\W*(?:\?|(?:is|are) (?:she|he|they|it|there|we|i)\W*$)", re.IGNORECASE)


def without_denied_danger(text: str) -> str | None:
    """What a message says beside that nobody is in danger; None where it does not say that.

    An empty text where it says nothing else.
    """
    found = _DENIED.search(text)
    if found is None or _UNSURE.search(_I_THINK.sub(" ", text[: found.end()])):
        return None
    if _ASKED_AFTER.search(text[found.end() :]):
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return re.sub(
        r"^(?:\W|(?:and|but|just|no|so|i (?:think|said|say))\b)+|\W+$", "", " ".join(rest.split())
    )
