"""What the guide says out of its documents is stored once for all; a person's case is not shared."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from sqlalchemy import text

from bot.store.database import Database, StoreError, purge
from bot.store.event_texts import SHARED_KINDS
from bot.store.references import MASK, new_reference
from bot.store.said_replies import NOTED_FOR
from bot.store.trackers import SqlTrackers
from tests.store.conftest import Clock
from tests.store.conversations import DOMAIN

METADATA = {"model_id": "a model", "assistant_id": "waymark"}
BUTTON = {"title": "Who to ring", "payload": '/ask{"topic": "who_to_ring"}'}
CHOICES = [BUTTON]
BUTTON_OF_A_DOMAIN = BUTTON | {"payload": '/ask{{"topic": "who_to_ring"}}'}


def reply(kind: str, headline: str, time: float = 1.0) -> BotUttered:
    """What the bot says, as Rasa keeps it."""
    data = {
        "elements": None,
        "buttons": CHOICES,
        "custom": {"reply": {"kind": kind, "headline": headline, "choices": CHOICES}},
    }
    return BotUttered(headline, data, METADATA, time)


def uttered(name: str, words: str, buttons: list[dict[str, str]] | None = None) -> BotUttered:
    """What the bot says of its domain."""
    return BotUttered(words, {"buttons": buttons, "image": None}, {"utter_action": name}, 1.0)


def turn(*said: BotUttered) -> list[Event]:
    reading = {"intent": {"name": "ask"}, "text": "(not kept)", "message_id": "one"}
    return [
        UserUttered("(not kept)", parse_data=reading, message_id="one", metadata=METADATA),
        ActionExecuted("action_answer", "RulePolicy", 1.0, metadata=METADATA),
        *said,
        ActionExecuted("action_listen", "RulePolicy", 1.0, metadata=METADATA),
    ]


async def take(store: SqlTrackers, name: str, events: list[Event]) -> None:
    tracker = await store.get_or_create_tracker(name, append_action_listen=False)
    tracker.update_with_events(events, store.domain, override_timestamp=False)
    await store.save(tracker)


async def said_in(database: Database, name: str) -> list[dict[str, Any]]:
    """What another process reads of a conversation."""
    tracker = await SqlTrackers(database, DOMAIN).retrieve_full_tracker(name)
    assert tracker is not None
    return [one.as_dict() for one in tracker.events]


def contents(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.execute(text("SELECT content FROM said_reply")).scalars())


def data_of(database: Database) -> str:
    with database.reading() as session:
        rows = session.execute(text("SELECT data FROM conversation_event")).scalars()
        return "\n".join(rows)


async def test_a_reply_is_stored_once_for_all(database: Database) -> None:
    store = SqlTrackers(database, DOMAIN)
    for number in range(5):
        said = turn(reply("answer", "Ring the team."))
        await take(store, f"web-{number}", said)
        assert await said_in(database, f"web-{number}") == [one.as_dict() for one in said]
    (content,) = contents(database)
    assert "Ring the team." in content
    assert "Ring the team." not in data_of(database)


async def test_the_reply_of_a_case_stays_with_its_conversation(database: Database) -> None:
    store = SqlTrackers(database, DOMAIN)
    for kind in ("route", "screening_result", "screening_summary", "screening_reference"):
        assert kind not in SHARED_KINDS
        said = turn(reply(kind, f"For this case ({kind})."))
        await take(store, f"web-{kind}", said)
        assert await said_in(database, f"web-{kind}") == [one.as_dict() for one in said]
        assert data_of(database).count(f"For this case ({kind}).") == 1, "once, not twice"
        assert await store.forget(f"web-{kind}")
    assert contents(database) == []
    assert data_of(database) == ""


async def test_a_reference_is_masked_before_a_reply_is_shared(database: Database) -> None:
    reference = new_reference()
    store = SqlTrackers(database, DOMAIN)
    await take(store, "web-1", turn(reply("answer", f"Your reference is {reference}.")))
    (content,) = contents(database)
    assert reference not in content + data_of(database)
    assert MASK in content


async def test_a_transaction_that_fails_shares_nothing(database: Database) -> None:
    store = SqlTrackers(database, DOMAIN)
    await take(store, "web-1", turn(reply("answer", "One.")))

    def fail(*_: Any) -> None:
        raise StoreError("it must not be saved")

    store.save_beside(fail)
    with pytest.raises(StoreError):
        await take(store, "web-1", turn(reply("answer", "Two.")))
    assert len(contents(database)) == 1
    store.save_beside(lambda *_: None)
    await take(store, "web-1", turn(reply("answer", "Two.")))
    assert len(contents(database)) == 2
    assert len(await said_in(database, "web-1")) == 2 * len(turn(reply("answer", "One.")))


async def test_a_fixed_utterance_is_stored_once_for_all(database: Database) -> None:
    domain = Domain.from_dict(
        {
            "slots": {"area": {"type": "text", "mappings": [{"type": "custom"}]}},
            "responses": {
                "utter_help": [{"text": "Ask {{me}}.", "buttons": [BUTTON_OF_A_DOMAIN]}],
                "utter_area": [{"text": "You are in {area}."}],
                "utter_picture": [{"text": "Look.", "image": "a picture"}],
            },
        }
    )
    store = SqlTrackers(database, domain)
    told = [
        uttered("utter_help", "Ask {me}.", [BUTTON]),
        uttered("utter_help", "Ask {me}, Ann.", [BUTTON]),
        uttered("utter_help", "Ask {me}.", [BUTTON | {"payload": "/ask Ann"}]),
        uttered("utter_area", "You are in Luton."),
        uttered("utter_area", "You are in {area}."),
        uttered("utter_picture", "Look."),
        uttered("utter_other", "Ask {me}.", [BUTTON]),
    ]
    for number in range(2):
        await take(store, f"web-{number}", turn(*told))
        assert (await said_in(database, f"web-{number}"))[2:-1] == [one.as_dict() for one in told]
    (content,) = contents(database)
    assert json.loads(content)["text"] == "Ask {me}."
    assert json.loads(content)["data"]["buttons"] == [BUTTON]
    assert data_of(database).count("You are in Luton.") == 2, "it stays with each"


async def test_a_reply_said_before_costs_a_turn_nothing(database: Database, clock: Clock) -> None:
    store = SqlTrackers(database, DOMAIN, clock=clock.seconds)
    with database.reading() as session:
        when = text("SELECT said_at FROM said_reply")
        await take(store, "web-1", turn(reply("answer", "One.")))
        first = session.execute(when).scalar_one()
    clock.pass_by(seconds=NOTED_FOR - 1)
    await take(store, "web-2", turn(reply("answer", "One.")))
    with database.reading() as session:
        assert session.execute(when).scalar_one() == first
    clock.pass_by(seconds=2)
    await take(store, "web-3", turn(reply("answer", "One.")))
    with database.reading() as session:
        assert session.execute(when).scalar_one() > first


async def test_two_workers_say_the_same_at_once(database: Database) -> None:
    stores = [SqlTrackers(database, DOMAIN) for _ in range(4)]
    orders = (("One.", "Two."), ("Two.", "One."))
    for attempt in range(5):
        await asyncio.gather(
            *(
                take(
                    store,
                    f"web-{attempt}-{number}",
                    turn(*(reply("answer", f"{attempt} {one}") for one in orders[number % 2])),
                )
                for number, store in enumerate(stores)
            )
        )
    assert len(contents(database)) == 10


async def test_replies_go_when_no_conversation_can_name_them(
    database: Database, clock: Clock
) -> None:
    store = SqlTrackers(database, DOMAIN, clock=clock.seconds)
    early = clock.seconds()
    await take(store, "old", turn(reply("answer", "Only then.", early)))
    await take(store, "long", turn(reply("answer", "Long ago.", early)))
    for _ in range(4):
        # somebody goes on with the second one, day after day
        clock.pass_by(hours=20)
        await take(store, "long", turn(reply("answer", "Lately.", clock.seconds())))
        purge(database, clock())
        assert await store.exists("long")
    assert not await store.exists("old")
    # as long as one has events of the first day, none of that day may go
    kept = await SqlTrackers(database, DOMAIN, clock=clock.seconds).retrieve_full_tracker("long")
    assert kept is not None
    assert next(one.text for one in kept.events if isinstance(one, BotUttered)) == "Long ago."
    clock.pass_by(hours=48)
    purge(database, clock())
    assert contents(database) == []


async def test_a_reply_that_is_missing_is_not_passed_over(database: Database) -> None:
    await take(SqlTrackers(database, DOMAIN), "web-1", turn(reply("answer", "One.")))
    with database.writing() as session:
        session.execute(text("DELETE FROM said_reply"))
    with pytest.raises(StoreError, match="damaged"):
        await SqlTrackers(database, DOMAIN).retrieve("web-1")


async def test_what_an_earlier_version_stored_is_read(database: Database) -> None:
    said = turn(reply("answer", "One."))
    lines = "\n".join(json.dumps(one.as_dict()) for one in said)
    await take(SqlTrackers(database, DOMAIN), "web-1", said)
    with database.writing() as session:
        session.execute(text("UPDATE conversation_event SET data = :data"), {"data": lines})
        session.execute(text("DELETE FROM said_reply"))
    assert await said_in(database, "web-1") == [one.as_dict() for one in said]
