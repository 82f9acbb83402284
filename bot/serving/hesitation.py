"""Finds who hesitates to ring 999, refuses to, or would do something else first.

Read only straight after danger, while nobody has rung. Pure: the text alone. Questions of what to
do or to say, and to whom, are none: they are answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Words before what counts, in a clause.
_LEAD = re.compile(
    r"(?:(?:ok(?:ay)?|well|but|um+|er+m?|hmm+|sorry|yeah|yes|right|actually|so|and|then|because|cos"
    r"|honestly|look|also|no|nope|nah|just|please|i guess|i suppose|i think|to be honest"
    r"|tbh)\b\W*)*",
    re.IGNORECASE,
)
_I = r"(?:i|we)"
_NOT = r"(?:['’]?ve|['’]?m|['’]?re| have| am| are| did| do)?(?: not|n['’]?t| never)"
#: What is rung; anybody else who is rung has nothing to do with it.
_999 = (
    r"(?:999|112|(?:the )?(?:police|cops|ambulance|emergency services?|emergency)|an ambulance|them"
    r"|it|that|anyone|anybody|for this|in|yet|now|though|you know|tbh|just)"
)
_RING = r"(?:ring|call|phone|dial)"
_RINGING = r"(?:ringing|calling|phoning|dialling)"
_RUNG = r"(?:rung|rang|ring|called|call|phoned|phone|dialled|dial|done|do|made the call)"
_BOSS = (
    r"(?:(?:my|the|our|her|his|a|duty|line|team|deputy|designated|safeguarding|head|senior)\s+)*"
    r"(?:manager|boss|dsl|ddsl|dsp|head(?:teacher)?|head ?teacher|principal|lead|leader|officer"
    r"|supervisor|deputy|slt|senior|colleagues?|social worker|sw|mash|social care|hub|school|mum"
    r"|mam|mom|dad|parents?|carer|foster carer|gp|nurse|someone|somebody|they|he|she|everyone)"
)
_LATER = (
    r"(?:(?:in|until|till|til|'til) (?:the morning|morning|tomorrow|monday|later|then|after \w+"
    r"|lunch\w*|i (?:know|get|hear)\b.*)|tomorrow(?: morning)?|later(?: on)?|in a (?:bit|minute"
    r"|while"
    r"|moment)|(?:on )?monday|after (?:school|lunch|work|the|my|this|that|i)\b.*"
    r"|when (?:i|we|my|the|she|he)\b.*)"
)
_DO = (
    r"(?:do|fill|finish|complete|write|speak|talk|check|ask|tell|ring|call|phone|email|message"
    r"|text|discuss|get|see|let|inform|send|look|try|consult|run|go|need|have|want|find|log|record"
    r"|put|make|wait|document|contact|assess|notify|report)"
)
#: Means it wherever it stands in a clause.
_SAID = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        # not rung: “no I haven't rung”, “haven't called them yet”
        rf"^(?:{_I}{_NOT}|(?:haven|didn|have|did|not|never)(?:['’]?t| not)?) (?:actually |even"
        rf" |yet )?{_RUNG}(?: {_999})*$",
        # whether to: “should I ring”, “do we really have to call 999”, “not sure if I should ring”
        rf"^(?:should|shall|must|do|would|can|are|is) {_I} (?:really |actually |honestly |even "
        rf"|still"
        rf" |definitely |not |just |need to |have to |got to |meant to |supposed to |bother(?:"
        rf" to)? )*"
        rf"{_RING}(?: {_999})*(?: or not)?$",
        rf"\b(?:not (?:very |really |so |100% )?(?:sure|certain|convinced)|unsure|don['’]?t know"
        rf"|do not know|wonder(?:ing)?|no idea|can['’]?t decide)\b(?: about)?(?: if| whether|"
        rf" that)?"
        rf" {_I} (?:really )?(?:should|need|must|ought|have|can|want|dare)(?: to)?(?: even|"
        rf" really)?"
        rf" {_RING}(?: {_999})*$",
        rf"\bnot sure about (?:{_RINGING}|that|this|it)(?: {_999})*$",
        rf"^(?:is it|it['’]?s not|it is not|it isn['’]?t|isn['’]?t it|not) (?:really |even"
        rf" )?(?:worth"
        rf"|necessary|needed|serious|bad|urgent|an emergency)\b(?: enough)?(?: (?:to|for) {_RING}|"
        rf" {_RINGING}|for)?(?: {_999})*$",
        rf"^(?:i|we)? ?(?:(?:really )?(?:do|would|ca|wo|dare)(?: not|n['’]?t)|cannot|can not"
        rf"|wont|cant"
        rf"|dont|refuse to|will not|would rather not|['’]?d rather not|rather not"
        rf"|['’]?m not|am not|(?:['’]?m |am )?(?:not going to|scared to|afraid to|worried about"
        rf"|reluctant to|nervous about|scared of|not comfortable|uncomfortable))"
        rf"(?: want to| think (?:i|we) (?:should|need to|have to|can|ought to)| need to| have to"
        rf"| feel (?:comfortable|able|right)| dare(?: to)?| going to| gonna)*"
        rf" (?:{_RING}|{_RINGING})(?: {_999})*$",
        # what it may bring: “I don't want to overreact”, “what if I'm wrong”
        r"\b(?:overreact\w*|over react\w*|over the top|jump(?:ing)? the gun|making? (?:a|too much)"
        r" fuss|wast(?:e|ing) (?:their|police|the police['’]?s?|anyone['’]?s|people['’]?s) time"
        r"|ma(?:ke|king) (?:it|things|this|matters) worse|(?:get|getting) (?:her|him|them|anyone"
        r"|anybody|somebody|someone|me|us|the family) (?:in|into) trouble|cause (?:trouble|a scene"
        r"|a fuss|upset))\b",
        rf"\bwhat if (?:{_I}['’]?(?:m| am|re| are)|it['’]?s|it is) (?:wrong|mistaken|nothing"
        r"|overreacting|not (?:true|serious|real))\b",
        rf"\b{_I} (?:might|may|could) be wrong\b",
        # somebody is against it: “my manager says don't ring”, “I've been told to wait”
        rf"\b{_BOSS}(?:['’]s| has| have| is)? (?:just )?(?:say\w*|said|tells?|told|telling|thinks?"
        rf"|thought|reckons?|wants?|insists?|asked|asks|prefers?)\b(?!.*\b(?:which|what|who|how"
        rf"|where)"
        rf"\b).*(?:\b(?:do not|dont|don['’]?t|shouldn['’]?t|should not|needn['’]?t) (?:have to "
        rf"|need"
        rf" to )?(?:{_RING}|do|bother|overreact|panic|rush|report|involve|need)\b|\b(?:not to"
        rf"|no need|wait|hold off|hang on|leave it|first|101|before|instead|tomorrow|overreact\w*"
        rf"|(?:do|fill in|fill out|complete|finish) (?:the|a|our) (?:\w+ )?form)\b)",
        rf"\b{_BOSS} (?:doesn['’]?t|does not|won['’]?t|will not|wouldn['’]?t|didn['’]?t|don['’]?t"
        rf"|do not) (?:want|let|like|allow|think) (?:me|us|i|we)\b.*\b(?:{_RING}|{_RINGING})\b",
        rf"\b{_BOSS} (?:says?|said|wants?) no (?:police|999|cops|ambulance)\b",
        rf"^{_I} (?:usually|normally|always|have to|must|should) {_DO} (?:\w+ ){{1,4}}first$",
        r"\bneed (?:\w+(?:['’]s)? ){1,3}(?:permission|approval|sign ?off|ok|agreement)\b",
        r"\bnot (?:really |very )?comfortable (?:doing (?:that|it|this)|with (?:that|it|this))$",
        r"\b(?:not sure|don['’]?t think|do not think|doubt)(?: that)? (?:it|this|that)(?:['’]?s|"
        r" is)"
        r" (?:that |really )?(?:bad|serious|enough)(?: enough)?$",
        rf"\b{_I}(?:['’]?ve| have|['’]?m| am|['’]?re| are| was| were)?(?: been| being)? told"
        r" (?:not to|to (?:wait|hold|leave|fill|do|use|ring|speak|go through|refer))\b",
        rf"\b(?:have|need|got|want|am supposed|['’]?m supposed|must|should|supposed) (?:to"
        rf" )?(?:wait"
        rf"|ask|check with|speak to|get permission|get the ok)\b.{{0,20}}\b{_BOSS}\b",
        rf"\b{_I}(?:['’]?m| am|['’]?re| are)? not (?:allowed|permitted|supposed|authori[sz]ed) to"
        rf" (?:{_RING}|do that)\b",
        # something else first: “can I do the form first?”, “let me ask my manager first”
        rf"^(?:(?:can|could|should|shall|may|must|do|will|would|am|are) {_I}|{_I}(?:['’]?ll|ll"
        rf"|['’]?d| will| shall| would| should| must|['’]?m| am|['’]?re| are|['’]?ve got)?|ill"
        rf"|let me"
        rf"|let['’]?s|lets)(?: (?:just|not|quickly|also|better|rather|like to|going to|gonna"
        rf"|need to"
        rf"|have to|got to|want to|prefer to|probably|be)){{0,4}} {_DO}\b"
        r"(?!.*\bfirst (?:aid|step|thing|name)).{0,50}\b(?:first|beforehand"
        rf"|before (?:{_I} )?(?:{_RING}|{_RINGING}|do(?:ing)? (?:that|it)))\b",
        r"^(?:the )?(?:form|paperwork|referral|risk (?:tool|assessment)|manager|dsl|social care"
        r"|mash)"
        r" (?:first|comes first)$",
        # waiting: “can it wait until morning?”, “should I wait for my manager”, “I'll leave it”
        rf"^(?:can|could|should|shall|will|would|may|do|must|is it (?:ok|okay|fine|alright|better)"
        rf"(?: for (?:me|us))?(?: to| if)?|{_I}(?:['’]?ll|ll| will|['’]?d rather|['’]?m going to)"
        rf"|ill|let['’]?s|lets|better)?(?: (?:it|this|that|{_I}|just|not|better|rather|all))*"
        r" ?(?:wait|hold off|hang on|hold on|leave it|leave this|sleep on it|see how it goes"
        r"|see what happens|keep an eye on (?:it|her|him|them|things)|monitor (?:it|her|him"
        r"|this))\b"
        r"(?!.*\b(?:meeting|conference|panel|minutes|results?)\b).{0,40}$",
        rf"^(?:i|we)(?:['’]?ll| will)? ?(?:{_RING}|do it|do that)(?: {_999})* {_LATER}$",
        rf"^(?:can|could|should|shall|may) {_I} (?:just )?(?:{_RING}|do (?:it|that|this)|report"
        rf" (?:it"
        rf"|this))(?: {_999})* {_LATER}$",
        # 101, or somebody else, instead
        r"^(?:is|isn['’]?t|can|could|should|shall|may|do|would|will|what about|why not|how about"
        r"|not"
        r"|i|we|i['’]?ll|ill|i['’]?d|['’]?ll|let me|let['’]?s|surely)?\b.{0,25}\b101\b(?:"
        r" (?:ok(?:ay)?"
        r"|instead|enough|better|fine|do|rather|alright|not|be|for|this|now|then|first|number|or"
        r" 999"
        r"|all ?right|good|the|thing|surely|just|will))*$",
        rf"^(?:{_I}(?:['’]?ve| have)? )?(?:just |already )?(?:rung|rang|called|phoned|told|emailed"
        r"|informed|messaged|reported (?:it|this) to|spoken to|spoke to|let) (?:(?:my|the|our|duty"
        r"|line|safeguarding)\s+)*(?:101|manager|boss|dsl|head(?:teacher)?|lead|social care"
        r"|social worker|mash|hub)(?: (?:know|instead|now|already|about (?:it|this)))*$",
    )
)
#: Means it where it is all that is said, straight after “ring 999 now”.
_BARE = re.compile(
    r"(?:(?:no|nope|nah|naw)(?: (?:no|thanks?|thank you|way))*|not (?:yet|really|sure|convinced)"
    r"(?: (?:yet|about that|about it|tbh))*|(?:i|we)(?:['’]?m| am|['’]?re| are) (?:really )?(?:not"
    r" (?:so |too |very )?(?:sure|certain)|unsure)(?: (?:i can|about (?:that|it)|yet))?"
    r"|(?:i|we)? ?(?:won['’]?t|will not|can['’]?t|cannot|cant|wont|rather not"
    r"|['’]?d rather not|would rather not|haven['’]?t|have not|havent|didn['’]?t|did not"
    r"|(?:do not|don['’]?t|dont)(?: (?:want to|think so|know|feel comfortable|need to|have to))?)"
    r"(?: (?:yet|do (?:that|it|this)|done (?:that|it|so)|tbh))*"
    r"|(?:do|must|should|shall|need|have) (?:i|we)(?: (?:really|actually|have to|need to|got to|to"
    r"|do (?:that|it|this)|now))*|is (?:that|it|this) (?:really |actually )?(?:necessary|needed"
    r"|essential|a must|required)|are you sure|really|seriously|maybe(?: later| not)?|perhaps"
    r"|later(?: on)?|in a (?:bit|minute|while)|not at the moment|haven['’]?t (?:yet|done (?:it"
    r"|that))"
    r"(?: yet)?|idk|dunno|i dunno|unsure|tomorrow|it can wait|it['’]?s (?:probably )?(?:not that"
    r" bad"
    r"|nothing|a bit much|too much))",
    re.IGNORECASE,
)
#: A real question opens so.
_WH = re.compile(
    r"\W*(?:who|whom|whose|what(?! if\b| about 101)|which|how(?! about)|when|where|why(?! not))\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.,;!?\n]+|\s[–-]\s|\bbut\b", re.IGNORECASE)


@dataclass(frozen=True)
class Hesitation:
    """`bare`: words that mean it only straight after the order. `rest` is what else is said."""

    bare: bool
    rest: str


def hesitates(text: str) -> Hesitation | None:
    """What a message says of a call that is put off; None where it does not speak of that."""
    said = bare = False
    rest: list[str] = []
    for clause, mark in _clauses(text):
        plain = " ".join(clause.split())
        core = _LEAD.sub("", plain, count=1).strip()
        if _WH.match(core):
            rest.append(clause + mark)
        elif any(one.search(core) for one in _SAID) and core:
            said = True
        elif _BARE.fullmatch(plain) or _BARE.fullmatch(core):
            bare = True
        elif core:
            rest.append(clause + mark)
    if said:
        return Hesitation(bare=False, rest=" ".join(rest))
    return Hesitation(bare=True, rest="") if bare and not rest else None


def _clauses(text: str) -> list[tuple[str, str]]:
    """The clauses of a text, each with the question mark that ends it, if one does."""
    found: list[tuple[str, str]] = []
    start = 0
    for end in [*_CLAUSES.finditer(text), None]:
        upto = end.start() if end else len(text)
        if clause := text[start:upto].strip():
            found.append((clause, "?" if end and "?" in end.group() else ""))
        start = end.end() if end else upto
    return found
