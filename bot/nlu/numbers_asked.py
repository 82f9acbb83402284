"""Finds what asks for a number and nothing else: “what's your number”, “day and night numbers”.

A message is weighed as a whole, and in it one of two numbers that are wanted weighs the other down.
"""

from __future__ import annotations

import re

#: The topics of the two numbers, which is also the order they are given in.
BY_DAY, BY_NIGHT = "who_to_ring", "out_of_hours"
NUMBER_TOPICS = (BY_DAY, BY_NIGHT)

_NUMBER = re.compile(r"\b(?:numbers?|num)\b", re.IGNORECASE)
_DAY = re.compile(r"\b(?:day ?time|(?:in|during|by) the day|day|(?:office|working) hours)\b", re.I)
_NIGHT = re.compile(
    r"\b(?:nights?|night ?time|evenings?|weekends?|out of hours|oo[hw]|after hours)\b", re.I
)
_WANTED = re.compile(r"\b(?:your|ur|our|can i|give|need|want|who|ring|call|phone)\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:one|ones)\b|^\W*(?:and|or|what about|how about)\b", re.IGNORECASE)
#: All words that may stand in such a message.
_WORDS = frozenset(
    """
    a about after again also an and any are at both by call can contact could day days daytime do
    does during duty evening evenings for get give got have hello hi hours how i in is just line
    main may me need night nights nighttime now num number numbers of office ok on one ones oo ooh
    oow or our ours out phone please plus pls plz ring s should so tel telephone tell thanks the
    then there time to too u ur use want we weekend weekends well what whats which who whos working
    you your yours here
    """.split()  # noqa: SIM905 - a list of words is read more easily than one of strings
)
_HOW_MANY = re.compile(r"\b(?:how (?:many|do|does|is)|(?:call|ring|phone) (?:you|u|me))\b", re.I)


def numbers_asked(text: str, after: str | None = None) -> tuple[str, ...]:
    """The topics of the numbers that `text` asks for by the time of day; empty where it asks more.

    `after`: the topic that was answered last. After a number, “and in the day?” asks for another.
    """
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("’", "'").replace("'s", " s"))
    if not words or not _WORDS.issuperset(words) or _HOW_MANY.search(text):
        return ()
    number, day, night = (one.search(text) is not None for one in (_NUMBER, _DAY, _NIGHT))
    wanted = _WANTED.search(text) is not None
    goes_on = after in NUMBER_TOPICS and _ONE.search(text) is not None
    if day and night:
        return NUMBER_TOPICS if number or wanted or goes_on else ()
    if day:
        return (BY_DAY,) if number or goes_on else ()
    if night:
        return (BY_NIGHT,) if number or wanted or goes_on else ()
    return (BY_DAY,) if number else ()
