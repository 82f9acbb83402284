"""A long conversation costs no more a turn than a short one, and nothing of it is lost."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.shared.core.events import SlotSet

from bot.serving.engine import Engine, Said
from bot.serving.processing import LONGEST_SESSION
from bot.store.conversations import Conversations
from bot.store.database import open_database
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers

QUESTIONS = (
    "who do I ring out of hours?",
    "what are the signs of grooming?",
    "what does NRM mean?",
    "thanks",
    "can a 15 year old consent?",
)


@pytest.fixture
def stored(engine: Engine, tmp_path: Path) -> Iterator[SqlTrackers]:
    """The engine's conversations in a database of their own."""
    database = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(database.engine)
    before = engine._agent.tracker_store
    trackers = SqlTrackers(database)
    engine.use_trackers(trackers)
    yield trackers
    engine._agent.tracker_store = engine._processor.tracker_store = before
    database.engine.dispose()


def ask(engine: Engine, *texts: str, name: str = "long", area: str | None = "luton") -> list[Said]:
    async def go() -> list[Said]:
        said: list[Said] = []
        for text in texts:
            said = await engine.turn(name, text=text, area=area)
        return said

    return asyncio.run(go())


def shown(said: list[Said]) -> str:
    return "\n".join(one.text for one in said)


def test_a_session_stays_short_and_the_area_and_topic_go_on(
    engine: Engine, stored: SqlTrackers
) -> None:
    longest = 0
    for number in range(40):
        ask(engine, QUESTIONS[number % len(QUESTIONS)])
        tracker = asyncio.run(stored.retrieve("long"))
        assert tracker is not None
        longest = max(longest, len(tracker.events))
        assert tracker.get_slot("area") == "luton"
    assert longest <= LONGEST_SESSION + 30, "a new session has begun each time"
    whole = asyncio.run(stored.retrieve_full_tracker("long"))
    assert whole is not None
    assert len(whole.events) > 3 * LONGEST_SESSION, "and all of it is kept"
    ask(engine, "what is the procedure for a missing child?")
    assert "Derby" in shown(ask(engine, "and in Derby?", area=None))


def test_a_screening_goes_on_through_new_sessions(engine: Engine, stored: SqlTrackers) -> None:
    ask(engine, "start a screening")
    ask(engine, "social worker")
    kept = asyncio.run(engine.screening_of("long"))
    assert kept is not None
    ask(engine, *("what are the signs of grooming?",) * 14)
    tracker = asyncio.run(stored.retrieve("long"))
    assert tracker is not None
    assert len(tracker.events) < LONGEST_SESSION + 30
    still = asyncio.run(engine.screening_of("long"))
    assert still is not None
    assert (still.active, still.answers) == (True, kept.answers)
    assert "Is anyone in danger now?" in shown(ask(engine, "what does NRM mean?")), "asked again"
    ask(engine, "not known")
    after = asyncio.run(engine.screening_of("long"))
    assert after is not None
    assert len(after.answers) == len(kept.answers) + 1


def test_a_child_is_one_through_new_sessions(
    engine: Engine, stored: SqlTrackers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(engine, "im 13 and my boyfriend makes me sleep with his mates", name="child")
    first = asyncio.run(stored.retrieve("child"))
    ask(engine, *("what does NRM mean?",) * 14, name="child")
    later = asyncio.run(stored.retrieve("child"))
    assert first is not None
    assert later is not None
    assert first.events[0].timestamp < later.events[0].timestamp, "a new session has begun"
    assert "0800 1111" in shown(ask(engine, "who do i ring", name="child"))
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 2 * 60 * 60)
    for _ in range(2):
        assert "0800 1111" in shown(ask(engine, "who do i ring", name="child")), "hours later too"


def test_a_message_that_comes_again_after_a_new_session_counts_once(
    engine: Engine, stored: SqlTrackers
) -> None:
    async def go() -> None:
        answers: dict[str, str] = {}
        for number in range(24):
            text = QUESTIONS[number % len(QUESTIONS)]
            said = await engine.turn("again", text=text, area="derby", message=f"m{number}")
            answers[f"m{number}"] = shown(said)
            for back in range(min(number, 5)):
                name = f"m{number - back}"
                repeated = await engine.turn("again", text="x", area="derby", message=name)
                assert shown(repeated) == answers[name]

    asyncio.run(go())


def test_a_late_turn_costs_what_an_early_one_does(engine: Engine, stored: SqlTrackers) -> None:
    spent = []
    ask(engine, *QUESTIONS, name="warm")
    for number in range(100):
        began = time.process_time()
        ask(engine, QUESTIONS[number % len(QUESTIONS)], name="cost")
        spent.append(time.process_time() - began)
    early, late = statistics.median(spent[5:25]), statistics.median(spent[80:100])
    print(f"the 90th turn costs {late / early:.2f} times the 15th ({1000 * early:.0f} ms of CPU)")
    assert late < 2 * early


def test_a_turn_compares_with_the_database_once(
    engine: Engine, stored: SqlTrackers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(engine, "who do I ring?", "thanks")
    looked = []
    head = Conversations.head

    def counted(kept: Conversations, name: str) -> object:
        looked.append(name)
        return head(kept, name)

    monkeypatch.setattr(Conversations, "head", counted)
    ask(engine, "what are the signs of grooming?")
    assert looked == ["long"]


def test_what_another_process_saved_in_the_meantime_is_not_lost(
    engine: Engine, stored: SqlTrackers
) -> None:
    ask(engine, "who do I ring?")

    async def meanwhile() -> list[Said]:
        other = SqlTrackers(stored.database, engine._processor.domain)
        kept = stored._conversations
        append, done = kept.append, []

        def late(*args: object) -> object:
            if not done:
                done.append(True)
                theirs = asyncio.run(other.retrieve("long"))
                assert theirs is not None
                theirs.update(SlotSet("topic", "signs"))
                asyncio.run(other.save(theirs))
            return append(*args)  # type: ignore[arg-type]

        kept.append = late  # type: ignore[method-assign, assignment]
        return await engine.turn("long", text="what does the law say about consent?", area="luton")

    assert "999" not in shown(asyncio.run(meanwhile())).splitlines()[0]
    whole = asyncio.run(stored.retrieve_full_tracker("long"))
    assert whole is not None
    kinds = [one.value for one in whole.events if isinstance(one, SlotSet) and one.key == "topic"]
    assert "signs" in kinds, "theirs is kept, and ours follows it"
    assert kinds[-1] != "signs"
