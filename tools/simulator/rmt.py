"""esp32.RMT: one transmit channel, with the bookkeeping of its two owners.

MicroPython 1.29 ports/esp32/esp32_rmt.c counts `tx_ongoing` itself; ESP-IDF 5.5.2 rmt_tx.c counts transactions. An
abort tells only the latter: `active()` and `wait_done()` are wrong afterwards, for as long as the object lives.

On the ESP32 an abort waits, interrupts masked, until the memory block has been played: so up to IDF 5.5.1. From 5.5.2
on it ends after the symbol under way; the longer way is the one simulated.
"""

from tools.simulator import silicon
from tools.simulator.pads import Pin, Signal
from tools.simulator.pulse_train import Train, segments_of
from tools.simulator.silicon import NEVER_US, RMT_US

TYPE_CHECKING = False
if TYPE_CHECKING:
    Numbers = list[int] | tuple[int, ...]

_SOURCE_HZ = 80_000_000
_DEFAULT_HZ = 10_000_000
_KNOWN_TRAINS = 256  # worked-out trains kept per channel

_EINVAL = -0x102
_ENOTFOUND = -0x105
_EOPNOTSUPP = 95


def _array(value: "int | Numbers") -> "Numbers":
    if not isinstance(value, (list, tuple)):
        raise TypeError("object '{}' isn't a tuple or list".format(type(value).__name__))
    return value


class RMT(Signal):
    """RMT(pin=, resolution_hz=, idle_level=, num_symbols=). OSError when the channels or their memory are used up."""

    PULSE_MAX = 32767
    stuck = False  # fault: the end of a train is never noticed

    def __init__(
        self,
        _id: int = -1,
        *,
        pin: "Pin | int",
        resolution_hz: "int | None" = None,
        clock_div: "int | None" = None,
        idle_level: object = False,
        tx_carrier: object = None,
        num_symbols: "int | None" = None,
    ) -> None:
        chip = silicon.chip
        words = chip.model.rmt_words
        num_symbols = words if num_symbols is None else num_symbols
        self._resolution_hz = _resolution(resolution_hz, clock_div)
        if num_symbols < words or num_symbols % 2:
            raise ValueError("num_symbols must be even and at least {}".format(words))
        if tx_carrier is not None:
            raise NotImplementedError("a carrier is not simulated")
        self._pin: "Pin | None" = Pin(pin)
        if self._pin.number in chip.model.input_only:
            raise OSError(_EINVAL, "ESP_ERR_INVALID_ARG")
        self._blocks = (num_symbols + words - 1) // words
        if chip.rmt_blocks_used + self._blocks > chip.model.rmt_channels:
            raise OSError(_ENOTFOUND, "ESP_ERR_NOT_FOUND")
        chip.rmt_blocks_used += self._blocks
        self._memory_words = self._blocks * words
        self._chip = chip
        self.idle_level = 1 if idle_level else 0
        self._loop_count = 0
        self._enabled = False
        self._ongoing = 0  # MicroPython's count
        self._in_flight = 0  # ESP-IDF's count
        self._end_us = -1  # of the train under way; -1: none
        self._known: "dict[int, tuple[object, object, Train]]" = {}
        self._pin.route(drives=True, reads=self._pin.reads, signal=self)

    def write_pulses(self, duration: "int | Numbers", data: "int | Numbers" = True) -> None:
        """Send a train (modes 1, 2, 3 of the documentation). Blocks while one is under way, be it for ever."""
        chip = self._chip
        pin = self._pin
        if pin is None:
            raise OSError("already deinitialized")
        if self._enabled:
            end_us = self._end_us
            if end_us >= 0:
                if end_us > chip.now_us:
                    chip.flag("write_pulses waited for the train before")
                    self._wait_for_end()
                self._note()
            self._in_flight = 0
        self._enabled = True
        # Nearly every train was sent before, from the same list with the same content.
        known = self._known.get(id(duration))
        if known is not None and known[0] == duration and known[1] == data:
            train = known[2]
        else:
            train = self._work_out(duration, data)
            self._known[id(duration)] = (_copy(duration), _copy(data), train)
        us = 9 + (train.symbols * 3 >> 1)
        now = chip.now_us + us
        if now < chip.deadline_us:
            chip.now_us = now
        else:
            chip.pass_time(us)
        self._start(train, pin)

    def wait_done(self, *, timeout: int = 0) -> bool:
        """Whether nothing is being sent; waits `timeout` ms for it, counted in FreeRTOS ticks of 10 ms."""
        chip = self._chip
        chip.spend(RMT_US)
        if self._pin is None:
            raise OSError("already deinitialized")
        self._note()
        if not self._enabled:
            return True
        if timeout == 0 and self._ongoing > 0:
            return False
        if self._end_us >= 0:
            if timeout < 0:
                self._wait_for_end()
                self._note()
            else:
                until = min(chip.rtos_deadline_us(timeout), self._end_us)
                chip.sleep(max(until - chip.now_us, 0))
                self._note()
                if self._end_us >= 0:
                    return False
        self._in_flight = 0
        return True

    def active(self, *value: object) -> bool:
        """Whether a train is under way, as MicroPython counts; active(False) aborts it."""
        self._chip.spend(RMT_US)
        self._note()
        if not value:
            return self._enabled and self._ongoing > 0
        if value[0]:
            raise ValueError("activate by calling write_pulses()")
        self._disable()
        return False

    def loop(self, enable: object) -> None:
        """Repeat the next trains for ever; loop(False) also aborts the one that repeats."""
        self._set_loop(-1 if enable else 0)

    def loop_count(self, count: int) -> None:
        """-1 for ever, 0 or 1 once; more only where the chip can count (not the ESP32: write_pulses raises there)."""
        if count < -1:
            raise ValueError("arg must be -1, 0 or positive")
        self._set_loop(count)

    def deinit(self) -> None:
        """Abort, free the channel, and leave the pin without a driver."""
        self._chip.spend(RMT_US)
        if self._pin is None:
            return
        self._note()
        self._disable()
        pin = self._pin
        if pin.signal is self:
            pin.route(drives=False, reads=pin.reads, signal=self)
        self._pin = None
        self._ongoing = 0
        self._chip.rmt_blocks_used -= self._blocks

    def clock_div(self) -> int:
        """Divider of the 80 MHz source."""
        if self._pin is None:
            raise OSError("already deinitialized")
        return _SOURCE_HZ // self._resolution_hz

    @staticmethod
    def source_freq() -> int:
        """80 MHz."""
        return _SOURCE_HZ

    # --- within -----------------------------------------------------------------------------------------------------

    def _start(self, train: Train, pin: Pin) -> None:
        chip = self._chip
        if train.symbols >= self._memory_words:
            chip.flag("an RMT train is longer than the channel's memory: an interrupt must refill it in time")
        loops = self._loop_count
        if loops > 1:
            if not chip.model.rmt_counts_loops:
                raise OSError(_EOPNOTSUPP, "ESP_ERR_NOT_SUPPORTED")
            raise NotImplementedError("a counted loop of RMT trains is not simulated")
        self._end_us = NEVER_US if loops < 0 else chip.now_us + train.length_us
        if pin.signal is self and pin.drives:
            pin.net.play(train, loops < 0 < train.length_us)
        else:
            chip.flag("GPIO{}: RMT sends, but the pin is not routed to it".format(pin.number))
        self._ongoing += 1
        self._in_flight += 1

    def _note(self) -> None:
        """The interrupt at the end of a train."""
        if 0 <= self._end_us <= self._chip.now_us and not self.stuck:
            self._end_us = -1
            self._ongoing -= 1

    def _wait_for_end(self) -> None:
        """Block until the train under way has ended."""
        chip = self._chip
        if self._end_us == NEVER_US:
            chip.wait_for_ever("RMT waits for a train that repeats for ever")
        chip.pass_time(max(self._end_us - chip.now_us, 0))

    def _disable(self) -> None:
        if not self._enabled:
            return
        self._enabled = False
        if self._end_us < 0:
            return
        chip = self._chip
        pin = self._pin
        routed = pin is not None and pin.signal is self and pin.drives
        if not chip.model.rmt_stops_at_once:
            self._play_out(pin if routed else None)
        elif routed and pin is not None:
            pin.net.stop()
            pin.net.update()
        self._end_us = -1  # and nobody tells MicroPython: _ongoing stays

    def _play_out(self, pin: "Pin | None") -> None:
        """The ESP32 stops at the end of the block only, and the caller waits."""
        chip = self._chip
        if pin is None:
            end_us = chip.now_us if self._end_us == NEVER_US else self._end_us
        else:
            net = pin.net
            for waveform in [net] + net.followers:
                waveform.end_repeating(chip.now_us)
            end_us = chip.now_us if net.train is None else net.start_us + net.train.length_us
        chip.pass_time(max(end_us - chip.now_us, 0))

    def _set_loop(self, count: int) -> None:
        self._chip.spend(RMT_US)
        if self._pin is None:
            raise OSError("already deinitialized")
        self._note()
        if self._enabled and self._ongoing > 0 and self._loop_count != 0 and count == 0:
            self._disable()
        self._loop_count = count

    def _work_out(self, duration: "int | Numbers", data: "int | Numbers") -> Train:
        if not isinstance(data, (list, tuple)):
            durations = _array(duration)
            first = 1 if data else 0
            levels = [(first + index) & 1 for index in range(len(durations))]
        elif isinstance(duration, int):
            durations = [duration] * len(data)
            levels = [1 if level else 0 for level in data]
        else:
            durations = _array(duration)
            levels = [1 if level else 0 for level in data]
            if len(durations) != len(levels):
                raise ValueError("duration and data must have same length")
        if not durations:
            raise ValueError("No pulses")
        if len(self._known) >= _KNOWN_TRAINS:
            self._known.clear()
        train = Train(segments_of(levels, durations), self._resolution_hz, self.idle_level)
        train.symbols = (len(durations) + 1) // 2
        return train


def _copy(given: "int | Numbers") -> "int | Numbers":
    return given[:] if isinstance(given, (list, tuple)) else given  # bool is no int in MicroPython


def _resolution(resolution_hz: "int | None", clock_div: "int | None") -> int:
    if resolution_hz is not None and clock_div is not None:
        raise ValueError("resolution_hz and clock_div are mutually exclusive")
    if clock_div is not None:
        if not 1 <= clock_div <= 255:
            raise ValueError("clock_div must be between 1 and 255")
        return _SOURCE_HZ // clock_div
    if resolution_hz is None:
        return _DEFAULT_HZ
    if resolution_hz <= 0:
        raise ValueError("resolution_hz must be positive")
    return resolution_hz
