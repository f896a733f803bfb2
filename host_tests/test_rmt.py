"""RMT sends one train at a time; what it says about it, right or wrong; and how a train is stopped."""

import pytest

from tools.simulator import silicon
from tools.simulator.chip import machine
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin
from tools.simulator.rmt import RMT
from tools.simulator.silicon import Chip, SimulatedHang, SimulatedReset

STEP = 5


@pytest.fixture
def s3() -> Chip:
    return silicon.power_on("esp32s3")


@pytest.fixture
def esp32() -> Chip:
    return silicon.power_on("esp32")


def channel(pin: int = STEP, **more: int) -> RMT:
    return RMT(pin=Pin(pin), resolution_hz=1_000_000, **more)


def emitted(chip: Chip, pin: int = STEP) -> int:
    return chip.pins[pin].net.rises_by(chip.now_us)


# --- one at a time ----------------------------------------------------------------------------------------------------


def test_writing_while_a_train_runs_blocks_until_its_end_and_is_flagged(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 90] * 20)
    start = s3.now_us
    rmt.write_pulses([10, 90])
    assert s3.now_us - start == 2000 + 10
    assert emitted(s3) == 21
    assert s3.flags == ["write_pulses waited for the train before"]


def test_a_write_that_waits_for_ever_hangs(s3: Chip) -> None:
    rmt = channel()
    rmt.loop(True)
    rmt.write_pulses([10, 90])
    with pytest.raises(SimulatedHang, match="repeats for ever"):
        rmt.write_pulses([10, 90])


def test_a_write_that_waits_for_ever_is_ended_by_the_watchdog(s3: Chip) -> None:
    machine.WDT(timeout=250)
    rmt = channel()
    rmt.loop(True)
    rmt.write_pulses([10, 90])
    with pytest.raises(SimulatedReset):
        rmt.write_pulses([10, 90])


def test_a_loop_repeats_until_it_is_switched_off(s3: Chip) -> None:
    rmt = channel()
    rmt.loop(True)
    rmt.write_pulses([10, 90])
    device_time.sleep_us(10_000)
    assert emitted(s3) == 101
    assert rmt.active()
    rmt.loop(False)
    count = emitted(s3)
    device_time.sleep_ms(10)
    assert emitted(s3) == count


def test_the_esp32_counts_no_loops(esp32: Chip) -> None:
    rmt = channel(25)
    rmt.loop_count(3)
    with pytest.raises(OSError, match="NOT_SUPPORTED"):
        rmt.write_pulses([10, 90])
    with pytest.raises(ValueError, match="-1, 0 or positive"):
        rmt.loop_count(-2)


def test_active_and_wait_done_tell_when_a_train_has_ended(s3: Chip) -> None:
    rmt = channel()
    assert rmt.wait_done()  # nothing was ever sent
    assert not rmt.active()
    rmt.write_pulses([10, 90] * 10)
    assert rmt.active()
    assert not rmt.wait_done()
    device_time.sleep_us(1000)
    assert not rmt.active()
    assert rmt.wait_done()


def test_wait_done_counts_in_rtos_ticks_of_ten_milliseconds(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 90] * 45)  # 4.5 ms
    before = s3.now_us
    assert not rmt.wait_done(timeout=9)  # no whole tick: does not wait at all
    assert s3.now_us - before == silicon.RMT_US
    assert rmt.wait_done(timeout=10)
    assert s3.now_us - before == 4500


def test_wait_done_gives_up_at_the_end_of_its_time(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([20_000, 20_000])
    assert not rmt.wait_done(timeout=20)
    assert s3.now_us == 20_000
    assert rmt.wait_done(timeout=-1)


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_an_s3_stops_at_once(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 90] * 40)
    device_time.sleep_us(1000)
    before = s3.now_us
    rmt.active(False)
    assert s3.now_us - before == silicon.RMT_US
    device_time.sleep_ms(10)
    assert emitted(s3) == 11
    assert Pin(STEP).net.level == 0


def test_an_esp32_plays_its_block_to_the_end_and_the_caller_waits(esp32: Chip) -> None:
    rmt = channel(25)
    rmt.write_pulses([10, 90] * 40)
    start = esp32.now_us
    device_time.sleep_us(1000)
    rmt.active(False)
    assert esp32.now_us == start + 4000
    assert emitted(esp32, 25) == 40


def test_an_esp32_ends_a_loop_with_the_pass_under_way(esp32: Chip) -> None:
    rmt = channel(25)
    rmt.loop(True)
    rmt.write_pulses([10, 90] * 3)
    device_time.sleep_us(700)
    rmt.loop(False)
    device_time.sleep_ms(10)
    assert emitted(esp32, 25) == 9


def test_after_an_abort_the_bookkeeping_is_wrong_until_the_channel_is_made_anew(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 90] * 40)
    rmt.active(False)
    assert not rmt.active()
    assert rmt.wait_done()
    rmt.write_pulses([10, 90])
    device_time.sleep_ms(10)
    assert rmt.active()  # wrong, and for ever
    assert not rmt.wait_done()  # wrong too
    assert rmt.wait_done(timeout=10)  # asks ESP-IDF, which knows
    rmt.deinit()
    again = channel()
    again.write_pulses([10, 90])
    device_time.sleep_ms(10)
    assert not again.active()
    assert again.wait_done()


def test_taking_the_pin_as_an_output_silences_it_at_once_on_either_chip() -> None:
    for name, number in (("esp32s3", STEP), ("esp32", 25)):
        chip = silicon.power_on(name)
        rmt = channel(number)
        rmt.write_pulses([10, 90] * 40)
        device_time.sleep_us(1000)
        Pin(number).init(Pin.OUT, value=0)
        count = emitted(chip, number)
        assert count == 11
        assert rmt.active()  # RMT plays on into nowhere
        device_time.sleep_ms(10)
        assert emitted(chip, number) == count
        assert Pin(number)() == 0
        rmt.write_pulses([10, 90])
        assert emitted(chip, number) == count
        assert chip.flags == [f"GPIO{number}: RMT sends, but the pin is not routed to it"]


def test_a_cut_in_the_high_half_of_a_pulse_makes_no_further_rise(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([50, 50] * 10)
    device_time.sleep_us(130)
    assert Pin(STEP).net.read() == 1
    Pin(STEP).init(Pin.OUT, value=0)
    net = Pin(STEP).net
    assert (net.rises, net.falls, net.level) == (2, 2, 0)


def test_a_bare_value_does_not_take_the_pin_from_rmt(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 90] * 10)
    Pin(STEP).value(1)
    Pin(STEP).init(value=0)
    device_time.sleep_ms(2)
    assert emitted(s3) == 10


def test_deinit_leaves_the_pin_without_a_driver(s3: Chip) -> None:
    pin = Pin(STEP, Pin.OUT, Pin.PULL_UP, value=0)
    rmt = RMT(pin=pin, resolution_hz=1_000_000)
    assert pin.net.level == 0
    rmt.deinit()
    assert pin.net.level == 1
    for call in (lambda: rmt.write_pulses([1, 1]), rmt.wait_done, rmt.clock_div, lambda: rmt.loop(True)):
        with pytest.raises(OSError, match="deinitialized"):
            call()
    rmt.deinit()  # twice is allowed


# --- construction -----------------------------------------------------------------------------------------------------


def test_a_channel_needs_its_memory(s3: Chip) -> None:
    with pytest.raises(ValueError, match="even and at least 48"):
        channel(num_symbols=46)
    with pytest.raises(ValueError, match="even and at least 48"):
        channel(num_symbols=49)
    channels = [channel(pin, num_symbols=64) for pin in (5, 15)]  # two blocks of 48 each
    with pytest.raises(OSError, match="NOT_FOUND"):
        channel(16)
    channels[0].deinit()
    channel(16)


def test_the_clock_is_given_once(s3: Chip) -> None:
    with pytest.raises(ValueError, match="mutually exclusive"):
        RMT(pin=Pin(STEP), resolution_hz=1_000_000, clock_div=80)
    with pytest.raises(ValueError, match="between 1 and 255"):
        RMT(pin=Pin(STEP), clock_div=256)
    with pytest.raises(ValueError, match="positive"):
        RMT(pin=Pin(STEP), resolution_hz=0)


def test_an_input_only_pin_cannot_send(esp32: Chip) -> None:
    with pytest.raises(OSError, match="INVALID_ARG"):
        channel(35)
