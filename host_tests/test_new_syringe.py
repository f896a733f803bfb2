"""Rewinding the pusher and putting a full syringe in."""

import pytest

from firmware import inhibits
from host_tests import moments
from host_tests.rig import Rig


def moved(rig: Rig, ms: int) -> int:
    """Steps of both axes in that time."""
    steps: list[int] = []
    rig.watch = lambda rig: steps.append(abs(rig.outputs.dose_chunk_steps) + abs(rig.outputs.needle_chunk_steps))
    rig.run(ms)
    rig.watch = None
    return sum(steps)


@pytest.mark.no_cover
def test_an_empty_syringe_is_rewound_replaced_primed_and_used() -> None:
    rig = moments.armed({"dose_nl": 200_000})
    while rig.state == "ARMED":
        rig.press()
    assert inhibits.names(rig.loop.inhibits) == ["syringe_empty"]
    used_steps = rig.inputs.dose_steps
    rig.change_syringe()
    assert used_steps > 150_000
    assert rig.inputs.dose_steps < 10_000  # back at the start, and a prime
    assert rig.until("READY", ms=100) == "READY"
    rig.arm()
    before_nl = rig.plant.delivered_nl
    rig.press()
    assert rig.plant.delivered_nl - before_nl == pytest.approx(200_000, rel=0.01)


def rewinding(used_ms: int = 2000) -> Rig:
    """A bench that goes back after a few drops."""
    rig = moments.ready({"dose_nl": 200_000})
    rig.arm()
    rig.press()
    rig.confirm_shortly()
    rig.syringe_out = True
    rig.loop.rewind_asked = 1
    rig.confirm = 1
    rig.until("REWIND", ms=4000)
    rig.run(100)
    assert rig.outputs.dose_chunk_steps == -40
    return rig


def test_contact_ends_a_rewind_in_the_same_tick() -> None:
    rig = rewinding()
    rig.contact = 1
    rig.tick()
    assert rig.outputs.dose_chunk_steps == 0
    assert moved(rig, 500) == 0
    assert rig.state == "IDLE"
    assert "not_primed" in inhibits.names(rig.loop.inhibits)


def test_stop_ends_a_rewind_in_the_same_tick() -> None:
    rig = rewinding()
    rig.stop = 1
    rig.tick()
    assert (rig.state, rig.outputs.dose_chunk_steps, rig.outputs.dose_enable) == ("FAULT", 0, 0)


def test_confirm_held_on_the_skin_rewinds_nothing() -> None:
    rig = moments.ready()
    rig.contact = 1
    rig.run(100)
    rig.loop.rewind_asked = 1
    rig.confirm = 1
    assert moved(rig, 4000) == 0
    assert rig.state == "READY"


def test_confirm_held_before_homing_rewinds_nothing() -> None:
    rig = moments.new_rig()
    rig.until("IDLE")
    rig.loop.rewind_asked = 1
    rig.confirm = 1
    assert moved(rig, 4000) == 0
    assert rig.state == "IDLE"


def test_confirm_held_for_nothing_that_the_panel_asks_rewinds_nothing() -> None:
    rig = moments.ready()
    rig.confirm = 1
    assert moved(rig, 4000) == 0
    assert rig.state == "READY"
