"""The project's plant as a whole: volume is conserved, the interface holds, and every interpreter tells the same."""

import shutil
import subprocess
import sys
import warnings
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.figures import RecordFigure
from host_tests.plant_bench import FIVE_ML, ONE_ML, TICK_US, feed, imbalance_nl, plant, plant_of_seed, prick, wait
from tools.simulator.plant import Plant

ROOT = Path(__file__).resolve().parent.parent

TRACE_PROGRAM = """
import sys
sys.path.insert(0, ".")
import hashlib, struct
from tools.simulator.plant import Plant
params = {
    "um_per_dose_step": 0.3125, "um_per_needle_step": 5.0, "syringe_area_mm2": 17.35, "tissue_kpa": 33.3,
    "skin_um": 12.5, "skin_spread_um": 21.7, "bubble_nl": 1234.5, "bubble_after_nl": 30000, "screw_error_um": 1.3,
    "occluded_after_nl": 60000, "needle_kpa_s_per_nl": 0.0012, "needle_air_nl": 321,
}
plant = Plant(params, 4711)
digest = hashlib.sha256()
state = 1
for n in range(10000):
    state = state * 157 % 32363
    phase = n % 500
    plant.contact = phase > 40
    needle = 10 if 50 <= phase < 110 else -10 if 380 <= phase < 440 else 0
    dose = state % 13 if phase < 300 else -(state % 7) if phase < 360 else 0
    if n == 7777:
        plant.load(500000)
    plant.advance(2000 if state % 50 else 730, dose, needle)
    digest.update(struct.pack(
        "<7d", plant.pressure_kpa, plant.needle_um, plant.delivered_nl, plant.surface_nl, plant.depth_um,
        plant.displaced_nl, plant.primed_nl,
    ))
print("%.3f" % plant.delivered_nl, digest.digest().hex())
"""

moves = st.lists(
    st.tuples(
        st.sampled_from(["feed", "back", "wait", "in", "out", "lift", "touch"]),
        st.integers(1, 40),
        st.sampled_from([500, 2000, 3100]),
    ),
    max_size=25,
)
some_params = st.fixed_dictionaries(
    {},
    optional={
        "fluid_nl_per_kpa": st.floats(0.5, 60),
        "drive_um_per_kpa": st.floats(0, 0.5),
        "bubble_nl": st.floats(0, 10_000),
        "bubble_after_nl": st.floats(0, 3_000),
        "backlash_um": st.floats(0, 30),
        "stopper_friction_kpa": st.floats(0, 40),
        "screw_error_um": st.floats(0, 1.5),
        "needle_kpa_s_per_nl": st.floats(1e-5, 2e-2),
        "capillary_kpa": st.floats(0, 3),
        "tissue_kpa": st.floats(0, 100),
        "tissue_kpa_per_nl": st.floats(0, 0.01),
        "tissue_relax_s": st.floats(0, 5),
        "skin_um": st.floats(-50, 50),
        "occluded_after_nl": st.floats(0, 3_000),
        "syringe_nl": st.floats(100, 5_000),
    },
)


def _play(ready: Plant, what: str, steps: int, dt_us: int) -> None:
    if what in ("lift", "touch"):
        ready.contact = what == "touch"
    dose = {"feed": 1, "back": -1}.get(what, 0) * min(steps, 12)
    needle = {"in": 1, "out": -1}.get(what, 0) * 12
    for _ in range(steps):
        ready.advance(dt_us, dose, needle)


@pytest.mark.law
@given(changes=some_params, story=moves, size=st.sampled_from([ONE_ML, FIVE_ML]), seed=st.integers(0, 1000))
def test_what_the_stopper_displaces_has_left_or_is_stored(
    changes: "dict[str, float]", story: "list[tuple[str, int, int]]", size: "dict[str, float]", seed: int
) -> None:
    ready = plant_of_seed(seed, size, changes)
    feed(ready, 20)
    prick(ready)
    feed(ready, 100)
    for what, steps, dt_us in story:
        _play(ready, what, steps, dt_us)
        assert abs(imbalance_nl(ready)) < 1e-6
        assert min(ready.surface_nl, ready.primed_nl, ready.air_nl, ready.papule_nl, ready.depth_um) >= 0
        assert ready.true_kpa > -101.4


@pytest.mark.law
@settings(max_examples=30)
@given(changes=some_params, seed=st.integers())
def test_same_parameters_and_seed_give_the_same_plant(changes: "dict[str, float]", seed: int) -> None:
    one, other = Plant(ONE_ML | changes, seed), Plant(ONE_ML | changes, seed)
    for ready in (one, other):
        prick(ready)
        feed(ready, 50)
    assert (one.pressure_kpa, one.needle_um, one.delivered_nl) == (
        other.pressure_kpa,
        other.needle_um,
        other.delivered_nl,
    )


def test_sensor_noise_has_the_size_that_was_asked_for() -> None:
    ready = Plant(ONE_ML | {"pressure_noise_kpa": 0.8, "needle_noise_um": 6}, 5)
    pressures_kpa: list[float] = []
    places_um: list[float] = []
    for _ in range(5_000):
        ready.advance(TICK_US, 0, 0)
        pressures_kpa.append(ready.pressure_kpa)
        places_um.append(ready.needle_um + 2000)
    assert isclose((sum(p * p for p in pressures_kpa) / 5_000) ** 0.5, 0.8, rel_tol=0.05)
    assert isclose((sum(x * x for x in places_um) / 5_000) ** 0.5, 6, rel_tol=0.05)
    cross = sum(p * x for p, x in zip(pressures_kpa, places_um, strict=True)) / 5_000 / 0.8 / 6
    assert abs(cross) < 4 / 5_000**0.5


def test_without_a_syringe_there_is_only_noise() -> None:
    ready = Plant(ONE_ML | {"syringe_nl": 0}, 1)
    prick(ready)
    feed(ready, 2_000)
    assert abs(ready.pressure_kpa) < 3
    assert (ready.delivered_nl, ready.surface_nl) == (0, 0)
    assert ready.depth_um == 1000


def test_a_full_syringe_keeps_the_account_and_begins_without_pressure() -> None:
    ready = plant()
    prick(ready)
    feed(ready, 500)
    delivered_nl = ready.delivered_nl
    ready.load(1_000_000)
    assert (ready.delivered_nl, ready.true_kpa, ready.stored_nl) == (delivered_nl, 0, 0)
    feed(ready, 500)
    wait(ready, 0.1)
    assert ready.delivered_nl > delivered_nl + 2_000


def test_nominal_contents_follow_from_the_area() -> None:
    for area_mm2, content_nl in ((17.35, 1e6), (118.8, 5e6), (191.1, 1e7)):
        ready = Plant({"um_per_dose_step": 1.0, "um_per_needle_step": 5.0, "syringe_area_mm2": area_mm2}, 1)
        while not ready.stalled_um:
            feed(ready, 40_000, per_tick=10)
        assert isclose(ready.displaced_nl, content_nl, rel_tol=1e-6)


def test_the_hand_may_take_the_syringe_out_but_not_less_than_nothing_in() -> None:
    ready = plant()
    ready.load(0)
    feed(ready, 200)
    assert ready.displaced_nl == 0
    with pytest.raises(ValueError, match="less than nothing"):
        ready.load(-1)


def test_lost_steps_of_either_motor_move_nothing() -> None:
    ready = plant(backlash_um=0, stopper_friction_kpa=0)
    ready.advance(TICK_US, 30, 30)
    assert (ready.lost_dose_steps, ready.lost_needle_steps) == (30, 30)
    assert (ready.displaced_nl, ready.needle_um, ready.home) == (0, -2000, True)


def test_unknown_names_are_ignored_and_missing_ones_are_named() -> None:
    plant(colour=3, phase_of_moon=0.5).advance(TICK_US, 1, 1)
    for name in ("um_per_dose_step", "um_per_needle_step", "syringe_area_mm2"):
        with pytest.raises(KeyError, match=name):
            Plant({key: value for key, value in ONE_ML.items() if key != name}, 1)


def _trace(interpreter: str) -> str:
    done = subprocess.run(
        [interpreter, "-c", TRACE_PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_ten_thousand_steps_are_the_same_to_the_last_bit_on_micropython(record_figure: RecordFigure) -> None:
    beside = Path(sys.executable).parent / "micropython"
    micropython = str(beside) if beside.exists() else shutil.which("micropython")
    if micropython is None:
        warnings.warn("NO MICROPYTHON FOUND: portability of the plant's trace was not tested", stacklevel=1)
        pytest.skip("no micropython beside the running Python nor on the PATH")
    trace = _trace(sys.executable)
    assert float(trace.split()[0]) > 10_000  # something was delivered
    assert _trace(micropython) == trace
    record_figure("interpreters", "CPython")
    record_figure("interpreters", "MicroPython Unix port")
