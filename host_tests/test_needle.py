"""The needle axis: moves, the sensor's say, and play."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from firmware import limits
from firmware.motion import Ramp
from firmware.needle import Needle


class Carriage:
    """A needle axis with play and a sensor: `tip_um` moves when the play is used up."""

    def __init__(self, play_um: int = 0, lost_um: int = 0, noise: "Callable[[int], int] | None" = None) -> None:
        self.needle = Needle(Ramp())
        self.steps = 1000
        self.tip_um = limits.NEEDLE_PARKED_UM
        self.play_um = play_um
        self.lost_um = lost_um
        self.noise = noise
        self.chunks: list[int] = []
        self.home = 1
        self.sense()
        self.needle.set_home(self.steps)

    def sense(self) -> None:
        """The needle learns where it is."""
        wobble_um = self.noise(len(self.chunks)) if self.noise else 0
        self.needle.sense(self.steps, self.tip_um + wobble_um, self.home)

    def tick(self) -> None:
        """Two milliseconds of a move."""
        chunk = self.needle.step()
        self.chunks.append(chunk)
        self.steps += chunk
        count_um = (self.steps - 1000) * limits.NEEDLE_UM_PER_STEP + limits.NEEDLE_PARKED_UM
        self.tip_um = min(max(self.tip_um, count_um - self.play_um - self.lost_um), count_um)
        self.tip_um = max(self.tip_um, limits.NEEDLE_PARKED_UM)
        self.home = 1 if self.tip_um <= limits.NEEDLE_PARKED_UM else 0
        self.sense()

    def move(self, target_um: int, most_ticks: int = 2000) -> int:
        """A whole move; the ticks it took."""
        self.needle.go(target_um)
        for ticks in range(most_ticks):
            if self.needle.arrived or self.needle.astray:
                return ticks
            self.tick()
        raise AssertionError("the needle never came to an end")


@pytest.mark.parametrize("depth_um", [100, 1000, 13_000])
def test_a_good_axis_arrives_at_depth_and_back(depth_um: int) -> None:
    carriage = Carriage()
    carriage.move(depth_um)
    assert carriage.needle.arrived
    assert carriage.tip_um == carriage.needle.counted_um == depth_um
    carriage.move(limits.NEEDLE_PARKED_UM)
    assert carriage.needle.arrived
    assert carriage.tip_um == limits.NEEDLE_PARKED_UM


def test_a_move_is_ramped_up_and_down() -> None:
    carriage = Carriage()
    carriage.move(1000)
    sizes = [0, *carriage.chunks, 0]
    assert max(sizes) == 40
    assert all(abs(after - before) <= 10 for before, after in pairwise(sizes))


def test_the_sensor_is_asked_before_the_needle_has_arrived() -> None:
    carriage = Carriage()
    ticks = carriage.move(1000)
    moving = sum(1 for chunk in carriage.chunks if chunk)
    assert ticks >= moving + 8  # eight samples make 6 um of noise 2


def test_play_is_made_up_for_once_the_sensor_has_seen_it() -> None:
    carriage = Carriage(play_um=30)
    carriage.move(1000)
    assert carriage.needle.arrived
    assert carriage.tip_um == pytest.approx(1000, abs=5)
    assert carriage.needle.counted_um == pytest.approx(1030, abs=5)


def test_an_error_within_the_sensors_own_is_left_alone() -> None:
    carriage = Carriage(play_um=15)
    carriage.move(1000)
    assert carriage.needle.arrived
    assert carriage.tip_um == 985


def test_lost_steps_leave_the_needle_astray() -> None:
    carriage = Carriage(lost_um=60)
    carriage.move(1000)
    assert carriage.needle.astray
    assert not carriage.needle.arrived


def test_a_correction_is_made_once_and_what_is_left_must_be_within_the_overshoot() -> None:
    carriage = Carriage(noise=lambda tick: -35)  # a sensor that shows 35 um too little, whatever is done
    carriage.move(1000)
    assert carriage.needle.arrived
    assert carriage.tip_um == 1035
    worse = Carriage(noise=lambda tick: -35 if tick < 30 else -100)
    worse.move(1000)
    assert worse.needle.astray


def test_noise_of_the_sensor_does_not_make_the_needle_astray() -> None:
    carriage = Carriage(noise=lambda tick: (-18, 13, 5, -9, 18, -4, -11, 6)[tick % 8])
    for depth_um in range(500, 1500, 35):
        carriage.move(depth_um)
        assert carriage.needle.arrived
        assert abs(carriage.tip_um - depth_um) <= limits.DEPTH_OVERSHOOT_UM


def test_a_quick_move_goes_where_the_careful_one_before_it_had_to_be_corrected_to() -> None:
    carriage = Carriage(play_um=30)
    careful_ticks = carriage.move(1000)
    carriage.needle.quick = 1
    carriage.move(limits.NEEDLE_WAITING_UM)
    assert carriage.needle.counted_um == limits.NEEDLE_WAITING_UM
    assert carriage.move(1000) < careful_ticks - 12
    assert carriage.tip_um == pytest.approx(1000, abs=5)


def test_a_quick_look_that_is_not_content_becomes_a_careful_one() -> None:
    carriage = Carriage(lost_um=45)
    carriage.needle.quick = 1
    carriage.move(1000)
    assert carriage.needle.arrived
    assert abs(carriage.tip_um - 1000) <= limits.DEPTH_OVERSHOOT_UM
    far = Carriage(lost_um=60)
    far.needle.quick = 1
    far.move(1000)
    assert far.needle.astray
    assert not far.needle.arrived


def test_a_needle_that_stands_right_keeps_standing() -> None:
    carriage = Carriage()
    carriage.move(1000)
    for _ in range(20):
        carriage.tick()
    assert carriage.chunks[-20:] == [0] * 20
    assert carriage.needle.arrived


def test_home_is_forgotten_and_found_again() -> None:
    carriage = Carriage()
    assert carriage.needle.homed
    carriage.needle.forget_home()
    assert not carriage.needle.homed
    carriage.needle.set_home(4321)
    carriage.needle.sense(4321, -2000, 1)
    assert carriage.needle.homed
    assert carriage.needle.counted_um == limits.NEEDLE_PARKED_UM


@pytest.mark.parametrize(("um", "ticks"), [(-2000, 0), (-500, 0), (-495, 1), (0, 4), (1000, 9), (13_000, 69)])
def test_without_power_the_spring_brings_the_tip_out_in_a_known_time(um: int, ticks: int) -> None:
    needle = Needle(Ramp())
    needle.counted_um = um
    assert needle.spring_ticks() == ticks
