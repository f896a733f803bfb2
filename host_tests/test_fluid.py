"""The fluid estimator, against a system whose truth is known."""

import statistics
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.calibration import SYRINGES, Calibration
from firmware.fluid import Fluid

PA_PER_KPA = 1000


def estimator(syringe: str = "1ml", resistance_pa_per_nl: int = 130) -> Fluid:
    """An estimator that has begun at plunger position 1000 and 700 Pa."""
    fluid = Fluid()
    fluid.use(Calibration(syringe), resistance_pa_per_nl)
    fluid.begin(1000, 700)
    fluid.pressure_pa = 700
    return fluid


@given(st.sampled_from(SYRINGES), st.integers(0, 3000), st.integers(-10_000, 400_000))
def test_delivered_is_displaced_minus_elastic(syringe: str, steps: int, pressure_pa: int) -> None:
    fluid = estimator(syringe)
    fluid.update(1000 + steps, pressure_pa)
    calibration = Calibration(syringe)
    assert fluid.displaced_pl == steps * calibration.pl_per_step
    elastic_pl = fluid.displaced_pl - fluid.delivered_pl
    assert elastic_pl == pytest.approx(calibration.compliance_pl_per_kpa * (pressure_pa - 700) / 1000, abs=1)


def test_volumes_are_told_in_nanolitres() -> None:
    fluid = estimator()
    fluid.update(1000 + 1000, 100_700)
    assert (fluid.displaced_pl // 1000, fluid.delivered_pl // 1000) == (5422, 5167)


def test_a_new_drop_starts_at_zero() -> None:
    fluid = estimator()
    for tick in range(50):
        fluid.update(1000 + 10 * tick, 50_000)
    fluid.begin(1490, 700)
    fluid.update(1490, 700)
    assert fluid.displaced_pl == fluid.delivered_pl == 0


def test_a_pressure_taken_between_drops_changes_no_volume() -> None:
    fluid = estimator()
    fluid.update(1100, 50_000)
    delivered_pl = fluid.delivered_pl
    fluid.pressure_pa = 3_000
    assert fluid.pressure_pa == 3_000
    assert fluid.delivered_pl == delivered_pl


class System:
    """Compliance, needle and tissue, exactly as the estimator believes them; one tick at a time."""

    def __init__(self, fluid: Fluid, tissue_pa: int) -> None:
        self.fluid = fluid
        self.tissue_pa = tissue_pa
        self.pressure_pa = 700.0
        self.position_steps = 1000
        self.delivered_pl = 0.0

    def tick(self, steps: int) -> None:
        """The plunger moves; liquid leaves; the estimator sees it."""
        fluid = self.fluid
        self.position_steps += steps
        pa_per_pl = 1000 / fluid.compliance_pl_per_kpa
        pieces = 100
        for _ in range(pieces):
            self.pressure_pa += steps * fluid.pl_per_step * pa_per_pl / pieces
            out_pl = max(self.pressure_pa - self.tissue_pa, 0) / fluid.resistance_pa_per_nl * 1000 / pieces
            self.pressure_pa -= out_pl * pa_per_pl
            self.delivered_pl += out_pl
        fluid.update(self.position_steps, round(self.pressure_pa))


@pytest.mark.parametrize("syringe", SYRINGES)
@pytest.mark.parametrize("tissue_kpa", [5, 20, 80])
@pytest.mark.parametrize("resistance_pa_per_nl", [130, 1300])
def test_tissue_pressure_is_found_while_liquid_flows(syringe: str, tissue_kpa: int, resistance_pa_per_nl: int) -> None:
    fluid = estimator(syringe, resistance_pa_per_nl)
    system = System(fluid, tissue_kpa * PA_PER_KPA)
    chunk = min(
        max(1, 100_000 * 1000 // resistance_pa_per_nl // fluid.pl_per_step), 40
    )  # 30 to 130 kPa over the needle
    for tick in range(400):
        system.tick(min(chunk, tick))
    assert fluid.tissue_pa == pytest.approx(tissue_kpa * PA_PER_KPA, rel=0.15, abs=3 * PA_PER_KPA)
    assert fluid.delivered_pl == pytest.approx(system.delivered_pl, rel=0.001)


def test_when_nothing_flows_the_tissue_holds_all_the_pressure() -> None:
    fluid = estimator()
    system = System(fluid, 40_000)
    for _ in range(3):
        system.tick(10)
    for _ in range(300):
        system.tick(0)
    assert fluid.tissue_pa == pytest.approx(40_000, rel=0.05)
    # All that was displaced, less what the tissue's own pressure keeps back, has come out.
    assert fluid.committed_pl() == pytest.approx(fluid.delivered_pl, abs=2 * fluid.pl_per_step)


def test_what_is_still_to_come_is_committed() -> None:
    fluid = estimator()
    fluid.tissue_pa = 20_000
    fluid.update(1300, 120_000)
    stored_above_tissue_pl = 2550 * 100
    assert fluid.committed_pl() - fluid.delivered_pl == pytest.approx(stored_above_tissue_pl, rel=0.1)


def test_tissue_pressure_stays_between_nothing_and_the_pressure() -> None:
    fluid = estimator()
    for tick, pressure_pa in enumerate((5_000, 90_000, 200_000, 10_000, -5_000, -20_000, 3_000, 0, 400_000) * 20):
        fluid.update(1000 + 3 * tick, pressure_pa)
        assert 0 <= fluid.tissue_pa <= 400_000


def test_a_pressure_that_jumps_teaches_nothing_about_the_tissue() -> None:
    fluid = estimator()
    fluid.tissue_pa = 20_000
    fluid.update(1000, 100_000)
    assert fluid.tissue_pa == 20_000


def test_stored_volume_counts_from_the_reference_pressure() -> None:
    fluid = estimator()
    assert fluid.stored_pl(700) == 0
    assert fluid.stored_pl(1_700) == 2550
    assert fluid.stored_pl(-300) == -2550


def test_a_slow_needle_is_smoothed_longer_than_a_fast_one() -> None:
    times = [estimator(resistance_pa_per_nl=resistance).time_ticks16 for resistance in (20, 130, 1300, 13_000)]
    assert times == sorted(times)
    assert times[1] == 5  # 130 Pa/nl x 2.55 nl/kPa is a third of a tick


@pytest.mark.parametrize(("syringe", "noise_pa"), [("1ml", 1000), ("5ml", 1000), ("10ml", 400), ("10ml", 1000)])
def test_when_nothing_flows_the_tissue_is_found_however_noisy_the_pressure_is(syringe: str, noise_pa: int) -> None:
    fluid = estimator(syringe, 2_200)
    noise = Random(3)
    seen: list[int] = []
    for _ in range(2_000):
        fluid.update(1_100, 76_500 + round(noise.gauss(0, noise_pa)))
        seen.append(fluid.tissue_pa)
    assert statistics.mean(seen[1_000:]) == pytest.approx(76_500, rel=0.06)


def test_no_more_has_passed_the_needle_than_the_pressure_drove_through_it() -> None:
    fluid = estimator(resistance_pa_per_nl=100)
    for tick in range(10):
        fluid.update(1_000 + tick, 20_000)
    assert fluid.passed_pl == 10 * 200_000
    fluid.update(1_010, -5_000)
    assert fluid.passed_pl == 10 * 200_000
    fluid.begin(1_010, 700)
    assert fluid.passed_pl == 0


def test_what_has_passed_stays_a_small_integer() -> None:
    fluid = estimator(resistance_pa_per_nl=20)
    for _ in range(1_000):
        fluid.update(1_000, 900_000)
    assert fluid.passed_pl == 400_000_000
