"""What the clinician touches and what the machine touches: seven contacts to ground, closed = low."""

from machine import Pin


def _contact(pin: int, no_pull_up: tuple) -> Pin:
    if pin in no_pull_up:
        # It has no resistor of its own; asking for one is an error that MicroPython swallows.
        return Pin(pin, Pin.IN)
    return Pin(pin, Pin.IN, Pin.PULL_UP)


class Controls:
    """Reads every contact once a tick. A broken wire reads as open: not pressed, no skin, stop pressed, not home."""

    def __init__(self, pins) -> None:
        no_pull_up = pins.NO_PULL_UP
        self._trigger_no = _contact(pins.TRIGGER_NO, no_pull_up)
        self._trigger_nc = _contact(pins.TRIGGER_NC, no_pull_up)
        self._contact_a = _contact(pins.CONTACT_A, no_pull_up)
        self._contact_b = _contact(pins.CONTACT_B, no_pull_up)
        self._stop = _contact(pins.STOP, no_pull_up)
        self._home = _contact(pins.HOME, no_pull_up)
        self._confirm = _contact(pins.CONFIRM, no_pull_up)

    def sample(self, inputs) -> None:
        """Writes trigger_no, trigger_nc, contact_a, contact_b, stop_closed, home, confirm: 1 = closed."""
        inputs.trigger_no = 1 - self._trigger_no()
        inputs.trigger_nc = 1 - self._trigger_nc()
        inputs.contact_a = 1 - self._contact_a()
        inputs.contact_b = 1 - self._contact_b()
        inputs.stop_closed = 1 - self._stop()
        inputs.home = 1 - self._home()
        inputs.confirm = 1 - self._confirm()
