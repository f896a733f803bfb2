"""Tolerance intervals against published values."""

import statistics

import pytest

from tools.tolerance import chi_square_quantile, factor, interval


def test_sixty_drops_have_the_factor_of_the_standard() -> None:
    assert factor(60) == 2.668


@pytest.mark.parametrize(("n", "k"), [(10, 3.868), (30, 2.916), (100, 2.553), (1000, 2.328)])
def test_the_factor_falls_towards_that_of_a_known_distribution(n: int, k: float) -> None:
    assert factor(n) == k > statistics.NormalDist().inv_cdf((1 + 0.975) / 2)


@pytest.mark.parametrize(
    ("probability", "degrees", "value"),
    [(0.05, 1, 0.00393), (0.05, 4, 0.7107), (0.05, 10, 3.940), (0.95, 10, 18.307), (0.05, 60, 43.188)],
)
def test_chi_square_quantiles_are_those_of_the_tables(probability: float, degrees: int, value: float) -> None:
    assert chi_square_quantile(probability, degrees) == pytest.approx(value, abs=0.0005)


def test_an_interval_is_mean_and_k_standard_deviations_to_either_side() -> None:
    found = interval([9.0, 10.0, 11.0])
    assert found is not None
    assert (found.n, found.mean, found.sd) == (3, 10.0, 1.0)
    assert (found.low, found.high) == (10 - factor(3), 10 + factor(3))


def test_an_interval_of_volumes_becomes_one_of_errors() -> None:
    found = interval([9_000.0, 10_000.0, 11_000.0])
    assert found is not None
    error = found.shifted(10_000, 100 / 10_000)
    assert (error.mean, error.sd) == (0.0, pytest.approx(10.0))
    assert error.high == -error.low == pytest.approx(10 * factor(3))


def test_a_single_drop_has_no_interval() -> None:
    assert interval([10.0]) is None
    assert interval([]) is None
    with pytest.raises(ValueError, match="no spread"):
        factor(1)
