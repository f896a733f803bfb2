"""machine.I2C as the ESP32 port has it: what goes over the wires, and how long it takes."""

import pytest

from host_tests.i2c_bench import ADDRESS, OVERHEAD_US, Memory, Wires
from tools.simulator import silicon
from tools.simulator.i2c_master import AFTER_US, BEFORE_US, REFILL_US


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
    fits = s3.cost_us(lambda: s3.i2c.writeto(ADDRESS, bytes(31)))
    longer = s3.cost_us(lambda: s3.i2c.writeto(ADDRESS, bytes(32)))
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
