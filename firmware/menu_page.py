"""The menu's page: the row where the knob is, with its name, value and bounds, and what can be done."""

from micropython import const

from firmware import reasons
from firmware.look import INVERTED, LARGE, SMALL
from firmware.menu_rows import DEED
from firmware.menu_table import ROWS
from firmware.states import READY

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.look import Look
    from firmware.menu import Menu


def menu(look: "Look", row: int, of: "Menu") -> None:
    """One row of the page. While a value is turned: what it would be, a mark under its digit, bounds, what it is."""
    entry = ROWS[of.index]
    turned = of.editing and entry.kind != DEED
    if row == 0:
        look.begin(0, SMALL | INVERTED)
        _head(look, of)
    elif row == 1:
        look.begin(1, LARGE)
        look.part(entry.name, 0)
    elif row == 3:
        look.begin(3, LARGE | INVERTED if turned else LARGE)
        if turned:
            entry.show_places(look, of.value)
        else:
            entry.show(look, None if entry.kind == DEED else of.values[entry.key])
    elif row == 5:
        look.begin(5, SMALL)
        if turned:
            entry.point_at(look, of.value, of.place)
        else:
            entry.bounds(look, of)
    else:
        look.begin(row, SMALL)
        if of.refusals:
            look.part(reasons.REFUSALS[_lowest(of.refusals)], reasons.TO_DO + row - 6)
        elif of.obstacles:
            look.part(reasons.INHIBITS[_lowest(of.obstacles)], reasons.TO_DO + row - 6)
        else:
            _foot(look, row, of)


def _head(look: "Look", of: "Menu") -> None:
    if not of.editing:
        look.put(b"MENU ")
        look.number(of.index + 1, 0)
        look.put(b"/")
        look.number(len(ROWS), 0)
        look.skip(7 if of.index < 9 else 6)
        if of.minutes >= 0:
            look.number(of.minutes // 60, 0, 2)
            look.put(b":")
            look.number(of.minutes % 60, 0, 2)
        else:
            look.put(b"--:--")  # the clock does not know
    elif ROWS[of.index].kind == DEED:
        look.put(b"push:no  CONFIRM:hold" if of.asks_to_be_held() else b"push: no CONFIRM: yes")
    elif ROWS[of.index].places > 1:
        look.put(b"push:digit CONFIRM:ok")
    else:
        look.put(b"turn       CONFIRM:ok")


def _lowest(mask: int) -> int:
    bit = 0
    while not mask >> bit & 1:
        bit += 1
    return bit


def _foot(look: "Look", row: int, of: "Menu") -> None:
    """The question; or the bounds and the value in use; or what the knob does."""
    entry = ROWS[of.index]
    if of.editing and entry.kind == DEED:
        look.part(entry.question, row - 6)
    elif of.editing and row == 6:
        if entry.places > 1:
            entry.bounds(look, of)
    elif of.editing:
        look.put(b"now ")
        entry.show(look, of.values[entry.key])
    elif row == 6:
        look.put(b"CONFIRM: arm" if of.loop.state == READY else b"")
    else:
        look.put(b"push: choose" if entry.kind == DEED else b"push: change")
