"""For which area each question of a message is, where it speaks of another one beside its own.

“What's our deadline and what is it in Derby” asks for the area of who is writing, which only the
conversation knows, and for Derby. “Luton has a panel, do we have one?” asks nothing about Luton.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.nlu.asked import areas_in
from bot.nlu.entities import Found
from bot.nlu.leaning import own_words
from bot.nlu.questions import Part
from bot.nlu.speaking_of_us import speaks_of_us
from bot.nlu.topic_model import Reading

_QUESTION_WORD = re.compile(r"\b(who|when|where|how|why)(?:['’]?s)?\b", re.IGNORECASE)
_OURS_AND = re.compile(
    r"\b(?:(?:here|us|ours|yours)|(?:our|your) (?:\w+ ){1,4}?)\s*(?:and|or|as|&|vs|versus)\s+"
    r"(?:also )?(?:(?:in|for|at) )?$",
    re.IGNORECASE,
)
_AND_OURS = re.compile(
    r"(?:['’]?s)?\s+(?:and|or|&|vs|versus)\s+(?:also )?(?:(?:in|for|at) )?(?:here|us|ours|yours)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """For which areas a part of a message is: those it names, and whether also that of its writer.

    `takes_up`: it only names the place for which the question before it is asked again.
    """

    areas: tuple[str, ...] = ()
    own: bool = False
    takes_up: bool = False


def places_of(
    text: str, parts: Sequence[Part], entities: Sequence[Found], introduced: Sequence[str]
) -> list[Place]:
    """The place of each of `parts` of `text`.

    `introduced`: the areas for which a question is that names none itself: who is writing said so.
    """
    named = [tuple(areas_in(entities, one.start, one.end)) for one in parts]
    of_us = [one.asks and speaks_of_us(one.text) for one in parts]
    asking = [at for at, one in enumerate(parts) if one.asks]
    for first, then in pairwise(asking):
        if named[then] and not (named[first] or of_us[then]):
            # “who chairs it, and who chairs it in Derby?”: asked twice, the first is for here
            again = _only_names_a_place(text, parts[then], parts[first], entities)
            of_us[first] = of_us[first] or again
    said = any(areas and (us or not one.asks) for one, areas, us in _zip(parts, named, of_us))
    another = any(areas and not us for _, areas, us in _zip(parts, named, of_us))
    # “in Derby, what do we do”: Derby is theirs
    apart = another and any(of_us) and not (said or introduced)
    places: list[Place] = []
    before: Part | None = None
    for part, areas, us in _zip(parts, named, of_us):
        if areas and _beside_ours(part, entities):
            place = Place(areas, own=True)
        elif apart and not areas:
            # “…, and who chairs it”: where, was said before
            last = places[-1] if places and not us else Place(own=True)
            place = Place(last.areas, last.own)
        else:
            place = Place(areas or tuple(introduced))
        if before is not None and part.asks and (areas or (apart and us)):
            elsewhere = (place.areas, place.own) != (places[-1].areas, places[-1].own)
            up = elsewhere and _only_names_a_place(text, part, before, entities)
            place = Place(place.areas, place.own, takes_up=up)
        places.append(place)
        before = part if part.asks else before
    return places


def asked_once(
    whole: Reading, parts: Sequence[Part], places: Sequence[Place], readings: Sequence[Reading]
) -> Reading:
    """The reading of a message that asks one thing for several places: that of its question.

    Any other message keeps its reading as a `whole`.
    """
    asking = [one for one in zip(parts, places, readings, strict=False) if one[0].asks]
    if len(asking) < 2 or not all(place.takes_up for _, place, _ in asking[1:]):
        return whole
    return asking[0][2]


def _beside_ours(part: Part, entities: Sequence[Found]) -> bool:
    """Whether one question is for an area and for one's own: “how long here and in Derby”."""
    return any(
        _OURS_AND.search(part.text[: one.start - part.start])
        or _AND_OURS.match(part.text[one.end - part.start :])
        for one in entities
        if one.entity == "area" and part.start <= one.start < part.end
    )


def _zip(
    parts: Sequence[Part], named: Sequence[tuple[str, ...]], of_us: Sequence[bool]
) -> list[tuple[Part, tuple[str, ...], bool]]:
    return list(zip(parts, named, of_us, strict=True))


def _only_names_a_place(text: str, part: Part, before: Part, entities: Sequence[Found]) -> bool:
    """Whether a question says nothing but for which place the one before it is asked again."""
    rest = part.text
    for one in sorted(entities, key=lambda one: -one.start):
        if one.entity == "area" and part.start <= one.start and one.end <= part.end:
            rest = f"{rest[: one.start - part.start]} {rest[one.end - part.start :]}"
    rest = re.sub(r"\W+s\b", " ", rest)
    rest = re.sub(r"\b(?:same|ours|yours|here)\b", " ", rest, flags=re.IGNORECASE)
    said = frozenset(re.findall(r"\w+", before.text.casefold()))
    if own_words(
        " ".join(one for one in re.findall(r"[\w'’]+", rest) if one.casefold() not in said)
    ):
        return False
    asked = {one.casefold() for one in _QUESTION_WORD.findall(rest)}
    return asked <= {one.casefold() for one in _QUESTION_WORD.findall(before.text)}
