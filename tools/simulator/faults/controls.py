"""Contacts and wires of what a hand touches, and of the home switch, that do not say what is true. Closed is low."""

from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import AT_REST, EVERY, SOME
from tools.simulator.faults.row import Row
from tools.simulator.pads import pad

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Change = Callable[[int, int], int]

CLOSED = 0
OPEN = 1


class Contact(Fault):
    """`pins` are names in the pin table, `change(true level, us since the strike)` is the level that a pin reads."""

    def __init__(self, pins: "tuple[str, ...]", changes: "tuple[Change, ...]") -> None:
        super().__init__()
        self._pins = pins
        self._changes = changes
        self._struck_us = 0

    def strike(self, loop: "Any") -> None:
        """The pins read something else from now on. ValueError on a board that has no such pins."""
        self._struck_us = self.world.now_us
        for name in self._pins:
            if not hasattr(self.world.pins, name):
                raise ValueError("this board has no pin of its own for %s" % name)
        super().strike(loop)

    def break_it(self) -> None:
        """Between net and pin."""
        world = self.world
        for name, change in zip(self._pins, self._changes):
            net = pad(world.chip, getattr(world.pins, name)).net
            net.broken = self._lie(change)
            net.update()

    def _lie(self, change: "Change") -> "Callable[[int], int]":
        def see(level: int) -> int:
            seen = change(level, self.world.now_us - self._struck_us)
            if seen != level:
                self.applied = True
            return seen

        return see


class StopUnread(Contact):
    """The contact that is read is welded, and somebody presses the emergency stop: the wire still cuts motor power."""

    def __init__(self) -> None:
        super().__init__(("STOP",), (stuck(CLOSED),))

    def strike(self, loop: "Any") -> None:
        """Weld it, and press."""
        super().strike(loop)
        self.world.set_stop(0)


def stuck(level: int) -> "Change":
    """Always this level."""
    return lambda _level, _us: level


def flicker(every_us: int, for_us: int) -> "Change":
    """The wrong level again and again, for a moment."""
    return lambda level, us: 1 - level if us % every_us < for_us else level


_SINGLE = (
    ("TRIGGER_NO", "trigger's closing contact"),
    ("TRIGGER_NC", "trigger's opening contact"),
    ("CONTACT_A", "first skin contact"),
    ("CONTACT_B", "second skin contact"),
)
_SKIN = ("CONTACT_A", "CONTACT_B")
_TRIGGER = ("TRIGGER_NO", "TRIGGER_NC")
_KNOB = ("KNOB_A", "KNOB_B")


def rows() -> "list[Row]":
    """What a hand touches."""
    found: "list[Row]" = []
    for pin, word in _SINGLE:
        for name, says, where, change in (
            ("stuck_open", "The %s stays open.", EVERY, stuck(OPEN)),
            ("stuck_closed", "The %s stays closed.", EVERY, stuck(CLOSED)),
            ("flickers", "The %s says the opposite for 2 ms in 30.", EVERY, flicker(30_000, 2000)),
            ("loose", "The %s says the opposite for 18 ms in 200.", SOME, flicker(200_000, 18_000)),
        ):
            found.append(Row("controls", pin.lower() + "_" + name, says % word, where, Contact, (pin,), (change,)))
    shake = flicker(25_000, 6000)
    closed = stuck(CLOSED)
    turning = (flicker(24_000, 12_000), flicker(24_000, 6000))
    for name, says, where, pins, changes in (
        ("skin_contacts_bridged", "Liquid bridges both skin contacts.", EVERY, _SKIN, (closed, closed)),
        ("skin_contacts_shake", "Both skin contacts say the opposite for 6 ms in 25.", EVERY, _SKIN, (shake, shake)),
        ("trigger_shakes", "Both trigger contacts say the opposite for 6 ms in 25.", EVERY, _TRIGGER, (shake, shake)),
        ("confirm_stuck_closed", "CONFIRM stays pressed.", EVERY, ("CONFIRM",), (closed,)),
        ("confirm_stuck_open", "CONFIRM is broken.", EVERY, ("CONFIRM",), (stuck(OPEN),)),
        (
            "confirm_glitches",
            "CONFIRM closes by itself, 0.1 s in 0.4.",
            EVERY,
            ("CONFIRM",),
            (flicker(400_000, 100_000),),
        ),
        ("knob_glitches", "The knob turns by itself.", AT_REST, _KNOB, turning),
        ("knob_push_stuck", "The knob stays pushed.", AT_REST, ("KNOB_PUSH",), (closed,)),
        ("stop_wire_open", "The wire that reads the emergency stop is broken.", EVERY, ("STOP",), (stuck(OPEN),)),
    ):
        found.append(Row("controls", name, says, where, Contact, pins, changes))
    says = "The contact that reads the emergency stop is welded, and it is pressed."
    found.append(Row("controls", "stop_unread", says, EVERY, StopUnread))
    return found
