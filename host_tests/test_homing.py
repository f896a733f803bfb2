"""Homing: outward, slowly, to the switch."""

from firmware import limits
from firmware.homing import Homing
from firmware.motion import Ramp
from firmware.needle import Needle

SWITCH_UM = limits.NEEDLE_PARKED_UM


class Axis:
    """A needle somewhere, and its switch."""

    def __init__(self, at_um: int, broken_switch: bool = False) -> None:
        self.needle = Needle(Ramp())
        self.homing = Homing(self.needle)
        self.at_um = at_um
        self.counted_steps = 77
        self.broken_switch = broken_switch
        self.chunks: list[int] = []

    def run(self) -> Homing:
        """A whole homing."""
        self.homing.begin()
        while not self.homing.done and not self.homing.failed:
            home = self.at_um <= SWITCH_UM and not self.broken_switch
            chunk = self.homing.step(1 if home else 0, self.counted_steps)
            self.chunks.append(chunk)
            self.counted_steps += chunk
            self.at_um = max(self.at_um + chunk * limits.NEEDLE_UM_PER_STEP, SWITCH_UM)
        return self.homing


def test_homing_goes_outward_only_and_slowly() -> None:
    axis = Axis(5_000)
    assert axis.run().done
    assert set(axis.chunks) == {-10, 0}
    assert axis.chunks[-1] == 0


def test_the_count_begins_at_the_switch() -> None:
    axis = Axis(5_000)
    axis.run()
    axis.needle.sense(axis.counted_steps, SWITCH_UM, 1)
    assert axis.needle.homed
    assert axis.needle.counted_um == SWITCH_UM


def test_a_needle_at_home_is_done_at_once() -> None:
    axis = Axis(SWITCH_UM)
    assert axis.run().done
    assert axis.chunks == [0]


def test_a_needle_from_the_far_end_still_comes_home() -> None:
    assert Axis(limits.NEEDLE_DEEPEST_UM).run().done


def test_a_switch_that_never_closes_fails_after_the_whole_travel() -> None:
    axis = Axis(5_000, broken_switch=True)
    assert axis.run().failed
    travel_um = limits.NEEDLE_DEEPEST_UM - limits.NEEDLE_PARKED_UM
    assert travel_um <= -5 * sum(axis.chunks) <= travel_um + 2_000
    assert sum(axis.chunks) == -limits.HOMING_MOST_STEPS
    assert axis.chunks[-1] == 0
    assert not axis.needle.homed


def test_a_second_homing_starts_anew() -> None:
    axis = Axis(5_000, broken_switch=True)
    assert axis.run().failed
    axis.broken_switch = False
    assert axis.run().done


def test_the_second_one_has_the_whole_travel_again() -> None:
    axis = Axis(5_000, broken_switch=True)
    axis.run()
    axis.chunks.clear()
    assert axis.run().failed
    assert sum(axis.chunks) == -limits.HOMING_MOST_STEPS


def test_one_that_was_done_is_not_done_once_it_begins_again() -> None:
    axis = Axis(SWITCH_UM)
    assert axis.run().done is True
    axis.homing.begin()
    assert (axis.homing.done, axis.homing.failed) == (False, False)


def test_one_that_was_never_begun_is_like_one_that_just_has() -> None:
    homing = Axis(SWITCH_UM).homing
    before = dict(vars(homing))
    homing.begin()
    assert vars(homing) == before
    assert (homing.done, homing.failed) == (False, False)
