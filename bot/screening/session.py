"""A screening in a conversation, as it is kept: its answers and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.screening.models import Answers, Value
from bot.screening.suggested import Suggested

Stage = Literal["asking", "judging", "done", "stopped"]


@dataclass(frozen=True)
class Session:
    """A screening in a conversation. `changing` is the question being answered anew.

    One that ended at a notice (not for this person, not for this age) is `stopped` too.
    `suggested` waits to be confirmed. `key` stands for where it is saved, None while it is not.
    """

    answers: Answers
    stage: Stage = "asking"
    changing: str | None = None
    level: str | None = None
    reason: str | None = None
    misses: int = 0
    version: str | None = None
    suggested: Suggested = field(default_factory=dict)
    key: str | None = None

    @property
    def active(self) -> bool:
        """Whether a question is waiting for an answer."""
        return self.stage in ("asking", "judging")

    def proposed(self, question_id: str) -> Value | None:
        """What “yes” records at a question: what was suggested for it, or None.

        Of a list that is answered anew, what was answered stays beside it.
        """
        told = self.suggested.get(question_id)
        given = self.answers.get(question_id)
        if self.changing == question_id and isinstance(told, dict) and isinstance(given, dict):
            return {**given, **told}
        return told

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, for a slot or a table."""
        return {
            "answers": self.answers,
            "stage": self.stage,
            "changing": self.changing,
            "level": self.level,
            "reason": self.reason,
            "misses": self.misses,
            "version": self.version,
            "suggested": self.suggested,
            "key": self.key,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Session:
        """Read what `as_json` wrote; unknown keys are left out."""
        known = {key: value[key] for key in cls.__dataclass_fields__ if key in value}
        return cls(**{"answers": {}, **known})
