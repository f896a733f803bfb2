"""The device's `machine`, as far as the project uses it. The rest is an AttributeError, never a pretence."""

from tools.simulator import silicon
from tools.simulator.analog import ADC as ADC
from tools.simulator.i2c import I2C as I2C
from tools.simulator.pads import Pin as Pin
from tools.simulator.pwm import PWM as PWM
from tools.simulator.serial_port import UART as UART
from tools.simulator.silicon import FEED_US, HARD_RESET, SimulatedReset
from tools.simulator.silicon import PWRON_RESET as PWRON_RESET
from tools.simulator.silicon import SOFT_RESET as SOFT_RESET
from tools.simulator.silicon import WDT_RESET as WDT_RESET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEEPSLEEP_RESET = 4

_RTC_MEMORY_BYTES = 2048
_FREQUENCIES_MHZ = (20, 40, 80, 160, 240)


def freq(hz: "int | None" = None) -> "int | None":
    """Return the CPU clock, Hz, or set it."""
    chip = silicon.chip
    chip.spend(2)
    if hz is None:
        return chip.freq_hz
    if hz // 1_000_000 not in _FREQUENCIES_MHZ:
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")
    chip.freq_hz = hz // 1_000_000 * 1_000_000
    return None


def reset_cause() -> int:
    """Return why the chip booted. A brownout reads as a power-on."""
    return silicon.chip.reset_cause


def reset() -> None:
    """Reset the chip; does not return."""
    silicon.chip.stop(SimulatedReset(HARD_RESET, "machine.reset()"))


def unique_id() -> bytes:
    """Six bytes, the same on every simulated chip."""
    return b"\x02mesog"


def idle() -> None:
    """Give other tasks a turn."""
    silicon.chip.spend(2)


class WDT:
    """WDT(id=0, timeout=5000): the task watchdog, timeout in ms. One for the chip; nothing stops it."""

    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        if id != 0:
            raise ValueError
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        self._chip = silicon.chip
        self._chip.start_watchdog(timeout * 1000)

    def feed(self) -> None:
        """Postpone the reset."""
        self._chip.spend(FEED_US)
        self._chip.feed_watchdog()


class RTC:
    """RTC(): memory that every reset leaves alone, and only loss of power clears.

    ports/esp32/machine_rtc.c: it is not initialised at boot (RTC_NOINIT_ATTR), and the constructor makes it empty
    where a magic number is missing, which loss of power leaves to chance.
    """

    def memory(self, data: "bytes | bytearray | memoryview | Any" = None) -> "bytes | None":
        """Return the bytes stored last, or store those of a buffer, at most 2048. TypeError for what is no buffer."""
        chip = silicon.chip
        chip.spend(5)
        if data is None:
            return chip.rtc_memory
        content = bytes(memoryview(data))
        if len(content) > _RTC_MEMORY_BYTES:
            raise ValueError("buffer too long")
        chip.rtc_memory = content
        return None
