"""What plain Rasa sees of Telegram's section in `credentials.yml`: a channel that does nothing."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint


class TelegramUnderWaymark(InputChannel):
    """Telegram is served by `waymark serve`. `rasa run` and `rasa shell` go without it."""

    @classmethod
    def name(cls) -> str:
        """The name of the channel in Rasa."""
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, whatever its section says."""
        return cls()

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """No routes."""
        return Blueprint("telegram_under_waymark")
