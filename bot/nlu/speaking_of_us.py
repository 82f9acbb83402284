"""Tells where a message speaks of who is writing or is asked, and of an area only beside them."""

from __future__ import annotations

import re

from bot.nlu.questions import split_questions

#: “We”, “our” and “here”; “you” only where it is asked what they have or do.
_US = re.compile(
    r"\b(?:we(?:['’](?:re|ve|d|ll))?|ours?|yours?|ur|here|us"
    r"|(?:do|have|are|did|would) (?:you|u|ya)(?! (?:know|think|mean|say|tell|want|need))"
    r"|(?:you|u)(?:['’]ve)? (?:have|use|do|got|call|say))\b",
    re.IGNORECASE,
)
#: “Us” and “your” to whom it is said, not of whom: “tell us”, “in your opinion”.
_NOT_US = re.compile(
    r"\b(?:tell|give|show|help|let|send|remind) us\b|\byour (?:advice|opinion|view|help|time)\b"
    r"|\b(?:can|could) (?:you|u) do\b",
    re.IGNORECASE,
)
#: An area that something is only held against: “like Derby do”, “the same as Luton's”.
_LIKE = re.compile(
    r"(?:\b(?<!it )(?<!that )(?<!this )(?<!there )(?:like|unlike)|\b(?:same|similar|different)\s+"
    r"(?:as|to|from|than)|\b(?:compared?|as opposed) (?:to|with)|\bthan|\bas (?:they|you) do)\s+"
    r"(?:(?:they|you|the one|the ones|what they) (?:do |have |use |got )?)?(?:in |at |over in )?$",
    re.IGNORECASE,
)
#: What may stand before an area of which something is told: “I know in Derby it's …”.
_OPENS = re.compile(
    r"^\W*(?:(?:i know|i see|i heard|apparently|because|as|so|but|and|ok|well|seeing|given|since"
    r"|that|over|in|at|hi|hello|the)\W+)*$",
    re.IGNORECASE,
)
#: What is told of an area: “Luton has a panel”, “in Derby it's 15 days”, “Luton's number is …”.
_TELLS_OF_IT = re.compile(
    r"^(?:\s+(?:also |only |all |both )?(?:has|have|had|got|does|do|uses?|says?|gets?|gives?|calls?"
    r"|runs?|keeps?|wants?)\b(?! (?:we|i|you|u|they|he|she|it|an? (?:girl|boy|lad|child|kid))\b)"
    r"|\s+(?:is|are)\s+(?:\d|within|every|the same|different)"
    r"|\s+(?:it|they)(?:['’]?s|['’]?re| is| are| has| have| do| does| use| get| gets)?\b"
    r"|\s+there(?:['’]?s| is| are) (?:an? |the )?(?:\w+ )?(?:panel|team|tool|form|number|deadline"
    r"|meeting|group)"
    r"|(?:['’]s|s['’]|['’])?\s+(?:[\w-]+\s+){1,4}?(?:is|are|has|have|says?|goes|comes)\b)",
    re.IGNORECASE,
)
#: Words between a possessive and its verb that show that it is about somebody.
_SOMEBODY = re.compile(
    r"\b(?:girl|boy|lad|child|kid|pupil|young|man|men|family|here|child['’]s)\b", re.IGNORECASE
)


def speaks_of_us(text: str) -> bool:
    """Whether `text` speaks of who is writing, or of those who are asked: “our number”."""
    return bool(_US.search(_NOT_US.sub(" ", text)))


def only_held_against(text: str, start: int, end: int) -> bool:
    """Whether the area at `start` to `end` is only what something of one's own is held against.

    That is where a question of the message speaks of “us”, and the area stands in a comparison, or
    in a sentence before that tells of it and asks nothing.
    """
    without = f"{text[:start]} {text[end:]}"
    if not speaks_of_us(without):
        return False
    if _LIKE.search(text[:start]):
        return True
    parts = split_questions(text)
    if not any(part.asks and part.start > end and speaks_of_us(part.text) for part in parts):
        return False
    its_own = next((part for part in parts if part.start <= start < part.end), None)
    if its_own is None or its_own.asks or not _OPENS.match(text[its_own.start : start]):
        return False
    told = _TELLS_OF_IT.match(text[end : its_own.end])
    return told is not None and not _SOMEBODY.search(told.group())
