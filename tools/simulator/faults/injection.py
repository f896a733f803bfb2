"""One fault in one session: when it strikes, that it was really met, when the device noticed, and whether all stayed
safe."""

from tools.simulator.faults import phases
from tools.simulator.faults.catalogue import find
from tools.simulator.faults.truth import Witness

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tools.simulator.observer import Observer, Words
    from tools.simulator.world import World

# Inhibits that a healthy session shows as well: no sign that anything was noticed.
_USUAL = (
    "not_homed",
    "not_primed",
    "settings_missing",
    "syringe_empty",
    "trigger_held",
    "editing",
    "needle_used",
    "zone_done",
    "locked",
    "not_disinfected",
    "drying",
    "needle_blunt",
    "session_total",
    "zone_total",
    "product_total",
    "product_missing",
    "not_provisioned",
    "reservation_used",
)


# States in which an inhibit is found and ends nothing.
_NOT_INHIBITED = ("HOMING", "PRIME", "REWIND", "SHOT")


class Injection:
    """Struck in `phase` of a session: in drop number `drop` if it is a phase of a shot. Ticks count from power-on."""

    def __init__(self, name: str, phase: str, drop: int, witness: Witness) -> None:
        """KeyError for a fault that is not in the catalogue."""
        self.name = name
        self.phase = phase
        self.fault = find(name).make()
        self.witness = witness
        self.struck_tick = -1
        self.applied_tick = -1
        self.noticed_tick = -1
        self.noticed_us = -1
        self.noticed_by: "list[str]" = []
        self.restarts = 0
        self.before_strike: "Callable[[], None] | None" = None
        self._drop = drop
        self._words: "Words"
        self._observer: "Observer"
        self._world: "World"
        self._telling = 0
        self._wait_ticks = phases.ticks_into(phase)
        self._in_phase = 0
        self._moving_ticks = 0  # armed or moving, since it was met
        self.noticed_moving_ticks = -1
        self._faults = 0
        self._inhibits = 0
        self._drops_closed = 0
        self._opened = 0
        self._closed = 0
        self._primes = 0

    def attach(self, world: "World", observer: "Observer", words: "Words") -> None:
        """After each power-on, before the program starts."""
        if self.restarts == 0 and self.struck_tick < 0:
            self.witness.watch(world)
        self._world = world
        self._observer = observer
        self._words = words
        self._telling = 0
        for bit in range(30):
            for name in words.inhibits(1 << bit):
                if name not in _USUAL and not name.startswith("?"):
                    self._telling |= 1 << bit
        self.fault.wire(world)
        self._inhibits = 0
        self._faults = 0
        self._opened = -1  # drops are counted on from before the restart: the first tick tells

    def become(self, name: str) -> None:
        """Another fault, while nothing has struck yet. KeyError."""
        self.name = name
        self.fault = find(name).make()
        self.fault.wire(self._world)

    # --- every tick -------------------------------------------------------------------------------------------------

    def after_tick(self, loop: "Any") -> None:
        """Called by the observer after the loop's tick, before anything comes of it."""
        observer = self._observer
        drop = loop.drop
        if self._opened < 0:
            self._opened = drop.number
        if drop.number != self._opened:
            self._opened = drop.number  # opened, and perhaps closed, within one tick
            if drop.number:
                self.witness.opened()
        if len(observer.drops) != self._closed:
            self._closed = len(observer.drops)
            result = observer.drops[-1][0]
            self.witness.closed(result, drop.reported_min_nl, drop.reported_max_nl)
        if observer.primes_begun != self._primes:
            self._primes = observer.primes_begun
            self.witness.primes()
        if self.struck_tick < 0:
            self._wait(loop)
        else:
            self._look(loop)

    def _wait(self, loop: "Any") -> None:
        """For its moment."""
        self._faults = loop.faults
        self._inhibits = loop.inhibits
        self._drops_closed = self._closed
        if phases.name_of(self._words, loop.state, loop.shot.phase) != self.phase:
            if self._in_phase:
                self._in_phase = 0
                self._wait_ticks = 0  # too short for the midst of it: next time its first tick
            return
        if self.phase in phases.IN_SHOT and self._observer.drops_opened < self._drop:
            return
        if self._in_phase < self._wait_ticks:
            self._in_phase += 1
            return
        if self.before_strike is not None:
            self.before_strike()
        self.struck_tick = self._observer.ticks
        self.witness.strike()
        self.fault.strike(loop)
        self._note_applied()

    def _look(self, loop: "Any") -> None:
        """Has the device met it, and noticed?"""
        if self.noticed_tick < 0:
            if self.applied_tick >= 0 and not loop.disarmed:
                self._moving_ticks += 1
            self._notice(loop)
        self._note_applied()
        self.fault.after_tick(loop)
        self._note_applied()

    def _note_applied(self) -> None:
        if self.fault.applied and self.applied_tick < 0:
            self.applied_tick = self._observer.ticks

    def _notice(self, loop: "Any") -> None:
        words = self._words
        state = words.state(loop.state)
        new = loop.faults & ~self._faults
        if new and state == "FAULT":
            self.notice(words.faults(new))
            return
        new = loop.inhibits & ~self._inhibits & self._telling
        self._inhibits &= loop.inhibits
        if new and state not in _NOT_INHIBITED:
            self.notice(words.inhibits(new))
            return
        if self._closed != self._drops_closed:
            self._drops_closed = self._closed
            result, causes = self._observer.drops[-1]
            if result == "fault" or (result == "aborted" and self._world.trigger_held):
                self.notice(causes)

    def notice(self, by: "list[str]") -> None:
        """The device noticed, in this tick, and says so by these words."""
        if self.noticed_tick < 0:
            self.noticed_tick = self._observer.ticks
            self.noticed_us = self._world.now_us
            self.noticed_by = by
            self.noticed_moving_ticks = self._moving_ticks
            self.witness.notice(self.noticed_us)

    # --- the ends of the program ------------------------------------------------------------------------------------

    def restarted(self, why: str) -> None:
        """The chip begins again."""
        self.restarts += 1
        self.fault.applied = self.fault.applied or (self.struck_tick >= 0 and self.fault.met_by_restart)
        self._note_applied()
        self.notice([why])

    def refused(self, reasons: "list[str]") -> None:
        """A press of the hand led to nothing, and the display says why."""
        if self.struck_tick >= 0:
            self.notice(["refused"] + reasons)

    # --- the verdict ------------------------------------------------------------------------------------------------

    def verdict(self) -> "dict[str, Any]":
        """What `mesogun sim --json` says under "fault". Ticks that never came are None."""
        self._note_applied()
        witness = self.witness
        reasons = witness.reasons()
        if self.struck_tick < 0:
            reasons.append("it never struck: the session never came to %s; more shots may help" % self.phase)
        elif self.applied_tick < 0:
            reasons.append("it was never met: nothing differed from the truth")
        detection: "int | None" = None
        if self.noticed_tick >= 0 and self.applied_tick >= 0:
            detection = max(self.noticed_tick - self.applied_tick, 0)
        return {
            "name": self.name,
            "phase": self.phase,
            "struck_tick": _or_none(self.struck_tick),
            "applied_tick": _or_none(self.applied_tick),
            "detected_tick": _or_none(self.noticed_tick),
            "detected_by": self.noticed_by,
            "detection_ticks": detection,
            "detection_moving_ticks": _or_none(self.noticed_moving_ticks),
            "safe": not reasons,
            "reasons": reasons,
            "overdose_nl": int(witness.overdose_nl),
            "overdose_steps": int(witness.overdose_nl / witness.nl_per_step),
            "deeper_um": max(int(witness.deepest_um), 0),
            "in_skin_us": max(witness.out_us, 0),
            "restarts": self.restarts,
            "lost_records": witness.lost_records,
        }


def _or_none(tick: int) -> "int | None":
    return None if tick < 0 else tick
