"""How people word what they ask of a route: whole messages, without courtesies around them.

Pure: a text in, what is asked out. What says more than one of these is not read here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.referral.about import Asked
from bot.serving.part_wordings import ONE_THING


def plain(text: str) -> str:
    """A text in lower case without punctuation, courtesies before it and after it."""
    words = re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("’", "'").replace("'", ""))
    typed = " ".join(words.split())
    rest = _BEFORE.sub("", typed)
    return _AFTER.sub("", rest).strip() or typed


_BEFORE = re.compile(
    r"^(?:(?:ok|okay|right|thanks|thank you|ta|cheers|great|good|so|and|but|sorry|hi|please|also"
    r"|um|erm|well|oh|just) )+(?=.)"
)
_AFTER = re.compile(
    r"(?: (?:please|pls|plz|thanks|thank you|ta|for (?:this|that|it|her|him|them)|on (?:this|that)"
    r"|in (?:this|that|my) (?:case|route)|of (?:this|that)|with (?:this|that)|exactly|though"
    r"|mate))+$"
)
_I = r"(?:i|we|you|one)"
_MUST = (
    rf"(?:(?:do|should|must|can|would|shall|will) )?(?:{_I} )?(?:(?:have|need|got|ought) to )?"
    r"(?:also )?"
)
_TELL = r"(?:inform|tell|notify|let know|update|copy in|involve|alert)"
_SPEAK = r"(?:contact|speak to|talk to|report to|get in touch with)"
_LATER = (
    r"(?: (?:afterwards?|after|after (?:that|this|it)|next|too|as well|else|then|later"
    r"|about (?:it|this|that)))*"
)
_ELSE = r"(?: (?:else|all|also|besides|other|apart from (?:them|that|social care)))?"
_INFORMING = re.compile(
    rf"whos?m?{_ELSE} {_MUST}{_TELL}{_LATER}|who else {_MUST}{_SPEAK}{_LATER}"
    rf"|whos?{_ELSE} (?:(?:do|does|did) )?(?:{_I} )?(?:needs?|has|have|ought|should|must"
    rf"|gets?)(?: to)?"
    r" (?:know|be told|be informed|be notified|told|informed|notified|hear|be involved|tell|inform)"
    rf"{_LATER}"
    rf"|(?:do|should|must) {_I} (?:(?:have|need) to )?{_TELL} (?:any|some)(?:one|body)"
    rf"(?: else)?{_LATER}"
    rf"|(?:is there )?(?:any|some)(?:one|body) else"
    rf"(?: (?:to|{_I} (?:should|must|need to|have to)))?"
    rf"(?: {_TELL})?{_LATER}"
    rf"|who else|who needs telling{_LATER}|who else needs telling"
)
_THEY = (
    r"(?:they|them|social care|social services|the team|the hub|the mash|someone|anyone|him|her)"
)
_REPLY = (
    r"(?:answer|reply|respond|get back|come back|decide|call back|ring back|call me back"
    r"|ring me back"
    r"|act|call|ring)(?: to)?(?: (?:me|us|it|this|that|the referral))?(?: back)?"
)
_THEIR_ANSWER = re.compile(
    rf"(?:is there |whats |what is )?(?:a |any |the )?(?:deadline|time ?limit|timescale"
    rf"|time) for {_THEY}"
    rf" to {_REPLY}"
    rf"|(?:how (?:long|soon|quickly|fast)|when|by when) (?:do|does|will|would|should|must|have"
    rf"|has) {_THEY}"
    rf" (?:(?:have|has|got|need) )?(?:got )?(?:to )?{_REPLY}(?: by)?"
    rf"|(?:how (?:long|soon)|when) (?:do|will|should) (?:i|we) (?:hear|get) (?:back|an answer"
    rf"|a reply)"
    rf"(?: from {_THEY})?"
)
_LIMIT = r"(?:deadlines?|time ?limits?|time ?frames?|time ?scales?|due dates?|target dates?|dates?)"
_DO = r"(?:do|send|make|get|have|submit|finish|complete|refer|act|ring|tell)"
_DEADLINES = re.compile(
    r"(?:by )?when(?: by)?(?: exactly)?|(?:when (?:exactly|precisely)|(?:exactly|precisely) when)"
    r"(?: (?:is|are|was|would) (?:it|that|this|they|those)(?: (?:be|due))*(?: by)?)?|when (?:is"
    r"|are|s) (?:it|that|this|they|everything)"
    r"(?: all)?(?: due)?(?: by)?"
    r"|whens (?:it|that|this|the deadline|the meeting)(?: due)?(?: by)?|when is the meeting"
    rf"|(?:is|are|was) there (?:a |any |an )?{_LIMIT}|(?:whats|what is|what are|what|any|the"
    rf"|a)? ?(?:the |are the )?{_LIMIT}"
    r"|(?:for )?how long(?: exactly)?|how (?:long|many days) (?:do|have|has) (?:i|we|they)"
    r"(?: all)?(?: have| got)?(?: to do (?:it|this|that|all this))?"
    rf"|how (?:soon|quickly|fast)(?: (?:do|should|must) {_I})?(?: (?:have|need) to)?(?: (?:that"
    rf"|{_DO}(?: (?:it|this|that|the referral|all this))?))?"
    rf"|(?:by )?when (?:do|should|must) {_I} (?:(?:have|need) to )?{_DO}(?: (?:it|this|that"
    rf"|these|them|all this|all of this|(?:the|my) (?:referral|form|report|papers)))?(?: done)?"
    r"(?: in)?(?: by)?"
    r"|when (?:will|would|does) the meeting(?: be| happen| take place)?(?: by)?"
    r"|when does (?:it|that|this|all this|it all) (?:have|need) to (?:be done|be in|happen)(?: by)?"
    r"|(?:by |on )?what (?:date|day)(?: is that| is it)?(?: by)?|within what time|how many "
    r"(?:working )?days"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: The step that is named, by its word; `last` stands for the highest there can be.
_STEP_NUMBERS: Mapping[str, int] = {
    **{word: number for number, word in enumerate(_ORDINALS, 1)},
    **{word: number for number, word in enumerate(_WORDS, 1)},
    **dict(zip(("1st", "2nd", "3rd", "4th", "5th", "6th"), range(1, 7), strict=True)),
    "last": 99,
    "final": 99,
}
_STEP = re.compile(
    rf"(?:(?:whats|what is|what was|what about|tell me|give me|show me|read me|go to|explain) )?(?:"
    rf"(?:step|number|point|no) (?:number )?(\d{{1,2}}|{'|'.join(_WORDS)})(?: again)?"
    rf"|(?:the )?({'|'.join(_ORDINALS)}|1st|2nd|3rd|[456]th|last|final) (?:step|point|thing)"
    r"(?: again)?)"
)
_FIRST = re.compile(
    r"what (?:(?:do|should|must) i do )?first|where (?:do|should) i start|whats first|first"
)
_NOW_WHAT = re.compile(
    r"(?:now what|what now|what (?:do|should|must) (?:i|we) do(?: now| about it)?|what am i to do)"
)
_NEXT = re.compile(
    r"(?:then(?: what)?|what then|whats? (?:is )?(?:next|after (?:that|this))|next(?: (?:step"
    r"|one|bit|please))?"
    r"|(?:whats|what is) the next (?:step|thing)|the next (?:step|one)"
    r"|what (?:do|should|must) (?:i|we) do (?:then|next|after(?: that| this)?|afterwards)"
    r"|what (?:else )?(?:happens|comes)(?: (?:then|next|after(?: that| this)?|afterwards|now))?"
    r"|after (?:that|this)|afterwards|what else(?: (?:do|should|must) (?:i|we)(?: (?:have"
    r"|need) to)? do)?"
    r"|then what (?:do|should) (?:i|we) do|done(?: that)?(?: (?:what|whats))?(?: next| now)?|and)"
)
_CONTACTS = re.compile(
    r"(?:(?:whats|what is|what was|tell me|give me|show me|say|repeat|i need|need) )?(?:me )?"
    r"(?:the |that |their |those |your )?"
    r"(?:(?:phone|telephone|contact) )?numbers?(?: (?:again|to (?:ring|call)|you gave(?: me)?"
    r"|i (?:ring|call|need)))*"
    r"|(?:which|what) (?:phone )?number(?: (?:do|should) i (?:ring|call)| (?:was|is) (?:it"
    r"|that))?(?: again)?"
    r"|(?:whats|what are|give me|show me)? ?(?:the |their )?contact details(?: again)?"
)
_ATTENDEES = re.compile(
    r"(?:whos?|whose)(?: all| else)? (?:(?:goes|attends?|comes|is there|there|will be (?:there"
    r"|at it)|is (?:at|in|on) it"
    r"|(?:at|in|on) it|is it with|it with|gets invited|invited|is invited|sits on it|takes part"
    r"|going|coming|attending)"
    r"(?: (?:to|at|in) (?:it|that|this|the meeting|the cse meeting|the strategy (?:meeting"
    r"|discussion)))?"
    r"|(?:at|in) the meeting)"
)
_WHOLE = re.compile(
    r"(?:(?:show|give|tell|read|can i (?:see|have|get)|i want|open) )?(?:me )?(?:the (?:whole"
    r"|full|entire|long|complete)"
    r"(?: (?:route|thing|version|one|lot|answer|text))?|whole route|full (?:route|version)"
    r"|long version"
    r"|all of it|everything|it all|the rest(?: of it)?|more(?: (?:detail|details|please|info"
    r"|on (?:that|this|it)))?"
    r"|more of it|the details?)"
)
_YES = re.compile(r"(?:(?:yes|yeah|yep|yup|y|sure|please|go on|go ahead|do|carry on)(?: |$)){1,3}")
_HM = re.compile(r"h+m+|mm+|right|alright|fine|i see|got it|understood|noted|k|oh|ah|ok|okay")
_REFERENCE = re.compile(
    r"(?:(?:whats|what is|what was|wheres|where is|where (?:do|can) i find|do (?:i|you) (?:have"
    r"|get)|have i got"
    r"|is there|give me|show me|tell me|i(?:ve)? (?:lost|forgot(?:ten)?|need)|lost"
    r"|can i (?:have|get|see)"
    r"|repeat|what about) )?(?:my |the |a |our |that |this |its )?(?:(?:case|screening|route"
    r"|waymark|saved?) )?"
    r"(?:reference|ref)(?: (?:number|no|code|num))?(?: (?:again|to (?:quote|give|note)"
    r"|you gave(?: me)?|for this|is it))*"
)
_PARTS: Sequence[tuple[Asked, re.Pattern[str]]] = (
    ("their_answer", _THEIR_ANSWER),
    *ONE_THING,
    ("informing", _INFORMING),
    ("deadlines", _DEADLINES),
    ("contacts", _CONTACTS),
    ("attendees", _ATTENDEES),
)
#: What a file is asked for by; one of these has to be there.
_FILE = frozenset(
    """
    pdf pdfs doc docx calendar ics ical outlook print printed printable printout save saved download
    downloaded downloadable export file document keep writing
    """.split()  # noqa: SIM905
)
_AROUND_A_FILE = frozenset(
    """
    can could may i you we get have it this that as a an the in to into me my how do does please of
    for give send take away with format version copy route and or is there make put these dates date
    deadlines them want need would like off out so on onto paper phone computer us pls also all
    steps add word text plain id somewhere one whole possible be will at diary
    """.split()  # noqa: SIM905
)
_AS_WORD = re.compile(
    r".*\b(?:as|in|into|a|for|to|or|microsoft|ms) word(?: (?:doc\w*|file|format|version|copy))?"
    r"|word (?:doc\w*|file|format|version|copy)|word"
)
_BY_MAIL = re.compile(
    r"(?:can|could|will|would|do) (?:you|i) (?:please )?(?:email|e mail|mail|send|text) (?:it"
    r"|this|that|the route|me|myself)"
    r"(?: (?:to|it|this|that|the route|by|my|me|myself|manager|an|email|home|via|e|mail))*|"
    r"(?:email|send) (?:it|this|me)(?: (?:to me|it|this))?"
)


def _wants_a_file(words: str) -> bool:
    each = words.split()
    if _BY_MAIL.fullmatch(words):
        return True
    named = not _FILE.isdisjoint(each) or bool(_AS_WORD.fullmatch(words))
    return named and (_FILE | _AROUND_A_FILE).issuperset(each)


#: Kinds of files that are asked for by name, of whatever it may be.
_KINDS_OF_FILE = frozenset(("pdf", "pdfs", "doc", "docx", "word", "ics", "ical", "calendar"))


def names_a_file(words: str) -> bool:
    """Whether `words` ask for a file by its kind: “as pdf”, “can I have it in word”."""
    return not _KINDS_OF_FILE.isdisjoint(words.split()) and _wants_a_file(words)


def asks_reference(words: str) -> bool:
    """Whether `words` ask for a reference number."""
    return bool(_REFERENCE.fullmatch(words))


#: “The reference” after an answer may be its source; these words mean one's own.
_OWN = re.compile(r"\b(?:my|our|i|ive|screening|number|no|code|saved?)\b")
_WHY = re.compile(
    r"(?:but )?(?:why(?: (?:is (?:that|it|this)(?: (?:the route|so))?|that|this|this route"
    r"|that route|so|them|there|those steps|do i (?:have|need) to(?: do (?:that|this|all this))?))?"
    r"|how come|whats (?:that|this|it) based on|on what basis|says who)"
)


def asks_own_reference(words: str) -> bool:
    """Whether `words` ask for the reference that the person themselves was given."""
    return asks_reference(words) and _OWN.search(words) is not None


def asks_why(words: str) -> bool:
    """Whether `words` ask what the route rests on."""
    return bool(_WHY.fullmatch(words))


def asks_whom_to_tell(text: str) -> bool:
    """Whether a text asks whom to tell, and says nothing else: “who gets told”."""
    return bool(_INFORMING.fullmatch(plain(text)))


def asks_whole(words: str) -> bool:
    """Whether `words` ask for all of the route."""
    return bool(_WHOLE.fullmatch(words))


def says_yes(words: str) -> bool:
    """Whether `words` take up what was offered."""
    return bool(_YES.fullmatch(words))


def only_heard(words: str) -> bool:
    """Whether `words` say no more than that the answer was read: “ok”, “hm”."""
    return bool(_HM.fullmatch(words))


def step_asked(words: str, following: int | None) -> int | None:
    """The number of the step that is asked for, or None. `following` comes after the step that was
    given last, None where none was given.
    """
    if found := _STEP.fullmatch(words):
        named = next(one for one in found.groups() if one)
        return _STEP_NUMBERS.get(named) or int(named)
    if _FIRST.fullmatch(words):
        return 1
    if _NOW_WHAT.fullmatch(words):
        return following or 1
    if _NEXT.fullmatch(words):
        # the first line of a route says the first step
        return following or 2
    return None


def part_asked(words: str) -> Asked | None:
    """The part of the route, or its files, that `words` ask for; None where it is neither."""
    for asked, pattern in _PARTS:
        if pattern.fullmatch(words):
            return asked
    return "files" if _wants_a_file(words) else None
