"""The three voltages: fluid pressure, needle position, supply. Raw 12-bit counts; what they mean is calibration's."""

from machine import ADC, Pin


def _channel(pin: int) -> ADC:
    # 11 dB: the widest input range, about 0..3.1 V. On another pin than one of ADC1 it would stop with Wi-Fi.
    return ADC(Pin(pin), atten=ADC.ATTN_11DB)


class AnalogSensors:
    """Converts each channel once a tick. read_u16 stretches 12 bits to 16; the shift gives back what was read."""

    def __init__(self, pins) -> None:
        self._pressure = _channel(pins.PRESSURE_ADC).read_u16
        self._needle = _channel(pins.NEEDLE_ADC).read_u16
        self._supply = _channel(pins.SUPPLY_ADC).read_u16

    def sample(self, inputs) -> None:
        """Writes pressure_counts, needle_counts, supply_counts: 0..4095, where 0 and 4095 mean a broken sensor."""
        inputs.pressure_counts = self._pressure() >> 4
        inputs.needle_counts = self._needle() >> 4
        inputs.supply_counts = self._supply() >> 4
