"""The hand at the knob: reads the display, turns to a row of the menu, dials a value digit by digit, says CONFIRM.

It knows no more of the menu than what is on the display: rows are found by their names, a digit by the mark under it.
"""

from tools.simulator.hand import Hand

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from tools.simulator.hand import Routine

_PUSH_US = 100_000
_OPENS_US = 500_000  # a device that has just been disarmed writes to its flash first
_LEAVE_US = 1_200_000  # the knob held
_HOLD_US = 1_200_000  # CONFIRM held
_READ_US = 60_000  # until the eye has read what the display now says
_MOST_ROWS = 40
_MOST_HOLDS = 10  # a knob that turns by itself opens the menu again and again

_NAME = 1  # of the display's lines, in the menu
_VALUE = 2
_MARK = 3


class PanelHand(Hand):
    """Moves at the panel. All are routines; those that may be in vain return whether they were not."""

    def choose(self, wanted: "list[tuple[str, str | int]]") -> "Routine":
        """Set rows, in order: a word chooses, a number is dialled in the unit of its last digit. False if one is
        refused: it stays open, so that the display goes on saying why."""
        for name, value in wanted:
            if not (yield from self.set_row(name, value)):
                return False
        yield from self.leave_menu()
        return True

    def set_row(self, name: str, value: "str | int") -> "Routine":
        """Go to a row, change its value and take it; False if it is refused."""
        yield from self.go_to(name)
        if _shows(self._line(_VALUE), value):
            return True
        yield from self.push()
        if isinstance(value, str):
            yield from self._turn_to(value)
        else:
            yield from self._dial(value)
        yield from self.confirm(_PUSH_US)
        yield _READ_US
        return not self.observer.refusals

    def do(self, name: str) -> "Routine":
        """Go to something that can be done, and say yes to it."""
        yield from self.go_to(name)
        yield from self.push()
        yield from self.confirm(_PUSH_US)
        yield _READ_US

    def do_by_holding(self, name: str) -> "Routine":
        """Go to something that is answered by holding CONFIRM, and hold it."""
        yield from self.go_to(name)
        yield from self.push()
        yield from self.confirm(_HOLD_US)

    def go_to(self, name: str) -> "Routine":
        """Open the menu, and turn until this row is there. RuntimeError if the menu has none."""
        if not self.in_menu():
            yield from self.push()
            yield from self.until(self.in_menu, _OPENS_US)
        for by in (1, -1):
            for _ in range(_MOST_ROWS):
                if self._row_name() == name.lower():
                    return
                before = self._line(0)
                yield from self.turn(by)
                if self._line(0) == before:
                    break  # the end
        raise RuntimeError("the menu has no row %s: %s" % (name, self.observer.screen()))

    def leave_menu(self) -> "Routine":
        """Hold the knob until the display shows something else. RuntimeError if it never does."""
        for _ in range(_MOST_HOLDS):
            if not (self.in_menu() or self._is_open()):
                return
            yield from self.hold_knob()
        raise RuntimeError("the menu cannot be left: %s" % (self.observer.screen(),))

    def hold_knob(self) -> "Routine":
        """The knob, until it leaves what is open."""
        self.world.push_knob(1)
        yield _LEAVE_US
        self.world.push_knob(0)
        yield _READ_US

    def push(self) -> "Routine":
        """The knob, shortly."""
        self.world.push_knob(1)
        yield _PUSH_US
        self.world.push_knob(0)
        yield _READ_US

    def turn(self, detents: int) -> "Routine":
        """The knob; + is clockwise. Waits until it stands still and the display was read."""
        if detents:
            self.world.turn_knob(detents)
            yield self.world.knob_turns_until_us - self.next_us + _READ_US

    def in_menu(self) -> bool:
        """Whether the display shows the menu, and no row of it is open."""
        return self._line(0).startswith("MENU")

    def _is_open(self) -> bool:
        return "CONFIRM:" in self._line(0)

    def _row_name(self) -> str:
        """Things to do have a name of two lines."""
        name = self._line(_NAME)
        return (name if name not in ("New", "Prime", "Log", "Power") else name + " " + self._line(_VALUE)).lower()

    def _line(self, number: int) -> str:
        lines = self.observer.screen()
        return lines[number] if number < len(lines) else ""

    def _turn_to(self, word: str) -> "Routine":
        """A choice: to its end, and back until the word is there."""
        for by in (-1, 1):
            for _ in range(_MOST_ROWS):
                if self._line(_VALUE) == word:
                    return
                before = self._line(_VALUE)
                yield from self.turn(by)
                if self._line(_VALUE) == before:
                    break
        raise RuntimeError("there is no %s to choose: %s" % (word, self.observer.screen()))

    def _dial(self, value: int) -> "Routine":
        """Every digit once, whichever the mark is under; what the digits cannot show is left at their most."""
        digits = _digits(self._line(_VALUE))
        text = "%d" % max(value, 0)  # there is no sign to turn
        wanted = "0" * (len(digits) - len(text)) + text if len(text) <= len(digits) else "9" * len(digits)
        for _ in digits:
            place = self._marked()
            digits = _digits(self._line(_VALUE))
            yield from self.turn(int(wanted[place]) - int(digits[place]))
            if _digits(self._line(_VALUE)) == wanted:
                return
            yield from self.push()

    def _marked(self) -> int:
        """Which digit the mark is under, from the left."""
        column = self._line(_MARK).find("^^") // 2
        return len(_digits(self._line(_VALUE)[:column]))


def _digits(text: str) -> str:
    return "".join([letter for letter in text.split(" ")[0] if letter in "0123456789"])


def _shows(text: str, value: "str | int") -> bool:
    """Whether a line says this word, or this number in the unit of its last digit; a word may stand for 0."""
    if isinstance(value, str):
        return text == value
    digits = _digits(text)
    return int(digits) == value if digits else value == 0 and text != "--"
