"""Token buckets: a burst, then a steady rate, in bounded memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.limits import Buckets, Rate, address_key


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    clock = Clock()
    buckets = Buckets(Rate(burst=3, per_second=2), clock=clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    wait = buckets.take("a")
    assert wait == pytest.approx(0.5)
    clock.now += wait
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_one_key_does_not_use_up_another() -> None:
    buckets = Buckets(Rate(burst=1, per_second=1), clock=Clock())
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    assert buckets.take("b") == 0


def test_memory_is_bounded() -> None:
    buckets = Buckets(Rate(burst=1, per_second=1), most=100, clock=Clock())
    for number in range(1_000):
        buckets.take(str(number))
    assert len(buckets) == 100


@given(
    st.integers(1, 20),
    st.floats(0.1, 10),
    st.lists(st.floats(0, 5, allow_nan=False), max_size=200),
)
def test_never_more_than_the_burst_and_the_rate(
    burst: int, per_second: float, gaps: list[float]
) -> None:
    clock = Clock()
    buckets = Buckets(Rate(burst, per_second), clock=clock)
    allowed = 0
    for gap in gaps:
        clock.now += gap
        allowed += buckets.take("a") == 0
        assert allowed <= burst + clock.now * per_second + 1e-6


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("_hidden", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_an_address_is_limited_by(address: str, key: str) -> None:
    assert address_key(address) == key
