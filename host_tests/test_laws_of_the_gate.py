"""The gate alone is sufficient: it only removes, and it keeps its bounds whatever a planner proposes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import limits, shot, states
from firmware.image import Outputs
from host_tests import moments
from host_tests.effort import share
from host_tests.gate_bench import Bench
from host_tests.random_hands import machines
from host_tests.rig import Rig

# --- removes only -------------------------------------------------------------------------------------------------

# Mostly such as a gate lets through: what is removed anyway says little.
CHUNKS = st.one_of(st.integers(-10, 10), st.integers(-60, 60))
COUNTS = st.integers(0, 4095)
FLAGS = st.sampled_from((1, 1, 1, 0))
STATES = st.sampled_from(("SHOT", "SHOT", "PRIME", "REWIND", "HOMING", *states.NAMES))


@st.composite
def benches(draw: st.DrawFn) -> Bench:
    """A gate in any circumstances."""
    bench = Bench()
    bench.state = draw(STATES)
    inputs = bench.inputs
    trouble = draw(st.sampled_from(("", "", "", "stop", "pressure", "needle", "supply", "late", "withheld")))
    inputs.stop_closed = 0 if trouble == "stop" else 1
    inputs.pressure_counts = draw(COUNTS) if trouble == "pressure" else 300
    inputs.needle_counts = draw(COUNTS) if trouble == "needle" else 1000
    inputs.supply_counts = draw(COUNTS) if trouble == "supply" else 3170
    inputs.late_us = 3000 if trouble == "late" else 0
    inputs.dose_withheld = draw(st.integers(1, 2)) if trouble == "withheld" else 0
    gate = bench.gate
    gate.trigger_both, gate.contact_both, gate.contacts_open = draw(FLAGS), draw(FLAGS), draw(FLAGS)
    gate.withdrawing_ticks = draw(st.sampled_from((0, 0, 30, 75, 76)))
    bench.fluid.pressure_pa = draw(st.integers(-50_000, 500_000))
    bench.fluid.tissue_pa = draw(st.integers(0, 200_000))
    bench.fluid.delivered_pl = draw(st.integers(-1_000_000, 12_000_000))
    bench.needle.counted_um = draw(st.integers(-2000, 1200))
    bench.needle.measured_um = bench.needle.counted_um + draw(st.sampled_from((0, 0, 0, 200, -200)))
    return bench


@pytest.mark.law
@share(5)
@given(benches(), st.lists(st.tuples(CHUNKS, CHUNKS, FLAGS, FLAGS), min_size=1, max_size=8))
def test_gate_only_removes(bench: Bench, wishes: "list[tuple[int, int, int, int]]") -> None:
    for dose_steps, needle_steps, dose_enable, needle_enable in wishes:
        outputs = Outputs()
        outputs.dose_chunk_steps, outputs.needle_chunk_steps = dose_steps, needle_steps
        outputs.dose_enable, outputs.needle_enable = dose_enable, needle_enable
        bench.gate.check(bench.inputs, outputs, states.NAMES.index(bench.state))
        assert outputs.dose_chunk_steps in (0, dose_steps)
        assert outputs.needle_chunk_steps in (0, needle_steps)
        assert outputs.dose_enable in (0, dose_enable)
        assert outputs.needle_enable in (0, needle_enable)
        assert (outputs.lamp, outputs.tone) == (0, 0)
        assert max(abs(outputs.dose_chunk_steps), abs(outputs.needle_chunk_steps)) <= limits.CHUNK_MAX_STEPS


# --- random planners in place of the shot -------------------------------------------------------------------------


class RandomPlanner:
    """In place of the shot's own: needle to the depth, and the plunger at any speed that the ramp allows, for ever."""

    def __init__(self, rig: Rig, speeds: "list[tuple[int, int]]", phase: int = shot.DOSE) -> None:
        self.rig = rig
        self.speeds = [steps for steps, ticks in speeds for _ in range(ticks)]
        self.tick = 0
        rig.loop.shot.phase = phase
        rig.loop.shot.step = self.step

    def step(self, position_steps: int, now_us: int) -> None:
        """Proposals of one tick."""
        loop = self.rig.loop
        wanted = self.speeds[self.tick % len(self.speeds)]
        self.tick += 1
        ramp = loop.dose_ramp
        loop.shot.dose_steps = ramp.forward(wanted) if wanted >= 0 else ramp.backward(-wanted)
        to_go = (loop.settings.depth_um - loop.needle.counted_um) // 5
        loop.shot.needle_steps = loop.needle.ramp.toward(to_go)


SPEEDS = st.lists(st.tuples(st.sampled_from((0, 0, 1, 5, 40, 40, -8)), st.integers(1, 60)), min_size=1, max_size=6)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.25)
@given(machines(), SPEEDS, st.sampled_from(range(shot.TOUCH_OFF, shot.WITHDRAW)))
def test_gate_alone_keeps_the_volume_bound_with_random_planners_in_any_phase(
    rig: Rig, speeds: "list[tuple[int, int]]", phase: int
) -> None:
    rig = moments.in_phase("extend", rig=rig)
    RandomPlanner(rig, speeds, phase)
    before_nl = rig.plant.delivered_nl
    rig.run(1600)
    rig.stop = 1  # the spring takes the needle out, and what is still stored comes out where it is
    rig.run(600)
    loop = rig.loop
    dose_pl = loop.settings.dose_nl * 1000
    bound_nl = (dose_pl + limits.overdose_pl(dose_pl, loop.fluid.pl_per_step)) / 1000
    screw_and_noise_nl = 10 * loop.fluid.pl_per_step / 1000
    assert rig.plant.delivered_nl - before_nl <= bound_nl + screw_and_noise_nl


class DeepPlanner(RandomPlanner):
    """Sends the needle anywhere, and the plunger nowhere."""

    def step(self, position_steps: int, now_us: int) -> None:
        """Proposals of one tick."""
        loop = self.rig.loop
        wanted = self.speeds[self.tick % len(self.speeds)]
        self.tick += 1
        ramp = loop.needle.ramp
        loop.shot.dose_steps = 0
        # Against the stop it would lose its count.
        wanted = max(wanted, (limits.NEEDLE_PARKED_UM - loop.needle.counted_um) // limits.NEEDLE_UM_PER_STEP)
        loop.shot.needle_steps = ramp.forward(wanted) if wanted >= 0 else ramp.backward(-wanted)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.4)
@given(st.lists(st.tuples(st.integers(-30, 40), st.integers(1, 40)), min_size=1, max_size=8), st.integers(1, 4))
def test_gate_alone_keeps_the_depth_bound_with_random_planners(speeds: "list[tuple[int, int]]", seed: int) -> None:
    rig = moments.in_phase("extend", rig=moments.shooting(seed=seed))
    DeepPlanner(rig, speeds)
    deepest_um = 0.0
    for _ in range(800):
        rig.tick()
        deepest_um = max(deepest_um, rig.plant.depth_um)
    assert deepest_um <= rig.loop.drop.depth_um + 50
