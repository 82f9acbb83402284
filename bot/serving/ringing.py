"""Tells whether 999 was rung, by what is typed after danger.

A call that was thought of, planned, missed or asked about is none. What else is said stays as it
was written, so that the watch can look at it.
"""

from __future__ import annotations

import re

_SOON = r"(?:(?:just|already|now|also|all|finally|literally) )*"
_SUBJECT = (
    r"(?:\b(?:i|we|she|he|they|someone|somebody|my \w+|the \w+)?(?:['’]?ve|['’]?s| have| has)?\s+)?"
)
_POLICE = r"(?:999|112|police(?: officers?| car)?|cops|officers|ambulances?|paramedics?)"
_WHO = rf"(?:for )?(?:the |an? |our |some )?(?:{_POLICE}|emergency services?)\b"
_CALLED = (
    r"(?:rung|rang|phoned|called|dial?led|contacted|(?<=\bi )told|(?<=\bwe )told|(?<=ve )told"
    r"|sp(?:oke|oken) (?:to|with)|(?:got|been) through to|been on ?to"
    r"|on (?:the )?(?:phone|line) (?:to|with)|off (?:the )?phone (?:to|with|from)"
    r"|reported (?:it|this|him|them) to)"
)
_RANG = re.compile(rf"{_SUBJECT}{_SOON}\b{_CALLED} {_SOON}{_WHO}", re.IGNORECASE)
#: Where a clause ends, or a new one begins without so much as a comma.
_THERE_IT_ENDS = (
    r"(?=\W*$|\W+(?:and|so|then|now|soon|what|who|how|do|does|should|shall|can|is there|anything"
    r"|they|i|we|he|she|any minute|straight away|asap)\b)"
)
_ON_THE_WAY = r"on (?:(?:the|their|there|its|it['’]?s) )?way|on route|en route"
_SENDING = r"sending (?:someone|somebody|a car|an? \w+|them|\w+)"
_ARE = r"(?:['’]?(?:re|s)| (?:is|are|r|was|were))"
_HAVE = r"(?:['’]?(?:ve|s)| (?:have|has))"
_SAY = r"(?: (?:said|say|says))?(?: that)?(?: (?:they|it|someone|somebody))?"
_COME_TO_HELP = (
    # on the way, sending a car, 5 minutes away: said of nothing else
    rf"{_SAY}(?:['’]?(?:re|s|ll)| are| is| r| will)?(?: be)? {_SOON}"
    rf"(?:(?:{_ON_THE_WAY}|{_SENDING}|on (?:the )?scene|turned up|dispatched)\b|\d+ min\w*)"
    # “police are coming”, “the ambulance is here”: no “police here are …”, “coming to the meeting”
    rf"|{_SAY}{_ARE}? {_SOON}(?:coming|attending|arriv(?:ed|ing)|outside"
    rf"|with (?:us|me|her|him|them)){_THERE_IT_ENDS}"
    rf"|{_ARE}? {_SOON}coming (?:out|round|over|to (?:us|me|her|him|them|the (?:house|flat)))\b"
    rf"|{_HAVE} {_SOON}(?:arrived|come|turned up|got here|got there)\b"
    rf"|{_ARE} {_SOON}(?:here|there){_THERE_IT_ENDS}"
    # “have been called”, “were just rung”; “were informed at the last meeting” is a story
    rf"|(?:{_HAVE} {_SOON}been|{_ARE} (?:being|just|now|all)) {_SOON}"
    rf"(?:called|rung|phoned|sent(?! away)|dispatched)\b"
    rf"|{_HAVE} {_SOON}been {_SOON}(?:informed|told|contacted){_THERE_IT_ENDS}"
)
_HELP_COMES = re.compile(
    rf"\b{_WHO}(?:{_COME_TO_HELP})(?: now| soon)?"
    # “police called”, “ambulance sent”: all that is said
    rf"|^\W*(?:(?:ok(?:ay)?|yes|right|and) )?{_POLICE} {_SOON}"
    r"(?:called|rung|phoned|informed|contacted|sent|here|there|outside)(?: now| already)?\W*$",
    re.IGNORECASE,
)
#: “They are on the way”: said of the police only by who has just said that they rang, and only
#: where nothing follows: whoever comes up the stairs is not the police.
_THEY_COME = re.compile(
    r"(?:(?:\b(?:and|who|so) )?(?:\b(?:they|he|she) (?:said|say|told (?:me|us)) (?:that )?)?"
    r"\b(?:they|it|someone|somebody)(?:['’]?(?:re|s|ll|ve)| are| r| is| will| have)?(?: be)? "
    rf"{_SOON}(?:(?:{_ON_THE_WAY}|coming|{_SENDING})\b|\d+ min\w*)(?: now| soon)?"
    r"|(?:\bthey )?\b(?:said|say) \d+ min\w*)"
    r"(?=\W*$|\W+(?:and|what|who|how|do|does|should|shall|can|is there|anything)\b)",
    re.IGNORECASE,
)
#: “I've rung”, “yes, rang them now”: the whole message.
_RUNG_ALONE = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yep|yeah|done|right|just|now|already|i|we|i['’]?ve|we['’]?ve|have)\s+)*"
    r"(?:rung|rang|phoned|called)(?: (?:them|it|it in|now|already|thanks?|just now))*",
    re.IGNORECASE,
)
#: “999 done”, “call made”, “police have been”: the whole of a clause.
_CALL_MADE = re.compile(
    r"(?!have (?:i|we|you|they|the|police)\b)"
    rf"(?:(?:ok(?:ay)?|yes|yep|yeah|right|and|the|i|we|i['’]?ve|ive|we['’]?ve|have|just|already"
    rf"|now)\s+)*"
    rf"(?:{_WHO} (?:(?:is|are|has been|have been|have|has|all|now|just|already) )*(?:done|made"
    rf"|sorted"
    r"|on it|on the case|aware|attended|notified|been|came|dealing(?: with (?:it|this|him|her))?"
    r"|dealt with (?:it|this|him)|got it)"
    rf"|(?:done|did|made) (?:the |that |a )?(?:call|ring|{_POLICE}|phone call)(?: to {_WHO})?"
    r"|(?:the |that )?call(?:['’]?s| is| has been| was)? (?:made|done)"
    r"|(?:called|rung|rang|phoned|reported) (?:it|this|that) in)"
    r"(?: (?:now|already|thanks?|just now|here|round|out|and gone|to (?:us|me|her|him"
    r"|the house)))*",
    re.IGNORECASE,
)
#: Said alone, straight after “ring 999 now”.
_DONE = re.compile(
    r"(?!have (?:i|we|you|they|the|police)\b)"
    r"(?:(?:ok(?:ay)?|yes|yep|yeah|yup|right|and|all|i|we|i['’]?ve|ive|we['’]?ve|have|just"
    r"|already|now)\s+)*"
    r"(?:(?:done|did)(?: (?:that|it|this|so|both|all (?:that|of that)))?"
    r"|(?:(?:yes|yep|yeah|yup) )?(?:i|we)(?: already)? (?:have|did)|have done|already have)"
    r"(?: (?:now|already|thanks?|thank you|just now))*",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[.,;!?\n]+|\bso\b|(?=\bbut\b)", re.IGNORECASE)
#: It is asked, planned or denied, or was long ago.
_NOT_RUNG = re.compile(
    r"^\W*(?:and |but |so )?(?:is|are|did|do|does|should|shall|when|will|would|can|could|why|how"
    r"|what|who|if|ha(?:s|ve) (?:you|i|we|the|an?|any\w*|some\w*|he|she|they))\b"
    r"|\b(?:would|could|should|might|may|must|will|ought to|to)(?:['’]?ve\b| (?:\w+ )?have\b)"
    r"|['’](?:d|ll) (?:\w+ )?have\b|\b(?:would|could|should)a\b|\bwish\b"
    r"|\b(?:not|never|no|nobody|none|without|until|unless|if|before|instead|should|refus\w+"
    r"|(?:have|has|had|did|do|does|are|is|was|were|wo|ca|could|would|should)n['’]?t|cannot"
    r"|(?:about|going|need|want|trying|scared|afraid) to|needs? (?:the|an?)|tried"
    r"|cancel\w*|hung up|engaged"
    r"|last (?:week|month|year|night|time)|yesterday|tomorrow|next (?:week|month|time)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:days?|weeks?|months?|years?) ago)\b",
    re.IGNORECASE,
)
#: Nobody took the call.
_NOT_TAKEN = re.compile(
    r"\bno answer\b|\bhung up\b|\b(?:not|cannot|(?:did|have|has|are|is|wo|ca|could|does|do)n['’]?t)"
    r" (?:be )?(?:answer\w*|get through|pick\w* up|connect\w*)"
    r"|\b(?:nobody|no ?one|no body)(?: is|['’]?s)? (?:answer|pick)\w*"
    r"|\bvoice ?mail|\banswer(?:ing)? ?(?:machine|phone)|\bengaged\b|\bon hold\b"
    r"|\b(?:line|it|they|police|999|its|still|all)\b(?:['’]s|['’]re)?(?: \w+){0,2} busy\b"
    r"|^\W*busy\b"
    r"|\bno (?:signal|credit|battery)\b|\bcut (?:me |us )?off\b|\bgot cut\b|\bdisconnected\b"
    r"|\bcall (?:failed|dropped|ended)\b|\br(?:i|a)ng(?:s|ing)? out\b|\bin a queue\b"
    r"|\b(?:just|only|keeps|kept|just keeps) r(?:i|a)ng(?:s|ing)?(?: and ringing)?\W*$",
    re.IGNORECASE,
)
#: Nobody comes.
_NOT_COMING = re.compile(
    r"\brefus\w+|\bnever (?:came|come)\b|\b(?:sent|went|gone|go|turned) away\b"
    r"|\b(?:not|(?:did|have|has|are|is|was|were|wo|ca|do)n['’]?t|cannot)"
    r" (?:be )?(?:come|coming|turn\w*|arriv\w*|here|yet|send\w*)"
    r"|\b(?:nobody|no ?one|no body)(?: is|['’]?s)? (?:com|turn)\w*",
    re.IGNORECASE,
)
#: They were there, and are no longer: neither help that comes nor a call that failed.
_GONE = re.compile(
    r"\b(?:police|ambulance|paramedics|officers|they)(?: have| has|['’]ve)? (?:just )?left\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\?|^\W*(?:can|could|should|what|why|how|who|when|where|do|does|did|is|are|will|if)\b",
    re.IGNORECASE,
)
_POLICE_NAMED = re.compile(rf"\b{_POLICE}\b", re.IGNORECASE)
#: Police who stay away from these are missed by nobody who is in danger.
_MEETINGS = re.compile(
    r"\b(?:meetings?|reviews?|conferences?|panels?|strategy|last time|ago|yesterday"
    r"|last (?:week|month|year|night))\b",
    re.IGNORECASE,
)
_OF_A_CALL = re.compile(r"\b(?:r[iau]ng|ringing|phon\w+|call\w*|dial\w*)\b", re.IGNORECASE)
#: So short a message is about the call itself: “put me on hold”, “they hung up”.
_SHORT = 6
_OF_SOMEBODY = re.compile(
    r"\b(?:her|his|she|he|you|mum|dad|parents?|manager|their|phone|social|mash|council|hub|team"
    r"|duty|school)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|and|right|thanks?|thank you|(?:i|we)['’]?ve|['’]ve"
    r"|i|we|have|now|all|done|so|already"
    r"|(?:told|said to) you(?: that)?|as i said)\b\W*)*",
    re.IGNORECASE,
)
#: “rang 999 what should i do”: what is asked says nothing of the call.
_ASKS_ON = re.compile(r"\b(?:what|who|how|where)\b", re.IGNORECASE)
_FEWEST = 2


def after_ringing(text: str) -> str | None:
    """What else is said by who tells that 999 was rung or that help is on its way.

    An empty text where there is nothing else; None where no such thing is told. Only the call and
    the help that comes are left out.
    """
    if any(away.search(text) for away in (_NOT_TAKEN, _NOT_COMING, _GONE)):
        return None
    told = False
    rest: list[str] = []
    for piece in _PIECES.split(text):
        alone = piece.strip()
        if _RUNG_ALONE.fullmatch(alone) or _CALL_MADE.fullmatch(alone):
            told = True
            continue
        rings = _RANG.search(piece) or _HELP_COMES.search(piece)
        if rings and not _NOT_RUNG.search(_without_question(piece, rings.end())):
            told = True
            piece = _HELP_COMES.sub(" ", _RANG.sub(" ", piece))
        rest.append(piece)
    if not told:
        return None
    left = [
        piece if piece.startswith("but ") else _FILLER.sub("", _THEY_COME.sub(" ", piece).strip())
        for piece in map(str.strip, rest)
    ]
    return ". ".join(piece.strip() for piece in left if len(piece.split()) >= _FEWEST)


def says_done(text: str) -> bool:
    """Whether a message says no more than that something was done: “done”, “yes i have”."""
    plain = " ".join(re.sub(r"[.,!]+", " ", text).split())
    return "?" not in text and _DONE.fullmatch(plain) is not None


def not_rung(text: str) -> bool:
    """Whether a message speaks of a call that was not made: “I would have rung”, “not rung yet”."""
    speaks = _OF_A_CALL.search(text) and _NOT_RUNG.search(text)
    return bool(speaks) and after_ringing(text) is None


def _without_question(piece: str, after: int) -> str:
    """A piece up to the question that is put in it after that place."""
    asked = _ASKS_ON.search(piece, after)
    return piece[: asked.start()] if asked else piece


def call_failed(text: str) -> bool:
    """Whether a message tells that nobody took the call, or that nobody comes."""
    if _ASKED.search(text) or _MEETINGS.search(text):
        return False
    if _RANG.search(text) or _POLICE_NAMED.search(text):
        return bool(_NOT_TAKEN.search(text) or _NOT_COMING.search(text))
    short = len(text.split()) <= _SHORT and not _OF_SOMEBODY.search(text)
    return short and _NOT_TAKEN.search(text) is not None
