"""Finds what is told of danger that goes on: contact is lost, nobody comes, a call cannot be made.

Read only while danger stands. Pure: the text alone. Who cannot be reached in an office, or did not
come to a meeting, has nothing to do with it.
"""

from __future__ import annotations

import re

from bot.safety.still_danger import Still

_LEAD = (
    r"\W*(?:(?:no|oh(?: no| god)?|ok(?:ay)?|yes|but|and|now|so|help|then|because|cos|shit|god|i"
    r" think"
    r"|it['’]?s just|sorry|well|also|update|wait|suddenly|just)\b\W*)*"
)
_SOON = (
    r"(?:(?:just|now|all|suddenly|completely|totally|really|very|already|been|got|both|still"
    r"|since) )*"
)
_HAS = r"(?:['’]?s|['’]?ve|['’]?re| has| have| is| are| was| went)?"
_CHILD = (
    r"(?:she|he|they|(?:the |my |our |this )?(?:child|girl|boy|lad|lass|kid|yp|young person|pupil"
    r"|student|resident|friend))"
)
_HER = r"(?:her|him|them|(?:the |my |our )(?:child|girl|boy|lad|lass|kid|yp|young person|pupil))"
_TAIL = (
    r"(?:\W+(?:now|again|all of a sudden|suddenly|any ?more|at all|yet|on me|on us|half ?way"
    r" through"
    r"|mid \w+|in there|next ?door|upstairs|over there|in the background|since|since then|though"
    r"|please|help|"
    r"(?:for|in|about|over) (?:about |over |the last |nearly )?(?:an?|\w+|\d+) ?(?:min\w*|hours?"
    r"|hrs?|secs?|seconds?|while|bit)|what (?:do|should) (?:i|we)(?: do)?(?: now)?))*\W*"
)
_LINE = (
    r"(?:(?:the |her |his |their )?(?:phone ?line|line|phone|call|connection|mobile|facetime|video"
    r"|snapchat|location)|we|it|that)"
)
#: A cry, or a noise that was heard.
_NOISE = (
    r"(?:the |all the |her |his )?(?:scream\w*|shout\w*|cry\w*|cries|yell\w*|noises?|bang\w*"
    r"|sounds?"
    r"|argu\w+|fight\w*|row|voices?|thud\w*|crash\w*|knocking|sobbing|begging)"
)
#: The whole of a clause: nothing more is heard of the child.
_CONTACT_LOST = re.compile(
    _LEAD
    + "(?:"
    + "|".join(
        (
            rf"{_LINE}{_HAS} {_SOON}(?:(?:gone|went|go) )?(?:dead|cut (?:off|out)|dropped(?: out)?"
            r"|died|off|ended|disconnected|switched off|turned off|hung up|lost|stopped moving)",
            r"(?:got |been |was )?cut off",
            r"(?:went|gone) (?:dead|silent|quiet)",
            rf"(?:i['’]?ve|ive|we['’]?ve|i|we)?(?: have)? ?(?:just )?lost (?:the )?(?:contact|touch"
            rf"|the call|the line|call|connection|{_HER}|sight of {_HER}|sight)"
            rf"(?: (?:with|to|of) {_HER})?",
            rf"(?:{_CHILD}|it|everything|all|line){_HAS} {_SOON}(?:gone |went |fallen |turned "
            rf"|goes )?"
            rf"{_SOON}(?:quiet|silent|offline|off ?line|unresponsive|dead)",
            r"(?:just |only |total |complete |now )*(?:silence|quiet)",
            r"(?:there['’]?s |theres |there is )?(?:no|not a) (?:sound|noise|word|movement)"
            rf"(?: from (?:{_HER}|there|inside|next ?door|upstairs))?",
            rf"(?:i |we )?(?:can['’]?t|cannot|cant|can no longer|no longer) (?:hear|see|reach"
            rf"|get hold"
            rf" of|contact|get through to) (?:{_HER}|anything|it|anyone)",
            rf"(?:there['’]?s |theres |still |i(?:['’]?ve)? got |we got |had )*(?:no|without)"
            rf" (?:reply"
            rf"|replies|answer|response|word|news|contact|sign)(?: (?:from|of|by) {_HER})",
            # “no answer” alone is the call that nobody takes
            r"(?:there['’]?s |theres |still )*no (?:reply|replies|response|word|news|contact)",
            rf"(?:nothing|not heard(?: anything)?|haven['’]?t heard(?: anything)?)(?: back)?"
            rf" from {_HER}",
            rf"{_CHILD}(?:['’]?s| has| have| is| are| does| do| did| will|wo|has|have|is|are"
            rf"|does|do"
            r"|did)?(?: not|n['’]?t| no longer)(?: been)? (?:repl\w+|answer\w*|respond\w*"
            r"|pick\w* up"
            r"|text\w* back|speak\w*|talk\w*|mov\w+|mak\w+ (?:a |any )?(?:noise|sound))"
            r"(?: (?:the|her|his) (?:phone|calls?|texts?|messages?)| me| us| to me| any ?more)*",
            rf"{_CHILD}{_HAS} {_SOON}(?:hung up|put the phone down|rung off|rang off|gone off"
            rf"|dropped"
            rf" off|cut (?:me |us )?off|been cut off|disconnected|switched (?:her|his) phone off)"
            r"(?: the (?:phone|line|call))?",
            rf"{_CHILD}{_HAS} {_SOON}stopped(?: (?:replying|answering|texting|responding|talking"
            r"|speaking|screaming|shouting|moving|messaging|making (?:any |a )?(?:noise|sound)))?"
            r"(?: to me| me| us)?",
            rf"(?:it|that|everything|{_NOISE}){_HAS} {_SOON}(?:stopped|ended)",
            rf"{_NOISE}(?:['’]?s| has| have)? (?:just |all )*(?:stopped|gone)",
        )
    )
    + ")"
    + _TAIL,
    re.IGNORECASE,
)

_SERVICES = (
    r"(?:(?:the )?(?:police|cops|999|operator|call ?handler|control(?: room)?|dispatch\w*|ambulance"
    r"|emergency services?|officers?))"
)
_THEY = rf"(?:{_SERVICES}|they|he|she)"
_SAY = (
    r"(?:(?:['’]ve| have| has| are| is)? ?(?:just )?(?:say|says|said|saying|told (?:me|us)|tell"
    r" (?:me|us)"
    r"|telling (?:me|us)|reckon|think)(?: that| its?| it['’]?s)?)"
)
_NONE_COMES = re.compile(
    # nobody came
    r"^(?:\W|\b(?:but|and|no|so|still)\b)*(?:nobody|no ?one|no body|none of them|they never|they"
    r" didn['’]?t|they haven['’]?t|police (?:never|didn['’]?t|haven['’]?t))(?:['’]?s| is| has|"
    r" have)?"
    r" (?:ever |even |actually |still |here )*(?:came|come|coming|turned up|turn up|arrived"
    r"|arriving"
    r"|showed(?: up)?|shown up|attended|been sent|sent|here|been|helping|helped|available)"
    r"(?: (?:yet|still|out|round|here|at all|so far|to (?:help|us|me|her|him|the (?:house|flat"
    r"|school))))*$"
    rf"|\b{_SERVICES}(?:['’]?ve| have| has|['’]?s| are| is)? (?:still )?(?:not|never)(?: \w+)?"
    rf" (?:come"
    r"|came|coming|here|turned|arrived|attend\w*|sent|send\w*)\b"
    r"|^(?:\W|\b(?:but|and|no)\b)*(?:the |my )?(?:phone|line|it|999)(?:['’]?s| is| has| was| just"
    r"| keeps?)* (?:r[aiu]ng(?:s|ing)? out|engaged|r[ai]ng(?:s|ing)? and ringing)(?: again)?$"
    r"|^(?:\W|\b(?:but|and|i['’]?m|i|we['’]?re|am|are)\b)*still waiting(?: (?:for|on) (?:(?:the )?"
    r"(?:police|ambulance|officers?|cops)|them|someone|anyone|a car))?(?: to (?:come|turn up"
    r"|arrive))?"
    r"(?: here)?$",
    re.IGNORECASE,
)
#: What those who were rung said.
_PUT_OFF = re.compile(
    rf"\b{_THEY}{_SAY}? ?(?:.{{0,25}}\b)?(?:not (?:a |an |their |really |high )*(?:priority"
    rf"|emergency"
    r"|urgent|serious|interested)|(?:isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t) (?:a |an "
    r"|really )*"
    r"(?:priority|emergency|urgent|interested)|low priority|civil matter|domestic matter"
    r"|(?:no|not got any|haven['’]?t (?:got )?any|have ?n['’]?t (?:got )?any)(?: ?(?:one|body"
    r"|units?"
    r"|cars?|officers?|resources?|cops|police))+(?: \w+)? ?(?:(?:to|that can) (?:send|come|attend"
    r"|spare|respond)|available|free|spare|left|near(?:by)?|around)"
    r"|no (?:units?|cars?|officers?|resources?)"
    r"|(?:too busy|short ?staffed)|(?:can['’]?t|cannot|cant|won['’]?t|will not|wont|not going to"
    r"|aren['’]?t|are not|not|unable to|refus\w+ to)(?: be)? (?:able to )?(?:send\w*|come|coming"
    r"|attend\w*|respond\w*|help\w*)|(?:to )?(?:ring|call|phone|report (?:it )?(?:to|on|via))"
    r" (?:101"
    r"|back)|could be (?:\w+ )?hours|(?:hours?|days?) (?:wait|before)|nothing they can do)\b"
    rf"|\b{_SERVICES}(?: \w+)? (?:didn['’]?t|did not|don['’]?t|do not|won['’]?t|aren['’]?t"
    rf"|wouldn['’]?t)"
    r" (?:take (?:it|me|us|this) seriously|believe (?:me|us)|help|care|want to know|listen)\b"
    rf"|\b{_SERVICES} (?:fobbed|palmed|put) (?:me|us) off\b",
    re.IGNORECASE,
)
#: Police who stay away from these are missed by nobody who is in danger.
_OFFICE = re.compile(
    r"\b(?:meetings?|reviews?|conferences?|panels?|strategy|last (?:time|week|month|year|night)"
    r"|yesterday|ago|referral|minutes of|lado|mash|social (?:care|workers?|services)|hub|duty"
    r" team)\b",
    re.IGNORECASE,
)

_CANT = (
    r"(?:can['’]?t|cannot|can not|cant|could ?n['’]?t|dare ?n['’]?t|must ?n['’]?t"
    r"|(?:do not|don['’]?t|dont) dare(?: to)?|not able to|unable to|am not able to)"
)
_CANNOT_SPEAK = re.compile(
    rf"(?:^|[,.;:!?]|\bbut|\band|\bbecause|\bcos|\bso|\bsorry|\bno)\W*(?:i|we)?(?:['’]?m| am)?"
    rf" ?{_CANT}"
    r" (?:really |even |actually )?(?:talk|speak|whisper|make (?:a |any )?(?:noise|sound)|be heard"
    r"|say (?:anything|a word)|use my voice|answer them)\b"
    r"(?! (?:to (?!999|112|(?:the )?(?:police|operator)|anyone|anybody|them\b)|about|with|for|on"
    r" behalf))"
    r"|\b(?:he|she|they|someone|somebody|(?:the|her|his) (?:\w+))(?:['’]?ll|['’]?d| will| can|"
    r" could"
    r"| might| would|ll) (?:be able to )?(?:over)?hear (?:me|us|it|everything|what i)\b"
    r"|\bwithout (?:him|her|them|anyone|being) (?:over)?hear(?:ing|d)\b"
    r"|^\W*(?:(?:but|and|because|sorry|no|shh+)\b\W*)*(?:he|she|they)(?:['’]?s|['’]?re| is| are)"
    r" (?:listening(?: in)?|right (?:here|next to me|beside me)|next to me|beside me|watching me)"
    r"(?: now)?\W*$"
    r"|\b(?:have|need|got|trying) to (?:be|stay|keep) (?:quiet|silent)\b"
    rf"|\b(?:i|we) {_CANT} (?:ring|call|phone|make (?:the|a) call|do it"
    rf"|dial)\b.{{0,15}}\b(?:i['’]?m|im"
    r"|i am|we['’]?re|we are|he['’]?s|hes|he is|she['’]?s|shes|she is|they['’]?re|they are|theyre"
    r"|in front of)\b.{0,30}(?:\b(?:room|car|here|next|beside|with|front|listening|watching|there"
    r"|hiding|standing|behind|close|office)\b)"
    rf"|\b(?:i|we) {_CANT} (?:ring|call|phone)(?: \w+)? (?:out loud|in front of|with (?:him|her"
    rf"|them"
    r"|everyone))\b"
    r"|\b(?:can|could|may|do) (?:i|you|we) text (?:999|112|(?:the )?police|them|instead|an"
    r" emergency)\b"
    r"|^\W*(?:text|texting) (?:999|the police)\b|\bsilent (?:call|solution)\b|\bpress 55\b"
    r"|\b(?:only|i['’]?ll|rather|have to) (?:whisper|text)\b",
    re.IGNORECASE,
)
_NO_SIGNAL = re.compile(
    r"\b(?:no|not any|any|without|lost|bad|losing|haven['’]?t (?:got )?(?:any )?|can['’]?t get"
    r" (?:a |any"
    r" )?) ?(?:phone )?(?:signal|credit|battery|reception|minutes on|phone (?:here|on me|with me"
    r"|to)"
    r"|phone\W*$|network\b(?! of))"
    r"|\bonly (?:have |got |has |on )*(?:the )?wi-?fi\b|\bwi-?fi only\b"
    r"|\b(?:my|our|the work|the office|the school) (?:phone|mobile|battery)(?:['’]?s| is| has|s)?"
    r" (?:just |nearly |about to |going to |been |all )*(?:dead|die|died|dying|flat|broken|bust"
    r"|not working|out of|run out|running out|taken|locked|stolen|off)"
    r"|\b(?:don['’]?t|do not|dont|haven['’]?t|have not|havent) (?:have |got )?(?:a|my|any)"
    r" (?:\w+ )?"
    r"(?:phone|mobile)\b"
    r"|\bout of (?:credit|battery|charge)\b|\bsignal(?:['’]?s| is| has)? (?:gone|dropped|bad"
    r"|rubbish"
    r"|awful)\b",
    re.IGNORECASE,
)
_OF_HER = re.compile(r"\b(?:she|her|hers|he|his|him|they|their)\b", re.IGNORECASE)
#: Told of the person worried about; “nearly 18” and “18 next week” are children.
_ADULT = re.compile(
    r"\W*(?:(?:no|oh|sorry|but|and|well|actually|wait|ok(?:ay)?|so|i should (?:say|have said)"
    r"|just to"
    r" say|by the way|btw|also|though|turns out|it turns out|i think|apparently|to be clear)\b\W*)*"
    r"(?:(?:she|he|they|(?:the |this |that )?(?:girl|lad|lass|boy|person|woman|young (?:person"
    r"|woman"
    r"|man|adult)|yp|victim|resident|student))(?:['’]?s|['’]?re| is| are|s)|it['’]?s|its|this is"
    r"|age|aged|(?:she|he) (?:just )?turned)"
    r" (?:(?:actually|an?|now|already|just|really|in fact|over|aged|only|about|technically|legally"
    r"|turned) )*"
    r"(?:(?:1[89]|2[0-9]|[3-9][0-9])(?! ?(?:months?|weeks?|days?|mins?|minutes?|hours?|next|in "
    r"|on |\d"
    r"|soon))(?:[ -]?(?:years?(?:[ -]old)?|y/?o|yrs?(?: old)?))?(?: (?:girl|lad|woman|man|person"
    r"|female|male))?|(?:an? )?(?:young |vulnerable )?adult(?! (?:with|who|man|male|in))|of age"
    r"|not a (?:child|minor|kid)|eighteen|nineteen|twenty)"
    r"(?:\W+(?:actually|now|though|tho|already|not (?:a child|16|15|under ?18|1\d)|btw|by the way"
    r"|so|sorry|(?:she|he)['’]s|(?:1[89]|[2-9]\d)|is that|does (?:that|it)|different|matter"
    r"|change (?:anything|things)|still|she|he"
    r"|isn['’]?t a child|and|a|care leaver|student|last (?:week|month|year)|today|if that (?:helps"
    r"|matters)))*\W*",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.,;!?\n]+|\s[–-]\s|\bbut\b|\band\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\W*(?:and |so |then |now |ok )*(?:what|who|whom|how|where|which|when|why|is|are|does|do|did"
    r"|will|would|if|should|shall|can|could)\b",
    re.IGNORECASE,
)
#: So long a message tells more than that there is no telephone.
_LONGEST_OF_PHONES = 16


def goes_on(text: str) -> Still | None:
    """What a message tells of danger that goes on; None where it tells no such thing."""
    if _CANNOT_SPEAK.search(text):
        return "cannot_speak"
    few = len(text.split()) <= _LONGEST_OF_PHONES
    if few and _NO_SIGNAL.search(text) and not _OF_HER.search(text):
        return "no_signal"
    if nobody_comes(text):
        return "nobody_comes"
    return "contact_lost" if contact_lost(text) else None


def nobody_comes(text: str) -> bool:
    """Whether a message tells that help was asked for, and does not come."""
    if _OFFICE.search(text):
        return False
    if _PUT_OFF.search(text) and not _ASKS.match(text):
        return True
    return any(_NONE_COMES.search(one.strip()) for one in _CLAUSES.split(text))


def contact_lost(text: str) -> bool:
    """Whether a message tells that nothing more is heard of the child, or from the line."""
    start = 0
    for end in [*_CLAUSES.finditer(text), None]:
        clause = text[start : end.start() if end else len(text)].strip()
        if clause and _CONTACT_LOST.fullmatch(clause) and not (end and "?" in end.group()):
            return True
        start = end.end() if end else len(text)
    return False


def is_adult(text: str) -> bool:
    """Whether a message says no more than that the person worried about is an adult."""
    return _ADULT.fullmatch(text) is not None
