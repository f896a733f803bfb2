"""boot.py makes the outputs safe, on the right board, first thing, and does nothing else."""

from typing import Any

import pytest

from host_tests.board_bench import CHIPS, Bench, CountingPlant
from tools.simulator.chips import MODELS
from tools.simulator.interpreter import Device
from tools.simulator.world import World

ENABLES = {"esp32s3": {21, 47}, "esp32": {23}}
STEPS = {"esp32s3": {5, 15}, "esp32": {25, 26}}


def _driven(world: World) -> "dict[int, int]":
    """Levels of all pins that the chip drives."""
    return {number: pin.net.read() for number, pin in world.chip.pins.items() if pin.drives}


@pytest.mark.parametrize("chip", CHIPS)
def test_boot_switches_drivers_off_and_holds_step_low_and_drives_nothing_else(chip: str) -> None:
    world = World(CountingPlant(), chip)
    Device().module("boot")
    assert _driven(world) == dict.fromkeys(ENABLES[chip], 1) | dict.fromkeys(STEPS[chip], 0)


@pytest.mark.parametrize("chip", CHIPS)
def test_boot_and_pin_table_agree(chip: str) -> None:
    pins = Bench(chip).pins
    assert {pins.DOSE_EN, pins.NEEDLE_EN} == ENABLES[chip]
    assert {pins.DOSE_STEP, pins.NEEDLE_STEP} == STEPS[chip]


@pytest.mark.parametrize("chip", CHIPS)
def test_boot_after_a_soft_reset_in_motion_takes_power_before_it_touches_step(chip: str) -> None:
    """A soft reset leaves pins and RMT as they were: drivers on, a train under way."""
    bench = Bench(chip)
    bench.power()
    bench.move(40, 40)
    bench.cycle()
    assert _driven(bench.world)[bench.pins.DOSE_EN] == 0
    order: list[int] = []
    for number in ENABLES[chip] | STEPS[chip]:
        _note_changes(bench.chip.pins[number], order)
    Device().module("boot")
    assert set(order[: len(ENABLES[chip])]) == ENABLES[chip]
    rises = bench.rises(bench.pins.DOSE_STEP)
    bench.wait_us(5000)
    assert bench.rises(bench.pins.DOSE_STEP) == rises
    assert all(_driven(bench.world)[number] == 1 for number in ENABLES[chip])


def _note_changes(pin: Any, order: "list[int]") -> None:
    init = pin.init

    def noting(*args: object, **kwargs: object) -> None:
        order.append(pin.number)
        init(*args, **kwargs)

    pin.init = noting


def test_boot_on_a_board_without_pin_table_stops_before_main(monkeypatch: pytest.MonkeyPatch) -> None:
    World(CountingPlant(), "esp32s3")
    monkeypatch.setattr(MODELS["esp32s3"], "machine", "Generic ESP32C3 module with ESP32-C3")
    with pytest.raises(RuntimeError, match="no pin table for the board 'Generic ESP32C3 module with ESP32-C3'"):
        Device().module("boot")
