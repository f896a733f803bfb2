"""The powered chip: virtual time, what happens at its exact moment, and the ways a program ends."""

import os
import shutil
import subprocess
import sys
import time as host_time
from pathlib import Path

import pytest

from tools.simulator import silicon
from tools.simulator.chip import machine
from tools.simulator.chip import os as device_os
from tools.simulator.chip import time as device_time
from tools.simulator.silicon import NEVER_US, Chip, PowerOff, SimulatedHang, SimulatedReset

ROOT = Path(__file__).resolve().parent.parent
WRAP = 1 << 30


@pytest.fixture
def chip() -> Chip:
    return silicon.power_on("esp32s3")


class Events:
    """Something outside that is due at given moments, and keeps what the clock said when it happened."""

    def __init__(self, chip: Chip, *due_us: int) -> None:
        self._chip = chip
        self._due = [*due_us, NEVER_US]
        self.seen: list[int] = []
        chip.outside = self.happen
        chip.expect(self._due[0])

    def happen(self) -> int:
        while self._due[0] <= self._chip.now_us:
            self._due.pop(0)
            self.seen.append(self._chip.now_us)
        return self._due[0]


# --- ticks ------------------------------------------------------------------------------------------------------------


def test_the_clock_wraps_three_seconds_after_power_on(chip: Chip) -> None:
    before = device_time.ticks_us()
    assert abs(WRAP - before - 3_000_000) <= 10
    device_time.sleep_ms(3000)
    assert device_time.ticks_us() < 10


def test_ticks_count_through_the_wrap(chip: Chip) -> None:
    device_time.sleep_us(2_999_000)
    before = device_time.ticks_us()
    device_time.sleep_us(5000)
    assert device_time.ticks_diff(device_time.ticks_us(), before) == 5000 + 2


def test_a_reset_starts_the_ticks_anew_but_not_the_time() -> None:
    chip = silicon.power_on("esp32s3", start_us=123_456_789, reset_cause=silicon.WDT_RESET)
    assert chip.now_us == 123_456_789
    assert WRAP - device_time.ticks_us() == 3_000_000 - 2


@pytest.mark.parametrize(
    ("end", "start", "difference"),
    [
        (5, 3, 2),
        (3, 5, -2),
        (2, WRAP - 3, 5),
        (WRAP - 3, 2, -5),
        (1 << 29, 0, -(1 << 29)),
        ((1 << 29) - 1, 0, (1 << 29) - 1),
    ],
)
def test_ticks_diff_is_signed_and_wraps(chip: Chip, end: int, start: int, difference: int) -> None:
    assert device_time.ticks_diff(end, start) == difference


def test_ticks_add_wraps_and_refuses_what_ticks_diff_could_not_give_back(chip: Chip) -> None:
    assert device_time.ticks_add(WRAP - 1, 2) == 1
    assert device_time.ticks_add(0, -1) == WRAP - 1
    for delta in (1 << 29, -(1 << 29)):
        with pytest.raises(OverflowError):
            device_time.ticks_add(0, delta)


def test_milliseconds_come_from_the_same_clock(chip: Chip) -> None:
    before = device_time.ticks_ms()
    device_time.sleep_ms(7)
    assert device_time.ticks_diff(device_time.ticks_ms(), before) == 7


# --- passing of time --------------------------------------------------------------------------------------------------


def test_each_call_costs_its_time(chip: Chip) -> None:
    pin = machine.Pin(9, machine.Pin.IN)
    adc = machine.ADC(1)
    for call, us in (
        (pin, silicon.PIN_US),
        (adc.read_u16, silicon.ADC_US),
        (device_time.ticks_us, silicon.TICKS_US),
        (lambda: device_time.ticks_diff(1, 0), silicon.TICKS_ARITHMETIC_US),
        (lambda: device_time.sleep_us(100), 100),
        (lambda: device_time.sleep_ms(2), 2000),
        (lambda: device_time.sleep(0.25), 250_000),
    ):
        before = chip.now_us
        call()
        assert chip.now_us - before == us


@pytest.mark.parametrize("us", [-1, 0, 1, 4])
def test_a_sleep_below_five_microseconds_is_only_a_call(chip: Chip, us: int) -> None:
    before = chip.now_us
    device_time.sleep_us(us)
    assert chip.now_us - before == silicon.TICKS_US


def test_what_is_due_in_a_long_sleep_happens_at_its_moment_and_in_order(chip: Chip) -> None:
    events = Events(chip, 10, 11, 5000, 999_999)
    device_time.sleep_ms(1000)
    assert events.seen == [10, 11, 5000, 999_999]
    assert chip.now_us == 1_000_000


def test_what_is_due_at_the_end_of_a_call_happens_before_it_returns(chip: Chip) -> None:
    events = Events(chip, 100)
    device_time.sleep_us(100)
    assert events.seen == [100]


def test_a_stall_makes_the_next_call_longer_once(chip: Chip) -> None:
    chip.stall(700)
    device_time.sleep_us(10)
    assert chip.now_us == 710
    device_time.sleep_us(10)
    assert chip.now_us == 720


def test_real_time_makes_the_host_wait(chip: Chip) -> None:
    chip.real_time = True
    before = host_time.monotonic()
    for _ in range(5):
        device_time.sleep_ms(10)
    assert host_time.monotonic() - before >= 0.045
    assert chip.now_us == 50_000


# --- ends -------------------------------------------------------------------------------------------------------------


def test_after_power_off_every_passing_of_time_raises(chip: Chip) -> None:
    chip.cut_power()
    for call in (device_time.ticks_us, lambda: device_time.sleep_ms(1), lambda: machine.Pin(1, machine.Pin.OUT)):
        with pytest.raises(PowerOff):
            call()


def test_power_off_in_the_middle_of_a_sleep_stops_there(chip: Chip) -> None:
    def cut() -> int:
        chip.cut_power()
        return NEVER_US

    chip.outside = cut
    chip.expect(12_345)
    with pytest.raises(PowerOff):
        device_time.sleep_ms(100)
    assert chip.now_us == 12_345


def test_device_code_cannot_catch_power_off_by_accident() -> None:
    for end in (PowerOff, SimulatedReset, SimulatedHang):
        assert not issubclass(end, Exception)


def test_a_finally_block_after_the_end_moves_nothing(chip: Chip) -> None:
    pin = machine.Pin(21, machine.Pin.OUT, value=1)
    chip.cut_power()
    with pytest.raises(PowerOff):
        pin(0)
    assert pin.net.level == 1


def test_an_unfed_watchdog_resets_at_its_exact_moment(chip: Chip) -> None:
    watchdog = machine.WDT(timeout=250)
    for _ in range(10):
        device_time.sleep_ms(249)
        watchdog.feed()
    fed = chip.now_us
    with pytest.raises(SimulatedReset) as reset:
        device_time.sleep_ms(251)
    assert reset.value.cause == machine.WDT_RESET
    assert chip.now_us - fed == 250_000


def test_a_second_watchdog_is_the_first_with_another_timeout(chip: Chip) -> None:
    machine.WDT(timeout=100)
    machine.WDT(timeout=5000)
    device_time.sleep_ms(4000)
    with pytest.raises(SimulatedReset):
        device_time.sleep_ms(1001)


def test_after_a_reset_what_is_left_of_the_program_gets_the_same_reset(chip: Chip) -> None:
    with pytest.raises(SimulatedReset) as first:
        machine.reset()
    with pytest.raises(SimulatedReset) as second:
        device_time.ticks_us()
    assert second.value is first.value
    assert first.value.cause == machine.HARD_RESET


@pytest.mark.parametrize(("identity", "timeout"), [(1, 100), (0, 0), (0, -5)])
def test_a_watchdog_that_the_chip_does_not_have_is_refused(chip: Chip, identity: int, timeout: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - MicroPython gives no text for the first
        machine.WDT(identity, timeout)


def test_a_wait_for_ever_is_a_hang_unless_a_watchdog_runs(chip: Chip) -> None:
    machine.WDT(timeout=250)
    with pytest.raises(SimulatedReset):
        chip.wait_for_ever("nothing comes")
    without = silicon.power_on("esp32s3")
    with pytest.raises(SimulatedHang, match="nothing comes"):
        without.wait_for_ever("nothing comes")


def test_power_for_one_chip_is_no_power_for_the_one_before(chip: Chip) -> None:
    pin = machine.Pin(9, machine.Pin.IN)
    silicon.power_on("esp32")
    with pytest.raises(PowerOff):
        pin()


# --- the rest of machine and os ---------------------------------------------------------------------------------------


def test_stock_boards_boot_at_160_mhz_and_take_only_what_the_chip_can(chip: Chip) -> None:
    assert machine.freq() == 160_000_000
    machine.freq(240_000_000)
    assert machine.freq() == 240_000_000
    with pytest.raises(ValueError, match="240MHz"):
        machine.freq(200_000_000)


def test_rtc_memory_holds_2048_bytes_and_is_handed_to_the_next_boot(chip: Chip) -> None:
    rtc = machine.RTC()
    assert rtc.memory() == b""
    rtc.memory(b"shot open")
    silicon.power_on("esp32s3", 1, machine.WDT_RESET, chip.rtc_memory)
    assert machine.RTC().memory() == b"shot open"
    assert machine.reset_cause() == machine.WDT_RESET
    with pytest.raises(ValueError, match="too long"):
        machine.RTC().memory(bytes(2049))


@pytest.mark.parametrize(
    ("name", "text"),
    [("esp32s3", "Generic ESP32S3 module with ESP32-S3"), ("esp32", "Generic ESP32 module with ESP32")],
)
def test_uname_names_the_chip_as_the_stock_firmware_does(name: str, text: str) -> None:
    silicon.power_on(name)
    assert device_os.uname().machine == text


def test_an_unknown_chip_is_an_error() -> None:
    with pytest.raises(KeyError):
        silicon.power_on("esp8266")


def test_the_flash_of_the_device_is_a_folder_and_no_path_leads_out(chip: Chip, tmp_path: Path) -> None:
    chip.flash_root = str(tmp_path)
    (tmp_path / "a.txt").write_text("a")
    device_os.rename("a.txt", "/b.txt")
    assert device_os.listdir() == ["b.txt"]
    assert device_os.stat("/b.txt")[6] == 1
    with pytest.raises(OSError, match="secret"):
        device_os.remove("../secret")


# --- the other interpreter --------------------------------------------------------------------------------------------


def test_virtual_time_passes_alike_on_micropython() -> None:
    beside = Path(sys.executable).parent / "micropython"
    micropython = str(beside) if os.access(beside, os.X_OK) else shutil.which("micropython")
    if micropython is None:
        pytest.skip("no micropython beside this Python or on the PATH: virtual time is tested on CPython only")
    program = str(ROOT / "host_tests" / "micropython" / "virtual_time.py")
    said = [
        subprocess.run([interpreter, program, str(ROOT)], capture_output=True, text=True, timeout=60, check=True).stdout
        for interpreter in (sys.executable, micropython)
    ]
    assert len(said[0].splitlines()) > 100
    assert said[0] == said[1]
