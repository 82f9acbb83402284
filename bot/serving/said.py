"""What a turn says, and who listens to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rasa.core.channels.channel import OutputChannel

from bot.guidance.reply import Reply


@dataclass(frozen=True)
class Said:
    """One message of the bot: plain text, buttons (title and payload) and the whole reply."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()
    reply: dict[str, Any] | None = None

    def payload(self) -> dict[str, Any]:
        """The message as JSON values. They are shared: nobody may change them."""
        return {"text": self.text, "buttons": self.buttons, "reply": self.reply}


def said_of(reply: Reply) -> Said:
    """A reply as a message of the bot."""
    return Said(
        text=reply.text(),
        buttons=tuple({"title": one.title, "payload": one.payload} for one in reply.choices),
        reply=reply.payload(),
    )


class TurnWatcher(Protocol):
    """Counts turns. `began` gives a moment that `ended` gets back, with what was said."""

    def began(self) -> float:
        """A turn is taken."""

    def ended(self, began: float, said: Sequence[Said]) -> None:
        """A turn is over; nothing was said where it was given up."""


class KnowsAnswer(Protocol):
    """What several workers know of one message; asked and told while its turn is held."""

    async def answer(self) -> list[Said] | None:
        """The answer that was given before, or None."""

    async def keep(self, said: Sequence[Said]) -> None:
        """Hold the answer that is given now."""


class Collected(OutputChannel):
    """Collects what a turn says, each message with its buttons and its whole reply."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return "waymark"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message of the bot as it is: nothing is split or reordered."""
        custom = message.get("custom") or {}
        self.said.append(
            Said(
                text=message.get("text") or "",
                buttons=tuple(message.get("buttons") or ()),
                reply=custom.get("reply"),
            )
        )
