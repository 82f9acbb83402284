"""Tells a question that a person asks back from an answer or a judgement. Pure.

“Is that low?” holds the word “low” and judges nothing; “what is a TA?” is nobody's role.
"""

from __future__ import annotations

import re

#: What people say before they come to the point: “actually first, what's a MAT”.
_OPENING = re.compile(
    r"^(?:(?:so|ok|okay|and|but|well|hm+|um+|er+m?|ah|oh|right|sorry|actually|then|now|first"
    r"|wait|hang on|hold on|just|please|hi|hello|before (?:that|i answer|we go on)"
    r"|(?:a |one )?quick (?:one|question)|(?:one|a) question|can i (?:just )?ask)\b[\s,:;.-]*)+",
    re.IGNORECASE,
)
_WHO = r"(?:it|this|that|these|those|he|she|they|there|i|we|you|anyone|anybody)"
_VERB = r"(?:is|are|was|were|am|does|do|did|can|could|should|would|will|must|might|may)"
_PUT = re.compile(
    r"(?:what|whats|why|how|hows|whos|wheres|explain|define|tell me)\b"
    rf"|(?:who|when|where|which)(?:['’]s\b| (?:{_VERB}|one|ones|of)\b)"
    # “is missing” leaves its subject out and is an answer; “is she missing” asks
    rf"|(?:{_VERB}|has|have)(?:n['’]?t)? {_WHO}\b|{_VERB} (?:the|my|our) ",
    re.IGNORECASE,
)
#: Where a part of a message begins: “I'm a teacher, who do I ring” asks in its second.
_PARTS = re.compile(r"[,.;:!?()\n]+\s*|\s+-+\s+|\b(?:and|but|so|because)\s+", re.IGNORECASE)
_ASKS_ON = re.compile(
    rf"\b(?:who|whom|what|where|when|how) {_VERB} (?:i|we|you)\b"
    r"|\b(?:can|could|should|shall|do) i\b",
    re.IGNORECASE,
)
#: Beginnings that ask at the judgement, where no statement begins so: “would medium do”.
_WEIGHS = re.compile(
    r"(?:is|are|isnt|does|do|did|can|could|should|shall|would(?! (?:say|go|put|call|judge|choose))"
    r"|will|might|may|what|whats|why|how|who|when|where|which|whether|explain|define|tell me)\b",
    re.IGNORECASE,
)
_SO_IT_IS = re.compile(r"so,? (?:it|its|this|that|thats)\b", re.IGNORECASE)
#: Words that weigh a level or ask what it means, wherever they stand.
_WEIGHING = re.compile(
    r"\b(?:better|enough|whether|wonder\w*|means?|meaning|difference|explain|advise|suggest\w*"
    r"|recommend\w*)\b|\b(?:is|isnt|does|would|should|could|can) (?:it|that|this)\b"
    r"|\b(?:right|correct|innit)$",
    re.IGNORECASE,
)
#: “That sounds right” states; “low, right” asks.
_SETTLED = re.compile(
    r"\b(?:is|sounds?|looks?|feels?|seems?|be|about|s|its|thats) (?:about )?(?:right|correct)$",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether a message is put as a question, whatever words of an answer it holds.

    A question mark alone does not make one: “derby?” is an answer that somebody is unsure of.
    """
    plain = " ".join(text.split())
    return bool(_PUT.match(_OPENING.sub("", plain)))


def asks_within(text: str) -> bool:
    """Whether any part of a message is put as a question, after whatever was said before it."""
    if "?" in text or _ASKS_ON.search(text):
        return True
    return any(is_question(part) for part in _PARTS.split(text) if part.strip())


def weighs_a_level(text: str) -> bool:
    """Whether a message that may name a level asks about it, so that it judges nothing yet."""
    plain = " ".join(text.split()).strip(" .!,")
    if "?" in plain or is_question(plain):
        return True
    point = _OPENING.sub("", plain)
    if _WEIGHS.match(point) or _SO_IT_IS.match(plain):
        return True
    return bool(_WEIGHING.search(plain)) and not _SETTLED.search(plain)
