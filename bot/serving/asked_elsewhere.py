"""The question before asked again for another area: “is there one in Luton?”, “and Derby's?”.

Beside the area such a message has no subject, or only the kind of thing that was spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.serving.yes_no_facts import plainly

#: What the message may call the thing that was spoken of, and how a topic on it is tagged.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "panel": ("panel",), "panels": ("panel",), "group": ("panel",), "list": ("signs",),
    "lists": ("signs",), "signs": ("signs",), "indicators": ("signs",), "programme": ("support",),
    "program": ("support",), "service": ("support",), "scheme": ("support",),
    "support": ("support",), "definition": ("definition",), "outcomes": ("outcomes",),
    "training": ("training",), "models": ("models",), "strategy": ("strategy",),
    "one": (), "ones": (), "version": (), "equivalent": (),
}  # fmt: skip
_KIND = rf"(?:{'|'.join(sorted(_KINDS, key=len, reverse=True))})"
_THING = (
    rf"(?:it|them|that|those|this|any|either|the same"
    rf"|(?:something|anything) like (?:it|that|this)"
    rf"|(?:the |an? |its own |their own |that |any )?{_KIND}(?: like (?:it|that|this|them))?)"
)
_THERE = r"(?:(?:in|for|at|over in) )?(?:area)(?:s)?"
_ASKS_AGAIN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?:what|how) about|and|what of)(?: (?:in|for|at))? areas?(?: {_KIND})?",
        rf"(?:is|are) there (?:also )?{_THING} {_THERE}(?: too| as well)?",
        rf"(?:does|do|has|have) areas? (?:also )?(?:have|got|do|run|use|use one|get) {_THING}"
        r"(?: too| as well)?",
        rf"(?:do|have) they (?:have|got|do|run|use) {_THING} {_THERE}(?: too| as well)?",
        rf"(?:what|whats|and what|what is|who|whos)(?: does| is|s)? areas?"
        rf"(?: {_KIND}| say| says| have| has| do| does| got)*",
        rf"(?:what|whats)(?: is|s)? {_THING} {_THERE}",
        rf"areas? {_KIND}",
    )
)
_LEAD = re.compile(r"^(?:(?:ok(?:ay)?|so|but|right|also|oh|sorry|and|then) )+(?=\w+ )")


def asks_again_there(
    text: str, entities: Sequence[Mapping[str, Any]], tags: Sequence[str]
) -> str | None:
    """The area for which a message asks again what was asked before, or None.

    `entities` are those of the text; `tags` those of the topic that was answered last.
    """
    areas = [one for one in entities if one["entity"] == "area" and "start" in one]
    places = {str(one["value"]) for one in areas}
    if len(places) != 1:
        return None
    blanked = text
    for one in sorted(areas, key=lambda one: -int(one["start"])):
        blanked = f"{blanked[: one['start']]} area {blanked[one['end'] :]}"
    words = re.sub(r"\barea\s*s\b", "area", re.sub(r"[^\w\s]", " ", plainly(blanked)))
    words = " ".join(words.replace("does n t", "doesnt").split())
    for candidate in (words, _LEAD.sub("", words)):
        for wording in _ASKS_AGAIN:
            found = wording.fullmatch(candidate)
            if found is not None and _is_kin(candidate, tags):
                return places.pop()
    return None


def _is_kin(words: str, tags: Sequence[str]) -> bool:
    """Whether a topic with those tags is on the kind of thing that a message names, if any."""
    wanted = {tag for word in words.split() for tag in _KINDS.get(word, ())}
    return not wanted or not wanted.isdisjoint(tags)
