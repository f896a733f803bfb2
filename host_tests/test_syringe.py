"""The plant's syringe: play, spring, friction, compliance and gas, each by its textbook formula."""

from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.plant_bench import (
    BLOCKED,
    FIVE_ML,
    ONE_ML,
    TICK_US,
    feed,
    imbalance_nl,
    plant,
    plant_of_seed,
    prick,
    wait,
)
from tools.simulator.plant import Plant

AMBIENT_KPA = 101.325
NO_FRICTION: "dict[str, float]" = {"stopper_friction_kpa": 0}
EXACT_SCREW: "dict[str, float]" = {"screw_error_um": 0}
RIGID: "dict[str, float]" = {"drive_um_per_kpa": 0, "backlash_um": 0}


def _pressurised(kpa: float, **changes: float) -> Plant:
    """A blocked plant under at least this pressure."""
    closed = plant(BLOCKED, EXACT_SCREW, changes)
    while closed.true_kpa < kpa:
        feed(closed, 1)
    return closed


@pytest.mark.parametrize("size", [ONE_ML, FIVE_ML])
@pytest.mark.parametrize("resistance", [1.2e-3, 2.6e-3])
def test_pressure_decays_with_resistance_times_compliance_of_the_liquid(
    size: "dict[str, float]", resistance: float
) -> None:
    ready = plant(size, RIGID, needle_kpa_s_per_nl=resistance, fluid_nl_per_kpa=40, capillary_kpa=0)
    feed(ready, 300)
    time_constant_s = resistance * 40
    before = ready.true_kpa
    wait(ready, time_constant_s)
    assert isclose(ready.true_kpa / before, exp(-1), rel_tol=0.01)


def test_without_friction_the_drive_belongs_to_the_time_constant() -> None:
    ready = plant(FIVE_ML, NO_FRICTION, needle_kpa_s_per_nl=2.6e-3, fluid_nl_per_kpa=20, capillary_kpa=0)
    feed(ready, 100)
    before = ready.true_kpa
    wait(ready, 0.1)
    assert isclose(ready.true_kpa / before, exp(-0.1 / 2.6e-3 / (20 + 118.8 * 0.12)), rel_tol=0.01)


@pytest.mark.parametrize(("size", "total_nl_per_kpa"), [(ONE_ML, 2.55), (FIVE_ML, 29.0)])
def test_nominal_compliance_of_fluid_and_drive_is_that_of_the_syringe(
    size: "dict[str, float]", total_nl_per_kpa: float
) -> None:
    ready = plant(size, BLOCKED, EXACT_SCREW)
    feed(ready, 100)
    before_kpa = ready.true_kpa
    feed(ready, 10)
    pushed_nl = 10 * 0.3125 * size["syringe_area_mm2"]
    assert isclose(pushed_nl / (ready.true_kpa - before_kpa), total_nl_per_kpa, rel_tol=1e-6)


def test_friction_holds_the_pressure_on_reversal_until_the_drive_has_turned_round() -> None:
    ready = _pressurised(150, drive_um_per_kpa=0.2, stopper_friction_kpa=30)
    top_kpa = ready.true_kpa
    turn_um = 0.2 * 2 * 30  # from pushing 30 kPa more than the liquid to 30 kPa less: the play never opens
    feed(ready, -int(turn_um / 0.3125))
    assert ready.true_kpa == top_kpa
    feed(ready, -2)
    assert ready.true_kpa < top_kpa


def test_below_the_friction_reversal_must_cross_the_play_and_pull() -> None:
    ready = _pressurised(10, drive_um_per_kpa=0.1, stopper_friction_kpa=30, backlash_um=20)
    top_kpa = ready.true_kpa
    turn_um = 0.1 * 2 * 30 + 20
    feed(ready, -int(turn_um / 0.3125))
    assert ready.true_kpa == top_kpa
    feed(ready, -2)
    assert ready.true_kpa < top_kpa


def test_above_the_friction_pressure_pushes_the_stopper_back_through_the_play() -> None:
    ready = _pressurised(200, stopper_friction_kpa=20, backlash_um=30)
    there_um = ready.stopper_um
    feed(ready, -100)
    assert ready.stopper_um < there_um - 10
    assert isclose(ready.true_kpa, 20, rel_tol=1e-6)  # the pusher is in its play, and friction holds the rest
    assert ready.lost_dose_steps == 0


def test_without_pressure_a_reversal_moves_nothing_until_the_play_is_crossed() -> None:
    ready = plant(BLOCKED, EXACT_SCREW, NO_FRICTION, backlash_um=15, drive_um_per_kpa=0)
    feed(ready, 100)
    feed(ready, -100)
    while ready.true_kpa > 0:
        feed(ready, -1)
    there_um = ready.stopper_um
    feed(ready, -15)  # up to a step of the play was crossed before
    crossed = ready.stopper_um
    feed(ready, -48)
    assert isclose(crossed, there_um, abs_tol=1e-9)
    assert ready.stopper_um < there_um - 4


def test_a_new_syringe_is_touched_somewhere_within_the_play() -> None:
    slacks: list[float] = []
    for seed in range(20):
        ready = plant_of_seed(seed, BLOCKED, EXACT_SCREW, NO_FRICTION)
        steps = 0
        while ready.true_kpa == 0:
            feed(ready, 1)
            steps += 1
        slacks.append(steps * 0.3125)
    assert min(slacks) < 5
    assert 10 < max(slacks) <= 15.4


@given(gas_nl=st.floats(10, 20_000), steps=st.integers(20, 300))
def test_a_bubble_adds_what_an_ideal_gas_gives_way(gas_nl: float, steps: int) -> None:
    ready = plant(BLOCKED, RIGID, bubble_nl=gas_nl)
    feed(ready, steps)
    p = ready.true_kpa
    gas_gave_way_nl = gas_nl - gas_nl * AMBIENT_KPA / (AMBIENT_KPA + p)
    fluid_nl_per_kpa = 2.55 - 17.35 * 0.02
    assert isclose(ready.displaced_nl, fluid_nl_per_kpa * p + gas_gave_way_nl, rel_tol=1e-9)


def test_five_microlitres_of_air_add_about_35_nl_per_kpa_at_ambient_on_top_of_the_liquid() -> None:
    ready = plant(BLOCKED, RIGID, bubble_nl=5_000, fluid_nl_per_kpa=2)
    feed(ready, 2, 1)
    assert isclose(ready.displaced_nl / ready.true_kpa, 2 + 5_000 / AMBIENT_KPA, rel_tol=0.01)


def test_a_bubble_that_appears_later_changes_neither_pressure_nor_balance() -> None:
    ready = plant(bubble_nl=3_000, bubble_after_nl=2_000, needle_kpa_s_per_nl=2.6e-3, tissue_relax_s=1e9)
    prick(ready)
    before_kpa, jump_kpa = ready.true_kpa, 0.0
    for _ in range(400):
        feed(ready, 4)
        if ready.delivered_nl > 1_000:
            jump_kpa = max(jump_kpa, abs(ready.true_kpa - before_kpa))
        before_kpa = ready.true_kpa
    assert ready.delivered_nl > 3_000
    assert jump_kpa < 5
    assert abs(imbalance_nl(ready)) < 1e-6


def test_an_empty_syringe_stops_its_stopper_and_the_pressure_falls() -> None:
    ready = plant(ONE_ML | {"syringe_nl": 5_000}, tissue_kpa=20, tissue_relax_s=0.01)
    prick(ready)
    feed(ready, 925)  # 5 015 nl: the play as well
    assert ready.true_kpa > 20.5
    feed(ready, 300)
    wait(ready, 0.1)
    assert isclose(ready.displaced_nl, 5_000, abs_tol=1e-6)
    assert isclose(ready.delivered_nl, 5_000 - ready.stored_nl, abs_tol=1e-6)
    assert isclose(ready.true_kpa, 20, abs_tol=0.5)


def test_against_the_end_of_the_barrel_the_motor_stalls_and_loses_its_way() -> None:
    ready = plant(FIVE_ML | {"syringe_nl": 10_000})
    feed(ready, 2_000)
    assert ready.stalled_um > 300
    lost_um = ready.stalled_um
    feed(ready, 100)
    assert isclose(ready.stalled_um, lost_um + 31.25, abs_tol=2)


def test_pulling_on_a_vacuum_stalls_the_motor_too() -> None:
    ready = plant(BLOCKED, drive_um_per_kpa=0.001, stopper_friction_kpa=100_000)
    feed(ready, -600)
    assert ready.stalled_um > 50


def test_torn_liquid_cannot_be_pulled_below_vacuum() -> None:
    ready = plant(BLOCKED)
    feed(ready, -3_000)
    assert -100 < ready.true_kpa < -97
    assert abs(imbalance_nl(ready)) < 1e-6
    feed(ready, 3_200)
    assert ready.true_kpa > 0


@given(
    resistance=st.floats(1e-7, 1e3),
    fluid=st.floats(1e-3, 1e3),
    drive=st.floats(0, 10),
    bubble=st.sampled_from([0.0, 1.0, 50_000.0]),
)
def test_no_stiffness_makes_it_swing(resistance: float, fluid: float, drive: float, bubble: float) -> None:
    ready = plant(needle_kpa_s_per_nl=resistance, fluid_nl_per_kpa=fluid, drive_um_per_kpa=drive, bubble_nl=bubble)
    feed(ready, 60)
    last_kpa = ready.true_kpa
    for _ in range(50):
        ready.advance(TICK_US, 0, 0)
        assert ready.true_kpa <= last_kpa * (1 + 1e-9) + 1e-9
        assert ready.true_kpa >= -1e-9
        last_kpa = ready.true_kpa


def test_finer_steps_of_time_tell_the_same_story() -> None:
    whole, quarters = plant(needle_kpa_s_per_nl=1e-2), plant(needle_kpa_s_per_nl=1e-2)
    for steps in [8] * 100 + [0] * 20:
        whole.advance(2000, steps, 0)
        for _ in range(4):
            quarters.advance(500, steps // 4, 0)
    assert isclose(quarters.true_kpa, whole.true_kpa, rel_tol=0.01)
    assert isclose(quarters.primed_nl, whole.primed_nl, rel_tol=0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        {"syringe_area_mm2": 0},
        {"fluid_nl_per_kpa": 0},
        {"fluid_nl_per_kpa": -1},
        {"drive_um_per_kpa": -1},
        {"backlash_um": -1},
        {"stopper_friction_kpa": -1},
        {"needle_kpa_s_per_nl": 0},
        {"tissue_kpa": -1},
        {"tissue_relax_s": -1},
        {"capillary_kpa": -1},
        {"syringe_nl": -1},
    ],
)
def test_what_no_machine_can_have_is_refused(wrong: "dict[str, float]") -> None:
    with pytest.raises(ValueError, match=r"\w"):
        plant(wrong)


@pytest.mark.parametrize("bubble_nl", [0, 5_000])
@pytest.mark.parametrize("capillary_kpa", [0, 1.5])
def test_rest_that_is_not_worked_out_anew_is_the_same_to_the_last_bit(capillary_kpa: float, bubble_nl: float) -> None:
    ours, anew = (plant_of_seed(3, capillary_kpa=capillary_kpa, bubble_nl=bubble_nl, bubble_after_nl=700) for _ in "ab")

    def both(ticks: int, dose_steps: int = 0, needle_steps: int = 0) -> None:
        for _ in range(ticks):
            anew._syringe._settled_into = None  # pyright: ignore[reportPrivateUsage]
            seen: list[list[float]] = []
            for each in (ours, anew):
                each.advance(TICK_US, dose_steps, needle_steps)
                accounts = [each.displaced_nl, each.stored_nl, each.primed_nl, each.delivered_nl, each.surface_nl]
                seen.append([each.true_kpa, each.pressure_kpa, each.stopper_um, each.papule_nl, *accounts])
            assert seen[0] == seen[1]

    for _ in range(2):
        both(40, dose_steps=10)  # liquid comes, or air that is drawn in goes
        both(1500)
        assert ours._syringe._settled_into is not None  # pyright: ignore[reportPrivateUsage]
        both(30, dose_steps=-3)
        both(200)
        ours.contact = anew.contact = True
        both(60, needle_steps=10)
        both(10, dose_steps=10)
        both(300)
        both(60, needle_steps=-10)
        ours.contact = anew.contact = False
        both(300)
        ours.load(1_000_000)
        anew.load(1_000_000)
        both(300)
