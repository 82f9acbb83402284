"""An INSERT that can say what happens where the row is there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.models import Base


def insert_into(session: Session, table: type[Base]) -> Any:
    """An INSERT of the session's own dialect, with `on_conflict_do_nothing` and `…_do_update`."""
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
