"""Finds where a message takes an alarm back: the danger is over, was long ago, or never was.

Read only while an alarm stands. What somebody else says, hopes or asks is no such thing, and
whatever is told beside it stays to be looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.serving.denied_danger import without_denied_danger
from bot.serving.passed_danger_wordings import (
    ALL_WELL,
    ASKS,
    AWAY,
    FEARED,
    FILLER,
    GOES_ON,
    HARMLESS,
    IS_OVER,
    NEVER_WAS,
    NOT_PASSED,
    NOT_SAID,
    ONLY_IF,
    PIECES,
    TOLD_BY,
    WALKED_IN,
    WAS_KIN,
)


@dataclass(frozen=True)
class Passed:
    """What takes an alarm back. `mistaken`: there never was danger.

    `rest` is what else is said. `goes_on`: some of that may be danger that goes on, or new.
    """

    mistaken: bool
    rest: str
    goes_on: bool


def tells_of_one_away(text: str) -> bool:
    """Whether a text that tells of danger tells of a child who is away, and looked for."""
    return AWAY.search(text) is not None


def passed_danger(text: str, looked_for: bool = False) -> Passed | None:
    """What a message says of a danger that is over or never was; None where it does not say so.

    `looked_for`: the danger was told of a child who was away.
    """
    mistaken = goes_on = False
    rest: list[str] = []
    denied = without_denied_danger(text)
    over = denied is not None
    all_well = ALL_WELL.search(text) is not None
    for piece, asked in _pieces(text if denied is None else denied):
        if not asked and looked_for and WALKED_IN.fullmatch(piece):
            over = True
            continue
        found, left = _taken_back(piece, NEVER_WAS)
        if not asked and all_well and WAS_KIN.fullmatch(left if found else piece):
            found, left = True, ""
        if found:
            mistaken = True
        else:
            found, left = _taken_back(piece, IS_OVER)
            if found and asked and FILLER.fullmatch(left):
                left = piece  # “she's safe?”
            else:
                over = over or found
        if FILLER.fullmatch(left):
            continue
        if not asked and HARMLESS.fullmatch(left):
            continue
        rest.append(left + asked)
        if not (asked == "?" or ASKS.search(left)):
            goes_on = goes_on or GOES_ON.search(left) is not None
    if not (over or mistaken):
        return None
    return Passed(mistaken and not over, ". ".join(rest), goes_on)


def _pieces(text: str) -> list[tuple[str, str]]:
    """The clauses of a text, each with the question mark that ends it, if one does."""
    found: list[tuple[str, str]] = []
    start = 0
    for end in [*PIECES.finditer(text), None]:
        upto = end.start() if end else len(text)
        if piece := text[start:upto].strip():
            found.append((piece, "?" if end and "?" in end.group() else ""))
        start = end.end() if end else upto
    return found


def _taken_back(piece: str, patterns: list[re.Pattern[str]]) -> tuple[bool, str]:
    """Whether a clause takes an alarm back, once or more, and what it says beside that."""
    left = _without_one(piece, patterns)
    if left is None:
        return False, piece
    while (less := _without_one(left, patterns)) is not None:
        left = less
    return True, left


def _without_one(piece: str, patterns: list[re.Pattern[str]]) -> str | None:
    """A clause without the first words that take an alarm back, or None where there are none."""
    for pattern in patterns:
        found = pattern.search(piece)
        if found is None:
            continue
        before = TOLD_BY.sub(" ", piece[: found.start()])
        after = _own_place(found.group(), piece[found.end() :])
        if NOT_SAID.search(before) or ASKS.match(piece):
            continue
        if ONLY_IF.search(after) or FEARED.match(found.group()):
            continue
        return f"{before} {after}".strip()
    return None


def _own_place(said: str, after: str) -> str:
    """What follows, without where he who is safe is at home himself: “he's safe at his mate's”."""
    if not re.match(r"\W*(?:he|the (?:boy|lad))\b", said, re.IGNORECASE):
        return after
    return re.sub(
        r"^\W*(?:at|with|from) his (?:own )?(?:mates?|friends?|mum|dad|nan|gran|aunt\w*"
        r"|brother|sister|carers?|girlfriend)(?:['’]?s)?\b",
        " ",
        after,
        flags=re.I,
    )


def says_not_passed(text: str) -> bool:
    """Whether a message says no more than that danger goes on: “he's back”, “she is not safe”."""
    return "?" not in text and NOT_PASSED.fullmatch(text) is not None
