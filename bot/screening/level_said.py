"""Reads a level that is judged with words around it: denied, with its reason, or one of two. Pure.

What denies a level chooses none, and two levels are never made one: it is asked which is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.referral.case import Level
from bot.screening.questions import weighs_a_level
from bot.screening.steering import level_alone

_LEVEL = rf"(?P<level>{'|'.join(Level)})"
_BARE = rf"(?:{'|'.join(Level)})"
_RISK = r"(?:[ -](?:risk|level|one))?"
#: A level that is denied: “it's not low”, “definitely not high”, “I wouldn't say medium”.
_DENIED = re.compile(
    r"(?:\b(?:not|never|hardly|nor|neither|cannot|isnt|aint|cant|wouldnt|dont)|\w+n['’]t"
    r"|\bno way(?: (?:is|it['’]?s|its))?|\brather than|\binstead of)"
    r"(?: (?:be|it|it['’]?s|its|is|a|an|say|think|call|put|go|with|for|at|as|as low as|this|that"
    r"|really|just|only|actually|possibly|the|to|that it['’]?s|believe|judge|agree))*"
    rf" (?P<first>{_BARE})(?:(?: or| nor)+ (?P<second>{_BARE}))?{_RISK}\b"
)
#: What comes before a level that is judged, in a sentence that goes on.
_LEAD = (
    r"(?:(?:but|and|so|well|ok(?:ay)?|yes|yeah|no|right|sorry|actually|honestly|um+|i|id|i['’]?d|we"
    r"|we['’]?d|still|do|would|['’]d|say|said|think|thinks?|reckon|judge|believe|feel|put|go|going"
    r"|for|with|at|as|it|its|it['’]?s|is|be|that|this|thats|that['’]?s|a|an|the|level|my|our"
    r"|judge?ment|call|rate|make|set|to|should be|definitely|only|just|probably)[\s,.:-]*)*"
)
_BECAUSE = (
    r"(?:[\s,.;:-]*\b(?:because|cos|cause|coz|since|as|given(?: that)?|due to|for|on the grounds"
    r"(?: that)?|the reason is|reason:?)\b|[\s]*[,;:.-]|[\s]+-+|[\s]+and\b)"
)
#: What takes a level half back.
_BUT = r"[\s,.;:-]*\b(?:but|though|although|however|unless|if|or)\b"
_JUDGED = re.compile(rf"{_LEAD}\b{_LEVEL}{_RISK}(?:(?P<but>{_BUT})|{_BECAUSE})[\s]*(?P<reason>.+)")
#: Words of a reason that leave the level open.
_OPEN = re.compile(
    r"\b(?:not sure|unsure|don['’]?t know|dunno|maybe|perhaps|if|unless|until|depends|depending"
    r"|might|whether|could be|wonder\w*|or)\b"
)
#: The fewest words that say why.
_FEWEST = 3


@dataclass(frozen=True)
class LevelSaid:
    """A level with its reason; or, where none is chosen, what is asked about it."""

    level: str | None = None
    reason: str | None = None
    asks: str | None = None


def level_said(text: str) -> LevelSaid | None:
    """What a message at the judgement says of the level in more than one word; None where nothing.

    Parameters: `text` as it was typed. The reason is part of it: it is to be scrubbed.
    """
    plain = " ".join(text.split()).strip(" .!,")
    low = plain.lower()
    named = set(re.findall(rf"\b{_BARE}\b", low))
    if not named or weighs_a_level(text):
        return None
    denied = _DENIED.search(low)
    if denied is not None:
        rest = " ".join(_DENIED.sub(" ", low).split()).strip(" ,.;-")
        rest = re.sub(r"^(?:but|and|so|it['’]?s)\b[ ,]*", "", rest)
        if level := level_alone(rest):
            return LevelSaid(level=level)
        against = {one for one in denied.group("first", "second") if one}
        return LevelSaid(asks=_which([one.value for one in Level if one not in against], against))
    if len(named) > 1:
        return LevelSaid(asks=_which([one.value for one in Level if one.value in named]))
    judged = _JUDGED.fullmatch(low)
    if judged is None:
        return None
    reason = plain[judged.start("reason") :].strip(" .,;:-")
    if judged["but"] or _OPEN.search(reason.lower()) or re.match(_BUT, reason.lower()):
        return LevelSaid(asks=_which([judged["level"]]))
    if len(reason.split()) < _FEWEST:
        return LevelSaid(level=judged["level"])
    return LevelSaid(level=judged["level"], reason=reason)


def _which(levels: list[str], against: set[str] | None = None) -> str:
    """Asks for the one level that is judged; nothing is recorded until it is said."""
    if len(levels) == 1 and not against:
        return f"Do you judge it to be {levels[0]}? Then say “{levels[0]}” alone."
    either = " or ".join((", ".join(levels[:-1]), levels[-1])) if levels[1:] else levels[0]
    not_that = f"Not {' and not '.join(sorted(against))}, then. " if against else ""
    return f"{not_that}I have recorded no level yet. Which do you judge it to be: {either}?"
