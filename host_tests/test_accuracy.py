"""A part of `make accuracy` and `make accuracy-long`, small enough for every run: cells, faults and good shots."""

import pytest

from host_tests.figures import RecordFigure
from tools import good_shots
from tools.accuracy import PLANTS, plant_name
from tools.crew import play
from tools.fault_cases import NAMED, SAME_SHOT, Case, case, verdict
from tools.good_shots import Tally
from tools.grid import NEEDLES, OWN_PLANT, Cell, cells, command_line, quick
from tools.judging import judge, measure

pytestmark = pytest.mark.no_cover

# The largest doses take a foreign plant ten seconds each; `make accuracy` plays them.
CELLS = [cell for cell in quick(cells(PLANTS)) if cell.plant == OWN_PLANT or cell.dose_nl < 50_000]
FAULTS = [
    case(kind, plant, syringe, 10_000, {"needle_kpa_s_per_nl": NEEDLES[needle], "tissue_kpa": tissue_kpa}, seed)
    for kind in NAMED
    for plant in PLANTS
    for seed, (syringe, needle, tissue_kpa) in enumerate((("1ml", "32G-10cP", 10), ("5ml", "30G-1cP", 80)), start=1)
]
GOOD_SESSIONS = 8
GOOD_SHOTS = 25


@pytest.mark.parametrize("cell", CELLS, ids=[f"{plant_name(cell.plant)}-{cell.name}" for cell in CELLS])
def test_a_cell_of_the_accuracy_grid_meets_every_goal(cell: Cell, record_figure: RecordFigure) -> None:
    order = cell.order(1)
    judgement = judge(cell, [order], [measure(order, play(order))])
    assert [check for check in judgement.checks if not check.met] == [], command_line(order)
    record_figure("cells", 1)


@pytest.mark.parametrize(
    "fault", FAULTS, ids=[f"{each.kind}-{each.order.syringe}-{plant_name(each.order.plant)}" for each in FAULTS]
)
def test_a_fault_is_found_within_its_own_shot_and_named(fault: Case, record_figure: RecordFigure) -> None:
    summary = play(fault.order)
    found, named = verdict(fault, summary)
    assert found == SAME_SHOT, command_line(fault.order)
    # Before tissue of 80 kPa and a wide needle air and an empty syringe give way alike: either word will do there.
    gives_way = plant_name(fault.order.plant) == "unfavourable" and summary["faults"] in (["bubble"], ["no_pressure"])
    assert named or (gives_way and NAMED[fault.kind] in ("bubble", "no_pressure")), command_line(fault.order)
    record_figure("faults", 1)


@pytest.mark.parametrize("seed", range(1, GOOD_SESSIONS + 1))
def test_good_shots_raise_no_alarm(seed: int, record_figure: RecordFigure) -> None:
    order = good_shots.order(seed, PLANTS[seed % len(PLANTS)], GOOD_SHOTS)
    tally = Tally()
    tally.add(order, play(order))
    assert (tally.alarms, tally.unfinished, tally.good) == ([], [], GOOD_SHOTS)
    record_figure("good shots", tally.good)
