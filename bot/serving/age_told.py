"""The child's age that a message tells, apart from every other number in it.

“She turns 13 next week” tells of a child of 12; “it's 2am”, “he is 5 years older” and “her little
sister is 8” tell nothing of the child's age. Pure: a text in, years out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_WORDS = {
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
}  # fmt: skip
_N = rf"(?:\d{{1,2}}|{'|'.join(_WORDS)})"
_YEARS_OLD = r"(?:[ -]?(?:years?|yrs?|y)(?:[ -]?old|[ -]of[ -]age)?|[ -]?y/?o)"
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|christmas|easter"
)
_UNIT = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|months?|mths?|times?|miles?|people"
    r"|men|boys|girls|children|kids|pounds?|quid|percent|%|p\.?m|a\.?m|o'?clock|th\b|st\b|nd\b"
    r"|rd\b)"
)
_WHEN = (
    rf"(?:next (?:week|month|year|{_DAYS})|tomorrow"
    rf"|in (?:a|an|the|two|three|four|five|six|\d{{1,2}})(?: \w+)? (?:days?|weeks?|months?)"
    rf"|in (?:{_DAYS})|on (?:{_DAYS})|(?:later )?this (?:week|month|{_DAYS})|soon)"
)
_WHO = r"(?:s?he|they|who|child|yp|girl|boy|lad|young person|pupil|daughter|son)"
#: A birthday that is still to come: the child is a year younger.
_SOON = re.compile(
    rf"\b(?<!it's )(?<!its )(?<!it is )(?:nearly|almost|not quite|not yet|just under|just short of"
    rf"|coming up(?: to| for)?|approaching|soon(?: to be)?|about to be|nearing|getting on for"
    rf"|{_WHO}(?:'ll|ll| will| would)(?: soon)? be"
    rf"|(?:(?:about to |due to |will |soon )?(?:turn(?:s|ing)?|reach(?:es|ing)?|hits))(?: to)?)"
    rf" ({_N})(?:th)?\b(?! ?(?:{_UNIT}|years? (?:ago|younger|older)))(?: {_WHEN}\b)?"
    rf"|\b(?:isn't|isnt|is not|not|won't be|wont be) ({_N}) (?:until|till|yet)\b(?: {_WHEN}\b)?"
    rf"|(?:\b{_WHO}(?:'s|s|'re|re| is| are)? |(?:^|[,.;(] *))({_N})(?:{_YEARS_OLD})? {_WHEN}\b"
    rf"|\b({_N})th birthday (?:is |'s )?(?:coming\b(?: up)?(?: {_WHEN}\b)?|due\b|{_WHEN}\b)"
    rf"|\b(?:before|until|till|weeks? off|days? off|months? off)"
    rf" (?:(?:turning|s?he turns) ({_N})|(?:her|his|their|the) ({_N})th birthday)\b"
)
_PAST = re.compile(r"\b(?:was|were|turned|became) $")
#: The hour of a day.
_HOUR = (
    rf"\b\d{{1,2}}(?:[:.]\d\d)? ?(?:a\.?m|p\.?m|o'?clock)\b|\b\d{{1,2}}:\d\d\b"
    rf"|\b(?:half|quarter) (?:past|to) {_N}\b"
    rf"|\b(?:at|by|since|until|till|after|before|around|about|gone|past|it's|its|it is) {_N}"
    r" (?:at night|tonight|last night|this (?:morning|evening|afternoon)|in the (?:morning|evening"
    r"|afternoon))\b"
)
#: A span of years that is nobody's age.
_SPAN = (
    rf"\b{_N}\+? ?-?(?:years?|yrs?)?'? (?:older|younger|(?:her|his|their) (?:senior|junior)|apart)"
    rf"(?: than)?\b|\b(?:older|younger) by {_N}(?: (?:years?|yrs?))?\b"
    rf"|\b(?:age )?(?:gap|difference) (?:is |of )?(?:about )?{_N}(?: (?:years?|yrs?))?\b"
    rf"|\b{_N}[ -](?:years?|yrs?)[ -](?:age )?(?:gap|difference)\b"
    rf"|\b{_N} (?:years?|yrs?)'? (?:ago|back|(?:of )?experience|in (?:the|this|my|safeguarding"
    r"|teaching|social|post)|before|later|since|qualified|service|sentence|prison|inside)\b"
    rf"|\b(?:for|over|about|past|last|first|next|within|known (?:her|him|them)(?: for)?|after)"
    rf" (?:the )?(?:(?:past|last) )?{_N}\+? (?:years?|yrs?)\b(?![ -]old)"
)
#: A year at school, a section, a place in a list.
_COUNTED = (
    rf"(?<!')\b(?:section|sec|s\.?|step|stage|tier|page|option|number|no\.?|point|room|route"
    rf"|class|unit"
    rf"|grade|key stage|ks|level|band|question|flat|house|line) ?{_N}\b"
)
_SCHOOL_YEAR = re.compile(rf"\b(?:year|yr|y)(?: group)?[ -]?({_N})\b(?![ -]?(?:years?|yrs?|olds?))")
#: Years of a school year's children: in year 7 they are 11 or 12, in year 9 they are 13 or 14.
_UNDER_13_TO, _NOT_UNDER_13_FROM, _LAST_YEAR = 7, 9, 13
_ELSE = (
    r"(?:(?:step|half|foster)[ -]?)?(?:sister|brother|sibling|sis|bro|cousin|boyfriend|girlfriend"
    r"|bf|gf|partner|ex|friend|mate|mum|mom|mother|dad|father|parent|uncle|aunt|auntie|niece"
    r"|nephew|man|men|guy|bloke|male|adult|woman|perpetrator|suspect|abuser|exploiter|groomer"
    r"|driver"
    r"|neighbour|son|daughter|baby|dealer|older (?:lad|boy|male|one))"
)
_WHOSE = (
    r"(?:(?:her|his|their|the child's|childs|the girl's|the boy's|a|an|with|and)"
    r"(?: (?:own|little|big|younger|older|elder|youngest|eldest|other|best|new|so called|alleged"
    r"|adult|only))*|(?:little|big|younger|older|elder|youngest|eldest|best|alleged))"
)
#: The age of somebody beside the child.
_OF_ANOTHER = re.compile(
    rf"\b(?:(?:{_WHOSE} {_ELSE}|boyfriend|girlfriend|bf|gf|partner|perpetrator|suspect|abuser"
    rf"|exploiter|groomer)s?(?: of)?(?:,| \(|\(|'s|s)?(?: (?:nearly|almost|turning|turns|turned"
    rf"|is|was|are|who is|who's|whos|who|aged"
    rf"|also|only|just|now|about|around|he's|hes|she's|shes|says he is|named|over))* \(?{_N}"
    rf"(?:{_YEARS_OLD})?\b)"
    rf"|\b{_N}{_YEARS_OLD} (?:(?:old|little|younger|older|adult) )*{_ELSE}\b"
    rf"|\b(?:sister|brother|boyfriend|girlfriend|partner|friend|cousin|siblings?) (?:of"
    rf"|aged) {_N}\b"
)
#: Somebody beside the child who may be a child of the same concern.
_BOTH = re.compile(r"\bboth\b|\btwo (?:sisters|brothers|girls|boys|children)\b|\btoo\b|\bas well\b")
_NO_AGE = re.compile(rf"{_HOUR}|{_SPAN}|{_COUNTED}")
_UNIT_AFTER = re.compile(rf" ?-?{_UNIT}")
_BELOW = re.compile(
    rf"\b(?:under|below|younger than|less than)(?: the age of)? ({_N})s?\b(?! ?{_UNIT})"
)
_NOT = re.compile(r"\b(?:not|n't|isnt|never|nor)\s*(?:a |an )?$")
_SAYS_AGE = re.compile(
    rf"\b(?:aged?|turned|age:?|she'?s|he'?s|they'?re|she is|he is|who is|is|was|child is|yp is"
    rf"|just turned|only|im|i'?m)(?: (?:only|just|now|also|still))? ({_N})\b(?! ?-?{_UNIT})"
    rf"|\b({_N}){_YEARS_OLD}(?!\w)"
    rf"|\b(?:girl|boy|lad|lass|child|kid|pupil|student|yp|young person|female|male|teenager) "
    rf"(?:of |aged |\()?({_N})\b(?! ?-?{_UNIT})"
    rf"|(?<![\w.])({_N})[ -]?(?:m|f|male|female|girl|boy|lad)\b"
    rf"|(?<![\w.])[mf]({_N})\b"
)
_KNOWN_BEFORE = (
    r"(?:low|medium|med|moderate|high|risk|luton|notts|nottinghamshire|nottingham|wiltshire|derby"
    r"|derbyshire|hartlepool|lac|cla|cin|ehcp|after|care|plan|ld|and|case)"
)
_KNOWN_AFTER = (
    r"(?:low|medium|med|high|risk|luton|notts|nottinghamshire|wiltshire|derby|derbyshire"
    r"|hartlepool|lac|cla|cin|ehcp|looked|with|no|not|in care|on a|ld|learning|and|but|missing"
    r"|what|who|open|disclosed|teacher|social worker)"
)
#: A bare number among facts: “low risk 15, no learning disability”, “derby 14 medium”.
_BARE = re.compile(
    rf"(?:^|[,.;:+&/(] *|\b{_KNOWN_BEFORE} )({_N})(?= *(?:$|[,;:+&/()!?]|\.(?!\d)"
    rf"| {_KNOWN_AFTER}\b))"
)
#: Whom a bare number can be: a smaller one may count anything.
_YOUNGEST, _ADULT = 5, 18
#: Stands in the place of what is no age of the child, so that places stay as they were.
_BLANK = "\x00"


def ages_told(text: str, found: Iterable[Mapping[str, Any]]) -> tuple[list[str], bool]:
    """The ages of the child that a text tells (years, or “under 13”), and whether another number
    in it could be taken for one.

    `found` are its entities: an age among them counts where it stands on no such number.
    """
    plain = _lower(text)
    left = plain if _BOTH.search(plain) else _OF_ANOTHER.sub(_blank, plain)
    left, soon = _take_soon(left)
    left, of_school = _take_school_years(left)
    masked = _NO_AGE.sub(_blank, left)
    ages = [*soon, *of_school]
    for one in found:
        if one["entity"] == "age":
            start = one.get("start")
            if start is None or _BLANK not in masked[start : one.get("end", start + 1)]:
                ages.append(str(one["value"]))
    if not any(one.isdigit() or one == "under 13" for one in ages):
        ages += _own(masked)
    return list(dict.fromkeys(ages)), _BLANK in masked


def ages_to_come(plain: str) -> tuple[str, list[str]]:
    """A plain text without birthdays to come and years at school, and the ages that they tell."""
    left, soon = _take_soon(plain)
    left, of_school = _take_school_years(left)
    if not soon and not of_school:
        return plain, []
    return " ".join(left.replace(_BLANK, " ").split()), [*soon, *of_school]


def _own(masked: str) -> list[str]:
    """Ages in words that say so, or else bare numbers among facts."""
    below = [f"under {_years(one[1])}" for one in _BELOW.finditer(masked)
             if not _NOT.search(masked[: one.start()])]  # fmt: skip
    said = [_years(next(filter(None, one.groups()))) for one in _SAYS_AGE.finditer(masked)]
    bare = [_years(one[1]) for one in _BARE.finditer(masked)]
    each = said or (bare if len(set(bare)) == 1 or _BOTH.search(masked) else [])
    return [*below, *(str(one) for one in each if _YOUNGEST <= one < _ADULT)]


def _take_soon(plain: str) -> tuple[str, list[str]]:
    """A text without the birthdays to come, and how old the child is until then."""
    ages: list[str] = []

    def one(found: re.Match[str]) -> str:
        years = _years(next(filter(None, found.groups())))
        past = _PAST.search(plain[: found.start()]) or re.match(r"(?:was|turned) ", found[0])
        if past or not _YOUNGEST < years <= _ADULT:
            return found[0]
        ages.append(str(years - 1))
        return _blank(found)

    return _SOON.sub(one, plain), ages


def _take_school_years(plain: str) -> tuple[str, list[str]]:
    """A text without the years at school, and what each says of an age under 13."""
    ages: list[str] = []

    def one(found: re.Match[str]) -> str:
        year = _years(found[1])
        if 1 <= year <= _UNDER_13_TO:
            ages.append("under 13")
        elif _NOT_UNDER_13_FROM <= year <= _LAST_YEAR:
            ages.append("13")  # at least: 13 and more are one to a route
        return _blank(found)

    return _SCHOOL_YEAR.sub(one, plain), ages


def _lower(text: str) -> str:
    lower = text.lower().replace("’", "'").replace("‘", "'")
    return lower if len(lower) == len(text) else text


def _blank(found: re.Match[str]) -> str:
    return _BLANK * len(found[0])


def _years(words: str) -> int:
    return _WORDS.get(words) or int(words)
