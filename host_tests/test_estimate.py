"""What is believed of a drop that was not weighed, and how far the truth may be from it."""

import pytest

from firmware import drop, faults
from firmware.calibration import Calibration
from firmware.drop import Drop
from firmware.estimate import Estimate
from firmware.fluid import Fluid
from firmware.scale import Scale

TURN_STEPS = 1500


class Bench:
    """A drop that has been fed up to `TURN_STEPS`, at 60 kPa against 20 kPa of tissue."""

    def __init__(self) -> None:
        self.fluid = Fluid()
        self.fluid.use(Calibration("1ml"), 130)
        self.fluid.begin(0, 700)
        self.estimate = Estimate(self.fluid, Scale())
        self.estimate.begin()
        self.record = Drop()
        self.record.open(10_000, 1000)

    def fed(self) -> "Bench":
        """The feed ends here."""
        self.fluid.update(TURN_STEPS, 60_000)
        self.fluid.tissue_pa = 20_000
        self.estimate.turn(TURN_STEPS)
        return self

    def closed(self, position_steps: int = TURN_STEPS, found: int = 0) -> "tuple[int, int, int]":
        """Least, believed and most, nl."""
        self.estimate.close(self.record, drop.ABORTED, position_steps, found)
        record = self.record
        return record.reported_min_nl, record.reported_nl, record.reported_max_nl


def test_before_anything_was_fed_nothing_has_left_but_what_the_touch_off_stored() -> None:
    least, believed, most = Bench().closed()
    assert (least, believed) == (0, 0)
    assert 2 <= most <= 20


def test_what_was_fed_is_displaced_less_stored() -> None:
    _, believed, _ = Bench().fed().closed()
    assert believed == pytest.approx(TURN_STEPS * 5.422 - 2.55 * 59.3, abs=1)


def test_all_that_is_stored_above_the_tissue_may_still_come() -> None:
    _, believed, most = Bench().fed().closed()
    assert most >= believed + 2.55 * (60 - 20)


def test_a_compliance_that_is_wrong_by_a_quarter_is_within_the_bounds() -> None:
    least, believed, most = Bench().fed().closed()
    stored_nl = 2.55 * 59.3
    assert least <= believed - stored_nl / 4
    assert most >= believed + stored_nl / 4


def test_pulling_back_without_the_pressure_falling_may_have_drawn_liquid_out_of_the_tissue() -> None:
    least_before, _, _ = Bench().fed().closed()
    least_after, _, most_after = Bench().fed().closed(TURN_STEPS - 100)
    assert least_after <= least_before - 100 * 5.422 + 1
    assert most_after > least_before


def test_pulling_back_while_the_pressure_falls_draws_no_more_than_the_rest() -> None:
    bench = Bench().fed()
    bench.fluid.update(TURN_STEPS - 30, 0)
    least, _, _ = bench.closed(TURN_STEPS - 30)
    untouched, _, _ = Bench().fed().closed()
    assert untouched - 30 * 5.422 < least <= untouched


def test_with_air_inside_much_more_may_be_stored_than_is_known() -> None:
    least, _, most = Bench().fed().closed(found=faults.BUBBLE)
    sure_least, _, sure_most = Bench().fed().closed()
    assert least < sure_least - 1_000
    assert most > sure_most + 1_000


def test_without_pressure_nothing_may_have_arrived() -> None:
    least, believed, most = Bench().fed().closed(found=faults.NO_PRESSURE)
    assert least == 0
    assert believed < most


def test_a_weight_is_contradicted_only_when_neither_compliance_nor_tissue_explains_it() -> None:
    bench = Bench().fed()
    bench.estimate.leave(TURN_STEPS - 60)
    believed_pl = bench.fluid.delivered_pl
    explained_pl = 60 * 5422 + 2550 * 59 // 4
    assert not bench.estimate.contradicts(believed_pl)
    assert not bench.estimate.contradicts(believed_pl - explained_pl)
    assert bench.estimate.contradicts(believed_pl - explained_pl - 200_000)


def test_above_a_contradicted_weight_lies_at_least_what_was_fed() -> None:
    bench = Bench().fed()
    believed_pl = bench.fluid.delivered_pl
    assert bench.estimate.above_pl(believed_pl - 2_000_000) >= 2_000_000
    assert bench.estimate.above_pl(believed_pl + 1) > 0
