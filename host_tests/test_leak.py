"""What runs out onto the skin when the needle leaves it."""

import pytest

from firmware.calibration import Calibration
from firmware.fluid import Fluid
from firmware.leak import Leak


def leaving(pressure_pa: int, resistance_pa_per_nl: int = 130) -> "tuple[Fluid, Leak]":
    """A needle that leaves the skin at this pressure, plunger standing."""
    fluid = Fluid()
    fluid.use(Calibration("1ml"), resistance_pa_per_nl)
    leak = Leak(fluid)
    leak.begin()
    fluid.pressure_pa = pressure_pa
    leak.in_skin(1000)
    leak.leave(1000)
    return fluid, leak


def drain(fluid: Fluid, leak: Leak, ticks: int = 500) -> int:
    """In air until nothing runs; what ran, pl."""
    pressure_pa = float(fluid.pressure_pa)
    for _ in range(ticks):
        out_pl = max(pressure_pa - 1500, 0) / fluid.resistance_pa_per_nl * 1000 / 2
        pressure_pa -= min(out_pl / fluid.compliance_pl_per_kpa * 1000, max(pressure_pa - 1500, 0))
        fluid.pressure_pa = round(pressure_pa)
        leak.in_air()
    return leak.leaked_pl


def test_a_needle_that_leaves_without_pressure_leaks_nothing() -> None:
    for pressure_pa in (-1_000, 0, 1_500):
        assert drain(*leaving(pressure_pa)) == 0


@pytest.mark.parametrize("pressure_pa", [5_000, 30_000, 200_000])
@pytest.mark.parametrize("resistance_pa_per_nl", [130, 1300])
def test_what_is_stored_above_what_the_tip_holds_runs_out(pressure_pa: int, resistance_pa_per_nl: int) -> None:
    stored_pl = 2550 * (pressure_pa - 1500) / 1000
    leaked_pl = drain(*leaving(pressure_pa, resistance_pa_per_nl))
    assert 0.5 * stored_pl <= leaked_pl <= stored_pl + 1


def test_what_the_plunger_takes_back_meanwhile_does_not_run_out() -> None:
    fluid = Fluid()
    fluid.use(Calibration("1ml"), 130)
    leak = Leak(fluid)
    leak.begin()
    fluid.pressure_pa = 30_000
    leak.in_skin(1000)
    leak.leave(1000 - 5)
    stored_pl = 2550 * 28.5
    assert drain(fluid, leak) <= stored_pl - 5 * 5422


def test_a_new_drop_has_leaked_nothing() -> None:
    fluid, leak = leaving(50_000)
    assert drain(fluid, leak) > 0
    leak.begin()
    assert leak.leaked_pl == 0


def test_what_ran_out_is_known_to_half_of_it_and_a_little_more() -> None:
    fluid, leak = leaving(1_000)
    assert 0 < leak.uncertainty_pl() < 20_000
    nothing_pl = leak.uncertainty_pl()
    fluid, leak = leaving(80_000)
    leaked_pl = drain(fluid, leak)
    assert leak.uncertainty_pl() == pytest.approx(nothing_pl + leaked_pl / 2, abs=2)
