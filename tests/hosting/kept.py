"""What the database holds of conversations, read as a worker would."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.domain import Domain
from sqlalchemy import text

from bot.serving.models import project_folder
from bot.store.database import open_database
from bot.store.trackers import SqlTrackers


def answers_of(url: str, conversations: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The answers of each conversation's screening."""
    found = screenings_of(url, conversations)
    return {name: dict(kept.get("answers") or {}) for name, kept in found.items()}


def screenings_of(url: str, conversations: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Each conversation's screening, as its slot holds it."""
    domain = Domain.from_file(str(project_folder() / "domain.yml"))
    opened = open_database(url)
    try:
        trackers = SqlTrackers(opened, domain)
        found = {}
        for name in conversations:
            tracker = asyncio.run(trackers.retrieve(name))
            found[name] = dict((tracker and tracker.get_slot("screening")) or {})
        return found
    finally:
        opened.close()


def rows_and_bytes(url: str) -> tuple[int, int, int]:
    """Rows of all conversations, the bytes of what they hold, and those on the disk.

    The replies that they share are counted. PostgreSQL packs what is long.
    """
    opened = open_database(url)
    try:
        with opened.reading() as session:
            rows, size, packed = session.execute(
                text(
                    "SELECT count(*), sum(octet_length(held)), sum(pg_column_size(held)) FROM ("
                    "SELECT data AS held FROM conversation_event "
                    "UNION ALL SELECT content FROM said_reply) AS all_rows"
                )
            ).one()
        return int(rows), int(size), int(packed)
    finally:
        opened.close()
