"""Motor drivers on their wire: set up and verified, watched, and never called well without having said so."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.board_bench import CHIPS, Bench
from tools.simulator import tmc2209 as chip_side

STANDSTILL = 1 << 31
BAD_AT_REST = [chip_side.OT, chip_side.OTPW, chip_side.S2GA, chip_side.S2GB, chip_side.S2VSA, chip_side.S2VSB]


def _ready(chip: str = "esp32s3") -> Bench:
    bench = Bench(chip)
    bench.set_up_drivers()
    assert (bench.inputs.dose_driver_bad, bench.inputs.needle_driver_bad) == (0, 0)
    return bench


def _slices(bench: Bench, count: int = 300) -> None:
    for _ in range(count):
        bench.cycle()
        bench.board.step_background()
    bench.cycle()


def _gconf(driver: Any) -> int:
    return driver._registers[chip_side.GCONF]


def _bad(bench: Bench) -> "tuple[int, int]":
    return bench.inputs.dose_driver_bad, bench.inputs.needle_driver_bad


def test_check_sum_is_that_of_the_datasheet() -> None:
    """Read request for GCONF of address 0, the datasheet's and everybody's first frame: 05 00 00 48."""
    assert Bench().module("drivers.tmc2209").crc8(bytes([0x05, 0x00, 0x00]), 3) == 0x48


@given(frame=st.binary(max_size=8))
def test_check_sum_agrees_with_the_simulated_driver(frame: bytes) -> None:
    assert CRC8(frame, len(frame)) == chip_side.crc(frame)


CRC8: Any = Bench().module("drivers.tmc2209").crc8


@pytest.mark.parametrize("chip", CHIPS)
def test_drivers_are_bad_until_they_are_set_up_and_then_have_their_settings(chip: str) -> None:
    bench = Bench(chip)
    bench.cycle()
    assert _bad(bench) == (1, 1)
    bench.set_up_drivers()
    assert _bad(bench) == (0, 0)
    world: Any = bench.world
    for driver, microsteps, tcoolthrs in ((world.dose_driver, 16, 375), (world.needle_driver, 8, 75)):
        registers = driver._registers
        assert driver.microsteps == microsteps
        assert registers[chip_side.GCONF] == 0x1C0
        assert registers[chip_side.CHOPCONF] & 0xF == 3
        assert registers[chip_side.CHOPCONF] >> 17 & 1 == 1
        assert registers[0x10] == 4 << 16 | 17 << 8 | 8
        assert registers[0x14] == tcoolthrs
        assert registers[0x40] == 40
        assert registers[chip_side.GSTAT] == 0


@pytest.mark.parametrize("chip", CHIPS)
def test_microsteps_are_right_before_the_first_word_and_after_the_last(chip: str) -> None:
    """The address pins give them; the settings only say it again."""
    bench = Bench(chip)
    bench.world.dose_driver.supply(True)
    assert (bench.world.dose_driver.microsteps, bench.world.needle_driver.microsteps) == (16, 8)


def test_set_up_takes_less_than_half_a_second() -> None:
    bench = Bench()
    bench.set_up_drivers()
    assert bench.world.now_us < 500_000


def test_no_slice_takes_longer_than_200_us() -> None:
    bench = Bench()
    longest_us = 0
    for _ in range(500):
        bench.cycle()
        before_us = bench.world.now_us
        bench.board.step_background()
        longest_us = max(longest_us, bench.world.now_us - before_us)
    assert longest_us <= 200


def test_well_drivers_are_left_in_peace_most_of_the_time() -> None:
    bench = _ready()
    busy = 0
    for _ in range(1000):
        bench.cycle()
        before_us = bench.world.now_us
        bench.board.step_background()
        busy += bench.world.now_us > before_us
    assert busy < 100


@pytest.mark.parametrize("status", BAD_AT_REST)
@pytest.mark.parametrize("which", ["dose", "needle"])
def test_a_driver_in_trouble_is_bad_and_the_other_is_not(which: str, status: int) -> None:
    bench = _ready()
    getattr(bench.world, which + "_driver").fault(status | STANDSTILL)
    _slices(bench)
    assert _bad(bench) == ((1, 0) if which == "dose" else (0, 1))
    getattr(bench.world, which + "_driver").fault(STANDSTILL)
    _slices(bench)
    assert _bad(bench) == (0, 0)


@pytest.mark.parametrize("status", [chip_side.OLA, chip_side.OLB])
def test_open_load_counts_only_while_the_motor_turns(status: int) -> None:
    """The datasheet: no meaning at standstill."""
    bench = _ready()
    bench.world.dose_driver.fault(status | STANDSTILL)
    _slices(bench)
    assert _bad(bench) == (0, 0)
    bench.world.dose_driver.fault(status)
    _slices(bench)
    assert _bad(bench) == (1, 0)


@pytest.mark.parametrize("which", ["dose", "needle"])
def test_a_driver_that_falls_silent_is_bad_within_a_second(which: str) -> None:
    bench = _ready()
    getattr(bench.world, which + "_driver").answers = False
    _slices(bench, 500)
    assert _bad(bench) == ((1, 0) if which == "dose" else (0, 1))
    getattr(bench.world, which + "_driver").answers = True
    _slices(bench, 500)
    assert _bad(bench) == (0, 0)


def test_a_driver_that_lost_its_supply_is_set_up_again() -> None:
    bench = _ready()
    bench.world.set_stop(0)
    _slices(bench)
    assert _bad(bench) == (1, 1)
    bench.world.set_stop(1)
    assert _gconf(bench.world.dose_driver) == 0x101
    _slices(bench)
    assert _bad(bench) == (0, 0)
    assert _gconf(bench.world.dose_driver) == 0x1C0


def test_a_short_loss_of_supply_between_two_looks_is_noticed_by_the_reset_flag() -> None:
    bench = _ready()
    seen: set[tuple[int, int]] = set()
    bench.world.needle_driver.supply(False)
    bench.world.needle_driver.supply(True)
    for _ in range(300):
        _slices(bench, 1)
        seen.add(_bad(bench))
    assert seen == {(0, 0), (0, 1)}
    assert _gconf(bench.world.needle_driver) == 0x1C0


@given(damaged=st.lists(st.integers(0, 3), min_size=1, max_size=40))
@settings(max_examples=30)
@pytest.mark.law
def test_damaged_replies_delay_and_never_make_well(damaged: "list[int]") -> None:
    """While a driver has a fault, no pattern of damaged replies ever lets it pass."""
    bench = Bench()
    bench.world.dose_driver.fault(chip_side.S2GA)
    for count in damaged:
        bench.world.driver_bus.noisy = count
        _slices(bench, 10)
        assert bench.inputs.dose_driver_bad == 1
    bench.world.dose_driver.fault(0)
    bench.world.driver_bus.noisy = 0
    _slices(bench, 600)
    assert _bad(bench) == (0, 0)


@pytest.mark.parametrize(("damaged", "bad"), [(1, False), (4, False), (6, True)])
def test_two_damaged_replies_of_a_driver_in_a_row_are_forgiven_and_three_are_not(damaged: int, bad: bool) -> None:
    """The drivers are asked in turn: of 6 damaged replies each has given 3."""
    bench = _ready()
    bench.world.driver_bus.noisy = damaged
    seen: set[tuple[int, int]] = set()
    for _ in range(400):
        _slices(bench, 1)
        seen.add(_bad(bench))
    assert (seen != {(0, 0)}) == bad
    assert _bad(bench) == (0, 0)


def test_a_damaged_reply_now_and_then_makes_nobody_bad() -> None:
    bench = _ready()
    for _ in range(8):
        bench.world.driver_bus.noisy = 2
        for _ in range(200):
            _slices(bench, 1)
            assert _bad(bench) == (0, 0)


@pytest.mark.parametrize(("late_us", "well"), [(0, True), (5_000, True), (14_000, True), (25_000, False)])
def test_an_answer_may_take_up_to_20_ms(late_us: int, well: bool) -> None:
    bench = Bench()
    bus: Any = bench.world.driver_bus
    receive = bus.receive

    def slow(data: bytes, start_us: int, bit_ns: int) -> "list[tuple[int, int]]":
        heard = receive(data, start_us, bit_ns)
        return heard[: len(data)] + [(when + late_us, byte) for when, byte in heard[len(data) :]]

    bus.receive = slow
    _slices(bench, 1200)
    assert _bad(bench) == ((0, 0) if well else (1, 1))


@pytest.mark.parametrize("register", [0x00, 0x10, 0x14, 0x40, 0x6C])
def test_a_write_that_was_not_taken_is_noticed_and_repeated(register: int) -> None:
    """The wire garbles that write on its way to the driver; the echo is right, only IFCNT tells."""
    bench = Bench()
    driver: Any = bench.world.dose_driver
    taken = driver.write
    lost: list[int] = []

    def losing(address: int, value: int) -> None:
        if address == register and len(lost) < 3:
            lost.append(address)
            return
        taken(address, value)

    driver.write = losing
    _slices(bench, 60)
    assert bench.inputs.dose_driver_bad == 1
    _slices(bench, 600)
    assert len(lost) == 3
    assert _bad(bench) == (0, 0)
    assert _gconf(driver) == 0x1C0


def test_another_chip_at_the_address_is_refused() -> None:
    bench = Bench()
    driver: Any = bench.world.dose_driver
    read = driver.read

    def older(register: int) -> int:
        return 0x20 << 24 if register == chip_side.IOIN else read(register)

    driver.read = older
    _slices(bench, 600)
    assert _bad(bench) == (1, 0)


def test_a_second_speaker_on_the_wire_is_noticed() -> None:
    """What comes back is not what was sent."""
    bench = _ready()
    bus: Any = bench.world.driver_bus
    receive = bus.receive

    def disturbed(data: bytes, start_us: int, bit_ns: int) -> "list[tuple[int, int]]":
        heard = receive(data, start_us, bit_ns)
        return [(heard[0][0], heard[0][1] ^ 0x80), *heard[1:]]

    bus.receive = disturbed
    _slices(bench, 500)
    assert _bad(bench) == (1, 1)


def test_an_answer_of_another_register_is_not_taken() -> None:
    bench = _ready()
    driver: Any = bench.world.dose_driver
    bus: Any = bench.world.driver_bus
    answer = bus._answer

    def other(frame: bytes) -> "tuple[bytes, int]":
        reply, delay = answer(frame)
        if reply and frame[1] == driver.address:
            body = reply[:2] + bytes([reply[2] ^ 1]) + reply[3:7]
            reply = body + bytes([chip_side.crc(body)])
        return reply, delay

    bus._answer = other
    _slices(bench, 600)
    assert _bad(bench) == (1, 0)


@pytest.mark.parametrize(("current_ma", "setting"), [(62, 1), (551, 17), (276, 8), (31, 0), (979, 31)])
def test_current_is_rounded_down_to_a_setting(current_ma: int, setting: int) -> None:
    assert Bench().module("drivers.motor_drivers").current_setting(current_ma) == setting


@pytest.mark.parametrize("current_ma", [0, 30, 980, -5])
def test_a_current_that_the_driver_cannot_give_is_refused(current_ma: int) -> None:
    with pytest.raises(ValueError, match=f"{current_ma} mA is outside 31..979 mA"):
        Bench().module("drivers.motor_drivers").current_setting(current_ma)
