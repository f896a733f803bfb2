"""SSD1306: the controller of a 128 x 64 OLED, on a common 0.96 inch module, at its I2C interface.

Solomon Systech data sheet rev 1.1 with its charge pump note. Commands that are not simulated, and sequences for which
it promises nothing, raise NotImplementedError. Quirks kept: the RAM holds noise after power-on, segment remap acts on
what is written after it, the charge pump starts with the next display-on, and a module without it stays dark.
"""

from tools.simulator.i2c_bus import Device

COLUMNS = 128
LINES = 64

_CONTINUES = 0x80  # Co: one byte follows, then the next control byte
_IS_DATA = 0x40  # D/C

_HORIZONTAL = 0
_VERTICAL = 1
_PAGE = 2

# How many arguments follow the commands that have any.
_ARGUMENTS = {0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1}


class Ssd1306(Device):
    """`ram` is page * 128 + column of the glass, bit 0 on top. `changes` counts what arrived, for those who look on."""

    def __init__(self) -> None:
        self.ram = bytearray(COLUMNS * LINES // 8)
        self.changes = 0
        self.powered = True
        self.power_up()

    def power_up(self) -> None:
        """What the reset circuit of the module leaves: dark, RAM without order."""
        noise = 12345
        for index in range(len(self.ram)):
            noise = noise * 173 % 32749
            self.ram[index] = noise >> 3 & 0xFF
        self.powered = True
        self.on = False
        self.contrast = 0x7F
        self._pump_enabled = False
        self._pump_runs = False
        self._all_on = False
        self._inverted = False
        self._mode = _PAGE
        self._column = 0
        self._first_column = 0
        self._last_column = COLUMNS - 1
        self._page = 0
        self._first_page = 0
        self._last_page = LINES // 8 - 1
        self._start_line = 0
        self._offset = 0
        self._mirrored = True  # until segment remap A1: the module is mounted for it
        self._scans_up = False  # COM scan direction C8
        self._multiplex = LINES
        self._com_pins = 0x12
        self._pending = bytearray()  # a command that waits for arguments

    # --- what a person sees -----------------------------------------------------------------------------------------

    @property
    def lit(self) -> bool:
        """Something can be seen at all: powered, on, and with its charge pump running."""
        return self.powered and self.on and self._pump_runs

    def pixel(self, x: int, y: int) -> int:
        """1 if the dot at column `x` from the left and line `y` from the top is lit."""
        if not 0 <= x < COLUMNS or not 0 <= y < LINES:
            raise ValueError("no such pixel")
        line = self._ram_line(y) if self.lit else -1
        if line < 0:
            return 0
        if self._all_on:
            return 1
        return (self.ram[(line >> 3) * COLUMNS + x] >> (line & 7) & 1) ^ self._inverted

    def lines(self) -> "list[str]":
        """The whole glass, a string a line: '#' is lit, '.' is dark."""
        return ["".join(["#" if self.pixel(x, y) else "." for x in range(COLUMNS)]) for y in range(LINES)]

    def _ram_line(self, y: int) -> int:
        """The RAM line that is shown there, -1 if the line is not driven."""
        pin = LINES - 1 - y  # the top line of the glass hangs on the last COM pin
        # The glass is laid out for alternative COM pins, not swapped (0x12).
        if not self._com_pins & 0x10:
            pin = pin // 2 + (LINES // 2 if pin & 1 else 0)
        if self._com_pins & 0x20:
            pin = pin ^ 1 if self._com_pins & 0x10 else (pin + LINES // 2) % LINES
        row = (self._multiplex - 1 - pin if self._scans_up else pin) + self._offset & LINES - 1
        return -1 if row >= self._multiplex else row + self._start_line & LINES - 1

    # --- the bus ----------------------------------------------------------------------------------------------------

    def write(self, data: "bytes | bytearray | memoryview", now_us: int) -> int:
        """Control bytes, each followed by one byte (Co set) or by all the rest."""
        self.changes += 1
        index = 0
        size = len(data)
        while index < size:
            control = data[index]
            if control & 0x3F:
                raise NotImplementedError("SSD1306: 0x{:02x} is no control byte".format(control))
            end = index + 2 if control & _CONTINUES else size
            if control & _IS_DATA:
                if self._pending:
                    raise NotImplementedError("SSD1306: data between a command and its argument")
                self._store(data[index + 1 : end])
            else:
                for byte in data[index + 1 : end]:
                    self._take(byte)
            index = end
        return size

    def read(self, count: int, now_us: int) -> bytes:
        """Not simulated: modules differ."""
        raise NotImplementedError("SSD1306: reading is not simulated")

    def _store(self, data: "bytes | bytearray | memoryview") -> None:
        if self._mode == _PAGE and not self._mirrored and self._column + len(data) < COLUMNS:
            first = self._page * COLUMNS + self._column  # nearly always so: all at once
            self.ram[first : first + len(data)] = data
            self._column += len(data)
            return
        for byte in data:
            column = COLUMNS - 1 - self._column if self._mirrored else self._column
            self.ram[self._page * COLUMNS + column] = byte
            self._advance()

    def _advance(self) -> None:
        if self._mode == _VERTICAL:
            self._page = self._first_page if self._page == self._last_page else self._page + 1 & 7
            if self._page != self._first_page:
                return
        if self._mode == _PAGE:
            self._column = (self._column + 1) % COLUMNS
            return
        if self._column != self._last_column:
            self._column = (self._column + 1) % COLUMNS
            return
        self._column = self._first_column
        if self._mode == _HORIZONTAL:
            self._page = self._first_page if self._page == self._last_page else self._page + 1 & 7

    def _take(self, byte: int) -> None:
        """A command byte, or an argument of the command before; transactions may end between them."""
        pending = self._pending
        if pending or byte in _ARGUMENTS:
            pending.append(byte)
            if len(pending) > _ARGUMENTS[pending[0]]:
                self._pending = bytearray()
                self._set(pending[0], pending[1], pending[-1])
        else:
            self._do(byte)

    def _do(self, command: int) -> None:
        """A command without arguments."""
        if command < 0x18 or 0xB0 <= command <= 0xB7:
            self._point(command)
        elif 0x40 <= command < 0x80:
            self._start_line = command & 0x3F
        elif command in (0xA0, 0xA1):
            self._mirrored = command == 0xA0
        elif command in (0xA4, 0xA5):
            self._all_on = command == 0xA5
        elif command in (0xA6, 0xA7):
            self._inverted = command == 0xA7
        elif command in (0xAE, 0xAF):
            self.on = command == 0xAF
            self._pump_runs = self.on and self._pump_enabled
        elif command in (0xC0, 0xC8):
            self._scans_up = command == 0xC8
        elif command not in (0x2E, 0xE3):  # scrolling off, which it always is; no operation
            raise NotImplementedError("SSD1306: command 0x{:02x} is not simulated".format(command))

    def _point(self, command: int) -> None:
        if self._mode != _PAGE:
            raise NotImplementedError("SSD1306: command 0x{:02x} is for page addressing only".format(command))
        if command >= 0xB0:
            self._page = command & 7
        elif command >= 0x10:
            self._column = (command & 7) << 4 | self._column & 0x0F
        else:
            self._column = self._column & 0x70 | command & 0x0F

    def _set(self, command: int, first: int, last: int) -> None:
        """A command with its one argument (then both are the same) or its two."""
        if command == 0x20 and first <= _PAGE:
            self._mode = first
        elif command == 0x21 and self._mode != _PAGE and first <= last < COLUMNS:
            self._column = self._first_column = first
            self._last_column = last
        elif command == 0x22 and self._mode != _PAGE and first <= last < LINES // 8:
            self._page = self._first_page = first
            self._last_page = last
        elif command == 0x81:
            self.contrast = first
        elif command == 0x8D and first in (0x10, 0x14):
            self._pump_enabled = first == 0x14
            self._pump_runs = self._pump_runs and self._pump_enabled
        elif command == 0xA8 and 15 <= first < LINES:
            self._multiplex = first + 1
        elif command == 0xD3 and first < LINES:
            self._offset = first
        elif command == 0xDA and first & 0xCF == 0x02:
            self._com_pins = first
        elif not self._is_analogue(command, first):
            text = "SSD1306: command 0x{:02x} with 0x{:02x}, 0x{:02x} in mode {} is not simulated"
            raise NotImplementedError(text.format(command, first, last, self._mode))

    def _is_analogue(self, command: int, argument: int) -> bool:
        """Clock, precharge and deselect level: accepted where they are legal, and not seen on the glass."""
        if command == 0xD9:
            return argument & 0x0F != 0 and argument & 0xF0 != 0
        return command == 0xD5 or (command == 0xDB and argument in (0x00, 0x20, 0x30))
