"""What the clinician looks at and turns: glass, lamp, buzzer, knob and clock, put together for either board.

On the ESP32-S3 lamp, buzzer and knob have pins of their own. On the classic ESP32 they are behind the expander, on the
same bus as the glass, and go before it. `look` and `keys` are any records with the attributes named here.
"""

from machine import I2C, Pin
from micropython import const

from drivers.display import Display
from drivers.knob import PUSH, Detents
from drivers.wall_clock import WallClock

_I2C_ID = const(0)
_I2C_HZ = const(400_000)
# The chip's driver counts it in FreeRTOS ticks of 10 ms and begins in the middle of one: less than two would fail now
# and then for no reason, and more would hold the loop up longer by a bus that hangs.
_I2C_TIMEOUT_US = const(20_000)

_SLICE_US = const(1200)  # a slice of the glass takes 0.8 ms on the bus, and its Python some more
_STARVED_CALLS = const(500)  # 1 s without time for a slice: nobody knows how old the picture is

_CLOCK_EVERY_SAMPLES = const(500)  # 1 s at one sample a tick


class FrontPanel:
    """`sample` what the hand does, only while disarmed; `show` what is to be seen and heard, whenever 1 ms is left.

    A call of show puts at most 32 bytes on the bus, addresses included, and a call of sample at most 9. Nothing is
    allocated, but for one OSError each time a part fails to answer; such a part is tried again twice a second.
    keys.panel_bad is 1 until the glass is drawn and the expander, where there is one, is set up; again when one does
    not answer, or when for a second there was no time to draw.
    """

    def __init__(self, pins) -> None:
        bus = I2C(_I2C_ID, scl=Pin(pins.I2C_SCL), sda=Pin(pins.I2C_SDA), freq=_I2C_HZ, timeout=_I2C_TIMEOUT_US)
        self._display = Display(bus)
        self._clock = WallClock(bus)
        self._detents = Detents()
        # Only what this board has is loaded: the other costs memory that the chip has not to spare.
        if pins.EXPANDER_ADDRESS:
            from drivers.expander import Expander

            self._parts = Expander(bus, pins.EXPANDER_ADDRESS)
        else:
            from drivers.own_pins import OwnPins

            self._parts = OwnPins(pins)
        self._samples = _CLOCK_EVERY_SAMPLES
        self._starved_calls = 0

    def sample(self, keys) -> None:
        """Adds to knob_detents; writes knob_pushed, minutes and day. At most one small transaction."""
        detents = self._detents
        self._samples += 1
        if self._samples >= _CLOCK_EVERY_SAMPLES and detents.rests:
            # Instead of the knob, so that the bus is taken once; a resting knob can wait a tick.
            self._clock.step()
            self._samples = _CLOCK_EVERY_SAMPLES if self._clock.is_halfway else 0
            keys.minutes = self._clock.minutes
            keys.day = self._clock.day
            return
        contacts = self._parts.contacts()
        if contacts < 0:
            detents.lose()
            return
        detents.step(contacts)
        keys.knob_detents += detents.turned
        detents.turned = 0
        keys.knob_pushed = 1 if contacts & PUSH else 0

    def show(self, look, keys, left_us: int) -> None:
        """Lamp and buzzer if they changed, then one slice of the glass, if there is time for one before the next tick;
        behind the expander one or the other. Writes panel_bad."""
        if not self._parts.show(look) and left_us >= _SLICE_US:
            self._display.show(look)
            self._starved_calls = 0
        elif self._starved_calls < _STARVED_CALLS:
            self._starved_calls += 1
        keys.panel_bad = self._display.bad | self._parts.bad | self._starved_calls // _STARVED_CALLS

    def dark(self) -> None:
        """Lamp and buzzer off, at once, whatever went before."""
        self._parts.dark()
