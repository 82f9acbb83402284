"""Telegram at several workers: one chat's order holds, one worker polls, nobody is forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.channels.telegram.settings import SECTION, TOKEN, WEBHOOK_SECRET
from bot.store.database import open_database
from bot.store.telegram import TelegramStore
from tests.channels.telegram.bot_api import TOKEN as A_TOKEN
from tests.channels.telegram.bot_api import BotApi, Fault, Person
from tests.hosting.conftest import Cluster, Clusters, Worker
from tests.hosting.programs import round_robin, wait_for

HOOK = "webhook-secret-of-forty-characters-012345"
AREAS = ("Luton", "Derby", "Wiltshire", "Hartlepool", "Luton", "Wiltshire")

Telegram = Callable[..., AbstractContextManager[Cluster]]


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API server; at the end nothing may have been sent that Telegram would not take."""
    with BotApi() as server:
        yield server
    assert server.breaches == []


@pytest.fixture
def telegram(cluster: Clusters, api: BotApi, tmp_path: Path) -> Telegram:
    """Runs two workers with Telegram on, by polling or by webhook."""

    @contextmanager
    def run(mode: str) -> Iterator[Cluster]:
        chosen = tmp_path / "credentials.yml"
        section = {"mode": mode, "api": api.url, "access": "open"}
        chosen.write_text(yaml.safe_dump({SECTION: section}))
        settings = {TOKEN: A_TOKEN, WEBHOOK_SECRET: HOOK, "WAYMARK_CREDENTIALS": str(chosen)}
        if mode == "polling":
            with cluster(2, None, **settings) as running:
                yield running
            return

        @contextmanager
        def proxy(workers: list[Worker]) -> Iterator[str]:
            with round_robin(tmp_path, [one.port for one in workers]) as url:
                chosen.write_text(yaml.safe_dump({SECTION: {**section, "webhook_url": url}}))
                yield url

        with cluster(2, None, before=proxy, **settings) as running:
            yield running

    return run


def health_of(worker: Worker) -> dict[str, Any]:
    try:
        answer = httpx.get(f"{worker.url}/health", timeout=5)
    except httpx.TransportError:
        return {}
    return dict(answer.json()["services"].get("telegram", {}))


def standing_by(running: Cluster) -> list[Worker]:
    return [one for one in running.workers if health_of(one).get("stands_by")]


def begin(people: list[Person]) -> None:
    """Everybody says hello, and reads the notice and the greeting."""
    for one in people:
        one.says("hello")
    for one in people:
        one.reads_until("Hello")


def reads_about(person: Person, area: str) -> None:
    shown = person.reads()
    assert area in shown.text, f"about something else, not {area}: {shown.text[:80]}"


def test_by_webhook_a_chats_answers_keep_their_order_at_two_workers(
    telegram: Telegram, api: BotApi
) -> None:
    with telegram("webhook") as running:
        people = [api.person(number) for number in range(501, 506)]
        begin(people)
        api.deliver_twice = lambda number: number % 2 == 0
        # one answer takes long: nobody may think that its worker is gone
        slow = people[0].id
        left = [1]

        def fault(method: str, chat: int | None, values: dict[str, Any]) -> Fault | None:
            if method == "sendMessage" and chat == slow and left[0]:
                left[0] -= 1
                return Fault("slow", 6)
            return None

        api.fault = fault
        for area in AREAS:
            for one in people:
                one.says(f"who do I ring in {area}?")
        for one in people:
            for area in AREAS:
                reads_about(one, area)
        time.sleep(1)
        assert all(len(one.from_bot) == one.read for one in people), "something was said twice"
        used = [health_of(one)["status"] for one in running.workers]
    assert used == ["ok", "ok"]
    assert api.called("getUpdates") == 0


def test_one_worker_polls_and_another_takes_over_when_it_dies(
    telegram: Telegram, api: BotApi
) -> None:
    with telegram("polling") as running:
        wait_for(lambda: len(standing_by(running)) == 1, "one that polls and one that stands by")
        standing = standing_by(running)
        (leader,) = (one for one in running.workers if one not in standing)
        someone = api.person(520)
        begin([someone])
        someone.says("who do I ring in Luton?")
        reads_about(someone, "Luton")
        leader.kill()
        died = time.monotonic()
        someone.says("who do I ring in Derby?")
        reads_about(someone, "Derby")
        took = time.monotonic() - died
        print(f"\nthe polling worker killed: answered by the other after {took:.1f} s")
        assert took < 20
        # back again it stands by; the one that polls is stopped, and lets go at once
        leader.start()
        leader.wait()
        wait_for(lambda: health_of(leader).get("stands_by") is True, "a worker that stands by")
        standing[0].stop()
        someone.says("who do I ring in Wiltshire?")
        reads_about(someone, "Wiltshire")


def test_what_a_dead_worker_left_is_owned_up_to_once(telegram: Telegram, api: BotApi) -> None:
    with telegram("polling") as running:
        wait_for(lambda: len(standing_by(running)) == 1, "one that polls and one that stands by")
        someone = api.person(530)
        begin([someone])
        database = open_database(running.database)
        TelegramStore(database).take([(7, someone.id), (8, someone.id)], by=12_345)
        left = time.monotonic()
        someone.reads_until("interrupted")
        took = time.monotonic() - left
        print(f"\ntold of a dead worker's interruption after {took:.1f} s")
        assert took < 20
        wait_for(lambda: not TelegramStore(database).unfinished(), "the end of it")
        time.sleep(2)
        assert sum("interrupted" in one.text for one in someone.from_bot) == 1
        database.close()
