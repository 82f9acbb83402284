"""What holds for a child of one age is not answered for a child of another.

“Can a 13 year old consent” sounds like the law under 13, and “can a 14 year old be low risk” like
the rule that a child under 13 never is. The age that is named decides: the chance goes to what
holds at that age.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu.entities import Found
from bot.nlu.examples import ASK
from bot.nlu.topic_model import Ranked, Reading

#: The rule that a child under 13 is never at low risk.
UNDER_13_LEVEL = "under_13_level"
#: What is told at 16 and 17: the law at every age, or that harm counts all the same.
_OVERVIEW, _HARM = f"{ASK}/consent_overview", f"{ASK}/consent_16_17_harm"
#: Topics with the ages (years) that they are about, and what is meant at another age. The law is
#: the Sexual Offences Act 2003; the level, the Derby and Derbyshire procedures.
_AGES: dict[str, tuple[range, dict[range, str]]] = {
    "consent_under_13": (
        range(13),
        {range(13, 16): "consent_under_16", range(16, 18): "consent_overview"},
    ),
    UNDER_13_LEVEL: (range(13), {range(13, 18): "risk_tool"}),
    "consent_under_16": (
        range(13, 16),
        {range(13): "consent_under_13", range(16, 18): "consent_overview"},
    ),
}


def ages_in(entities: Sequence[Found], start: int, end: int) -> list[int]:
    """The ages (years) of which a part of a message speaks, from `start` to before `end`.

    Those that it names itself; without one, those of the whole message.
    """
    named = [one for one in entities if one.entity == "age" and one.value.isdigit()]
    own = [one for one in named if start <= one.start < end]
    return [int(one.value) for one in own or named]


def of_that_age(reading: Reading, ages: Sequence[int]) -> Reading:
    """A reading in which what holds at another age has given its chance to what holds at this one.

    The age is the youngest of `ages` (years); without one under 18 the reading stays as it is.
    """
    if not ages or min(ages) >= 18:
        return reading
    chances: dict[str, float] = {}
    known = {one.label: one.confidence for one in reading.ranked}
    for one in reading.ranked:
        label = _label_at(min(ages), one.label)
        if label == _OVERVIEW != one.label and known.get(_HARM, 0.0) > known.get(_OVERVIEW, 0.0):
            label = _HARM  # “she's 16 and he's 29, is it illegal”
        chances[label] = chances.get(label, 0.0) + one.confidence
    ranked = (Ranked(label, chance) for label, chance in chances.items())
    return Reading(tuple(sorted(ranked, key=lambda one: -one.confidence)), reading.nearness)


def _label_at(age: int, label: str) -> str:
    its_ages, otherwise = _AGES.get(label.removeprefix(f"{ASK}/"), (range(18), {}))
    if age in its_ages:
        return label
    return next((f"{ASK}/{topic}" for ages, topic in otherwise.items() if age in ages), label)


def asks_for_low(entities: Sequence[Found], ages: Sequence[int]) -> bool:
    """Whether low is spoken of for a child under 13, of whichever other thing a message sounds."""
    levels = {one.value for one in entities if one.entity == "level"}
    return levels == {"low"} and bool(ages) and min(ages) < 13
