"""A motor driver that holds another setting than it was given: pulses would mean other steps, or none at all."""

import pytest

from host_tests.board_bench import Bench
from tools.simulator import tmc2209 as chip_side


def bad(bench: Bench) -> "tuple[int, int]":
    """What the board says of the dose driver and of the needle driver."""
    return bench.inputs.dose_driver_bad, bench.inputs.needle_driver_bad


GCONF_SHAFT, GCONF_MICROSTEPS, CHOPCONF_OFF_TIME, CHOPCONF_MICROSTEPS = 3, 7, 1, 24


@pytest.mark.parametrize(
    ("register", "bit"),
    [
        (chip_side.GCONF, GCONF_SHAFT),
        (chip_side.GCONF, GCONF_MICROSTEPS),
        (chip_side.CHOPCONF, CHOPCONF_OFF_TIME),
        (chip_side.CHOPCONF, CHOPCONF_MICROSTEPS),
    ],
)
@pytest.mark.parametrize("which", ["dose", "needle"])
def test_a_bit_that_turned_over_is_noticed_within_a_second_and_written_again(
    which: str, register: int, bit: int
) -> None:
    bench = Bench("esp32s3")
    bench.set_up_drivers()
    driver = getattr(bench.world, which + "_driver")
    right = driver.read(register)
    driver.write(register, right ^ 1 << bit)
    seen: set[tuple[int, int]] = set()
    for _ in range(500):
        bench.cycle()
        bench.board.step_background()
        seen.add(bad(bench))
    assert ((1, 0) if which == "dose" else (0, 1)) in seen
    for _ in range(500):
        bench.cycle()
        bench.board.step_background()
    assert driver.read(register) == right
    assert bad(bench) == (0, 0)
