"""Whether a message asks outright for a screening: “can you risk assess him with me”.

Such a message may tell the whole case beside it. It starts the screening, whatever else of it would
be understood as a question or as a case whose route is wanted.
"""

from __future__ import annotations

import re

_SCREENING = (
    r"(?:(?:cse |child |new |another |quick |full |guided |proper )*(?:screening|concern summary"
    r"|risk[ -]assessment|screening questions?|risk screen(?:ing)?|screen))"
)
#: What a child's risk is not: “risk assess the placement”.
_NO_CHILD = (
    r"(?! ?(?:the |a |an |our |my |this |that |his |her |their )?(?:\w+ )?(?:placements?|homes?"
    r"|house"
    r"|school|trip|trips|visit|visits|building|setting|room|hotel|premises|event|activity"
    r"|policy|service|venue|volunteers?|staff|contact|vehicle|online platform|app)\b)"
)
_DO = (
    rf"(?:(?:start|begin|do|run|open|complete|fill (?:in|out)|carry out|go through|make|have|try"
    rf"|use|launch|get|kick off|set up) (?:an? |the |my |our |this |your )?{_SCREENING}\b"
    r"|(?:screen|risk[ -]?assess|assess the risks? (?:to|of|for|around|with))\b"
    rf"{_NO_CHILD}(?= ?(?:$|[,.;:!?]|an?|this|that|my|our|the|one|him|her|them|it|someone|somebody"
    r"|another|with|two|girl|boy|child|yp|for)(?!\w))"
    r"|(?:work|go|talk|think|step|walk)(?: me| us)? (?:it |this |that |things |her |him )?through"
    r" ?(?:(?:this|it|that|things|them)\b|(?:my|a|an|our|this|the|some) (?:\w+ )?(?:concerns?"
    r"|worr(?:y|ies)|case|situation|signs|risks?|child|girl|boy|lad)\b|(?:with|together)\b"
    r"|what (?:i|we)(?:['’]?ve)? (?:have|know|seen|got)))"
)
_LEAD = (
    r"(?:(?:hi|hello|hey|hiya|ok(?:ay)?|right|so|please|pls|good (?:morning|afternoon|evening)|and"
    r"|then|now|well|thanks|yes|just|actually)[\s,.!:-]*)*"
)
_WANTS = (
    r"(?:(?:can|could|will|would|please can|please could|can['’]t) (?:you|u|we|i|someone)"
    r"(?: please| pls| just)?(?: (?:help|assist)(?: me| us)?(?: to| with|)?)?"
    r"|(?:help|assist) (?:me|us)(?: to| please)?|(?:i|we)(?: really| just| also)?"
    r" (?:need|want|would like|['’]d like|have|must|ought|wish)(?: (?:you|some ?one|help))*(?: to)?"
    r"|(?:i|we)['’]d like(?: you)? to|id like to|(?:i|we)(?:['’]m| am|['’]re| are|m) (?:looking"
    r"|here"
    r"|trying|wanting|hoping) to|let['’]?s|lets|shall we|wanna|want to|need to|like to)"
    r"(?: please| just| quickly)?(?: be able to)?"
)
#: A request as it begins a message or a part of one.
_REQUEST = re.compile(rf"(?:^|(?<=[,.;:!?\n])\s*|\b(?:and|so|but|please)\s+){_LEAD}{_WANTS} {_DO}")
_COMMAND = re.compile(
    rf"^{_LEAD}(?:start|begin|open|run|do|carry out|complete) (?:an? |the |my )?{_SCREENING}\b"
    rf"|^{_LEAD}(?:screen|risk[ -]?assess) (?:this|my|a|an|one|him|her|another)\b{_NO_CHILD}"
    r"|\b(?:risk[ -]?assess|screen|work|go|do|assess)\b[^.?!]{0,40}\b(?:together )?with me\b"
)
#: Asks about a screening or an assessment and wants none now.
_ASKS_ABOUT = re.compile(
    r"\b(?:how|what|which|whose|when|where|why|whether|who (?:do|does|should|can|must|has|is|to))\b"
    r"[^,.;:!?]{0,40}\b(?:screen\w*|risk[ -]?assess\w*)|\b(?:do|does|did|should|must|shall"
    r"|may) (?:i|we|they|he|she|social"
    r" workers?|schools?|it|the \w+)\b[^,.;:!?]{0,30}\b(?:screen\w*|risk[ -]?assess\w*)"
    r"|\b(?:after|before|without|once|until|since) (?:\w+ ){0,4}(?:screening|risk[ -]?assess\w*)"
    r"|\b(?:already|been|was|were|has|have|had|done|did) (?:\w+ ){0,2}(?:screened|risk[ -]?assessed"
    r"|screening|risk[ -]?assessment)"
    r"|\b(?:can|could) (?:i|we) (?:[\w ]{0,30})\b(?:refuse|skip|share|send|save|print|stop"
    r"|without)\b"
    r"|\b(?:don['’]?t|do not|doesn['’]?t|not|no need to) (?:\w+ ){0,3}(?:screen\w*"
    r"|risk[ -]?assess\w*"
    r"|work through)"
)


def asks_to_screen(text: str) -> bool:
    """Whether `text`, as it was typed, asks outright that a screening be done now."""
    plain = " ".join(text.lower().replace("’", "'").split())
    if _ASKS_ABOUT.search(plain):
        return False
    return bool(_REQUEST.search(plain) or _COMMAND.search(plain))
