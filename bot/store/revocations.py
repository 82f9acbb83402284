"""Sessions that were ended, kept until their tokens expire: a restart does not bring them back."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, select

from bot.store.database import Database, affected
from bot.store.errors import StoreError
from bot.store.models import RevokedSession
from bot.store.patience import in_thread


class Revocations:
    """The sessions that were ended, in a database; every process that shares it knows of them.

    Work on the database happens in a thread. Everything raises StoreError when it cannot be done.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: str, expires: float) -> None:
        """Refuse a session from now on; `expires` is when its token would (seconds since 1970)."""
        await in_thread(self._add, _key(session), expires)

    async def holds(self, session: str) -> bool:
        """Whether a session was ended."""
        return await in_thread(self._holds, _key(session))

    async def purge(self, now: float) -> int:
        """Forget those whose tokens have expired by `now`; gives how many."""
        return await in_thread(self._purge, now)

    def _add(self, key: str, expires: float) -> None:
        try:
            with self._database.writing() as session:
                if session.get(RevokedSession, key) is None:
                    session.add(RevokedSession(key=key, expires_at=expires))
        except StoreError:
            # two requests may end a session at once: then it is ended
            if not self._holds(key):
                raise

    def _holds(self, key: str) -> bool:
        with self._database.reading() as session:
            found = session.scalar(select(RevokedSession.key).where(RevokedSession.key == key))
        return found is not None

    def _purge(self, now: float) -> int:
        with self._database.writing() as session:
            return affected(
                session.execute(delete(RevokedSession).where(RevokedSession.expires_at <= now))
            )


def _key(session: str) -> str:
    return hashlib.sha256(b"waymark revoked session " + session.encode()).hexdigest()
