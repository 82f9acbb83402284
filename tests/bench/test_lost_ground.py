"""Ground that must not be lost, as ratios: on a slow machine both sides of each are slow."""

from __future__ import annotations

import os

from bench.measuring import around, summary
from bench.scripts import long_conversation, mixed
from bench.servers import ROOT, Server


def processor_ms(server: Server, people: int, seconds: float) -> float:
    outcome = server.ask(people=people, conversations=mixed(ROOT), seconds=seconds, patience=0)
    assert summary(outcome["turns"])["answered"] == 1.0
    return around(outcome)["server_ms_a_turn"]


def test_the_200th_turn_costs_about_as_much_as_the_10th(asked: Server) -> None:
    outcome = asked.ask(people=1, conversations=[long_conversation(200)], watch=True, patience=0)
    spent = [one["spent"] for one in outcome["turns"]]
    early, late = spent[30] - spent[5], spent[199] - spent[174]
    print(f"\n25 turns from the 6th: {early:.2f} s; to the 200th: {late:.2f} s")
    assert late / early <= 1.5


def test_a_turn_costs_a_bounded_number_of_empty_handlers(asked: Server, empty: Server) -> None:
    least = processor_ms(empty, people=1, seconds=1.5)
    mine = processor_ms(asked, people=1, seconds=5)
    print(f"\na turn {mine:.1f} ms, an empty handler {least:.3f} ms: {mine / least:.0f} times")
    assert mine / least <= 1_500


def test_many_people_cost_no_more_each_than_one(asked: Server) -> None:
    """Sixteen people at once must not make each turn dearer: nothing polls, nothing spins."""
    alone = processor_ms(asked, people=1, seconds=5)
    crowded = processor_ms(asked, people=16, seconds=5)
    print(f"\na turn of one person {alone:.1f} ms, of sixteen {crowded:.1f} ms")
    assert crowded / alone <= 1.4


def test_sixteen_people_get_about_as_many_answers_as_one(asked: Server) -> None:
    def a_second(people: int) -> float:
        job = {"people": people, "conversations": mixed(ROOT), "seconds": 4, "patience": 0}
        outcome = asked.ask(**job)
        return len(outcome["turns"]) / outcome["seconds"]

    # what else the machine does comes and goes: of three pairs the best one counts
    ratios = [a_second(16) / a_second(1) for _ in range(1 if os.environ.get("CI") else 2)]
    print(f"\nsixteen people against one: {[round(one, 2) for one in ratios]}")
    assert max(ratios) >= 0.6
