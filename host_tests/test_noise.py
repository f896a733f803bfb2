"""The simulated noise is normal, independent, and small enough for 31-bit integers."""

from math import erf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator.noise import Noise

COUNT = 200_000


@pytest.fixture(scope="module")
def deviates() -> "list[float]":
    """One long stretch of one stream."""
    noise = Noise(7)
    return [noise.next() for _ in range(COUNT)]


def _correlation(a: "list[float]", b: "list[float]") -> float:
    return sum(x * y for x, y in zip(a, b, strict=True)) / len(a)


def test_mean_is_zero_and_sd_is_one(deviates: "list[float]") -> None:
    mean = sum(deviates) / COUNT
    sd = sqrt(sum((x - mean) ** 2 for x in deviates) / COUNT)
    assert abs(mean) < 4 / sqrt(COUNT)
    assert abs(sd - 1) < 4 / sqrt(2 * COUNT)


def test_distribution_is_the_normal_law_from_centre_to_tails(deviates: "list[float]") -> None:
    ordered = sorted(deviates)
    furthest = max(abs((i + 0.5) / COUNT - (1 + erf(x / sqrt(2))) / 2) for i, x in enumerate(ordered))
    assert furthest < 1.63 / sqrt(COUNT)  # Kolmogorov-Smirnov, 1 %
    beyond_3 = sum(abs(x) > 3 for x in deviates)
    beyond_4 = sum(abs(x) > 4 for x in deviates)
    assert 0.0027 * COUNT * 0.8 < beyond_3 < 0.0027 * COUNT * 1.2
    assert 3 <= beyond_4 <= 25  # 12.7 expected
    assert max(map(abs, deviates)) < 4.7  # the table ends there


def test_successive_deviates_are_independent(deviates: "list[float]") -> None:
    for lag in (1, 2, 3, 5, 10, 100):
        assert abs(_correlation(deviates[lag:], deviates[:-lag])) < 4 / sqrt(COUNT)
        squares = [x * x - 1 for x in deviates]
        assert abs(_correlation(squares[lag:], squares[:-lag])) < 4 * 2 / sqrt(COUNT)


@pytest.mark.parametrize(("one", "other"), [((7, 0), (7, 1)), ((7, 1), (7, 2)), ((1, 0), (2, 0)), ((0, 0), (1000, 0))])
def test_streams_and_neighbouring_seeds_are_independent(one: "tuple[int, int]", other: "tuple[int, int]") -> None:
    a, b = Noise(*one), Noise(*other)
    count = 20_000
    assert abs(_correlation([a.next() for _ in range(count)], [b.next() for _ in range(count)])) < 4 / sqrt(count)


def test_first_deviates_of_successive_seeds_are_independent_and_normal() -> None:
    firsts = [Noise(seed).next() for seed in range(5_000)]
    assert abs(sum(firsts) / 5_000) < 4 / sqrt(5_000)
    assert abs(sum(x * x for x in firsts) / 5_000 - 1) < 4 * sqrt(2 / 5_000)
    assert abs(_correlation(firsts[1:], firsts[:-1])) < 4 / sqrt(5_000)


def test_uniform_numbers_cover_zero_to_one_evenly() -> None:
    noise = Noise(3)
    tenths = [0] * 10
    for _ in range(20_000):
        u = noise.uniform()
        assert 0 <= u < 1
        tenths[int(u * 10)] += 1
    assert all(1_800 < n < 2_200 for n in tenths)


@given(seed=st.integers(), stream=st.integers(0, 99))
def test_same_seed_gives_same_sequence_in_small_integers_only(seed: int, stream: int) -> None:
    a, b = Noise(seed, stream), Noise(seed, stream)
    for _ in range(20):
        assert a.next() == b.next()
        assert max(a.a * 157, a.b * 146, a.c * 142) < 2**30
        assert min(a.a, a.b, a.c) > 0  # 0 would stay 0
