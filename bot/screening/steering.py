"""Reads what steers a screening in words of the person's own: stop, go on, why, put right. Pure.

Whole messages only: “stop” inside a sentence may be about the child.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.referral.case import Level

#: Words that steer a screening only while one is under way; elsewhere they mean something else.
ONLY_INSIDE = {
    "go on": "screening_resume",
    "continue": "screening_resume",
    "carry on": "screening_resume",
    "keep going": "screening_resume",
    "not now": "screening_stop",
    "leave it": "screening_stop",
    "cancel": "screening_stop",
    "start again": "screening_start_over",
    "start over": "screening_start_over",
    "begin again": "screening_start_over",
    "new screening": "screening_start_over",
    "wrong answer": "screening_back",
}
#: What asks what can be typed.
_HELP = re.compile(
    r"(?:help|help me|help please|please help|i need help|(?:what|how) (?:can|do|should) i type"
    r"(?: here| now)?|(?:what|how) (?:can|do|should) i (?:say|answer|reply|put|write) here"
    r"|how (?:can|do|should) i answer(?: this| that)?|(?:the )?(?:commands|options)"
    r"|what are (?:my|the) options|how does this work|how do i use this)"
)
_PLEASE = (
    r"(?:(?:ok(?:ay)?|right|so|sorry|please|actually|well|now|and|but|i think|can (?:i|we)"
    r"|could (?:i|we)|shall we|let['’]?s|i(?:['’]?ll| will|['’]?d like to| want to| would like to"
    r"| need to| have to| must| better)|we(?:['’]?ll| will| need to| have to| should)?|just)"
    r"[\s,]+)*"
)
_LATER = (
    r"(?:[\s,]+(?:for (?:now|today|the moment)|there|here|now|today|tonight|just now|right now"
    r"|at the moment|please|thanks|thank you|later|tomorrow|another time|then|this|it|that"
    r"|(?:the |this )?(?:screening|questions|summary)))*"
)
#: Other words for stopping, and for going on; whole messages only.
_STOPS = re.compile(
    rf"{_PLEASE}(?:stop|pause|finish|park (?:it|this|that)|leave (?:it|this|that)|break off"
    r"|(?:do|finish|come back to|pick up) (?:it|this|that|the rest) (?:later|another time|tomorrow)"
    r"|(?:i )?(?:can['’]?t|cannot|can not|don['’]?t want to|do not want to|haven['’]?t got time to"
    r"|don['’]?t have time to|no time to) (?:do|finish|go on with|carry on with) (?:this|it|that)"
    r"|(?:i(?:['’]?ve)? )?(?:have|got|need|gotta|have got) ?(?:to)? (?:go|run|dash|leave)"
    rf"|no time(?: for (?:this|it|that))?){_LATER}"
)
_RESUMES = re.compile(
    rf"{_PLEASE}(?:resume|continue|carry on|go on|keep going|pick (?:it |this |that )?(?:back )?up"
    r"|(?:go |get |come )?back to|return to|finish)(?: (?:with|to|from))?"
    r"(?: (?:the|my|our|this|that))?(?: (?:screening|questions?|concern summary|form))?"
    r"(?: (?:from )?where (?:i|we) (?:left(?: it)?|were|stopped|was|got to)(?: off| at)?)?"
    r"(?: (?:again|now|please|then))*"
)
#: Going on with a screening of another time, named as such: “… my screening from yesterday”.
_EARLIER = re.compile(
    rf"{_PLEASE}(?:can you |please )?(?:resume|continue|carry on|go on|get back|go back|come back"
    r"|pick (?:it |this )?(?:back )?up|return|finish|open|find|load|restore|do you (?:still )?have"
    r"|where['’]?s|where is|(?:i(?:['’]?ve)? )?(?:have )?lost)"
    r"(?: (?:with|to|from|on with))?"
    r" (?:the|my|our|that|a|an)(?: (?:old|last|previous|earlier|saved|unfinished|other))?"
    r" (?:screening|concern summary|assessment)"
    r"(?: (?:again|please|now|i (?:did|started|began|was doing|had|made|saved)|from|of|that|which"
    r"|(?:the )?(?:other day|yesterday|earlier|before|last (?:week|night|time|month)|this morning"
    r"|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|on"
    r"|where i (?:left|was|stopped)"
    r"(?: off| it)?)))*"
)
_WHY = re.compile(
    r"(?:(?:but|and|so|ok(?:ay)?|sorry)[\s,]+)*why (?:do|are|did|would|must|should)"
    r"(?: you| u| i| we)?"
    r" (?:ask(?:ing|ed)?|need(?:ing)?|want(?:ing)?|have to (?:say|answer)|say|answer)"
    r"(?: to know)?"
    r"(?: (?:that|this|it|me|about|these|those|for|all|question|questions|here|now))*"
)
#: An earlier answer put right with its value: “oh wait, the LD one is yes”, “change the age to 13”.
_PUTS_RIGHT = re.compile(
    r"(?:(?:oh|wait|actually|sorry|hang on|hold on|no|correction|oops|i meant)[\s,]+)+(?:the |my )?"
    r"(?P<what>[\w '-]+?)(?: (?:one|answer|question|bit))?"
    r"(?: (?:is|was|are|should be|should have been|should say))"
    r"(?: actually| really)? (?P<value>yes|no|not known|unknown|present|not seen)"
)
_CHANGE_TO = re.compile(
    r"(?:(?:oh|wait|actually|sorry|please|can you|could you|can we|no)[\s,]+)*"
    r"(?:change|correct|fix|set|make|switch) (?:the |my )?(?P<what>[\w '-]+?)(?: answer)?"
    r" (?:to|into) (?P<value>[\w +-]+)"
)
#: Words of a message that weighs the result, and of a reason that comes before its level.
_IS_IT = re.compile(
    r"(?:(?:so|and|ok(?:ay)?|but|then|hm+|right)[\s,]+)*(?:is|would|should|could|does|might)"
    r" (?:it|this|that|s?he|they|the (?:child|level|risk))\b.*"
)
_BECAUSE = re.compile(r"(?:because|cos|cause|coz|since) .+", re.IGNORECASE)
NAMES_A_LEVEL = re.compile(rf"\b(?:{'|'.join(Level)})\b")
#: Words of a message that weighs a result; longer may tell more than that.
_LONGEST = 8


def command_of(plain: str, listed: Mapping[str, str]) -> str | None:
    """The command that a whole message is, in the listed words or in others like them.

    `plain` is in lower case without a full stop; `listed` has the commands by their words.
    """
    command = listed.get(plain) or ONLY_INSIDE.get(plain)
    if command is not None:
        return command
    others = (
        (_WHY, "screening_why"), (_STOPS, "screening_stop"), (_RESUMES, "screening_resume"),
    )  # fmt: skip
    return next((name for words, name in others if words.fullmatch(plain)), None)


def resumes(plain: str) -> bool:
    """Whether a message goes on with what was stopped; “finish” does there."""
    return _RESUMES.fullmatch(plain) is not None


def takes_up_earlier(text: str) -> bool:
    """Whether a message goes on with a screening, and names it: not only “go on”."""
    return _EARLIER.fullmatch(" ".join(text.lower().split()).strip(" .!?,")) is not None


def asks_what_to_type(plain: str) -> bool:
    """Whether a message asks how to use the screening, and not what to do for the child."""
    return _HELP.fullmatch(plain) is not None


def put_right(plain: str) -> tuple[str, str] | None:
    """What of the answers is put right, and to what, both as typed; None where nothing is."""
    said = _PUTS_RIGHT.fullmatch(plain) or _CHANGE_TO.fullmatch(plain)
    return (said["what"], said["value"]) if said else None


_GOES_BACK = re.compile(
    rf"{_PLEASE}(?:can (?:you|we) |could (?:you|we) |please )?"
    r"(?:(?:go|take me|get|come|let me go|jump|skip) back|return|back|revisit"
    r"|re-?do)(?: to| on)?(?: (?:the|my|that))?"
    r" (?P<what>[\w '-]+?) (?:question|one|answer|bit|part|list|step)s?(?: (?:again|please|now))*"
)


def goes_back_to(plain: str) -> str | None:
    """The words of an earlier question that a message goes back to, or None."""
    said = _GOES_BACK.fullmatch(plain)
    if said is None or said["what"] in ("last", "previous", "that", "this", "first", "next"):
        return None
    return said["what"]


_COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4}
_POINTS_AT = re.compile(
    r"(?:(?:yes|yeah|yep|ok(?:ay)?|it['’]?s|its|only|just|and|correct|right)[\s,]+)*"
    r"(?:(?P<one>(?:that|this) one|that|this)"
    r"|(?P<more>(?:those|these|them|both|(?:those|these)(?: (?P<count>two|three|four))?"
    r"|both of (?:them|those|these))(?: ones)?))"
    r"(?:[\s,]+(?:only|alone|please|thanks|and no others?|nothing else|no others?|is right"
    r"|are right))*"
)


def points_at_all(plain: str, shown: int) -> bool:
    """Whether a message points at what was suggested, and at as many as were: “just that one”."""
    said = _POINTS_AT.fullmatch(plain)
    if said is None:
        return False
    if said["one"]:
        return shown == 1
    count = _COUNTS.get(said["count"] or ("both" if said["more"].startswith("both") else ""))
    return shown == count if count else shown > 1


_LEVEL_ALONE = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yeah|no|so|well|right|sorry|actually|um+|i|id|i['’]?d|mean|meant|say|said"
    r"|think|reckon|judge|would|put|go|going|for|with|at|as|it|its|it['’]?s|is|be|that|this|thats|the"
    r"|a|an|level|risk|my|our|judge?ment|please|definitely|def|very|quite|just|about|to|answer"
    r"|concern|case|one|want|her|him|them|down|make|set|rate|rated|score|scored|now)[\s,.:-]*)*"
    r"(?P<level>low|medium|high)"
    r"(?:[\s,.:-]+(?:level|risk|please|then|now|i (?:think|mean|said|say)|concern|definitely"
    r"|for (?:me|now|sure)|i['’]?d say|one|case|thanks))*"
)


def level_alone(plain: str) -> str | None:
    """The level that a whole message names and says nothing else; None where it does not.

    “She's high” tells of the child and names no level.
    """
    said = _LEVEL_ALONE.fullmatch(plain)
    return said["level"] if said else None


def weighs_the_result(plain: str) -> bool:
    """Whether a message asks about the result, or gives a reason before a level is chosen."""
    if len(plain.split()) > _LONGEST:
        return False
    if _BECAUSE.fullmatch(plain):
        return NAMES_A_LEVEL.search(plain) is None
    about = re.search(rf"\b(?:{'|'.join(Level)}|right|correct|ok(?:ay)?|enough)\b", plain)
    return about is not None and _IS_IT.fullmatch(plain) is not None
