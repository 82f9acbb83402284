"""What is counted of a turn, who may read it, and what must never be in it."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.safety.words import ScriptId
from bot.serving.engine import Engine, Said
from bot.serving.health import Parts
from bot.serving.metrics import (
    SETTING,
    CountsErrors,
    Metrics,
    allowed_networks,
    kind_of,
    outcome_of,
)
from bot.serving.settings import SettingError
from tests.conftest import Serving


class Parted:
    """Parts as they are said to be."""

    def __init__(self, parts: Parts | None = None) -> None:
        self._parts = parts or {}

    async def parts(self) -> Parts:
        return self._parts


def said(*kinds: str) -> list[Said]:
    return [Said("…", reply={"kind": kind}) for kind in kinds]


def figures(text: bytes | str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    read = text.decode() if isinstance(text, bytes) else text
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(read)
        for one in family.samples
    }


def figure(found: Mapping[Any, float], name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


@pytest.mark.parametrize(
    ("kinds", "kind", "outcome"),
    [
        (("answer",), "guidance", "answered"),
        (("answer", "not_in_source"), "guidance", "not_in_source"),
        (("unsure",), "guidance", "not_understood"),
        (("safe_message",), "guidance", "failed"),
        (("immediate_danger", "screening_question"), "safety", "answered"),
        (("child_writing",), "safety", "answered"),
        (("screening_question", "privacy"), "screening", "answered"),
        (("route",), "route", "answered"),
        (("busy",), "guidance", "refused"),
        ((), "none", "dropped"),
    ],
)
def test_a_turn_is_counted_by_its_group_and_its_worst_reply(
    kinds: Sequence[str], kind: str, outcome: str
) -> None:
    assert kind_of(said(*kinds)) == kind
    assert outcome_of(said(*kinds)) == outcome


@pytest.mark.parametrize("kind", [*get_args(ScriptId), "near_danger", "danger_rung"])
def test_whatever_an_alarm_is_answered_with_is_safety(kind: str) -> None:
    assert kind_of(said(kind, "answer")) == "safety"


def test_a_message_that_cannot_be_read_is_no_failure() -> None:
    assert outcome_of([Said("That is longer than I can read.")]) == "unreadable"


async def test_a_turn_under_way_is_seen_until_it_ends() -> None:
    metrics = Metrics(Parted())
    began = metrics.began()
    assert figure(figures(await metrics.text()), "waymark_turns_under_way") == 1
    metrics.ended(began, said("safe_message"))
    found = figures(await metrics.text())
    assert figure(found, "waymark_turns_under_way") == 0
    assert figure(found, "waymark_safe_messages_total") == 1
    assert figure(found, "waymark_turn_seconds_count") == 1


async def test_the_parts_and_their_queues_are_shown() -> None:
    parts: Parts = {
        "database": {"status": "failing"},
        "telegram": {"status": "ok", "waiting": 3, "seconds_since_success": 1.5, "mode": "polling"},
        "purge": {"status": "starting"},
    }
    found = figures(await Metrics(Parted(parts)).text())
    up = {name: figure(found, "waymark_part_up", part=name) for name in parts}
    assert up == {"database": 0, "telegram": 1, "purge": 1}
    assert figure(found, "waymark_queue_waiting", part="telegram") == 3
    assert figure(found, "waymark_part_seconds_since_success", part="telegram") == 1.5


async def test_an_error_is_counted_by_module_without_its_words() -> None:
    metrics = Metrics(Parted())
    logger = logging.getLogger("bot.test_metrics")
    handler = CountsErrors(metrics)
    logger.addHandler(handler)
    try:
        logger.error("about %s", "Skye")
        logger.warning("not counted")
    finally:
        logger.removeHandler(handler)
    text = await metrics.text()
    assert figure(figures(text), "waymark_errors_total", module="bot.test_metrics") == 1
    assert b"Skye" not in text


async def test_no_figure_tells_who_asked_what_or_when(engine: Engine) -> None:
    metrics = Metrics(Parted(), "waymark-0123")
    engine.watcher = metrics
    try:
        for turn in ("my mate Skye is 14, call 07700 900123", "who do I ring in Derby?"):
            await engine.turn("conversation-0815", turn, area="derby", channel="telegram")
        empty = await engine.turn("conversation-0815", "???")
    finally:
        engine.watcher = None
    text = (await metrics.text()).decode().lower()
    found = figures(text)
    turns = {key: n for key, n in found.items() if key[0] == "waymark_turns_total"}
    assert sum(turns.values()) == 3
    assert figure(found, "waymark_turns_total", kind="none", outcome="unreadable") == len(empty)
    for never in ("skye", "07700", "derby", "0815", "immediate_danger", "child_writing"):
        assert never not in text
    # a moment would be that of one person's turn
    assert "_created" not in text
    names = {name for _, labels in found for name, _ in labels}
    assert names <= {"kind", "outcome", "le", "module", "part", "model"}


async def test_a_turn_that_is_given_up_is_dropped(engine: Engine) -> None:
    metrics = Metrics(Parted())
    engine.watcher = metrics
    try:
        task = asyncio.create_task(engine.turn("given-up", "who do I ring in Luton?"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    finally:
        engine.watcher = None
    found = figures(await metrics.text())
    assert figure(found, "waymark_turns_under_way") == 0
    assert figure(found, "waymark_turns_total", kind="none", outcome="dropped") == 1


def test_only_this_machine_reads_them_and_not_through_a_proxy(serving: Serving) -> None:
    with serving(None, more=[Metrics(Parted()).blueprint()]) as url:
        read = httpx.get(f"{url}/metrics")
        assert read.status_code == 200
        assert read.headers["content-type"].startswith("text/plain")
        assert "waymark_turns_total" in read.text
        for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
            assert httpx.get(f"{url}/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_other_networks_are_let_in_only_where_they_are_named(serving: Serving) -> None:
    elsewhere = [ipaddress.ip_network("192.0.2.0/24")]
    with serving(None, more=[Metrics(Parted(), "", elsewhere).blueprint()]) as url:
        assert httpx.get(f"{url}/metrics").status_code == 404


def test_the_setting_names_networks_or_turns_it_off() -> None:
    assert [str(one) for one in allowed_networks({})] == ["127.0.0.0/8", "::1/128"]
    assert allowed_networks({SETTING: "off"}) == ()
    assert [str(one) for one in allowed_networks({SETTING: "10.1.2.3/8, ::1"})] == [
        "10.0.0.0/8", "::1/128",
    ]  # fmt: skip
    with pytest.raises(SettingError, match="lists the networks"):
        allowed_networks({SETTING: "everybody"})
