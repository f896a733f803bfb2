"""Knob, lamp and buzzer of the reference board, on pins of the chip."""

from drivers.buzzer import Buzzer
from drivers.knob import Knob
from drivers.lamp import Lamp


class OwnPins:
    """Knob, lamp and buzzer on pins of the chip: what the expander is on the small board. They always answer."""

    def __init__(self, pins) -> None:
        self._lamp = Lamp(pins)
        self._buzzer = Buzzer(pins.BUZZER)
        self.contacts = Knob(pins).contacts
        self.bad = 0

    def show(self, look) -> bool:
        """Lamp and buzzer as `look` wants them. False: this took nothing of the bus."""
        self._lamp.light(look.red, look.green, look.blue)
        self._buzzer.sound(look.tone_hz, look.volume)
        return False

    def dark(self) -> None:
        """Lamp and buzzer off."""
        self._lamp.light(0, 0, 0)
        self._buzzer.sound(0, 0)
