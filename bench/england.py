"""A plan for all of England's safeguarding partnerships at once: arithmetic, then a simulation.

Nobody has counted how much such a guide would be asked, so every number of people and questions
below is an assumption: a named parameter with its reason, to be replaced by the reader's own
(`python -m bench england --help`). What a turn costs is measured.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from bench.servers import ROOT
from bench.simulation import simulate

#: Seconds in an hour, hours in a month.
HOUR, MONTH_HOURS = 3600, 730
#: Turns of a simulation, and for how many numbers of workers each rate is simulated.
SIMULATED_TURNS, SIZES = 12_000, 5
#: What the figures of the last measurement are kept in, for the documents.
FIGURES = ROOT / "bench" / "figures.json"


def _assumed(value: float, reason: str) -> Any:
    return field(default=value, metadata={"reason": reason})


@dataclass(frozen=True)
class Assumptions:
    """What is assumed. Each is a guess to plan with, and none is a statistic."""

    partnerships: float = _assumed(
        150, "assumption: a round number, to be replaced by the number there are"
    )
    practitioners: float = _assumed(
        2_000, "assumption: people in each who work with children and know of the guide"
    )
    conversations_a_year: float = _assumed(6, "assumption: each of them asks every other month")
    turns: float = _assumed(11, "the conversation of the benchmark: six questions, a route, and "
                            "the beginning of a screening")  # fmt: skip
    working_days: float = _assumed(250, "assumption: weekends and holidays count as nothing, so "
                                   "that working days count as more")  # fmt: skip
    busiest_hour: float = _assumed(0.15, "assumption: the share of a day's turns in its busiest "
                                   "hour; a tenth would be an even ten-hour day")  # fmt: skip
    crisis: float = _assumed(5, "assumption: a week in which everybody asks five times as much")
    thinking: float = _assumed(30, "assumption: seconds of reading and typing before a turn")
    busy: float = _assumed(0.6, "product choice: the share of its time that a worker may be busy "
                           "in the crisis's busiest hour, so that queues stay short")  # fmt: skip
    database_commits: float = _assumed(
        500, "assumption: commits a second of a small PostgreSQL server with safe writes"
    )
    database_commits_a_turn: float = _assumed(
        3, "assumption, on the safe side: a turn's events, a screening's answer, its reference"
    )
    redis_commands: float = _assumed(20_000, "assumption: commands a second of one small Redis")
    redis_commands_a_turn: float = _assumed(
        6, "assumption, on the safe side: lock and unlock, rates, short-lived state"
    )
    kept_hours: float = _assumed(24, "how long a conversation is kept unless set otherwise")
    core_hour: float = _assumed(0, "the price of a core for an hour: the reader's own")
    gigabyte_hour: float = _assumed(0, "the price of a gigabyte of memory for an hour: likewise")

    def reasons(self) -> dict[str, str]:
        """Each parameter's reason."""
        return {one.name: one.metadata["reason"] for one in fields(self)}


def stored_figures() -> dict[str, Any]:
    """The figures of the last measurement that was written down."""
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return figures


def reckon(
    assumed: Assumptions, turn_ms: float, memory: float, rows_a_turn: float, bytes_a_turn: float
) -> dict[str, Any]:
    """The arithmetic of the plan.

    `turn_ms`: processor time of a turn; `memory`: bytes of one worker; `rows_a_turn` and
    `bytes_a_turn` in the database.
    """
    a_day = (assumed.partnerships * assumed.practitioners * assumed.conversations_a_year
             * assumed.turns / assumed.working_days)  # fmt: skip
    ordinary = a_day * assumed.busiest_hour / HOUR
    peak = ordinary * assumed.crisis
    workers = max(2, math.ceil(peak * turn_ms / 1000 / assumed.busy))
    # a worker, or a store, is full when this many turns come each second
    limits = {
        "one worker's core": 1000 / turn_ms,
        "PostgreSQL's commits": assumed.database_commits / assumed.database_commits_a_turn,
        "Redis's commands": assumed.redis_commands / assumed.redis_commands_a_turn,
    }
    rates = {"ordinary": ordinary, "crisis": peak, "tenfold": peak * 10}
    gigabytes = memory / 1e9
    return {
        "assumptions": asdict(assumed),
        "reasons": assumed.reasons(),
        "turn_ms": turn_ms,
        "turns_a_day": a_day,
        "rates": rates,
        "talking_at_once": peak * assumed.thinking,
        "workers": workers,
        "limits": limits,
        "first_limit": min(limits, key=lambda name: limits[name]),
        "workers_at_the_next_limit": sorted(limits.values())[1] / limits["one worker's core"],
        "database_rows": a_day * assumed.crisis * rows_a_turn * assumed.kept_hours / 24,
        "database_bytes": a_day * assumed.crisis * bytes_a_turn * assumed.kept_hours / 24,
        "memory_gigabytes": workers * gigabytes,
        "core_hours_a_month": workers * MONTH_HOURS,
        "gigabyte_hours_a_month": workers * gigabytes * MONTH_HOURS,
        "core_hours_worked_a_year": a_day * assumed.working_days * turn_ms / 1000 / HOUR,
        "cost_a_month": workers * MONTH_HOURS
        * (assumed.core_hour + gigabytes * assumed.gigabyte_hour),
    }  # fmt: skip


def simulated(
    rates: Mapping[str, float], turn_ms: float, times_ms: Sequence[float], turns: int
) -> dict[str, list[dict[str, float]]]:
    """Simulations of each rate (turns a second), from the least number of workers that keeps up.

    `times_ms` are measured times of turns, whose spread counts: they are scaled to `turn_ms`,
    because what other programs add is not the guide's. `turns` are simulated each time.
    """
    scale = turn_ms / statistics.fmean(times_ms)
    service = [one * scale for one in times_ms]
    found = {}
    for name, rate in rates.items():
        least = max(1, math.ceil(rate * turn_ms / 1000))
        found[name] = [
            asdict(simulate(one, rate, service, turns)) for one in range(least, least + SIZES)
        ]
    return found


def plan_from(figures: Mapping[str, Any], assumed: Assumptions | None = None) -> dict[str, Any]:
    """The plan from Waymark's measured figures."""
    alone = figures["crowds"]["1"]
    store = figures["store"]
    turn_ms = alone["server_ms_a_turn"]
    reckoned = reckon(
        assumed or Assumptions(),
        turn_ms,
        figures["memory"]["proportional"],
        store["rows_a_turn"],
        store["bytes_a_turn"],
    )
    runs = simulated(reckoned["rates"], turn_ms, alone["times_ms"], SIMULATED_TURNS)
    return reckoned | {"simulated": runs}
