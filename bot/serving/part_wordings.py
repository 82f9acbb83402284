"""How people ask for one thing of a route: who chairs, who sends it, whether to refer again.

Whole messages in plain lower case without punctuation, as `route_wordings` has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.referral.asked_parts import PartAsked

_CHAIR = re.compile(
    r"(?:who|whos|whose|who is|which manager)(?: (?:will|would|should|does|do|is))?"
    r" (?:chairs?|chairing|runs|leads|calls|convenes|the chair|in the chair)(?: of)?"
    r"(?: (?:it|that|this|them|(?:the )?meetings?|the cse meeting|the strategy (?:meeting"
    r"|discussion)|the conference))?"
)
_TWO = r"(?:two|2|both|double|separate|duplicate|extra|more|twice the)"
_MEETINGS = re.compile(
    r"(?:(?:so )?(?:do|does|will|would|is|are|should|must) (?:we|i|they|he|she|it|there|the child)"
    r"(?: (?:have|need|hold|get|go to|run|be))*(?: to)?(?: (?:have|hold|run))?"
    rf" {_TWO}(?: (?:lots|sets|rounds))?(?: of)?(?: meetings?| reviews?)"
    r"|(?:two|2|double) (?:lots|sets) of (?:meetings|reviews)"
    r"|(?:do|are|can|should) (?:we|the meetings?|meetings|they) (?:duplicated?|combine[ds]?"
    r"|join(?:ed)?|merged?|held twice|be combined|be joined|be merged)(?: (?:the )?meetings)?)"
)
_ANEW = r"(?:a |another |a new |one |a second |a fresh |new |second )"
_AGAIN = re.compile(
    r"(?:so )?(?:do|should|must|have|shall|does|would) (?:i|we|it|they)(?: (?:have|need|got))?"
    rf"(?: to)?(?: (?:make|do|send|put in))?(?: {_ANEW})?"
    r" ?(?:re ?refer(?:ral)?(?: (?:it|her|him|them))?"
    r"|refer(?:ral)?(?: (?:it|her|him|them|the child|to social care))?(?: (?:again|anew))?)"
    r"(?: (?:again|if (?:its|shes|hes|theyre) already open|then|now))?"
    rf"|(?:is it |is that )?{_ANEW}referral(?: needed)?|re ?refer(?:ral)?"
)
_IT = (
    r"(?:it|that|this|them|the (?:forms?|referral|nrm(?: referral| form)?|report"
    r"|operation liberty form|liberty form))"
)
_SENDER = re.compile(
    r"(?:so )?who (?:should |does |must |will |would |has to |needs to |actually )*"
    r"(?:sends?|makes?|completes?|fills?|submits?|does|do|writes?)(?: (?:in|out|off))?"
    rf" {_IT}(?: (?:in|out|off))?"
    rf"|(?:do|can|should|must) (?:i|we) (?:send|make|complete|fill in|submit) {_IT}"
    r"(?: (?:myself|ourselves))?"
)
_NOBODY = (
    r"(?:they|social care|social services|nobody|no one|noone|he|she|childrens services"
    r"|the (?:hub|mash|team|line|social worker|duty team))"
)
_NO_ANSWER = re.compile(
    r"(?:(?:but )?(?:what if|if|what happens if|what do (?:i|we) do if|when)"
    rf" (?:i cant get (?:hold of|through to) {_NOBODY}"
    rf"|{_NOBODY} (?:(?:dont|doesnt|do not|does not|wont|will not|cant|never|isnt|arent) )?"
    r"(?:answers?|answering|picks? up|picking up|repl(?:y|ies)|responds?|gets? back|rings? back"
    r"|calls? back)(?: the phone)?(?: to (?:me|us))?)"
    r"|no (?:answer|reply|one answers)|nobody (?:answers|picks up|is answering))"
)
_THEM = (
    r"(?:they|social care|social services|childrens services|the (?:hub|mash|team|duty team"
    r"|social worker|manager|referral)|it)"
)
_IF = r"(?:what if|what happens if|what (?:do|should) (?:i|we) do if|and if|if|suppose)"
_DISAGREE = re.compile(
    rf"{_IF} {_THEM} (?:says?|said|decides?|answers?|comes? back with|tells? me)(?: (?:that|its"
    rf"|it is"
    r"|on|to take|there is|therell be|me|us))* (?:no further action|nfa|no|no action"
    r"|not (?:cse|for them|their job|serious(?: enough)?|high enough|enough)"
    r"|(?:it )?(?:doesnt|does not) meet (?:the |their )?threshold|below (?:the )?threshold|nothing)"
    rf"|{_IF} {_THEM} (?:refuses?|rejects?|declines?|disagrees?|does nothing|do nothing|closes?"
    r"|nfas?|(?:bounces?|kicks?|sends?|steps?|turns?) (?:it |the (?:case|referral) )?(?:back"
    r"|down)|(?:wont|will not|dont|doesnt|do not|does not) (?:accept|agree|act|take"
    r"|do anything|want))(?: (?:it|this|with (?:me|us|it)|the (?:referral|case)|on (?:it|this)))*"
    rf"|{_IF} (?:its|it is|it gets|the referral (?:is|gets)|i get|we get) (?:nfa|nfad|rejected"
    r"|refused|closed|turned down|no further action|a no)"
    r"|(?:what if )?(?:i|we) (?:disagree|dont agree|do not agree)"
    r"(?: with (?:them|it|their decision|the decision|the level))?"
)
_RECORDS = (
    r"(?:record|write(?: it| this| that)?(?: down| up)?|note(?: it| this| that)?(?: down)?"
    r"|log|document|put (?:in writing|on (?:the )?(?:file|record|system)|in (?:my|the) notes))"
)
_RECORDING = re.compile(
    rf"(?:so )?(?:what|where|how) (?:do|should|must|shall) (?:i|we)(?: (?:have"
    rf"|need) to)? {_RECORDS}"
    r"(?: (?:it|this|that|it all|everything|all this|down|up|on (?:the )?(?:file|record|system"
    r"|case)"
    r"|in (?:my |the |our )?(?:notes|records?|files?|system)|for (?:my|the) (?:file|records?)))*"
    r"|(?:what|where|how) (?:needs?|has|should|is|must|does it (?:need|have))(?: (?:it"
    r"|this))?(?: to)?"
    r"(?: be)? (?:recorded|written down|written up|noted|logged|documented|go on (?:file|record))"
    rf"|(?:do|should|must) (?:i|we)(?: (?:have|need) to)? {_RECORDS}(?: (?:it|this|that|anything))?"
    r"|(?:what about )?(?:the |my )?(?:recording|records?|case notes?|notes?)"
)
_REVIEW = r"(?:(?:the |its |our |a |her |his )?(?:(?:very )?first |next |cse |plan )*reviews?)"
_REVIEWS = re.compile(
    rf"(?:by )?when(?: exactly)?(?: (?:is|are|will|would|does|do|should|must|s))? {_REVIEW}"
    r"(?: meeting)?(?: (?:be|due|held|happen|take place|have to be|then|to be))*(?: by)?"
    r"|(?:when|how often|how soon) (?:is|are|will|does|do|should|must) (?:it|this|that|they|we"
    r"|(?:the )?(?:plan|case|child|reviews?))(?: (?:be|get|have|need|to|a|do))*"
    r" (?:reviewed|reviews?|looked at again)|how often (?:is|are) (?:the )?reviews?"
    r"|what about (?:the )?(?:first |next )?reviews?|(?:the )?(?:first |next )?reviews?"
)
_FORMS = re.compile(
    r"(?:what|which|whats the|what is the) forms?(?: (?:is|are|was|do|does|should|must) (?:it"
    r"|that|this"
    r"|they|those|i|we)(?: all)?)?(?: (?:have to |need to )?(?:need|use|fill in|fill out|send"
    r"|complete"
    r"|called|do))?(?: in)?|(?:is|are) there (?:a |any |an )?(?:official )?forms?(?: (?:for it"
    r"|to fill in|to send|to use|i need))?|(?:do|should|must) (?:i|we) (?:need|have|use|fill in"
    r"|have to fill in|need to fill in) (?:a|any|which|what) forms?|(?:the )?forms?"
)


def _about(what: str) -> re.Pattern[str]:
    """How one side of a case is asked about: “who do I tell about the missing bit”."""
    return re.compile(
        r"(?:(?:so )?(?:and )?(?:whom?|what) (?:do|should|must) (?:i|we)(?: (?:have|need) to)?"
        r" (?:tell|ring|inform|call|contact|notify|speak to|report to|do|say)|what|how|who"
        r"|where do (?:i|we) report) "
        r"(?:about|with|for|re|regarding|on|over) (?:the |her |his |their |them |him |a )?"
        rf"(?:(?:going|being|gone|been|having been|possible) )*{what}"
        r"(?: (?:bit|part|side|thing|element|aspect|episodes?|incidents?|again|stuff|concerns?))?"
    )


_NUMBER = r"(?:that|this|the|those|these|your|luton|hub|council)(?: phone| telephone)? numbers?"
_NUMBER_SOURCE = re.compile(
    rf"(?:is|are) (?:{_NUMBER}|it the) (?:still |definitely |really )?(?:right|correct|current"
    r"|up to date|good|valid|in use|working|ok|okay|reliable|the right ones?|right ones?|recent|old"
    r"|checked|true|in date)"
    rf"|where (?:is|are|does|do|did) (?:{_NUMBER}|you get {_NUMBER})(?: come)?(?: from)?"
    rf"|how (?:old|sure|current|up to date|reliable|recent) (?:is|are) (?:you (?:of"
    rf"|about) )?{_NUMBER}"
    rf"|(?:can|should) (?:i|we) (?:trust|rely on|use) {_NUMBER}"
    rf"|(?:are )?you sure (?:of|about|that) {_NUMBER}(?: is right| is correct)?"
    rf"|when (?:was|were|is|are) {_NUMBER} (?:from|checked|verified|last checked)"
    rf"|does {_NUMBER} still work"
)
#: What is asked, and how.
ONE_THING: Sequence[tuple[PartAsked, re.Pattern[str]]] = (
    ("no_answer", _NO_ANSWER),
    ("disagree", _DISAGREE),
    ("recording", _RECORDING),
    ("reviews", _REVIEWS),
    ("forms", _FORMS),
    ("number_source", _NUMBER_SOURCE),
    ("of_missing", _about("(?:missing|runaway|running away|absconding)")),
    ("of_trafficking", _about("(?:trafficking|trafficked|nrm|moved about)")),
    ("of_crime", _about("(?:crime|offence|criminal|crimes)")),
    ("chair", _CHAIR),
    ("meetings", _MEETINGS),
    ("again", _AGAIN),
    ("sender", _SENDER),
)
