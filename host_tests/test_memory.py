"""Memory may fail: a bit that has flipped in what the device injects by is found before anything moves by it."""

import itertools
from typing import Any

import pytest

from firmware import faults, states
from firmware.settings import Settings
from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.inside import numbers
from host_tests.rig import Rig
from host_tests.rig import settings as whole

ORDERS = ("dose_nl", "depth_um", "burst_count", "slot_us", "deepest_um", "punctures_most")
SYRINGE = ("pl_per_step", "compliance_pl_per_kpa", "content_steps")
BITS = range(20)
FLIPPED = "flipped bits"


def flip(thing: "Any", name: str, bit: int) -> None:
    """One bit of one number."""
    setattr(thing, name, getattr(thing, name) ^ 1 << bit)


def taken(**changes: object) -> Settings:
    """Settings in force."""
    kept = Settings()
    assert kept.take(whole(**changes)) == 0
    return kept


@pytest.mark.parametrize("name", [*ORDERS, *SYRINGE])
def test_no_bit_of_the_orders_flips_unseen(name: str, record_figure: RecordFigure) -> None:
    for changes in ({}, {"syringe": "10ml", "dose_nl": 200_000, "mode": "burst", "rate_mhz": 100, "depth_um": 12_995}):
        kept = taken(**changes)
        for bit in BITS:
            place = kept.calibration if name in SYRINGE else kept
            assert kept.intact()
            flip(place, name, bit)
            assert not kept.intact()
            flip(place, name, bit)
            record_figure(FLIPPED, 1)


def test_orders_that_were_never_taken_are_not_whole() -> None:
    assert not Settings().intact()


@pytest.mark.parametrize("name", ["position_steps", "pressure_pa", "slack_steps", "trim_pl"])
def test_no_bit_of_the_anchor_flips_unseen(name: str, record_figure: RecordFigure) -> None:
    scale = moments.ready().loop.scale
    for bit in BITS:
        assert scale.intact()
        flip(scale, name, bit)
        assert not scale.intact()
        flip(scale, name, bit)
        record_figure(FLIPPED, 1)


ENTERED = [
    ("IDLE", states.CONFIRMED),
    ("READY", states.CONFIRMED),
    ("ARMED", states.PRESSED),
    ("READY", states.PRIMING),
    ("READY", states.REWINDING),
    ("IDLE", states.SERVICE_OPENED),
    ("READY", states.INHIBITED),
    ("ARMED", states.TIMED_OUT),
    ("READY", states.LOGGED_OUT),
    ("READY", states.FAULTED),
]


@pytest.mark.parametrize(("state", "event"), ENTERED)
def test_no_state_that_arms_or_feeds_is_entered_with_orders_that_have_changed(state: str, event: int) -> None:
    for bad, chosen in itertools.product((False, True), (False, True)):
        rig = moments.in_state(state)
        loop = rig.loop
        if bad:
            flip(loop.settings, "dose_nl", 3)
        if not chosen:
            loop.settings.refusals = 1  # nothing is in force that could have changed
        if state == "READY":
            rig.reserve()
        following = states.NAMES[states.after(loop.state, event)]
        loop.raise_event(event)
        judged = following in ("ARMED", "SHOT", "PRIME", "REWIND", "SERVICE")
        refused = judged and bad and chosen
        assert rig.state == ("FAULT" if refused else following)
        assert loop.faults == (faults.MEMORY if refused else 0)


def test_a_drop_whose_orders_have_changed_is_never_begun() -> None:
    rig: Rig = moments.armed()
    rig.contact = 1
    rig.run(100)
    flip(rig.loop.settings, "depth_um", 9)
    before = numbers(rig.loop.shot)
    rig.trigger = 1
    rig.run(20)
    assert faults.names(rig.loop.faults) == ["memory"]
    assert rig.loop.drop.number == 0
    assert numbers(rig.loop.shot) == before
