"""A state machine for hypothesis: everything that a hand, a sensor, liquid, time and a fault can do, in any order.

The laws look at every tick.
"""

# What happens to the liquid happens inside the plant.
# pyright: reportPrivateUsage=false

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from host_tests.unruly_desk import Tape
from host_tests.unruly_hands import REACHED, SHORT, UnrulyHands
from tools.simulator import provisioning

SENSORS = {
    "pressure_counts": (0, 8, 150, 240, 1000, 1900, 4095),
    "needle_counts": (0, 250, 750, 1000, 4000, 4095),
    "supply_counts": (0, 2377, 2378, 3170, 3963, 4095),
    "home": (0, 1),
    "dose_driver_bad": (1,),
    "needle_driver_bad": (1,),
}
TAPES: "list[tuple[int, Tape]]" = []  # of machines that keep them: how eventful, and what loop and panel got


class UnrulyPerson(UnrulyHands):
    """What happens at the desk, besides what hands do."""

    keeps_tapes = False

    # --- time, sensors, liquid, faults ------------------------------------------------------------------------------

    @rule(s=st.sampled_from((0.002, 0.02, 0.1, 1, 29, 31, 59, 61, 300, 570, 660)))
    def waits(self, s: float) -> None:
        """Minutes cost as little as ticks."""
        self.desk.pass_time(int(s * 1_000_000))

    @rule(
        lie=st.sampled_from([(name, counts) for name, values in SENSORS.items() for counts in values]),
        ticks=SHORT,
        stays=st.booleans(),
    )
    def a_sensor_lies(self, lie: "tuple[str, int]", ticks: int, stays: bool) -> None:
        """For some ticks, or until somebody mends it."""
        name, counts = lie
        self.desk.falsified[name] = counts
        self.idle(ticks)
        if not stays:
            self.desk.falsified.pop(name)

    @precondition(lambda self: self.desk.state == "IDLE" and not self.desk.loop.needle.homed)
    @rule(ticks=st.sampled_from((20, 60, 150, 400)))
    def the_home_switch_is_late(self, ticks: int) -> None:
        """The needle is on its way home for so long."""
        self.desk.falsified["home"] = 0
        self.desk.close_menu()
        self.desk.tap_confirm()
        self.idle(ticks)
        self.desk.falsified.pop("home")

    @rule()
    def all_is_mended(self) -> None:
        """And nobody touches anything."""
        self.desk.hands_off()
        self.idle(12)

    @rule(
        axis=st.sampled_from(("dose", "needle")),
        what=st.sampled_from(("withhold_ticks", "miscount_steps", "frozen")),
        by=st.sampled_from((1, 2, 5)),
        ticks=SHORT,
    )
    def an_axis_fails(self, axis: str, what: str, by: int, ticks: int) -> None:
        """Chunks not made, or not counted."""
        setattr(getattr(self.desk, axis), what, by if what != "frozen" else True)
        self.idle(ticks)

    @rule(late_us=st.sampled_from((500, 1000, 1001, 30_000)))
    def a_tick_is_late(self, late_us: int) -> None:
        """One."""
        self.desk.late_us = late_us
        self.idle(2)

    @rule(day=st.sampled_from((0, provisioning.TODAY_YYYYMMDD, 21000101)))
    def the_date_changes(self, day: int) -> None:
        """Or gets lost."""
        self.desk.keys.day = day
        self.idle(4)

    @rule(bad=st.sampled_from((0, 0, 1)))
    def the_panel_answers_or_not(self, bad: int) -> None:
        """Display or expander."""
        self.desk.keys.panel_bad = bad
        self.idle(4)

    @rule(what=st.sampled_from(("occluded", "bubble", "empty", "full")))
    def something_happens_to_the_liquid(self, what: str) -> None:
        """It stops, is gone, or full of air."""
        plant = self.desk.plant
        if what == "occluded":
            plant._occluded_after_nl = 0
        elif what == "bubble":
            plant._syringe.take_in_gas(10_000)
        else:
            plant.load(1_000_000 if what == "full" else 0)
        self.idle(4)

    # --- what has to hold -------------------------------------------------------------------------------------------

    @invariant()
    def no_law_is_broken(self) -> None:
        """Of session_laws.py and motion_laws.py, in no tick so far."""
        desk = getattr(self, "desk", None)
        assert desk is None or not desk.law.broken, desk.law.broken[:3]

    def teardown(self) -> None:
        """How far this run came."""
        self.counts()
        REACHED["runs"] += 1
        REACHED.update(self.reached)
        if self.keeps_tapes and self.desk.tape:
            law = self.desk.law
            TAPES.append((len(law.seen) * 10 + min(law.all_punctures, 9), self.desk.tape))
