"""Prime: air out, the needle's resistance measured, what is wrong found, and nothing of it into skin."""

from typing import Any

import pytest

from firmware import faults, inhibits, prime
from firmware.image import Inputs
from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.rig import Rig

MS_PER_TICK = 2


def primed(wanted: "dict[str, Any] | None" = None, seed: int = 1, **params: float) -> Rig:
    """A bench after a prime that was held to its end."""
    rig = moments.new_rig(wanted, params, seed)
    rig.make_ready()
    return rig


def resistance_pa_per_nl(needle_kpa_s_per_nl: float) -> float:
    """The same per tick."""
    return needle_kpa_s_per_nl * 1e6 / MS_PER_TICK


@pytest.mark.parametrize("syringe", ["1ml", "5ml", "10ml"])
@pytest.mark.parametrize("needle_kpa_s_per_nl", [2.6e-4, 1.2e-3, 2.6e-3])
def test_a_prime_measures_the_needles_resistance(syringe: str, needle_kpa_s_per_nl: float) -> None:
    rig = primed({"syringe": syringe, "dose_nl": 50_000}, needle_kpa_s_per_nl=needle_kpa_s_per_nl)
    assert rig.until("READY", ms=10) == "READY"
    assert rig.loop.fluid.resistance_pa_per_nl == pytest.approx(resistance_pa_per_nl(needle_kpa_s_per_nl), rel=0.2)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_prime_drives_all_air_out_of_the_needle_with_little_liquid_and_time(seed: int) -> None:
    rig = primed(seed=seed, needle_air_nl=1_000)
    assert rig.until("READY", ms=10) == "READY"
    assert rig.plant.air_nl < 5
    assert rig.plant.primed_nl < 50_000
    assert rig.plant.delivered_nl == rig.plant.surface_nl == 0
    assert rig.loop.prime.ticks * MS_PER_TICK < 4_000


def test_a_prime_sounds_done_and_moves_no_needle() -> None:
    rig = moments.new_rig()
    tones: set[int] = set()
    needle: list[int] = []

    def watch(rig: Rig) -> None:
        tones.add(rig.outputs.tone)
        if rig.state == "PRIME":
            needle.append(rig.outputs.needle_chunk_steps)

    rig.watch = watch
    rig.make_ready()
    assert 1 in tones
    assert set(needle) == {0}


def test_a_prime_leaves_an_anchor_and_a_known_slack_for_the_first_drop() -> None:
    rig = primed(backlash_um=30)
    assert rig.loop.scale.fresh
    backlash_steps = 30 / 0.3125
    assert rig.loop.scale.slack_steps >= backlash_steps


def test_a_prime_that_is_let_go_early_leaves_the_device_unprimed() -> None:
    rig = moments.new_rig()
    rig.until("IDLE")
    rig.confirm_shortly()
    rig.run(600)
    rig.trigger = 1
    rig.until("PRIME", ms=100)
    rig.run(300)
    rig.trigger = 0
    rig.run(20)
    assert rig.state == "IDLE"
    assert rig.outputs.tone == 2
    rig.prime()
    assert rig.until("READY", "IDLE", ms=100) == "READY"


def test_a_new_prime_of_a_ready_device_must_be_finished_too() -> None:
    rig = moments.ready()
    rig.loop.treatment.unprime()
    rig.run(600)
    rig.trigger = 1
    rig.until("PRIME", ms=100)
    rig.run(100)
    rig.trigger = 0
    rig.run(100)
    assert rig.state == "IDLE"


@pytest.mark.parametrize("gap_ms", [0, 300, 480])
def test_no_prime_begins_before_half_a_second_off_the_skin(gap_ms: int) -> None:
    rig = moments.ready()
    rig.contact = 1
    rig.run(100)
    rig.contact = 0
    rig.run(gap_ms)
    rig.trigger = 1
    rig.run(200)
    assert rig.state != "PRIME"


def test_no_prime_begins_before_homing() -> None:
    rig = moments.new_rig()
    rig.until("IDLE")
    rig.run(600)
    rig.trigger = 1
    rig.run(100)
    assert rig.state == "IDLE"


def test_a_syringe_that_is_primed_is_primed_again_only_when_that_was_asked_for() -> None:
    rig = moments.ready()
    rig.run(600)
    rig.trigger = 1
    rig.run(100)
    assert rig.state == "IDLE"
    rig.trigger = 0
    rig.run(600)
    rig.loop.treatment.unprime()
    rig.trigger = 1
    rig.until("PRIME", ms=100)


def test_no_prime_begins_while_a_value_is_open_at_the_panel() -> None:
    rig = moments.ready()
    rig.loop.treatment.unprime()
    rig.loop.panel_inhibits = inhibits.EDITING
    rig.run(600)
    rig.trigger = 1
    rig.run(100)
    assert rig.state == "IDLE"


# --- what is wrong ------------------------------------------------------------------------------------------------

TROUBLES: "dict[str, tuple[dict[str, Any], dict[str, float], str]]" = {
    "no syringe": ({}, {"syringe_nl": 0}, "no_pressure"),
    "no large syringe": ({"syringe": "5ml", "dose_nl": 50_000}, {"syringe_nl": 0}, "no_pressure"),
    "blocked needle": ({}, {"occluded_after_nl": 0}, "occlusion"),
    "far too narrow": ({}, {"needle_kpa_s_per_nl": 0.3}, "occlusion"),
    "leak": ({}, {"needle_kpa_s_per_nl": 1e-5}, "no_pressure"),
    "leak, large": ({"syringe": "5ml", "dose_nl": 50_000}, {"needle_kpa_s_per_nl": 2e-5}, "no_pressure"),
    "air": ({}, {"bubble_nl": 5_000}, "bubble"),
    "air in a large one": ({"syringe": "5ml", "dose_nl": 50_000}, {"bubble_nl": 60_000}, "bubble"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_prime_finds_what_is_wrong(name: str, record_figure: RecordFigure) -> None:
    wanted, params, fault = TROUBLES[name]
    rig = primed(wanted, 1, **params)
    assert rig.state == "FAULT"
    assert faults.names(rig.loop.faults) == [fault]
    record_figure("faults", fault)
    assert rig.plant.primed_nl <= 210_000
    assert rig.outputs.dose_enable == 0


def test_a_needle_that_blocks_at_the_end_of_a_prime_is_found_by_the_pressure_that_stays() -> None:
    rig = moments.new_rig()
    held: list[int] = []

    def stuck(inputs: Inputs) -> None:
        """Once the feed has stopped to measure the decay, the pressure stays where it was."""
        if rig.loop.prime.phase == prime.DECAY:
            inputs.pressure_counts = held[-1]
        held.append(inputs.pressure_counts)

    rig.meddle = stuck
    rig.make_ready()
    assert faults.names(rig.loop.faults) == ["occlusion"]


# While turning, a pressure that stays at zero would be a tip that draws in air.
@pytest.mark.parametrize(("phase", "pressure_kpa"), [(prime.TURN, 1.5), (prime.TOUCH_OFF, 0)])
def test_a_pressure_that_never_changes_while_touching_off_is_found(phase: int, pressure_kpa: float) -> None:
    rig = moments.new_rig()

    def flat(inputs: Inputs) -> None:
        if rig.loop.prime.phase == phase:
            inputs.pressure_counts = round((pressure_kpa + 50) / 0.25)

    rig.meddle = flat
    rig.make_ready()
    assert faults.names(rig.loop.faults) == ["no_pressure"]


def test_a_prime_takes_no_longer_than_20_s() -> None:
    rig = moments.new_rig({"syringe": "10ml", "dose_nl": 50_000}, {"needle_kpa_s_per_nl": 0.075})
    rig.make_ready()
    assert rig.loop.prime.ticks <= 10_001
    assert faults.names(rig.loop.faults) == ["phase_time"]


@pytest.mark.parametrize(("capillary_kpa", "draws"), [(0.5, 1), (1.5, 0), (3, 0)])
def test_a_prime_learns_whether_the_tip_holds_suction_or_draws_in_air(capillary_kpa: float, draws: int) -> None:
    rig = primed(capillary_kpa=capillary_kpa)
    assert rig.until("READY", ms=10) == "READY"
    assert rig.loop.touch.tip_draws == draws


def test_a_prime_that_has_not_begun_proposes_nothing() -> None:
    sequence = moments.new_rig().loop.prime
    sequence.step(0)
    assert (sequence.dose_steps, sequence.fault, sequence.done) == (0, 0, 0)


def test_the_liquid_of_a_prime_is_no_drop() -> None:
    rig = primed()
    assert rig.loop.drop.number == 0
    assert rig.loop.drop.reported_max_nl == 0
