"""The menu: everything that is set or done at the panel, one row each, with one knob and CONFIRM.

Turning goes from row to row. A push opens the row; then turning changes the value, a push goes to the next digit, and
CONFIRM takes it. Holding the knob leaves, and takes nothing. A value is taken if the settings as a whole stay valid;
else it is refused with the reason, and stays open. Deeds are questions that CONFIRM answers.
"""

from micropython import const

from firmware import inhibits, limits
from firmware import settings as rules
from firmware.menu_rows import CODE, DEED, PLAN, PREFERENCE, PRODUCT, SETTING, Products
from firmware.menu_table import ROWS

_LOGGED_IN = const(6)  # in the journal

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.loop import DoseLoop
    from firmware.menu_rows import Row
    from firmware.signals import Signals


class Menu:
    """Where the knob is, and what was chosen. Stepped only while the device is disarmed.

    `values` maps the key of a row to its value, None as long as nothing is chosen. Once the settings are whole, what
    stands there is what the device uses.
    """

    def __init__(self, loop: "DoseLoop", signals: "Signals") -> None:
        self.loop = loop
        self.signals = signals
        self.values: "dict[str, int | None]" = {
            "burst_count": limits.BURST_MAX,
            "rate_mhz": 0,
            "points": 0,
            "volume": signals.volume - 1,
            "night": signals.night,
        }
        for row in ROWS:
            if row.kind < DEED and row.key not in self.values:
                self.values[row.key] = None
            if isinstance(row, Products):
                row.listed = loop.treatment.products
        self.minutes = -1  # of the day, to be shown; -1: unknown
        self.is_open = 0
        self.editing = 0  # a value or a question is open: CONFIRM is the menu's
        self.index = 0
        self.value = 0  # being turned
        self.place = 0  # of the digit being turned
        self.refusals = 0  # why the value was not taken
        self.obstacles = 0  # inhibits that stand in the way of a deed
        self.switched_off = 0  # motors released: the device may be switched off

    def asks_to_be_held(self) -> bool:
        """Whether the open question is answered by holding CONFIRM."""
        row = self.row
        return bool(self.editing and row.kind == DEED and row.do is None)

    @property
    def row(self) -> "Row":
        """The row the knob is at."""
        return ROWS[self.index]

    def open(self) -> None:
        """At the first thing that is not chosen yet, or where it was left."""
        self.is_open = 1
        self._seek_unchosen()

    def close(self) -> None:
        """Whatever was being turned is forgotten."""
        self.is_open = 0
        self._stop_editing()

    def knob_turned(self, detents: int) -> bool:
        """The knob has turned, clockwise is +. False if that is its end."""
        self.refusals = 0
        self.obstacles = 0
        by = 1 if detents > 0 else -1
        moved = False
        for _ in range(detents * by):
            if self.editing:
                row = self.row
                value = row.turned(self.value, by * row.step(self.place)) if row.places else self.value
                moved = value != self.value
                self.value = value
            else:
                moved = 0 <= self.index + by < len(ROWS) and not self._locked()
                if moved:
                    self.index += by
        return moved

    def push(self) -> None:
        """Open the row; or go to its next digit; or answer a question with no."""
        row = self.row
        self.refusals = 0
        self.obstacles = 0
        if not self.editing:
            self.editing = 1
            self.place = row.place
            self.value = row.start(None if row.kind == DEED else self.values[row.key])
        elif row.kind == DEED:
            self._stop_editing()
        else:
            self.place = (self.place + 1) % row.places

    def accept(self) -> bool:
        """Take the value, or do the deed. False if it was refused."""
        row = self.row
        self.refusals = 0
        self.obstacles = 0
        if row.kind == DEED:
            if row.do is None:
                return False
            self.obstacles = row.do(self)
        elif row.kind == PREFERENCE:
            self.values[row.key] = self.value
            if row.key == "volume":
                self.signals.volume = self.value + 1
            else:
                self.signals.night = self.value
        elif row.kind == CODE:
            self.refusals = self._log_in(self.value)
        elif row.kind == PRODUCT:
            if not self.loop.treatment.products:
                return False
            self.loop.treatment.choose_product(self.loop.treatment.products[self.value])
            self.values[row.key] = self.value
        elif row.kind == PLAN:
            self.refusals = self._plan(row.key, self.value)
        else:
            self.refusals = self._choose(row.key, self.value)
        if self.refusals or self.obstacles:
            return False
        self._stop_editing()
        self._seek_unchosen()
        return True

    def held(self) -> bool:
        """CONFIRM was held: False if that answers nothing, or cannot be done now. What could be done the loop did."""
        if not self.asks_to_be_held():
            return False
        loop = self.loop
        if not loop.needle.parked():
            self.obstacles = inhibits.NEEDLE_NOT_PARKED if loop.needle.homed else inhibits.NOT_HOMED
        elif loop.contact.off_ticks:
            self._stop_editing()
        return not self.editing

    def leave(self) -> None:
        """Back from the value to the row, from the row out of the menu."""
        if self.editing:
            self._stop_editing()
        else:
            self.close()

    def _stop_editing(self) -> None:
        self.editing = 0
        self.refusals = 0
        self.obstacles = 0

    def _locked(self) -> bool:
        return self.loop.operators.current < 0

    def _log_in(self, code: int) -> int:
        operators = self.loop.operators
        if operators.log_in(code):
            self.loop.journal.record(self.loop.now_us, _LOGGED_IN, operators.current, 0)
            return 0
        return rules.LOCKED_OUT if operators.locked_out_ticks else rules.CODE_WRONG

    def _seek_unchosen(self) -> None:
        """To the first row that is not chosen yet; while the device is locked, to the code."""
        if self._locked():
            self.index = 0
            return
        for index in range(len(ROWS)):
            row = ROWS[index]
            if (row.kind == SETTING or row.kind == PRODUCT) and self.values[row.key] is None:
                self.index = index
                return

    def _choose(self, key: str, value: int) -> int:
        """One of the settings: 0 if it fits what else is chosen. Once they are whole the device takes all of them."""
        before = self.values[key]
        self.values[key] = value
        wanted: "dict[str, int | str]" = {}
        for row in ROWS:
            chosen = self.values[row.key] if row.kind == SETTING else None
            if chosen is not None:
                wanted[row.key] = row.meaning(chosen)
        refusals = self.loop.propose(wanted) & ~rules.NOT_CHOSEN
        if refusals:
            self.values[key] = before
        elif key == "points":
            self.values["area_mm2"] = self.values["spacing_um"] = None  # the plan does not come from them
        return refusals

    def _plan(self, key: str, value: int) -> int:
        """Area or spacing: with both of them the planned points follow."""
        row = self.row
        if not row.allows(value, self):
            return rules.PLAN_OUT_OF_RANGE
        other = self.values["spacing_um" if key == "area_mm2" else "area_mm2"]
        if other is not None:
            area_mm2 = value if key == "area_mm2" else other
            spacing_um = value if key == "spacing_um" else other
            refusals = self._choose("points", points_in(area_mm2, spacing_um))
            if refusals:
                return refusals
            self.values["spacing_um" if key == "area_mm2" else "area_mm2"] = other
        self.values[key] = value
        return 0


def points_in(area_mm2: int, spacing_um: int) -> int:
    """Points of an even grid: area / spacing^2, rounded, at least one: 0 would be no plan. Spacing in whole tenths of
    a millimetre counts."""
    tenths = spacing_um // 100
    return max((area_mm2 * 100 + tenths * tenths // 2) // (tenths * tenths), 1)
