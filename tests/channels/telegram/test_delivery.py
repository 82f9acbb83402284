"""What happens when Telegram is slow, away, or says no: nothing lost, nothing said twice."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.channels.telegram.splitting import units
from bot.serving.engine import Engine
from bot.serving.places import Places
from bot.store.database import Database
from bot.store.telegram import TelegramStore
from bot.store.telegram_models import TelegramUpdate
from tests.channels.telegram.bot_api import BotApi, Fault, Person
from tests.channels.telegram.conftest import Running

Invited = Callable[[int], Person]
LUTON = "who do I ring in Luton?"


def sending(fault: Fault, times: int = 1, chat: int | None = None) -> Callable[..., Fault | None]:
    """The next messages to a chat go wrong."""
    left = [times]

    def find(method: str, to: int | None, values: dict[str, Any]) -> Fault | None:
        if method == "sendMessage" and left[0] and chat in (None, to):
            left[0] -= 1
            return fault
        return None

    return find


# One chat's trouble


@pytest.mark.parametrize("fault", [Fault("wait", 30), Fault("slow", 30)], ids=lambda one: one.kind)
def test_one_chats_trouble_delays_no_other(
    running: Running, invited: Invited, api: BotApi, fault: Fault
) -> None:
    slow, *others = (invited(number) for number in range(100, 109))
    with running():
        for one in others:
            one.says("hello")
            one.reads()
        api.fault = sending(fault, times=1, chat=slow.id)
        begun = time.monotonic()
        slow.says(LUTON)
        for one in others:
            one.says(LUTON)
        others_took = max(one.reads().at for one in others) - begun
        assert slow.from_bot == [], "it still waits"
    print(f"\n8 chats answered in {others_took:.2f} s beside one that waits for 30 s")


def test_a_chats_updates_are_answered_in_order(running: Running, invited: Invited) -> None:
    someone = invited(110)
    with running():
        names = ["Luton", "Hartlepool", "Luton", "Hartlepool", "Luton"]
        for name in names:
            someone.says(f"who do I ring in {name}?")
        read = [someone.reads().text for _ in names]
    assert [("01582" in one, "01429" in one) for one in read] == [
        (name == "Luton", name == "Hartlepool") for name in names
    ]


# Calls that go wrong


@pytest.mark.parametrize(
    "fault", [Fault("wait", 1), Fault("unauthorised")], ids=lambda one: one.kind
)
def test_what_surely_was_not_sent_is_sent_again(
    running: Running, invited: Invited, api: BotApi, fault: Fault
) -> None:
    someone = invited(111)
    with running():
        api.fault = sending(fault, times=2)
        someone.says(LUTON)
        assert "01582" in someone.reads().text
        someone.says("hello")
        assert "Hello" in someone.reads().text, "it was said once"


@pytest.mark.parametrize("kind", ["before", "after", "gateway"])
def test_what_may_have_arrived_is_not_sent_twice_and_can_be_asked_for(
    running: Running, invited: Invited, api: BotApi, kind: str
) -> None:
    someone = invited(112)
    with running():
        api.fault = sending(Fault(kind))
        someone.says(LUTON)
        first = someone.reads()
        arrived = kind == "after"
        assert ("01582" in first.text) == arrived
        note = someone.reads() if arrived else first
        assert "may not have reached you" in note.text
        if not arrived:
            someone.presses(note, "Show it again")
            shown = someone.reads()
            assert "01582" in shown.text
            press = someone.presses(shown, "More detail")
            assert someone.sees(press) is None, "its buttons work"
            someone.reads()
            assert "already" in (someone.sees(someone.presses_data(_data(note), note)) or "")
    assert sum(one.text.startswith("Luton\nRing") for one in someone.from_bot) == 1


def _data(shown: Any) -> str:
    return f"{shown.buttons[0][0]['callback_data']}"


def test_words_that_telegram_cannot_lay_out_are_sent_plainly(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(113)
    with running():
        api.fault = sending(Fault("entities"))
        someone.says(LUTON)
        answer = someone.reads()
    assert "01582" in answer.text
    assert answer.entities == []
    assert "More detail" in answer.titles


def test_words_whose_buttons_telegram_refuses_are_sent_without_them(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(138)
    with running():
        api.fault = sending(Fault("entities"), times=2)
        someone.says(LUTON)
        answer = someone.reads()
    assert "01582" in answer.text
    assert answer.titles == []


def test_what_telegram_refuses_altogether_is_owned_up_to_and_can_be_asked_for(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(139)
    with running():
        api.fault = sending(Fault("entities"), times=3)
        someone.says(LUTON)
        note = someone.reads()
        assert "may not have reached you" in note.text
        someone.presses(note, "Show it again")
        assert "01582" in someone.reads().text


def test_who_has_blocked_the_bot_is_left_alone(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone, other = invited(114), invited(115)
    with running():
        api.blocked.add(someone.id)
        someone.says(LUTON)
        other.says(LUTON)
        other.reads()
        api.wait_for(lambda: len([one for one in api.calls if one == ("sendMessage", 114)]) == 1)
        api.blocked.discard(someone.id)
        someone.says(LUTON)
        assert "Do you still work" in someone.reads().text


def test_a_press_is_answered_even_when_its_turn_is_far_off(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(116)
    with running():
        someone.says(LUTON)
        answer = someone.reads()
        api.fault = sending(Fault("wait", 6), times=1, chat=116)
        someone.says("hello")
        press = someone.presses(answer, "More detail")
        assert someone.sees(press) is None
        held_up = someone.reads_until("Hello")
        assert press.at < held_up.at
        someone.reads()
    assert press.answers == 1


@pytest.mark.parametrize("kind", ["before", "after", "gateway", "wait"])
def test_a_press_is_answered_whatever_goes_wrong(
    running: Running, invited: Invited, api: BotApi, kind: str
) -> None:
    someone = invited(117)
    with running():
        someone.says(LUTON)
        answer = someone.reads()
        left = [1]

        def find(method: str, chat: int | None, values: dict[str, Any]) -> Fault | None:
            if method == "answerCallbackQuery" and left[0]:
                left[0] -= 1
                return Fault(kind, 1)
            return None

        api.fault = find
        press = someone.presses(answer, "More detail")
        someone.reads()
        assert someone.sees(press) is None
    assert press.answers == 1


def test_it_stops_though_telegram_answers_nothing(
    running: Running, invited: Invited, api: BotApi, database: Database
) -> None:
    someone = invited(136)
    tried: set[str] = set()

    def find(method: str, chat: int | None, values: dict[str, Any]) -> Fault | None:
        tried.add(method)
        return None if method == "getUpdates" else Fault("unauthorised")

    with running():
        someone.says(LUTON)
        answer = someone.reads()
        api.fault = find
        someone.presses(answer, "More detail")
        api.wait_for(lambda: {"answerCallbackQuery", "sendMessage"} <= tried)
        # leaving is given up after a minute; what is tried would be tried for three
    assert TelegramStore(database).unfinished(), "told of it after the next start"


# Updates that come again, or too many


def test_an_update_that_comes_again_is_not_answered_again(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(118)
    api.deliver_twice = lambda _: True
    with running():
        for _ in range(3):
            someone.says(LUTON)
        read = [someone.reads() for _ in range(3)]
    assert len(someone.from_bot) == len(read)
    # and after a start from nothing, with a server that was never told that they had arrived
    with running():
        someone.says("hello")
        assert "Hello" in someone.reads().text


def test_a_full_queue_says_so(running: Running, invited: Invited, api: BotApi) -> None:
    someone, other = invited(119), invited(120)
    with running(most_in_chat=3) as service:
        held_up = sending(Fault("wait", 5), times=1, chat=119)

        def find(method: str, chat: int | None, values: dict[str, Any]) -> Fault | None:
            # an answer, not the word that there is no room
            return held_up(method, chat, values) if "01582" in values.get("text", "") else None

        api.fault = find
        for _ in range(9):
            someone.says(LUTON)
        refused = someone.reads_until("more to answer than I can")
        assert "999" in refused.text
        other.says(LUTON)
        assert "01582" in other.reads().text
        assert service.health()["refused"] >= 1
        someone.reads_until("01582")


def test_an_update_that_cannot_be_read_holds_up_nobody(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(121)
    with running():
        api.send_update({"message": {"unlike": "any"}})
        api.send_update({"message": 7})
        api.send_update({"chat_boost_of_tomorrow": {}})
        someone.says("hello")
        assert "Hello" in someone.reads().text


# Telegram away


def test_it_comes_back_by_itself_when_telegram_was_away(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(122)
    with running(poll=1) as service:
        someone.says("hello")
        someone.reads()
        assert service.health()["status"] == "ok"
        api.fault = lambda *_: Fault("before")
        api.wait_for(lambda: service.health()["status"] == "failing")
        assert service.health()["reason"] == "unreachable"
        someone.says(LUTON)
        api.fault = lambda *_: None
        assert "01582" in someone.reads().text
        assert service.health()["status"] == "ok"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(Fault("unauthorised"), "token_refused"), (Fault("gateway"), "unreachable")],
    ids=["token", "gateway"],
)
def test_its_health_says_what_is_wrong(
    running: Running, api: BotApi, fault: Fault, reason: str
) -> None:
    api.fault = lambda *_: fault
    with running() as service:
        assert service.health()["status"] in {"starting", "failing"}
        api.wait_for(lambda: service.health().get("reason") == reason)


def test_two_programs_with_one_token_are_told_of(
    running: Running, api: BotApi, invited: Invited
) -> None:
    someone = invited(123)
    with running(poll=1) as service:
        someone.says("hello")
        someone.reads()
        other = BotApiClient(api)
        api.wait_for(
            lambda: (
                (other.poll() or True) and service.health().get("reason") == "another_program_polls"
            )
        )
        someone.says(LUTON)
        assert "01582" in someone.reads().text


class BotApiClient:
    """Another program that polls with the same token."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    def poll(self) -> None:
        coroutine = self._api._getUpdates({"offset": 0, "timeout": 0, "limit": 1}, {})
        task = self._api._loop.create_task(coroutine)
        task.add_done_callback(lambda done: done.exception())


def test_who_was_never_answered_is_told_so_after_a_restart(
    running: Running, invited: Invited, api: BotApi, database: Database
) -> None:
    someone = invited(124)
    stranger = api.person(125)
    _ = stranger.messages
    TelegramStore(database).take([(7, 124), (8, 124), (9, 125)])
    with running():
        told = someone.reads()
        assert "interrupted" in told.text
        assert "999" in told.text
        assert "only for people" in stranger.reads().text
        someone.says("hello")
        assert "Hello" in someone.reads().text, "told once, for two updates"
        api.wait_for(lambda: not TelegramStore(database).unfinished())
    with database.reading() as session:
        assert {one.chat for one in session.scalars(select(TelegramUpdate))} == {None}


def test_a_lost_database_gives_the_safe_message(
    running: Running, invited: Invited, database: Database
) -> None:
    someone = invited(126)
    with running():
        someone.says("hello")
        someone.reads()
        with database.writing() as session:
            session.execute(text("ALTER TABLE telegram_keyboard RENAME TO elsewhere"))
        someone.says(LUTON)
        # the answer may be there already: its buttons are kept while it is being sent
        answer = someone.reads_until("Something went wrong on my side")
        assert "999" in answer.text
        with database.writing() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO telegram_keyboard"))
        someone.says(LUTON)
        assert "01582" in someone.reads().text


def test_where_there_is_no_place_they_are_told_and_the_button_stays(
    running: Running, invited: Invited, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = invited(128)
    with running():
        someone.says(LUTON)
        answer = someone.reads()
        with monkeypatch.context() as patch:
            patch.setattr(engine, "places", Places(at_once=0, patience=0.05))
            someone.says(LUTON)
            told = someone.reads().text
            assert "send it again" in told
            assert "999" in told
            someone.presses(answer, "More detail")
            assert "send it again" in someone.reads().text
        someone.presses(answer, "More detail")
        assert "More on" in someone.reads().text


# Long answers


def test_a_long_route_keeps_every_claim_with_its_source(running: Running, invited: Invited) -> None:
    someone = invited(127)
    with running():
        someone.says("high risk in Derby, a girl of 12, learning disability, what route")
        route = someone.reads_until("I have not made a referral")
        someone.presses(route, "The whole route")
        parts = [someone.reads()]
        while "of" not in parts[-1].text.rsplit("(", 1)[-1] or not _is_last(parts[-1].text):
            parts.append(someone.reads())
    assert len(parts) > 1
    for part in parts:
        assert units(part.text) <= 4_096
        body, _, below = part.text.partition("\nSources:\n")
        cited = _marks(body)
        assert cited <= {line.split("]")[0].lstrip("[") for line in below.splitlines()}
    assert all(not part.buttons for part in parts[:-1])
    assert parts[-1].buttons


def _is_last(text: str) -> bool:
    number, _, all_of_them = text.rsplit("(", 1)[-1].rstrip(")").partition(" of ")
    return number == all_of_them


def _marks(text: str) -> set[str]:
    return set(re.findall(r"\[(\d+)\]", text))
