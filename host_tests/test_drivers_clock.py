"""The beat: on time across the wrap of the counter, honest about lateness, and never bunching missed ticks."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.board_bench import CHIPS, CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.world import World

PERIOD_US = 2000
LOOK_US = 4  # what looking at the clock costs, at most, on the simulated chip


def _start(chip: str = "esp32s3") -> "tuple[Any, World]":
    world = World(CountingPlant(), chip)
    clock = Device().module("drivers.clock").Clock()
    clock.start()
    return clock, world


@pytest.mark.parametrize("chip", CHIPS)
def test_ticks_are_2000_us_apart_across_the_wrap(chip: str) -> None:
    clock, world = _start(chip)
    begin_us = world.now_us
    seen: list[int] = []
    for tick in range(1, 2501):
        assert clock.wait() <= LOOK_US
        assert abs(world.now_us - begin_us - tick * PERIOD_US) <= 2 * LOOK_US
        seen.append(clock.now_us)
    assert all(0 <= now_us < 1 << 30 for now_us in seen)
    assert seen[-1] < seen[0]  # the wrap was among them
    assert all(abs(((b - a) & 0x3FFFFFFF) - PERIOD_US) <= LOOK_US for a, b in pairwise(seen))


@given(busy_us=st.lists(st.integers(0, 50_000), min_size=1, max_size=60))
@settings(max_examples=60)
@pytest.mark.law
def test_lateness_is_true_and_missed_ticks_are_gone(busy_us: "list[int]") -> None:
    clock, world = _start()
    due_us = world.now_us + PERIOD_US
    for us in busy_us:
        world.chip.spend(us)
        ready_us = world.now_us
        late_us = clock.wait()
        truly_late_us = max(ready_us - due_us, 0)
        assert truly_late_us <= late_us <= truly_late_us + 2 * LOOK_US
        assert late_us == clock.late_us
        # Less than a period late, the beat stays; later, it starts anew from here.
        due_us = (due_us if late_us < PERIOD_US else world.now_us) + PERIOD_US
        assert due_us > world.now_us


def test_after_80_ms_lost_the_next_tick_comes_a_whole_period_later() -> None:
    clock, world = _start()
    clock.wait()
    world.chip.spend(80_000)
    assert clock.wait() >= 78_000
    resumed_us = world.now_us
    assert clock.wait() <= LOOK_US
    assert abs(world.now_us - resumed_us - PERIOD_US) <= LOOK_US


def test_waiting_a_second_before_the_start_makes_no_tick_late() -> None:
    world = World(CountingPlant(), "esp32s3")
    clock: Any = Device().module("drivers.clock").Clock()
    world.chip.spend(1_000_000)
    clock.start()
    assert clock.wait() <= LOOK_US
