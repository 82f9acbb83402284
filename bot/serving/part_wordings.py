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
#: What is asked, and how.
ONE_THING: Sequence[tuple[PartAsked, re.Pattern[str]]] = (
    ("no_answer", _NO_ANSWER),
    ("chair", _CHAIR),
    ("meetings", _MEETINGS),
    ("again", _AGAIN),
    ("sender", _SENDER),
)
