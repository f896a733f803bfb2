"""machine.ADC: one object per GPIO; 12 bits (9 to 12 on the ESP32), read_u16() spreads them over 16.

MicroPython 1.29 ports/esp32/machine_adc.c, adc.c on ESP-IDF 5.5.2: the pad becomes analogue, ADC2 times out while Wi-Fi
has it, the default attenuation is 11 dB. Reads are ideal: no noise, no curvature; a plant brings its own noise.
"""

from tools.simulator import silicon
from tools.simulator.pads import Pin
from tools.simulator.silicon import ADC_US

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_ETIMEDOUT = 110
_FULL_SCALE_MV = 3100  # of the counts that a source gives


def _nothing() -> int:
    return 0


class ADC:
    """ADC(pin, *, atten=ATTN_11DB). ValueError for a pin without a converter."""

    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3
    WIDTH_9BIT = 9
    WIDTH_10BIT = 10
    WIDTH_11BIT = 11
    WIDTH_12BIT = 12

    def __init__(self, pin: "Pin | int", *, atten: int = ATTN_11DB) -> None:
        self._chip = silicon.chip
        self._pin = Pin(pin)
        number = self._pin.number
        model = self._chip.model
        if number not in model.adc1 and number not in model.adc2:
            raise ValueError("invalid pin")
        self._second_unit = number not in model.adc1
        if self._second_unit:
            self._chip.flag("GPIO{} is on ADC2, which Wi-Fi blocks".format(number))
        self._bits = 12
        self._source: "Callable[[], int]" = self._chip.analog.get(number, _nothing)
        self._chip.converters[number] = self
        self.init(atten=atten)

    def init(self, *, atten: int = ATTN_11DB) -> None:
        """Configure the pad and the attenuation."""
        self._chip.spend(ADC_US)
        self._pin.make_analog()
        self.atten(atten)
        self._bits = 12
        self._plan()

    def lie(self, source: "Callable[[], int]") -> None:
        """Fault: it converts what this gives, counts at 11 dB."""
        self._source = source

    def atten(self, atten: int) -> None:
        """Set the attenuation, 0..3."""
        if not 0 <= atten <= 3:
            raise ValueError("invalid attenuation")
        self._atten = atten
        self._plan()

    def width(self, bits: int) -> None:
        """Set the resolution, bits."""
        if not self._chip.model.adc_min_bits <= bits <= 12:
            raise ValueError("invalid bit-width")
        self._bits = bits
        self._plan()

    def read_u16(self) -> int:
        """Return 0..65535. OSError: ADC2 while Wi-Fi is on."""
        chip = self._chip
        now = chip.now_us + ADC_US
        if now < chip.deadline_us:
            chip.now_us = now
        else:
            chip.pass_time(ADC_US)
        if self._plain:
            counts = self._source()
            return counts << 4 | counts >> 8
        counts = self._convert()
        bits = self._bits
        return counts << (16 - bits) | counts >> (2 * bits - 16)

    def read(self) -> int:
        """Return the counts as converted."""
        self._chip.spend(ADC_US)
        return self._convert()

    def read_uv(self) -> int:
        """Return microvolts, in steps of 1000."""
        self._chip.spend(ADC_US)
        return (self._convert() << (12 - self._bits)) * self._chip.model.full_scale_mv[self._atten] // 4095 * 1000

    def __repr__(self) -> str:
        return "ADC(Pin({}), atten={})".format(self._pin.number, self._atten)

    def _plan(self) -> None:
        self._plain = self._atten == self.ATTN_11DB and self._bits == 12 and not self._second_unit

    def _convert(self) -> int:
        if self._second_unit and self._chip.wifi_on:
            raise OSError(_ETIMEDOUT, "ESP_ERR_TIMEOUT")
        counts = self._source() * _FULL_SCALE_MV // self._chip.model.full_scale_mv[self._atten]
        return min(counts, 4095) >> (12 - self._bits)
