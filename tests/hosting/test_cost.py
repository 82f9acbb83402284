"""What a turn costs on PostgreSQL and Redis, and what a second worker adds. Figures are printed.

The machine does other things meanwhile, so that only generous ratios are asserted.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hosting.conftest import Cluster, Clusters, Nursery, Worker
from tests.hosting.kept import rows_and_bytes
from tests.hosting.people import Seen, Someone
from tests.hosting.programs import children_of, cpu_of
from tests.sizes import size

#: People who talk at once to one worker, and the turns of each.
PEOPLE, TURNS = size(24, 6), 20
#: Turns of the one long conversation.
LONG = size(200, 100)
#: Turns of it that may come at once, and seconds before each later one.
UNPAUSED, PAUSE = 40, 0.55


async def talk(urls: list[str], people: int, turns: int, seed: int) -> Seen:
    """So many people talk at once, each to the next of the addresses."""
    seen = Seen()
    everyone = [
        Someone(urls[at % len(urls)], 2_000 + seed + at, random.Random(seed + at), seen)
        for at in range(people)
    ]

    async def one(someone: Someone) -> None:
        try:
            await someone.talk(turns, twice=0)
        finally:
            await someone.close()

    await asyncio.gather(*(one(each) for each in everyone))
    assert (seen.safe, seen.silent) == (0, 0)
    return seen


@contextmanager
def alone(nursery: Nursery, folder: Path) -> Iterator[Worker]:
    """The embedded default: one worker on a file."""
    worker = Worker(nursery, {"WAYMARK_DATABASE_URL": f"sqlite:///{folder}/alone/waymark.db"})
    worker.start()
    worker.wait()
    try:
        yield worker
    finally:
        worker.kill()


def measured(urls: list[str], pids: list[int], seed: int) -> tuple[float, float]:
    """Seconds of processor time a turn of these processes, and turns a second."""
    asyncio.run(talk(urls, 2, TURNS, seed))
    before, began = cpu_of(pids), time.monotonic()
    seen = asyncio.run(talk(urls, PEOPLE, TURNS, seed + 100))
    took = time.monotonic() - began
    return (cpu_of(pids) - before) / seen.turns, seen.turns / took


def test_a_turn_on_postgresql_and_redis_costs_little_more(
    cluster: Clusters, nursery: Nursery, tmp_path: Path
) -> None:
    with alone(nursery, tmp_path) as worker:
        by_itself, _ = measured([worker.url], [worker.pid], seed=5_000)
    with cluster(2) as running:
        one, two = running.workers
        shared, _ = measured([one.url], [one.pid], seed=5_000)
        servers = [*children_of(running.postgres.pid), running.redis.pid]
        before = cpu_of(servers)
        _, alone_rate = measured([one.url], [one.pid], seed=6_000)
        both, _ = measured([one.url, two.url], [one.pid, two.pid], seed=7_000)
        rows, held, packed = rows_and_bytes(running.database)
        turns = (PEOPLE + 2) * TURNS * 3
        behind = (cpu_of([*children_of(running.postgres.pid), running.redis.pid]) - before) / (
            turns * 2 / 3
        )
    ratio = shared / by_itself
    print(f"\na turn: {by_itself * 1_000:.1f} ms of processor time on SQLite, "
          f"{shared * 1_000:.1f} ms on PostgreSQL and Redis, ratio {ratio:.2f}")  # fmt: skip
    print(f"the servers' own, at the least: {behind * 1_000:.1f} ms a turn")
    print(f"{rows / turns:.1f} rows a turn; its events are {held / turns:,.0f} bytes, of which "
          f"PostgreSQL makes {packed / turns:,.0f} on the disk")  # fmt: skip
    print(f"one worker, the load beside it on the machine: {alone_rate:.0f} turns a second")
    print(f"turns for each second of processor time: one worker {1 / shared:.0f}, each of two "
          f"{1 / both:.0f}: together {2 * shared / both:.2f} times one")  # fmt: skip
    assert ratio < 2
    assert 2 * shared / both > 1.4
    # plain Rasa stores 5.6 to 7.1 rows a turn
    assert rows / turns <= 2.8


def test_a_long_conversation_costs_no_more_at_its_end(cluster: Clusters) -> None:
    with cluster(2) as running:
        early, late = asyncio.run(long_conversation(running))
    print(f"\nturn 10: {early * 1_000:.0f} ms, turn {LONG}: {late * 1_000:.0f} ms, "
          f"ratio {late / early:.2f}")  # fmt: skip
    assert late / early < 2


async def long_conversation(running: Cluster) -> tuple[float, float]:
    """Seconds of processor time of a turn near the 10th and at the end, workers taking turns."""
    pids = [one.pid for one in running.workers]
    seen = Seen()
    someone = Someone([one.url for one in running.workers], 4_000, random.Random(9), seen)
    costs = []
    try:
        await someone.begin()
        for turn in range(LONG):
            # no faster than a session may: a refusal, and sending again, would be counted too
            await asyncio.sleep(PAUSE if turn >= UNPAUSED else 0)
            before = cpu_of(pids)
            await someone.ask()
            costs.append(cpu_of(pids) - before)
    finally:
        await someone.close()
    return statistics.mean(costs[5:25]), statistics.mean(costs[-20:])
