"""A state machine for hypothesis, its first half: everything that hands can do at the desk, in any order.

Each run has a budget of ticks; what takes long is done only while there is enough of it.
"""

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from firmware import faults
from firmware.menu_table import ROWS
from host_tests.unruly_desk import UnrulyDesk
from host_tests.unruly_starts import begun
from tools.simulator import provisioning

RUN_TICKS = 3500
# (trigger_no, trigger_nc) as pressed, (contact_a, contact_b): mostly as hand and skin do it.
PAIRS = st.sampled_from(((1, 1), (1, 1), (1, 1), (0, 0), (0, 0), (1, 0), (0, 1)))
SHORT = st.sampled_from((1, 2, 4, 6, 11, 20, 60, 150))
VALUES = {
    "Code": (provisioning.CODE, provisioning.CODE, 0, 271_827),
    "Product": (0, 0, 1, 2),
    "Syringe": (0, 0, 1),
    "Needle": (0, 1, 2, 3),
    "Zone": (0, 1, 3, 7),
    "Dose": (1_000, 5_000, 10_000, 20_000, 20_001, 50_000, 999_999),
    "Depth": (100, 600, 605, 1000, 1501, 2000, 4000, 13_000),
    "Mode": (0, 1),
    "Burst": (1, 3, 20),
    "Points": (0, 1, 2),
    "Rate": (0, 5_000),
    "Volume": (0, 4),
}
DEEDS = ("New patient", "New needle", "New zone", "Prime again", "Log out", "Power off")
REACHED: "Counter[str]" = Counter()


class UnrulyHands(RuleBasedStateMachine):
    """What hands do at the desk. `start` is called by whoever runs it, in a subclass."""

    desk: UnrulyDesk
    begun_as = ""

    _left_ticks = RUN_TICKS
    _begun_tick = 0
    _delivered = 0
    _end_tick = 0

    def __init__(self) -> None:
        super().__init__()
        self.reached: set[str] = set()

    def start(self, begun_as: str) -> None:
        """Where it begins; and begins again, with what is left of the ticks, once only a restart helps."""
        self.begun_as = begun_as
        desk = self.desk = begun(begun_as)
        self._begun_tick = desk.ticks
        self._end_tick = desk.ticks + self._left_ticks
        self._delivered = desk.loop.drop.delivered
        desk.law.seen = {desk.state}
        desk.law.all_punctures = 0

    def counts(self) -> None:
        """What this device saw and did."""
        law = self.desk.law
        self.reached |= law.seen
        if law.all_punctures:
            self.reached.add("punctures")
        if self.desk.loop.drop.delivered > self._delivered:
            self.reached.add("drops")
        REACHED["ticks"] += self.desk.ticks - self._begun_tick

    def _restarts(self) -> None:
        """Another device, at work in the same way: this one's fault can only be ended by switching off."""
        self.counts()
        self._left_ticks = max(self._end_tick - self.desk.ticks, 1)
        self.start(self.begun_as)

    def _left(self, ticks: int) -> bool:
        return self.desk.ticks + ticks < self._end_tick

    def idle(self, ticks: int) -> None:
        """Everything stays as it is; as long as there are ticks left."""
        self.desk.run(2 * min(ticks, max(self._end_tick - self.desk.ticks, 1)))

    # --- hands ------------------------------------------------------------------------------------------------------

    @rule(contacts=PAIRS, ticks=SHORT)
    def moves_a_finger(self, contacts: "tuple[int, int]", ticks: int) -> None:
        """The trigger, or one contact of it."""
        self.desk.finger(*contacts)
        self.idle(ticks)

    @rule(contacts=PAIRS, ticks=SHORT)
    def moves_the_nozzle(self, contacts: "tuple[int, int]", ticks: int) -> None:
        """Onto the skin, half of it, or off."""
        self.desk.touch(*contacts)
        self.idle(ticks)

    @rule(down=st.booleans(), ticks=SHORT)
    def moves_confirm(self, down: bool, ticks: int) -> None:
        """Down or up, whatever is asked."""
        self.desk.confirm = int(down)
        self.idle(ticks)

    @rule(ms=st.sampled_from((4, 16, 20, 30, 100)))
    def taps_confirm(self, ms: int) -> None:
        """Down and up."""
        self.desk.tap_confirm(ms)

    @precondition(lambda self: self._left(520))
    @rule(ms=st.sampled_from((900, 996, 998, 1000, 1002, 1010)), closes=st.booleans())
    def holds_confirm(self, ms: int, closes: bool) -> None:
        """A second, or nearly; with the menu closed first, or not."""
        if closes:
            self.desk.close_menu()
        self.desk.tap_confirm(ms)

    @rule(pressed=st.sampled_from((0, 0, 1)), ticks=SHORT)
    def uses_stop(self, pressed: int, ticks: int) -> None:
        """Pressed, or let go."""
        self.desk.stop = pressed
        self.idle(ticks)

    @rule(
        ticks=st.sampled_from((3, 20, 40, 60, 100, 150, 250)),
        then=st.sampled_from(("lets go", "lifts", "half lifts", "half lets go", "stop")),
        for_ticks=st.sampled_from((1, 6, 9, 13, 60)),
    )
    def presses(self, ticks: int, then: str, for_ticks: int) -> None:
        """Touches the skin, presses and holds; then this happens for so long, and the hand goes on holding."""
        desk = self.desk
        desk.finger(0, 0)
        desk.touch(1, 1)
        self.idle(8)
        desk.finger(1, 1)
        self.idle(ticks)
        if then == "stop":
            desk.stop = 1
        elif then.endswith("go"):
            desk.finger(0, int(then == "half lets go"))
        else:
            desk.touch(int(then == "half lifts"), 0)
        self.idle(for_ticks)
        desk.stop = 0
        desk.touch(1, 1)
        desk.finger(1, 1)
        self.idle(20)

    # --- the panel --------------------------------------------------------------------------------------------------

    @rule(by=st.sampled_from((-20, -3, -1, 1, 2, 20)))
    def turns_the_knob(self, by: int) -> None:
        """So many detents."""
        self.desk.spin(by)

    @rule(ms=st.sampled_from((4, 30, 30, 1010)))
    def pushes_the_knob(self, ms: int) -> None:
        """Shortly, or to leave."""
        self.desk.push(ms if self._left(ms) else 30)

    @precondition(lambda self: self._left(300) and self.desk.loop.disarmed)
    @rule(choice=st.sampled_from([(name, value) for name, values in VALUES.items() for value in values]))
    def chooses(self, choice: "tuple[str, int]") -> None:
        """Any row with a value."""
        self.desk.choose(*choice)

    @precondition(lambda self: self._left(100) and self.desk.loop.disarmed)
    @rule(name=st.sampled_from(DEEDS), really=st.booleans())
    def does(self, name: str, really: bool) -> None:
        """A deed of the menu; or no, after all."""
        self.desk.scroll(name)
        self.desk.push()
        if really:
            self.desk.tap_confirm()
        else:
            self.desk.push()

    @precondition(lambda self: self._left(800) and self.desk.loop.disarmed)
    @rule(touches=st.booleans())
    def changes_the_syringe(self, touches: bool) -> None:
        """Out, the pusher back, a full one in; or a hand on the contacts meanwhile."""
        desk = self.desk
        desk.scroll("New syringe")
        desk.push()
        desk.touch(int(touches), int(touches))
        desk.syringe_out = True
        desk.tap_confirm(1010)
        desk.touch(int(touches), 0)
        self.idle(200)
        desk.touch(0, 0)
        desk.syringe_out = False
        desk.plant.load(1_000_000)

    @precondition(lambda self: self._left(700))
    @rule(
        choice=st.sampled_from(
            (("Zone", 0), ("Zone", 3), ("Needle", 1), ("Needle", 0), ("Product", 1), ("Product", 2), ("Dose", 5_000))
            + tuple((name, -1) for name in DEEDS)
        )
    )
    def changes_something_in_between(self, choice: "tuple[str, int]") -> None:
        """Disarms, and changes what may undo what was confirmed."""
        desk = self.desk
        name, value = choice
        self._lets_go()
        if desk.state in ("ARMED", "FAULT"):
            desk.tap_confirm()
        if value < 0:
            desk.answer_yes(name)
        else:
            desk.choose(name, value)
        desk.close_menu()
        self.idle(20)

    def _lets_go(self) -> None:
        if faults.needs_restart(self.desk.loop.faults):
            self._restarts()
        desk = self.desk
        desk.hands_off()
        desk.keys.day = provisioning.TODAY_YYYYMMDD
        self.idle(12)
        desk.close_menu()

    @precondition(lambda self: self._left(300))
    @rule(steps=st.integers(1, 5), drying_s=st.sampled_from((27, 31, 31)))
    def goes_on_as_taught(self, steps: int, drying_s: int) -> None:
        """What a person who wants to treat does next, and next; who may be too quick for the disinfectant."""
        self._lets_go()
        for _ in range(steps):
            if self._left(60):
                self._next(drying_s)
                self.desk.finger(0, 0)
                self.idle(30)

    def _next(self, drying_s: int) -> None:
        desk = self.desk
        state = desk.state
        if state == "LOCKED":
            desk.choose("Code", provisioning.CODE)
            desk.close_menu()
        elif state == "IDLE":
            self._clears_the_way(drying_s)
        elif state == "ARMED":
            desk.touch(1, 1)
            self.idle(8)
            desk.finger(1, 1)
            self.idle(250)
            desk.touch(0, 0)
        else:
            desk.touch(0, 0)
            desk.tap_confirm()

    def _clears_the_way(self, drying_s: int) -> None:
        desk = self.desk
        loop = desk.loop
        desk.touch(0, 0)
        if not loop.needle.homed:
            desk.tap_confirm()
            self.idle(60)
        elif loop.treatment.needle_used:
            desk.answer_yes("New needle")
            desk.close_menu()
        elif not loop.syringe.primed:
            self.idle(260)
            desk.finger(1, 1)
            for _ in range(80):
                self.idle(20)
                if loop.syringe.primed:
                    break
        elif not loop.treatment.disinfection.stage:
            desk.tap_confirm(1010)
        else:
            desk.pass_time(drying_s * 1_000_000)


NAMES = {row.name.replace(b"|", b" ").decode() for row in ROWS}
assert {*VALUES, *DEEDS} <= NAMES
