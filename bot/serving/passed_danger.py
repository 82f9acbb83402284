"""Finds where a message takes an alarm back: the danger is over, was long ago, or never was.

Read only while an alarm stands. What somebody else says, hopes or asks is no such thing, and
whatever is told beside it stays to be looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.serving.denied_danger import without_denied_danger

#: Words that carry nothing, before and after what counts.
_LEAD = (
    r"(?:(?:no|nope|yes|yeah|yep|ok(?:ay)?|oh|phew|sorry|soz|actually|update|well|right|it['’]?s"
    r" (?:ok(?:ay)?|fine|alright)|thank (?:god|goodness|you)|thanks|thankfully|luckily|good news"
    r"|i think|think|apparently|but|and|so|just|all|my bad|dont worry|don['’]t worry|no worries)"
    r"\b[\s–-]*)*"
)
_SOON = (
    r"(?:(?:just|already|now|also|all|both|finally|definitely|actually|really|completely"
    r"|totally|quite|perfectly|absolutely|back) )*"
)
_CHILD = (
    r"(?:she|he|they|both|all|everyone|everybody|we|i|(?:the |this |that |our |my )?(?:child"
    r"|children|girls?|boys?|lads?|lass|kids?|yps?|young (?:person|people)|daughter|son|pupil"
    r"|student|resident))"
)
_ARE = r"(?:['’]s|['’]re|['’]m|s|re|m| is| are| am|)"
_HAS = r"(?:['’]s|['’]ve|s|ve| has| have| is| are|)"
_KEEPERS = (
    r"(?:me|us|(?:the |her |his |their |our |my )?(?:police|staff|mum|mam|mom|dad|parents?|nan|gran"
    r"|grandma|grandparents|aunt(?:ie)?|family|foster (?:carer|family|mum)s?|carers?|social worker"
    r"|sw|key ?worker|teacher|school|paramedics?|ambulance|nurses?|doctors?|ward|hospital))"
)
_SAFE_PLACE = (
    r"(?:home(?! alone)|here|(?:in|at|to|inside) (?:the |my |our |her |his )?(?:office|school|class"
    r"|lesson|placement|unit|building|house|home|hospital|a ?(?:and|&) ?e|ward|police station"
    r"|station|reception|nan['’]?s|mum['’]?s|foster home|care)|in (?:an?|the) ambulance"
    rf"|(?:with|beside|next to) {_KEEPERS})"
)
_SAFE = (
    r"(?:safe(?:ly)?(?: and (?:well|sound))?|ok(?:ay)?|fine|alright|all right|unharmed|unhurt"
    r"|out of danger)"
)
#: A day that is no longer today.
_DAY = (
    r"(?:yesterday|the other (?:day|week|night)|(?:some|a (?:long|little)) (?:time|while) (?:ago"
    r"|back)"
    r"|a while (?:ago|back)|ages ago|last (?:night|week|weekend|month|year|summer|winter|term"
    r"|spring"
    r"|autumn|christmas|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)"
    r"|(?:(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|few|a few|several|couple(?: of)?"
    r"|a couple(?: of)?|some|many|\d+) )?(?:days?|weeks?|months?|years?|yrs?)(?: or so)? (?:ago"
    r"|back)"
    r"|(?:back )?in (?:the past|(?:19|20)\d\d|january|february|march|april|june|july|august"
    r"|september|october|november|december|the (?:summer|holidays))"
    r"|when (?:she|he|they) (?:was|were) (?:little|young(?:er)?|small|a (?:child|baby)|\d+))"
)
_WEEKDAY = r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_TAIL = (
    rf"(?:[\s,]*\b(?:now|again|today|at the moment|atm|{_SAFE_PLACE}|{_SAFE}|thank (?:god|goodness)"
    r"|thanks|any ?more|though|tbh|actually|i think|and (?:well|sound)|sorry|not (?:today|now"
    r"|tonight)"
    r"|in the end|after all|all along|from (?:him|them|there|it))\b)*"
)
_IT = (
    r"(?:(?:it|this|that)(?: all)?(?: just)?(?: (?:has|had|have))?"
    r"|(?:all|everything|the (?:whole )?(?:thing|situation|incident|message))(?: of (?:it|this))?)"
)
#: The danger is over.
_OVER = (
    rf"\b{_CHILD}{_ARE} {_SOON}{_SAFE}\b{_TAIL}",
    rf"\b{_CHILD}{_ARE} {_SOON}(?:back |come |came |got |gone |went |arrived |sat |sitting )?"
    rf"{_SAFE_PLACE}{_TAIL}",
    rf"\b{_CHILD}{_HAS} {_SOON}(?:back|been found|turned up|come (?:back|home|down)|came (?:back"
    rf"|home|down)|got (?:away|out|home|back|free|down)|escaped|returned|run (?:home|to us)|down"
    rf"|awake|breathing(?: again)?|calm(?:ed down|er)?|been (?:rescued|picked up by {_KEEPERS}"
    rf"|collected by {_KEEPERS}|seen by (?:a |the )?(?:doctor|gp|nurse|paramedic)s?))\b"
    r"(?! (?:with|to|at|for|in) (?:him|them|his|their|the (?:man|men|bloke|flat|car|boyfriend))\b)"
    rf"{_TAIL}",
    rf"\b(?:i|we|police|the police|staff|mum|her mum|his mum|ambulance|paramedics|hospital|"
    rf"officers)(?:['’]ve|ve| have| has)? {_SOON}(?:found|rescued|recovered|collected|picked up"
    rf"|got|have"
    rf"|has|brought|located|with|arrived with)? ?(?:her|him|them|the (?:child|girl|boy|lad|yp))"
    rf"(?: (?:back|out|safe(?:ly)?|home|down|now|away|with us))*{_TAIL}$",
    rf"\b(?:he|they|the (?:man|bloke|boyfriend))(?:['’]s|s| has| have)? {_SOON}let (?:her|him"
    rf"|them|me) (?:go|out|leave)"
    rf"\b{_TAIL}",
    rf"\b(?:he|the (?:man|bloke|guy|boyfriend|dealer)|(?:the )?(?:men|blokes|guys)){_HAS} {_SOON}"
    r"(?:gone(?: away| off| home)?|left|driven off|run off|ran off|drove off|walked off"
    r"|been arrested"
    rf"|(?:been )?(?:nicked|moved on|taken away|removed)|arrested|in custody){_TAIL}$",
    rf"\b(?:police|they|officers|the police)(?:['’]ve|ve| have| has)? {_SOON}(?:arrested|nicked"
    rf"|taken|got|removed"
    rf"|detained) (?:him|the (?:man|bloke|guy|boyfriend))(?: away| in custody)?{_TAIL}$",
    rf"\b(?:it|this|that|everything|all)(?:['’]s|s| is| was)? {_SOON}(?:over|sorted(?: out)?"
    rf"|dealt with|resolved"
    rf"|under control|calm(?:ed down)?|stopped|settled(?: down)?)(?: with)?\b{_TAIL}$",
    rf"^{_LEAD}(?:all )?(?:sorted|safe(?: (?:now|again|and (?:well|sound)))?|safe|all (?:safe"
    rf"|clear|good|fine|ok(?:ay)?|over"
    r"|calm)|(?:danger|crisis|threat|emergency)(?:['’]s| is| has)?(?: now)? (?:over|passed|gone)"
    rf"|no(?:t in| longer in|t)? (?:any )?(?:danger|emergency)(?: now| any ?more)?|not any ?more"
    rf"|(?:it['’]?s|its|we['’]?re) (?:all )?(?:ok(?:ay)?|fine|good|alright|safe)(?: now| again)?"
    rf"|got (?:her|him|them)(?: back| out| safe)?|found (?:her|him|them)){_TAIL}$",
)
#: It was long ago, or is past.
_PAST = (
    rf"\b{_IT}(?:['’]s|s| is| was| were| happened| took place| would have been| was all| be"
    rf"| been)(?: all| back)?"
    rf" {_DAY}\b{_TAIL}",
    rf"\b{_IT}(?: was| were| happened| took place| would have been)(?: all"
    rf"| back)? {_WEEKDAY}\b{_TAIL}",
    rf"^{_LEAD}(?:not|isn['’]?t) (?:happening )?(?:now|today|tonight|right now"
    rf"|current(?:ly)?)\b{_TAIL}$",
    rf"\b(?:it|this|that)(?:['’]s|s| is| was) (?:in the past|(?:an? )?historic(?:al)?(?: (?:case"
    rf"|abuse|concern|thing))?|all in the past|an old case"
    rf"|past|not (?:happening )?(?:now|today|tonight|right now|current(?:ly)?))\b{_TAIL}",
    rf"\b(?:it|this|that) isn['’]?t (?:happening )?(?:now|today|tonight|right now"
    rf"|current(?:ly)?)\b{_TAIL}",
    rf"^{_LEAD}(?:(?:it['’]?s|its|this is|that is) )?(?:past|in the past"
    rf"|historic(?:al)?(?: (?:case|abuse|concern))?|years ago|{_DAY})"
    rf"{_TAIL}$",
)
#: It never was.
_MISTAKEN = (
    r"\bfalse alarm\b",
    r"\bpanic over\b",
    r"\b(?:that|this|it)(?:['’]s|s| is| was)? (?:only |just |all )?(?:an? )?(?:mistake"
    r"|hypothetical(?: \w+)?|test|"
    r"example|exercise|training(?: \w+)?|joke|misunderstanding|scenario|made up|case study"
    r"|role ?play"
    r"|not real|for (?:training|an essay|a course)|pretend)\b",
    r"\b(?:i(?: was|['’]?m|m)?|we(?: were|['’]?re)?) (?:only |just )?(?:testing(?: (?:you|this"
    r"|it))?|asking hypothetically"
    r"|got (?:it|that) wrong|misread(?: (?:it|that))?|made a mistake|mistaken|trying (?:it|this"
    r"|you) out)\b",
    rf"^{_LEAD}(?:(?:an? )?(?:hypothetical(?:ly)?|test|scenario|example|exercise|drill)|mistake"
    rf"|wrong (?:child|person|chat|message|window"
    r"|girl|boy|one)|my mistake|mistyped|misread (?:it|that)|typo)\b",
    r"\bwrong (?:child|chat|window|person)\b",
    r"\b(?:ignore|scratch|disregard|forget) (?:that|this|me|my (?:last )?(?:message|one)|it"
    r"|the last (?:one|message)|what i said)\b",
    r"\b(?:that|it|this) (?:did ?n['’]?t|never) (?:actually |really )?happen(?:ed)?\b",
    r"\bi (?:did ?n['’]?t|didn['’]t) mean (?:it|that|now|right now|literally|(?:it )?like that)\b",
)
_PIECES = re.compile(
    r"[.,;!?\n]+|\s[–-]\s|\bbut\b|\band (?=(?:i|we|she|he|they|police|the|it|what|who|how|do|should"
    r"|now)\b)|\b(?:so|then)\b|\b(?=let['’]?s\b|lets\b)",
    re.IGNORECASE,
)
_OVER_RE = [re.compile(one, re.IGNORECASE) for one in (*_OVER, *_PAST)]
_MISTAKEN_RE = [re.compile(one, re.IGNORECASE) for one in _MISTAKEN]
#: Nobody said so, or not that it is so.
_NOT_SAID = re.compile(
    r"\b(?:not|never|isn['’]?t|aren['’]?t|wasn['’]?t|ain['’]?t|nobody|no ?one|don['’]?t (?:think"
    r"|know|believe)"
    r"|do not (?:think|know|believe)|hop(?:e|ing)|wish|want|if|unless|until|till|when|once"
    r"|whether|how"
    r"|maybe|might|perhaps|possibly|probably|(?:not|un) ?sure|doubt|says?|said|texted|texts"
    r"|reckons?|claims?"
    r"|claimed|insists?|swears?|promised|pretend\w*|told|tells|thinks|thought|will|['’]ll|would"
    r"|could"
    r"|should|needs?|make sure|keep|get|was|were|looks?|seems?|sounds?|supposed)\b",
    re.IGNORECASE,
)
#: Those whose word is taken for it.
_TOLD_BY = re.compile(
    r"\b(?:police|officers?|hospital|ambulance|paramedics?|nurse|doctor|school|staff|social worker"
    r"|manager|mash|hub|social care|duty|foster carer|carer|mum|i|should have)(?: (?:just|has"
    r"|have))? "
    r"(?:says?|said|told (?:me|us)|confirmed|think)(?: that)?\b",
    re.IGNORECASE,
)
#: Told beside it, these are new danger, or one that goes on.
_GOES_ON = re.compile(
    r"\b(?:still|except|though|however|outside|coming|back for|after (?:her|him|us|me)|taken|took"
    r"|(?:got|has|have|holding|with) (?:her|his|my|another|the other|a) (?:\w+ )?(?:sister"
    r"|brother|friend|mate"
    r"|cousin|girl|boy|lad|child|kid|one|daughter|son|phone)|sister|brother|another"
    r"|other (?:girls?|boys?"
    r"|lads?|child\w*|kids?|ones?|victims?)|others|someone else|somebody else|bleed\w*|unconscious"
    r"|overdos\w*|breath\w*|knife|gun|weapon|missing|hurt\w*|attack\w*|scream\w*|hit|banging"
    r"|kicking"
    r"|threat\w*|follow\w*|pills|tablets|chasing|trapped|locked|kill\w*|dead|dying|grabbed|gone"
    r"|lost"
    r"|not safe|isn['’]?t safe|unsafe|in danger|he['’]?s|hes|they['’]?re|theyre|he is|they are"
    r"|he has)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^\W*(?:and |so |then |now |ok )*(?:do|does|did|should|shall|must|can|could|what|who|whom"
    r"|how|where|which"
    r"|when|is|are|will|would|need i|still need|still refer|still report|still tell)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    rf"\W*{_LEAD}\W*(?:(?:now|then|again|though|please|ta|cheers|the|its|it|i mean"
    rf"|scrap that)\b\W*)*",
    re.I,
)
#: Only if, or with whom there was danger.
_ONLY_IF = re.compile(
    r"^\W*(?:if|unless|until|till|while|as long as|only|hopefully|i hope|or (?:is|not))\b"
    r"|\b(?:with|to|at|for|from|beside|by) (?:him|them|his|their|the (?:man|men|bloke|guy"
    r"|boyfriend)"
    r"|(?:her|his) (?:boyfriend|bf|ex))\b",
    re.IGNORECASE,
)
#: Who is back, or here, may be who is feared.
_FEARED = re.compile(
    rf"(?:he|they)(?:['’](?:s|re|ve)|s|re|ve| has| have| is| are|) {_SOON}(?:back|here|home|got"
    rf"|come (?:back|home)|came|escaped|returned|turned up"
    r"|in (?!custody)|at |to |inside )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Passed:
    """What takes an alarm back. `mistaken`: there never was danger.

    `rest` is what else is said. `goes_on`: some of that may be danger that goes on, or new.
    """

    mistaken: bool
    rest: str
    goes_on: bool


def passed_danger(text: str) -> Passed | None:
    """What a message says of a danger that is over or never was; None where it does not say so."""
    mistaken = goes_on = False
    rest: list[str] = []
    denied = without_denied_danger(text)
    over = denied is not None
    for piece, asked in _pieces(text if denied is None else denied):
        found, left = _taken_back(piece, _MISTAKEN_RE)
        if found:
            mistaken = True
        else:
            found, left = _taken_back(piece, _OVER_RE)
            if found and asked and _FILLER.fullmatch(left):
                left = piece  # “she's safe?”
            else:
                over = over or found
        if _FILLER.fullmatch(left):
            continue
        rest.append(left + asked)
        if not (asked == "?" or _ASKS.search(left)):
            goes_on = goes_on or _GOES_ON.search(left) is not None
    if not (over or mistaken):
        return None
    return Passed(mistaken and not over, ". ".join(rest), goes_on)


def _pieces(text: str) -> list[tuple[str, str]]:
    """The clauses of a text, each with the question mark that ends it, if one does."""
    found: list[tuple[str, str]] = []
    start = 0
    for end in [*_PIECES.finditer(text), None]:
        upto = end.start() if end else len(text)
        if piece := text[start:upto].strip():
            found.append((piece, "?" if end and "?" in end.group() else ""))
        start = end.end() if end else upto
    return found


def _taken_back(piece: str, patterns: list[re.Pattern[str]]) -> tuple[bool, str]:
    """Whether a clause takes an alarm back, once or more, and what it says beside that."""
    left = _without_one(piece, patterns)
    if left is None:
        return False, piece
    while (less := _without_one(left, patterns)) is not None:
        left = less
    return True, left


def _without_one(piece: str, patterns: list[re.Pattern[str]]) -> str | None:
    """A clause without the first words that take an alarm back, or None where there are none."""
    for pattern in patterns:
        found = pattern.search(piece)
        if found is None:
            continue
        before, after = _TOLD_BY.sub(" ", piece[: found.start()]), piece[found.end() :]
        if _NOT_SAID.search(before) or _ASKS.match(piece):
            continue
        if _ONLY_IF.search(after) or _FEARED.match(found.group()):
            continue
        return f"{before} {after}".strip()
    return None


#: The whole of a message: who is feared is back, or a child is not safe.
_NOT_PASSED = re.compile(
    r"\W*(?:(?:no|but|oh no|help|now|and|wait|actually)\b\W*)*(?:"
    r"(?:he|the (?:man|bloke|guy))(?:['’]?s| is| has)? (?:just |now |already )*(?:back|here"
    r"|come back|came back"
    r"|coming back|still (?:here|there|outside|in (?:there|here)|at it))"
    r"|(?:she|he|they|we|i|it|this|that|(?:the )?(?:child|girl|boy|lad|yp))(?:['’]?(?:s|re|m)| is"
    r"| are| am)?"
    r"(?: still| definitely| really)? ?(?:not|n['’]?t|isn['’]?t|aren['’]?t) (?:safe|over"
    r"|ok(?:ay)?|an? false alarm)"
    r"|(?:she|he|they)(?:['’]?(?:s|re)| is| are)? (?:still |gone |back |off "
    r"|gone off )*(?:with (?:him|them)"
    r"|in there|still in there)"
    r"|(?:it['’]?s |its |it is )?(?:still happening|happening now|not over)"
    r")(?:\W*(?:now|again|though|yet|still|at all))*\W*",
    re.IGNORECASE,
)


def says_not_passed(text: str) -> bool:
    """Whether a message says no more than that danger goes on: “he's back”, “she is not safe”."""
    return "?" not in text and _NOT_PASSED.fullmatch(text) is not None
