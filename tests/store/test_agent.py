"""The store under a real Rasa agent, with a model small enough to train here."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.trackers import EventVerbosity

from bot.store.database import Database, StoreError
from bot.store.trackers import SqlTrackers, without_failsafe
from tests.store.conversations import state_of

#: Rules and slots alone; sessions end after 30 seconds of the processor's clock.
MODEL = """
version: "3.1"
assistant_id: test
language: en
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
intents: [in_luton, in_derby, where, restart]
slots:
  area:
    type: categorical
    values: [luton, derby]
    influence_conversation: false
    mappings:
      - {type: from_intent, intent: in_luton, value: luton}
      - {type: from_intent, intent: in_derby, value: derby}
responses:
  utter_where: [{text: "The area is {area}."}]
  utter_restart: [{text: "Forgotten."}]
session_config: {session_expiration_time: 0.5, carry_over_slots_to_new_session: true}
nlu:
  - {intent: in_luton, examples: "- luton\\n- in luton"}
  - {intent: in_derby, examples: "- derby\\n- in derby"}
  - {intent: where, examples: "- where\\n- which area"}
rules:
  - rule: luton
    steps: [{intent: in_luton}, {action: utter_where}]
  - rule: derby
    steps: [{intent: in_derby}, {action: utter_where}]
  - rule: where
    steps: [{intent: where}, {action: utter_where}]
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    import rasa.model_training

    folder = tmp_path_factory.mktemp("model")
    file = folder / "all.yml"
    file.write_text(MODEL)
    trained = rasa.model_training.train(str(file), str(file), [str(file)], str(folder)).model
    assert trained is not None
    return str(trained)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets time pass for Rasa, which asks `time.time` when a session has ended."""
    ahead = [0.0]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def pass_by(seconds: float) -> None:
        ahead[0] += seconds

    return pass_by


def an_agent(model: str, database: Database) -> Agent:
    agent = Agent.load(model, tracker_store=SqlTrackers(database))
    without_failsafe(agent)
    return agent


async def say(agent: Agent, intent: str, name: str = "web-1") -> str:
    """One turn, as the engine takes it: the parse is given, and the text is not kept."""
    output = CollectingOutputChannel()
    parse = {"text": "(not kept)", "intent": {"name": intent, "confidence": 1.0}, "entities": []}
    await agent.handle_message(
        UserMessage("(not kept)", output, name, input_channel="web", parse_data=parse)
    )
    return " ".join(message["text"] for message in output.messages)


async def kept(agent: Agent, name: str = "web-1") -> dict[str, Any]:
    assert agent.processor is not None
    return state_of(await agent.processor.get_tracker(name))


async def test_a_conversation_goes_on_after_each_restart(model: str, sqlite: Database) -> None:
    agent = an_agent(model, sqlite)
    for intent, answer in (
        ("where", "The area is None."),
        ("in_luton", "The area is luton."),
        ("where", "The area is luton."),
        ("restart", "Forgotten."),
        ("where", "The area is None."),
        ("in_derby", "The area is derby."),
        ("where", "The area is derby."),
    ):
        assert await say(agent, intent) == answer
        in_memory = await kept(agent)
        agent.tracker_store.domain = agent.domain  # a new domain empties the memory
        assert await kept(agent) == in_memory
        assert agent.processor is not None
        fresh = SqlTrackers(sqlite, agent.domain)
        agent.tracker_store = agent.processor.tracker_store = fresh
        assert await kept(agent) == in_memory


async def test_it_answers_as_rasas_own_store_does(model: str, sqlite: Database, clock: Any) -> None:
    ours = an_agent(model, sqlite)
    theirs = Agent.load(model, tracker_store=InMemoryTrackerStore(None))
    for intent in ("in_luton", "where", "later", "where", "in_derby", "restart", "later", "where"):
        if intent == "later":
            clock(60)
            continue
        assert await say(ours, intent) == await say(theirs, intent)
        mine = await ours.processor.get_tracker("web-1")
        other = await theirs.processor.get_tracker("web-1")
        assert mine.current_slot_values() == other.current_slot_values()
        assert _applied(mine) == _applied(other)


async def test_slots_survive_the_end_of_a_session(model: str, sqlite: Database, clock: Any) -> None:
    agent = an_agent(model, sqlite)
    await say(agent, "in_luton")
    for _ in range(3):
        clock(60)
        # another process after each session: only what is stored can be carried over
        agent.tracker_store = agent.processor.tracker_store = SqlTrackers(sqlite, agent.domain)
        assert await say(agent, "where") == "The area is luton."
        tracker = await agent.processor.get_tracker("web-1")
        assert sum(one.type_name == "session_started" for one in tracker.events) == 1
        assert sum(one.type_name == "user" for one in tracker.events) == 1


async def test_an_error_of_the_store_ends_the_turn(
    model: str, sqlite: Database, sqlite_path: Path
) -> None:
    agent = an_agent(model, sqlite)
    await say(agent, "in_luton")
    before = await kept(agent)
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        await say(agent, "in_derby")
    other.close()
    assert await kept(agent) == before
    assert await say(agent, "where") == "The area is luton."


async def test_the_wrapper_is_taken_off_everywhere(model: str, sqlite: Database) -> None:
    store = SqlTrackers(sqlite)
    agent = Agent.load(model, tracker_store=store)
    assert isinstance(agent.tracker_store, FailSafeTrackerStore)
    without_failsafe(agent)
    without_failsafe(agent)
    assert agent.tracker_store is store
    assert agent.processor.tracker_store is store
    assert store.domain is agent.domain


def _applied(tracker: Any) -> list[str]:
    events = tracker.current_state(EventVerbosity.APPLIED)["events"]
    return [f"{one['event']} {one.get('name')} {one.get('text')}" for one in events]
