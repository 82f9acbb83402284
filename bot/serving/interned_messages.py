"""Holds in memory once what is said in many conversations: trackers and channels refer to it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

#: Messages that are held.
MOST = 2_000


class InternedMessages:
    """The parts of the last messages of the bot. They are shared, so nobody may change them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def same(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A message as it is, made of the parts of an equal one where there was one."""
        key = json.dumps(message, separators=(",", ":"))
        held = self._held.setdefault(key, dict(message))
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        # Rasa takes the outermost object apart
        return dict(held)

    def __len__(self) -> int:
        return len(self._held)
