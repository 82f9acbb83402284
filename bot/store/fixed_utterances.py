"""What the bot says word for word as the domain has it: the same to all, so nobody's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

#: What a response of the domain is made of when it is words and buttons alone.
_WORDS = frozenset({"text", "buttons", "id", "channel", "condition"})


class FixedUtterances:
    """The responses of a domain (name to variations, as Rasa has them) that have no slot in them.

    Called with an event, it says whether that is one of them, letter for letter: then nothing of
    a person's can be in it.
    """

    def __init__(self, responses: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._said = {
            (name, filled)
            for name, variations in responses.items()
            for one in variations
            if one.keys() <= _WORDS
            and (filled := _filled(_said(one.get("text"), one.get("buttons")))) is not None
        }

    def __call__(self, event: Mapping[str, Any]) -> bool:
        """Whether an event, as `as_dict` gives it, says what the domain has under its name."""
        data, metadata = event.get("data"), event.get("metadata")
        if event.get("event") != "bot" or not isinstance(event.get("text"), str):
            return False
        if not isinstance(data, dict) or not isinstance(metadata, dict):
            return False
        if any(value is not None for name, value in data.items() if name != "buttons"):
            return False
        name = metadata.get("utter_action")
        return name is not None and (name, _said(event["text"], data.get("buttons"))) in self._said


def _said(text: Any, buttons: Sequence[Mapping[str, Any]] | None) -> str:
    """Words and buttons as one text without braces of its own."""
    return json.dumps([text, [sorted(one.items()) for one in buttons or ()]])


def _filled(said: str) -> str | None:
    """What Rasa makes of a response: two braces are one; None where a slot is to be put in."""
    if "{" in said.replace("{{", ""):
        return None
    return said.replace("{{", "{").replace("}}", "}")
