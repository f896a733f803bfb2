"""PCA9554 / TCA9554: eight pins on the I2C bus, each an input with a 100 kohm pull-up, or an output.

TI data sheets SCPS128 and SCPS233. It has no reset pin: what it was told stays through every reset of the controller,
and only loss of its supply brings back the power-up state, all inputs.
"""

from tools.simulator.i2c_bus import Device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.simulator.bouncing import Contact
    from tools.simulator.silicon import Chip

INPUT = 0
OUTPUT = 1
POLARITY = 2
CONFIGURATION = 3  # 1 = input


class Pca9554(Device):
    """`contacts` are switches to ground, by bit. `level(bit, now_us)` is what a meter shows at a pin."""

    def __init__(self) -> None:
        self.contacts: "dict[int, Contact]" = {}
        self.chip: "Chip | None" = None  # takes the remarks
        self.power_up()

    def power_up(self) -> None:
        """The supply came: registers to their defaults."""
        self.powered = True
        self.registers = bytearray((0, 0xFF, 0, 0xFF))
        self._command = INPUT

    def write(self, data: "bytes | bytearray | memoryview", now_us: int) -> int:
        """A command byte, which chooses a register, then bytes that all go into that register."""
        command = data[0]
        if command > CONFIGURATION:
            raise NotImplementedError("PCA9554: command byte 0x{:02x} is not defined".format(command))
        self._command = command
        for byte in data[1:]:
            if command == INPUT:
                break  # acknowledged, and without effect
            self.registers[command] = byte
        self._watch(now_us)
        return len(data)

    def read(self, count: int, now_us: int) -> bytes:
        """The register that the last command byte chose, again and again."""
        if self._command == INPUT:
            return bytes([self._inputs(now_us) ^ self.registers[POLARITY]]) * count
        return bytes([self.registers[self._command]]) * count

    def drives_low(self, bit: int) -> bool:
        """The pin is an output, and low. Nothing is without supply."""
        mask = 1 << bit
        return self.powered and not (self.registers[CONFIGURATION] | self.registers[OUTPUT]) & mask

    def level(self, bit: int, now_us: int) -> int:
        """0 or 1: what drives the pin, a closed contact, or the pull-up."""
        contact = self.contacts.get(bit)
        if contact is not None and contact.closed_at(now_us):
            return 0
        if self.registers[CONFIGURATION] >> bit & 1:
            return 1
        return self.registers[OUTPUT] >> bit & 1

    def _inputs(self, now_us: int) -> int:
        levels = 0
        for bit in range(8):
            levels |= self.level(bit, now_us) << bit
        return levels

    def _watch(self, now_us: int) -> None:
        """A pin with a switch to ground must stay an input."""
        for bit in self.contacts:
            if self.chip is not None and not self.registers[CONFIGURATION] >> bit & 1:
                self.chip.flag("the expander drives pin {}, which has a contact to ground".format(bit))
