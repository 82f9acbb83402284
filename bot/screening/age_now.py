"""Puts an age that is still to come as the age now: “she turns 13 on Friday” is 12 today. Pure.

A child a week before a birthday is as old as the day before it, and the lowest levels hang on the
age now. What somebody looks like, or says they are, is no age at all.
"""

from __future__ import annotations

import re

from bot.screening.typed_words import NUMBER_WORDS

_AGE_WORDS = {word: number for word, number in NUMBER_WORDS.items() if number > 3}
_AGE = rf"(?P<age>1[0-9]|[4-9]|{'|'.join(_AGE_WORDS)})"
_N = rf"{_AGE}(?![\w/]|[.,]\d|-\d)"
#: Any number of years, also one that no child has: “looks 21”.
_SOME = rf"(?:[0-9]{{1,2}}|{'|'.join(_AGE_WORDS)})(?![\w/]|[.,]\d|-\d)"
_YEARS = r"(?: ?-?(?:years?[ -]?olds?|yrs?(?: old)?|yo|years? of age))?"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|march|april|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SEASON = r"(?:spring|summer|autumn|winter|new year|easter|christmas|xmas|half[ -]term)"
_COUNT = r"(?:an?|one|two|three|four|five|six|[0-9]{1,2}|a few|a couple of|some|several)"
_SPAN = r"(?:days?|weeks?|wks?|fortnight|months?|mths?)"
#: When a birthday comes: “on Friday”, “next month”, “in March”. “On a plan” and “in care” are none.
_WHEN = (
    rf"(?:(?:(?:on|this|next|coming|this coming|by|from|until|till|til|before|later|the)[ ]?)*"
    rf"(?:{_DAY}|(?:next|this|the|at the) (?:coming )?(?:weekend|week|month|term|spring|summer"
    rf"|autumn|winter|{_DAY}|{_MONTH})|the [0-9]{{1,2}}(?:st|nd|rd|th)?(?: of {_MONTH})?"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)(?: of)?(?: {_MONTH})?|[0-9]{{1,2}} {_MONTH})"
    rf"(?: (?:coming|[0-9]{{1,2}}(?:st|nd|rd|th)?|week|next week))?"
    rf"|(?:in|during|over|after|at|by|before|until|till|this|next|early|late|mid)(?: the| early"
    rf"| late| mid)* (?:{_MONTH}|{_SEASON})"
    rf"|(?:in|within)(?: about| under| less than)? {_COUNT}(?: more)?(?: {_SPAN})(?:['’]?s?['’]?"
    r" time)?|(?:later )?(?:this|next) (?:month|year|week)|tomorrow|soon|shortly|any day(?: now)?"
    r"|before long|at the end of (?:the|this|next) (?:week|month|term|year))(?!\w)"
)
#: A past that only looks ahead: “13 on Friday just gone”.
_GONE = r"(?! (?:gone|just gone|past|ago|last|before last))"
_TURNS = (
    r"(?:(?:(?:will|['’]?ll|wo?nt|is|['’]s|s|are|due|about|going|gonna|set|yet|just|only|soon|has"
    r"|to) ?)*"
    r"\b(?:turns|turning|to turn|(?:will|['’]ll|ll|gonna|going to|due to|about to|set to|yet to"
    r"|not|n['’]?t|soon) (?:only |just |soon |not |even |yet |finally )*(?:be turning|be|turn"
    r"|turned|reach|reached|hit)|to be(?= (?:1[0-9]|thirteen|sixteen|eighteen)"
    r" (?:on|in|next|soon)))"
    r"(?: only| just)?)"
)
_NEARLY = (
    r"\b(?:(?:very )?nearly|almost|practically|virtually|coming up(?: to| for| on)?|approaching"
    r"|nearing|just (?:under|shy of|short of|off|before)|(?:shy|short) of|close to|not far off"
    r"|not quite|not even|not yet|n['’]t (?:quite|even|yet)|isnt (?:quite|even|yet)|yet to be"
    r"|still not|rising|soon(?: to be| be)?"
    rf"|(?:{_COUNT} {_SPAN}|[0-9]{{1,2}} {_SPAN}|days|weeks|months|a (?:little|bit))"
    r" (?:off|before|short of|shy of|away from|from|until|till|to|under)(?: being| turning"
    r"| reaching| her| his| their)*)"
    r"(?: being| turning| turned| her| his| their| the| age| aged)*"
)
_NOT = r"(?:\bnot|\bisnt|\baint|\bhasnt|\w*n['’]t)"
#: Each way to tell of a birthday that is still to come.
_AHEAD = tuple(
    re.compile(way)
    for way in (
        rf"\b(?:her|his|their|the|a)? ?(?:{_AGE}(?:th)?) birthday\b(?! (?:was|has been|has gone|is"
        r" over|last|a (?:week|month|year))| (?:[\w']+ ){0,3}ago)"
        rf"(?:(?: is|['’]s| comes| will be| coming up| coming)*(?: {_WHEN})?)?",
        rf"{_NOT}(?: turned| turn| be| reached| reach| been| quite| even| yet)* {_N}{_YEARS}"
        rf"(?: (?:{_WHEN}|(?:just |quite )?(?:yet|until|till|til)(?!\w)))",
        rf"{_NOT}(?: even| quite| yet)* (?:turned|turn|be|reached|reach) {_N}{_YEARS}",
        rf"{_NEARLY} {_N}{_YEARS}",
        rf"{_TURNS}(?: age| aged)? {_N}{_YEARS}(?: {_WHEN})?{_GONE}",
        rf"\b{_N}{_YEARS} (?:yet to come|to be|not yet|soon)\b",
    )
)
#: A bare number beside the time of a birthday: whether it is an age is for the reader to tell.
_BARE_AHEAD = re.compile(rf"\b{_N}{_YEARS},? (?:as of |from |only |come )?{_WHEN}{_GONE}")
#: What was before these words has come: “she was 13 on Friday”.
_CAME = re.compile(
    r"\b(?:was|turned|became|since|been|reached|hit)(?: (?:only|just|already|now))*[ ]*$"
)
_NOT_CAME = re.compile(r"(?:\bnot|\bhasnt|n['’]t)\b[\w ]*$")
_WHOLE_YEAR = re.compile(r"\bnext year\b")
#: Numbers of years that are no age of the child.
_SEEMS = re.compile(
    r"[,;]? ?\b(?:but |and |though |although |who |that )?(?:s?he |they )?"
    r"(?:(?:could|can|would|might|does|do|often|always|really|easily|only|also|just) )*"
    r"(?:looks?|looking|acts?|acting|behav(?:es?|ing)|dress(?:es|ed|ing)?|seems?|appears?|thinks?"
    r"|pass(?:es|ing)?|functions?|functioning|presents?|presenting|comes across|claims?|claiming"
    r"|pretend(?:s|ing)|(?:says?|tells?|told|telling|saying)(?: (?:people|him|them|everyone|men"
    r"|others|everybody|that))*(?: (?:s?he|they)(?:['’]?s|['’]?re| is| are| was)?)"
    r"|(?:a )?(?:mental|emotional|developmental|reading|functioning) age(?: is)?"
    r"|emotionally|developmentally|mentally)"
    r"(?:(?: |(?=['’]))(?:like|as|for|more|much|older|younger|about|around|at|of|to|be|being"
    r"|an?|s?he|is|was|they|are|the|level|age|aged|old|nearer|closer|if|though|['’]s|['’]re|very|way|so|well|too)"
    r")*"
    rf"(?: {_SOME}{_YEARS}|(?<=older)|(?<=younger))"
)
_GOES_ON = re.compile(
    rf"(?P<now>\b{_SOME}{_YEARS}),? (?:but |and )?going on"
    rf" {_SOME}{_YEARS}"
)
_ONLY_GOING_ON = re.compile(rf"\bgoing on(?: for)? {_N}{_YEARS}")
#: A number that is denied, where another is told: “12, not 13”.
_DENIED = re.compile(
    rf"[,;]? ?(?:{_NOT}|\bno longer|\brather than|\binstead of) (?:aged? )?"
    rf"{_SOME}{_YEARS}(?! (?:or|to)\b)"
)
_ANY_AGE = re.compile(rf"\b{_AGE}(?:th)?(?![\w/]|[.,]\d|-\d)")


def age_now(text: str) -> str:
    """The text with each age that is still to come as “age 12”, the age now.

    Parameters: `text` in small letters. Of “next year” both ages that it may be are given. What
    the child looks like, or is not (where another age is told), is left out.
    """
    if not _ANY_AGE.search(text):
        return text
    found = _GOES_ON.sub(lambda one: one["now"], text)
    found = _ONLY_GOING_ON.sub(_one_less, found)
    seemed = _SEEMS.sub(" ", found)
    # an age must be left: “looks 16” alone tells none, and is not turned into one
    found = seemed if _ANY_AGE.search(seemed) else found
    for way in _AHEAD:
        found = way.sub(_one_less, found)
    found = _BARE_AHEAD.sub(_bare_one_less, found)
    left = _DENIED.sub(" ", found)
    found = left if _ANY_AGE.search(left) else found
    return found if found == text else " ".join(found.split())


def tells_no_age(text: str) -> bool:
    """Whether a text only says which age the child is not, or looks: “she isn't 13”."""
    now = age_now(text)
    left = _DENIED.sub(" ", _SEEMS.sub(" ", now))
    return left != now and not _ANY_AGE.search(left)


def _bare_one_less(found: re.Match[str]) -> str:
    said = _one_less(found)
    if said == found[0]:
        return said
    # who is 13 “this year” may have had the birthday
    either = f" or {found['age']}" if "this year" in found[0] else ""
    return said.replace("age ", "", 1).rstrip() + either


def _one_less(found: re.Match[str]) -> str:
    """The age now in the place of a birthday to come; a birthday that has been stays."""
    if _CAME.search(found.string[: found.start()]) and not _NOT_CAME.search(
        found.string[: found.start()]
    ):
        return found[0]
    told = found["age"]
    age = int(told) if told.isdigit() else _AGE_WORDS[told]
    now = f" age {age - 1}"
    # who turns 14 next year may have a birthday this year as well
    return f"{now} or {age - 2} " if _WHOLE_YEAR.search(found[0]) else f"{now} "
