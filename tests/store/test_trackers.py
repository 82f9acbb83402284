"""Conversations: what is read is what was saved, or an error; never something in between."""

from __future__ import annotations

import asyncio
import copy
import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event as engine_event
from sqlalchemy import text

from bot.store.database import ConflictError, Database, StoreError, open_database, purge
from bot.store.migrations import migrate
from bot.store.references import MASK, new_reference
from bot.store.trackers import SqlTrackers
from tests.store.conftest import Clock
from tests.store.conversations import DOMAIN, a_turn, of_last_session, state_of, turns
from tests.store.test_screenings import bytes_of

many = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture
def store(database: Database) -> SqlTrackers:
    return SqlTrackers(database, DOMAIN)


async def take(store: SqlTrackers, name: str, events: list[Event]) -> DialogueStateTracker:
    """One turn: read the conversation, add events, save it."""
    tracker = await store.get_or_create_tracker(name, append_action_listen=False)
    tracker.update_with_events(events, store.domain, override_timestamp=False)
    await store.save(tracker)
    return tracker


def a_name() -> str:
    return f"web-{uuid.uuid4().hex}"


@many
@given(talk=turns, restarts=st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_restart_between_any_two_turns_changes_nothing(
    database: Database, talk: list[list[Event]], restarts: list[bool]
) -> None:
    async def check() -> None:
        name, said = a_name(), []
        store = SqlTrackers(database, DOMAIN)
        for turn, restart in zip(talk, restarts, strict=False):
            said.extend(copy.deepcopy(turn))
            await take(store, name, turn)
            if restart:
                store = SqlTrackers(database, DOMAIN)
        kept = await store.retrieve(name)
        anew = await SqlTrackers(database, DOMAIN).retrieve(name)
        straight = DialogueStateTracker.from_events(name, of_last_session(said), DOMAIN.slots)
        assert kept is not None
        assert anew is not None
        assert state_of(kept) == state_of(anew) == state_of(straight)

    asyncio.run(check())


@many
@given(talk=turns)
def test_every_event_comes_back_as_it_was(database: Database, talk: list[list[Event]]) -> None:
    async def check() -> None:
        name, said = a_name(), []
        store = SqlTrackers(database, DOMAIN)
        for turn in talk:
            tracker = await take(store, name, turn)
            said.extend(one.as_dict() for one in turn)
            assert tracker.events[-1] is turn[-1]
        whole = await store.retrieve_full_tracker(name)
        assert whole is not None
        assert [one.as_dict() for one in whole.events] == said

    asyncio.run(check())


@many
@given(slot=st.sampled_from(["screening", "topic"]), said=st.text(max_size=200))
def test_any_text_survives_in_a_slot(database: Database, slot: str, said: str) -> None:
    async def check() -> None:
        name = a_name()
        await take(SqlTrackers(database, DOMAIN), name, [SlotSet(slot, {"said": said})])
        tracker = await SqlTrackers(database, DOMAIN).retrieve(name)
        assert tracker is not None
        assert tracker.get_slot(slot) == {"said": said}

    asyncio.run(check())


async def test_nothing_is_known_of_a_new_conversation(store: SqlTrackers) -> None:
    assert await store.retrieve("web-1") is None
    assert await store.retrieve_full_tracker("web-1") is None
    assert not await store.exists("web-1")
    tracker = await store.get_or_create_tracker("web-1", append_action_listen=False)
    assert list(tracker.events) == []
    assert list(await store.keys()) == []


async def test_a_new_tracker_listens_when_asked_to(store: SqlTrackers) -> None:
    await store.get_or_create_tracker("web-1")
    again = await store.retrieve("web-1")
    assert again is not None
    assert [one.type_name for one in again.events] == ["action"]
    assert await store.exists("web-1")
    assert list(await store.keys()) == ["web-1"]


async def test_only_the_events_since_the_session_began_are_read(store: SqlTrackers) -> None:
    for start in ([], [SessionStarted()], [Restarted()], [SessionStarted()]):
        await take(store, "web-1", [*start, *a_turn(1)])
    tracker = await store.retrieve("web-1")
    whole = await store.retrieve_full_tracker("web-1")
    assert tracker is not None
    assert whole is not None
    assert len(tracker.events) == 1 + len(a_turn(1))
    assert len(whole.events) == 3 + 4 * len(a_turn(1))


@pytest.mark.parametrize("half_done", [[SlotSet("area", "derby")], a_turn(2)[:4]])
async def test_a_turn_that_failed_leaves_nothing_behind(
    store: SqlTrackers, half_done: list[Event]
) -> None:
    await take(store, "web-1", a_turn(1))
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    before = state_of(tracker)
    tracker.update_with_events(half_done, DOMAIN)
    again = await store.retrieve("web-1")
    assert again is not None
    assert state_of(again) == before


async def test_a_slot_altered_in_place_is_put_back(store: SqlTrackers) -> None:
    await take(store, "web-1", [SlotSet("screening", {"answers": {"age": "under_13"}})])
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    tracker.get_slot("screening")["answers"]["age"] = "16_to_17"
    again = await store.retrieve("web-1")
    assert again is not None
    assert again.get_slot("screening") == {"answers": {"age": "under_13"}}


@pytest.mark.parametrize("value", [{1: "a"}, (1, 2), {"a": (1,)}, float("nan"), {1, 2}, object()])
async def test_a_slot_that_json_would_alter_is_refused(store: SqlTrackers, value: Any) -> None:
    await take(store, "web-1", a_turn(1))
    with pytest.raises(StoreError, match="cannot be stored"):
        await take(store, "web-1", [SlotSet("screening", value)])
    again = await store.retrieve("web-1")
    assert again is not None
    assert len(again.events) == len(a_turn(1))


async def test_of_two_processes_in_one_conversation_the_second_is_told(
    database: Database,
) -> None:
    one, other = SqlTrackers(database, DOMAIN), SqlTrackers(database, DOMAIN)
    await take(one, "web-1", a_turn(1))
    mine = await one.retrieve("web-1")
    theirs = await other.retrieve("web-1")
    assert mine is not None
    assert theirs is not None
    for tracker, area in ((mine, "derby"), (theirs, "luton")):
        tracker.update_with_events([SlotSet("area", area), *a_turn(2)], DOMAIN)
    await one.save(mine)
    with pytest.raises(ConflictError, match="Nothing was saved"):
        await other.save(theirs)
    for store in (one, other, SqlTrackers(database, DOMAIN)):
        tracker = await store.retrieve("web-1")
        assert tracker is not None
        assert tracker.get_slot("area") == "derby"
        assert len(tracker.events) == 1 + 2 * len(a_turn(1))


async def test_of_two_processes_that_begin_a_conversation_the_second_is_told(
    database: Database,
) -> None:
    one, other = SqlTrackers(database, DOMAIN), SqlTrackers(database, DOMAIN)
    mine = await one.get_or_create_tracker("web-1", append_action_listen=False)
    theirs = await other.get_or_create_tracker("web-1", append_action_listen=False)
    mine.update(SlotSet("area", "derby"), DOMAIN)
    theirs.update(SlotSet("area", "luton"), DOMAIN)
    await one.save(mine)
    with pytest.raises(ConflictError):
        await other.save(theirs)


async def test_many_processes_never_interleave(database: Database) -> None:
    name = a_name()
    stores = [SqlTrackers(database, DOMAIN) for _ in range(4)]
    taken: list[int] = []

    async def answer(number: int) -> None:
        try:
            await take(stores[number % 4], name, [SlotSet("topic", str(number)), *a_turn(number)])
        except StoreError:
            return
        taken.append(number)

    await asyncio.gather(*(answer(number) for number in range(24)))
    whole = await SqlTrackers(database, DOMAIN).retrieve_full_tracker(name)
    assert whole is not None
    size = 1 + len(a_turn(0))
    kept = [int(one.value) for one in list(whole.events)[::size]]
    assert sorted(kept) == sorted(taken)
    assert len(whole.events) == size * len(taken)


async def test_different_conversations_wait_for_each_other_and_all_are_saved(
    empty_url: str,
) -> None:
    database = open_database(empty_url, patience=60)
    migrate(database.engine)
    stores = [SqlTrackers(database, DOMAIN) for _ in range(4)]
    names = [f"web-{number}" for number in range(40)]
    await asyncio.gather(*(take(stores[n % 4], name, a_turn(n)) for n, name in enumerate(names)))
    assert sorted(await stores[0].keys()) == sorted(names)
    assert rows(database) == (40, 40 * len(a_turn(0)))
    database.close()


async def test_processes_that_take_turns_read_only_what_is_new(database: Database) -> None:
    stores = [SqlTrackers(database, DOMAIN) for _ in range(2)]
    asked: list[tuple[str, Any]] = []

    @engine_event.listens_for(database.engine, "after_cursor_execute")
    def _seen(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    await take(stores[0], "web-1", [SessionStarted()])
    for number in range(1, 41):
        asked.clear()
        await take(stores[number % 2], "web-1", a_turn(number))
        read = [one for one in asked if one[0].startswith("SELECT conversation_event")]
        if number > 2:
            # from the end of its own last turn on, and no more
            (one,) = read
            known = 1 + (number - 2) * len(a_turn(1))
            assert known in (one[1].values() if isinstance(one[1], dict) else one[1])
    anew = await SqlTrackers(database, DOMAIN).retrieve("web-1")
    for store in stores:
        tracker = await store.retrieve("web-1")
        assert tracker is not None
        assert anew is not None
        assert list(tracker.events) == list(anew.events)
        assert tracker.current_slot_values() == anew.current_slot_values()


async def test_what_another_process_added_is_seen(database: Database) -> None:
    one, other = SqlTrackers(database, DOMAIN), SqlTrackers(database, DOMAIN)
    await take(one, "web-1", a_turn(1))
    await take(other, "web-1", [SlotSet("area", "luton")])
    tracker = await take(one, "web-1", a_turn(2))
    assert tracker.get_slot("area") == "luton"


async def test_a_tracker_from_elsewhere_is_taken_when_it_goes_on_from_what_is_kept(
    store: SqlTrackers,
) -> None:
    await take(store, "web-1", [SessionStarted(), *a_turn(1)])
    tracker = await take(store, "web-1", [SessionStarted(), *a_turn(2)])
    for reading in (store.retrieve, store.retrieve_full_tracker):
        known = await reading("web-1")
        assert known is not None
        elsewhere = known.copy()
        elsewhere.update(SlotSet("area", "derby"), DOMAIN)
        await store.save(elsewhere)
        tracker = await store.retrieve("web-1")
        assert tracker is not None
        assert list(tracker.events)[-1] == SlotSet("area", "derby")
    assert len(tracker.events) == 1 + len(a_turn(2)) + 2
    stranger = DialogueStateTracker.from_events("web-1", a_turn(3), DOMAIN.slots)
    with pytest.raises(ConflictError):
        await store.save(stranger)


async def test_a_forgotten_conversation_leaves_no_row(
    store: SqlTrackers, database: Database
) -> None:
    await take(store, "web-1", a_turn(1))
    await take(store, "web-2", a_turn(1))
    assert await store.forget("web-1")
    assert not await store.forget("web-1")
    assert await store.retrieve("web-1") is None
    assert list(await store.keys()) == ["web-2"]
    assert rows(database) == (1, len(a_turn(1)))


async def test_a_turn_under_way_cannot_bring_back_what_was_forgotten(
    store: SqlTrackers, database: Database
) -> None:
    await take(store, "web-1", a_turn(1))
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    await store.forget("web-1")
    tracker.update(SlotSet("area", "derby"), DOMAIN)
    with pytest.raises(ConflictError, match="forgotten"):
        await store.save(tracker)
    await take(store, "web-1", [SlotSet("area", "luton")])
    with pytest.raises(ConflictError):
        await store.save(tracker)
    assert rows(database) == (1, 1)


async def test_forgetting_leaves_no_byte(sqlite: Database, sqlite_path: Path) -> None:
    store = SqlTrackers(sqlite, DOMAIN)
    for number in range(20):
        await take(store, "web-1", [*a_turn(number), SlotSet("topic", "canary " * 500)])
        await take(store, "web-2", a_turn(number))
    assert b"canary" in bytes_of(sqlite_path)
    await store.forget("web-1")
    assert b"canary" not in bytes_of(sqlite_path)
    assert b"web-1" not in bytes_of(sqlite_path)
    assert b"web-2" in bytes_of(sqlite_path)


async def test_conversations_are_kept_24_hours_after_the_last_turn(
    database: Database, clock: Clock
) -> None:
    store = SqlTrackers(database, DOMAIN, clock=clock.seconds)
    await take(store, "web-1", a_turn(1))
    clock.pass_by(hours=23)
    await take(store, "web-1", a_turn(2))
    await take(store, "web-2", a_turn(2))
    clock.pass_by(hours=23)
    assert purge(database, clock.now).conversations == 0
    await take(store, "web-1", a_turn(3))
    clock.pass_by(hours=1)
    assert (await store.purge(clock.now)).conversations == 1
    assert list(await store.keys()) == ["web-1"]
    assert rows(database) == (1, 3 * len(a_turn(1)))
    assert await store.retrieve("web-1") is not None
    assert await store.retrieve("web-2") is None


async def test_a_conversation_past_its_time_is_gone_before_any_purge(
    database: Database, clock: Clock
) -> None:
    store = SqlTrackers(database, DOMAIN, clock=clock.seconds)
    await take(store, "web-1", [SlotSet("area", "derby")])
    clock.pass_by(hours=24)
    assert list(await store.keys()) == []
    assert not await store.exists("web-1")
    tracker = await take(store, "web-1", a_turn(1))
    assert tracker.get_slot("area") is None
    assert rows(database) == (1, len(a_turn(1)))


async def test_another_process_may_purge(database: Database, clock: Clock) -> None:
    store = SqlTrackers(database, DOMAIN, clock=clock.seconds)
    await take(store, "web-1", [SlotSet("area", "derby")])
    purge(database, clock.now + database.retention.conversations)
    assert await store.retrieve("web-1") is None


async def test_a_purge_leaves_no_byte(sqlite: Database, sqlite_path: Path, clock: Clock) -> None:
    store = SqlTrackers(sqlite, DOMAIN, clock=clock.seconds)
    await take(store, "web-1", [SlotSet("topic", "canary " * 5_000)])
    await store.purge(clock.now + sqlite.retention.conversations)
    assert b"canary" not in bytes_of(sqlite_path)


async def test_references_are_not_kept(sqlite: Database, sqlite_path: Path) -> None:
    store = SqlTrackers(sqlite, DOMAIN)
    reference = new_reference()
    said = {"text": f"Your reference is {reference}.", "confidence": 0.12345678901234567}
    await take(
        store,
        "web-1",
        [
            UserUttered("(not kept)", {"name": "ask"}, [{"entity": "ref", "value": reference}]),
            BotUttered(said["text"], {"custom": {"reply": said, "lines": [reference]}}),
            SlotSet("topic", reference),
            ActionExecuted("action_listen"),
        ],
    )
    stored = bytes_of(sqlite_path)
    assert reference.encode() not in stored
    assert MASK.encode() in stored
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    assert reference not in json.dumps(state_of(tracker))
    assert tracker.get_slot("topic") == MASK
    assert tracker.events[1].data["custom"]["reply"]["confidence"] == said["confidence"]


@contextmanager
def lock(path: Path, readers_too: bool) -> Iterator[None]:
    """Another program that holds the database."""
    other = sqlite3.connect(path, isolation_level=None, timeout=30)
    if readers_too:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    if readers_too:
        other.execute("CREATE TABLE anything (one)")
    try:
        yield
    finally:
        other.rollback()
        other.close()


async def test_a_locked_database_raises_and_loses_nothing(
    sqlite: Database, sqlite_path: Path
) -> None:
    store = SqlTrackers(sqlite, DOMAIN)
    await take(store, "web-1", [SlotSet("area", "derby")])
    before = state_of(await take(store, "web-1", a_turn(1)))
    with lock(sqlite_path, readers_too=False):
        with pytest.raises(StoreError, match="locked by another program"):
            await take(store, "web-1", [SlotSet("area", "luton")])
        with pytest.raises(StoreError, match="locked by another program"):
            await store.forget("web-1")
    again = await store.retrieve("web-1")
    assert again is not None
    assert state_of(again) == before
    tracker = await take(store, "web-1", [SlotSet("area", "luton")])
    assert tracker.get_slot("area") == "luton"


async def test_a_database_that_cannot_be_read_raises_even_for_a_tracker_in_memory(
    sqlite: Database, sqlite_path: Path
) -> None:
    store = SqlTrackers(sqlite, DOMAIN)
    await take(store, "web-1", a_turn(1))
    sqlite.close()
    with lock(sqlite_path, readers_too=True):
        for reading in (store.retrieve, store.retrieve_full_tracker, store.exists):
            with pytest.raises(StoreError, match="locked by another program"):
                await reading("web-1")
        with pytest.raises(StoreError):
            await store.keys()
    assert await store.retrieve("web-1") is not None


async def test_a_full_disk_raises_and_loses_nothing(sqlite: Database) -> None:
    store = SqlTrackers(sqlite, DOMAIN)
    await take(store, "web-1", [SlotSet("area", "derby")])
    with sqlite.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="no room left"):
        await take(store, "web-1", [SlotSet("topic", "long " * 10_000)])
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    assert len(tracker.events) == 1
    assert tracker.get_slot("area") == "derby"


async def test_a_save_that_was_given_up_is_all_or_nothing(store: SqlTrackers) -> None:
    await take(store, "web-1", a_turn(1))
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    tracker.update_with_events(a_turn(2), DOMAIN)
    saving = asyncio.ensure_future(store.save(tracker))
    await asyncio.sleep(0)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    again = await store.retrieve("web-1")
    assert again is not None
    assert len(again.events) in (len(a_turn(1)), 2 * len(a_turn(1)))


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM conversation_event WHERE sequence = 0",
        "UPDATE conversation_event SET data = '{' WHERE sequence = 0",
        "UPDATE conversation_event SET data = '[]' WHERE sequence = 0",
        'UPDATE conversation_event SET data = \'{"event": "unheard of"}\' WHERE sequence = 0',
        'UPDATE conversation_event SET data = \'{"event": "topic"}\' WHERE sequence = 0',
        "UPDATE conversation_event SET data = replace(data, '\"slot\"', '\"unheard of\"')",
        "UPDATE conversation SET events = events + 1",
    ],
)
async def test_a_damaged_conversation_raises(database: Database, damage: str) -> None:
    await take(SqlTrackers(database, DOMAIN), "web-1", a_turn(1))
    with database.writing() as session:
        session.execute(text(damage.replace(":", r"\:")))
    store = SqlTrackers(database, DOMAIN)
    with pytest.raises(StoreError, match="damaged"):
        await store.retrieve("web-1")
    assert await store.forget("web-1")


async def test_a_tracker_that_drops_events_is_refused(store: SqlTrackers) -> None:
    with pytest.raises(StoreError, match="max_event_history"):
        await store.get_or_create_tracker("web-1", max_event_history=5)


async def test_a_new_domain_gives_its_slots_to_trackers_in_memory(store: SqlTrackers) -> None:
    await take(store, "web-1", a_turn(1))
    store.domain = DOMAIN.merge(
        Domain.from_yaml("slots: {level: {type: any, mappings: [{type: custom}]}}")
    )
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    assert "level" in tracker.slots


async def test_memory_is_bounded_and_eviction_changes_nothing(database: Database) -> None:
    store = SqlTrackers(database, DOMAIN, remembered=2)
    for _ in range(2):
        for number in range(5):
            await take(store, f"web-{number}", a_turn(number))
    assert len(store._live) == 2
    for number in range(5):
        tracker = await store.retrieve(f"web-{number}")
        assert tracker is not None
        assert len(tracker.events) == 2 * len(a_turn(0))


async def test_the_200th_turn_asks_the_database_for_no_more_than_the_10th(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    store = SqlTrackers(database, DOMAIN)
    statements: list[str] = []

    @engine_event.listens_for(database.engine, "after_cursor_execute")
    def _seen(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    await take(store, "web-1", [SessionStarted()])
    cost: dict[int, float] = {}
    asked: dict[int, list[str]] = {}
    for number in range(1, 206):
        statements.clear()
        began = time.perf_counter()
        await take(store, "web-1", a_turn(number))
        cost[number] = time.perf_counter() - began
        asked[number] = list(statements)
    assert asked[200] == asked[10]
    assert not any("SELECT conversation_event" in one for one in asked[200])
    early = sorted(cost[number] for number in range(6, 16))[5]
    late = sorted(cost[number] for number in range(196, 206))[5]
    anew = SqlTrackers(database, DOMAIN)
    began = time.perf_counter()
    await anew.retrieve("web-1")
    rebuilt = time.perf_counter() - began
    with capsys.disabled():
        print(
            f"\n{database.engine.dialect.name}: the store's part of a turn is {early * 1e3:.2f} ms "
            f"at the 10th and {late * 1e3:.2f} ms at the 200th ({late / early:.2f} times); "
            f"after a restart {rebuilt * 1e3:.0f} ms once"
        )


def rows(database: Database) -> tuple[int, int]:
    """How many conversations and events are stored."""
    with database.reading() as session:
        return (
            session.execute(text("SELECT count(*) FROM conversation")).scalar_one(),
            sum(
                data.count("\n") + 1
                for data in session.execute(text("SELECT data FROM conversation_event")).scalars()
            ),
        )
