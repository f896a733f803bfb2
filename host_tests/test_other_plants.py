"""Three plants behind one interface: each is honest about its parameters, and the unfavourable one is unfavourable."""

from collections.abc import Callable
from math import exp, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.plant_bench import ONE_ML, TICK_US
from host_tests.plants.linear_tissue import LinearTissuePlant
from host_tests.plants.unfavourable import UnfavourablePlant
from tools.simulator.plant import Plant

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

AnyPlant = Plant | UnfavourablePlant | LinearTissuePlant
MakePlant = Callable[["dict[str, float]", int], AnyPlant]

every_plant = pytest.mark.parametrize("make", [Plant, UnfavourablePlant, LinearTissuePlant])
NOISELESS: "dict[str, float]" = {"pressure_noise_kpa": 0, "needle_noise_um": 0}
NL_PER_STEP = 0.3125 * 17.35


def _advance(plant: AnyPlant, count: int, dose: int = 0, needle: int = 0) -> None:
    for _ in range(count):
        plant.advance(TICK_US, dose, needle)


def _prime(plant: AnyPlant) -> None:
    _advance(plant, 100, dose=10)
    _advance(plant, 100)


def _in_skin(plant: AnyPlant) -> None:
    plant.contact = True
    _advance(plant, 60, needle=10)


def _true_kpa(plant: AnyPlant) -> float:
    return plant.true_kpa if isinstance(plant, Plant) else plant.kpa


@every_plant
def test_what_was_fed_into_the_skin_is_delivered_except_what_is_stored(make: MakePlant) -> None:
    plant = make(ONE_ML, 3)
    _prime(plant)
    _in_skin(plant)
    before_kpa, before_nl = _true_kpa(plant), plant.delivered_nl
    _advance(plant, 200, dose=10)
    _advance(plant, 50)
    stored_nl = 2.55 * (_true_kpa(plant) - before_kpa)
    assert isclose(plant.delivered_nl - before_nl, 2000 * NL_PER_STEP - stored_nl, rel_tol=0.005)
    assert plant.surface_nl < 0.1
    assert plant.depth_um == 1000


@every_plant
def test_nothing_is_delivered_or_on_the_skin_while_there_is_no_skin(make: MakePlant) -> None:
    plant = make(ONE_ML, 3)
    _prime(plant)
    _advance(plant, 60, needle=10)
    _advance(plant, 100, dose=10)
    assert (plant.delivered_nl, plant.surface_nl, plant.depth_um) == (0, 0, 0)


@every_plant
def test_with_the_needle_parked_liquid_ends_on_the_skin(make: MakePlant) -> None:
    plant = make(ONE_ML, 3)
    _prime(plant)
    plant.contact = True
    _advance(plant, 100, dose=10)
    assert plant.delivered_nl == 0
    assert isclose(plant.surface_nl, 1000 * NL_PER_STEP, rel_tol=0.02)


@every_plant
def test_an_occlusion_stops_delivery_and_pressure_stays(make: MakePlant) -> None:
    plant = make(ONE_ML | {"occluded_after_nl": 2_000}, 3)
    _prime(plant)
    _in_skin(plant)
    _advance(plant, 100, dose=10)
    assert 2_000 <= plant.delivered_nl < 2_100
    high_kpa = _true_kpa(plant)
    assert high_kpa > 500
    _advance(plant, 100)
    assert _true_kpa(plant) > 0.95 * high_kpa


@every_plant
def test_an_empty_syringe_delivers_no_more(make: MakePlant) -> None:
    plant = make(ONE_ML | {"syringe_nl": 10_000}, 3)
    _prime(plant)
    _in_skin(plant)
    _advance(plant, 200, dose=10)
    _advance(plant, 300)
    delivered_nl = plant.delivered_nl
    _advance(plant, 100, dose=10)
    assert plant.delivered_nl - delivered_nl < 10  # giving way, the tissue takes a little of what was under pressure
    assert _true_kpa(plant) < 25


@every_plant
def test_a_missing_syringe_shows_no_pressure(make: MakePlant) -> None:
    plant = make(ONE_ML | {"syringe_nl": 0}, 3)
    _prime(plant)
    assert abs(plant.pressure_kpa) < 4


@every_plant
def test_a_bubble_is_soft(make: MakePlant) -> None:
    pressures: list[float] = []
    for bubble_nl in (0, 5_000):
        plant = make(ONE_ML | {"bubble_nl": bubble_nl, "occluded_after_nl": 0}, 3)
        _advance(plant, 30, dose=10)
        pressures.append(_true_kpa(plant))
    assert pressures[1] < pressures[0] / 3


@every_plant
def test_needle_comes_home_on_its_spring_and_home_says_so(make: MakePlant) -> None:
    plant = make(ONE_ML | NOISELESS, 3)
    _in_skin(plant)
    assert not plant.home
    steps = 0
    while not plant.home:
        plant.advance(TICK_US, 0, -40)
        steps += 40
    assert 580 <= steps <= 640
    assert abs(plant.needle_um + 2000) < 30


@every_plant
@pytest.mark.parametrize("sd_kpa", [0.3, 1.0])
def test_pressure_noise_has_its_size(make: MakePlant, sd_kpa: float) -> None:
    plant = make(ONE_ML | {"pressure_noise_kpa": sd_kpa}, 3)
    square = 0.0
    for _ in range(5_000):
        plant.advance(TICK_US, 0, 0)
        square += plant.pressure_kpa**2
    assert isclose(sqrt(square / 5_000), sd_kpa, rel_tol=0.06)


@pytest.mark.law
@given(
    moves=st.lists(st.tuples(st.integers(-10, 10), st.integers(-10, 10), st.booleans()), max_size=40),
    bubble_nl=st.sampled_from([0.0, 5_000.0]),
    friction_kpa=st.floats(0, 40),
    resistance=st.floats(1e-4, 1e-2),
)
def test_the_unfavourable_plant_conserves_volume_too(
    moves: "list[tuple[int, int, bool]]", bubble_nl: float, friction_kpa: float, resistance: float
) -> None:
    changes = {"bubble_nl": bubble_nl, "stopper_friction_kpa": friction_kpa, "needle_kpa_s_per_nl": resistance}
    plant = UnfavourablePlant(ONE_ML | changes, 3)
    appeared_nl = plant.stored_nl
    for dose, needle, contact in moves:
        plant.contact = contact
        _advance(plant, 3, dose, needle)
        went_nl = plant.delivered_nl + plant.surface_nl + plant.primed_nl + 300 - plant.air_nl
        assert abs(plant.displaced_nl - plant.stored_nl - plant.crept_nl - went_nl + appeared_nl) < 1e-6
        assert abs(plant.stored_nl - plant._stored(plant.kpa)[0]) < 0.01  # pyright: ignore[reportPrivateUsage]


def test_the_unfavourable_syringe_is_softer_at_low_pressure_and_right_in_the_mean() -> None:
    plant = UnfavourablePlant(ONE_ML | {"occluded_after_nl": 0, "drive_um_per_kpa": 0.02, "screw_error_um": 0}, 3)
    stored_nl = [sum((plant._stored(p)[0], plant.creeping * p)) for p in (0.0, 20.0, 100.0, 300.0, 320.0)]  # pyright: ignore[reportPrivateUsage]
    fluid_nl_per_kpa = 2.55 - 17.35 * 0.02
    assert isclose(stored_nl[2] / 100, fluid_nl_per_kpa, rel_tol=0.001)
    assert stored_nl[1] / 20 > 1.05 * fluid_nl_per_kpa
    assert (stored_nl[4] - stored_nl[3]) / 20 < 0.95 * fluid_nl_per_kpa


def test_the_unfavourable_stopper_creeps_for_a_third_of_a_second() -> None:
    plant = UnfavourablePlant(ONE_ML | {"occluded_after_nl": 0, "drive_um_per_kpa": 1e-6, "backlash_um": 0}, 3)
    _advance(plant, 40, dose=10)
    start_kpa = plant.kpa
    _advance(plant, 150)
    middle_kpa = plant.kpa
    _advance(plant, 1000)
    assert 0.01 < (start_kpa - plant.kpa) / start_kpa < 0.03
    assert isclose((middle_kpa - plant.kpa) / (start_kpa - plant.kpa), exp(-1), rel_tol=0.15)


def test_the_unfavourable_friction_is_weaker_backward_and_in_motion_and_wanders() -> None:
    plant = UnfavourablePlant(ONE_ML, 3)
    forward, backward = plant._friction()  # pyright: ignore[reportPrivateUsage]
    assert backward < 0.75 * forward
    plant.speed_um_per_s = 1000
    assert plant._friction()[0] < 0.8 * forward  # pyright: ignore[reportPrivateUsage]
    plant.speed_um_per_s = 0
    along: list[float] = []
    for millimetre in range(50):
        plant.stopper_um = plant.barrel_start_um + 1000 * millimetre
        along.append(plant._friction()[0])  # pyright: ignore[reportPrivateUsage]
    assert 17 <= min(along) < 18
    assert 22 < max(along) <= 23


def test_the_unfavourable_sensors_lag_drift_and_stretch() -> None:
    plant = UnfavourablePlant(ONE_ML | NOISELESS | {"occluded_after_nl": 0}, 3)
    _advance(plant, 100, dose=10)
    plant.advance(TICK_US, 10, 0)
    assert 1 < plant.kpa - plant.pressure_kpa < 40
    idle = UnfavourablePlant(ONE_ML | NOISELESS | {"syringe_nl": 0}, 3)
    zero_kpa: list[float] = []
    for _ in range(600):
        idle.advance(1_000_000, 0, 0)
        zero_kpa.append(idle.pressure_kpa)
    assert isclose(abs(zero_kpa[-1]), 0.5, abs_tol=0.01)
    _in_skin(idle)
    assert isclose(abs(idle.needle_um - 1000), 3, abs_tol=0.01)


def test_the_unfavourable_tissue_has_no_opening_pressure_and_gives_part_back() -> None:
    plant = UnfavourablePlant(ONE_ML | {"tissue_kpa": 40, "stopper_friction_kpa": 0, "tissue_relax_s": 1e6}, 3)
    _prime(plant)
    _in_skin(plant)
    pressures: list[float] = []
    for _ in range(8):
        _advance(plant, 10, dose=2)
        _advance(plant, 20)
        pressures.append(plant.kpa)
    assert pressures == sorted(pressures)
    assert pressures[0] < 20 < 25 < pressures[-1] < 40
    taken_nl = plant.delivered_nl
    _advance(plant, 100, dose=-10)
    assert isclose((taken_nl - plant.delivered_nl) / taken_nl, 0.3, abs_tol=0.02)


def test_the_linear_plant_brings_no_load_and_its_tissue_gives_back_all() -> None:
    assert not hasattr(LinearTissuePlant, "load")
    plant = LinearTissuePlant(ONE_ML | {"stopper_friction_kpa": 0}, 3)
    _prime(plant)
    _in_skin(plant)
    _advance(plant, 50, dose=10)
    assert plant.delivered_nl > 2_000
    _advance(plant, 100, dose=-10)
    assert abs(plant.delivered_nl) < 1
