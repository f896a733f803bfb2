"""A chip with a memory on its I2C bus."""

from tools.simulator import silicon
from tools.simulator.chip.machine import I2C, Pin
from tools.simulator.i2c_bus import Device, I2cBus
from tools.simulator.i2c_master import AFTER_US, BEFORE_US

SDA = 41
SCL = 42
ADDRESS = 0x50
ENODEV = 19
OVERHEAD_US = BEFORE_US + AFTER_US


class Memory(Device):
    """256 bytes behind a pointer, as in an EEPROM; `refuses_after` bytes of a write it acknowledges no more."""

    def __init__(self, max_hz: int = 400_000) -> None:
        self.max_hz = max_hz
        self.cells = bytearray(range(256))
        self.pointer = 0
        self.writes: list[tuple[bytes, int]] = []
        self.reads: list[tuple[int, int]] = []
        self.refuses_after = 1000

    def write(self, data: "bytes | bytearray | memoryview", now_us: int) -> int:
        """The first byte is the pointer."""
        self.writes.append((bytes(data), now_us))
        self.pointer = data[0]
        for byte in data[1 : self.refuses_after]:
            self.cells[self.pointer] = byte
            self.pointer = (self.pointer + 1) % 256
        return min(len(data), self.refuses_after)

    def read(self, count: int, now_us: int) -> bytes:
        """From the pointer on."""
        self.reads.append((count, now_us))
        return bytes(self.cells[(self.pointer + index) % 256] for index in range(count))


class Wires:
    """A chip with a memory at 0x50 on its bus."""

    def __init__(self, chip_name: str = "esp32s3", **options: int) -> None:
        self.chip = silicon.power_on(chip_name)
        self.bus = I2cBus()
        self.memory = Memory()
        self.bus.devices[ADDRESS] = self.memory
        sda, scl = (SDA, SCL) if chip_name == "esp32s3" else (21, 22)
        self.chip.i2c_buses[(sda, scl)] = self.bus
        self.i2c = I2C(0, scl=Pin(scl), sda=Pin(sda), **options)

    def cost_us(self, action: object) -> int:
        """How long a call blocks."""
        before = self.chip.now_us
        assert callable(action)
        action()
        return self.chip.now_us - before
