"""A simulation of many people who ask many workers: how long answers take, by number of workers.

Turns arrive at random, each independent of the others, as those of many people do. A balancer
gives them to the workers one after another, as a round-robin proxy does; each worker answers one
turn at a time, in the order of arrival. What an answer takes is drawn from times that were
measured.
"""

from __future__ import annotations

import itertools
import random
import statistics
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import simpy


@dataclass(frozen=True)
class Waiting:
    """How long people wait for an answer, in milliseconds, and how busy a worker is (0 to 1)."""

    workers: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    busy: float


def simulate(
    workers: int, turns_a_second: float, service_ms: Sequence[float], turns: int, seed: int = 1
) -> Waiting:
    """So many turns on so many workers.

    `service_ms` are measured times of an answer, each as likely as another. Raises ValueError
    without workers, turns or times.
    """
    if workers < 1 or turns < 1 or not service_ms:
        raise ValueError("a simulation needs at least one worker, one turn and one measured time")
    chance = random.Random(seed)  # noqa: S311 - a simulation
    world = simpy.Environment()
    queues = itertools.cycle([simpy.Resource(world) for _ in range(workers)])
    waited: list[float] = []
    worked = 0.0

    def turn(worker: simpy.Resource) -> Generator[Any, Any, None]:
        nonlocal worked
        asked = world.now
        with worker.request() as mine:
            yield mine
            takes = chance.choice(service_ms) / 1000
            yield world.timeout(takes)
        worked += takes
        waited.append((world.now - asked) * 1000)

    def arriving() -> Generator[Any, Any, None]:
        for _ in range(turns):
            yield world.timeout(chance.expovariate(turns_a_second))
            world.process(turn(next(queues)))

    world.process(arriving())
    world.run()
    ordered = sorted(waited)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    busy = worked / world.now / workers
    return Waiting(workers, statistics.median(ordered), at(0.95), at(0.99), busy)
