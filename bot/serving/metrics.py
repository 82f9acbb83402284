"""What an operator watches: how many turns, how they ended, how long they took.

No text, no ids, no area and no channel are counted, and kinds of reply only in broad groups: a
figure that stands alone must not tell who asked what.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.responses import refusal, respond
from bot.safety.replies import SAFETY_KINDS
from bot.serving.engine import Said
from bot.serving.health import Parts
from bot.serving.settings import SettingError

# the library would also show when each figure was first counted: the moment of one person's turn
disable_created_metrics()  # type: ignore[no-untyped-call]

#: The variable that names the networks which may read `/metrics`.
SETTING = "WAYMARK_METRICS_FROM"
#: Who may read where nothing is set: this machine.
LOOPBACK = ("127.0.0.0/8", "::1/128")
#: Bounds of the latency histogram, in seconds.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
#: Headers that a proxy adds: who asks through one is not on the machine that it seems to be.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-real-ip", "x-forwarded-host")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Kind = Literal["safety", "screening", "route", "guidance", "none"]
Outcome = Literal[
    "answered", "not_in_source", "not_understood", "unreadable", "failed", "refused", "dropped"
]

#: Kinds of reply that an alarm, or what follows it, is answered with.
_SAFETY = SAFETY_KINDS | {"near_danger"}
_OUTCOMES: Mapping[str, Outcome] = {
    "safe_message": "failed",
    "busy": "refused",
    "unsure": "not_understood",
    "not_in_source": "not_in_source",
}
_WORST: tuple[Outcome, ...] = ("failed", "refused", "not_understood", "not_in_source")


def kind_of(said: Sequence[Said]) -> Kind:
    """The group that a turn's replies belong to; danger before all else."""
    kinds = [str((one.reply or {}).get("kind", "")) for one in said]
    if any(kind in _SAFETY for kind in kinds):
        return "safety"
    if any(kind.startswith("screening") for kind in kinds):
        return "screening"
    if any(kind.startswith("route") for kind in kinds):
        return "route"
    return "guidance" if any(kinds) else "none"


def outcome_of(said: Sequence[Said]) -> Outcome:
    """How a turn ended: the worst of its replies counts.

    `unreadable` is a message that was too long or empty; `refused` one that there was no place for;
    `dropped` one whose asker went away.
    """
    if not said:
        return "dropped"
    if not any(one.reply for one in said):
        return "unreadable"
    found = {_OUTCOMES.get(str((one.reply or {}).get("kind"))) for one in said}
    return next((one for one in _WORST if one in found), "answered")


class ReadsParts(Protocol):
    """What says how the parts are."""

    async def parts(self) -> Parts:
        """The parts by name."""


class Metrics:
    """Counts turns, and serves what was counted.

    `model` is the name of the trained model; `allowed` the networks that may read.
    """

    def __init__(
        self, health: ReadsParts, model: str = "", allowed: Iterable[Network] | None = None
    ) -> None:
        self._health = health
        self._allowed = allowed_networks({}) if allowed is None else tuple(allowed)
        registry = CollectorRegistry()
        self._registry = registry
        self._turns = Counter(
            "waymark_turns", "Turns by kind of reply and by how they ended.", ["kind", "outcome"],
            registry=registry,
        )  # fmt: skip
        for kind in get_args(Kind):
            for outcome in get_args(Outcome):
                # from zero, so that a first failure is seen as a rise
                self._turns.labels(kind, outcome)
        self._seconds = Histogram(
            "waymark_turn_seconds", "From taking a turn to its answer.", buckets=SECONDS,
            registry=registry,
        )  # fmt: skip
        self._under_way = Gauge(
            "waymark_turns_under_way", "Turns that wait or are worked on.", registry=registry
        )
        self._safe = Counter(
            "waymark_safe_messages", "Turns that failed and gave the safe message instead.",
            registry=registry,
        )  # fmt: skip
        self._errors = Counter(
            "waymark_errors", "Errors in the log, by the module that wrote them.", ["module"],
            registry=registry,
        )  # fmt: skip
        self._up = Gauge(
            "waymark_part_up", "1: the part works or is starting; 0: it is down.", ["part"],
            registry=registry,
        )  # fmt: skip
        self._waiting = Gauge(
            "waymark_queue_waiting", "Messages that wait in a part's queue.", ["part"],
            registry=registry,
        )  # fmt: skip
        self._since = Gauge(
            "waymark_part_seconds_since_success", "Since a part last reached what it depends on.",
            ["part"], registry=registry,
        )  # fmt: skip
        Gauge(
            "waymark_model_info", "The model that is loaded.", ["model"], registry=registry
        ).labels(model).set(1)
        ProcessCollector(registry=registry)

    def began(self) -> float:
        """A turn is taken; gives its moment, for `ended`."""
        self._under_way.inc()
        return time.monotonic()

    def ended(self, began: float, said: Sequence[Said]) -> None:
        """A turn is over with what was `said`; nothing where it was given up."""
        self._under_way.dec()
        outcome = outcome_of(said)
        self._turns.labels(kind_of(said), outcome).inc()
        if outcome == "failed":
            self._safe.inc()
        self._seconds.observe(time.monotonic() - began)

    def errors_of(self, name: str) -> None:
        """An error was logged by the module `name`."""
        self._errors.labels(name).inc()

    async def text(self) -> bytes:
        """Everything that was counted, in Prometheus' text format."""
        for gauge in (self._up, self._waiting, self._since):
            gauge.clear()
        for name, part in (await self._health.parts()).items():
            self._up.labels(name).set(part.get("status") != "failing")
            for key, gauge in (("waiting", self._waiting), ("seconds_since_success", self._since)):
                if isinstance(part.get(key), int | float):
                    gauge.labels(name).set(part[key])
        return generate_latest(self._registry)

    def blueprint(self) -> Blueprint:
        """The route `/metrics`; to others it looks as if it were not there."""
        routes = Blueprint("metrics")

        async def metrics(request: Request) -> HTTPResponse:
            if not self._may_read(request):
                return refusal("not_found")
            return respond(await self.text(), CONTENT_TYPE_LATEST)

        routes.add_route(metrics, "/metrics", methods=["GET"], name="metrics")
        return routes

    def _may_read(self, request: Request) -> bool:
        if any(name in request.headers for name in _FORWARDED):
            return False
        try:
            address = ipaddress.ip_address(request.ip)
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._allowed)


class CountsErrors(logging.Handler):
    """Counts what our own modules log as an error; the words are not looked at."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record."""
        self._metrics.errors_of(record.name)


def allowed_networks(environment: Mapping[str, str] = os.environ) -> tuple[Network, ...]:
    """The networks of WAYMARK_METRICS_FROM: this machine where it is not set, none for `off`.

    Raises SettingError when one is not a network.
    """
    given = environment.get(SETTING, "").strip()
    if given.lower() == "off":
        return ()
    names = [one.strip() for one in given.split(",") if one.strip()] or LOOPBACK
    try:
        return tuple(ipaddress.ip_network(one, strict=False) for one in names)
    except ValueError:
        raise SettingError(
            f"{SETTING} is “{given[:80]}”. It lists the networks that may read /metrics, like "
            "127.0.0.0/8,10.0.0.0/8, or is “off”."
        ) from None
