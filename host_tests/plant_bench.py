"""A plant alone on a bench: what tests of the physics do again and again."""

from tools.simulator.plant import Plant

TICK_US = 2000
QUIET: "dict[str, float]" = {"pressure_noise_kpa": 0, "needle_noise_um": 0}
BLOCKED: "dict[str, float]" = {"occluded_after_nl": 0}

ONE_ML: "dict[str, float]" = {
    "um_per_dose_step": 0.3125,
    "um_per_needle_step": 5.0,
    "syringe_area_mm2": 17.35,
    "syringe_nl": 1_000_000,
}
FIVE_ML = ONE_ML | {"syringe_area_mm2": 118.8, "syringe_nl": 5_000_000}


def plant_of_seed(seed: int, /, *parts: "dict[str, float]", **changes: float) -> Plant:
    """A 1 ml plant without sensor noise and without air in its needle, unless `parts` and `changes` say otherwise."""
    params = ONE_ML | QUIET | {"needle_air_nl": 0}
    for part in (*parts, changes):
        params |= part
    return Plant(params, seed)


def plant(*parts: "dict[str, float]", **changes: float) -> Plant:
    """The same with seed 1."""
    return plant_of_seed(1, *parts, **changes)


def feed(plant: Plant, steps: int, per_tick: int = 10) -> None:
    """Moves the plunger by so many signed steps, slowly enough for the motor."""
    while steps:
        chunk = max(-per_tick, min(per_tick, steps))
        plant.advance(TICK_US, chunk, 0)
        steps -= chunk


def wait(plant: Plant, seconds: float) -> None:
    """Lets time pass."""
    for _ in range(round(seconds * 1_000_000 / TICK_US)):
        plant.advance(TICK_US, 0, 0)


def prick(plant: Plant, steps: int = 600) -> None:
    """Sets the plant on the skin and its needle so many steps (5 um each) deeper; 400 is the nozzle plane."""
    plant.contact = True
    for _ in range(steps // 10):
        plant.advance(TICK_US, 0, 10)


def imbalance_nl(plant: Plant) -> float:
    """What the accounts of volume do not explain; the plant must have started without air."""
    went = plant.delivered_nl + plant.surface_nl + plant.primed_nl - plant.air_nl
    return plant.displaced_nl - plant.stored_nl - went
