"""Which intent a whole message has: the likeliest, unless what stands in it speaks against that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.nlu.entities import Found
from bot.nlu.examples import ASK
from bot.nlu.topic_model import Reading

#: Intents that are about areas alone.
IN_AREA = "in_area"
AREA_INTENTS = (IN_AREA, "compare_areas")
#: What is said to a question of a screening, and to nothing else.
OF_A_SCREENING = (
    "screening_answer", "screening_back", "screening_skip", "screening_why", "screening_remaining",
    "screening_change", "screening_level", "screening_reason",
)  # fmt: skip
#: Intents that ask nothing.
COURTESIES = ("greet", "goodbye", "thanks", "affirm", "deny", "feedback_good", "feedback_bad")
_COMPARE = re.compile(r"\bcompar\w+|\bside by side\b", re.IGNORECASE)
#: Words beside the area that an area in passing may have (“and what about in”).
LONGEST_PASSING = 4
#: The intent of a message that was not understood well enough.
FALLBACK = "nlu_fallback"
#: The intent of a message in another language than English.
OTHER_LANGUAGE = "other_language"


def intent_of(
    reading: Reading, text: str, entities: Sequence[Found], thresholds: Mapping[str, float]
) -> str:
    """The intent of a whole message, `nlu_fallback` where it is not understood.

    `thresholds`: as the classifier's settings name them, confidences and a cosine from 0 to 1.
    """
    best = reading.ranked[0]
    name = best.label.partition("/")[0]
    if name in AREA_INTENTS:
        # an area alone is an area in passing; with a question beside it, it is a question
        words = len(re.findall(r"\w+", text)) - sum(one.entity == "area" for one in entities)
        asked = next((one for one in reading.ranked if one.label.startswith(ASK)), None)
        if name == IN_AREA and any(one.entity == "other_area" for one in entities):
            # “and in Sheffield?” is told that nothing is known of it
            return name
        if not any(one.entity == "area" for one in entities):
            # “compare them” is told how to; it is never “that was wrong”
            return name if _COMPARE.search(text) else _without(reading, AREA_INTENTS)
        if words > LONGEST_PASSING and asked and asked.confidence > best.confidence / 3:
            return ASK
    if name in COURTESIES and best.confidence < thresholds["part"]:
        # a question is not to be answered with “thank you”
        asked = next((one for one in reading.ranked if one.label.startswith(ASK)), None)
        if asked and asked.confidence > best.confidence / 2:
            return ASK
    if name == "out_of_scope":
        # half-heartedly so: better to ask what is meant than to send somebody away
        asked = next((one for one in reading.ranked if one.label.startswith(ASK)), best)
        if asked is best or best.confidence >= thresholds["part"]:
            return name
        return FALLBACK if asked.confidence > best.confidence / 2 else name
    floor = thresholds["sure"]
    if reading.nearness < thresholds["near"]:
        floor = thresholds["sure_when_far"]
    return name if best.confidence >= floor else FALLBACK


def _without(reading: Reading, intents: Sequence[str]) -> str:
    """The best intent that is none of `intents`."""
    names = (one.label.partition("/")[0] for one in reading.ranked)
    return next((name for name in names if name not in intents), FALLBACK)
