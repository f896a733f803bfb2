"""The glass: an OLED of 128 x 64 dots with an SSD1306 (or SSD1309) on I2C, written in slices of at most 32 bytes.

Commands and addressing are those of the SSD1306 datasheet (rev. 1.1, chapters 8 to 10). A page is one row of text, 8
dots high. Text fills columns 1 to 126. A slice is 24 columns of a page: four small letters, or the upper or lower half
of two large ones; the last of each page wraps from column 127 to column 0, so that a light row is light to its edges.
No picture is kept, only which letters are on the glass. What differs from the wanted ones is drawn in one call and sent
in the next: each takes a part of the tick, together they would not fit into what is left of it.
"""

from micropython import const

from drivers import font

_ADDRESS = const(0x3C)
_ROWS = const(8)
_ROW_LETTERS = const(21)
_LARGE_LETTERS = const(10)
_LARGE_WIDTH = const(10)
_LAST_SLICE = const(5)
_SLICE_COLUMNS = const(24)
_LAST_SLICE_COLUMNS = const(8)  # a small letter, column 127, column 0

# Bits of a row of look.style.
_LARGE = const(1)
_LIGHT = const(2)
# How a row is drawn: its style, and _LOWER for the row below a large one.
_LOWER = const(4)
_UNKNOWN = const(0xFF)  # no letter: what a glass shows that was not written yet
_NO_ROW = b"\xff" * 21
_NO_ROWS = b"\xff" * 168

_RETRY_CALLS = const(250)  # 0.5 s at one call a tick
# A disturbed glass heals: every 50 ms the settings and one slice are sent again unasked, so all of it in 2.4 s.
_HEAL_CALLS = const(20)
_HEAL_ROUND = const(48)

_COMMAND = const(0x80)  # control byte: one command follows, then another control byte
_DATA = const(0x40)  # only data follow
_FIRST_PAGE = const(0xB0)
_HIGH_COLUMN = const(0x10)
_DATA_AT = const(7)

# 64 rows, no shift, row 0 on top; seen with the connector above: columns and rows both reversed; COM pins of a 64-row
# glass; clock; precharge and charge pump for the module's own supply; show RAM, not reversed; page addressing; no
# scrolling; contrast. Display on comes last, and only when all of the glass is drawn.
_SETTINGS = const(
    b"\x00\xa8\x3f\xd3\x00\x40\xa1\xc8\xda\x12\xd5\x80\xd9\xf1\xdb\x20\xa4\xa6\x20\x02\x2e\x8d\x14\x81\x00\xaf"
)
_CONTRAST_AT = const(-2)


class Display:
    """Shows `look.text` in `look.style` at `look.contrast`.

    bad: 1 until the whole glass is drawn and on, and again when it does not answer; then it is left in peace for half a
    second and set up anew.
    """

    def __init__(self, bus) -> None:
        self._write = bus.writeto
        self._slice = Slice()
        self._text = memoryview(bytearray(_ROWS * _ROW_LETTERS))  # as look had it last
        self._wanted = _rows(self._text)
        self._style = bytearray(_ROWS)
        self._drawing = bytearray(_ROWS)  # how each row is drawn
        self._glass_letters = memoryview(bytearray(_ROWS * _ROW_LETTERS))
        self._glass = _rows(self._glass_letters)  # of each row, its letters on the glass
        self._settings = memoryview(bytearray(_SETTINGS))
        self._settings_without_on = self._settings[:-1]
        self._contrast = -1
        self._row = 0  # where the next difference is looked for
        self._clean_rows = 0  # that are as wanted, up to that one
        self._is_drawn_slice_waiting = False
        self._pause_calls = 0
        self._clean_calls = 0
        self._healed = 0
        self._start_again()

    def show(self, look) -> None:
        """One bounded part of what the glass lacks, if anything: finding and drawing a slice, or one transaction."""
        if self._pause_calls:
            self._pause_calls -= 1
        elif self._is_drawn_slice_waiting:
            self._is_drawn_slice_waiting = False
            self._send(self._slice.packet)
        elif look.contrast != self._contrast:
            self._contrast = self._settings[_CONTRAST_AT] = look.contrast
            self._is_set_up = False
        elif not self._is_set_up:
            self._is_set_up = self._send(self._settings if self._is_drawn else self._settings_without_on)
        elif look.style != self._style:
            self._style[:] = look.style
            self._lay_out()
        else:
            if look.text != self._text:
                self._text[:] = look.text
                # Before the first picture it is enough that each row was once as wanted: it waits for no last word.
                if self._is_drawn:
                    self._clean_rows = 0
            if self._clean_rows < _ROWS:
                self._draw()
            elif self._is_drawn:
                self._heal()
            elif self._send(self._settings):
                self._is_drawn = True
                self.bad = 0

    def _lay_out(self) -> None:
        above = 0
        for row in range(_ROWS):
            if above & (_LARGE | _LOWER) == _LARGE:
                above |= _LOWER
            else:
                above = self._style[row] & (_LARGE | _LIGHT)
            if self._drawing[row] != above:
                self._drawing[row] = above
                self._forget(row)

    def _forget(self, row: int) -> None:
        self._glass[row][:] = _NO_ROW
        self._clean_rows = 0

    def _draw(self) -> None:
        """Draws the first slice of this row that differs, to be sent with the next call; or goes on to the next row."""
        row = self._row
        wanted = self._wanted[row - 1 if self._drawing[row] & _LOWER else row]
        if wanted == self._glass[row]:
            self._clean_rows += 1
            self._row = (row + 1) % _ROWS
            return
        self._draw_difference(wanted, self._glass[row])

    def _draw_difference(self, wanted: memoryview, glass: memoryview) -> None:
        letter = _first_difference(wanted, glass)
        self._slice.draw(self._row, self._drawing[self._row], wanted, letter)
        # If it does not get there, all of the glass is unknown.
        self._slice.copy(wanted, glass)
        self._is_drawn_slice_waiting = True

    def _heal(self) -> None:
        """Every 20th call that has nothing to do declares the settings and one slice unknown."""
        self._clean_calls += 1
        if self._clean_calls < _HEAL_CALLS:
            return
        self._clean_calls = 0
        number = self._healed
        self._healed = (number + 1) % _HEAL_ROUND
        self._is_set_up = False
        row = number % _ROWS
        self._row = row
        self._clean_rows = _ROWS - 1
        self._glass[row][number // _ROWS * (2 if self._drawing[row] & _LARGE else 4)] = _UNKNOWN

    def _send(self, packet) -> bool:
        try:
            self._write(_ADDRESS, packet)
        except OSError:
            self._pause_calls = _RETRY_CALLS
            self._start_again()
            return False
        return True

    def _start_again(self) -> None:
        self.bad = 1
        self._is_set_up = False
        self._is_drawn = False
        self._is_drawn_slice_waiting = False
        self._clean_rows = 0
        self._glass_letters[:] = _NO_ROWS


def _first_difference(one: memoryview, other: memoryview) -> int:
    at = 0
    while one[at] == other[at]:
        at += 1
    return at


def _rows(letters: memoryview) -> list:
    return [letters[_ROW_LETTERS * row : _ROW_LETTERS * (row + 1)] for row in range(_ROWS)]


class Slice:
    """One slice on its way to the glass: where it goes, and its columns. `packet` is what to send to the address."""

    def __init__(self) -> None:
        self._bytes = memoryview(bytearray(_DATA_AT + _SLICE_COLUMNS))
        self._last_bytes = self._bytes[: _DATA_AT + _LAST_SLICE_COLUMNS]
        for at in (0, 2, 4):
            self._bytes[at] = _COMMAND
        self._bytes[6] = _DATA
        self._upper, self._lower = font.double(font.SMALL)
        self._columns = font.SMALL
        self._width = font.WIDTH
        self._reverse = 0
        self._first = 0
        self._end = 0
        self.packet = self._bytes

    def draw(self, row: int, drawing: int, letters: memoryview, letter: int) -> None:
        """Draws the slice of this row that holds that letter; of large ones only the first ten are drawn."""
        self._reverse = 0xFF if drawing & _LIGHT else 0
        if drawing & _LARGE:
            self._columns = self._lower if drawing & _LOWER else self._upper
            self._width = _LARGE_WIDTH
            self._place(row, letter >> 1 if letter < _LARGE_LETTERS else _LAST_SLICE, 2)
            self._fill(letters, self._end if self._end < _ROW_LETTERS else self._first)
        else:
            self._columns = font.SMALL
            self._width = font.WIDTH
            self._place(row, letter >> 2, 4)
            self._fill(letters, self._end)

    def copy(self, letters: memoryview, glass: memoryview) -> None:
        """Copies the letters of this slice from one row to another."""
        for at in range(self._first, self._end):
            glass[at] = letters[at]

    def _place(self, row: int, number: int, letters: int) -> None:
        column = 1 + _SLICE_COLUMNS * number
        self._bytes[1] = _FIRST_PAGE | row
        self._bytes[3] = column & 15
        self._bytes[5] = _HIGH_COLUMN | column >> 4
        self._first = letters * number
        if number == _LAST_SLICE:
            self.packet = self._last_bytes
            self._end = _ROW_LETTERS
        else:
            self.packet = self._bytes
            self._end = self._first + letters

    def _fill(self, letters: memoryview, end: int) -> None:
        at = _DATA_AT
        index = self._first
        while index < end:
            at = self._add(letters[index], at)
            index += 1
        end = len(self.packet)
        while at < end:
            self._bytes[at] = self._reverse
            at += 1

    def _add(self, letter: int, at: int) -> int:
        if not font.FIRST <= letter < font.LAST:
            letter = font.LAST
        column = (letter - font.FIRST) * self._width
        self._add_five(column, at)
        if self._width == font.WIDTH:
            self._bytes[at + 5] = self._reverse
            return at + 6
        self._add_five(column + 5, at + 5)
        self._bytes[at + 10] = self._bytes[at + 11] = self._reverse
        return at + 12

    def _add_five(self, column: int, at: int) -> None:
        # One by one: a loop over them takes more than twice as long.
        to = self._bytes
        columns = self._columns
        reverse = self._reverse
        to[at] = columns[column] ^ reverse
        to[at + 1] = columns[column + 1] ^ reverse
        to[at + 2] = columns[column + 2] ^ reverse
        to[at + 3] = columns[column + 3] ^ reverse
        to[at + 4] = columns[column + 4] ^ reverse
