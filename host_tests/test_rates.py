"""The fastest rate is one that the planner takes and that every drop keeps."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tools import rates
from tools.cli import app
from tools.rates import Rate, find, play
from tools.rates_planner import TICK_US, Plan, Planner, rate_hz, rate_mhz
from tools.rates_tables import in_order, page, rows, write

pytestmark = pytest.mark.no_cover

PLAN = Plan(syringes=("1ml",), doses_nl=(2_000,), search_drops=4, series_drops=4, workers=1)


@pytest.fixture(scope="module")
def found() -> Rate:
    """The fastest 2 ul of a 1 ml syringe, by few drops."""
    return find(PLAN, "1ml", 2_000)


def test_a_rate_is_kept_with_every_drop_in_its_slot_and_one_tick_less_is_refused_or_not_kept(found: Rate) -> None:
    assert 0 < found.rate_hz <= found.accepted_hz
    slot = round(1_000_000 / found.rate_hz / TICK_US)
    assert play(PLAN.order("1ml", 2_000, slot, 4), slot).broken == ""
    refused = Planner().refusals(PLAN.order("1ml", 2_000, slot - 1, 1))
    assert refused or play(PLAN.order("1ml", 2_000, slot - 1, 4), slot - 1).broken
    assert found.why_not_faster


def test_accuracy_limit_and_times_are_those_of_what_was_played(found: Rate) -> None:
    assert found.low_percent is not None
    assert found.high_percent is not None
    assert found.low_percent < found.high_percent
    assert found.drops == 4
    assert found.limit in {*rates.SPENT_ON.values(), "feed speed", "pressure ceiling", "needle resistance"}
    assert sum(found.spent_ms.values()) == pytest.approx(1000 / found.rate_hz, abs=60)


def test_the_planner_takes_its_fastest_rate_and_nothing_faster() -> None:
    planner = Planner()
    shortest, reasons = planner.shortest_slot(PLAN, "1ml", 2_000)
    assert planner.refusals(PLAN.order("1ml", 2_000, shortest, 1)) == []
    assert planner.refusals(PLAN.order("1ml", 2_000, shortest - 1, 1)) == reasons == ["rate_beyond_axes"]


def test_a_dose_that_the_syringe_cannot_resolve_has_no_rate_and_says_why() -> None:
    assert find(PLAN, "10ml", 500) == Rate("10ml", 500, 0.0, 0.0, "resolution")
    too_deep = Plan(depth_um=20_000, workers=1)
    assert find(too_deep, "1ml", 2_000).limit == "depth_out_of_range"


@pytest.mark.parametrize("ticks", [25, 51, 101, 333])
def test_a_slot_of_whole_ticks_is_the_slot_of_the_firmware(ticks: int) -> None:
    slot_us = 1_000_000_000 // rate_mhz(ticks)
    assert (ticks - 1) * TICK_US < slot_us <= ticks * TICK_US
    assert rate_hz(ticks) == pytest.approx(rate_mhz(ticks) / 1000, rel=0.01)


def test_a_rate_that_the_drops_cannot_keep_is_told_with_the_slot_and_the_worst() -> None:
    slot = Planner().shortest_slot(PLAN, "5ml", 50_000)[0]
    order = PLAN.order("5ml", 50_000, slot, 3)
    order.params["needle_kpa_s_per_nl"] = 0.0012  # 32G: the pressure holds the feed back, which the axes would allow
    played = play(order, slot)
    assert f"not in their slot of {slot * 2} ms" in played.broken
    assert played.longest_ticks > slot


def test_ten_drops_a_second_of_2_ul_are_kept_though_the_first_takes_longer_than_its_slot() -> None:
    slot = 50
    played = play(PLAN.order("1ml", 2_000, slot, 8), slot)
    assert played.broken == ""
    assert played.longest_ticks > slot


def test_the_planner_names_the_fastest_rate_to_the_microsecond() -> None:
    assert Planner().fastest_hz("1ml", 5_000, 1000) >= 8


def test_a_drop_that_is_not_delivered_breaks_a_rate() -> None:
    plan = Plan(params={"occluded_after_nl": 3_000})
    assert "drop 2" in play(plan.order("1ml", 2_000, 0, 3), 0).broken


def test_a_thick_product_in_a_thin_needle_is_limited_by_the_needle_or_the_pressure() -> None:
    plan = Plan(search_drops=2, series_drops=2, params={"needle_kpa_s_per_nl": 0.012})
    assert find(plan, "1ml", 20_000).limit in ("pressure ceiling", "needle resistance")


def test_the_tables_have_a_row_for_every_cell_in_the_order_of_the_plan(found: Rate, tmp_path: Path) -> None:
    plan = Plan(syringes=("1ml", "10ml"), doses_nl=(500, 2_000))
    refused = Rate("10ml", 500, 0.0, 0.0, "resolution")
    lost = Rate("10ml", 2_000, 3.0, 0.0, "not kept", why_not_faster="drop 7: aborted")
    cells = in_order([lost, found, refused, Rate("1ml", 500, 0.0, 0.0, "resolution")], plan)
    assert [(cell.syringe, cell.dose_nl) for cell in cells] == plan.cells()
    shown = rows(cells)
    assert [row[-1] for row in shown] == ["-", "-", "-", "MISSED"]
    assert shown[2][2:4] == ("-", "refused")
    assert "* 10ml, 2 ul: drop 7: aborted" in page(cells, plan)
    written = write(cells, plan, tmp_path / "new")
    assert [path.name for path in written] == ["rates.json", "rates.md", "rates.png"]
    saved = json.loads(written[0].read_text(encoding="utf-8"))
    assert [cell["rate_hz"] for cell in saved["rates"]] == [0.0, found.rate_hz, 0.0, 0.0]
    assert written[2].read_bytes().startswith(b"\x89PNG")


def test_an_accuracy_goal_is_met_or_missed_by_the_whole_interval() -> None:
    good = Rate("1ml", 10_000, 3.0, 3.0, "feed speed", -1.9, 1.9, 2.0)
    bad = Rate("1ml", 10_000, 3.0, 3.0, "feed speed", -1.9, 2.1, 2.0)
    assert [row[-1] for row in rows([good, bad])] == ["met", "MISSED"]


def test_the_command_shows_a_table_and_writes_its_files(tmp_path: Path) -> None:
    flags = ["--quick", "--syringe", "10ml", "--dose-nl", "500", "--workers", "1", "--output", str(tmp_path)]
    done = CliRunner().invoke(app, ["rates", *flags])
    assert done.exit_code == 0
    assert "resolution" in done.stdout
    assert (tmp_path / "rates.json").exists()


@pytest.mark.parametrize(
    ("flags", "word"),
    [(["--syringe", "2ml"], "unknown syringe 2ml"), (["--param", "soft"], "NAME=VALUE")],
)
def test_malformed_input_gets_one_line_on_stderr_and_exit_status_2(flags: list[str], word: str) -> None:
    done = CliRunner().invoke(app, ["rates", *flags])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert word in done.stderr
