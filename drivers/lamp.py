"""The lamp: three LEDs in one light, red, green and blue, each on a PWM pin. High is lit; driven by nobody, dark."""

from machine import PWM, Pin
from micropython import const

# Far above what eye or camera sees, and no tone of the buzzer, whose timer the lamp must not share.
_PWM_HZ = const(5000)
_FULL_DUTY = const(257)  # 255 becomes 65535, which is lit all the time


class Lamp:
    """Sets a colour when it has changed. Starts dark."""

    def __init__(self, pins) -> None:
        self._red = PWM(Pin(pins.LAMP_RED), freq=_PWM_HZ, duty_u16=0).duty_u16
        self._green = PWM(Pin(pins.LAMP_GREEN), freq=_PWM_HZ, duty_u16=0).duty_u16
        self._blue = PWM(Pin(pins.LAMP_BLUE), freq=_PWM_HZ, duty_u16=0).duty_u16
        self._lit_red = 0
        self._lit_green = 0
        self._lit_blue = 0

    def light(self, red: int, green: int, blue: int) -> None:
        """Lights the three colours, 0..255 each."""
        if red != self._lit_red:
            self._red(red * _FULL_DUTY)
            self._lit_red = red
        if green != self._lit_green:
            self._green(green * _FULL_DUTY)
            self._lit_green = green
        if blue != self._lit_blue:
            self._blue(blue * _FULL_DUTY)
            self._lit_blue = blue
