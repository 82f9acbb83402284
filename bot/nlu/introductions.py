"""Finds what a message tells only of who is writing: “I'm a teacher, …”, “youth worker here, …”.

What is asked is the rest. A topic about teachers is not meant because a teacher asks.
"""

from __future__ import annotations

import re

#: Words that end a telling of one's work: “I'm a teacher who has seen …” goes on with the story.
_NOT_IN_A_JOB = (
    "a|an|the|and|or|but|so|who|whose|that|which|if|when|where|as|at|in|of|on|to|by|for|from|with"
    "|about|not|i|we|my|our|me|us|he|she|it|they|them|him|her|his|their|you|your|is|are|was|were"
    "|has|have|had|do|does|did|should|must|can|could|will|would|what|how|here|away|worried|bit"
    "|little|told|said|saw|seen"
)
_WORD = rf"(?!(?:{_NOT_IN_A_JOB})\b)[\w&’'/-]+"
#: What the last word of a job is. No word that a child or a relative would use of themselves.
_JOB = (
    r"(?:head of (?!the\b)[\w&-]+(?: \d+)?|head|headteacher|principal|governor|teacher|ta|tutor"
    r"|lecturer|senco|sendco|dsl|dsp|lead|mentor|coach|instructor|librarian|chaplain|carer|worker"
    r"|keyworker|manager|officer|nurse|midwife|visitor|doctor|gp|paramedic|dentist|pharmacist"
    r"|practitioner|therapist|counsellor|psychologist|psychiatrist|paediatrician|consultant"
    r"|registrar|physio|police|pc|pcso|detective|sergeant|inspector|volunteer|trainer|trainee"
    r"|leader|receptionist|caretaker|warden|driver|advis[eo]r|co-?ordinator|chair|iro|lado|sw|asw"
    r"|hv|fc|rsw|hcp|assistant|staff|team|administrator|clerk|solicitor|supervisor|pastor|security"
    r"|senior|apprentice|porter|hygienist|chaperone|escort|secretary|magistrate|nqt|ect|pgce"
    r"|student (?:nurse|teacher|midwife|paramedic|social worker)"
    r"|(?:social work|nursing|teaching|midwifery|medical|pgce) student)"
)
#: Where somebody works, after the job: “at a college”, “in Derby”, “for the council”.
_PLACE = rf"(?: (?:at|in|for|on|with) (?:(?:an?|the|our|my) )?{_WORD}(?: {_WORD}){{0,3}}?)?"
_I_AM = (
    r"(?:i['’]?m|i am|we['’]?re|we are|speaking as|asking as|as)"
    r"(?: (?:just|only|also|currently|actually|now|both|still))?(?: (?:working|employed) as)?"
)
_GREETING = (
    r"(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening))(?: there| all)?[ ,.!–—-]+)?"
)
#: What ends the telling, and what is asked without so much as a comma before it.
_END = r"(?:\s+here)?(?:\s*[,.;:!–—]+|\s+-+|-\s|\s+and\b|\s+here\b)\s*"
_HERE = r"(?:\s+here\b[\s,.;:!–—-]*|\s*[,.:;–—]\s*|\s+-+\s*)"
_ASKS_ON = r"\s+(?=(?:do|does|can|should|must|may|am|is|are|what|how|whats|what's|need to)\b)"

_BEGINS = re.compile(
    rf"^\W*{_GREETING}(?:"
    # “I'm a new teacher at a college, …”, “as a school nurse …”
    rf"{_I_AM}(?: (?:an?|the|one of the))?(?: {_WORD}){{0,4}}? {_JOB}s?{_PLACE}"
    rf"(?:{_END}|{_ASKS_ON})"
    # “youth worker here, …”, “new teacher, …”
    rf"|(?:an? )?(?:{_WORD} ){{0,3}}?{_JOB}{_PLACE}{_HERE}"
    # “I work in a children's home. …”, “I teach year 8 and …”, “I run a youth club …”
    rf"|(?:i|we)(?: (?:also|currently|mostly))? (?:work (?:as|in|at|for)|teach|coach|volunteer"
    r"|(?:run|manage|lead)(?= (?:an?|the|our) ))(?: (?:an?|the|our|my))?"
    rf"(?: {_WORD}){{1,4}}?{_PLACE}{_END}"
    r")",
    re.IGNORECASE,
)
#: “…? I'm a teacher.” at the end.
_ENDS = re.compile(
    rf"(?<=[.?!,;\n])\s*{_I_AM} (?:an?|the|one of the)(?: {_WORD}){{0,4}}? {_JOB}{_PLACE}\W*$"
    rf"|(?<=[.?!;\n])\s*(?:{_WORD} ){{0,3}}?{_JOB} here\W*$",
    re.IGNORECASE,
)
#: Fewer words than these are no question without their introduction.
_FEWEST = 2


def without_introduction(text: str) -> str:
    """`text` with the telling of who is writing blanked, of the same length.

    The text itself where there is none, or where nothing else would be left.
    """
    asked = text
    for pattern in (_BEGINS, _ENDS):
        if found := pattern.search(asked):
            blank = " " * (found.end() - found.start())
            asked = asked[: found.start()] + blank + asked[found.end() :]
    return asked if len(re.findall(r"\w+", asked)) >= _FEWEST else text
