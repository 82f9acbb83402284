"""Screenings of other versions: a worker goes on with one as it was begun at another worker.

Used where several workers serve; one worker alone fits a screening to its own questionnaire.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from bot.screening.models import Questionnaire
from bot.store.patience import in_thread
from bot.store.questionnaires import Questionnaires

#: Seconds for which it holds which versions there are; and for a version that was not there.
READ_EVERY, LOOKED_FOR_EVERY = 60.0, 2.0
#: Seconds between two words of this worker that it has its version.
KEPT_EVERY = 3_600.0

log = logging.getLogger(__name__)


class VersionNotKnownError(Exception):
    """A screening was begun with questions that this worker cannot read: another one must go on."""


class Versions:
    """Knows the questionnaires of all workers. `use` is told of those that are not `own`."""

    def __init__(
        self,
        store: Questionnaires,
        own: Questionnaire,
        use: Callable[[Mapping[str, Questionnaire]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._own = own
        self._use = use
        self._clock = clock
        self._known: dict[str, Questionnaire] = {}
        self._unreadable: frozenset[str] = frozenset()
        self._read: float | None = None
        self._kept: float | None = None

    async def keep_own(self) -> None:
        """Let the other workers know of this one's questionnaire. Raises StoreError."""
        content = self._own.model_dump_json(by_alias=True)
        await in_thread(self._store.keep, self._own.version, content)
        self._kept = self._clock()

    async def know(self, screening: Any) -> None:
        """Be ready to go on with a conversation's screening, as its slot holds it.

        Raises VersionNotKnownError when only another worker can, and StoreError.
        """
        now = self._clock()
        if self._kept is None or now - self._kept >= KEPT_EVERY:
            await self.keep_own()
        version = screening.get("version") if isinstance(screening, dict) else None
        if version in (None, self._own.version):
            return
        known = version in self._known or version in self._unreadable
        holds = READ_EVERY if known else LOOKED_FOR_EVERY
        if self._read is None or now - self._read >= holds:
            await self._read_all()
            self._read = now
        if version in self._unreadable:
            raise VersionNotKnownError

    async def _read_all(self) -> None:
        found, unreadable = dict[str, Questionnaire](), set[str]()
        for version, content in (await in_thread(self._store.all)).items():
            if version == self._own.version:
                continue
            try:
                found[version] = self._known.get(version) or Questionnaire.model_validate_json(
                    content
                )
            except ValidationError:
                # of a later version of the program, with questions of a kind that is new
                unreadable.add(version)
        if found != self._known or unreadable != self._unreadable:
            log.warning("Screenings of %d other versions are gone on with.", len(found))
        self._known, self._unreadable = found, frozenset(unreadable)
        self._use(found)
