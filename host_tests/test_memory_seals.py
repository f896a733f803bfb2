"""A value in memory that a drop is made by, and that is not what was taken any more, gives no drop."""

from typing import Any

import pytest

from firmware import faults
from host_tests import moments
from host_tests.rig import Rig

ORDERS = ("dose_nl", "depth_um", "burst_count", "slot_us", "deepest_um", "punctures_most")
CALIBRATION = ("pl_per_step", "compliance_pl_per_kpa", "content_steps")
VOLUME = ("pl_per_step", "compliance_pl_per_kpa", "resistance_pa_per_nl")
ANCHOR = ("position_steps", "pressure_pa", "slack_steps", "trim_pl")
BITS = (0, 5, 13)


def flip(owner: object, name: str, bit: int) -> None:
    """One bit of a number turns over."""
    number: Any = getattr(owner, name)
    setattr(owner, name, number ^ 1 << bit)


def press(rig: Rig) -> None:
    """On skin, and the trigger pressed."""
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.run(100)


@pytest.mark.parametrize("bit", BITS)
@pytest.mark.parametrize("name", ORDERS + CALIBRATION)
def test_a_bit_that_flips_in_the_orders_is_a_fault_before_the_shot(name: str, bit: int) -> None:
    rig = moments.armed()
    settings = rig.loop.settings
    flip(settings if name in ORDERS else settings.calibration, name, bit)
    press(rig)
    assert (rig.state, faults.names(rig.loop.faults)) == ("FAULT", ["memory"])
    assert rig.loop.drop.number == 0
    assert rig.plant.delivered_nl == 0


@pytest.mark.parametrize("bit", BITS)
@pytest.mark.parametrize("name", VOLUME)
def test_a_bit_that_flips_in_what_volume_is_told_by_is_a_fault_in_the_tick_of_the_advance(name: str, bit: int) -> None:
    rig = moments.in_phase("dose", ticks=3)
    assert rig.loop.outputs.dose_chunk_steps > 0
    flip(rig.loop.fluid, name, bit)
    rig.tick()
    assert rig.state == "FAULT"
    assert "memory" in faults.names(rig.loop.faults)
    assert rig.loop.outputs.dose_chunk_steps == 0


@pytest.mark.parametrize("bit", BITS)
@pytest.mark.parametrize("name", ANCHOR)
def test_a_bit_that_flips_in_the_anchor_is_a_fault_before_the_needle_goes_in(name: str, bit: int) -> None:
    rig = moments.armed()
    assert rig.loop.scale.fresh
    flip(rig.loop.scale, name, bit)
    press(rig)
    assert (rig.state, faults.names(rig.loop.faults)) == ("FAULT", ["memory"])
    assert rig.plant.delivered_nl == 0
    assert rig.plant.home
