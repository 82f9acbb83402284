"""The plan for England: arithmetic on named assumptions, and a simulation that keeps to the rules
of queues.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.england import SIZES, Assumptions, reckon, simulated
from bench.simulation import simulate

TIMES = [10.0, 20.0, 30.0, 60.0]


def reckoned(assumed: Assumptions) -> dict[str, Any]:
    return reckon(assumed, 25.0, 3e8, 1.5, 800.0)


def test_every_assumption_says_why() -> None:
    reasons = Assumptions().reasons()
    assert set(reasons) == {one.name for one in dataclasses.fields(Assumptions)}
    assert all(len(one) > 20 for one in reasons.values())


def test_turns_follow_from_people_and_days() -> None:
    found = reckoned(Assumptions())
    assert found["turns_a_day"] == 150 * 2_000 * 6 * 11 / 250
    assert found["rates"]["crisis"] == pytest.approx(found["turns_a_day"] * 0.15 / 3600 * 5)


@pytest.mark.parametrize("name", ["partnerships", "practitioners", "conversations_a_year"])
def test_twice_as_many_people_or_questions_are_twice_the_turns(name: str) -> None:
    once = Assumptions()
    twice = dataclasses.replace(once, **{name: 2 * getattr(once, name)})
    assert reckoned(twice)["turns_a_day"] == pytest.approx(2 * reckoned(once)["turns_a_day"])


def test_the_workers_are_no_busier_than_was_asked_for() -> None:
    found = reckoned(Assumptions(practitioners=40_000))
    assert found["rates"]["crisis"] * 0.025 / found["workers"] <= 0.6
    assert found["workers"] > 2


def test_what_fills_up_first_has_the_least_limit() -> None:
    assert reckoned(Assumptions())["first_limit"] == "one worker's core"
    slow = reckoned(Assumptions(database_commits=30))
    assert slow["first_limit"] == "PostgreSQL's commits"


def test_money_is_the_readers_own() -> None:
    assert reckoned(Assumptions())["cost_a_month"] == 0
    priced = reckoned(Assumptions(core_hour=0.5))
    assert priced["cost_a_month"] == priced["workers"] * 730 * 0.5


# --- the simulation -------------------------------------------------------------------------------


def test_a_lone_person_waits_for_nobody() -> None:
    waiting = simulate(1, 0.001, [40.0], turns=50)
    assert waiting.median_ms == pytest.approx(40)
    assert waiting.p99_ms == pytest.approx(40)


@given(workers=st.integers(1, 6), share=st.floats(0.2, 0.7))
def test_a_worker_is_as_busy_as_the_traffic_says(workers: int, share: float) -> None:
    mean = sum(TIMES) / len(TIMES) / 1000
    waiting = simulate(workers, share * workers / mean, TIMES, turns=1_500)
    assert waiting.busy == pytest.approx(share, rel=0.2)


def test_random_arrivals_wait_as_the_theory_of_queues_says() -> None:
    """One worker, every answer equally long: the mean wait is rho / (2 (1 - rho)) answers, and
    the median is below the mean.
    """
    waiting = simulate(1, 50, [10.0], turns=20_000)  # half busy
    assert 10 <= waiting.median_ms <= 10 + 0.5 / (2 * 0.5) * 10
    assert waiting.p95_ms > 15


def test_waiting_grows_with_the_traffic_and_shrinks_with_the_workers() -> None:
    def p95(workers: int, rate: float) -> float:
        return simulate(workers, rate, TIMES, turns=2_000).p95_ms

    assert p95(2, 60) > p95(2, 30)
    assert p95(2, 60) > p95(4, 60)


def test_simulations_begin_with_the_fewest_workers_that_keep_up() -> None:
    runs = simulated({"crisis": 100.0}, 25.0, TIMES, turns=200)["crisis"]
    assert [one["workers"] for one in runs] == list(range(3, 3 + SIZES))


@pytest.mark.parametrize(("workers", "times", "turns"), [(0, TIMES, 1), (1, [], 1), (1, TIMES, 0)])
def test_without_workers_times_or_turns_there_is_nothing_to_simulate(
    workers: int, times: list[float], turns: int
) -> None:
    with pytest.raises(ValueError, match="at least one"):
        simulate(workers, 1, times, turns)
