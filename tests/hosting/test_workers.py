"""Several workers behind a round-robin proxy: any of them takes any turn, and none is lost."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.hosting.conftest import Clusters
from tests.hosting.kept import answers_of
from tests.hosting.people import all_talk
from tests.sizes import size

PEOPLE, TURNS = size(200, 10), 20


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
