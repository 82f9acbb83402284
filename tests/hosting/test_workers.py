"""Several workers behind a round-robin proxy: any of them takes any turn, and none is lost."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.hosting.conftest import Cluster, Clusters
from tests.hosting.kept import answers_of
from tests.hosting.people import Seen, Someone, all_talk, all_talk_during
from tests.sizes import size

PEOPLE, TURNS = size(200, 10), 20
#: Kills of each kind of fault, and the seconds between two faults.
ROUNDS, EVERY = size(8, 2), 2.5
#: Seconds in which all is well again after a fault, on a machine that does other things too.
RECOVERED = 20.0


def test_double_taps_at_two_workers_lose_misfile_and_disorder_nothing(
    cluster: Clusters, certificate: Path
) -> None:
    with cluster(2, certificate) as running:
        began = time.monotonic()
        seen, everyone = asyncio.run(all_talk(running.url, PEOPLE, TURNS, twice=0.5, seed=1))
        took = time.monotonic() - began
        kept = answers_of(running.database, [one.conversation for one in everyone])
    for one in everyone:
        assert kept[one.conversation] == one.person.given, "an answer was lost or misfiled"
    assert seen.silent == 0
    assert seen.safe == 0
    print(
        f"\n{PEOPLE} conversations of {TURNS} turns at two workers, {seen.taps} taps twice at once"
    )
    print(
        f"in {took:.0f} s, the slowest answer after {seen.slowest:.1f} s: 0 lost, misfiled, out of order"
    )


def nothing_is_lost(running: Cluster, seen: Seen, everyone: list[Someone], what: str) -> None:
    kept = answers_of(running.database, [one.conversation for one in everyone])
    for one in everyone:
        assert kept[one.conversation] == one.person.given, "an answer was lost or misfiled"
    assert seen.silent == 0
    assert seen.slowest < RECOVERED
    print(f"\n{what}: {len(everyone)} conversations, {seen.turns} turns, {seen.again} sent again,")
    print(f"{seen.safe} safe messages before that; 0 lost or misfiled, 0 silent;")
    print(f"the slowest answer, all tries together, after {seen.slowest:.1f} s")


def test_killed_and_stopped_workers_lose_nothing(cluster: Clusters, certificate: Path) -> None:
    def faults() -> None:
        for at in range(2 * ROUNDS):
            time.sleep(EVERY)
            worker = running.workers[at % 2]
            worker.kill()
            worker.start()
            worker.wait()
        # a new version comes: one after another is stopped, and started anew
        for worker in running.workers:
            time.sleep(EVERY)
            worker.stop()
            worker.start()
            worker.wait()

    with cluster(2, certificate) as running:
        seen, everyone = asyncio.run(all_talk_during(running.url, faults, 5, seed=1_000))
        nothing_is_lost(running, seen, everyone, f"kill -9 {2 * ROUNDS} times, a rolling restart")


def test_restarts_of_the_database_and_of_redis_lose_nothing(
    cluster: Clusters, certificate: Path
) -> None:
    def faults() -> None:
        for _ in range(ROUNDS):
            time.sleep(EVERY)
            running.redis.client().flushall()
            time.sleep(EVERY)
            running.redis.stop()
            time.sleep(EVERY)
            running.redis.start()
            time.sleep(EVERY)
            running.postgres.stop()
            time.sleep(0.5)
            running.postgres.start()

    with cluster(2, certificate) as running:
        seen, everyone = asyncio.run(all_talk_during(running.url, faults, 5, seed=2_000))
        nothing_is_lost(running, seen, everyone, f"Redis and PostgreSQL restarted {ROUNDS} times")
