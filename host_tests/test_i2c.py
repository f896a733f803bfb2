"""machine.I2C as the ESP32 port has it: what goes over the wires, how long it takes, and how it fails."""

import pytest

from tools.simulator import silicon
from tools.simulator.chip import machine
from tools.simulator.chip.machine import I2C, Pin
from tools.simulator.i2c import AFTER_US, BEFORE_US, FIFO_BYTES, REFILL_US
from tools.simulator.i2c_bus import Device, I2cBus
from tools.simulator.silicon import Chip, SimulatedReset

SDA = 41
SCL = 42
ADDRESS = 0x50
ENODEV = 19
OVERHEAD_US = BEFORE_US + AFTER_US


class Memory(Device):
    """256 bytes behind a pointer, as in an EEPROM; `refuses_after` bytes of a write it acknowledges no more."""

    def __init__(self, max_hz: int = 400_000) -> None:
        self.max_hz = max_hz
        self.cells = bytearray(range(256))
        self.pointer = 0
        self.writes: list[tuple[bytes, int]] = []
        self.reads: list[tuple[int, int]] = []
        self.refuses_after = 1000

    def write(self, data: "bytes | bytearray | memoryview", now_us: int) -> int:
        """The first byte is the pointer."""
        self.writes.append((bytes(data), now_us))
        self.pointer = data[0]
        for byte in data[1 : self.refuses_after]:
            self.cells[self.pointer] = byte
            self.pointer = (self.pointer + 1) % 256
        return min(len(data), self.refuses_after)

    def read(self, count: int, now_us: int) -> bytes:
        """From the pointer on."""
        self.reads.append((count, now_us))
        return bytes(self.cells[(self.pointer + index) % 256] for index in range(count))


class Wires:
    """A chip with a memory at 0x50 on its bus."""

    def __init__(self, chip_name: str = "esp32s3", **options: int) -> None:
        self.chip = silicon.power_on(chip_name)
        self.bus = I2cBus()
        self.memory = Memory()
        self.bus.devices[ADDRESS] = self.memory
        sda, scl = (SDA, SCL) if chip_name == "esp32s3" else (21, 22)
        self.chip.i2c_buses[(sda, scl)] = self.bus
        self.i2c = I2C(0, scl=Pin(scl), sda=Pin(sda), **options)

    def cost_us(self, action: object) -> int:
        """How long a call blocks."""
        before = self.chip.now_us
        assert callable(action)
        action()
        return self.chip.now_us - before


@pytest.fixture(params=["esp32s3", "esp32"])
def wires(request: pytest.FixtureRequest) -> Wires:
    return Wires(request.param)


@pytest.fixture
def s3() -> Wires:
    return Wires()


# --- what goes over the wires -----------------------------------------------------------------------------------------


def test_what_is_written_can_be_read_back(wires: Wires) -> None:
    assert wires.i2c.writeto(ADDRESS, b"\x10abc") == 4
    wires.i2c.writeto(ADDRESS, b"\x10")
    assert wires.i2c.readfrom(ADDRESS, 3) == b"abc"
    assert wires.i2c.readfrom_mem(ADDRESS, 0x11, 2) == b"bc"


def test_buffers_are_filled_in_place(s3: Wires) -> None:
    buffer = bytearray(4)
    s3.i2c.readfrom_mem_into(ADDRESS, 7, memoryview(buffer)[1:3])
    assert buffer == b"\x00\x07\x08\x00"
    s3.i2c.readfrom_into(ADDRESS, buffer)
    assert buffer == b"\x07\x08\x09\x0a"


def test_a_register_is_written_in_one_transaction_with_its_address(s3: Wires) -> None:
    s3.i2c.writeto_mem(ADDRESS, 0x20, bytearray(b"xy"))
    assert [data for data, _ in s3.memory.writes] == [b"\x20xy"]
    assert s3.bus.transactions == 1


def test_a_wide_register_address_goes_out_highest_byte_first(s3: Wires) -> None:
    s3.i2c.writeto_mem(ADDRESS, 0x0102, b"z", addrsize=16)
    assert s3.memory.writes[0][0] == b"\x01\x02z"
    with pytest.raises(ValueError, match="invalid addrsize"):
        s3.i2c.readfrom_mem(ADDRESS, 1, 1, addrsize=12)


def test_a_vector_is_one_transaction_without_its_empty_buffers(s3: Wires) -> None:
    assert s3.i2c.writevto(ADDRESS, [b"\x30", b"", bytearray(b"pq")]) == 3
    assert s3.memory.writes[0][0] == b"\x30pq"
    assert s3.i2c.writevto(ADDRESS, (b"", b"\x31r")) == 2
    assert s3.bus.transactions == 2


def test_the_port_copies_to_the_heap_what_it_must_join_and_nothing_else(s3: Wires) -> None:
    s3.i2c.writeto(ADDRESS, b"\x00a")
    s3.i2c.readfrom_into(ADDRESS, bytearray(2))
    s3.i2c.readfrom_mem_into(ADDRESS, 0, bytearray(2))
    s3.i2c.writevto(ADDRESS, [b"\x00a"])
    assert s3.bus.heap_copies == 0
    s3.i2c.writeto_mem(ADDRESS, 0, b"a")
    s3.i2c.writevto(ADDRESS, [b"\x00", b"a"])
    assert s3.bus.heap_copies == 2


def test_scan_finds_who_answers(s3: Wires) -> None:
    s3.bus.devices[0x77] = Memory()
    s3.bus.devices[0x78] = Memory()  # reserved: never asked
    assert s3.i2c.scan() == [ADDRESS, 0x77]
    assert s3.memory.writes == []


# --- time -------------------------------------------------------------------------------------------------------------


def test_a_byte_takes_nine_bits_of_the_bus_clock(wires: Wires) -> None:
    bits = 1 + 9 * (1 + 31) + 1
    assert wires.cost_us(lambda: wires.i2c.writeto(ADDRESS, bytes(31))) == bits * 5 / 2 + OVERHEAD_US


def test_a_slower_bus_takes_longer() -> None:
    slow = Wires(freq=100_000)
    assert slow.cost_us(lambda: slow.i2c.writeto(ADDRESS, bytes(9))) == 920 + OVERHEAD_US


def test_a_register_is_read_with_two_addresses_and_a_repeated_start(s3: Wires) -> None:
    bits = 1 + 9 * 2 + 1 + 9 * 3 + 1
    assert s3.cost_us(lambda: s3.i2c.readfrom_mem(ADDRESS, 5, 2)) == pytest.approx(bits * 2.5 + OVERHEAD_US, abs=2)


def test_more_than_the_fifo_holds_needs_an_interrupt_on_the_way(s3: Wires) -> None:
    fits = s3.cost_us(lambda: s3.i2c.writeto(ADDRESS, bytes(FIFO_BYTES - 1)))
    longer = s3.cost_us(lambda: s3.i2c.writeto(ADDRESS, bytes(FIFO_BYTES)))
    assert longer - fits == pytest.approx(22.5 + REFILL_US, abs=1)


def test_a_device_sees_a_read_when_its_address_was_sent_and_a_write_at_its_end(s3: Wires) -> None:
    start_us = s3.chip.now_us + BEFORE_US
    s3.i2c.readfrom(ADDRESS, 10)
    assert s3.memory.reads == [(10, start_us + 25)]
    start_us = s3.chip.now_us + BEFORE_US
    s3.i2c.writeto(ADDRESS, bytes(3))
    assert s3.memory.writes[0][1] == start_us + 95


def test_the_bus_tells_how_much_was_sent_and_when(s3: Wires) -> None:
    heard: list[tuple[int, int, int, int]] = []

    def listen(start_us: int, end_us: int, address: int, count: int) -> None:
        heard.append((start_us, end_us, address, count))

    s3.bus.listener = listen
    start_us = s3.chip.now_us + BEFORE_US
    s3.i2c.writeto(ADDRESS, bytes(3))
    s3.i2c.readfrom_mem(ADDRESS, 0, 4)
    assert heard[0] == (start_us, start_us + 95, ADDRESS, 4)
    assert heard[1][2:] == (ADDRESS, 7)
    assert (s3.bus.transactions, s3.bus.bytes, s3.bus.failures) == (2, 11, 0)
    assert s3.bus.busy_until_us == heard[1][1] == s3.chip.now_us - AFTER_US
    assert s3.bus.longest_us == heard[1][1] - heard[1][0] + OVERHEAD_US


def test_the_world_goes_on_while_the_caller_waits(s3: Wires) -> None:
    seen: list[int] = []

    def outside() -> int:
        seen.append(s3.chip.now_us)
        return silicon.NEVER_US

    due_us = s3.chip.now_us + 300
    s3.chip.outside = outside
    s3.chip.expect(due_us)
    s3.i2c.writeto(ADDRESS, bytes(31))
    assert seen == [due_us]


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
    assert isinstance(wires.chip, Chip)
    assert wires.chip.flags == []
