"""The scale: weights from one touch-off to the next, and what they teach."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import limits
from firmware.calibration import SYRINGES, Calibration
from firmware.fluid import Fluid
from firmware.motion import Ramp
from firmware.scale import Scale
from firmware.touch_off import TouchOff


def touched(position_steps: int, pressure_pa: int = 700, moved_steps: int = 60) -> TouchOff:
    """A touch-off that ended there."""
    touch = TouchOff(Ramp())
    touch.position_steps = position_steps
    touch.pressure_pa = pressure_pa
    touch.moved_steps = moved_steps
    return touch


def fluid_of(syringe: str = "1ml") -> Fluid:
    """The estimator, which knows the syringe."""
    fluid = Fluid()
    fluid.use(Calibration(syringe), 130)
    return fluid


def test_the_way_between_two_touch_offs_at_equal_pressure_is_the_weight() -> None:
    scale = Scale()
    scale.anchor(touched(1000))
    scale.weigh(touched(2844), fluid_of(), 0)
    assert scale.weight_pl == 1844 * 5422


@given(st.sampled_from(SYRINGES), st.integers(0, 3000), st.integers(-500, 3_000), st.integers(-500, 3_000))
def test_a_difference_of_pressure_is_stored_volume_not_weight(
    syringe: str, steps: int, before_pa: int, after_pa: int
) -> None:
    scale = Scale()
    calibration = Calibration(syringe)
    scale.anchor(touched(500, before_pa))
    scale.weigh(touched(500 + steps, after_pa), fluid_of(syringe), 0)
    stored_pl = calibration.compliance_pl_per_kpa * (after_pa - before_pa) / 1000
    assert scale.weight_pl == pytest.approx(steps * calibration.pl_per_step - stored_pl, abs=2)


def test_what_ran_onto_the_skin_is_not_in_the_drop() -> None:
    scale = Scale()
    scale.anchor(touched(0))
    scale.weigh(touched(1000), fluid_of(), 100_000)
    assert scale.weight_pl == 1000 * 5422 - 100_000


def test_a_touch_is_the_anchor_of_the_next_drop() -> None:
    scale = Scale()
    scale.anchor(touched(0))
    assert (scale.fresh, scale.behind) == (1, 0)
    scale.anchor(touched(1000))
    scale.weigh(touched(1500, 1_200), fluid_of(), 0)
    assert scale.weight_pl == pytest.approx(500 * 5422 - 2550 * 0.5, abs=2)


def turned(scale: Scale, position_steps: int, pressure_pa: int = -700) -> Scale:
    """The plunger has turned there."""
    scale.turned(touched(position_steps, pressure_pa))
    return scale


def test_from_turn_to_turn_a_drop_weighs_the_same() -> None:
    scale = turned(Scale(), 940)
    scale.anchor(touched(1000))
    turned(scale, 2784, -1_700).weigh_behind(fluid_of(), 30_000)
    assert scale.weight_pl == pytest.approx(1844 * 5422 + 2550 - 30_000, abs=2)


def test_until_a_drop_is_closed_its_turn_may_be_tried_again() -> None:
    scale = turned(Scale(), 0)
    scale.anchor(touched(60))
    turned(turned(scale, 900), 1000).weigh_behind(fluid_of(), 0)
    assert scale.weight_pl == 1000 * 5422


@pytest.mark.parametrize("slack_steps8", [480, 483, 487])
def test_behind_its_slack_the_plunger_is_where_the_touch_would_be_so_many_eighths_of_a_step_in_front(
    slack_steps8: int,
) -> None:
    fluid = fluid_of()
    scale = turned(Scale(), 1000, -900)
    scale.anchor_behind(slack_steps8, fluid.pa_per_step)
    assert (scale.fresh, scale.behind) == (1, 1)
    fluid.begin(scale.position_steps, scale.pressure_pa)
    fluid.update(1100, -900)
    assert fluid.delivered_pl == pytest.approx((100 - slack_steps8 / 8) * 5422, abs=30)


def test_the_next_turn_is_expected_where_the_weight_and_the_pressure_put_it() -> None:
    scale = turned(Scale(), 1000, -500)
    scale.anchor_behind(480, 2126)
    fluid = fluid_of()
    expected_steps = scale.expected_turn_steps(2_000_000, -1_500, fluid)
    turned(scale, expected_steps, -1_500).weigh_behind(fluid, 0)
    assert scale.weight_pl == pytest.approx(2_000_000, abs=5422)


def test_slack_is_learned_at_first_at_once_and_then_slowly() -> None:
    scale = Scale()
    scale.anchor(touched(0, moved_steps=60))
    assert scale.slack_steps == 60
    scale.anchor(touched(0, moved_steps=200))
    assert 60 < scale.slack_steps <= 70
    scale.anchor(touched(0, moved_steps=10))
    assert scale.slack_steps < 62


@pytest.mark.parametrize("syringe", SYRINGES)
@pytest.mark.parametrize("bias_pl", [-300_000, 300_000, 30_000])
def test_a_constant_error_is_trimmed_away(syringe: str, bias_pl: int) -> None:
    scale = Scale()
    requested_pl = 10_000_000
    for _ in range(20):
        scale.weight_pl = requested_pl + scale.trim_pl + bias_pl
        scale.teach(requested_pl, fluid_of(syringe))
    assert scale.trim_pl == pytest.approx(-bias_pl, rel=0.05)


@given(
    st.sampled_from(SYRINGES), st.integers(3_000_000, 200_000_000), st.lists(st.integers(0, 300_000_000), max_size=9)
)
def test_whatever_was_weighed_the_trim_stays_below_what_the_gate_allows(
    syringe: str, requested_pl: int, weights: "list[int]"
) -> None:
    scale = Scale()
    fluid = fluid_of(syringe)
    for weight_pl in weights:
        scale.weight_pl = weight_pl
        scale.teach(requested_pl, fluid)
        assert abs(scale.trim_pl) < limits.overdose_pl(requested_pl, fluid.pl_per_step)


def test_one_wrong_weight_among_many_moves_the_trim_little() -> None:
    scale = Scale()
    for _ in range(10):
        scale.weight_pl = 10_000_000
        scale.teach(10_000_000, fluid_of())
    scale.weight_pl = 10_400_000
    scale.teach(10_000_000, fluid_of())
    assert -60_000 < scale.trim_pl < 0


def test_another_syringe_begins_with_nothing_learned() -> None:
    scale = Scale()
    scale.anchor(touched(0))
    scale.weight_pl = 10_300_000
    scale.teach(10_000_000, fluid_of())
    scale.forget()
    assert (scale.fresh, scale.slack_steps, scale.trim_pl) == (0, 0, 0)


def test_a_weight_is_good_to_the_screws_error_a_step_and_noise() -> None:
    unsure = [Scale().uncertainty_pl(fluid_of(syringe)) for syringe in SYRINGES]
    assert unsure == sorted(unsure)
    screw_pl = 3 * 17.35 * 1000  # 3 um of 17.35 mm2
    assert screw_pl < unsure[0] < 2 * screw_pl


SEALED = ("position_steps", "pressure_pa", "slack_steps", "trim_pl")
CHANGES: "dict[str, Callable[[Scale], None]]" = {
    "a touch": lambda scale: scale.anchor(touched(2_000)),
    "a turn": lambda scale: scale.anchor_behind(480, 2_000),
    "a lesson": lambda scale: scale.teach(10_000_000, fluid_of()),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", SEALED)
def test_what_changed_by_itself_is_not_made_right_by_what_is_learned_after_it(name: str, change: str) -> None:
    scale = Scale()
    scale.anchor(touched(1_000))
    assert scale.intact()
    setattr(scale, name, getattr(scale, name) ^ 1 << 9)
    assert not scale.intact()
    CHANGES[change](scale)
    assert not scale.intact()
    scale.forget()
    assert scale.intact()


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_learned_is_intact(change: str) -> None:
    scale = Scale()
    scale.anchor(touched(1_000))
    CHANGES[change](scale)
    assert scale.intact()
