"""The clock's wrap, every 17.9 minutes, is invisible."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import controls, shot, states
from host_tests import moments
from host_tests.effort import share

TURN_US = 1 << 30
BURST = {"mode": "burst", "burst_count": 2, "dose_nl": 2_000, "rate_mhz": 2_000}


def session(origin_us: int) -> "list[tuple[int, ...]]":
    """Outputs, state and report of every tick from power-on to the end of a burst, and of the second after it."""
    rows: list[tuple[int, ...]] = []
    rig = moments.new_rig(BURST)
    rig.watch = lambda rig: rows.append((*vars(rig.outputs).values(), rig.loop.state, rig.loop.drop.reported_nl))
    rig.now_us = origin_us
    rig.make_ready()
    rig.until("READY", ms=10)
    rig.arm()
    rig.press()
    assert rig.loop.drop.number == 2
    rig.run(1000)
    return rows


@functools.lru_cache
def session_without_wrap() -> "list[tuple[int, ...]]":
    """The same session on a clock that starts at 0."""
    return session(0)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.15)
@given(st.floats(0, 1))
def test_wrap_of_clock_is_invisible(when: float) -> None:
    ticks = len(session_without_wrap())
    assert session(TURN_US - int(when * 2000 * ticks) + 700) == session_without_wrap()


@pytest.mark.law
@pytest.mark.parametrize("wrap_after_ms", [0, 1, 500, 30_000, 59_999, 60_001])
def test_wrap_of_clock_changes_nothing_of_the_time_armed(wrap_after_ms: int) -> None:
    rig = moments.ready()
    rig.now_us = TURN_US - 100_000 - 1000 * wrap_after_ms
    rig.disinfect()
    rig.arm()
    armed_us = rig.now_us - 20_000  # arm() looks a little longer
    for after_us in (10_000_000, 30_000_000, 59_950_000):
        rig.now_us = armed_us + after_us
        rig.tick()
        assert rig.state == "ARMED"
    rig.run(100)
    assert rig.state == "READY"


@pytest.mark.no_cover
def test_a_loop_that_compares_ticks_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (controls, shot):
        monkeypatch.setattr(module, "elapsed_us", lambda now_us, then_us: now_us - then_us)  # type: ignore[misc]
    burst_begins = [row[-2] for row in session_without_wrap()].index(states.SHOT)
    with pytest.raises(AssertionError):
        assert session(TURN_US - 2000 * (burst_begins + 100)) == session_without_wrap()
