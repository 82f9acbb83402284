"""Tells who says of themselves that they work with children: “I'm a teacher”, “my pupil”.

A child names workers too, and tells what somebody said that they are. Where it is not plain who is
meant, it is not said: a practitioner who was misread is one press of a button away.
"""

from __future__ import annotations

import re

_JOB = (
    r"(?:(?:(?:social|youth|support|care|key|family|outreach|residential|case|offending|justice"
    r"|early help|contact|project)[ -]?){1,3}worker|(?:registered|team|home|deputy) manager|teacher"
    r"|teaching assistant|nurse|headteacher|head of (?:year|house)(?: \d+)?|deputy head"
    r"|foster (?:carer|parent|mum|dad)|dsl|senco|lado|iro|pcso|doctor|gp|midwife|paramedic"
    r"|police officer|practitioner|professional|counsellor|therapist|health visitor|tutor|lecturer"
    r"|designated safeguarding lead|safeguarding lead|school governor|sw|ta)"
)
_OF_A_JOB = (
    r"(?:(?:new|newly|qualified|student|trainee|primary|secondary|school|senior|registered|community"
    r"|mental health|safeguarding|class|duty|deputy|supply|pe|maths|english|science|children['’]?s"
    r"|child['’]?s|lead|specialist) ){0,3}"
)
#: Somebody else's: “a key worker's daughter”, “a teacher at my school”.
_NOT_THEIRS = (
    r"(?!['’]?s\b|\s+(?:at|in|from) my\b|\s+(?:daughter|son|kid|child|pupil|girl|boy|pet"
    r"|girlfriend|boyfriend|wife|husband|partner|mate|friend|victim)\b)"
)
_CLAUSE = re.compile(
    r"[.,;:!?\n]+|\b(?:but|and|so|cos|because|sorry|no|ok(?:ay)?|hi|hello|actually|oh|yes)\b"
    r"|(?=\bi(?:['’]?m| am| work)\b)",
    re.IGNORECASE,
)
_I_AM = r"(?:i['’]?m|i am|we['’]?re|we are)(?: (?:just|only|also|actually|now|both|still))?"
_GOES_ON_WITH = r"(?=\W*$|\W+(?:i|we|do|what|who|how|when|where|should|can|must|may|need|is it)\b)"
#: How a clause begins in which somebody tells of their own work.
_OWN_WORK = re.compile(
    rf"(?:{_I_AM}|(?:{_I_AM} )?(?:speaking|asking|writing) as)(?: (?:working|employed) as)?"
    r"(?: (?:an?|the|one of the|her|his|their))? ?"
    rf"{_OF_A_JOB}{_JOB}s?\b{_NOT_THEIRS}"
    rf"|as (?:an?|the) {_OF_A_JOB}{_JOB}{_GOES_ON_WITH}"
    r"|(?:i|we) (?:(?:do|also|only|just) )?(?:work|deal) (?:directly )?with"
    r" (?:(?:looked after|vulnerable|exploited|missing) )?"
    r"(?:children|kids|young people|young ones|teenagers|yps?|families)\b"
    rf"|(?:i|we) work as an? {_OF_A_JOB}{_JOB}\b{_NOT_THEIRS}"
    r"|(?:i|we) work (?:(?:in|at|for) (?:an? |the )?(?:\w+ )?(?:school|college|nursery"
    r"|social care|children['’]?s (?:home|services|social care)|council|nhs|hospital|police"
    r"|youth (?:service|offending|club))\b)"
    rf"|{_I_AM} (?:from|with|on) (?:the )?(?:children['’]?s (?:services|social care)"
    r"|social services|duty team|mash|youth justice|youth offending)\b"
    r"|i teach (?:year|yr|at|in|primary|secondary|english|maths|science|pe|reception)\b"
    r"|(?:i|we) (?:manage|run|lead) (?:an? |the |our )?(?:children['’]?s home|residential home"
    r"|youth (?:club|group|project|service)|nursery)\b"
    rf"|(?:an? )?{_OF_A_JOB}{_JOB} here(?=\s*(?:$|[.,;:!?–\n-]|asking\b|with\b))",
    re.IGNORECASE,
)
#: Children whom only a worker has. “One of my girls” is what friends and parents say too.
_IN_THEIR_CARE = re.compile(
    r"\b(?:my|our) (?:pupil|caseload|service users?|young (?:person|people)|student|foster"
    r" (?:child|children|son|daughter|kids?))\b(?!['’])"
    r"|\b(?:my|our) (?:pupils|students)\b(?! (?:are|were|went|look\w*|got) (?:so |really |all )?"
    r"(?:huge|big|tiny|massive|dilated|blown))"
    r"|\b(?:pupil|student|resident|client) of (?:mine|ours)\b"
    r"|\b(?:child|girl|boy|lad|kid|young person|yp) (?:that |who )?(?:i|we)"
    r" (?:work with|teach|foster|support)\b"
    r"|\bone of (?:my|our) (?:pupils|students|residents|service users|young people|yps?)\b(?!['’])",
    re.IGNORECASE,
)
#: What stands before words that are somebody else's, or no statement.
_SAID_BY_OTHERS = re.compile(
    r"\b(?:he|she|they|who|someone|somebody|everyone|man|guy|bloke|people|it)\b[^.!?\n]*"
    r"\b(?:sa(?:id|ys|y|ying)|t(?:old|ells?|elling)|claim\w*|pretend\w*|th(?:inks?|ought|inking)"
    r"|lied|lies|text(?:ed|s)|messaged|wrote|writes|goes|went|like|reckons?|is|was)"
    r"(?: (?:me|us|her|him|them|my \w+|that|like)){0,3}\W*$"
    r"|\b(?:if|when|once|until|wish|pretend|like|said|says|that|he|she|they|who)\W*$",
    re.IGNORECASE,
)
_I_SAID = re.compile(r"\bi (?:\w+ )?(?:said|told you|mean\w*|say)(?: that)?\W*$", re.IGNORECASE)
#: So many characters before it may say whose words follow.
_NEAR = 120
#: “My friend and I work with kids”.
_WITH_ANOTHER = re.compile(r"\b(?:my|his|her|the|a) \w+ and\W*$", re.IGNORECASE)
#: An age that is the writer's own, and no worker's; carers who are children themselves.
_YOUNG = re.compile(
    r"\b(?:i['’]?m|i am|im|me)(?: (?:only|just|nearly|almost|still))?,? "
    r"(?:[5-9]|1[0-7]|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)\b"
    r"(?! ?(?:%|weeks?|months?|days?|min\w*|hours?|miles?|years? (?:in|into|qualified|of|post)))"
    r"|\b(?:i['’]?m|i am|im) (?:in )?(?:year|yr) ?(?:[1-9]|1[0-3])\b"
    r"(?! \w*(?:teacher|tutor|head|lead))"
    r"|\b(?:i['’]?m|i am|im) (?:just |only |still )?(?:a |an )?(?:child|kid|teenager|minor"
    r"|young person|pupil|at school)\b(?!['’])"
    r"|\byoung carers?\b|\bi go to school\b",
    re.IGNORECASE,
)
#: Told with the work, and no question: “I'm a teacher at a school in Derby”.
_OF_THE_WORK = re.compile(
    r"^\W*(?:(?:at|in|for|with|from|on|of|here|too|myself|asking|calling|writing|not)\b.*"
    r"|\w*)\W*$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(
    r"\?|\b(?:what|whats|who|whom|how|when|where|which|why|do i|do we|should|can i|can we|must)\b",
    re.IGNORECASE,
)
#: Said beside the work, and nothing of its own.
_BESIDE = re.compile(
    r"\W*(?:(?:i['’]?m|i am|im|its|it['’]?s|this is)?\s*(?:not|no) (?:an?|the)"
    r" (?:kid|child|young person)"
    r"|not me|it['’]?s not (?:about )?me|you (?:got|have) (?:it|that|me) wrong|thanks?|please"
    r"|(?:(?:it['’]?s|this is|i['’]?m|i am) )?(?:asking |calling |writing )?"
    r"(?:about|for|to do with)?(?: an?| the)?)\W*",
    re.IGNORECASE,
)


def works_with_children(text: str) -> bool:
    """Whether who writes says that they work with children: “I'm a teacher”, “my pupil”."""
    return bool(_told(text)) and not _YOUNG.search(text)


def only_introduces(text: str) -> bool:
    """Whether a message tells of the writer's work and nothing else, and asks nothing."""
    if not works_with_children(text) or _ASKS.search(text):
        return False
    left = text
    for start, end in reversed(_told(text)):
        clause_end = _CLAUSE.search(left, end)
        upto = clause_end.start() if clause_end else len(left)
        if not _OF_THE_WORK.match(left[end:upto]):
            return False
        left = f"{left[:start]}.{left[upto:]}"
    return all(_BESIDE.fullmatch(clause) for clause in _CLAUSE.split(left) if clause.strip())


def _told(text: str) -> list[tuple[int, int]]:
    """Where somebody tells of their own work, in the order of the text."""
    found: set[tuple[int, int]] = set()
    start = 0
    for end in [*(one.end() for one in _CLAUSE.finditer(text)), len(text)]:
        clause = text[start:end]
        begins = start + len(clause) - len(clause.lstrip())
        match = _OWN_WORK.match(text, begins)
        if match and _is_own(text[:begins]):
            found.add(match.span())
        start = end
    found.update(one.span() for one in _IN_THEIR_CARE.finditer(text))
    return sorted(found)


def _is_own(before: str) -> bool:
    """Whether words on one's work are one's own, by what stands before them."""
    before = before[-_NEAR:]
    if _WITH_ANOTHER.search(before):
        return False
    return bool(_I_SAID.search(before)) or not _SAID_BY_OTHERS.search(before)
