"""Finds the class of an event by its name at once.

Rasa walks all subclasses of `Event` for each event that it reads, and asks each whether it is
abstract: for an action's answer, and for every event of a conversation that is read back.
"""

from __future__ import annotations

from rasa.shared.core.events import Event

_by_name: dict[str, type[Event]] = {}


def _resolved(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of events with that name, as Rasa's own `Event.resolve_by_type` finds it."""
    found = _by_name.get(type_name)
    if found is None:
        found = _walk(type_name, default)
        # what is not known may be defined later; a default is not the answer to a name
        if found is not None and found.type_name == type_name:
            _by_name[type_name] = found
    return found


_walk = Event.resolve_by_type


def find_events_at_once() -> None:
    """Let Rasa look events up by name, in this process."""
    Event.resolve_by_type = staticmethod(_resolved)
