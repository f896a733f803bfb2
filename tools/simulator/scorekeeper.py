"""The truth of every shot, read from the plant, beside what the firmware reports about it.

A shot's account is open from its press (in a burst from its slot's start) to the next one, or until the hand begins to
prime or to change the syringe: what leaves the needle then is no drop. Totals go on over syringes.
"""

from tools.simulator.recorder import rounded

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from firmware.drop import Drop
    from tools.simulator.plant import Plant
    from tools.simulator.recorder import CurveRecorder


class Scorekeeper:
    """Writes `shots`: one dict per press (in a burst per drop) with the keys that `mesogun sim --json` prints.

    `shots_wanted` bounds the list: later drops are not accounted (0: no bound). All times in us of the session.
    `curves` begin and end with each account.
    """

    def __init__(
        self,
        plant: "Plant",
        requested_nl: int,
        depth_um: int,
        shots_wanted: int = 0,
        curves: "CurveRecorder | None" = None,
    ) -> None:
        self.plant = plant
        self._curves = curves
        self.shots: "list[dict[str, Any]]" = []
        self._requested_nl = requested_nl
        self._depth_um = depth_um
        self._wanted = shots_wanted
        self._first_press_us = -1
        self._shot: "dict[str, Any] | None" = None  # the account that is open
        self._press_us = 0
        self._start_delivered_nl = 0.0
        self._start_surface_nl = 0.0
        self.depth_max_um = 0.0  # written by the observer, every tick
        self.watching = False  # an account is open
        self.parked = True  # nothing to wait for

    def press(self, now_us: int) -> int:
        """The trigger is pressed for a shot; returns its number, from 1. Until a drop is opened it is refused."""
        self.end_account()
        if self._first_press_us < 0:
            self._first_press_us = now_us
        number = len(self.shots) + 1
        if self._wanted and number > self._wanted:
            return number
        self._press_us = now_us
        self._shot = {
            "n": number,
            "result": "refused",
            "reasons": [],
            "requested_nl": self._requested_nl,
            "reported_nl": 0,
            "reported_min_nl": 0,
            "reported_max_nl": 0,
            "delivered_nl": 0.0,
            "surface_nl": 0.0,
            "depth_requested_um": self._depth_um,
            "depth_max_um": 0.0,
            "start_us": now_us - self._first_press_us,
            "duration_us": 0,
        }
        self.shots.append(self._shot)
        plant = self.plant
        self._start_delivered_nl = plant.delivered_nl
        self._start_surface_nl = plant.surface_nl
        self.depth_max_um = 0.0
        self.watching = True
        if self._curves is not None:
            self._curves.begin(number, now_us, plant)
        return number

    @property
    def has_drop(self) -> bool:
        """True if the open account belongs to a drop that the firmware opened."""
        return self._shot is not None and self._shot["result"] != "refused"

    def drop_opened(self, drop: "Drop", now_us: int) -> None:
        """The firmware opened a drop: the one of this press, or the next slot of a burst."""
        if self._shot is None or self.has_drop:
            self.press(now_us)
        if self._shot is not None:
            self.parked = False
            self._shot["result"] = "open"
            self._shot["requested_nl"] = drop.requested_nl
            self._shot["depth_requested_um"] = drop.depth_um

    def needle_parked(self, now_us: int) -> None:
        """The needle of this drop is parked, or waits for the next drop of a burst."""
        if self._shot is not None and self.has_drop and not self.parked:
            self.parked = True
            self._shot["duration_us"] = now_us - self._press_us

    def drop_closed(self, drop: "Drop", result: str, reasons: "list[str]") -> None:
        """The firmware closed its drop."""
        shot = self._shot
        if shot is not None:
            shot["result"] = result
            shot["reasons"] = reasons
            shot["reported_nl"] = drop.reported_nl
            shot["reported_min_nl"] = drop.reported_min_nl
            shot["reported_max_nl"] = drop.reported_max_nl

    def refuse(self, reasons: "list[str]", now_us: int) -> None:
        """The hand gave up on this press: no drop came of it."""
        if self._shot is not None and not self.has_drop:
            self._shot["reasons"] = reasons
            self._shot["duration_us"] = now_us - self._press_us

    def note(self, reason: str) -> None:
        """Something about this press that the firmware did not say."""
        if self._shot is not None and self.has_drop:
            self._shot["reasons"] = self._shot["reasons"] + [reason]

    def forget(self) -> None:
        """This press was no shot after all: the device primes."""
        if self._shot is not None and not self.has_drop:
            self.shots.pop()
            self._shot = None
            self.watching = False

    def end_account(self) -> None:
        """What the plant does from now on belongs to no shot."""
        shot = self._shot
        if shot is None:
            return
        shot["delivered_nl"] = rounded(self.plant.delivered_nl - self._start_delivered_nl)
        shot["surface_nl"] = rounded(self.plant.surface_nl - self._start_surface_nl)
        shot["depth_max_um"] = rounded(self.depth_max_um)
        self._shot = None
        self.watching = False
        if self._curves is not None:
            self._curves.end()
