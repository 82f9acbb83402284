"""A simulation of people who talk to many workers: how long answers take, by number of workers.

People arrive at random, hold a conversation, and think before each turn. A balancer gives turns to
the workers one after another, as a round-robin proxy does; each worker answers one turn at a time,
in the order of arrival. What an answer takes is drawn from times that were measured.
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
class Traffic:
    """`conversations` begun each second, `turns` in each, and `thinking` seconds before each turn
    on average.
    """

    conversations: float
    turns: int
    thinking: float

    @property
    def turns_a_second(self) -> float:
        """Turns that all people together ask for each second."""
        return self.conversations * self.turns


@dataclass(frozen=True)
class Waiting:
    """How long people wait for an answer, in milliseconds, and how busy a worker is (0 to 1)."""

    workers: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    busy: float


def simulate(
    workers: int, traffic: Traffic, service_ms: Sequence[float], seconds: float, seed: int = 1
) -> Waiting:
    """So many seconds of traffic on so many workers, after a warming-up that is not counted.

    `service_ms` are measured times of an answer, each as likely as another. Raises ValueError
    without workers or times.
    """
    if workers < 1 or not service_ms:
        raise ValueError("a simulation needs at least one worker and one measured time")
    chance = random.Random(seed)  # noqa: S311 - a simulation
    world = simpy.Environment()
    queues = [simpy.Resource(world) for _ in range(workers)]
    turn_of = itertools.cycle(queues)
    warm = traffic.thinking * traffic.turns
    waited: list[float] = []
    worked = 0.0

    def person() -> Generator[Any, Any, None]:
        nonlocal worked
        for _ in range(traffic.turns):
            yield world.timeout(chance.expovariate(1 / traffic.thinking))
            asked, worker = world.now, next(turn_of)
            with worker.request() as mine:
                yield mine
                takes = chance.choice(service_ms) / 1000
                yield world.timeout(takes)
            if world.now > warm:
                waited.append((world.now - asked) * 1000)
                worked += takes

    def arriving() -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(chance.expovariate(traffic.conversations))
            world.process(person())

    world.process(arriving())
    world.run(until=warm + seconds)
    ordered = sorted(waited) or [0.0]

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Waiting(
        workers, statistics.median(ordered), at(0.95), at(0.99), worked / seconds / workers
    )
