"""The expander of the small board: a PCA9554 on I2C that carries knob, lamp and buzzer, and never a safety input.

Its eight pins: 0 A, 1 B, 2 push of the knob (inputs, contacts to ground); 3 red, 4 green, 5 blue, 6 buzzer, 7 buzzer
loud (outputs, low = on). At power-up all are inputs with pull-ups: dark and silent. Registers and what they hold then
are those of the PCA9554 datasheet.
"""

from micropython import const

_INPUT = const(0)
_OUTPUT = const(1)
_POLARITY = const(2)
_CONFIGURATION = const(3)

_CONTACTS = const(0x07)
_INPUTS_ARE = const(0x07)  # 1 = input
_ALL_OFF = const(0xFF)
# Bits of the outputs.
RED = const(0x08)
GREEN = const(0x10)
BLUE = const(0x20)
BUZZER = const(0x40)
LOUD = const(0x80)
_LOUD_FROM = const(128)  # of 255

_RETRY_CALLS = const(250)  # 0.5 s at one call a tick
_HEAL_CALLS = const(100)  # every 0.2 s one of the three registers is written again, should it have lost its supply


class Expander:
    """Each colour on or off, one tone, two volumes. `bad`: 1 until it is set up, and again when it does not answer."""

    def __init__(self, bus, address: int) -> None:
        self._address = address
        self._write = bus.writeto
        self._read_register = bus.readfrom_mem_into
        self._packet = bytearray(2)
        self._port = bytearray(1)
        self._outputs = _ALL_OFF
        self._register = _OUTPUT  # the next to be written unasked
        self._pause_calls = 0
        self._calls = 0
        self.bad = 1

    def contacts(self) -> int:
        """The three contacts of the knob, bits as in drivers/knob.py, 1 = closed; -1 if they are not known."""
        if self.bad:
            return -1
        try:
            self._read_register(self._address, _INPUT, self._port)
        except OSError:
            self._fail()
            return -1
        return ~self._port[0] & _CONTACTS

    def show(self, look) -> bool:
        """Lamp and buzzer as `look` wants them: any colour above 0 is lit. True if this took the bus: one write."""
        if self._pause_calls:
            self._pause_calls -= 1
            return False
        outputs = _ALL_OFF
        if look.red:
            outputs &= ~RED
        if look.green:
            outputs &= ~GREEN
        if look.blue:
            outputs &= ~BLUE
        if look.tone_hz and look.volume:
            outputs &= ~BUZZER if look.volume < _LOUD_FROM else ~(BUZZER | LOUD)
        if self.bad:
            self._outputs = outputs
            return self._set_up()
        if outputs != self._outputs:
            self._outputs = outputs
            self._send(_OUTPUT, outputs)
            return True
        return self._heal()

    def dark(self) -> None:
        """Lamp and buzzer off, now, even if it did not answer before."""
        self._outputs = _ALL_OFF
        self._send(_OUTPUT, _ALL_OFF)

    def _set_up(self) -> bool:
        """The outputs' levels first, then that they are outputs: nothing flashes."""
        register = self._register
        if self._write_again() and register == _CONFIGURATION:
            self.bad = 0
        return True

    def _heal(self) -> bool:
        self._calls += 1
        if self._calls < _HEAL_CALLS:
            return False
        self._calls = 0
        self._write_again()
        return True

    def _write_again(self) -> bool:
        register = self._register
        self._register = register + 1 if register < _CONFIGURATION else _OUTPUT
        if register == _OUTPUT:
            return self._send(register, self._outputs)
        return self._send(register, 0 if register == _POLARITY else _INPUTS_ARE)

    def _send(self, register: int, value: int) -> bool:
        self._packet[0] = register
        self._packet[1] = value
        return self._send_packet()

    def _send_packet(self) -> bool:
        # A function of its own: with more names beside its try, its frame would come from the heap at each call.
        try:
            self._write(self._address, self._packet)
        except OSError:
            self._fail()
            return False
        return True

    def _fail(self) -> None:
        self.bad = 1
        self._register = _OUTPUT
        self._pause_calls = _RETRY_CALLS
