"""The panel's part of the world: display and clock on the I2C bus, the encoder, CONFIRM, lamp and buzzer.

The reference board has encoder, lamp and buzzer on pins of its own; the small one behind an expander, whose outputs are
active low. What hangs on the bus has a supply, but no reset line: it keeps its state through every reset of the chip.
"""

from tools.simulator.bouncing import Contact
from tools.simulator.ds3231 import Ds3231
from tools.simulator.i2c_bus import I2cBus
from tools.simulator.knob import Knob
from tools.simulator.ledc import FULL_DUTY, Channel
from tools.simulator.pads import pad
from tools.simulator.pca9554 import Pca9554
from tools.simulator.ssd1306 import Ssd1306

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.nets import Net
    from tools.simulator.pads import Pin
    from tools.simulator.silicon import Chip

DISPLAY_ADDRESS = 0x3C
CLOCK_ADDRESS = 0x68
CONFIRM_BOUNCE_US = 5_000

# Behind the expander: what its pins carry, and a buzzer that oscillates by itself. LOUD bridges a resistor in series
# with the buzzer, and does nothing alone.
_RED, _GREEN, _BLUE, _BUZZER, _LOUD = 3, 4, 5, 6, 7
OWN_PITCH_HZ = 2_300
QUIET = 90
LOUDEST = 255


class PanelWiring:
    """What a World shows of the panel, and what a hand can do there."""

    chip: "Chip"

    def __init__(self) -> None:
        self.display = Ssd1306()
        self.clock_chip = Ds3231()
        self.expander = Pca9554()  # on the bus of the small board only
        self.bus = I2cBus()
        self.bus.devices[DISPLAY_ADDRESS] = self.display
        self.bus.devices[CLOCK_ADDRESS] = self.clock_chip
        self._knob = Knob()
        self._confirm = Contact(CONFIRM_BOUNCE_US, 0)
        self._lamp: "tuple[Pin, Pin, Pin] | None" = None  # the pads; None: behind the expander
        self._buzzer: "Pin | None" = None

    # --- what a hand can do -----------------------------------------------------------------------------------------

    def set_confirm(self, pressed: int) -> None:
        """CONFIRM, 1 = pressed. It bounces for up to 5 ms."""
        self._confirm.move(pressed, self.chip.now_us)

    def turn_knob(self, detents: int) -> None:
        """Begin to turn the knob, clockwise if positive, after what it is turning already. A detent takes 24 ms."""
        self._knob.turn(detents, self.chip.now_us)

    def push_knob(self, pressed: int) -> None:
        """The knob's push, 1 = pressed. It bounces for up to 5 ms."""
        self._knob.push.move(pressed, self.chip.now_us)

    @property
    def knob_turns_until_us(self) -> int:
        """When the last detent begun so far is complete."""
        return self._knob.turns_until_us

    # --- what a person sees and hears -------------------------------------------------------------------------------

    def lamp(self) -> "tuple[int, int, int]":
        """(red, green, blue), each 0..255, as it shines now."""
        pads = self._lamp
        if pads is None:
            lit = self.expander.drives_low
            return 255 * lit(_RED), 255 * lit(_GREEN), 255 * lit(_BLUE)
        red, green, blue = pads
        return self._brightness(red), self._brightness(green), self._brightness(blue)

    def buzzer(self) -> "tuple[int, int]":
        """(hz, loudness 0..255) now; (0, 0) is silence."""
        buzzer = self._buzzer
        if buzzer is None:
            if not self.expander.drives_low(_BUZZER):
                return 0, 0
            return OWN_PITCH_HZ, LOUDEST if self.expander.drives_low(_LOUD) else QUIET
        signal = buzzer.signal
        share = self._high_share(buzzer)
        if not isinstance(signal, Channel) or not 0 < share < FULL_DUTY:
            return 0, 0
        # The fundamental of such pulses has the amplitude sin(pi * share), here as 16 p / (5 - 4 p) of p = s (1 - s).
        product = share * (FULL_DUTY - share)
        whole = FULL_DUTY * FULL_DUTY
        return signal.timer.actual_hz(), LOUDEST * 16 * product // (5 * whole - 4 * product)

    def _brightness(self, pin: "Pin") -> int:
        return (self._high_share(pin) * 255 + FULL_DUTY // 2) // FULL_DUTY

    def _high_share(self, pin: "Pin") -> int:
        """How much of the time a pad is high, of FULL_DUTY. One that nobody drives is pulled low."""
        if not pin.drives or not self.chip.running:
            return 0
        signal = pin.signal
        if isinstance(signal, Channel):
            return signal.high_share()
        return FULL_DUTY if pin.driven_level() == 1 else 0

    # --- wiring -----------------------------------------------------------------------------------------------------

    def _wire_panel(self, chip: "Chip", pins: "Any", cold: bool) -> None:
        """Connect it to a chip that boots. `cold`: the supply came with it."""
        if cold:
            self.display.power_up()
            self.expander.power_up()
        self._confirm.wire(pulled_up(chip, pins.CONFIRM))
        for line in (pins.I2C_SDA, pins.I2C_SCL):
            pulled_up(chip, line)
        chip.i2c_buses[(pins.I2C_SDA, pins.I2C_SCL)] = self.bus
        knob = self._knob
        if pins.EXPANDER_ADDRESS:
            self.expander.chip = chip
            self.expander.contacts = {0: knob.a, 1: knob.b, 2: knob.push}
            self.bus.devices[pins.EXPANDER_ADDRESS] = self.expander
            return
        knob.a.wire(pulled_up(chip, pins.KNOB_A))
        knob.b.wire(pulled_up(chip, pins.KNOB_B))
        knob.push.wire(pulled_up(chip, pins.KNOB_PUSH))
        self._lamp = (pad(chip, pins.LAMP_RED), pad(chip, pins.LAMP_GREEN), pad(chip, pins.LAMP_BLUE))
        self._buzzer = pad(chip, pins.BUZZER)

    def _cut_panel(self) -> None:
        """The supply is gone."""
        self.display.powered = False
        self.expander.powered = False


def pulled_up(chip: "Chip", number: int) -> "Net":
    """The net of a GPIO, with a resistor to 3.3 V."""
    net = pad(chip, number).net
    net.pulled_up = True
    net.update()
    return net
