"""Departure: needle and plunger on their way back at the end of a drop."""

import pytest

from firmware.image import Inputs
from host_tests import moments
from host_tests.rig import Rig


class Watch:
    """Pressure and tip of each tick from the end of the feed to the end of the shot."""

    def __init__(self, wanted: "dict[str, int | str]", params: "dict[str, float]") -> None:
        self.rows: list[tuple[str, float, float]] = []
        self.rig = moments.in_phase("relax", 0, moments.shooting(wanted, {**params, "needle_noise_um": 0}))
        self.at_turn_nl = self.rig.plant.delivered_nl
        self.turn_kpa = self.rig.plant.true_kpa
        self.rig.watch = self.note
        while self.rig.state == "SHOT":
            self.rig.tick()

    def note(self, rig: Rig) -> None:
        """One tick."""
        self.rows.append((moments.phase_of(rig), rig.plant.true_kpa, rig.plant.needle_um))

    def kpa_when_leaving(self) -> float:
        """Pressure in the last tick with the tip in the skin."""
        return [kpa for _, kpa, tip_um in self.rows if tip_um > 0][-1]


CELLS: "list[tuple[dict[str, int | str], dict[str, float]]]" = [
    ({}, {}),
    ({"depth_um": 100}, {}),
    ({"depth_um": 4_000, "dose_nl": 50_000}, {"tissue_kpa": 80}),
    ({"dose_nl": 1_000}, {"tissue_kpa": 80, "needle_kpa_s_per_nl": 1.2e-3}),
    ({"mode": "burst", "dose_nl": 5_000, "burst_count": 2}, {"tissue_kpa": 80}),
    ({"syringe": "5ml", "dose_nl": 20_000}, {}),
]


@pytest.mark.parametrize(("wanted", "params"), CELLS)
def test_the_needle_leaves_the_skin_with_little_pressure_behind_it(
    wanted: "dict[str, int | str]", params: "dict[str, float]"
) -> None:
    watch = Watch(wanted, params)
    assert watch.kpa_when_leaving() < 0.35 * watch.turn_kpa + 3
    dose_nl = watch.rig.loop.drop.requested_nl
    assert watch.rig.plant.surface_nl <= max(0.01 * dose_nl, 50) * watch.rig.loop.drop.number


@pytest.mark.parametrize(("wanted", "params"), CELLS[:5])
def test_little_is_drawn_back_out_of_the_tissue(wanted: "dict[str, int | str]", params: "dict[str, float]") -> None:
    watch = Watch(wanted, params)
    lost_nl = watch.at_turn_nl - watch.rig.plant.delivered_nl
    assert lost_nl <= 0.02 * watch.rig.loop.drop.requested_nl + 20


@pytest.mark.parametrize(("wanted", "params"), CELLS)
def test_the_needle_only_goes_outward(wanted: "dict[str, int | str]", params: "dict[str, float]") -> None:
    watch = Watch({**wanted, "mode": "single"}, params)
    tips = [tip_um for phase, _, tip_um in watch.rows if phase in ("relax", "retract")]
    assert tips == sorted(tips, reverse=True)


def test_a_pressure_that_does_not_fall_keeps_the_needle_no_longer_than_a_few_tenths_of_a_second() -> None:
    rig = moments.in_phase("dose", 20)
    held: list[int] = []

    def stuck(inputs: Inputs) -> None:
        if moments.phase_of(rig) == "relax":
            held.append(held[0] if held else inputs.pressure_counts)
            inputs.pressure_counts = held[0]

    rig.meddle = stuck
    rig = moments.in_phase("relax", 0, rig)
    ticks = 0
    while rig.plant.depth_um > 0:
        rig.tick()
        ticks += 1
    assert ticks * 2 < 300
