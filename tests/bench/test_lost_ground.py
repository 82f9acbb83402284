"""Ground that must not be lost, as ratios: on a slow machine both sides of each are slow.

Processor time is compared where that says it: what else the machine does hardly changes it.
"""

from __future__ import annotations

from typing import Any

from bench.measuring import around, summary
from bench.scripts import long_conversation, mixed
from bench.servers import ROOT, Server

#: Pairs of measurements that are made until one holds: others on the machine come and go.
ATTEMPTS = 3


def crowd(server: Server, people: int, seconds: float) -> dict[str, Any]:
    outcome = server.ask(people=people, conversations=mixed(ROOT), seconds=seconds, patience=0)
    assert summary(outcome["turns"])["answered"] == 1.0
    return outcome


def processor_ms(outcome: dict[str, Any]) -> float:
    return around(outcome)["server_ms_a_turn"]


def test_the_200th_turn_costs_about_as_much_as_the_10th(asked: Server) -> None:
    outcome = asked.ask(people=1, conversations=[long_conversation(200)], watch=True, patience=0)
    spent = [one["spent"] for one in outcome["turns"]]
    early, late = sum(spent[5:30]), sum(spent[175:])
    print(f"\n25 turns from the 6th: {early:.2f} s; to the 200th: {late:.2f} s")
    assert late / early <= 1.5


def test_a_turn_costs_a_bounded_number_of_empty_handlers(asked: Server, empty: Server) -> None:
    least = processor_ms(crowd(empty, people=1, seconds=1.5))
    mine = processor_ms(crowd(asked, people=1, seconds=3))
    print(f"\na turn {mine:.1f} ms, an empty handler {least:.3f} ms: {mine / least:.0f} times")
    assert mine / least <= 1_500


def test_sixteen_people_at_once_are_served_as_well_as_one_after_another(asked: Server) -> None:
    """No turn gets dearer, because nothing polls or spins; and as many are answered a second."""
    for _ in range(ATTEMPTS):
        one, many = (crowd(asked, people, seconds=2.5) for people in (1, 16))
        dearer = processor_ms(many) / processor_ms(one)
        faster = len(many["turns"]) / many["seconds"] / (len(one["turns"]) / one["seconds"])
        print(f"\nsixteen people: a turn costs {dearer:.2f} times, {faster:.2f} times as many")
        if dearer <= 1.4 and faster >= 0.6:
            return
    assert dearer <= 1.4
    assert faster >= 0.6
