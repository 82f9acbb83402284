"""The questionnaires that workers ask by now, so that each can go on with a screening of another.

While a new version of the guide is rolled out, workers of two versions serve side by side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.models import QuestionnaireRow
from bot.store.upserts import insert_into


class Questionnaires:
    """Keeps the text of each version for as long as a worker has it, and conversations after that.

    Every method raises StoreError when the database fails. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = lambda: dt.datetime.now(dt.UTC).timestamp(),
    ) -> None:
        self._database = database
        self._clock = clock

    def keep(self, version: str, content: str) -> None:
        """Keep a version that this worker asks by; delete those that no worker has any more."""
        now = self._clock()
        oldest = now - self._database.retention.conversations.total_seconds()
        values = {"content": content, "kept_at": now}
        with self._database.writing() as session:
            statement = insert_into(session, QuestionnaireRow).values(version=version, **values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["version"], set_=values)
            )
            session.execute(delete(QuestionnaireRow).where(QuestionnaireRow.kept_at <= oldest))

    def all(self) -> dict[str, str]:
        """The text of every version that is kept."""
        with self._database.reading() as session:
            rows = session.execute(select(QuestionnaireRow.version, QuestionnaireRow.content))
            return {row.version: row.content for row in rows}
