"""The mark survives what leaves power on, and nothing else."""

from array import array
from typing import Any

import pytest

from host_tests.board_bench import CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.silicon import HARD_RESET, PWRON_RESET, SOFT_RESET, WDT_RESET
from tools.simulator.world import World


def mark_of(device: Device) -> Any:
    """The driver's own class, made."""
    return device.module("drivers.rtc_mark").RtcMark()


@pytest.mark.parametrize(
    ("cause", "survives"), [(HARD_RESET, True), (WDT_RESET, True), (SOFT_RESET, True), (PWRON_RESET, False)]
)
def test_what_was_written_last_is_there_after_every_reset_but_loss_of_power(cause: int, survives: bool) -> None:
    world = World(CountingPlant())
    words = array("i", range(-8, 8))
    mark = mark_of(Device())
    assert mark.read() == b""
    mark.note(array("i", [7] * 16))
    mark.note(words)
    words[0] = 99  # a copy was kept
    world.restart(cause)
    found = mark_of(Device()).read()
    assert found == (bytes(array("i", range(-8, 8))) if survives else b"")


def test_writing_takes_less_than_a_hundredth_of_a_tick() -> None:
    world = World(CountingPlant())
    mark = mark_of(Device())
    before_us = world.now_us
    mark.note(array("i", [0] * 16))
    assert world.now_us - before_us <= 20


def test_only_a_buffer_is_taken() -> None:
    World(CountingPlant())
    with pytest.raises(TypeError):
        mark_of(Device()).note(64)
