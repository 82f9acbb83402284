"""Words by which a typed reply to a screening is told apart, and what is said of it."""

from __future__ import annotations

import re

CHANGE = re.compile(r"^(?:change|correct|edit|fix|redo)\s+(?:the\s+|my\s+)?(.+?)(?:\s+answer)?$")
QUESTION = re.compile(
    r"\?|^(?:what|who|when|where|which|why|how|does|do|is|are|can|should|must|will)\b"
    r"|\b(?:who|what|how|when|where) (?:do|does|should|can|must|i|we|is|are)\b",
    re.IGNORECASE,
)
#: “he's looked after” answers like “looked after”.
SUBJECT = re.compile(
    r"^(?:(?:he|she|they|it)(?:['’]s|['’]re| is| are| has| have)?|hes|shes|theyre"
    r"|(?:the )?(?:child|yp)(?:['’]s| is| has))\s+(?=\S)",
    re.IGNORECASE,
)
#: Words that take over what was suggested for a checklist.
CONFIRMS = re.compile(
    r"(?:yes|yep|yeah|correct|confirm(?:ed)?|ok(?:ay)?|as i (?:said|told you)"
    r"|(?:yes,? )?(?:that['’]?s (?:right|all|it)|as i told you))"
)
#: Words that leave an answer as it was, where something else was told about it.
LEAVES_IT = re.compile(
    r"(?:no|nope|nah|no thanks|(?:no,? )?(?:keep|leave) (?:it|that|my answer)"
    r"(?: as (?:it|that) (?:is|was))?|as (?:it|i) (?:was|answered)|no change)"
)
#: The same as what was told, and nothing more.
NOTHING_MORE = re.compile(r"(?:no,? )?(?:nothing|none|no others?) ?(?:else|more)?(?:,? thanks)?")
#: Said where “yes” takes over nothing, for what was told belongs to other questions.
LATER_ON = (
    "What you told me comes with its own question, a little later. Here, give the numbers that "
    "apply, or say “none” or “not known”."
)
#: The question whether anyone is in danger, and what is said where a no does not settle it.
DANGER = "immediate_danger"
NO_OR_DANGER = (
    "I heard a no, and something that may be danger. If anyone is in danger now, ring 999 first. "
    "Then say “yes” or “no”: is the child, or anyone else, in immediate danger now?"
)
#: Said where a level is given before it is asked for.
LEVEL_LATER = (
    "The level comes at the end, when the questions are answered: I ask you for it then, and you "
    "can say “{level}”."
)
#: What takes up the offer to change an answer that something else was told about.
TAKES_UP = re.compile(
    r"(?:(?:yes|yep|yeah|ok(?:ay)?|please(?: do)?|do(?: that| it)?|sure)(?:,? please)?"
    r"(?:,? (?:change|correct|fix|add) (?:it|that|them))?"
    r"|(?:change|correct|fix|add) (?:it|that|them))"
)
#: “I'm the safeguarding lead at a primary school” says who one is, however long it is.
I_AM = re.compile(r"(?:i am|i['’]?m|i work) (?:a|an|the|as|in|for)\b")
#: What people put around an answer that they put right: “17 sorry”, “no wait, 17”.
AROUND_SLIP = re.compile(
    r"^(?:(?:sorry|oops|whoops|no|wait|oh|actually|i meant?|my mistake|typo|correction|hang on|so"
    r"|that should (?:be|say)|should (?:be|say)|it['’]?s|s?he['’]?s|(?:s?he|they|it) (?:is|are)"
    r"|not 18|meant to (?:say|put|type))[\s,.:;-]*)+"
    r"|[\s,.;-]+(?:sorry|i meant?|oops|actually|not 18|my mistake|typo)(?=$|[\s,.])"
)
THEY_ARE = re.compile(r"\bthey(?:['’]?re| are)\b", re.IGNORECASE)
#: Words with which a level that is named is not the level that is meant, or not yet.
ANOTHER_LEVEL = re.compile(
    r"n['’]t\b|\b(?:is|was|are|do|does|did|would|could|should|can|ca|wo)nt\b|\bno\b(?!,)"
    r"|\b(?:not|never|neither|nor|hardly|cannot|than|above|below|over|under|beyond|between|least"
    r"|most|higher|lower|less|more|nearly|almost|unsure|unless|without)\b"
    r"|^(?:what|why|how|when|who|where|which)\b"
    r"|^(?:is|are|do|does|can|could|should|would) (?:it|i|we|you|this|that|he|she|they|the)\b"
)
