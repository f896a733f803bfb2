"""machine.I2C when something is wrong: who does not answer, what is stuck, and what the port refuses."""

import pytest

from host_tests.i2c_bench import ADDRESS, ENODEV, OVERHEAD_US, SCL, SDA, Wires
from tools.simulator import silicon
from tools.simulator.chip import machine
from tools.simulator.chip.machine import I2C, Pin
from tools.simulator.i2c_master import BEFORE_US
from tools.simulator.silicon import SimulatedReset


@pytest.fixture(params=["esp32s3", "esp32"])
def wires(request: pytest.FixtureRequest) -> Wires:
    return Wires(request.param)


@pytest.fixture
def s3() -> Wires:
    return Wires()


# --- failures ---------------------------------------------------------------------------------------------------------


def test_nobody_there_is_enodev_after_one_byte(wires: Wires) -> None:
    def fail() -> None:
        with pytest.raises(OSError, match="ENODEV") as failed:
            wires.i2c.writeto(0x51, bytes(20))
        assert failed.value.errno == ENODEV

    assert wires.cost_us(fail) == pytest.approx(11 * 2.5 + OVERHEAD_US, abs=1)
    assert wires.bus.failures == 1


def test_reading_from_nobody_is_enodev_too(s3: Wires) -> None:
    with pytest.raises(OSError, match="ENODEV") as failed:
        s3.i2c.readfrom_into(0x51, bytearray(2))
    assert failed.value.errno == ENODEV


def test_a_silenced_device_answers_again_when_it_is_let(s3: Wires) -> None:
    s3.bus.silent.add(ADDRESS)
    with pytest.raises(OSError, match="ENODEV"):
        s3.i2c.readfrom(ADDRESS, 1)
    s3.bus.silent.clear()
    assert s3.i2c.readfrom(ADDRESS, 1) == b"\x00"


def test_a_byte_that_is_not_acknowledged_in_the_middle_fails_but_those_before_it_counted(s3: Wires) -> None:
    s3.memory.refuses_after = 3
    with pytest.raises(OSError, match="ENODEV") as failed:
        s3.i2c.writeto(ADDRESS, b"\x00abcd")
    assert failed.value.errno == ENODEV
    assert s3.memory.cells[:4] == b"ab\x02\x03"


@pytest.mark.parametrize(("timeout_us", "least_us", "most_us"), [(50_000, 40_000, 50_000), (20_000, 10_000, 20_000)])
def test_a_stuck_line_blocks_for_the_timeout_and_is_enodev(timeout_us: int, least_us: int, most_us: int) -> None:
    wires = Wires(timeout=timeout_us)
    wires.bus.stuck = True
    for _ in range(3):

        def fail() -> None:
            with pytest.raises(OSError, match="ENODEV") as failed:
                wires.i2c.writeto(ADDRESS, bytes(3))
            assert failed.value.errno == ENODEV

        assert least_us <= wires.cost_us(fail) <= most_us + OVERHEAD_US
        wires.chip.spend(3_333)
    wires.bus.stuck = False
    assert wires.i2c.writeto(ADDRESS, bytes(3)) == 3


def test_a_timeout_below_a_freertos_tick_fails_always() -> None:
    wires = Wires(timeout=9_999)
    assert wires.chip.flags == ["I2C: a timeout below two FreeRTOS ticks of 10 ms fails good transactions"]
    with pytest.raises(OSError, match="ENODEV"):
        wires.i2c.writeto(ADDRESS, bytes(3))
    with pytest.raises(OSError, match="ENODEV"):
        wires.i2c.readfrom(ADDRESS, 3)
    assert wires.memory.writes == []
    assert wires.bus.bytes == 0


def test_what_the_timeout_cuts_off_never_arrives() -> None:
    wires = Wires(timeout=10_000)
    tick_us = silicon.RTOS_TICK_US
    wires.chip.spend(tick_us - BEFORE_US - 255 - wires.chip.now_us % tick_us)  # the tick comes after 101 bits
    with pytest.raises(OSError, match="ENODEV"):
        wires.i2c.writeto(ADDRESS, bytes(20))
    assert [data for data, _ in wires.memory.writes] == [bytes(10)]
    assert wires.bus.bytes == 11


def test_a_read_that_the_timeout_cuts_off_gives_nothing() -> None:
    wires = Wires(timeout=10_000)
    buffer = bytearray(b"kept")
    wires.chip.spend(silicon.RTOS_TICK_US - BEFORE_US - 50 - wires.chip.now_us % silicon.RTOS_TICK_US)
    with pytest.raises(OSError, match="ENODEV"):
        wires.i2c.readfrom_into(ADDRESS, buffer)
    assert buffer == b"kept"
    assert wires.bus.bytes == 2


def test_a_timeout_of_two_freertos_ticks_is_enough_for_every_short_transaction() -> None:
    wires = Wires(timeout=20_000)
    assert wires.chip.flags == []
    for _ in range(200):
        wires.chip.spend(1_000)
        assert wires.i2c.writeto(ADDRESS, bytes(31)) == 31
    I2C(0, timeout=19_999)
    assert len(wires.chip.flags) == 1


def test_a_timeout_of_one_freertos_tick_fails_when_the_tick_comes_too_soon() -> None:
    wires = Wires(timeout=10_000)
    failures = 0
    for _ in range(100):
        wires.chip.spend(1_000)
        try:
            wires.i2c.writeto(ADDRESS, bytes(31))
        except OSError:
            failures += 1
    assert 2 <= failures <= 12


def test_a_pin_that_was_taken_away_carries_nothing_any_more(s3: Wires) -> None:
    Pin(SDA, Pin.OUT, value=1)
    with pytest.raises(OSError, match="ENODEV"):
        s3.i2c.writeto(ADDRESS, b"\x00")
    assert s3.memory.writes == []


def test_swapped_wires_reach_nobody() -> None:
    wires = Wires()
    swapped = I2C(0, scl=Pin(SDA), sda=Pin(SCL))
    assert swapped.scan() == []
    assert wires.memory.writes == []


def test_a_device_too_slow_for_the_clock_does_not_answer_and_is_flagged(s3: Wires) -> None:
    s3.memory.max_hz = 100_000
    with pytest.raises(OSError, match="ENODEV"):
        s3.i2c.writeto(ADDRESS, b"\x00")
    assert s3.chip.flags == ["I2C: 0x50 cannot do 400000 Hz"]


# --- the port ---------------------------------------------------------------------------------------------------------


def test_a_port_has_one_object_that_keeps_what_is_not_given_again(s3: Wires) -> None:
    again = I2C(0, freq=100_000)
    assert again is s3.i2c
    assert repr(again) == "I2C(0, scl=42, sda=41, freq=100000, timeout=50000)"
    assert again.readfrom(ADDRESS, 1) == b"\x00"


def test_a_port_without_pins_takes_those_of_the_chip() -> None:
    silicon.power_on("esp32")
    assert repr(I2C()) == "I2C(0, scl=18, sda=19, freq=400000, timeout=50000)"
    assert repr(I2C(1)) == "I2C(1, scl=25, sda=26, freq=400000, timeout=50000)"


def test_a_third_port_does_not_exist(s3: Wires) -> None:
    with pytest.raises(ValueError, match=r"I2C\(2\) doesn't exist"):
        I2C(2)


def test_two_masters_on_one_bus_are_refused(s3: Wires) -> None:
    with pytest.raises(NotImplementedError, match="two I2C masters on GPIO42"):
        I2C(1, scl=Pin(SCL), sda=Pin(SDA))


@pytest.mark.parametrize("address", [-1, 0x80, 0x3FF])
def test_addresses_of_more_than_seven_bits_are_refused(s3: Wires, address: int) -> None:
    with pytest.raises(NotImplementedError, match="would block the port for good"):
        s3.i2c.writeto(address, b"\x00")


def test_what_the_idf_refuses_at_start_ends_in_a_panic() -> None:
    silicon.power_on("esp32")
    with pytest.raises(SimulatedReset, match="GPIO34, an input") as reset:
        I2C(0, scl=Pin(22), sda=Pin(34))
    assert reset.value.cause == machine.HARD_RESET
    silicon.power_on("esp32s3")
    with pytest.raises(SimulatedReset, match="0 Hz"):
        I2C(0, scl=Pin(SCL), sda=Pin(SDA), freq=0)


def test_the_stop_argument_does_nothing_and_says_so(s3: Wires) -> None:
    s3.i2c.writeto(ADDRESS, b"\x05", False)
    assert s3.chip.flags == ["I2C: stop=False is ignored, STOP is sent"]
    assert s3.i2c.readfrom(ADDRESS, 1) == b"\x05"


@pytest.mark.parametrize("name", ["init", "start", "stop", "readinto", "write"])
def test_calls_of_the_software_bus_are_refused_as_on_the_device(s3: Wires, name: str) -> None:
    with pytest.raises(OSError, match="I2C operation not supported"):
        getattr(s3.i2c, name)()


def test_deinit_leaves_the_port_as_it_is(s3: Wires) -> None:
    s3.i2c.deinit()
    assert s3.chip.flags == ["I2C.deinit() does nothing on the ESP32"]
    assert s3.i2c.scan() == [ADDRESS]


def test_empty_transfers_are_no_ordinary_transfers(s3: Wires) -> None:
    with pytest.raises(NotImplementedError):
        s3.i2c.readfrom(ADDRESS, 0)
    with pytest.raises(OSError, match="ESP_ERR_INVALID_ARG") as failed:
        s3.i2c.readfrom_mem(ADDRESS, 0, 1, addrsize=0)
    assert failed.value.errno == 0x102
    s3.i2c.writeto(ADDRESS, b"")
    assert s3.chip.flags == ["I2C: an empty write returns an undefined number"]


def test_only_buffers_can_be_sent_and_only_writable_ones_filled(s3: Wires) -> None:
    for wrong in ("text", 5, [1, 2]):
        with pytest.raises(TypeError):
            s3.i2c.writeto(ADDRESS, wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        s3.i2c.readfrom_into(ADDRESS, b"\x00")  # type: ignore[arg-type]


def test_both_lines_are_open_drain_and_rest_high(wires: Wires) -> None:
    for number in (wires.i2c._sda.number, wires.i2c._scl.number):  # pyright: ignore[reportPrivateUsage]
        pin: Pin = wires.chip.pins[number]
        assert pin() == 1
        assert pin.driven_level() == -1
        assert pin.drives
        pin.net.pulled_up = False
        pin.net.update()
        assert pin() == 1  # by the pull-up of the chip
    assert wires.chip.flags == []
