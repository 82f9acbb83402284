"""Tells “nothing applies” from “nothing is known”, in the words that people use for them. Pure.

Both are read as whole messages only: beside the name of a sign, “nothing” may mean anything.
What says neither for sure is asked about again, for unknown never counts as no.
"""

from __future__ import annotations

import re

from bot.screening.models import Question
from bot.screening.typed import names_item
from bot.screening.typed_words import NOT_KNOWN_WORDS

_LEAD = (
    r"(?:(?:no|nope|nah|well|um+|er+m?|hm+|honestly|so|ok(?:ay)?|oh|right|actually|really|sorry"
    r"|just"
    r"|and|tbh|to be honest|i think|i['’]?d say|i would say|at the moment|currently|right now"
    r"|as far as i can (?:see|tell)|there(?:['’]?s| is| are)?|it['’]?s)[\s,]+)*"
)
_TAIL = (
    r"(?:[\s,]+(?:at all|like (?:that|this|those|these)|here|there|of (?:the|any) (?:kind|sort)"
    r"|of (?:these|those|them|it|that|this)|of the above|(?:that )?appl(?:y|ies)|really|whatsoever"
    r"|in place|for (?:her|him|them|this (?:child|one|girl|boy))|(?:on|from) (?:this|the|that) list"
    r"|to report|currently|at the moment|right now|now|i['’]?m afraid|sorry|thanks|thank you"
    r"|please|no))*"
)
_NOTHING = re.compile(
    rf"{_LEAD}(?:nothing|nowt|none|not any(?:thing)?|not a (?:single )?(?:thing|one)|nil){_TAIL}"
)
#: The same where it is asked whom the child is open to.
_NO_PLAN = re.compile(
    rf"{_LEAD}(?:(?:s?he|they|it|the child|yp)(?:['’]?s|['’]re| is| are| has)? )?(?:(?:has |have )?"
    r"no plans?|not on any(?: plans?| list)?"
    r"|(?:(?:not|isn['’]?t|ain['’]?t|aren['’]?t|hasn['’]?t been|never been)"
    r" open to any ?(?:one|body|thing)?|(?:nothing )?open to (?:no ?one|nobody|none|nothing)"
    r"|nothing open|no ?one|nobody"
    r"|(?:not|isn['’]?t|never been|nor) (?:known|open|subject)(?: or open| or known)? to any"
    r" ?(?:one|body|thing|services?|agenc(?:y|ies)|teams?)?(?: or any ?(?:one|thing))?"
    r"|(?:no ?one|nobody)(?: else)?(?:['’]?s| is| are)?"
    r" (?:work(?:s|ing)|involved|seeing|supporting)(?: with (?:her|him|them|the (?:child|family)))?"
    r"|(?:no|not any) (?:services?|agenc(?:y|ies)|professionals?|workers?|teams?|plans?)"
    r"(?: (?:is|are))? (?:involved|working|open)(?: with (?:her|him|them|the family))?))"
    rf"(?: yet|,? as far as i know)?{_TAIL}"
)
#: Who only thinks that it is nobody does not know it: “I don't think she's open to anyone”.
_THINKS_NO_PLAN = re.compile(
    rf"{_LEAD}i (?:don['’]?t|do not) (?:think|believe|reckon) (?:that )?(?:s?he|they|the child|yp)"
    r"(?:['’]?s|['’]re| is| are)? (?:open|known) to (?:any ?(?:one|body|thing|services?))"
    rf"{_TAIL}"
)
#: It is not known whom the child is open to.
_PLAN_NOT_KNOWN = re.compile(
    rf"{_LEAD}(?:(?:i|we|they)(?:['’]?m| am|['’]re| are)? )?(?:really |honestly |just )*"
    r"(?:not (?:sure|certain|clear)|unsure|unclear|no (?:idea|clue)|(?:have|got) no (?:idea"
    r"|clue)|dunno"
    r"|(?:don['’]?t|do not) (?:really |actually )?know|not known|can['’]?t (?:say|tell)|cannot say"
    r"|i(?:['’]?d| would) have to (?:check|ask))(?: of)?[ ,]*(?:who(?:m)?|which|what|if|whether)"
    r"(?: (?:teams?|services?|plans?|ones?|of (?:these|those|them)))?"
    r" (?:(?:s?he|they|the (?:child|family|girl|boy)|yp)(?:['’]?s|['’]re| is| are| has| have| might"
    r" be| may be)*|(?:is|are)(?: (?:s?he|they))?)"
    r" ?(?:(?:currently|already|still|even|actually) )*(?:open|known|with|on|involved|working"
    r"|under|got|has|have|subject)(?: (?:to|with|on|by|her|him|them|any ?(?:one|thing|body)|at all"
    r"|or not|a plan|anyone|services?|the moment|social care))*"
)
_KNOWN = (
    r"(?:known|confirmed|checked|certain|clear|definite|established|proven?|proved|verified"
    r"|recorded"
    r"|documented|(?:on|in) (?:the |our |my )?(?:records?|file|system|notes))"
)
_PEOPLE = r"(?:i|we|they|you|nobody|no ?one|school|staff|anyone)"
_ABOUT = r"(?: (?:about|of|on|to|for|with|from|either|any)(?: [\w'’-]+){0,4})?"
_UNKNOWN_WORDS = "|".join(
    re.escape(words).replace("'", "['’]?")
    for words in sorted(NOT_KNOWN_WORDS, key=len, reverse=True)
    if words.isascii() and words[0].isalpha() and words not in ("na", "pass", "skip")
)
_TIME = (
    r"(?:[\s,]+(?:yet|so far|at the moment|right now|currently|at (?:this|the) (?:point|stage|time)"
    r"|for (?:sure|certain|definite)|really|at all|though|here|now|sorry|i['’]?m afraid"
    r"|about (?:that|this|it|them|any of (?:it|them|these|those|that))|any(?:thing)?"
    r"|of (?:these|those|them|that|it)))*"
)
#: A part of a message that says that it is not known.
_NOT_KNOWN = re.compile(
    rf"{_LEAD}(?:(?:i|we|they) (?:really |honestly |just )?)?(?:(?:{_UNKNOWN_WORDS}){_ABOUT}"
    r"|(?:nothing|none|nowt|not (?:a lot|much|any(?:thing)?|all))"
    r"(?: of (?:it|that|this|these|them))?(?: else)?"
    rf"(?:['’]s| is| are| was| has been| have been| been)?(?: really| officially)? {_KNOWN}"
    rf"|(?:nothing|none|not any(?:thing)?)(?: else)? (?:that )?{_PEOPLE}(?:['’]m|['’]re| am| are)?"
    r" (?:know(?: of| about)?|aware of|sure of|certain of|can (?:say|tell|confirm))"
    r"|(?:nothing|none|not) to (?:my|our|anyone['’]s) knowledge"
    rf"|(?:{_PEOPLE}(?:['’]?ve| have| has)? )?(?:know|knows|heard|been told|found out|got)"
    rf" (?:of )?(?:nothing|nowt|very little|too little|little){_ABOUT}"
    rf"|{_KNOWN} nothing){_TIME}"
)
_PARTS = re.compile(r"\s*[,;.!?]+\s*|\s+(?:and|but|so(?! far))\s+|\s+-+\s+")


def says_none(question: Question, text: str) -> bool:
    """Whether a reply says in other words, and says nothing else, that none of a list applies.

    Where there is no list: that the answer to a yes-or-no question is no.
    """
    plain = _plain(text)
    if re.search(r"\d", plain):
        return False
    if question.kind != "checklist":
        # “none” to “is there any sign of …” is a no
        asks = question.option("yes") is not None and question.option("no") is not None
        return asks and bool(_NOTHING.fullmatch(plain))
    if question.case_field == "open_to" and _says_no_plan(plain):
        return True
    return bool(_NOTHING.fullmatch(plain)) and not names_item(question, plain)


def _says_no_plan(plain: str) -> bool:
    """Whether every part says that the child is open to nobody: “nothing, not known to anyone”."""
    if _NO_PLAN.fullmatch(plain):
        return True
    parts = [part for part in _PARTS.split(plain) if part]
    plans = [part for part in parts if _NO_PLAN.fullmatch(part)]
    return bool(plans) and all(
        part in plans or _NOTHING.fullmatch(part) or re.fullmatch(_LEAD, f"{part} ")
        for part in parts
    )


def says_not_known(question: Question, text: str) -> bool:
    """Whether a reply says that it is not known, and names nothing that it could be known of.

    Every part of it must say so, or that there is nothing: “don't know, nothing recorded so far”.
    """
    plain = _plain(text)
    if re.search(r"\d", plain) or names_item(question, plain):
        return False
    if question.case_field == "open_to" and (
        _PLAN_NOT_KNOWN.fullmatch(plain) or _THINKS_NO_PLAN.fullmatch(plain)
    ):
        return True
    if question.case_field == "open_to" and re.search(r"\bknown to\b", plain):
        # “not known to services” is no plan, or no knowledge
        return False
    if _NOT_KNOWN.fullmatch(plain):
        return True
    parts = [part for part in _PARTS.split(plain) if part]
    unknown = [part for part in parts if _NOT_KNOWN.fullmatch(part)]
    return bool(unknown) and all(
        part in unknown or _NOTHING.fullmatch(part) or re.fullmatch(_LEAD, f"{part} ")
        for part in parts
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split()).strip(" .!?,")
