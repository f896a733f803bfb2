"""Outflow: a feed that costs no pressure any more goes nowhere."""

import pytest

from firmware.calibration import Calibration
from firmware.fluid import Fluid
from firmware.outflow import Outflow


class Feed:
    """A steady feed through a needle into tissue; it may lose its way out."""

    def __init__(self, syringe: str = "1ml", resistance_pa_per_nl: int = 130, steps: int = 20) -> None:
        self.fluid = Fluid()
        self.fluid.use(Calibration(syringe), resistance_pa_per_nl)
        self.fluid.begin(0, 700)
        self.outflow = Outflow(self.fluid)
        self.outflow.begin()
        self.steps = steps
        self.position = 0
        self.pressure_pa = 700.0
        self.tissue_pa = 20_000.0

    def run(self, ticks: int, displacing: float = 1.0) -> bool:
        """So many ticks, the stopper following the plunger by this share; whether it was found missing."""
        fluid = self.fluid
        pa_per_pl = 1000 / fluid.compliance_pl_per_kpa
        for _ in range(ticks):
            self.position += self.steps
            for _ in range(20):
                self.pressure_pa += displacing * self.steps * fluid.pl_per_step * pa_per_pl / 20
                out_pl = max(self.pressure_pa - self.tissue_pa, 0) / fluid.resistance_pa_per_nl * 50
                self.pressure_pa -= out_pl * pa_per_pl
            fluid.update(self.position, round(self.pressure_pa))
            self.outflow.feed()
        return bool(self.outflow.missing)


@pytest.mark.parametrize(("syringe", "resistance", "steps"), [("1ml", 130, 20), ("1ml", 1300, 5), ("5ml", 600, 2)])
def test_a_steady_feed_is_well(syringe: str, resistance: int, steps: int) -> None:
    assert not Feed(syringe, resistance, steps).run(400)


@pytest.mark.parametrize(("syringe", "resistance", "steps"), [("1ml", 600, 10), ("1ml", 1300, 5), ("5ml", 600, 2)])
def test_a_plunger_that_displaces_nothing_any_more_is_found(syringe: str, resistance: int, steps: int) -> None:
    feed = Feed(syringe, resistance, steps)
    assert not feed.run(250)
    assert feed.run(400, displacing=0)


def test_tissue_that_gives_way_as_the_feed_slows_down_is_well() -> None:
    feed = Feed(resistance_pa_per_nl=600, steps=10)
    for tick in range(500):
        swollen_pa = feed.tissue_pa - 20_000
        feed.tissue_pa = 20_000 + swollen_pa * 0.996 + 15 * feed.steps  # half a second; up to 37 kPa at ten steps
        feed.steps = 10 if tick < 300 else 3
        assert not feed.run(1)


def test_tissue_that_swells_is_well() -> None:
    feed = Feed(resistance_pa_per_nl=600, steps=10)
    for _ in range(300):
        feed.tissue_pa += 200
        assert not feed.run(1)


def test_a_feed_too_slow_to_cost_pressure_says_nothing() -> None:
    feed = Feed(resistance_pa_per_nl=20, steps=2)
    assert not feed.run(200)
    assert not feed.run(400, displacing=0.5)


def test_the_next_feed_starts_without_suspicion() -> None:
    feed = Feed(resistance_pa_per_nl=600, steps=10)
    feed.run(250)
    assert feed.run(400, displacing=0)
    feed.outflow.begin()
    assert not feed.outflow.missing
    assert not feed.run(200)
