"""The accuracy grid is the one that was promised, and every series of it can be played again."""

import json
import shlex

import pytest
from typer.testing import CliRunner

from host_tests.grid_bench import CELL
from tools.cli import app
from tools.grid import OWN_PLANT, UNFAVOURABLE_PLANT, Cell, cells, chosen, command_line, quick, runs
from tools.simulation import Order, simulate


def test_the_grid_has_every_combination_once() -> None:
    own = cells([OWN_PLANT])
    assert len(own) == len(set(own)) == len({cell.name for cell in own}) == (5 + 1) * 4 * 2 * 2
    assert {(cell.syringe, cell.dose_nl) for cell in own} == {
        ("1ml", 1_000),
        ("1ml", 10_000),
        ("1ml", 50_000),
        ("5ml", 1_000),
        ("5ml", 10_000),
        ("5ml", 50_000),
    }
    assert len(cells([OWN_PLANT, UNFAVOURABLE_PLANT])) == 2 * len(own)


def test_goals_are_those_of_the_design() -> None:
    goals = {(cell.syringe, cell.dose_nl // 1000): cell.goal_percent for cell in cells([OWN_PLANT])}
    assert goals == {("1ml", 1): 5, ("1ml", 10): 2, ("1ml", 50): 0.5, ("5ml", 1): 0, ("5ml", 10): 5, ("5ml", 50): 2}


@pytest.mark.parametrize(
    ("syringe", "compliance", "total"),
    [("1ml", 0.85, 2.1675), ("1ml", 1.15, 2.9325), ("5ml", 0.85, 24.65), ("5ml", 1.15, 33.35)],
)
def test_true_compliance_is_fifteen_percent_off_in_liquid_and_drive(
    syringe: str, compliance: float, total: float
) -> None:
    order = Cell(OWN_PLANT, syringe, 10_000, "30G-1cP", 10, compliance).order(1)
    area, nominal_drive = {"1ml": (17.35, 0.02), "5ml": (118.8, 0.12)}[syringe]
    drive = order.params["drive_um_per_kpa"]
    assert drive == pytest.approx(nominal_drive * compliance)
    assert order.params["fluid_nl_per_kpa"] + drive * area == pytest.approx(total, rel=1e-4)


def test_a_series_is_sixty_drops_with_the_needle_and_tissue_of_its_cell() -> None:
    order = CELL.order(7)
    assert (order.shots, order.syringe, order.dose_nl, order.seed, order.mode) == (60, "1ml", 10_000, 7, "single")
    assert (order.params["needle_kpa_s_per_nl"], order.params["tissue_kpa"]) == (1.2e-3, 80)


def test_no_two_series_share_a_seed_and_dealing_loses_none() -> None:
    whole = cells([OWN_PLANT, UNFAVOURABLE_PLANT])
    dealt = list(runs(whole, whole, 5))
    assert len({run.order.seed for run in dealt}) == len(dealt) == 2 * (80 * 5 + 16)
    for cell in whole:
        assert sum(run.cell == cell for run in dealt) == (1 if cell.to_be_refused else 5)


def test_a_cell_has_the_same_seeds_when_it_is_played_alone() -> None:
    whole = cells([OWN_PLANT])
    alone = [run.order.seed for run in runs([CELL], whole, 2)]
    assert alone == [run.order.seed for run in runs(whole, whole, 2) if run.cell == CELL]


def test_cells_are_chosen_by_words_of_their_names() -> None:
    names = [cell.name for cell in chosen(cells([OWN_PLANT]), "1ml-10ul-32G-1cP, 5ml-50ul-30G-10cP-80kPa-C-15")]
    assert len(names) == 5
    assert names[0] == "1ml-10ul-32G-1cP-10kPa-C-15"
    assert names[4] == "5ml-50ul-30G-10cP-80kPa-C-15"


def test_the_quick_grid_has_one_cell_of_each_goal() -> None:
    picked = quick(cells([OWN_PLANT]))
    assert {(cell.syringe, cell.dose_nl) for cell in picked} == {
        (cell.syringe, cell.dose_nl) for cell in cells([OWN_PLANT])
    }
    assert len(picked) == 6


@pytest.mark.no_cover
def test_the_line_that_plays_a_session_again_plays_the_same_session() -> None:
    order = Order(
        shots=1, syringe="5ml", dose_nl=20_000, depth_um=1_500, mode="burst", seed=9, params={"tissue_kpa": 0.1 + 0.2}
    )
    words = shlex.split(command_line(order))
    assert words[0] == "mesogun"
    result = CliRunner().invoke(app, [*words[1:], "--json"])
    assert json.loads(result.stdout)["trace_sha256"] == simulate(order).summary["trace_sha256"]
