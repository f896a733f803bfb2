"""Relax: the way back of the plunger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.calibration import SYRINGES, Calibration
from firmware.fluid import Fluid
from firmware.motion import Ramp
from firmware.relax import Relax


class Plunger:
    """Slack, then a stiff liquid between plunger and a needle that lets nothing through."""

    def __init__(self, syringe: str, slack_steps: int, pressure_pa: int) -> None:
        calibration = Calibration(syringe)
        self.fluid = Fluid()
        self.fluid.use(calibration, 130)
        self.fluid.begin(0, 700)
        self.pa_per_step = 1000 * calibration.pl_per_step / calibration.compliance_pl_per_kpa
        self.position = 3000
        self.slack_steps = slack_steps
        self.stopper = 3000
        self.pressure_pa = float(pressure_pa)
        self.lowest_pa = self.pressure_pa
        self.relax = Relax(Ramp(), self.fluid)
        for _ in range(300):  # nothing flows: the tissue holds all of it
            self.fluid.update(self.position, pressure_pa)
        self.chunks: list[int] = []

    def move(self, steps: int) -> None:
        """One tick."""
        self.chunks.append(steps)
        self.position += steps
        pulled = min(0, self.position + self.slack_steps - self.stopper)
        self.stopper += pulled
        self.pressure_pa += pulled * self.pa_per_step
        self.lowest_pa = min(self.lowest_pa, self.pressure_pa)

    def run(self, ticks: int = 800) -> Relax:
        """Until it is done, or for so long."""
        for _ in range(ticks):
            if self.relax.done:
                break
            self.move(self.relax.step(self.position, round(self.pressure_pa)))
        return self.relax


@pytest.mark.parametrize("syringe", SYRINGES)
@pytest.mark.parametrize("pressure_pa", [5_000, 80_000, 300_000])
@pytest.mark.parametrize("known", [True, False])
def test_what_is_stored_is_taken_back_until_nothing_presses(syringe: str, pressure_pa: int, known: bool) -> None:
    plunger = Plunger(syringe, 60, pressure_pa)
    plunger.relax.begin(plunger.position, 60 if known else 0, 0)
    relax = plunger.run()
    assert relax.done
    assert -3_000 < plunger.pressure_pa <= 500
    assert plunger.lowest_pa > -6_000
    assert relax.moved_steps == -sum(plunger.chunks[:-1]) or relax.moved_steps == 3000 - plunger.position
    assert all(chunk <= 0 for chunk in plunger.chunks)


def test_known_slack_makes_it_faster() -> None:
    ticks: list[int] = []
    for slack_steps in (60, 0):
        plunger = Plunger("1ml", 60, 3_000)
        plunger.relax.begin(plunger.position, slack_steps, 0)
        plunger.run()
        ticks.append(len(plunger.chunks))
    assert ticks[0] < ticks[1] / 2


def test_a_slack_shorter_than_known_pulls_no_deep_suction() -> None:
    plunger = Plunger("1ml", 20, 20_000)
    plunger.relax.begin(plunger.position, 100, 0)
    assert plunger.run().done
    assert plunger.lowest_pa > -25_000


def test_a_tissue_that_gives_all_back_is_not_emptied() -> None:
    plunger = Plunger("1ml", 10, 60_000)
    plunger.relax.begin(plunger.position, 10, 0)
    for _ in range(2000):
        plunger.move(plunger.relax.step(plunger.position, 20_000))  # whatever is taken back, the papule refills
    assert not plunger.relax.done
    stored_steps = 60 * 2550 // 5422
    assert 3000 - plunger.position <= 10 + 8 + stored_steps * 5 // 4 + 1


def test_the_needle_may_leave_when_little_is_stored_or_all_was_done_that_should_have_taken_it_back() -> None:
    plunger = Plunger("1ml", 0, 60_000)
    plunger.relax.begin(plunger.position, 20, 20_000)
    assert not plunger.relax.low(60_000)
    assert plunger.relax.low(5_000)  # 2.55 nl/kPa: 11 nl
    planned = plunger.relax.ticks_to_go()
    for _ in range(30):
        plunger.move(plunger.relax.step(plunger.position, 60_000))  # the pressure does not fall
    assert planned > plunger.relax.ticks_to_go()
    assert plunger.relax.low(60_000)


def test_once_done_nothing_moves() -> None:
    plunger = Plunger("1ml", 5, 2_000)
    plunger.relax.begin(plunger.position, 5, 0)
    assert plunger.run().done
    assert [plunger.relax.step(plunger.position, 90_000) for _ in range(10)] == [0] * 10


def test_the_time_to_go_shrinks_to_little() -> None:
    plunger = Plunger("5ml", 80, 60_000)
    plunger.relax.begin(plunger.position, 80, 0)
    before = plunger.relax.ticks_to_go()
    plunger.run()
    assert before > plunger.relax.ticks_to_go() <= 4
    assert before >= len(plunger.chunks) // 6


@pytest.mark.law
@given(
    st.sampled_from(SYRINGES),
    st.integers(-5_000, 400_000),
    st.integers(0, 400),
    st.lists(st.integers(-30_000, 400_000), max_size=60),
)
def test_whatever_the_pressure_does_relaxing_only_goes_back_and_no_further_than_planned(
    syringe: str, pressure_pa: int, slack_steps: int, story: "list[int]"
) -> None:
    plunger = Plunger(syringe, 400, max(pressure_pa, 0))
    plunger.relax.begin(plunger.position, slack_steps, 0)
    stored_pl = max(plunger.fluid.stored_pl(max(pressure_pa, 0)), 0)
    most_steps = (slack_steps or 400) + 8 + stored_pl // plunger.fluid.pl_per_step * 5 // 4
    for now_pa in story * 10:
        chunk = plunger.relax.step(plunger.position, now_pa)
        assert -40 <= chunk <= 0
        plunger.position += chunk
    assert 3000 - plunger.position <= most_steps + 1
