"""Training's pieces of work: each on a core, and multiplications on one core meanwhile."""

from __future__ import annotations

import os
import threading

import pytest
from threadpoolctl import threadpool_info

from bot.nlu.cores import on_each_core


def _blas_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_what_is_made_comes_back_in_the_order_of_the_things() -> None:
    assert on_each_core(lambda number: number * number, range(50)) == [n * n for n in range(50)]


def test_nothing_to_do_makes_nothing() -> None:
    assert on_each_core(str, []) == []


def test_multiplications_keep_to_one_core_meanwhile_and_not_afterwards() -> None:
    before = _blas_threads()
    assert before, "NumPy multiplies with a library that can be told"
    assert on_each_core(lambda _: _blas_threads(), range(3)) == [{1}] * 3
    assert _blas_threads() == before


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores")
def test_two_pieces_are_under_way_at_once() -> None:
    both = threading.Barrier(2, timeout=30)
    assert sorted(on_each_core(lambda _: both.wait(), range(2))) == [0, 1]


def test_what_goes_wrong_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        on_each_core(lambda number: 1 // number, [1, 0])
    assert on_each_core(str, [1]) == ["1"], "and the next work is done"
