"""The panel's part of the world: what hangs on the I2C bus, the encoder, CONFIRM, lamp and buzzer."""

from tools.simulator.bouncing import Contact
from tools.simulator.i2c_bus import I2cBus
from tools.simulator.knob import Knob
from tools.simulator.pads import pad
from tools.simulator.ssd1306 import Ssd1306

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.nets import Net
    from tools.simulator.silicon import Chip

DISPLAY_ADDRESS = 0x3C
CONFIRM_BOUNCE_US = 5_000


class PanelWiring:
    """What a World shows and lets a hand do at the panel. Chips of the panel keep their state through a reset."""

    chip: "Chip"

    def __init__(self) -> None:
        self.display = Ssd1306()
        self.bus = I2cBus()
        self.bus.devices[DISPLAY_ADDRESS] = self.display
        self._knob = Knob()
        self._confirm = Contact(CONFIRM_BOUNCE_US, 0)

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

    # --- wiring -----------------------------------------------------------------------------------------------------

    def _wire_panel(self, chip: "Chip", pins: "Any", cold: bool) -> None:
        """Connect it to a chip that boots. `cold`: the supply came with it."""
        if cold:
            self.display.power_up()
        self._confirm.wire(pulled_up(chip, pins.CONFIRM))
        for line in (pins.I2C_SDA, pins.I2C_SCL):
            pulled_up(chip, line)
        chip.i2c_buses[(pins.I2C_SDA, pins.I2C_SCL)] = self.bus
        if not pins.EXPANDER_ADDRESS:
            self._knob.a.wire(pulled_up(chip, pins.KNOB_A))
            self._knob.b.wire(pulled_up(chip, pins.KNOB_B))
            self._knob.push.wire(pulled_up(chip, pins.KNOB_PUSH))

    def _cut_panel(self) -> None:
        """The supply is gone."""
        self.display.powered = False


def pulled_up(chip: "Chip", number: int) -> "Net":
    """The net of a GPIO, with a resistor to 3.3 V."""
    net = pad(chip, number).net
    net.pulled_up = True
    net.update()
    return net
