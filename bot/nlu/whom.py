"""A worry that is told, and then a question: what is asked counts before what is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.nlu.leaning import leans
from bot.nlu.questions import Part
from bot.nlu.topic_model import Ranked, Reading

#: The topics of whom to turn to, and how. Product choices, like all numbers here.
WHOM = frozenset({"ask/who_to_ring", "ask/first_step"})
#: Tags of topics that say what something is. A worry sounds like them without asking for them.
_SAYS_WHAT = frozenset(
    {"signs", "definition", "consent", "models", "training", "justice", "support",
     "disclosure-scheme"}
)  # fmt: skip
#: Confidence (0 to 1) from which a topic that says what to do stands against the question.
_STANDS = 0.5
#: Confidence from which any question that says what it is about counts so.
_CLEAR = 0.9
#: How much the question counts beside the whole message, and how much less a topic that says what
#: something is.
_QUESTION, _SAID = 0.8, 0.4


def weighed_by_question(
    whole: Reading,
    parts: Sequence[Part],
    readings: Sequence[Reading],
    tags: Mapping[str, Sequence[str]],
    enough: float,
) -> Reading:
    """The reading of a whole message, where it tells something and then asks.

    `readings`: what each of `parts` is about by itself; `tags`: the tags of each label; `enough`:
    the confidence (0 to 1) that a question of whom to turn to must reach. Any other message keeps
    its reading, and so does one that is clearly about what to do.
    """
    best = whole.ranked[0]
    stands = best.confidence >= _STANDS
    asked = _asked_after_telling(parts, readings, enough, sure=stands)
    if asked is None or (stands and not _says_what(best, tags)):
        return whole
    chances = {
        one.label: one.confidence * (_SAID if _says_what(one, tags) else 1.0)
        for one in whole.ranked
    }
    chances[asked.label] = chances.get(asked.label, 0.0) + _QUESTION * asked.confidence
    total = sum(chances.values())
    ranked = (Ranked(label, chance / total) for label, chance in chances.items())
    return Reading(tuple(sorted(ranked, key=lambda one: -one.confidence)), whole.nearness)


def _says_what(one: Ranked, tags: Mapping[str, Sequence[str]]) -> bool:
    return not _SAYS_WHAT.isdisjoint(tags.get(one.label, ()))


def _asked_after_telling(
    parts: Sequence[Part], readings: Sequence[Reading], enough: float, sure: bool
) -> Ranked | None:
    """What the last question asks, where something was told before it.

    Only whom to turn to, or, where the message as a whole is not `sure`, anything that is clear.
    """
    told, last = False, None
    for part, reading in zip(parts, readings, strict=False):
        if not part.asks:
            told = True
        elif told and (last is None or reading.ranked[0].confidence >= enough):
            # “who do I tell, and in what order?”: the clear one counts
            last = (part, reading.ranked[0])
    if last is None:
        return None
    part, asked = last
    if asked.label in WHOM:
        return asked if asked.confidence >= enough else None
    clear = asked.label.startswith("ask/") and asked.confidence >= _CLEAR and not leans(part.text)
    return asked if clear and not sure else None
