"""A session that was ended stays so, in every process and after a restart."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.store.database import Database
from bot.store.revocations import Revocations


async def test_what_was_ended_is_known_to_every_process(database: Database) -> None:
    await Revocations(database).add("abc", 100.0)
    other = Revocations(database)
    assert await other.holds("abc")
    assert not await other.holds("abd")


async def test_ending_twice_or_at_once_is_ending(database: Database) -> None:
    revocations = Revocations(database)
    await asyncio.gather(*(revocations.add("abc", 100.0) for _ in range(5)))
    assert await revocations.holds("abc")


async def test_it_is_forgotten_when_the_token_would_have_expired(database: Database) -> None:
    revocations = Revocations(database)
    await revocations.add("old", 100.0)
    await revocations.add("new", 200.0)
    assert await revocations.purge(150.0) == 1
    assert not await revocations.holds("old")
    assert await revocations.holds("new")


async def test_a_row_leads_to_no_conversation(database: Database) -> None:
    await Revocations(database).add("0123456789abcdef", 100.0)
    with database.reading() as session:
        rows = session.execute(text("SELECT * FROM revoked_session")).all()
    assert len(rows) == 1
    assert "0123456789abcdef" not in str(rows)
