"""Touch-off, against a plunger with slack before a stiff liquid whose tip drips."""

from random import Random

import pytest

from firmware.motion import Ramp
from firmware.touch_off import SLACK_MAX_STEPS, TouchOff

PA_PER_STEP = {"1ml": 2126, "10ml": 1244}
HELD_PA = 1500  # by a drop at the tip, either way
NOISE_PA = 500  # standard deviation


class Plunger:
    """`stopper` follows the plunger once the slack is used up; pressure beyond what the tip holds drains away."""

    def __init__(
        self, slack_steps: int = 60, pa_per_step: int = 2126, noisy: bool = False, suction_pa: int = HELD_PA
    ) -> None:
        self.suction_pa = suction_pa  # held before air comes in
        self.slack_steps = slack_steps
        self.pa_per_step = pa_per_step
        self.noisy = noisy
        self.random = Random(1)
        self.position = 5000
        self.stopper = 5000
        self.pressure_pa = 0.0
        self.highest_pa = self.lowest_pa = 0.0
        self.out_steps = 0.0
        self.ticks = 0
        self.touch = TouchOff(Ramp())

    def move(self, steps: int) -> None:
        """The chunk of one tick, and what drains in it."""
        self.position += steps
        before = self.stopper
        self.stopper = min(max(self.stopper, self.position), self.position + self.slack_steps)
        self.pressure_pa += (self.stopper - before) * self.pa_per_step
        self.highest_pa = max(self.highest_pa, self.pressure_pa)
        self.lowest_pa = min(self.lowest_pa, self.pressure_pa)
        beyond_pa = self.pressure_pa - min(max(self.pressure_pa, -self.suction_pa), HELD_PA)
        self.pressure_pa -= 0.6 * beyond_pa
        self.out_steps += max(0.6 * beyond_pa, 0) / self.pa_per_step

    def sensed_pa(self) -> int:
        """Pressure with noise."""
        return round(self.pressure_pa + (self.random.gauss(0, NOISE_PA) if self.noisy else 0))

    def approach(self, most_ticks: int = 6000) -> TouchOff:
        """Until it is done or has failed; `ticks` says how long that took."""
        self.ticks = 0
        while not (self.touch.done or self.touch.failed):
            self.move(self.touch.step(self.position, self.sensed_pa()))
            self.ticks += 1
            assert self.ticks < most_ticks
        return self.touch

    def turned(self) -> "Plunger":
        """Behind all of its slack, a little suction at the tip."""
        self.touch.backward(self.position, self.pa_per_step)
        assert self.approach().done
        assert self.stopper == self.position + self.slack_steps
        return self


@pytest.mark.parametrize("slack_steps", [5, 60, 200])
@pytest.mark.parametrize("noisy", [False, True])
def test_an_unknown_slack_is_crept_through_until_the_pressure_rises(slack_steps: int, noisy: bool) -> None:
    plunger = Plunger(slack_steps, noisy=noisy).turned()
    plunger.touch.forward(plunger.position, 0, plunger.pa_per_step)
    touch = plunger.approach()
    assert touch.done
    assert touch.position_steps == plunger.position == plunger.stopper
    assert slack_steps <= touch.moved_steps <= slack_steps + 3
    assert 0 < touch.pressure_pa < 2500


@pytest.mark.parametrize("syringe", PA_PER_STEP)
def test_the_touch_is_at_the_same_place_every_time(syringe: str) -> None:
    plunger = Plunger(pa_per_step=PA_PER_STEP[syringe], noisy=True)
    places: list[float] = []
    for _ in range(5):
        plunger.turned()
        plunger.touch.forward(plunger.position, 60, plunger.pa_per_step)
        touch = plunger.approach()
        assert touch.done
        # At equal pressure: less what the remaining pressure stores, plus what dripped.
        places.append(touch.position_steps - touch.pressure_pa / plunger.pa_per_step - plunger.out_steps)
    assert max(places) - min(places) < 1.6  # drawn in through the tip while turning


def test_a_known_slack_is_run_at_speed() -> None:
    slow, fast = Plunger(200).turned(), Plunger(200).turned()
    slow.touch.forward(slow.position, 0, slow.pa_per_step)
    fast.touch.forward(fast.position, 200, fast.pa_per_step)
    slow.approach()
    fast.approach()
    assert fast.touch.done
    assert fast.ticks < slow.ticks / 5
    assert fast.highest_pa == pytest.approx(slow.highest_pa, abs=2200)


def test_a_slack_that_has_become_shorter_ends_the_rush() -> None:
    plunger = Plunger(40).turned()
    plunger.touch.forward(plunger.position, 200, plunger.pa_per_step)
    touch = plunger.approach()
    assert touch.done
    assert plunger.highest_pa < 100_000
    assert touch.moved_steps < 120


def test_a_plunger_that_had_not_turned_round_fails_soon_instead_of_feeding() -> None:
    plunger = Plunger(60)
    plunger.pressure_pa = 100.0
    plunger.noisy = False
    plunger.slack_steps = 500  # the slack is far longer than known: no touch in reach
    plunger.stopper = plunger.position + 500
    plunger.touch.forward(plunger.position, 60, plunger.pa_per_step)
    assert plunger.approach().failed
    assert plunger.touch.moved_steps < 60 + 60 // 8 + 20


@pytest.mark.parametrize("forward", [True, False])
def test_without_a_syringe_the_pressure_never_changes_and_the_approach_fails(forward: bool) -> None:
    touch = TouchOff(Ramp())
    if forward:
        touch.forward(0, 0, 2126)
    else:
        touch.backward(0, 2126)
    position = 0
    random = Random(1)
    for _ in range(8000):
        chunk = touch.step(position, round(random.gauss(0, NOISE_PA)))
        assert chunk >= 0 if forward else chunk <= 0
        position += chunk
    assert touch.failed
    assert not touch.done
    assert abs(position) <= SLACK_MAX_STEPS + 5


@pytest.mark.parametrize("syringe", PA_PER_STEP)
@pytest.mark.parametrize("stored_pa", [0, 1400, 60_000])
def test_turning_round_takes_back_what_is_stored_and_ends_just_below_nothing(syringe: str, stored_pa: int) -> None:
    plunger = Plunger(60, PA_PER_STEP[syringe])
    plunger.pressure_pa = float(stored_pa)
    plunger.touch.backward(plunger.position, plunger.pa_per_step)
    touch = plunger.approach()
    assert touch.done
    assert touch.turning
    assert touch.moved_steps <= -60
    assert -HELD_PA - 200 <= touch.pressure_pa < 0
    assert plunger.lowest_pa > -2 * plunger.pa_per_step


def test_an_approach_that_has_ended_makes_no_step_more() -> None:
    plunger = Plunger().turned()
    position = plunger.touch.position_steps
    assert [plunger.touch.step(plunger.position, -5_000) for _ in range(50)] == [0] * 50
    assert plunger.touch.position_steps == position


@pytest.mark.parametrize("noisy", [False, True])
def test_a_tip_that_draws_in_air_is_learned_once_and_then_turned_and_touched_clear_of_zero(noisy: bool) -> None:
    plunger = Plunger(60, noisy=noisy, suction_pa=0)
    plunger.pressure_pa = 1400.0
    plunger.touch.learn_tip(plunger.position, plunger.pa_per_step)
    touch = plunger.approach()
    assert touch.done
    assert touch.tip_draws
    for _ in range(3):
        touch.forward(plunger.position, 0, plunger.pa_per_step)
        assert plunger.approach().done
        assert 600 < touch.pressure_pa < 2500
        touch.backward(plunger.position, plunger.pa_per_step)
        assert plunger.approach().done
        assert plunger.stopper == plunger.position + 60


def test_a_tip_that_holds_suction_is_learned_as_such() -> None:
    plunger = Plunger(60, noisy=True)
    plunger.pressure_pa = 1400.0
    plunger.touch.learn_tip(plunger.position, plunger.pa_per_step)
    assert plunger.approach().done
    assert not plunger.touch.tip_draws


def looked_ticks(plunger: Plunger, slack_steps: int, careful: int = 0, draws: int = 0) -> int:
    """How long a touch that is there already is looked at."""
    touch = plunger.touch
    touch.careful = careful
    touch.tip_draws = draws
    touch.forward(plunger.position, slack_steps, plunger.pa_per_step)
    plunger.pressure_pa = 1_200
    return plunger.approach().done and plunger.ticks


def test_a_touch_is_looked_at_four_times_as_long_where_the_slack_is_unknown_or_care_is_asked_for() -> None:
    assert looked_ticks(Plunger(), 3) == 12
    assert looked_ticks(Plunger(), 0) == 48
    assert looked_ticks(Plunger(), 3, careful=1) == 48


def test_a_tip_that_draws_in_air_is_not_looked_at_for_long_for_what_was_pushed_runs_out() -> None:
    assert looked_ticks(Plunger(), 0, draws=1) == 12


def test_care_ends_when_it_is_taken_back() -> None:
    plunger = Plunger()
    assert looked_ticks(plunger, 3, careful=1) == 48
    assert looked_ticks(plunger, 3) == 12


@pytest.mark.parametrize("seed", range(12))
def test_a_noisy_sensor_at_rest_in_unknown_slack_is_not_taken_for_a_touch(seed: int) -> None:
    plunger = Plunger(slack_steps=350, pa_per_step=1244, noisy=True)
    plunger.random = Random(seed)
    plunger.pressure_pa = -200  # half a threshold away: the worst that a turn leaves
    plunger.stopper = plunger.position + plunger.slack_steps
    plunger.touch.forward(plunger.position, 0, plunger.pa_per_step)
    assert plunger.approach().moved_steps >= 350


@pytest.mark.parametrize("stored_steps", [2, 6, 12])
def test_where_the_turn_is_known_beforehand_it_takes_a_few_ticks(stored_steps: int) -> None:
    plunger = Plunger().turned()
    place = plunger.position
    plunger.stopper = plunger.position = place + stored_steps  # engaged backward, under pressure
    plunger.stopper += plunger.slack_steps
    plunger.pressure_pa += stored_steps * plunger.pa_per_step
    plunger.touch.backward_to(plunger.position, place, plunger.pa_per_step)
    assert plunger.approach().position_steps in range(place - 4, place + 2)
    assert plunger.touch.turning
    assert plunger.ticks <= 24


@pytest.mark.parametrize("wrong_steps", [-12, 12])
def test_a_turn_expected_at_the_wrong_place_is_found_by_its_pressure(wrong_steps: int) -> None:
    plunger = Plunger(noisy=True).turned()
    place = plunger.position
    plunger.touch.forward(place, 0, plunger.pa_per_step)
    plunger.approach()
    plunger.touch.backward_to(plunger.position, place + wrong_steps, plunger.pa_per_step)
    assert plunger.approach().done
    assert plunger.stopper == plunger.position + plunger.slack_steps
    assert plunger.touch.pressure_pa < 0
    assert plunger.lowest_pa > -25_000


def test_at_speed_no_more_than_the_known_slack_is_run_before_a_feed() -> None:
    plunger = Plunger().turned()
    place = plunger.position
    for _ in range(20):
        plunger.move(plunger.touch.run_slack(plunger.position, place + 60, plunger.sensed_pa()))
    assert plunger.position == place + 60 - 6


def test_slack_shorter_than_known_is_not_pushed_against() -> None:
    plunger = Plunger(slack_steps=20).turned()
    for _ in range(20):
        plunger.move(plunger.touch.run_slack(plunger.position, plunger.position + 60, 1_501))
    assert plunger.out_steps == 0
