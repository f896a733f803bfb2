"""Moments of a session: a bench that is ready, armed, or somewhere in a shot, made once and copied for each test.

Preparing (homing, prime, arming) costs a thousand ticks, a copy costs less than fifty. Copies share nothing.
"""

import copy
import functools
from typing import Any

from firmware import shot, states
from host_tests.plants.unfavourable import UnfavourablePlant
from host_tests.rig import Rig, plant_params, settings
from tools.simulator.plant import Plant

PLANTS: "dict[str, type[Any]]" = {"own": Plant, "unfavourable": UnfavourablePlant}
# name: (compliance in nl/kPa and the drive's part of it in um/kPa, both as calibrated)
NOMINAL = {"1ml": (2.55, 0.02, 17.35), "5ml": (29.0, 0.12, 118.8), "10ml": (48.0, 0.12, 191.1)}
LONGEST_SHOT_TICKS = 15_000

Wanted = dict[str, Any]


def compliance(syringe: str, share: float) -> "dict[str, float]":
    """Parameters of a plant whose total compliance, fluid and drive, is `share` of the calibrated one."""
    total, drive, area = NOMINAL[syringe]
    return {"fluid_nl_per_kpa": (total - drive * area) * share, "drive_um_per_kpa": drive * share}


def new_rig(
    wanted: "Wanted | None" = None, params: "dict[str, float] | None" = None, seed: int = 1, plant: str = "own"
) -> Rig:
    """A bench just powered on. `wanted` changes the settings, `params` the plant."""
    whole = settings(**(wanted or {}))
    known = plant_params(whole["syringe"]) | (params or {})
    return Rig(PLANTS[plant](known, seed), whole, params=known)


def ready(
    wanted: "Wanted | None" = None, params: "dict[str, float] | None" = None, seed: int = 1, plant: str = "own"
) -> Rig:
    """A bench homed, primed and READY."""
    return copy.deepcopy(_ready(_key(wanted), _key(params), seed, plant))


def armed(
    wanted: "Wanted | None" = None, params: "dict[str, float] | None" = None, seed: int = 1, plant: str = "own"
) -> Rig:
    """A bench homed, primed and ARMED, off the skin."""
    return copy.deepcopy(_armed(_key(wanted), _key(params), seed, plant))


def shooting(
    wanted: "Wanted | None" = None, params: "dict[str, float] | None" = None, seed: int = 1, plant: str = "own"
) -> Rig:
    """A bench in the first tick of SHOT, trigger held on skin."""
    return copy.deepcopy(_shooting(_key(wanted), _key(params), seed, plant))


def in_phase(phase: str, ticks: int = 0, rig: "Rig | None" = None) -> Rig:
    """A bench `ticks` after a shot entered a phase; AssertionError if it never does."""
    rig = shooting() if rig is None else rig
    for _ in range(LONGEST_SHOT_TICKS):
        if phase_of(rig) == phase:
            break
        rig.tick()
    assert phase_of(rig) == phase, f"the shot never came to {phase}"
    rig.run(2 * ticks)
    return rig


def in_state(state: str) -> Rig:
    """A bench that came into a state as a clinician brings it there."""
    rig = new_rig()
    if state == "BOOT":
        return rig
    if state in ("LOCKED", "SERVICE"):
        rig.until("IDLE")
        if state == "LOCKED":
            rig.loop.log_out()
        else:
            rig.loop.raise_event(states.SERVICE_OPENED)
    elif state in ("SELF_TEST", "IDLE", "HOMING"):
        rig.until(state if state != "HOMING" else "IDLE")
        if state == "HOMING":
            rig.meddle = lambda inputs: setattr(inputs, "home", 0)
            rig.confirm_shortly()
    elif state == "PRIME":
        rig = ready()
        rig.loop.treatment.unprime()
        rig.run(600)
        rig.trigger = 1
        rig.until("PRIME", ms=100)
        rig.run(200)
    elif state == "REWIND":
        rig = ready()
        rig.loop.rewind_asked = 1
        rig.confirm = 1
        rig.until("REWIND", ms=4000)
    elif state == "FAULT":
        rig = armed()
        rig.stop = 1
        rig.until("FAULT", ms=10)
    else:
        rig = {"READY": ready, "ARMED": armed, "SHOT": shooting}[state]()
    assert rig.state == state
    return rig


def phase_of(rig: Rig) -> str:
    """The shot's phase by name."""
    return shot.PHASES[rig.loop.shot.phase]


def phases_of_shot(rig: Rig) -> "list[str]":
    """The phase of each tick from here to the end of the shot."""
    seen: list[str] = []
    while rig.state == "SHOT":
        seen.append(phase_of(rig))
        rig.tick()
        assert len(seen) < LONGEST_SHOT_TICKS
    return seen


def let_go(rig: Rig, ms: int = 400) -> None:
    """Trigger released, then lifted off the skin."""
    rig.trigger = 0
    rig.run(ms)
    rig.contact = 0
    rig.run(200)


def _key(changes: "dict[str, Any] | None") -> "tuple[tuple[str, Any], ...]":
    return tuple(sorted((changes or {}).items()))


@functools.lru_cache(maxsize=64)
def _ready(wanted: "tuple[Any, ...]", params: "tuple[Any, ...]", seed: int, plant: str) -> Rig:
    rig = new_rig(dict(wanted), dict(params), seed, plant)
    rig.make_ready()
    assert rig.until("READY", "FAULT", ms=200) == "READY", f"faults {rig.loop.faults:#x}"
    return rig


@functools.lru_cache(maxsize=64)
def _armed(wanted: "tuple[Any, ...]", params: "tuple[Any, ...]", seed: int, plant: str) -> Rig:
    rig = copy.deepcopy(_ready(wanted, params, seed, plant))
    rig.arm()
    assert rig.state == "ARMED"
    return rig


@functools.lru_cache(maxsize=64)
def _shooting(wanted: "tuple[Any, ...]", params: "tuple[Any, ...]", seed: int, plant: str) -> Rig:
    rig = copy.deepcopy(_armed(wanted, params, seed, plant))
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    return rig
