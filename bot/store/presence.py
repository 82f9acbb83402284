"""Which workers live, and which of them leads, as PostgreSQL itself knows it.

Each worker holds a lock for as long as its connection stands. PostgreSQL lets go of it the moment
the worker dies, so no clock and no heartbeat is needed.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database
from bot.store.errors import StoreError, explained

#: The first number of our advisory locks: of a living worker, and of a leader.
_LIVES, _LEADS = 0x57614C69, 0x57614C65
#: How a connection is found dead on the server's side when its machine is gone, in seconds.
_KEPT_ALIVE = {"tcp_keepalives_idle": 3, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 2}

log = logging.getLogger(__name__)


class Presence:
    """This worker among the others on one PostgreSQL. `number` names it, until it ends.

    `lead` is the number of what there may be one leader of. Methods wait for the database: call
    them in a thread. They raise StoreError when it cannot be asked.
    """

    def __init__(self, database: Database, lead: int = 1) -> None:
        if database.engine.dialect.name != "postgresql":
            raise StoreError("Several workers need one PostgreSQL: set WAYMARK_DATABASE_URL.")
        self.number = secrets.randbelow(2**31 - 1) + 1
        self._database = database
        self._lead = lead
        self._connection: Connection | None = None
        self._one_at_a_time = threading.Lock()

    def stand(self) -> None:
        """Be seen to live; where the connection was lost, again."""
        with self._one_at_a_time:
            self._standing()

    def leads(self) -> bool:
        """Whether this worker leads now; it takes the lead where nobody has it."""
        with self._one_at_a_time:
            connection = self._standing()
            if self._ask(connection, _LED, _LEADS, self._lead):
                return True
            return self._ask(connection, "SELECT pg_try_advisory_lock(:kind, :of)", _LEADS,
                             self._lead)  # fmt: skip

    def resign(self) -> None:
        """Let somebody else lead."""
        with self._one_at_a_time:
            if self._connection is not None:
                self._ask(self._connection, "SELECT pg_advisory_unlock(:kind, :of)", _LEADS,
                          self._lead)  # fmt: skip

    def lives(self, number: int) -> bool:
        """Whether another worker lives."""
        with self._one_at_a_time:
            return self._ask(self._standing(), _HELD, _LIVES, number)

    def close(self) -> None:
        """Be gone. Never raises."""
        with self._one_at_a_time:
            self._drop()

    def _standing(self) -> Connection:
        if self._connection is not None:
            with contextlib.suppress(StoreError):
                if self._ask(self._connection, _HELD, _LIVES, self.number):
                    return self._connection
            self._drop()
        try:
            connection = self._database.engine.connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            # not one of the pool's any more: its locks must end with it
            self._connection.detach()
            for name, seconds in _KEPT_ALIVE.items():
                self._connection.execute(text(f"SET {name} = {seconds}"))
            self._connection.execute(
                text("SELECT pg_advisory_lock(:kind, :of)"), {"kind": _LIVES, "of": self.number}
            )
        except SQLAlchemyError as error:
            self._drop()
            raise explained(error, self._database.where) from None
        return self._connection

    def _ask(self, connection: Connection, question: str, kind: int, of: int) -> bool:
        try:
            return bool(connection.execute(text(question), {"kind": kind, "of": of}).scalar_one())
        except SQLAlchemyError as error:
            self._drop()
            raise explained(error, self._database.where) from None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                connection.close()


_HELD = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND classid = :kind AND objid = :of AND objsubid = 2 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
_LED = _HELD.removesuffix(")") + " AND pid = pg_backend_pid())"
