"""The watch over a feed."""

import pytest

from firmware import faults
from firmware.calibration import Calibration
from firmware.feed_watch import FeedWatch
from firmware.fluid import Fluid
from firmware.softness import Softness


class Bench:
    """A watch over a fluid that is set by hand."""

    def __init__(self, resistance_pa_per_nl: int = 130) -> None:
        self.fluid = Fluid()
        self.fluid.use(Calibration("1ml"), resistance_pa_per_nl)
        self.fluid.begin(0, 700)
        self.softness = Softness(self.fluid)
        self.watch = FeedWatch(self.fluid, self.softness)
        self.watch.begin()

    def check(
        self, pressure_pa: int, tissue_pa: int = 0, displaced_nl: int = 0, ticks: int = 1, flow_pl: int = 20_000
    ) -> "list[str]":
        """What is found after so many ticks like this."""
        found = 0
        for _ in range(ticks):
            self.fluid.pressure_pa = pressure_pa
            self.fluid.delivered_pl += flow_pl
            self.fluid.tissue_pa = tissue_pa
            self.fluid.displaced_pl = 1000 * displaced_nl
            found = self.watch.check()
        return faults.names(found)

    def past_the_start(self) -> "Bench":
        """The first ticks of a feed are over."""
        assert self.check(20_000, 15_000, 100, ticks=30) == []
        return self


def test_a_feed_as_it_should_be_raises_nothing() -> None:
    assert Bench().check(60_000, 20_000, 300, ticks=500) == []


def test_a_pressure_that_no_tissue_has_is_an_occlusion_after_ten_ticks() -> None:
    bench = Bench().past_the_start()
    assert bench.check(300_000, 150_000, 1_000, ticks=50) == []
    assert bench.check(300_000, 151_000, 1_000, ticks=9) == []
    assert bench.check(300_000, 151_000, 1_000) == ["occlusion"]


def test_a_short_peak_is_no_occlusion() -> None:
    bench = Bench().past_the_start()
    for _ in range(20):
        assert bench.check(300_000, 200_000, 1_000, ticks=9) == []
        assert bench.check(300_000, 100_000, 1_000) == []


@pytest.mark.parametrize(("resistance_pa_per_nl", "ticks"), [(130, 252), (6000, 250 + 8 * 15)])
def test_a_dose_that_stands_still_though_it_is_not_complete_is_an_occlusion(
    resistance_pa_per_nl: int, ticks: int
) -> None:
    bench = Bench(resistance_pa_per_nl).past_the_start()
    assert bench.check(100_000, 100_000, 100, ticks=ticks - 5, flow_pl=0) == []
    assert bench.check(100_000, 100_000, 100, ticks=20, flow_pl=0) == ["occlusion"]


def test_a_dose_that_gains_a_step_now_and_then_stands_not_still() -> None:
    bench = Bench().past_the_start()
    for _ in range(10):
        assert bench.check(100_000, 100_000, 100, ticks=240, flow_pl=0) == []
        assert bench.check(100_000, 100_000, 100, flow_pl=5_500) == []


def test_noise_of_less_than_a_step_is_no_progress() -> None:
    bench = Bench().past_the_start()
    found: list[str] = []
    for _ in range(130):
        bench.check(100_000, 100_000, 100, flow_pl=5_000)
        found = bench.check(100_000, 100_000, 100, flow_pl=-5_000)
    assert found == ["occlusion"]


def test_much_displaced_against_no_pressure_is_an_empty_or_missing_syringe() -> None:
    bench = Bench().past_the_start()
    assert bench.check(3_000, 0, 82, ticks=7) == []
    assert bench.check(3_000, 0, 82) == ["no_pressure"]


def test_little_displaced_against_no_pressure_says_nothing_yet() -> None:
    assert Bench().past_the_start().check(3_000, 0, 81, ticks=100) == []


def test_a_pressure_that_comes_after_all_is_no_empty_syringe() -> None:
    bench = Bench().past_the_start()
    for _ in range(10):
        assert bench.check(2_000, 0, 500, ticks=7) == []
        assert bench.check(3_001, 0, 500) == []


def test_softness_is_air_where_there_is_pressure_and_no_syringe_where_there_is_none() -> None:
    air, nothing = Bench(), Bench()
    assert "bubble" in air.check(3_500, 0, 4_000, ticks=5)
    assert "no_pressure" in nothing.check(0, 0, 70, ticks=5)


def test_each_feed_is_watched_anew() -> None:
    bench = Bench().past_the_start()
    bench.check(300_000, 200_000, 1_000, ticks=9)
    bench.watch.begin()
    assert bench.check(300_000, 200_000, 100, ticks=9) == []
