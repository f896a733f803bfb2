"""What the loop owes its parts in each tick, in each state it enters, and when something fails."""

import pytest

from firmware import faults, journal_ring, limits, states
from firmware.interlocks import NOTHING_STEPS
from host_tests import moments
from host_tests.inside import numbers, say

STATES = [name for name in states.NAMES if name != "BOOT"]
DISARMED = ("BOOT", "SELF_TEST", "LOCKED", "IDLE", "READY", "FAULT")
MOVING = ("HOMING", "SHOT", "PRIME", "REWIND", "SERVICE")


# --- senses -------------------------------------------------------------------------------------------------------


def test_the_gate_knows_in_the_same_tick_what_the_contacts_say() -> None:
    rig = moments.armed()
    gate = rig.loop.gate
    for trigger, contact in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (1, 1), (1, 0)):
        rig.trigger, rig.contact = trigger, contact
        rig.sample()
        rig.loop.tick(rig.now_us & 0x3FFFFFFF)
        assert (gate.trigger_both, gate.contact_both, gate.contacts_open) == (trigger, contact, 1 - contact)
        rig.trigger = rig.contact = 0
        rig.loop.trigger.step(0, 0)
        rig.loop.contact.step(0, 0)


@pytest.mark.parametrize("opened", [{"trigger_no": 0}, {"trigger_nc": 1}, {"contact_a": 0}, {"contact_b": 0}])
def test_one_of_four_contacts_that_opens_while_all_are_held_is_known_in_the_same_tick(opened: "dict[str, int]") -> None:
    rig = moments.shooting()
    gate = rig.loop.gate
    rig.run(20)
    assert (gate.trigger_both, gate.contact_both) == (1, 1)
    say(rig, **opened)
    rig.tick()
    of_trigger = next(iter(opened)).startswith("trigger")
    assert (gate.trigger_both, gate.contact_both) == ((0, 1) if of_trigger else (1, 0))


def test_the_gate_knows_in_the_first_tick_that_the_skin_was_left() -> None:
    rig = moments.armed()
    rig.contact = 1
    rig.run(20)
    assert not rig.loop.gate.contacts_open
    rig.contact = 0
    rig.tick()
    assert rig.loop.gate.contacts_open


def test_contacts_of_trigger_and_skin_that_disagree_are_two_faults() -> None:
    rig = moments.in_state("READY")
    say(rig, trigger_no=1, trigger_nc=1, contact_a=1, contact_b=0)
    rig.run(60)
    assert faults.names(rig.loop.faults) == ["trigger_contacts", "skin_contacts"]


@pytest.mark.parametrize("opened", [{"stop_closed": 0}, {"stop_closed": 0, "contact_b": 1}])
def test_an_open_stop_loop_is_a_fault_beside_others(opened: "dict[str, int]") -> None:
    rig = moments.in_state("READY")
    rig.loop.contact.broken = int("contact_b" in opened)
    for _ in range(30):
        rig.loop.contact.step(1, 0) if "contact_b" in opened else None
    say(rig, **opened)
    rig.tick()
    expected = ["stop_pressed", "skin_contacts"] if "contact_b" in opened else ["stop_pressed"]
    assert faults.names(rig.loop.faults) == expected


def test_an_axis_whose_chunk_was_withheld_starts_from_rest() -> None:
    rewinding = moments.in_state("REWIND")
    rewinding.run(100)
    assert rewinding.outputs.dose_chunk_steps == -40
    say(rewinding, dose_withheld=1)
    rewinding.tick()
    assert (rewinding.outputs.dose_chunk_steps, rewinding.loop.faults) == (-10, 0)
    coming_out = moments.in_phase("dose", 10, moments.shooting({"depth_um": 13_000}))
    coming_out.trigger = 0
    coming_out.run(30)
    assert coming_out.outputs.needle_chunk_steps == -40
    say(coming_out, needle_withheld=1)
    coming_out.tick()
    assert (coming_out.outputs.needle_chunk_steps, coming_out.loop.faults) == (-10, 0)


@pytest.mark.parametrize("state", ["LOCKED", "IDLE", "READY", "ARMED", "HOMING", "REWIND", "FAULT"])
def test_where_nothing_is_fed_the_pressure_is_known_and_no_liquid_is_counted(state: str) -> None:
    rig = moments.in_state(state)
    before = numbers(rig.loop.fluid, "pressure_pa", "unrest_pa")
    for counts in (220, 900, 260):
        say(rig, pressure_counts=counts, home=0 if state == "HOMING" else 1)
        rig.tick()
        assert rig.loop.fluid.pressure_pa == counts * 250 - 50_000
    assert numbers(rig.loop.fluid, "pressure_pa", "unrest_pa") == before


# --- states -------------------------------------------------------------------------------------------------------


def test_the_self_test_takes_fifty_milliseconds_without_anything_wrong() -> None:
    rig = moments.new_rig()
    rig.until("SELF_TEST")
    say(rig, supply_counts=0)
    rig.run(200)
    assert rig.state == "SELF_TEST"
    rig.meddle = None
    rig.run(2 * (limits.SELF_TEST_TICKS - 1))
    assert rig.state == "SELF_TEST"
    say(rig, supply_counts=0)
    rig.tick()
    rig.meddle = None
    rig.run(2 * (limits.SELF_TEST_TICKS - 1))
    assert rig.state == "SELF_TEST"
    rig.tick()
    assert rig.state == "LOCKED"


@pytest.mark.parametrize("state", STATES)
def test_a_state_knows_whether_it_is_disarmed_and_has_the_power_it_needs(state: str) -> None:
    rig = moments.in_state(state)
    assert rig.loop.disarmed is (state in DISARMED)
    if state in MOVING:
        assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (1, 1)
    if state in ("SELF_TEST", "FAULT"):
        assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (0, 0)
    assert (rig.loop.gate.furthest_steps == NOTHING_STEPS) == (state in (*DISARMED, "HOMING", "REWIND", "SERVICE"))


def test_entering_a_state_without_motion_leaves_the_power_as_it_is() -> None:
    rig = moments.in_state("LOCKED")
    assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (0, 0)
    rig = moments.in_state("READY")
    assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (1, 1)
    rig.confirm_shortly()
    assert (rig.state, rig.outputs.dose_enable, rig.outputs.needle_enable) == ("ARMED", 1, 1)
    rig.outputs.needle_enable = 0
    rig.confirm_shortly()
    assert (rig.state, rig.outputs.needle_enable) == ("READY", 0)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", range(len(states.EVENTS)))
def test_every_event_is_written_down_and_one_that_is_not_for_the_state_changes_nothing_else(
    state: str, event: int
) -> None:
    rig = moments.in_state(state)
    loop = rig.loop
    before = loop.state
    loop.treatment.stale = 0
    if (state, event) == ("READY", states.CONFIRMED):
        rig.reserve()
    kept = numbers(loop), numbers(loop.gate), numbers(loop.shot), vars(rig.outputs).copy(), numbers(loop.confirm)
    written = rig.journal.written
    loop.raise_event(event)
    following = states.after(before, event)
    if following == states.READY and before == states.IDLE:
        following = before  # it is not homed
    kind = journal_ring.ILLEGAL if following == before else journal_ring.TAKEN
    assert rig.journal.written == written + 1
    assert rig.journal.newest(0) == (loop.now_us, kind, before, event)
    assert loop.state == following
    assert loop.treatment.stale == (following != before)
    if following == before:
        assert (
            numbers(loop),
            numbers(loop.gate),
            numbers(loop.shot),
            vars(rig.outputs),
            numbers(loop.confirm),
        ) == kept


@pytest.mark.parametrize(
    ("state", "event", "counts"),
    [
        ("READY", states.CONFIRMED, True),
        ("SHOT", states.ENDED, True),
        ("ARMED", states.PRESSED, True),
        ("ARMED", states.INHIBITED, False),
        ("ARMED", states.FAULTED, False),
        ("READY", states.PRIMING, False),
        ("SERVICE", states.ENDED, False),
    ],
)
def test_a_press_of_confirm_counts_only_for_the_state_it_began_in_unless_it_disarms(
    state: str, event: int, counts: bool
) -> None:
    rig = moments.in_state(state)
    for _ in range(50):
        rig.loop.confirm.step(1)
    if state == "READY":
        rig.reserve()
    rig.loop.raise_event(event)
    for _ in range(limits.LET_GO_TICKS):
        rig.loop.confirm.step(0)
    assert bool(rig.loop.confirm.short) is counts


def test_arming_reserves_once_and_a_drop_takes_from_it() -> None:
    rig = moments.ready()
    gate = rig.loop.gate
    position_steps = rig.inputs.dose_steps
    rig.arm()
    assert gate.furthest_steps == position_steps + rig.loop.treatment.reservation_steps(rig.loop.ledger.drops)
    reserved = gate.furthest_steps
    rig.press()
    assert rig.state == "ARMED"
    assert gate.furthest_steps == reserved
    rig.confirm_shortly()
    assert gate.furthest_steps == NOTHING_STEPS


def test_a_shot_has_its_orders_at_the_gate() -> None:
    rig = moments.armed({"dose_nl": 20_000, "depth_um": 1_500})
    gate = rig.loop.gate
    gate.withdrawing_ticks = 9
    rig.outputs.dose_enable = rig.outputs.needle_enable = 0
    rig.loop.raise_event(states.PRESSED)
    assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (1, 1)
    assert (gate.depth_um, gate.withdrawing_ticks) == (1_500, 0)
    assert gate.most_pl == 20_000_000 + limits.overdose_pl(20_000_000, 5_422)


def test_a_prime_knows_nothing_yet_of_needle_slack_and_pressure() -> None:
    rig = moments.ready({"syringe": "5ml", "dose_nl": 20_000})
    loop = rig.loop
    loop.syringe.primed = 1
    assert loop.fluid.resistance_pa_per_nl > 1
    loop.fluid.pl_per_step = 1
    loop.fluid.pressure_pa = 1_234
    position_steps = rig.inputs.dose_steps = rig.inputs.dose_steps + 77
    loop.raise_event(states.PRIMING)
    assert rig.state == "PRIME"
    assert loop.syringe.primed == 0
    assert (loop.fluid.pl_per_step, loop.fluid.resistance_pa_per_nl) == (37_132, 1)
    assert loop.gate.furthest_steps == position_steps + (200_000_000 + 37_132 // 2) // 37_132
    began = numbers(loop.fluid), numbers(loop.prime)
    loop.prime.begin(position_steps, 1_234)
    assert (numbers(loop.fluid), numbers(loop.prime)) == began


def test_homing_and_rewinding_begin_anew() -> None:
    rig = moments.in_state("IDLE")
    rig.loop.homing.done = rig.loop.homing.failed = True
    rig.loop.raise_event(states.CONFIRMED)
    assert (rig.loop.homing.done, rig.loop.homing.failed) == (False, False)
    rig = moments.ready()
    rig.loop.raise_event(states.REWINDING)
    assert (rig.state, rig.loop.syringe.primed, rig.loop.scale.fresh) == ("REWIND", 0, 0)


def test_a_press_in_armed_begins_no_shot_while_an_inhibit_stands() -> None:
    rig = moments.in_state("ARMED")
    rig.loop.treatment.disinfection.forget()
    rig.loop.raise_event(states.PRESSED)
    assert rig.state == "ARMED"
    rig.disinfect()
    rig.loop.raise_event(states.PRESSED)
    assert rig.state == "SHOT"
