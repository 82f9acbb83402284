"""A message that comes again after the server was started anew is answered as it was before.

A page that lost its answer sends the message again under the same id. Within one process the
channel remembers what it answered; after a restart only the conversation itself does.
"""

from __future__ import annotations

import hashlib
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def mark_of(message: str | None) -> str | None:
    """What stands for a message's id in the conversation: ids are the client's to choose."""
    return None if message is None else hashlib.sha256(message.encode()).hexdigest()[:32]


def said_before(
    tracker: DialogueStateTracker | None, mark: str | None
) -> list[dict[str, Any]] | None:
    """What was said to the message with that mark: text, buttons and reply of each, in order.

    None when the conversation does not hold it, or holds no answer to it.
    """
    if tracker is None or mark is None:
        return None
    said: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            data = event.data or {}
            custom = data.get("custom") or {}
            said.append(
                {
                    "text": event.text or "",
                    "buttons": tuple(data.get("buttons") or ()),
                    "reply": custom.get("reply"),
                }
            )
        elif isinstance(event, UserUttered):
            if event.message_id == mark:
                return said[::-1] or None
            said = []
    return None


def buttons_of(tracker: DialogueStateTracker | None) -> tuple[dict[str, str], ...]:
    """The buttons of everything that was said last in a conversation, in order."""
    found: list[dict[str, str]] = []
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            found[:0] = (event.data or {}).get("buttons") or ()
    return tuple(found)
