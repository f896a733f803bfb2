"""What the panel shows and sounds at this moment: eight rows of text, the lamp, the buzzer. A preallocated record.

Rows are 21 characters of ASCII. A large row shows its first 10 characters twice as big and covers the row below too.
Nothing here allocates.

Texts that belong together lie in one bytes object, a phrase, with bars between: a third less heap.
"""

from micropython import const

ROWS = const(8)
COLUMNS = const(21)
LARGE_COLUMNS = const(10)

SMALL = const(0)
LARGE = const(1)
INVERTED = const(2)  # to be added

_BLANK = const(32)
_ZERO = const(48)
_MINUS = const(45)
_POINT = const(46)
_BAR = const(124)
_BARS = const(b"|")


class Look:
    """`text` and `style` as drivers/display.py draws them; colours 0..255; tone_hz 0 is silence."""

    def __init__(self) -> None:
        self.text = bytearray(b" " * (ROWS * COLUMNS))
        self.style = bytearray(ROWS)
        self.red = 0
        self.green = 0
        self.blue = 0
        self.tone_hz = 0
        self.volume = 1
        self.contrast = 0
        self.paused = 0  # the alarm's sound is: a page says so
        self._at = 0
        self._end = 0
        self.cut = 0  # something did not fit into its row: a mistake in a page, which the tests look for

    def begin(self, row: int, style: int) -> None:
        """Empty a row, and say how it is drawn. What is put there next begins at its left."""
        self.style[row] = style
        self._at = row * COLUMNS
        self._end = self._at + (LARGE_COLUMNS if style & LARGE else COLUMNS)
        index = self._at + COLUMNS
        while index > self._at:
            index -= 1
            self.text[index] = _BLANK

    def skip(self, columns: int) -> None:
        """Leave so many columns blank."""
        self._at += columns

    def put(self, words: bytes) -> None:
        """ASCII, behind what is there."""
        for code in words:
            self._put(code)

    def number(self, value: int, decimals: int, digits: int = 1) -> None:
        """value / 10**decimals, behind what is there: all decimals, and at least so many whole digits."""
        if value < 0:
            self._put(_MINUS)
            value = -value
        unit = 1
        for _ in range(decimals):
            unit *= 10
        self._whole(value // unit, digits)
        if decimals:
            self._put(_POINT)
            self._whole(value % unit, decimals)

    def line(self, row: int, style: int, words: bytes) -> None:
        """A row of nothing but these words."""
        self.begin(row, style)
        self.put(words)

    def part(self, phrase: bytes, part: int) -> None:
        """Part 0, 1, ... of a phrase, behind what is there. What is put next begins where it begins."""
        at = 0
        while part:
            at = phrase.find(_BARS, at) + 1
            part -= 1
        begun = self._at
        while at < len(phrase) and phrase[at] != _BAR:
            self._put(phrase[at])
            at += 1
        self._at = begun

    def _whole(self, value: int, digits: int) -> None:
        place = 1
        while digits > 1 or value // place >= 10:
            place *= 10
            digits -= 1
        while place:
            self._put(_ZERO + value // place % 10)
            place //= 10

    def _put(self, code: int) -> None:
        if self._at < self._end:
            self.text[self._at] = code
        else:
            self.cut = 1
        self._at += 1
