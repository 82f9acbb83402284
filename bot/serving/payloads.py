"""What a button may carry: names that the guidance, the screening or a case knows, nothing else.

A payload comes from outside like everything else, and what it carries is kept in the conversation:
free text in it would be kept too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, get_args

from rasa.shared.core.constants import DEFAULT_INTENTS

from bot.guidance.load import Guidance
from bot.guidance.models import AREA_IDS
from bot.referral.about import MOST_STEPS, Asked, step_name
from bot.referral.case import Case, Known, Level, OpenTo, Role
from bot.safety import KINDS
from bot.screening.models import Questionnaire
from bot.serving.parses import sure_intent

#: Names of entities, beside Rasa's own, are those of a case.
_CASE = frozenset(Case.model_fields) - {"now"}
#: How deep the answer to a checklist may be: line -> {"state", "basis"}.
_DEEPEST = 2
_PAYLOAD = re.compile(r"^/([a-z_]+)(\{.*\})?$", re.DOTALL)


class PayloadError(Exception):
    """A button payload that is not one of ours."""


def command_of(payload: str, intents: Iterable[str]) -> dict[str, Any]:
    """The parse of a button's payload; `intents` are those of Rasa's domain.

    Raises PayloadError when it is not one of ours.
    """
    match = _PAYLOAD.match(payload)
    # Rasa's own orders (restart, back) are not for people to send
    if match is None or match.group(1) not in set(intents) - set(DEFAULT_INTENTS):
        raise PayloadError("unknown intent in a button's payload")
    try:
        values = json.loads(match.group(2) or "{}")
    except ValueError as error:
        raise PayloadError("a button's payload is not valid") from error
    return sure_intent(match.group(1), values)


class Carried:
    """Knows what buttons carry. `entities` are those of Rasa's domain."""

    def __init__(
        self, guidance: Guidance, questionnaire: Questionnaire, entities: Iterable[str]
    ) -> None:
        content = questionnaire.content
        self._entities = frozenset(entities) | _CASE
        self._names = frozenset(
            {
                *(one.value for one in Known),
                *(one.value for one in Level),
                *get_args(Role),
                *get_args(OpenTo),
                *AREA_IDS,
                *KINDS,
                *guidance.topics,
                *guidance.terms,
                *guidance.contacts,
                *guidance.sources,
                *questionnaire.by_id,
                *questionnaire.items,
                *(option.id for one in questionnaire.questions for option in one.options),
                *(state.id for one in content.scales for state in one.states),
                *(one.id for one in content.bases),
                *(one.id for one in content.judgement.reasons),
                *get_args(Asked),
                *(step_name(number) for number in range(1, MOST_STEPS + 1)),
                "none",
                "state",
                "basis",
            }
        )

    def knows(self, values: dict[str, Any]) -> bool:
        """Whether every entity and every value is one that a button of ours could carry."""
        return all(
            name in self._entities and isinstance(value, str) and self._known(value)
            for name, value in values.items()
        )

    def only_known(self, parse: dict[str, Any]) -> dict[str, Any]:
        """The parse of a payload, without all it carries when one thing in it is not known.

        A part of it could be taken for something else: an answer without its question, say.
        """
        values = {one["entity"]: one["value"] for one in parse["entities"]}
        return parse if self.knows(values) else {**parse, "entities": []}

    def _known(self, value: str) -> bool:
        if value in self._names:
            return True
        if not value.startswith(("{", '"')):
            return False
        try:
            return self._made_of_names(json.loads(value))
        except (ValueError, RecursionError):
            return False

    def _made_of_names(self, value: object, depth: int = 0) -> bool:
        """Whether a text, or an object of texts, holds nothing but names."""
        if isinstance(value, dict) and depth < _DEEPEST:
            return all(
                name in self._names and self._made_of_names(one, depth + 1)
                for name, one in value.items()
            )
        return isinstance(value, str) and value in self._names
