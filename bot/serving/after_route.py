"""What a message asks of the route that was shown last: its steps, dates, people, files.

Pure: the text and where the conversation stands in, a parse for Rasa out. Only whole messages
count; whatever says more is left to what understands questions. The action shows what is asked
(`actions/screening.py`), out of the route's own data (`bot/referral/about.py`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.referral.about import WHOLE_ROUTE, Asked
from bot.referral.shortcut import case_kept, missing_question
from bot.screening.dialogue import Session
from bot.screening.typed import NOT_KNOWN_WORDS
from bot.serving.facts_told import Fact, FactsTold
from bot.serving.parses import sure_intent
from bot.serving.route_wordings import (
    asks_own_reference,
    asks_reference,
    asks_whole,
    asks_why,
    only_heard,
    part_asked,
    plain,
    says_yes,
    step_asked,
)
from bot.serving.standing import Standing

#: Characters from which a message says more than these questions.
_LONGEST = 160
#: What the buttons of a route carry, and no others.
_OF_A_ROUTE = ("/ask_route{", "/screening_route{")
#: Under this name a parse says what is asked of a route.
OF_ROUTE = "of_route"
#: `shown`: a route was the last thing given; `waits`: one waits for a fact; `screening`: a
#: screening is under way.
Stands = Literal["shown", "waits", "screening"]


@dataclass(frozen=True)
class Given:
    """Where a conversation stands with its route; `told`: its case was told in a sentence."""

    stands: Stands
    told: bool = False


def given(
    slots: Mapping[str, Any],
    session: Session | None,
    standing: Standing,
    offered: Sequence[Mapping[str, str]],
    now: dt.datetime | None = None,
) -> Given | None:
    """Where the conversation stands with a route, or None where none was the last thing given.

    A child or a parent who wrote in between is answered as such, never about a route. After an
    alarm of danger a route counts only where it was shown since: its buttons are `offered`.
    """
    if standing.child or (standing.kind is not None and not standing.danger):
        return None
    if session is not None and session.active:
        return Given("screening")
    if slots.get("topic") is not None:
        return None
    if standing.danger and not any(one["payload"].startswith(_OF_A_ROUTE) for one in offered):
        return None
    facts = case_kept(slots.get("route_case"), now)
    if facts is not None:
        return Given("shown" if missing_question(facts) is None else "waits", told=True)
    return Given("shown") if session is not None and session.stage == "done" else None


def asked_of_route(
    text: str, place: Given | None, offered: Sequence[Mapping[str, str]], facts: FactsTold
) -> dict[str, Any] | None:
    """The parse of a message that asks something of the route, or None where it does not.

    `offered` are the buttons under the last messages: they say how far the steps have come.
    """
    if place is None or len(text) > _LONGEST:
        return None
    words = plain(text)
    if asks_reference(words):
        return parse_of("reference")
    if place.stands == "screening":
        return None
    told = facts.read(text, asked=place.stands == "waits")
    if told:
        return parse_of("changed", facts=told)
    if place.stands == "waits":
        return parse_of("not_known") if words in NOT_KNOWN_WORDS else None
    return _asked(words, place, offered)


def asked_of_reference(text: str, standing: Standing) -> dict[str, Any] | None:
    """The parse of a message that asks for one's own reference, where no route was given.

    A child or a parent is answered as such.
    """
    ours = not standing.child and (standing.kind is None or bool(standing.danger))
    if not ours or len(text) > _LONGEST or not asks_own_reference(plain(text)):
        return None
    return parse_of("reference")


def parse_of(asked: Asked, number: int | None = None, facts: Sequence[Fact] = ()) -> dict[str, Any]:
    """The parse of what is asked of a route."""
    found: dict[str, Any] = {"asked": asked}
    if number is not None:
        found["number"] = number
    if facts:
        found["facts"] = [list(one) for one in facts]
    return {**sure_intent("ask_route", {}), OF_ROUTE: found}


def _asked(words: str, place: Given, offered: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    opens = any(one["title"] == WHOLE_ROUTE for one in offered)
    if asks_whole(words) or (opens and says_yes(words)):
        return sure_intent("ask_route" if place.told else "screening_route", {"more": "yes"})
    if (step := step_asked(words, _following(offered))) is not None:
        return parse_of("steps", step)
    if (part := part_asked(words)) is not None:
        return parse_of(part)
    if asks_why(words):
        return parse_of("why")
    return parse_of("offer") if says_yes(words) or only_heard(words) else None


#: What the button of the next step carries.
_NEXT_STEP = re.compile(r'"question": "steps", "answer": "step-(\d{1,2})"')


def _following(offered: Sequence[Mapping[str, str]]) -> int | None:
    """The number of the step after the one that was given last, or None where none was given."""
    for one in offered:
        found = _NEXT_STEP.search(one["payload"])
        if found and one["title"].startswith("Step "):
            return int(found[1])
    return None
