"""Facts of a case that are answered yes or no, as people tell them: “crime committed, no LD”.

A denied fact is a no; one that is said not to be known is left out, and stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

#: What is told of a fact.
YesOrNo = Literal["yes", "no"]

_CHILD = r"(?:s?he|they|the child|child|kid|yp|girl|boy|lad|pupil|young person)"
_HAS = r"(?:'?s|'?ve|'?re| has| have| had| is| was| were)?"
_EXPLOITED = (
    rf"(?: (?:that )?{_CHILD}{_HAS}(?: (?:been|being|is|was|getting))*(?: sexually)?"
    r" (?:exploited|abused|groomed))"
)
_PEOPLE = r"(?:me|us|someone|staff|school|social care|police|(?:a|the|her|his|my) \w+)"
_PARENTS = r"(?:(?:the |her |his |their )?(?:parents?|mum|mom|dad|mother|father|carers?|family))"
#: How each fact is told in the affirmative.
_TOLD: Mapping[str, re.Pattern[str]] = {
    "learning_disability_or_medical_need": re.compile(
        r"\b(?:(?:significant|severe|serious|moderate|complex) )?(?:learning (?:disabilit(?:y|ies)"
        r"|disabled)|ld|medical needs?)\b(?:(?: or| and) medical needs?\b)?"
    ),
    "significant_harm": re.compile(
        r"\b(?:(?:at |is |in )?(?:real |high )?(?:risk|likelihood) of )?(?:likely to (?:suffer"
        r"|come to|be at risk of) |(?:is )?suffering (?:from )?)?(?:likely )?"
        r"(?:sig(?:nificant)?|serious) harm(?: (?:likely|suspected))?\b|(?<=\bno )harm\b"
    ),
    "crime_suspected": re.compile(
        r"\b(?:(?:i |we )?suspect (?:that )?)?(?:an? |the )?(?:(?:possible|suspected|alleged"
        r"|serious|sexual) )*(?:crime|offence)s?\b(?! (?:number|ref\w*|scene|report|no)\b)(?:'s)?"
        r"(?: (?:has|have|may|might|could|was|were|is|are|been|being|be|possibly|probably|also"
        r"|already))*(?: (?:committed|suspected|possible|alleged|likely))?"
    ),
    "trafficking": re.compile(
        r"\b(?:(?:signs|elements) of )?(?:traffick(?:ed|ing)(?: (?:between|across|around|within)"
        r"(?: (?:cities|towns|places|the (?:city|country)))?)?"
        r"|(?:being |been )?moved (?:around|about|from place to place|from (?:town|city|house) to"
        r" (?:town|city|house)|(?:between|across|within) (?:different )?(?:cities|towns|places"
        r"|houses|addresses|areas|the city)))"
    ),
    "missing": re.compile(
        r"\b(?:(?:keeps? |kept )?(?:goes|gone|went|going|is|was|been|currently|regularly"
        r"|repeatedly) )*(?:missing|mfh|misper)\b(?! (?:school|lessons?|class|out|info\w*"
        r"|appointments?|something|step|from (?:school|lessons?|the (?:form|record|list))))"
        r"(?: (?:now|again|overnight|from (?:home|care|placement)|(?:since|for) (?:\w+ ?){1,3}"
        r"|episodes?|a lot|regularly|repeatedly|today|tonight|every \w+))*"
        r"|\bruns? away\b|\brun away\b|\babsconds\b|\babsconding\b"
    ),
    "parents_neglect_or_collude": re.compile(
        rf"\b(?:{_PARENTS}{_HAS}(?: (?:also|both|actively|knowingly|may be|be|are))*"
        r" (?:collud(?:es?|ing|ed)|collusive|neglect(?:s|ing|ful|ed)?(?: (?:her|him|them))?"
        r"|in on it|involved in it)(?: (?:with (?:it|him|them|the exploiter))|in (?:it|this))?"
        r"|(?:collusive|neglectful|colluding) (?:parents?|parenting|mum|dad|family|carers?)"
        r"|collu(?:sion|ding)(?: by| from)?(?: (?:the )?(?:parents?|mum|dad|family))?)\b"
    ),
    "evidence_of_exploitation": re.compile(
        r"\b(?:(?:has |have |had )?(?:now |just |already )?(?:disclos(?:ed|es|ing)"
        rf"|made (?:a |an )?disclosures?)(?: to {_PEOPLE})?"
        rf"(?:{_EXPLOITED}| (?:the )?(?:cse|(?:sexual )?(?:exploitation|abuse)))?"
        rf"|(?:has |have |had )?(?:told|tells|telling) {_PEOPLE}(?:{_EXPLOITED}| about (?:it"
        r"|(?:the )?(?:exploitation|abuse))|(?= *$))"
        r"|(?:(?:there(?:'?s| is| was)?|we|have|has|got|some|clear|strong|hard|good|with|is|any)"
        r" )*(?:a )?(?:evidence|disclosures?|reliable reports?)"
        r"(?: (?:of|that) (?:(?:her|his|their) )?(?:sexual )?(?:exploitation|cse|abuse))?(?= *$)"
        r"|(?:cse|exploitation) (?:is |has been )?(?:confirmed|happening|happened))\b"
    ),
}  # fmt: skip
_END = re.compile(
    r"[,.;+()&/\n]|[:-] (?!(?:no|none)\b *(?:[,.;]|$))| – |\b(?:but|and|plus|although|though)\b"
)
#: A list that is denied as a whole: “no LD, crime or significant harm”.
_NO_LIST = re.compile(r"\b(?:no|without)\b((?: \w+){1,4}(?:, (?:\w+ ?){1,3}){1,4},? (?:n?or)\b)")
_COUNTER = re.compile(r"\b(?:is|has|been|committed|suspected|missing|told|disclosed|open)\b")
_DENIED = re.compile(
    r"(?:\b(?:no(?! longer)|not|never|nor|neither|without|cannot|hasnt|isnt|arent|wasnt|havent"
    r"|doesnt|didnt|dont|nobody|nothing|denies|denied)|n't)\b(?! (?:only|just|yet known))"
    r"(?: [\w']+){0,3} *$"
)
_DENIED_AFTER = re.compile(
    r"^ *[:=?-]* *(?:no|none|not (?:suspected|present|an issue|a concern)|ruled out)\b *$"
)
_UNKNOWN = re.compile(
    r"\b(?:not sure|unsure|(?:do not|don't|dont) know|not known|unknown|unclear|n/k|whether"
    r"|wonder(?:ing)?)\b"
)


def plainly(text: str) -> str:
    """A text in lower case, with plain apostrophes and single spaces."""
    return " ".join(text.lower().replace("’", "'").replace("‘", "'").split())


def found_in(clause: str) -> Iterator[tuple[str, re.Match[str], YesOrNo]]:
    """Each fact that a clause tells: its field, where, and whether it is a yes."""
    for field, pattern in _TOLD.items():
        for found in pattern.finditer(clause):
            denied = _DENIED.search(clause[: found.start()])
            denied = denied or _DENIED_AFTER.match(clause[found.end() :])
            yield field, found, "no" if denied else "yes"


def yes_no_facts(text: str) -> dict[str, YesOrNo]:
    """The facts that a text tells, by their field; of a fact told both ways, the yes.

    A clause that says that something is not known tells nothing.
    """
    plain = _NO_LIST.sub(_each_denied, plainly(text))
    told: dict[str, YesOrNo] = {}
    for clause in _END.split(plain):
        if _UNKNOWN.search(clause):
            continue
        for field, _, value in found_in(clause.strip()):
            if told.get(field) != "yes":
                told[field] = value
    return told


def _each_denied(found: re.Match[str]) -> str:
    """A denied list with its “no” before each of its parts."""
    if _COUNTER.search(found[1]):
        return found[0]
    parts = [part.strip() for part in re.split(r",|\bn?or\b", found[1]) if part.strip()]
    return ", ".join(f"no {part}" for part in parts) + ", no"
