"""The powered chip: virtual time, what interrupts it from outside, the watchdog, and the ways it can stop.

Time is an integer number of microseconds since power-on. It passes when device code sleeps, and by a fixed cost at each
call into the hardware; pure Python costs nothing. `chip` is the one chip of this process that has power.

Costs per call, microseconds at 240 MHz: instruction counts of the official ESP32 image in an emulator, 8 ns each, plus
the conversion for the ADC. They are estimates: no board was measured.
"""

from tools.simulator.chips import MODELS, ChipModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    import time as _host_time
    from collections.abc import Callable
    from typing import Any
else:
    try:
        import utime as _host_time  # MicroPython: the built-in module, whatever `time` is on sys.path
    except ImportError:
        import time as _host_time

PIN_US = 2
ADC_US = 40
COUNTER_US = 3
RMT_US = 3
TICKS_US = 2
TICKS_ARITHMETIC_US = 1
UART_US = 10
FEED_US = 3

NEVER_US = 1 << 60
TICKS_PERIOD = 1 << 30
FIRST_WRAP_US = 3_000_000  # ticks_us wraps this long after power-on, so that every session lives through a wrap
RTOS_TICK_US = 10_000  # FreeRTOS runs at its default 100 Hz: timeouts given in ms are counted in these

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
SOFT_RESET = 5

# BaseException: device code that catches Exception must not survive these.


class PowerOff(BaseException):
    """The supply was cut: device code stops between two instructions."""


class SimulatedReset(BaseException):
    """The chip resets. `cause` is what machine.reset_cause() says after the next boot."""

    def __init__(self, cause: int, why: str) -> None:
        super().__init__(why)
        self.cause = cause


class SimulatedHang(BaseException):
    """The program waits for what can never come, and no watchdog is running."""


def _nothing() -> None:
    pass


class Chip:
    """One boot of one chip. A reset makes a new one; RTC memory, flash and NVS are handed on."""

    def __init__(
        self, model: ChipModel, start_us: int = 0, reset_cause: int = PWRON_RESET, rtc_memory: bytes = b""
    ) -> None:
        self.model = model
        self.now_us = start_us
        self.deadline_us = NEVER_US  # before this moment nothing happens from outside; device calls compare with it
        self.ticks_offset_us = TICKS_PERIOD - FIRST_WRAP_US - start_us
        self.boot_us = start_us
        self.reset_cause = reset_cause
        self.rtc_memory = rtc_memory
        self.freq_hz = 160_000_000  # stock boards boot at this
        self.wifi_on = False
        self.real_time = False
        self.flash_root = ""  # a directory of the host; "": files are in memory
        self.program_root = ""  # where the device's program was taken from; "": it has none
        self.flash_files: "dict[str, bytes]" = {}
        self.nvs: "dict[str, dict[str, int | bytes]]" = {}  # by namespace: what esp32.NVS has committed
        self.nvs_now: "dict[str, dict[str, int | bytes]]" = {}  # and what it has set
        self.flags: list[str] = []  # what a reviewer of the board would object to, in words, each once
        self.pins: "dict[int, Any]" = {}
        self.counters: "dict[int, Any]" = {}
        self.analog: "dict[int, Callable[[], int]]" = {}  # GPIO -> counts 0..4095 at 11 dB
        self.converters: "dict[int, Any]" = {}  # GPIO -> the ADC that was made last for it
        self.serial: "dict[tuple[int, int], Any]" = {}  # (TX, RX) -> what is at the other end of the wires
        self.i2c_buses: "dict[tuple[int, int], Any]" = {}  # (SDA, SCL) -> the bus on these wires
        self.i2c_ports: "dict[int, Any]" = {}
        self.ledc: "Any" = None  # the PWM unit, from its first use on
        self.rmt_blocks_used = 0
        # From this moment on, end_frames() is called before a motor's wires change: see World.
        self.frame_due_us = NEVER_US
        self.end_frames: "Callable[[], None]" = _nothing
        self.outside: "Callable[[], int] | None" = None  # lets everything due now happen, returns the next moment
        self.on_end: "Callable[[], None] | None" = None  # called once, at the moment the program is stopped
        self._watchdog_us = 0
        self._watchdog_due_us = NEVER_US
        self._outside_due_us = NEVER_US
        self._stall_us = 0
        self._ended: "BaseException | None" = None
        self._host_boot_s = 0.0

    # --- time -------------------------------------------------------------------------------------------------------
    # Hot callers do the first branch of spend() themselves: a call costs more than the work.

    def spend(self, us: int) -> None:
        """`us` microseconds pass. Raises PowerOff, SimulatedReset."""
        now = self.now_us + us
        if now < self.deadline_us:
            self.now_us = now
        else:
            self.pass_time(us)

    def pass_time(self, us: int) -> None:
        """As spend(), when something may be due on the way: it happens at its exact moment, in order."""
        target = self.now_us + us
        while True:
            if self._ended is not None:
                raise self._ended
            due = self.deadline_us
            if target < due:
                break
            if due > self.now_us:
                self.now_us = due
            if self.now_us >= self._watchdog_due_us:
                self.stop(SimulatedReset(WDT_RESET, "the watchdog was not fed for {} us".format(self._watchdog_us)))
            self._outside_due_us = NEVER_US if self.outside is None else self.outside()
            self._plan()
            target += self._stall_us
            self._stall_us = 0
        self.now_us = target

    def sleep(self, us: int) -> None:
        """As spend(), and the host sleeps too when `real_time` is set."""
        self.spend(us)
        if self.real_time:
            self._pace(us)

    def expect(self, due_us: int) -> None:
        """Something from outside is due then."""
        self._outside_due_us = due_us
        self._plan()

    def stall(self, us: int) -> None:
        """Fault: device code loses `us` microseconds at the moment it lets time pass next."""
        self._stall_us += us
        self._outside_due_us = self.now_us
        self._plan()

    def wait_for_ever(self, why: str) -> None:
        """The program is stuck: the watchdog, the supply or, with neither, SimulatedHang ends it."""
        while self.deadline_us < NEVER_US:
            self.pass_time(max(self.deadline_us - self.now_us, 0))
        self.stop(SimulatedHang(why))

    def rtos_deadline_us(self, timeout_ms: int) -> int:
        """When a FreeRTOS wait of `timeout_ms` ends: whole ticks only, so under 10 ms it ends at once."""
        ticks = timeout_ms * 1000 // RTOS_TICK_US
        if ticks == 0:
            return self.now_us
        return self.boot_us + ((self.now_us - self.boot_us) // RTOS_TICK_US + ticks) * RTOS_TICK_US

    def _plan(self) -> None:
        due = min(self._outside_due_us, self._watchdog_due_us)
        self.deadline_us = due if self._ended is None else 0

    def _pace(self, slept_us: int) -> None:
        """Let the host catch up with the virtual clock; the first sleep starts both."""
        up_s = (self.now_us - self.boot_us) / 1e6
        if self._host_boot_s == 0.0:
            self._host_boot_s = _host_time.time() - up_s + slept_us / 1e6
        ahead_s = self._host_boot_s + up_s - _host_time.time()
        if ahead_s > 0:
            _host_time.sleep(ahead_s)

    # --- stopping ---------------------------------------------------------------------------------------------------

    def cut_power(self) -> None:
        """The supply is gone: from now on any passing of time raises PowerOff."""
        self._end(PowerOff())

    def stop(self, why: BaseException) -> None:
        """The program ends here: raises `why`, now and whenever what is left of it (a `finally`) lets time pass."""
        self._end(why)
        raise why

    @property
    def running(self) -> bool:
        """The program has not been stopped."""
        return self._ended is None

    def _end(self, why: BaseException) -> None:
        if self._ended is None:
            if self.on_end is not None:
                self.on_end()
            self._ended = why
            self.deadline_us = 0

    def start_watchdog(self, timeout_us: int) -> None:
        """Start it, or give it a new timeout. Nothing stops it."""
        self._watchdog_us = timeout_us
        self.feed_watchdog()

    def feed_watchdog(self) -> None:
        """Postpone the reset to one timeout from now."""
        self._watchdog_due_us = self.now_us + self._watchdog_us
        self._plan()

    # --- remarks ----------------------------------------------------------------------------------------------------

    def flag(self, remark: str) -> None:
        """Note what works here and would be wrong, or luck, on a board."""
        if remark not in self.flags:
            self.flags.append(remark)


chip = Chip(MODELS["esp32s3"])


def power_on(chip_name: str, start_us: int = 0, reset_cause: int = PWRON_RESET, rtc_memory: bytes = b"") -> Chip:
    """Make a new `chip`. The one before it loses power. `chip_name`: "esp32s3" or "esp32"; KeyError otherwise."""
    global chip
    model = MODELS[chip_name]
    chip.cut_power()
    chip = Chip(model, start_us, reset_cause, rtc_memory)
    return chip
