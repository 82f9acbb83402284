"""Reads a list that is answered in words, part by part: “no evidence, no crime, parents are fine”.

Each part must deny one line and tell nothing else; what is found is only ever offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.screening.models import ItemAnswer, Question

#: Where a part of what is told ends.
PARTS = re.compile(r"\s*[,;.!\n]+\s*|\s+(?:and|but|plus|also)\s+|\s+-+\s+")
_NOT = re.compile(
    r"\b(?:no|not|never|without|neither|nor|cannot|isnt|arent|hasnt|wasnt|doesnt)\b"
    r"|n['’]t\b"
)
_FINE = re.compile(
    r"\b(?:fine|ok|okay|good|great|supportive|protective|engaged|engaging|cooperative|co-operative"
    r"|on board|no (?:concerns?|worries|issues?|problems?)|not (?:an issue|a (?:concern|problem))"
    r"|ruled out)$"
)
#: Words beside a line that tell nothing else.
_AROUND = frozenset(
    """
    a an the any is are was were has have had been being be got there theres there's we i she he
    they her him them his their it of for with to in sign signs known concerns concern issues issue
    suspected committed exploitation exploited cse yet so far currently at all really and now
    evidence she's he's shes hes child yp going goes gone go around about as ever just still this
    """.split()  # noqa: SIM905 - a list of words is read more easily than one of strings
)
#: “The rest no”, at the end of what was told of a list.
_REST = re.compile(
    r"(?:^|[\s,.;:-]+)(?:and |but )?(?:(?:all )?(?:the )?(?:rest|others?|other ones"
    r"|remaining(?: ones)?|remainder|everything else)(?: (?:is|are|were"
    r"|all))*[\s:=,-]*(?:a )?(?:no|not|none|n|nope"
    r"|not seen|absent|not present|negative|don['’]?t apply|do not apply)"
    r"|(?:no|none) (?:to|for|of) (?:all )?the (?:rest|others|other ones)|(?:nothing|none) else"
    r"|no others?)$"
)


def denied_lines(question: Question, text: str) -> dict[str, ItemAnswer]:
    """The lines of a checklist that a text denies, each in a part of its own; empty for others."""
    absent = question.scale_states.meaning("absent") if question.kind == "checklist" else None
    if absent is None or "?" in text:
        return {}
    parts = PARTS.split(_plain(text))
    return {item: absent.id for part in parts if (item := _denied(question, part)) is not None}


def without_rest(text: str) -> str | None:
    """The text before “the rest no”, or None where it does not end so."""
    plain = _plain(text)
    found = _REST.search(plain)
    return plain[: found.start()].strip(" ,.;") if found else None


def rest_absent(
    question: Question,
    text: str,
    told: Mapping[str, ItemAnswer],
    found_in: Callable[[str], Mapping[str, ItemAnswer]],
) -> dict[str, ItemAnswer]:
    """What was `told` of a list, and that the rest does not apply where the text says so.

    `found_in` gives what a part of the text tells of the list: where a part tells nothing that is
    known, the rest is left as not known.
    """
    before = without_rest(text)
    absent = question.scale_states.meaning("absent")
    if before is None or absent is None or not told:
        return dict(told)
    if not all(found_in(part) for part in PARTS.split(before) if part):
        return dict(told)
    return {**{item.id: absent.id for item in question.items}, **told}


def _denied(question: Question, part: str) -> str | None:
    """The one line that a part of a text denies, and tells nothing else."""
    fine = _FINE.search(part)
    if fine is None and not _NOT.search(part):
        return None
    rest = part[: fine.start()] if fine else _NOT.sub(" ", part)
    named: list[tuple[str, str]] = [
        (item.id, words)
        for item in question.items
        for words in (item.title.lower(), *item.words)
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", rest)
    ]
    ids = {name for name, _ in named}
    if len(ids) != 1 or _NOT.search(rest if fine else ""):
        return None
    for _, words in sorted(named, key=lambda one: -len(one[1])):
        rest = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", " ", rest)
    left = set(re.findall(r"[\w'’-]+", rest))
    return ids.pop() if left <= _AROUND else None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split()).strip(" .!,")
