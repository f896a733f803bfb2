"""`mesogun accuracy --long`: what counts as found in time, what counts as a false alarm, and that neither is hidden."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from firmware import faults
from firmware.calibration import Calibration
from firmware.limits import DOSE_MIN_STEPS
from firmware.settings import refusals_of
from host_tests.report_bench import shot, summary
from tools import fault_cases, finding_tables, good_shots
from tools.cli import app
from tools.fault_cases import LATER, NAMED, NEVER, NOT_APPLIED, SAME_SHOT, TOO_EARLY, Case, cases, verdict
from tools.finding import Fault, Findings, Plan, play, write
from tools.goals import INSIDE_PERCENT
from tools.good_shots import Tally
from tools.grid import NEEDLES, OWN_PLANT, UNFAVOURABLE_PLANT
from tools.simulation import Order
from tools.simulator.session import needle_for

pytestmark = pytest.mark.no_cover

PLANTS = (OWN_PLANT, UNFAVOURABLE_PLANT)
STRUCK_IN_DROP_3 = Case("occlusion", Order(), threshold_nl=25_000)


def ending(*results: str) -> dict[str, Any]:
    """A session of drops of 10 ul with these results; a fault comes half-way through its drop."""
    volumes = {"delivered": 10_000.0, "fault": 5_500.0, "refused": 0.0, "short": 4_000.0}
    shots = [
        shot(n, result="delivered" if result == "short" else result, delivered_nl=volumes[result])
        for n, result in enumerate(results, start=1)
    ]
    return summary(shots, faults=["occlusion"] if "fault" in results else [])


# --- cases --------------------------------------------------------------------------------------------------------


def test_every_fault_is_tried_with_every_needle_tissue_and_dose_on_every_plant() -> None:
    tried = list(cases(PLANTS, 2, tuple(INSIDE_PERCENT)))
    assert len(tried) == 4 * 2 * (5 * 4 * 2) * 2
    for kind in NAMED:
        mine = [each.order for each in tried if each.kind == kind]
        assert {order.params["needle_kpa_s_per_nl"] for order in mine} == set(NEEDLES.values())
        assert {order.params["tissue_kpa"] for order in mine} == {10, 80}
        assert {(order.syringe, order.dose_nl) for order in mine} == {
            ("1ml", 1_000),
            ("1ml", 10_000),
            ("1ml", 50_000),
            ("5ml", 10_000),
            ("5ml", 50_000),
        }
        assert {order.plant for order in mine} == set(PLANTS)


def test_every_fault_has_a_word_of_the_firmware() -> None:
    assert set(NAMED.values()) <= set(faults.names((1 << 30) - 1))


@pytest.mark.parametrize("syringe", ["1ml", "5ml"])
def test_faults_strike_within_a_drop_and_not_at_its_very_end(syringe: str) -> None:
    for seed in range(50):
        for kind, name in (("occlusion", "occluded_after_nl"), ("bubble", "bubble_after_nl")):
            each = fault_cases.case(kind, OWN_PLANT, syringe, 10_000, {}, seed)
            assert each.threshold_nl == each.order.params[name]
            number, part = divmod(each.threshold_nl, 10_000)
            assert 1 <= number <= 4
            assert 1_000 <= part <= 8_000
            assert each.order.shots >= number + 3
        assert fault_cases.case("bubble", OWN_PLANT, syringe, 10_000, {}, seed).order.params["bubble_nl"] >= (
            2_000 if syringe == "1ml" else 10_000
        )


def test_a_fault_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="earthquake"):
        fault_cases.case("earthquake", OWN_PLANT, "1ml", 10_000, {}, 1)


# --- verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("results", "found"),
    [
        (["delivered", "delivered", "fault", "refused"], SAME_SHOT),
        (["delivered", "delivered", "delivered", "fault"], LATER),
        (["delivered", "delivered", "delivered", "delivered"], NEVER),
        (["delivered", "fault", "refused", "refused"], TOO_EARLY),
        (["refused", "refused", "refused", "refused"], TOO_EARLY),
        (["delivered", "delivered"], NOT_APPLIED),
    ],
)
def test_a_fault_is_found_in_time_only_if_its_own_shot_ends_as_a_fault(results: list[str], found: str) -> None:
    assert verdict(STRUCK_IN_DROP_3, ending(*results))[0] == found


@pytest.mark.parametrize(
    ("results", "found"),
    [
        (["delivered", "fault", "refused"], SAME_SHOT),
        (["delivered", "short", "fault"], LATER),
        (["delivered", "short", "short"], NEVER),
        (["delivered", "delivered", "delivered"], NOT_APPLIED),
    ],
)
def test_an_empty_syringe_has_to_be_found_in_the_first_drop_that_falls_short(results: list[str], found: str) -> None:
    assert verdict(Case("empty", Order()), ending(*results))[0] == found


@pytest.mark.parametrize(
    ("results", "found"),
    [(["refused", "refused"], SAME_SHOT), (["fault", "refused"], SAME_SHOT), (["short", "fault"], LATER)],
)
def test_a_missing_syringe_has_to_be_found_before_anything_is_called_delivered(results: list[str], found: str) -> None:
    assert verdict(Case("missing", Order()), ending(*results))[0] == found


def test_the_right_word_is_counted_apart() -> None:
    in_time = ending("delivered", "delivered", "fault")
    assert verdict(STRUCK_IN_DROP_3, in_time) == (SAME_SHOT, True)
    assert verdict(STRUCK_IN_DROP_3, {**in_time, "faults": ["over_pressure"]}) == (SAME_SHOT, False)


# --- good shots ---------------------------------------------------------------------------------------------------


def test_good_sessions_have_legal_settings_and_a_machine_within_its_ranges() -> None:
    seen: Counter[str] = Counter()
    for seed in range(300):
        order = good_shots.order(seed, OWN_PLANT)
        seen.update((order.syringe, order.mode, order.chip))
        assert order.shots <= 80
        wanted = {"syringe": order.syringe, "dose_nl": order.dose_nl, "depth_um": order.depth_um, "mode": order.mode}
        wanted |= {"needle": needle_for(order.depth_um), "points": 0, "zone": "body"}
        assert refusals_of({**wanted, "burst_count": 20, "rate_mhz": order.rate_mhz}) == 0
        params = order.params
        assert 2.6e-4 <= params["needle_kpa_s_per_nl"] <= 1.2e-2
        assert 5 <= params["tissue_kpa"] <= 100
        assert 5 <= params["backlash_um"] <= 30
        assert 0 <= params["screw_error_um"] <= 1.5
        assert 10 <= params["stopper_friction_kpa"] <= 40
        assert 0.3 <= params["pressure_noise_kpa"] <= 1
    assert min(seen[word] for word in ("1ml", "5ml", "10ml", "single", "burst", "esp32s3", "esp32")) > 30


def test_doses_begin_where_a_syringe_just_resolves_them() -> None:
    for syringe in ("1ml", "5ml", "10ml"):
        doses = [order.dose_nl for seed in range(400) if (order := good_shots.order(seed, "")).syringe == syringe]
        smallest_nl = DOSE_MIN_STEPS * Calibration(syringe).pl_per_step / 1000
        assert smallest_nl <= min(doses) < 1.5 * smallest_nl
        assert max(doses) > 30_000


def test_a_session_has_the_same_machine_whenever_it_is_played() -> None:
    assert good_shots.order(5, OWN_PLANT) == good_shots.order(5, OWN_PLANT) != good_shots.order(6, OWN_PLANT)


def test_a_fault_in_a_good_session_is_a_false_alarm_and_kept_with_its_line() -> None:
    tally = Tally()
    tally.add(Order(seed=3), ending("delivered", "delivered", "fault", "refused"))
    tally.add(Order(seed=4), ending("delivered", "delivered"))
    assert (tally.sessions, tally.good, tally.seeds) == (2, 4, {3, 4})
    (alarm,) = tally.alarms
    assert alarm["shot"] == 3
    assert "--seed 3" in alarm["again"]


def test_a_good_session_that_stops_without_a_fault_is_not_hidden() -> None:
    tally = Tally()
    tally.add(Order(), ending("delivered", "refused"))
    tally.add(Order(), "RuntimeError: the jar has cracked")
    assert [kept["why"] for kept in tally.unfinished] == ["", "RuntimeError: the jar has cracked"]
    found = Findings(Plan(), {OWN_PLANT: tally})
    assert finding_tables.good_rows(found)[0][-1] == "MISSED"
    assert "the jar has cracked" in finding_tables.page(found)


def test_shots_beyond_other_goals_are_counted() -> None:
    tally = Tally()
    shots = [shot(1, surface_nl=101.0), shot(2, reported_nl=10_300), shot(3, reported_min_nl=10_001), shot(4)]
    tally.add(Order(), summary(shots))
    assert (tally.good, tally.on_the_skin, tally.misreported, tally.outside_bounds) == (4, 1, 1, 1)


# --- tables and playing -------------------------------------------------------------------------------------------


def test_a_fault_found_late_once_misses_its_goal() -> None:
    fault = Fault("bubble", OWN_PLANT, Counter({SAME_SHOT: 39, LATER: 1}), named=39)
    found = Findings(Plan(), faults={("bubble", OWN_PLANT): fault}, complete=True)
    assert finding_tables.fault_rows(found) == [
        ("bubble", "own", "40", "39", "1", "0", "0", "0", "39", "MISSED"),
    ]
    assert found.as_object()["faults"][0]["share_in_the_same_shot"] == 0.975
    fault.verdicts = Counter({SAME_SHOT: 40})
    assert finding_tables.fault_rows(found)[0][-1] == "met"


def test_a_plan_is_played_until_there_are_enough_good_shots(tmp_path: Path) -> None:
    plan = Plan(good=20, session_shots=5, repeats=1, doses=(), plants=(OWN_PLANT,), workers=1)
    found = play(plan, Console(quiet=True))
    assert found.complete
    assert found.good + 5 * found.alarms >= 20
    written = write(found, tmp_path)
    content = json.loads(written[0].read_text(encoding="utf-8"))
    assert (content["good_shots"], content["false_alarms"]) == (found.good, found.alarms)
    assert content["seeds"] == found.tallies[OWN_PLANT].sessions >= 4
    assert written[1].read_text(encoding="utf-8").startswith("# Faults found, and false alarms")


def test_sessions_that_bring_nothing_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(orders: list[Order], *_: Any) -> Any:
        return ((index, ending("refused")) for index in range(len(orders)))

    monkeypatch.setattr("tools.finding.play_all", refused)
    found = play(Plan(good=100, doses=(("1ml", 10_000),), repeats=1, plants=(OWN_PLANT,)), Console(quiet=True))
    assert found.good == 0
    assert len(found.tallies[OWN_PLANT].unfinished) == 2


def test_an_interrupt_leaves_what_was_played(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Any:
        yield 0, ending("delivered", "delivered", "fault")
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.finding.play_all", interrupted)
    found = play(Plan(plants=(OWN_PLANT,)), Console(quiet=True))
    assert not found.complete
    assert sum(fault.cases for fault in found.faults.values()) == 1
    assert "Broken off" in finding_tables.page(found)


def test_the_command_writes_its_files_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(plants: tuple[str, ...], workers: int) -> Plan:
        return Plan(4, 4, 1, (), plants, workers)

    monkeypatch.setattr("tools.finding.Plan.quick", small)
    words = ["accuracy", "--long", "--quick", "--plant", "own", "--workers", "1", "--output", str(tmp_path)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "finding.json").is_file()
    assert result.stdout.splitlines()[-1].endswith("finding.md")
