"""The buzzer: a passive piezo or magnetic sounder behind a transistor, on a PWM pin. Low is silent."""

from machine import PWM, Pin
from micropython import const

# What it is set to before the first tone. Nothing is heard of it: the duty is 0.
_FIRST_HZ = const(2000)
_DUTY_SHIFT = const(6)  # volume 255 is a quarter of each period high: see docs/signals.md for why not a half


class Buzzer:
    """Sounds a tone when it has changed. Starts silent."""

    def __init__(self, pin: int) -> None:
        pwm = PWM(Pin(pin), freq=_FIRST_HZ, duty_u16=0)
        self._freq = pwm.freq
        self._duty = pwm.duty_u16
        self._set_hz = _FIRST_HZ
        self._heard_volume = 0

    def sound(self, tone_hz: int, volume: int) -> None:
        """Sounds a tone in Hz at a volume of 1..255; either 0 is silence."""
        if tone_hz == 0:
            volume = 0
        elif tone_hz != self._set_hz:
            self._freq(tone_hz)
            self._set_hz = tone_hz
        if volume != self._heard_volume:
            self._duty(volume << _DUTY_SHIFT)
            self._heard_volume = volume
