"""Wordings of what is asked after danger: to go on, what comes next, whether to refer all the same.

Pure: the text alone. What becomes of it is in `after_danger.py`.
"""

from __future__ import annotations

import re

_GO_ON = re.compile(
    r"(?:(?:ok(?:ay)?|right|so|yes|please|now|and|then|let['’]?s|let us|can we|shall we|could we"
    r"|we can|i want to)\s+)*"
    r"(?:go on|carry on|continue|keep going|where (?:were we|was i)"
    r"|what were we (?:doing|on|saying)"
    r"|(?:go )?back to (?:it|where (?:we were|i was)|what we were (?:doing|on|saying)))"
    r"(?:\s+(?:now|then|please|with it|from (?:there|here)|where we were))*",
    re.IGNORECASE,
)


def goes_on(text: str) -> bool:
    """Whether a message asks for nothing but to go on where the conversation was."""
    return _GO_ON.fullmatch(re.sub(r"[.,!?]+", " ", text).strip()) is not None


#: “What next?” straight after an alarm or a call.
_NEXT = re.compile(
    r"(?:(?:ok(?:ay)?|right|so|and|then|now|but)\s+)*(?:(?:what|whats|what['’]s)(?: (?:do|should"
    r"|shall|must|can) (?:i|we)"
    r"(?: (?:need|have) to)? do)?(?: (?:happens|comes|is))?(?: (?:next|now|else|then))+|then what"
    r"|now what"
    r"|next(?: steps?)?|what else(?: do (?:i|we)(?: (?:need|have) to)? do)?"
    r"|anything else(?: to do)?)",
    re.IGNORECASE,
)
_WORKERS = (
    r"(?:them|(?:the |her |his |our |my |a |duty )*(?:social workers?|social care|social services"
    r"|sw|mash|hub"
    r"|duty(?: team| worker)?|children['’]?s (?:services|social care)|referral team|team|council"
    r"|call handler|front door))"
)
#: What to say to those whom it is told to next; “what do I tell her mum” is something else.
_WHAT_TO_TELL = re.compile(
    rf"\bwhat (?:do|should|shall|can|must|will|would) (?:i|we) (?:(?:need|have) to )?(?:tell"
    rf"|say to|report to|give|pass on to) {_WORKERS}\b"
    r"|\bwhat (?:do|should|shall|can|must|will) (?:i|we) (?:(?:need|have) to )?say (?:when|in|on) "
    r"|\bwhat (?:do|will|would) (?:they|social care|the (?:hub|mash|social worker)) (?:need|want"
    r"|ask)\b"
    r"|\bwhat (?:info\w*|details?) (?:do|will|should) (?:they|i|we)\b",
    re.IGNORECASE,
)


def asks_next(text: str) -> bool:
    """Whether a message asks for nothing but what comes next."""
    return _NEXT.fullmatch(" ".join(re.sub(r"[.,!?]+", " ", text).split())) is not None


def asks_what_to_tell(text: str) -> bool:
    """Whether a message asks what to tell those to whom it is referred."""
    return _WHAT_TO_TELL.search(text) is not None


_WANTS = re.compile(
    # what tells of the call may have been left out, with who rang
    r"(?:\b(?:i|we)|^\W*|[.;,] ?) ?(?:just |now |still |also |really )*(?:need|want|would like"
    r"|require|am after)"
    r" (?!to (?:go|get out|stop|be)\b|help now)\w+|\b(?:i|we)['’]d like \w+"
    r"|^\W*(?:\w+ )?(?:give|show|send|get) (?:me|us) \w+|\blooking for (?:the|a|your)\b",
    re.IGNORECASE,
)


def wants_to_know(text: str) -> bool:
    """Whether a message asks for something without a question: “I need the missing procedure”."""
    return _WANTS.search(text) is not None


_REFER = (
    r"(?:refer|make (?:a|the) referral|do (?:a|the) referral|put in a referral|report"
    r"|tell (?:\w+ ){0,3}\w+|ring"
    r"|call|inform (?:\w+ ){0,3}\w+|fill (?:in|out) (?:a|the) (?:\w+ )?form|do (?:a|the) (?:\w+"
    r" )?form|do anything)"
)
_TO_REFER = re.compile(
    rf"\b(?:do|should|must|shall|would|have) (?:i|we) (?:still |now |also |even )*"
    rf"(?:(?:have|need|got) (?:still )?to )?(?:still )?{_REFER}\b"
    rf"|\b(?:still|even) (?:(?:have|need) to )?{_REFER}\b|\b(?:is|does) (?:a|the|it) (?:still )?"
    r"(?:need (?:a )?|a )?referr(?:al|ing)(?: still)?(?: needed)?\b",
    re.IGNORECASE,
)
_WH = re.compile(r"\b(?:who|whom|what|which|how|when|where)\b", re.IGNORECASE)


def asks_to_refer(text: str) -> bool:
    """Whether a message asks whether to refer all the same, and not to whom or how."""
    return _TO_REFER.search(text) is not None and _WH.search(text) is None


def asks_of_form(text: str) -> bool:
    """Whether a message names a form."""
    return re.search(r"\bforms?\b", text, re.IGNORECASE) is not None
