"""Laws of the panel: whatever hands do at knob, CONFIRM, trigger, skin and stop, in whatever order."""

import copy
import functools
from typing import Any

import pytest
from hypothesis import event, given, note
from hypothesis import strategies as st

from firmware import inhibits, limits
from firmware import settings as rules
from firmware.disinfection import NONE, STANDS
from firmware.menu_rows import PLAN, SETTING
from firmware.menu_table import ROWS
from firmware.operators import NOBODY
from host_tests.desk import Desk, armed, chosen, fresh, locked, ready
from host_tests.effort import share
from tools.simulator import provisioning

DISARMED = ("BOOT", "SELF_TEST", "LOCKED", "IDLE", "READY", "FAULT")

# Single moves, and the short rows of them that a person makes: without those hardly any example would get anywhere.
MOVES = st.one_of(
    st.tuples(st.just("row"), st.integers(0, len(ROWS) - 1)),
    st.tuples(st.just("change"), st.integers(-3, 3)),
    st.tuples(st.just("change"), st.integers(-3, 3)),
    st.tuples(st.just("shoot"), st.sampled_from((100, 400, 700))),
    st.tuples(st.just("shoot"), st.sampled_from((100, 400, 700))),
    st.tuples(st.just("prime"), st.sampled_from((300, 3000))),
    st.tuples(st.just("arm"), st.just(0)),
    st.tuples(st.just("arm"), st.just(0)),
    st.tuples(st.just("disinfect"), st.just(0)),
    st.tuples(st.just("disinfect"), st.just(0)),
    st.tuples(st.just("dry"), st.sampled_from((5, 35, 35, 700))),
    st.tuples(st.just("code"), st.sampled_from((provisioning.CODE, provisioning.CODE, 0))),
    st.tuples(st.just("turn"), st.sampled_from((-20, -3, -2, -1, 1, 1, 2, 3, 5, 20))),
    st.tuples(st.just("push"), st.sampled_from((60, 100, 100, 100, 1200))),
    st.tuples(st.just("confirm"), st.sampled_from((10, 60, 100, 100, 100, 1200))),
    st.tuples(st.just("trigger"), st.integers(0, 1)),
    st.tuples(st.just("contact"), st.integers(0, 1)),
    st.tuples(st.just("stop"), st.sampled_from((0, 0, 0, 1))),
    st.tuples(st.just("panel_bad"), st.sampled_from((0, 0, 0, 1))),
    st.tuples(st.just("wait"), st.sampled_from((2, 20, 600))),
)


@functools.lru_cache
def _made(start: str) -> Desk:
    made = {"locked": locked, "fresh": fresh, "chosen": chosen, "ready": ready, "armed": armed}[start]()
    made.disinfects = False  # from here on the hand has to
    return made


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    """A device just switched on, logged in at, set up, ready or armed."""
    return copy.deepcopy(_made(draw(st.sampled_from(("locked", "fresh", "chosen", "ready", "armed")))))


class Witness:
    """Looks at every tick of a desk, and notes what no law allows."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.broken: list[str] = []
        self._state = desk.state
        self._settings: dict[str, Any] = dict(vars(desk.loop.settings))
        self._confirmed = 0
        self._stage = desk.loop.treatment.disinfection.stage
        self._named_ticks = 0  # how long the display has named the zone, with CONFIRM down all the time
        self.states = {desk.state}
        desk.watch = lambda _: self._look(desk)

    def _look(self, desk: "Desk") -> None:
        """After the loop's tick, before the panel's step."""
        state = desk.state
        if desk.loop.confirm.short:
            self._confirmed = desk.ticks
        if state == "SHOT" and self._state not in ("SHOT", "ARMED"):
            self.broken.append(f"SHOT from {self._state}")
        if state == "ARMED" and self._state not in ("ARMED", "SHOT", "READY"):
            self.broken.append(f"ARMED from {self._state}")
        if state == "ARMED" and self._state == "READY" and self._confirmed < desk.ticks - 1:
            self.broken.append("ARMED without CONFIRM")
        self._look_at_skin(desk)
        taken = dict(vars(desk.loop.settings))
        # What the panel did since the last look was done in the state that stood then.
        if taken != self._settings and self._state not in DISARMED:
            self.broken.append(f"settings changed in {self._state}")
        if state in ("ARMED", "SHOT") and taken["refusals"]:
            self.broken.append(f"{state} without settings")
        if state == "ARMED" and self._state == "ARMED" and desk.panel.menu.is_open:
            self.broken.append("the menu is open while armed")
        self._state, self._settings = state, taken
        self.states.add(state)

    def _look_at_skin(self, desk: "Desk") -> None:
        loop = desk.loop
        state = desk.state
        stage = loop.treatment.disinfection.stage
        self._named_ticks = self._named_ticks + 1 if loop.zone_named and desk.inputs.confirm else 0
        if self._stage == NONE and stage != NONE and self._named_ticks < limits.HOLD_TICKS:
            self.broken.append(
                f"disinfected after {self._named_ticks} ticks of CONFIRM on the page that names the zone"
            )
        self._stage = stage
        if state == "ARMED" and stage != STANDS:
            self.broken.append("ARMED without dry, disinfected skin")
        if state == "SHOT" and self._state == "ARMED" and stage != STANDS:
            self.broken.append("SHOT without dry, disinfected skin")
        if state not in ("BOOT", "SELF_TEST", "LOCKED", "FAULT") and loop.operators.current == NOBODY:
            self.broken.append(f"{state} without a log-in")
        if state in ("LOCKED", "FAULT") and (desk.outputs.dose_chunk_steps or desk.outputs.needle_chunk_steps):
            self.broken.append(f"motion in {state}")


# What is 0 is the value of the whole row.
_ROWS_OF_MOVES: "dict[str, list[tuple[str, int]]]" = {
    "change": [("push", 100), ("turn", 0), ("confirm", 100)],
    "shoot": [("lift", 1), ("touch", 1), ("press", 1), ("wait", 0), ("release", 1)],
    "prime": [("lift", 1), ("wait", 600), ("press", 1), ("wait", 0), ("release", 1)],
    "arm": [("push", 1200), ("push", 1200), ("lift", 1), ("confirm", 100)],
    "disinfect": [("push", 1200), ("push", 1200), ("confirm", 1200), ("dry", 31)],
}
_CONTROLS = {"lift": ("contact", 0), "touch": ("contact", 1), "press": ("trigger", 1), "release": ("trigger", 0)}


def do(desk: Desk, kind: str, value: int) -> None:
    """One move of the hand."""
    if kind == "turn":
        desk.turn(value)
    elif kind == "push":
        desk.push(value)
    elif kind == "confirm":
        desk.confirm = 1
        desk.run(value)
        desk.confirm = 0
        desk.run(20)
    elif kind == "wait":
        desk.run(value)
    elif kind in _ROWS_OF_MOVES:
        for one, much in _ROWS_OF_MOVES[kind]:
            do(desk, one, much or value)
    elif kind == "row":
        do(desk, "turn", value - desk.panel.menu.index or 1)
    elif kind == "code":
        do(desk, "push", 1200)
        do(desk, "push", 1200)
        if desk.state in ("LOCKED", "IDLE", "READY") and not desk.keys.panel_bad and not desk.panel.menu.switched_off:
            desk.dial("Code", value)
    elif kind == "dry":
        if desk.state != "SHOT":
            desk.skin_ages(value)
    elif kind == "panel_bad":
        desk.keys.panel_bad = value
        desk.run(4)
    else:
        setattr(desk, *_CONTROLS.get(kind, (kind, value)))
        desk.run(120)


def let_go(desk: Desk) -> None:
    """Hands off, and whatever is open is left."""
    desk.trigger = desk.contact = desk.stop = desk.confirm = desk.keys.panel_bad = 0
    desk.until(*DISARMED, "ARMED", ms=60_000)
    desk.run(600)
    if desk.state == "FAULT":
        desk.confirm_shortly()
        desk.run(200)
    if desk.state == "LOCKED":
        desk.loop.operators.current = 0
        desk.run(20)
    for _ in range(2):
        if desk.panel.menu.is_open:
            desk.leave()
    if desk.panel.menu.switched_off:
        desk.turn(1)
    assert not desk.panel.menu.is_open


def shown_values(desk: Desk) -> "dict[str, str]":
    """Every setting's row, as the menu shows it."""
    values: dict[str, str] = {}
    for row in ROWS:
        if row.kind in (SETTING, PLAN):
            desk.go_to(row.name.decode())
            values[row.key] = desk.lines()[2]
    desk.leave()
    return values


def used_values(desk: Desk) -> "dict[str, str]":
    """The same as the device uses it."""
    taken = desk.loop.settings
    rate = "fastest" if not taken.slot_us else f"{1_000_000_000 // taken.slot_us / 1000:.3f} /s"
    return {
        "syringe": taken.syringe,
        "needle": taken.needle,
        "zone": taken.zone,
        "dose_nl": f"{taken.dose_nl / 1000:.3f} ul",
        "depth_um": f"{taken.depth_um / 1000:.3f} mm",
        "points": str(taken.points) if taken.points else "no plan",
        "rate_mhz": rate,
    }


@pytest.mark.law
@pytest.mark.no_cover
@share(1.0)
@given(desks(), st.lists(MOVES, min_size=5, max_size=25))
def test_no_sequence_of_hands_shoots_unarmed_changes_settings_while_armed_or_leaves_a_false_value(
    desk: Desk, moves: "list[tuple[str, int]]"
) -> None:
    witness = Witness(desk)
    settings_before = dict(vars(desk.loop.settings))
    for kind, value in moves:
        do(desk, kind, value)
    for state in ("SHOT", "PRIME", "REWIND", "FAULT"):
        event(f"came to {state}: {state in witness.states}")
    event(f"settings changed: {dict(vars(desk.loop.settings)) != settings_before}")
    note(f"{desk.state} {inhibits.names(desk.loop.inhibits)}")
    let_go(desk)
    assert witness.broken == []
    desk.watch = None
    if desk.state == "ARMED":
        lines = desk.lines()
        assert lines[1:3] == [used_values(desk)["dose_nl"], used_values(desk)["depth_um"]]
        desk.confirm_shortly()
    if desk.loop.settings.refusals:
        assert desk.loop.settings.refusals == rules.NOT_CHOSEN
        return
    used = used_values(desk)
    shown = shown_values(desk)
    assert {name: shown[name] for name in ("syringe", "needle", "zone", "dose_nl", "depth_um", "points")} == {
        name: value for name, value in used.items() if name != "rate_mhz"
    }
    if desk.loop.settings.burst_count > 1:
        assert shown["mode"] == "burst"
        assert shown["burst_count"] == f"{desk.loop.settings.burst_count} drops"
    if shown["area_mm2"] != "--" and shown["spacing_um"] != "--":
        area_cm2, spacing_mm = (float(shown[name].split()[0]) for name in ("area_mm2", "spacing_um"))
        assert desk.loop.settings.points == max(int(area_cm2 * 100 / spacing_mm**2 + 0.5), 1)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.5)
@given(st.integers(0, 999_999), st.integers(0, 99_999))
def test_every_value_can_be_dialled_and_is_taken_or_refused_as_the_rules_say(dose_nl: int, depth_um: int) -> None:
    desk = copy.deepcopy(_made("chosen"))
    for name, key, value in (("Dose", "dose_nl", dose_nl), ("Depth", "depth_um", depth_um)):
        before = getattr(desk.loop.settings, key)
        wanted = {"syringe": "1ml", "needle": "30G 13mm", "dose_nl": desk.loop.settings.dose_nl, "points": 0}
        wanted |= {"zone": "body", "depth_um": 1000, "mode": "single", "burst_count": 20, "rate_mhz": 0, key: value}
        expected = rules.refusals_of(wanted)
        desk.dial(name, value)
        assert desk.panel.menu.refusals == expected
        assert getattr(desk.loop.settings, key) == (before if expected else value)
        desk.leave()


@pytest.mark.law
@pytest.mark.no_cover
@share(0.5)
@given(desks(), st.lists(MOVES, max_size=12))
def test_nothing_that_is_shown_is_ever_cut_off(desk: Desk, moves: "list[tuple[str, int]]") -> None:
    for kind, value in moves:
        do(desk, kind, value)
        if desk.state != "SHOT":
            desk.lines()
    assert not desk.panel.look.cut
