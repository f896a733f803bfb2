"""The gate alone is sufficient: over a million ticks no planner comes past a limit, judged by counting."""

import functools

import pytest

from firmware import faults, shot
from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.gate_planners import count
from host_tests.rig import Rig

STORIES = 3_700  # of at most 400 ticks; a fault ends one
BATCHES = 4


@functools.cache
def counted(seed: int) -> "tuple[int, int, int, int, tuple[str, ...]]":
    """One batch."""
    verdict = count(STORIES // BATCHES, seed)
    return verdict.ticks, verdict.removed, verdict.moved, verdict.at_bounds, tuple(verdict.broken)


@pytest.mark.law
@pytest.mark.no_cover
def test_no_planner_passes_a_limit_in_a_million_ticks(record_figure: RecordFigure) -> None:
    batches = [counted(seed) for seed in range(BATCHES)]
    assert [broken for batch in batches for broken in batch[4]] == []
    ticks = sum(batch[0] for batch in batches)
    assert ticks >= 1_000_000
    record_figure("ticks of the gate alone", ticks)
    # The planners were let through often, were stopped often, and stood at a limit of depth or volume often.
    assert sum(batch[1] for batch in batches) > ticks // 4
    assert sum(batch[2] for batch in batches) > ticks // 8
    assert sum(batch[3] for batch in batches) > 5_000


class Forgetful:
    """In place of the shot's own planner: feeds at full speed, and whenever the gate stops it counts from zero."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.begun = 0
        rig.loop.shot.phase = shot.DOSE
        rig.loop.shot.step = self.step

    def step(self, position_steps: int, now_us: int) -> None:
        """Proposals of one tick."""
        loop = self.rig.loop
        if loop.fluid.displaced_pl > loop.settings.dose_nl * 1000:
            loop.fluid.begin(position_steps, loop.fluid.pressure_pa)
            self.begun += 1
        loop.shot.dose_steps = loop.dose_ramp.forward(40)


def test_a_planner_that_counts_from_zero_while_the_needle_is_in_is_stopped() -> None:
    rig = moments.in_phase("dose")
    before_nl = rig.plant.delivered_nl
    planner = Forgetful(rig)
    rig.run(1600)
    assert planner.begun > 0
    assert faults.names(rig.loop.faults) == ["gate"]
    assert rig.plant.delivered_nl - before_nl <= 10_500 + 10 * 5.422
