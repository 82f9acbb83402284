"""Keyed hashes that stand for a person, so that no number of Telegram is written down."""

from __future__ import annotations

import hmac


class Identity:
    """Makes the hashes with the server's secret; a new secret makes everybody a stranger."""

    def __init__(self, secret: bytes) -> None:
        # keys for these purposes alone: the secret signs other things too
        self._person = hmac.digest(secret, b"waymark telegram person", "sha256")
        self._conversation = hmac.digest(secret, b"waymark telegram conversation", "sha256")

    def person(self, user: int) -> str:
        """What stands for somebody in the tables of the channel."""
        return hmac.digest(self._person, str(user).encode(), "sha256").hex()

    def conversation(self, user: int) -> str:
        """The name of somebody's conversation in the dialogue engine; not derived from `person`."""
        made = hmac.digest(self._conversation, str(user).encode(), "sha256").hex()
        return f"telegram-{made[:40]}"
