"""Dose: the feed, against a compliance, a needle and a tissue that are as believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import limits
from firmware.calibration import Calibration
from firmware.dose import Dose
from firmware.fluid import Fluid
from firmware.motion import Ramp
from host_tests.effort import share


class Feed:
    """A dose into tissue; `delivered_pl` is the truth."""

    def __init__(self, syringe: str, dose_nl: int, resistance_pa_per_nl: int, tissue_pa: int) -> None:
        self.fluid = Fluid()
        self.fluid.use(Calibration(syringe), resistance_pa_per_nl)
        self.fluid.begin(0, 700)
        self.fluid.pressure_pa = 700
        self.dose = Dose(Ramp(), self.fluid)
        self.dose_pl = 1000 * dose_nl
        self.dose.begin(self.dose_pl, 0)
        self.tissue_pa = tissue_pa
        self.pressure_pa = 700.0
        self.position = 0
        self.delivered_pl = 0.0
        self.chunks: list[int] = []
        self.highest_pa = 0.0

    def tick(self, steps: int) -> None:
        """The plunger moves, liquid leaves, the estimator sees it."""
        fluid = self.fluid
        self.position += steps
        pa_per_pl = 1000 / fluid.compliance_pl_per_kpa
        pieces = 40
        for _ in range(pieces):
            self.pressure_pa += steps * fluid.pl_per_step * pa_per_pl / pieces
            out_pl = max(self.pressure_pa - self.tissue_pa, 0) / fluid.resistance_pa_per_nl * 1000 / pieces
            self.pressure_pa -= out_pl * pa_per_pl
            self.delivered_pl += out_pl
        self.highest_pa = max(self.highest_pa, self.pressure_pa)
        fluid.update(self.position, round(self.pressure_pa))

    def run(self, most_ticks: int = 6000) -> "Feed":
        """Until the dose is done."""
        while not self.dose.done:
            self.chunks.append(self.dose.step())
            self.tick(self.chunks[-1])
            assert len(self.chunks) < most_ticks
        return self

    def to_come_pl(self) -> float:
        """What comes out if everything stops now."""
        return self.fluid.compliance_pl_per_kpa / 1000 * max(self.pressure_pa - self.tissue_pa, 0)


CELLS = [
    (syringe, dose_nl, resistance, tissue_kpa)
    for syringe, dose_nl in (("1ml", 1_000), ("1ml", 10_000), ("5ml", 10_000), ("10ml", 50_000))
    for resistance in (130, 1300)
    for tissue_kpa in (10, 80)
]


@pytest.mark.parametrize(("syringe", "dose_nl", "resistance", "tissue_kpa"), CELLS)
def test_the_feed_ends_when_the_dose_has_left_within_a_tick_of_flow(
    syringe: str, dose_nl: int, resistance: int, tissue_kpa: int
) -> None:
    feed = Feed(syringe, dose_nl, resistance, 1000 * tissue_kpa).run()
    # The plunger turns round at the end: what it cannot take back in time is a few ticks' flow.
    assert feed.delivered_pl <= feed.dose_pl * 1.02 + 2 * feed.fluid.pl_per_step
    assert feed.delivered_pl + feed.to_come_pl() >= feed.dose_pl * 0.98 - 2 * feed.fluid.pl_per_step


@pytest.mark.parametrize(("syringe", "dose_nl", "resistance", "tissue_kpa"), CELLS)
def test_at_no_time_more_is_on_its_way_than_the_gate_would_allow(
    syringe: str, dose_nl: int, resistance: int, tissue_kpa: int
) -> None:
    feed = Feed(syringe, dose_nl, resistance, 1000 * tissue_kpa)
    most_pl = feed.dose_pl + limits.overdose_pl(feed.dose_pl, feed.fluid.pl_per_step)
    while not feed.dose.done:
        feed.tick(feed.dose.step())
        assert feed.delivered_pl + feed.to_come_pl() <= most_pl


def test_a_thick_product_is_fed_below_the_pressure_of_the_feed() -> None:
    feed = Feed("1ml", 20_000, 13_000, 20_000).run()
    assert feed.highest_pa < limits.PRESSURE_CEILING_PA
    assert feed.highest_pa > limits.FEED_PRESSURE_PA / 3  # and yet with what pressure it may have


def test_the_feed_starts_on_the_ramp_and_ends_in_small_chunks() -> None:
    feed = Feed("5ml", 50_000, 130, 20_000).run()
    moving = [chunk for chunk in feed.chunks if chunk]
    assert moving[0] <= limits.RAMP_STEPS
    assert max(moving) > 30
    assert moving[-1] <= 3


def test_a_trim_moves_the_end_by_as_much() -> None:
    ends: list[float] = []
    for trim_pl in (-100_000, 0, 100_000):
        feed = Feed("1ml", 10_000, 130, 20_000)
        feed.dose.begin(feed.dose_pl, trim_pl)
        ends.append(feed.run().delivered_pl)
    assert ends[1] - ends[0] == pytest.approx(100_000, abs=8_000)
    assert ends[2] - ends[1] == pytest.approx(100_000, abs=8_000)


def test_an_occluded_needle_lets_the_feed_stand_still() -> None:
    feed = Feed("1ml", 10_000, 130, 500_000)  # nothing leaves below 500 kPa
    for _ in range(500):
        feed.tick(feed.dose.step())
    assert not feed.dose.done
    assert feed.highest_pa < limits.PRESSURE_CEILING_PA
    assert [feed.dose.step() for _ in range(10)] == [0] * 10


@pytest.mark.law
@share(0.5)
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(-20_000, 500_000)), min_size=1, max_size=80))
def test_whatever_is_measured_the_feed_goes_forward_on_the_ramp_or_stands(story: "list[tuple[int, int]]") -> None:
    feed = Feed("1ml", 10_000, 130, 20_000)
    before = 0
    for position, pressure_pa in story:
        feed.fluid.update(position, pressure_pa)
        chunk = feed.dose.step()
        assert 0 <= chunk <= min(before + limits.RAMP_STEPS, limits.CHUNK_MAX_STEPS)
        before = chunk
