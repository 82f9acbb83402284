"""The door of the web channel: who may come in, how often, and who has been shown out."""

from __future__ import annotations

import logging

from sanic.request import Request

from bot.channels.limits import Limiter, Limits, TakesTogether, address_key
from bot.channels.messages import Refused
from bot.channels.sessions import Issued, Session, SessionRefused, Sessions
from bot.store.errors import StoreError
from bot.store.revocations import Revocations

log = logging.getLogger(__name__)


class Door:
    """Issues sessions, lets requests in, and ends sessions.

    `revocations` keeps ended sessions over a restart; without it they are kept in memory.
    `together` counts how often one asks over all workers.
    """

    def __init__(
        self,
        sessions: Sessions,
        limits: Limits | None = None,
        revocations: Revocations | None = None,
        together: TakesTogether | None = None,
    ) -> None:
        rates = limits or Limits()
        self._sessions = sessions
        self._revocations = revocations
        self._by_session = Limiter("session", rates.session, together)
        self._by_address = Limiter("address", rates.address, together)
        self._new_sessions = Limiter("new sessions", rates.new_sessions, together)

    async def knock(self, request: Request) -> None:
        """Count a request of an address. Raises Refused when there are too many."""
        await _take(self._by_address, address_of(request))

    async def issue(self, request: Request) -> Issued:
        """A new session. Raises Refused when the address asks for too many."""
        await _take(self._new_sessions, address_of(request))
        return self._sessions.issue()

    async def enter(self, token: object) -> Session:
        """The session of a token, when it may ask now.

        Raises Refused when it is not one of ours, is over, or asks too often, and when it cannot
        be known whether it is over.
        """
        try:
            session = self._sessions.verify(token)
        except SessionRefused:
            raise Refused("session_ended") from None
        if self._revocations is not None:
            try:
                over = await self._revocations.holds(session.id)
            except StoreError as error:
                log.error("A session could not be checked: %s", type(error).__name__)
                raise Refused("failed") from None
            # it may have been ended here meanwhile
            if over or self._sessions.is_revoked(session):
                raise Refused("session_ended")
        await _take(self._by_session, session.id)
        return session

    def leave(self, token: object) -> Session:
        """The session of a token that is to be ended; one that was ended may be so again.

        Raises Refused when the token is not one of ours or has expired.
        """
        try:
            return self._sessions.verify(token, revoked_too=True)
        except SessionRefused:
            raise Refused("session_ended") from None

    async def close(self, session: Session) -> None:
        """Refuse a session from now on, at once in this process. Raises StoreError."""
        self._sessions.revoke(session)
        if self._revocations is not None:
            await self._revocations.add(session.id, session.expires)


def address_of(request: Request) -> str:
    """What a request is limited by: the address it comes from, as far as proxies tell it."""
    return address_key(request.remote_addr or request.ip)


async def _take(limiter: Limiter, key: str) -> None:
    wait = await limiter.take(key)
    if wait:
        raise Refused("too_many", wait)
