"""A message that comes again under its id is answered as before, whatever happened in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serving.again import mark_of
from bot.serving.engine import Engine
from bot.store.database import Database, open_database
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def kept(engine: Engine, database: Database) -> Iterator[Engine]:
    """The engine on a database of its own, and afterwards as it was."""
    before = engine._agent.tracker_store
    engine.use_trackers(SqlTrackers(database))
    yield engine
    engine._agent.tracker_store = engine._processor.tracker_store = before
    engine._saved = engine._unanswered = None


async def answers(engine: Engine) -> dict[str, object]:
    tracker = await engine._processor.tracker_store.retrieve("one")
    return dict(tracker.get_slot("screening")["answers"])


async def test_typed_once_more_after_a_restart_it_counts_once(
    kept: Engine, database: Database
) -> None:
    await kept.turn("one", payload="/start_screening", message="a")
    first = await kept.turn("one", text="no", message="b")
    assert await answers(kept) == {"immediate_danger": "no"}
    kept.use_trackers(SqlTrackers(database))  # as a new process would
    again = await kept.turn("one", text="no", message="b")
    assert await answers(kept) == {"immediate_danger": "no"}
    assert again[-1].text == first[-1].text
    assert again[-1].buttons == first[-1].buttons
    assert again[-1].reply is not None


async def test_another_message_is_another_answer(kept: Engine) -> None:
    await kept.turn("one", payload="/start_screening", message="a")
    await kept.turn("one", text="no", message="b")
    await kept.turn("one", text="luton", message="c")
    assert await answers(kept) == {"immediate_danger": "no", "area": "luton"}
    await kept.turn("one", text="no", message="b")
    assert len(await answers(kept)) == 2


async def test_without_an_id_each_message_counts(kept: Engine) -> None:
    await kept.turn("one", payload="/start_screening")
    await kept.turn("one", text="no")
    await kept.turn("one", text="luton")
    assert len(await answers(kept)) == 2


async def test_an_id_is_kept_as_a_hash(kept: Engine, database: Database) -> None:
    await kept.turn("one", text="who do I ring in Luton?", message="jayden-kirby")
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT data FROM conversation_event").scalars().all()
    assert not any("jayden" in row for row in rows)
    assert any(str(mark_of("jayden-kirby")) in row for row in rows)
