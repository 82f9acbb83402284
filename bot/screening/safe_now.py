"""Reads whether somebody is safe now, where it is asked whether anyone is in danger. Pure.

Whole messages only, and only what leaves no doubt: “not safe” is no “safe”, and a no that goes on
to tell of danger is asked about again.
"""

from __future__ import annotations

import re

_LEAD = (
    r"(?:(?:no|nope|nah|n|not|well|um+|er+m?|ok(?:ay)?|oh|yes|yeah|right|as far as (?:i|we) know"
    r"|i think|currently|at the moment|right now|for now|thankfully|luckily|today)[\s,.:-]+)*"
)
_NO_NOT = r"(?!.*\bnot\b)"
_WHO = (
    r"(?:s?he|they|everyone|everybody|all|both|we|it|child|yp"
    r"|the (?:child|girl|boy|lad|yp|young person))(?:['’]?s|['’]?re| is| are)?"
)
_TIME = (
    r"(?:[\s,]+(?:right now|now|at the moment|atm|currently|for now|for the moment|tonight|today"
    r"|at present|as far as (?:i|we) know|i think|thanks|thank you|here|there|though|yet))*"
)
_PLACE = (
    r"(?:at (?:home|school|college|work|placement|nursery|hospital|her mums?|his mums?|(?:her|his)"
    r" (?:nans?|grans?|placement|foster carers?))"
    r"|(?:here )?with (?:me|us|staff|her (?:mum|nan|gran|foster carers?|social worker)"
    r"|his (?:mum|nan|gran|foster carers?|social worker)"
    r"|with (?:the |a )?(?:teacher|school nurse|carer)s?)"
    r"|in (?:(?:her|his|their|the|my|our) )?(?:bed|room|bedroom|class|classroom|school|office"
    r"|lessons?|unit|placement|house|home|ward|hospital|college|building|care|lounge|kitchen)"
    r"|home|asleep|in|indoors|upstairs|downstairs)"
)
_SAFE = r"(?:(?:safe|fine|ok(?:ay)?|alright|all right)(?: and (?:well|sound))?)"
_SAFE_NOW = re.compile(
    rf"{_NO_NOT}{_LEAD}(?:{_WHO} )?(?:all |perfectly |quite |very |both )*safe"
    rf"(?: and (?:well|sound))?(?:[\s,]+{_PLACE})?{_TIME}"
    rf"|{_NO_NOT}{_LEAD}{_WHO} (?:all |perfectly |quite |both )*{_SAFE}(?:[\s,]+{_PLACE})?{_TIME}"
    # a place alone says nothing without a no before it
    rf"|{_NO_NOT}(?:no|nope|nah)[\s,.:-]+{_LEAD}{_WHO} (?:{_PLACE})(?:[\s,]+{_PLACE})?{_TIME}"
)
_NO_DANGER = re.compile(
    rf"{_LEAD}(?:(?:there(?:['’]?s| is)|i see|{_WHO}(?: in)?) )?(?:no|not(?: in)?(?: any)?|not an?)"
    rf" (?:immediate |real |current )?(?:danger|emergency)(?: to (?:life|anyone))?{_TIME}"
    rf"|(?:(?:no|nope|nah)[\s,.:-]+)*not (?:right now|at the moment|currently|at present|now|today"
    rf"|immediately|yet|at this (?:moment|point|time)|that i (?:can )?see|as such|atm){_TIME}"
    rf"|{_LEAD}(?:nobody|no ?one|none|none of them)(?: is| are|['’]s)?(?: in danger)?{_TIME}"
)
#: A no beside which danger is told of all the same.
_BUT_DANGER = re.compile(
    r"\b(?:not|never|hardly|isn['’]?t|ain['’]?t|n['’]t|barely) (?:\w+ )?(?:safe|ok|okay|fine)\b"
    r"|\b(?:unsafe|missing|gone|disappeared|hurt|bleeding|unconscious|overdos\w*|threat\w*|weapon"
    r"|knife|gun|attack\w*|trapped|locked|kidnap\w*|abduct\w*|suicid\w*"
    r"|with (?:him|the man|that man|them|those men)"
    r"|on (?:his|her|their|the) way|coming (?:for|to|round)|outside (?:now|the)"
    r"|don['’]?t know where|no idea where|can['’]?t find)\b"
)
_BUT_NOT = re.compile(
    r"\b(?:not|isn['’]?t|never|no longer|wasn['’]?t) (?:\w+ )?(?:missing|hurt|gone)\b"
)


def says_safe(text: str) -> bool:
    """Whether a message says, and says nothing else, that nobody is in danger now."""
    plain = " ".join(text.lower().replace("’", "'").split()).strip(" .!,")
    return bool(_NO_DANGER.fullmatch(plain) or _SAFE_NOW.fullmatch(plain))


def tells_danger_beside_no(text: str) -> bool:
    """Whether a message that begins with a no goes on to tell of what may be danger."""
    plain = " ".join(text.lower().replace("’", "'").split())
    begins = re.match(r"(?:no|nope|nah|n)\b", plain) is not None
    return begins and bool(_BUT_DANGER.search(_BUT_NOT.sub(" ", plain)))
