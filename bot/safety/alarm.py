"""What the watch over a message can find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "immediate_danger",
    "self_harm",
    "child_writing",
    "own_thoughts",
    "colleague_allegation",
    "parent_or_public",
]
#: Every kind of alarm; where a message raises several, the first of them counts.
KINDS: tuple[Kind, ...] = (
    "immediate_danger",
    "self_harm",
    "child_writing",
    "own_thoughts",
    "colleague_allegation",
    "parent_or_public",
)
#: Kinds after which nothing else is answered: the person is not a practitioner at work.
FOR_THE_PERSON: frozenset[Kind] = frozenset({"child_writing", "own_thoughts"})


@dataclass(frozen=True)
class Alarm:
    """Something in a message that comes before any question.

    `question`: danger is asked about, and nobody is said to be in it. `about_writer`: a child or
    young person in danger, or somebody thinking of suicide, writes about themselves. `signal` names
    the rule that fired; it never holds what was typed.
    """

    kind: Kind
    question: bool = False
    about_writer: bool = False
    signal: str = ""
