"""Tells whether a question leans on what was spoken of before: it names no subject of its own."""

from __future__ import annotations

import re

#: Words that point back.
_POINTING = frozenset(
    """
    it its that thats this these those they theyre them their he hes him his she shes her hers
    either neither both one ones there then afterwards beforehand else
    """.split()  # noqa: SIM905
)
#: Words that begin a message which goes on where the last one ended.
_GOING_ON = re.compile(
    r"^\W*(?:ok(?:ay)? |so |right )*(?:and|or|but|also|what about|how about|what if|wot about)\b",
    re.IGNORECASE,
)
#: Words that carry no subject: of asking, of time and amount, and verbs that fit any subject.
_LIGHT = frozenset(
    """
    a an the who whos what whats wot wots when whens where wheres which why how hows do does
    did is are am was were be been being isnt arent doesnt dont didnt can cant could should
    shall will wont would must may might has have had havent hasnt i im ive me my we us our
    you your to of for from in on at by with as if so and or but not no yes ok okay please
    pls plz just also too as well still only now again all any some much many long often
    soon early late later before after until about up out off over more less than get gets
    got go goes going come comes give gives need needs want take takes happen happens mean
    say says though tho thanks cheers right actually exactly n u ur r abt bit thing things
    hold
    """.split()  # noqa: SIM905
)
#: A longer message says what it is about.
_LONGEST = 9


def leans(text: str) -> bool:
    """Whether `text` can only be understood from what went before.

    It is short, and points back or goes on with at most two words of its own, or has one at most.
    """
    if not 0 < len(_words(text)) <= _LONGEST:
        return False
    return own_words(text) <= (2 if points_back(text) else 1)


def points_back(text: str) -> bool:
    """Whether `text` points at something said before, or goes on from it."""
    return not _POINTING.isdisjoint(_words(text)) or bool(_GOING_ON.match(text))


def own_words(text: str) -> int:
    """How many words of `text` say what it is about."""
    return sum(word not in _LIGHT and word not in _POINTING for word in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))
