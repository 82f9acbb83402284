"""The level of risk that a message tells: “scored low”, “medium on the matrix”, “shes high, 17”."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LEVELS = {"low": "low", "medium": "medium", "med": "medium", "moderate": "medium", "high": "high"}
_FROM_TO = re.compile(
    r"\b(?:from|was|not|instead of) (?:low|medium|med|moderate|high)(?: risk)?,?"
    r"(?: (?:to|now|but|its|it's|is))+ (?=low|medium|med|moderate|high)"
)
_AFTER_LEVEL = (
    r"(?= *(?:$|[,.;:+&/()?!-]|(?:risk|level|now|cse|rating|category|overall|please|route|what|who"
    r"|where|next|and|but|so|then|for|with|in|cin|lac|cla|ehcp|cp"
    r"|looked after|on the (?:matrix|tool|screening|assessment|form))\b))"
)
_BARE_LEVEL = re.compile(
    r"(?:^|[,.;:+&/()!-] *|\b(?:scored?|scores|assessed|judged|rated|deemed|graded|said|say|reckon"
    r"|think|as|at|is|was|be|it's|its|he's|she's|hes|shes|they're|theyre|been|put|got|risk|level"
    r"|just|now|for|and|to|came out|comes out|come out|a|route|still|matrix|on|with|child|cin|lac"
    r"|cla|ehcp|plan|looked after|in care|in need) +)"
    r"(low|med|moderate|high)\b" + _AFTER_LEVEL + r"|\b(medium)\b"
)
#: Levels that are weighed, of which none is told: “low, medium or high”.
_WEIGHED = re.compile(
    r"\b(?:low|med|medium|moderate)(?:(?:,| or|/|, or| and)* (?:medium|med|high))*,?(?: or|/|,)"
    r" ?(?:low|med|medium|moderate|high)\b|\blow medium\b|\b(?:high|medium) or (?:low|medium)\b"
)
_GETS_HIGH = re.compile(r"\b(?:gets?|getting|got) (?:really |so )?high\b|\bhigh on (?!the\b)")


def level_told(plain: str, found: Sequence[str]) -> str | None:
    """The level of risk that a text tells, or None; of “from medium to low” the last.

    `found` are the levels that its phrases name.
    """
    if _WEIGHED.search(plain):
        return None
    rest = _FROM_TO.sub(" , ", plain)
    bare = [] if _GETS_HIGH.search(rest) else list(_BARE_LEVEL.finditer(rest))
    named = {_LEVELS[one[1] or one[2]] for one in bare}
    if rest == plain:
        named |= {one for one in found if one in _LEVELS.values()}
    elif not named:
        named = set(found)
    return named.pop() if len(named) == 1 else None
