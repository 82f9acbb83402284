"""Short questions in a longer message that say nothing but what is wanted: “is it CSE?”, “legal?”.

A word or two beside a whole story are weighed down by it, and each would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: The topic of the signs, all of them.
SIGNS = "signs_overview"
_BEFORE = r"\W*(?:(?:and|so|but|also|ok|please|then)\W+)*"
_IT = r"(?:is|would|was|does) (?:it|this|that|he|she)(?: count(?: as)?| be| all)?"
_AFTER = r"(?: (?:then|or not|do you think|here|please|pls|even if .{0,40}))?\W*"
_IS_IT_CSE = re.compile(
    rf"{_BEFORE}{_IT} (?:an? |classed as )?(?:cse|(?:child )?(?:sexual )?exploitation){_AFTER}",
    re.I,
)
_LEGAL = re.compile(
    rf"{_BEFORE}(?:(?:{_IT} |is there )?(?:even |still |actually )?(?:legal|illegal|lawful|unlawful"
    rf"|(?:an? )?(?:offence|crime)|against the law|breaking the law)){_AFTER}",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    rf"{_BEFORE}(?:(?:what are|tell me|list|give me|need|what) )?(?:the |your )?"
    r"(?:signs|indicators)(?: (?:of cse|to look for|please|pls))?\W*",
    re.IGNORECASE,
)


def plainly_asked(text: str, ages: Sequence[int]) -> str | None:
    """The topic of a part of a message that says no more than what is wanted, or None.

    `ages`: the ages (years) that the message names; without one under 18 no law is told.
    """
    if _SIGNS.fullmatch(text):
        return SIGNS
    if _IS_IT_CSE.fullmatch(text):
        return "definition_of_cse"
    if _LEGAL.fullmatch(text) and ages and min(ages) < 18:
        youngest = min(ages)
        if youngest < 13:
            return "consent_under_13"
        return "consent_under_16" if youngest < 16 else "consent_16_17_harm"
    return None
