"""Motors: which pulses turn a screw, on both boards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.world_bench import CHIPS, TRAIN, Bench, Screws
from tools.simulator import tmc2209
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin
from tools.simulator.world import World


@pytest.fixture(params=CHIPS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def test_a_powered_motor_turns_the_screw_as_the_pulses_say(bench: Bench) -> None:
    bench.power()
    bench.dose.write_pulses(TRAIN * 30)
    bench.needle.write_pulses(TRAIN * 20)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (30, 30)
    bench.dose_dir(0)
    bench.dose.write_pulses(TRAIN * 12)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (18, 18)
    assert bench.plant.needle_um == -2000 + 20 * 5


def test_without_power_pulses_are_counted_but_nothing_moves(bench: Bench) -> None:
    bench.dose.write_pulses(TRAIN * 30)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (0, 30)


def test_en_in_the_middle_of_a_train_stops_the_screw_at_that_step(bench: Bench) -> None:
    bench.power()
    bench.dose.write_pulses([10, 90] * 10)
    device_time.sleep_us(448)
    bench.dose_en(1)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (5, 10)


def test_hardware_keeps_the_motors_off_until_a_program_drives_en() -> None:
    for name in CHIPS:
        world = World(Screws(), name)
        assert not world.dose.powered
        assert not world.needle.powered


def test_the_small_board_has_one_en_for_both_axes() -> None:
    bench = Bench("esp32")
    bench.needle_en(0)
    assert bench.world.dose.powered
    assert bench.world.needle.powered


def test_the_emergency_stop_takes_motor_power_by_wire_whatever_en_says(bench: Bench) -> None:
    bench.power()
    bench.dose.write_pulses([10, 90] * 10)
    device_time.sleep_us(350)
    bench.world.set_stop(0)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (4, 10)
    assert Pin(bench.pins.STOP, Pin.IN)() == 1
    bench.world.set_stop(1)
    bench.dose.write_pulses(TRAIN * 5)
    bench.settle()
    assert bench.plant.dose == 9
    assert bench.world.dose_driver.read(tmc2209.GSTAT) == tmc2209.GSTAT_RESET


def test_a_driver_set_to_other_microsteps_moves_the_screw_otherwise(bench: Bench) -> None:
    bench.power()
    driver = bench.world.dose_driver
    driver.write(tmc2209.GCONF, 0x1C0)
    for mres, steps in ((5, 20), (4, 10), (3, 5)):  # 8, 16, 32 microsteps; the machine counts in sixteenths
        driver.write(tmc2209.CHOPCONF, mres << 24 | 0x53)
        before = bench.plant.dose
        bench.dose.write_pulses(TRAIN * 10)
        bench.settle()
        assert bench.plant.dose - before == steps


def test_a_driver_fault_stops_the_motor(bench: Bench) -> None:
    bench.power()
    bench.world.dose_driver.fault(tmc2209.S2GA)
    bench.dose.write_pulses(TRAIN * 10)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (0, 10)


def test_without_a_syringe_dose_steps_move_nothing(bench: Bench) -> None:
    bench.power()
    bench.world.syringe_out = True
    bench.dose.write_pulses(TRAIN * 10)
    bench.settle()
    bench.world.syringe_out = False
    bench.dose.write_pulses(TRAIN * 3)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (3, 13)


def test_slipping_and_interference_part_the_screw_from_the_count(bench: Bench) -> None:
    bench.power()
    bench.dose.write_pulses(TRAIN * 10)
    bench.world.dose.slip(4)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (6, 10)
    bench.world.dose.glitch(2)
    bench.settle()
    assert (bench.plant.dose, bench.dose_count.value()) == (8, 12)


@given(
    st.lists(
        st.tuples(st.sampled_from(["train", "dir", "en", "stop", "look", "wait"]), st.integers(1, 40)),
        max_size=40,
    )
)
def test_the_screw_moves_by_the_pulses_that_met_power_and_nothing_else(steps: "list[tuple[str, int]]") -> None:
    bench = Bench()
    expected = 0
    forward, enabled, stopped = True, False, False
    for action, number in steps:
        if action == "train":
            bench.dose.write_pulses([5, 20] * number)
            device_time.sleep_us(1000)  # whole trains: each meets one state of the wires
            if enabled and not stopped:
                expected += number if forward else -number
        elif action == "dir":
            forward = number % 2 == 0
            bench.dose_dir(forward)
        elif action == "en":
            enabled = number % 2 == 0
            bench.dose_en(not enabled)
        elif action == "stop":
            stopped = number % 2 == 0
            bench.world.set_stop(not stopped)
        elif action == "look":
            bench.pressure.read_u16()
        else:
            device_time.sleep_us(number * 200)
    bench.settle()
    assert bench.plant.dose == expected
