"""Softness: air in the syringe, by two signs."""

import pytest

from firmware.calibration import Calibration
from firmware.fluid import Fluid
from firmware.motion import Ramp
from firmware.softness import Softness
from firmware.touch_off import TouchOff

TISSUE_PA = 20_000


class Bench:
    """A fluid, and the softness that watches it."""

    def __init__(self, syringe: str = "1ml", resistance_pa_per_nl: int = 130) -> None:
        self.fluid = Fluid()
        self.fluid.use(Calibration(syringe), resistance_pa_per_nl)
        self.softness = Softness(self.fluid)
        self.touch = TouchOff(Ramp())

    def feed(self, compliance_share: float, ticks: int = 40, steps: int = 15) -> bool:
        """A feed into a syringe so many times as soft as known; whether that was found."""
        fluid = self.fluid
        fluid.begin(0, 700)
        self.softness.begin()
        pressure_pa = 700.0
        pa_per_pl = 1000 / (fluid.compliance_pl_per_kpa * compliance_share)
        for tick in range(1, ticks):
            for _ in range(20):
                pressure_pa += steps * fluid.pl_per_step * pa_per_pl / 20
                pressure_pa -= max(pressure_pa - TISSUE_PA, 0) / fluid.resistance_pa_per_nl * 50 * pa_per_pl
            fluid.update(steps * tick, round(pressure_pa))
            self.softness.feed()
        return bool(self.softness.found)

    def weighing(self, moved_steps: int, turned_pa: int = -600, touched_pa: int = 700) -> str:
        """Turn and touch with so many steps between; what is thought of it."""
        touch = self.touch
        touch.backward(0, 2126)
        touch.pressure_pa = turned_pa
        self.softness.turned(touch)
        touch.forward(0, 0, 2126)
        touch.pressure_pa = touched_pa
        touch.moved_steps = moved_steps
        self.softness.touched(touch)
        return "found" if self.softness.found else "doubtful" if self.softness.doubtful else "good"

    def good_drop(self, moved_steps: int) -> None:
        """A drop, and a weighing without doubt."""
        self.softness.begin()
        assert self.weighing(moved_steps) == "good"


@pytest.mark.parametrize("syringe", ["1ml", "5ml", "10ml"])
@pytest.mark.parametrize("share", [0.85, 1.0, 1.15, 1.5])
def test_a_syringe_about_as_stiff_as_known_feeds_without_suspicion(syringe: str, share: float) -> None:
    assert not Bench(syringe).feed(share)
    assert not Bench(syringe, 1300).feed(share)


@pytest.mark.parametrize("syringe", ["1ml", "5ml"])
def test_a_syringe_far_softer_than_known_is_found_at_the_start_of_a_feed(syringe: str) -> None:
    assert Bench(syringe, 1300).feed(15)


def test_a_feed_is_judged_at_its_start_only() -> None:
    bench = Bench()
    assert not bench.feed(1)
    for _ in range(50):  # later, what flowed out is not known well enough
        bench.fluid.displaced_pl += 10_000_000
        bench.softness.feed()
    assert not bench.softness.found


def test_the_same_slack_every_time_is_good() -> None:
    bench = Bench()
    for moved_steps in (60, 60, 61, 60, 59, 60, 61):
        bench.good_drop(moved_steps)


def test_slack_that_wanders_slowly_is_good() -> None:
    bench = Bench()
    for drop in range(60):
        bench.good_drop(60 + drop // 4)


def test_a_higher_pressure_at_the_touch_explains_more_steps() -> None:
    bench = Bench()
    bench.good_drop(60)
    bench.softness.begin()
    assert bench.weighing(63, touched_pa=700 + 3 * 2126) == "good"


def test_more_steps_than_slack_explains_every_time_it_is_tried_are_air() -> None:
    bench = Bench()
    bench.good_drop(60)
    bench.softness.begin()
    seen: list[str] = []
    while not seen or seen[-1] == "doubtful":
        seen.append(bench.weighing(66))
    assert seen[-1] == "found"
    assert len(seen) > 1


def test_more_steps_once_are_doubtful_and_then_forgiven() -> None:
    bench = Bench()
    bench.good_drop(60)
    bench.softness.begin()
    assert bench.weighing(66) == "doubtful"
    assert bench.weighing(60) == "good"


def test_more_steps_with_pressures_that_jumped_are_friction_not_air() -> None:
    bench = Bench()
    bench.good_drop(60)
    bench.softness.begin()
    seen: list[str] = []
    for _ in range(10):
        # A stiff syringe: one step goes far beyond the threshold. With air it would end just beyond it.
        seen.append(bench.weighing(70, turned_pa=-2_500, touched_pa=3_500))
    assert "found" not in seen
    assert seen[-1] == "good"  # after some tries it is taken as the new slack


def test_one_touch_that_came_far_too_early_makes_no_later_one_look_late() -> None:
    bench = Bench()
    for moved_steps in (60, 10, 60, 60):
        bench.good_drop(moved_steps)


def test_another_syringe_has_a_slack_of_its_own() -> None:
    bench = Bench()
    bench.good_drop(60)
    bench.softness.forget()
    bench.good_drop(100)
