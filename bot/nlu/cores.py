"""Training on every core: each piece of work on one, instead of each multiplication on all.

Multiplications that are split over cores wait for each other after every one; whole pieces of work
do not. What is learned is then also the same on a machine with two cores and one with eight.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def on_each_core[Thing, Made](work: Callable[[Thing], Made], things: Iterable[Thing]) -> list[Made]:
    """What `work` makes of each of `things`, in their order, as many at a time as there are cores.

    For NumPy's work, which runs beside other threads. For training alone: meanwhile the process's
    multiplications keep to one core each. Raises what `work` raises.
    """
    from threadpoolctl import threadpool_limits  # training only: serving is without it

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count()) as cores:
        return list(cores.map(work, things))
