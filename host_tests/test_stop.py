"""From release, contact loss or emergency stop to the last advancing step: the chunk in flight and no more."""

import copy
import functools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import drop, faults, shot
from firmware.image import Inputs
from host_tests import moments
from host_tests.effort import share
from host_tests.figures import RecordFigure
from host_tests.rig import Rig

WITHDRAW_MS = 150
NO_NOISE: "dict[str, float]" = {"needle_noise_um": 0}  # then the position sensor shows where the tip is

Ending = Callable[[Rig], None]


def release(rig: Rig) -> None:
    """The trigger is let go."""
    rig.trigger = 0


def lift(rig: Rig) -> None:
    """The nozzle leaves the skin."""
    rig.contact = 0


def press_stop(rig: Rig) -> None:
    """The emergency stop."""
    rig.stop = 1


def half_release(rig: Rig) -> None:
    """Only one of the trigger's contacts says that it was let go."""
    falsify(rig, lambda inputs: setattr(inputs, "trigger_no", 0))


def half_release_of_the_other(rig: Rig) -> None:
    """Only the other one does."""
    falsify(rig, lambda inputs: setattr(inputs, "trigger_nc", 1))


def half_lift(rig: Rig) -> None:
    """Only one of the skin contacts opens."""
    falsify(rig, lambda inputs: setattr(inputs, "contact_b", 0))


def falsify(rig: Rig, how: "Callable[[Inputs], None]") -> None:
    """From now on the sample is changed like this."""
    rig.meddle = how


ENDINGS: "dict[str, Ending]" = {
    "release": release,
    "contact lost": lift,
    "stop": press_stop,
    "one trigger contact": half_release,
    "the other trigger contact": half_release_of_the_other,
    "one skin contact": half_lift,
}
CASES = {
    "single": moments.armed,
    "deepest": functools.partial(moments.armed, {"depth_um": 13_000}),
    "burst": functools.partial(moments.armed, {"mode": "burst", "burst_count": 3, "dose_nl": 2_000}),
    "large syringe": functools.partial(moments.armed, {"syringe": "10ml", "dose_nl": 50_000}),
}


@functools.lru_cache
def start_of(case: str) -> Rig:
    """A bench in the first tick of a shot; to be copied."""
    rig = CASES[case](params=NO_NOISE)
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    return rig


@functools.lru_cache
def story_of(case: str) -> "list[str]":
    """The phase of every tick of that shot, if nothing ends it."""
    return moments.phases_of_shot(copy.deepcopy(start_of(case)))


def at(case: str, tick: int) -> Rig:
    """That shot, so many ticks on."""
    rig = copy.deepcopy(start_of(case))
    rig.run(2 * tick)
    return rig


def telling_ticks(story: "list[str]") -> "Iterator[tuple[str, int]]":
    """First, second, middle and last tick of each stay in a phase."""
    first = 0
    for tick, phase in enumerate(story):
        if tick + 1 == len(story) or story[tick + 1] != phase:
            for chosen in sorted({first, min(first + 1, tick), (first + tick) // 2, tick}):
                yield phase, chosen
            first = tick + 1


def advances(rig: Rig) -> bool:
    """Whether this tick's chunks push liquid out or the needle in."""
    return rig.outputs.dose_chunk_steps > 0 or rig.outputs.needle_chunk_steps > 0


def check_end(rig: Rig, end: Ending, patience_ms: int) -> None:
    """No advance from the first tick that sees it; needle out in time; then nothing moves any more."""
    end(rig)
    rig.tick()
    assert not advances(rig)
    out_ms = 2
    while rig.plant.needle_um > 0:
        rig.tick()
        out_ms += 2
        assert not advances(rig)
        assert out_ms <= patience_ms, "the needle is still in the skin"
    rig.run(patience_ms + 10 - out_ms)
    for _ in range(40):
        rig.tick()
        assert rig.outputs.dose_chunk_steps == rig.outputs.needle_chunk_steps == 0
    assert rig.plant.home


def patience_ms(ending: str) -> int:
    """Two contacts may disagree for 20 ms before that is a fault, and the needle leaves."""
    return WITHDRAW_MS + (24 if "contact" in ending and ending != "contact lost" else 0)


@pytest.mark.law
@pytest.mark.no_cover
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_stop_ends_advance_within_one_tick(case: str, ending: str, record_figure: RecordFigure) -> None:
    stops = 0
    for phase, tick in telling_ticks(story_of(case)):
        rig = at(case, tick)
        assert moments.phase_of(rig) == phase
        check_end(rig, ENDINGS[ending], patience_ms(ending))
        stops += 1
    record_figure("stops in every phase of a shot", stops)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.4)
@given(st.sampled_from(sorted(CASES)), st.sampled_from(sorted(ENDINGS)), st.floats(0, 1, exclude_max=True))
def test_stop_ends_advance_within_one_tick_whenever_it_comes(case: str, ending: str, when: float) -> None:
    rig = at(case, int(when * len(story_of(case))))
    check_end(rig, ENDINGS[ending], patience_ms(ending))


def test_the_phases_that_were_stopped_are_all_phases_of_a_shot() -> None:
    seen = {phase for case in CASES for phase in story_of(case)}
    # The first drop after a prime needs no touch-off; the next test has one.
    assert seen >= set(shot.PHASES) - {"idle", "withdraw", "touch_off"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_touch_off_is_ended_as_fast(ending: str) -> None:
    rig = at("single", 20)
    moments.let_go(rig)
    assert rig.state == "ARMED"  # an aborted drop leaves no anchor, so that the next one begins with a touch-off
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    while not rig.outputs.dose_chunk_steps > 0:
        rig.tick()
    assert moments.phase_of(rig) == "touch_off"
    check_end(rig, ENDINGS[ending], patience_ms(ending))


def test_stop_takes_power_and_every_step_in_the_same_tick() -> None:
    for _, tick in telling_ticks(story_of("single")):
        rig = at("single", tick)
        press_stop(rig)
        for _ in range(100):
            rig.tick()
            outputs = rig.outputs
            assert (outputs.dose_enable, outputs.needle_enable) == (0, 0)
            assert (outputs.dose_chunk_steps, outputs.needle_chunk_steps) == (0, 0)


@pytest.mark.parametrize(
    ("ending", "cause", "result", "state"),
    [
        ("release", "trigger_released", "aborted", "ARMED"),
        ("contact lost", "contact_lost", "aborted", "ARMED"),
        ("stop", "fault", "fault", "FAULT"),
        ("one skin contact", "fault", "fault", "FAULT"),
    ],
)
def test_a_drop_that_was_ended_early_says_why(ending: str, cause: str, result: str, state: str) -> None:
    rig = moments.in_phase("dose", 10, at("single", 0))
    ENDINGS[ending](rig)
    rig.run(400)
    record = rig.loop.drop
    assert drop.cause_names(record.cause) == [cause]
    assert drop.RESULTS[record.result] == result
    assert rig.state == state


@pytest.mark.parametrize("ending", ["one trigger contact", "the other trigger contact", "one skin contact"])
def test_a_contact_that_comes_back_within_20_ms_lets_the_drop_go_on(ending: str) -> None:
    rig = moments.in_phase("dose", 5, at("single", 0))
    ENDINGS[ending](rig)
    for _ in range(10):
        rig.tick()
        assert not advances(rig)
    rig.meddle = None
    rig.until("ARMED", ms=5000)
    assert drop.RESULTS[rig.loop.drop.result] == "delivered"
    assert rig.plant.delivered_nl == pytest.approx(10_000, rel=0.02)


def test_after_a_release_a_new_press_is_needed_and_starts_a_new_drop() -> None:
    rig = moments.in_phase("dose", 10, at("single", 0))
    release(rig)
    rig.tick()
    rig.trigger = 1  # pressed again at once, while the needle is on its way out
    for _ in range(500):
        rig.tick()
        assert not advances(rig)
    assert (rig.state, rig.loop.drop.number) == ("ARMED", 1)
    rig.trigger = 0
    rig.run(50)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig.until("ARMED", ms=5000)
    assert (rig.loop.drop.number, drop.RESULTS[rig.loop.drop.result]) == (2, "delivered")


@pytest.mark.parametrize("ending", ["release", "stop", "one trigger contact", "the other trigger contact"])
def test_a_prime_is_ended_within_one_tick_too(ending: str) -> None:
    rig = priming()
    ENDINGS[ending](rig)
    for _ in range(200):
        rig.tick()
        assert not advances(rig)
    assert rig.state in ("IDLE", "FAULT")


@pytest.mark.parametrize("contacts", ["contact_a", "contact_b", "both"])
def test_any_contact_ends_a_prime_within_one_tick(contacts: str) -> None:
    rig = priming()

    def touch(inputs: Inputs) -> None:
        inputs.contact_a = 0 if contacts == "contact_b" else 1
        inputs.contact_b = 0 if contacts == "contact_a" else 1

    rig.meddle = touch
    for _ in range(200):
        rig.tick()
        assert not advances(rig)
        assert rig.outputs.dose_chunk_steps == 0


def priming() -> Rig:
    """A bench that feeds at speed in PRIME."""
    rig = moments.new_rig(params=NO_NOISE)
    rig.until("IDLE")
    rig.confirm_shortly()
    rig.until("IDLE")
    rig.run(600)
    rig.trigger = 1
    rig.until("PRIME", ms=100)
    while rig.outputs.dose_chunk_steps < 20:
        rig.tick()
    return rig


def test_words_for_disagreeing_contacts_are_those_of_the_control() -> None:
    found: set[str] = set()
    for ending in ("one trigger contact", "one skin contact"):
        rig = at("single", 5)
        ENDINGS[ending](rig)
        rig.run(40)
        found.update(faults.names(rig.loop.faults))
    assert found == {"trigger_contacts", "skin_contacts"}
