"""What is measured of a server: memory, turns by kind, long conversations, many people at once."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.processes import CORES
from bench.scripts import KINDS, first_turns, long_conversation, mixed, of_kind
from bench.servers import Server

#: People who ask at once.
CROWDS = (1, 5, 16, 20, 50)
#: Times that each measurement is made; the one with the least median counts.
REPEATS = 3
#: Turns of the long conversation, and how many around the 15th and at the end are compared.
LONG = 200
COMPARED = 20
#: Seconds that a crowd asks for.
CROWD_SECONDS = 8.0

Say = Callable[[str], None]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values` do not exceed; by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000 * len(ordered)) // 1000) - 1))]


def summary(turns: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, how many turns, and the share answered."""
    some = list(turns)
    times = [one["seconds"] * 1000 for one in some]
    return {
        "median_ms": statistics.median(times),
        "p95_ms": percentile(times, 0.95),
        "turns": len(times),
        "answered": sum(one["answered"] for one in some) / len(some),
    }


def best(measure: Callable[[], dict[str, Any]], by: str, repeats: int = REPEATS) -> dict[str, Any]:
    """The best of several measurements: the one whose figure `by` is least."""
    return min((measure() for _ in range(repeats)), key=lambda one: float(one[by]))


def around(outcome: Mapping[str, Any]) -> dict[str, float]:
    """What went on besides: the load average before, cores kept busy by others, processor times."""
    turns = len(outcome["turns"])
    return {
        "load": outcome["load"],
        "others": outcome["others"],
        "server_ms_a_turn": outcome["server_seconds"] / turns * 1000,
        "asking_ms_a_turn": outcome["processor_seconds"] / turns * 1000,
    }


def kind(server: Server, name: str, root: Path) -> dict[str, Any]:
    """Turns of one kind, one person, without the first turn of each conversation."""
    outcome = server.ask(people=1, conversations=of_kind(name, root))
    return summary(one for one in outcome["turns"] if one["kind"] == name) | around(outcome)


def first(server: Server, root: Path) -> dict[str, Any]:
    """The first turn of conversations, one person."""
    outcome = server.ask(people=1, conversations=first_turns(root))
    return summary(outcome["turns"]) | around(outcome)


def long(server: Server, turns: int = LONG) -> dict[str, Any]:
    """One conversation of `turns`: the turns from the 10th on against the last.

    The ratio is one of the server's processor time, which other programs do not lengthen; the
    times that the person waited stand beside it. After 50 turns the person types no faster than a
    session may.
    """
    outcome = server.ask(
        people=1, conversations=[long_conversation(turns)], pace=0.51, unpaced=50, watch=True
    )
    times = [one["seconds"] * 1000 for one in outcome["turns"]]
    spent = [one["spent"] * 1000 for one in outcome["turns"]]
    begin, half = COMPARED // 2 - 1, COMPARED
    early = statistics.mean(spent[begin + 1 : begin + half + 1])
    late = statistics.mean(spent[-half:])
    return {
        "early_ms": statistics.median(times[begin + 1 : begin + half + 1]),
        "late_ms": statistics.median(times[-half:]),
        "early_processor_ms": early,
        "late_processor_ms": late,
        "ratio": late / early,
        "all_ms": [round(one, 1) for one in times],
        "all_spent_ms": [round(one) for one in itertools.accumulate(spent)],
    } | around(outcome)


def crowd(server: Server, people: int, root: Path, seconds: float) -> dict[str, Any]:
    """Turns a second and times, with so many people who ask without a pause.

    `a_second` is as measured; `a_second_alone` takes out the share of the machine that asking
    took: the turns in the core-seconds that were left.
    """
    outcome = server.ask(people=people, conversations=mixed(root), seconds=seconds)
    turns, wall = len(outcome["turns"]), outcome["seconds"]
    left = wall - outcome["processor_seconds"] / CORES
    times = summary(outcome["turns"])
    return times | around(outcome) | {
        "people": people,
        "a_second": turns / wall,
        "a_second_alone": turns / left,
        "times_ms": sorted(round(one["seconds"] * 1000, 1) for one in outcome["turns"])[:4000],
    }  # fmt: skip


def store(server: Server, root: Path) -> dict[str, float]:
    """Rows and bytes that a turn adds to the server's SQLite file."""
    rows, size = _held(server)
    outcome = server.ask(people=1, conversations=mixed(root))
    turns = len(outcome["turns"])
    rows_after, size_after = _held(server)
    return {"rows_a_turn": (rows_after - rows) / turns, "bytes_a_turn": (size_after - size) / turns}


def _held(server: Server) -> tuple[int, int]:
    """Rows of all tables, and bytes of the pages in use."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as held:
        tables = held.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = sum(
            held.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in tables
        )
        pages, free, size = (
            held.execute(f"PRAGMA {one}").fetchone()[0]
            for one in ("page_count", "freelist_count", "page_size")
        )
        return rows, (pages - free) * size


def everything(
    server: Server, root: Path, say: Say, repeats: int = REPEATS, seconds: float = CROWD_SECONDS
) -> dict[str, Any]:
    """All measurements of a server that runs."""
    result: dict[str, Any] = {
        "side": server.side,
        "start_seconds": server.start,
        "start_processor_seconds": server.start_processor,
        "kinds": {},
        "crowds": {},
    }
    say("first turns")
    result["first"] = best(lambda: first(server, root), "median_ms", repeats)
    for name in KINDS:
        say(f"turns: {name}")
        result["kinds"][name] = best(
            lambda name=name: kind(server, name, root), "median_ms", repeats
        )  # type: ignore[misc]
    for people in CROWDS:
        say(f"people at once: {people}")
        result["crowds"][str(people)] = min(
            (crowd(server, people, root, seconds) for _ in range(repeats)),
            key=lambda one: -one["a_second"],
        )
    held = [tree.memory() for tree in server.trees]
    result["memory"] = {
        "proportional": sum(one.proportional for one in held),
        "resident": sum(one.resident for one in held),
        "processes": [one.proportional for one in held],
    }
    if server.side != "floor":
        say("what is stored")
        result["store"] = store(server, root)
        say("a long conversation")
        result["long"] = long(server)
    return result
