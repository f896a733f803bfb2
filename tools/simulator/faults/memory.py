"""Memory that changes by itself, and exceptions that nobody expects.

A place is a path of attributes from DoseLoop. `moment`: "after" the tick, when its outputs are about to be applied, or
"gate": within the tick, right before the gate looks.
"""

from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import AFTER_SELF_TEST, EVERY, IN_SHOT, SOME, WITH_ORDERS, WORKING
from tools.simulator.faults.row import Row

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.world import World

AFTER = "after"
_TRIPS = (TypeError, AttributeError, ValueError, LookupError, ArithmeticError)
GATE = "gate"


class Cell(Fault):
    """One value in memory. Subclasses say what becomes of it. `lasting`: again in every tick, a cell that is stuck."""

    def __init__(self, place: str, moment: str = AFTER, lasting: bool = False) -> None:
        super().__init__()
        self.place = place
        self._moment = moment
        self._lasting = lasting
        self._hooked: "Any" = None

    def changed(self, value: "Any") -> "Any":
        """What is there from now on, instead of `value`."""
        raise NotImplementedError

    def explains(self, error: BaseException) -> bool:
        """Whatever the program trips over."""
        return self.applied and isinstance(error, _TRIPS)

    def strike(self, loop: "Any") -> None:
        """Now, or before the gate's next look."""
        super().strike(loop)
        if self._moment == AFTER:
            self._change(loop)
        else:
            self._hook(loop)

    def wire(self, world: "World") -> None:
        """After a restart memory is sound again; only a stuck cell is not."""
        super().wire(world)
        self._hooked = None

    def after_tick(self, loop: "Any") -> None:
        """Again, where it lasts."""
        if self._lasting:
            if self._moment == AFTER:
                self._change(loop)
            else:
                self._hook(loop)

    def _hook(self, loop: "Any") -> None:
        gate: "Any" = loop.gate
        if self._hooked is gate:
            return
        self._hooked = gate
        check = gate.check

        def corrupt_and_check(inputs: "Any", outputs: "Any", state: int) -> int:
            if self._lasting or not self.applied:
                self._change(loop)
            return check(inputs, outputs, state)

        gate.check = corrupt_and_check

    def _change(self, loop: "Any") -> None:
        owner: "Any" = loop
        path = self.place.split(".")
        for name in path[:-1]:
            owner = getattr(owner, name)
        name = path[-1]
        before: "Any" = getattr(owner, name)
        setattr(owner, name, self.changed(before))
        after: "Any" = getattr(owner, name)
        if type(after) is not type(before) or after != before:
            self.applied = True


class Bit(Cell):
    """One bit turns over, once."""

    def __init__(self, place: str, bit: int, moment: str = AFTER) -> None:
        super().__init__(place, moment)
        self._bit = bit

    def changed(self, value: "Any") -> int:
        """The other value of the bit."""
        return int(value) ^ (1 << self._bit)


class Value(Cell):
    """It is `value`, in every tick."""

    def __init__(self, place: str, value: int, moment: str = AFTER) -> None:
        super().__init__(place, moment, True)
        self._value = value

    def changed(self, value: "Any") -> int:
        """Whatever it was."""
        return self._value


class Garbage(Cell):
    """Something that is not even a number, once."""

    def changed(self, value: "Any") -> "Any":
        """Nothing."""
        return None


class Raised(Fault):
    """An exception comes out of the tick, once: no memory, or anything."""

    def __init__(self, error_class: "type[Exception]") -> None:
        super().__init__()
        self._error_class = error_class

    def after_tick(self, loop: "Any") -> None:
        """Out of the tick after the strike: nothing of it is applied."""
        if not self.applied:
            self.applied = True
            raise self._error_class("injected")

    def explains(self, error: BaseException) -> bool:
        """Its own."""
        return self.applied and isinstance(error, self._error_class)


# name, what turns over, where, its place, the bit
_BITS = (
    ("dose_setting_bit", "the dose in force", WITH_ORDERS, "settings.dose_nl", 14),
    ("depth_setting_bit", "the depth in force", WITH_ORDERS, "settings.depth_um", 12),
    ("burst_setting_bit", "the length of a burst", WITH_ORDERS, "settings.burst_count", 3),
    ("calibration_bit", "the volume of a step", WITH_ORDERS, "settings.calibration.pl_per_step", 11),
    ("compliance_bit", "the compliance in use", WITH_ORDERS, "fluid.compliance_pl_per_kpa", 11),
    ("volume_bit", "the volume of a step in use", WITH_ORDERS, "fluid.pl_per_step", 11),
    ("resistance_bit", "the needle's resistance", WITH_ORDERS, "fluid.resistance_pa_per_nl", 9),
    ("origin_bit", "the plunger position that a drop counts from", IN_SHOT, "fluid.origin_steps", 11),
    ("pressure_bit", "the pressure in memory", SOME, "fluid.pressure_pa", 17),
    ("tissue_bit", "the estimated pressure of the tissue", IN_SHOT, "fluid.tissue_pa", 16),
    ("trim_bit", "the trim", WITH_ORDERS, "scale.trim_pl", 21),
    ("anchor_bit", "the anchor's position", WITH_ORDERS, "scale.position_steps", 10),
    ("slack_bit", "the known slack", WITH_ORDERS, "scale.slack_steps", 9),
    ("dose_target_bit", "the target of the feed", IN_SHOT, "shot.dose._target_pl", 23),
    ("feed_limit_bit", "what may be fed", IN_SHOT, "shot.dose._feed_to_pl", 23),
    ("order_bit", "the shot's own copy of the dose", IN_SHOT, "shot._target_pl", 23),
    ("depth_order_bit", "the shot's own copy of the depth", IN_SHOT, "shot._depth_um", 11),
    ("needle_target_bit", "where the needle goes", IN_SHOT, "needle._target_um", 11),
    ("needle_zero_bit", "the needle's counted zero", WORKING, "needle._zero_steps", 9),
    ("needle_correction_bit", "the needle's correction", IN_SHOT, "needle._correction_um", 10),
    ("phase_bit", "the phase of a shot", IN_SHOT, "shot.phase", 0),
    ("phase_high_bit", "the phase of a shot (bit 1)", IN_SHOT, "shot.phase", 1),
    ("drops_left_bit", "how many drops of a burst are left", IN_SHOT, "shot.left_in_burst", 2),
    ("withdrawing_bit", "how long the needle has been withdrawn", IN_SHOT, "gate.withdrawing_ticks", 5),
    ("gate_depth_bit", "the depth that the gate holds", IN_SHOT, "gate.depth_um", 12),
    ("gate_volume_bit", "the volume that the gate holds", IN_SHOT, "gate.most_pl", 24),
    ("trigger_bit", "the debounced trigger", WORKING, "trigger.on", 0),
    ("contact_bit", "the debounced skin contact", WORKING, "contact.on", 0),
    ("primed_bit", "whether the syringe is primed", WORKING, "syringe.primed", 0),
    ("homed_bit", "whether the needle was homed", WORKING, "needle.homed", 0),
    ("state_bit_0", "the state", AFTER_SELF_TEST, "state", 0),
    ("state_bit_1", "the state (bit 1)", AFTER_SELF_TEST, "state", 1),
    ("state_bit_2", "the state (bit 2)", AFTER_SELF_TEST, "state", 2),
    ("state_bit_3", "the state (bit 3)", AFTER_SELF_TEST, "state", 3),
    ("fault_mask_bit", "the latched faults", SOME, "faults", 0),
    ("disarmed_bit", "whether nothing can move", SOME, "disarmed", 0),
    ("dose_chunk_bit", "the plunger's chunk behind the gate", WORKING, "outputs.dose_chunk_steps", 4),
    ("dose_chunk_high_bit", "the plunger's chunk behind the gate (64)", SOME, "outputs.dose_chunk_steps", 6),
    ("needle_chunk_bit", "the needle's chunk behind the gate", WORKING, "outputs.needle_chunk_steps", 4),
    ("dose_enable_bit", "the plunger's enable behind the gate", SOME, "outputs.dose_enable", 0),
    ("needle_enable_bit", "the needle's enable behind the gate", SOME, "outputs.needle_enable", 0),
)
# name, what it is, where, its place, what is written there before every look of the gate
_STUCK = (
    ("gate_trigger_stuck", "The gate's bit for the trigger is stuck at 1.", SOME, "gate.trigger_both", 1),
    ("gate_contact_stuck", "The gate's bit for the skin is stuck at 1.", SOME, "gate.contact_both", 1),
    ("gate_open_stuck", "The gate's bit for open contacts is stuck at 1.", SOME, "gate.contacts_open", 1),
    ("planner_feeds", "The planner goes mad: plunger forward at full speed.", WORKING, "outputs.dose_chunk_steps", 40),
    (
        "planner_creeps",
        "The planner goes mad: plunger forward, ten steps a tick.",
        EVERY,
        "outputs.dose_chunk_steps",
        10,
    ),
    (
        "planner_stabs",
        "The planner goes mad: needle deeper, ten steps a tick.",
        EVERY,
        "outputs.needle_chunk_steps",
        10,
    ),
    ("planner_powers", "The planner powers the plunger in every tick.", SOME, "outputs.dose_enable", 1),
)


def rows() -> "list[Row]":
    """Bits where it hurts, a planner gone mad, values that are none, exceptions."""
    found: "list[Row]" = []
    for name, what, where, place, bit in _BITS:
        found.append(Row("memory", name, "A bit turns over: %s." % what, where, Bit, place, bit))
    for name, says, where, place, value in _STUCK:
        found.append(Row("memory", name, says, where, Value, place, value, GATE))
    for name, says, where, place in (
        ("settings_garbage", "The dose in force is not even a number.", WITH_ORDERS, "settings.dose_nl"),
        ("output_garbage", "The plunger's chunk is not even a number.", SOME, "outputs.dose_chunk_steps"),
        ("state_garbage", "The state is not even a number.", SOME, "state"),
    ):
        found.append(Row("memory", name, says, where, Garbage, place))
    says = "The tick raises MemoryError."
    found.append(Row("memory", "memory_error", says, EVERY, Raised, MemoryError))
    says = "The tick raises an exception that nobody expects."
    found.append(Row("memory", "unexpected_exception", says, EVERY, Raised, RuntimeError))
    return found
