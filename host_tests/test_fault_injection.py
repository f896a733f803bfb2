"""Injected faults: each is really met, strikes where it should, and does to the machine what it says."""

import functools
import io
from typing import Any

import pytest
from rich.console import Console

from host_tests.commands import sim, sim_json
from tools.fault_batches import play_batch
from tools.fault_names import catalogue
from tools.fault_sweep import Pair, Plan, Sweep, play
from tools.ordering import WAITING_RATE_MHZ, take_fault
from tools.plant_loading import PlantError
from tools.simulation import Order, simulate

pytestmark = pytest.mark.no_cover

SHOTS = 2


# NAME@PHASE: (what the device says when it notices, after how many ticks at most). Few phases: each costs a session.
NOTICED = {
    "pressure_stuck_at_zero@dose": ("pressure_sensor", 0),
    "pressure_spikes@dose": ("pressure_sensor", 60),
    "needle_stuck_at_full_scale@dose": ("needle_sensor", 0),
    "supply_dips@armed": ("supply_range", 0),
    "home_stuck_open@armed": ("needle_not_parked", 0),
    "needle_driver_hot@dose": ("needle_disagrees", 5),
    "needle_stalls@extend": ("needle_disagrees", 8),
    "needle_dir_inverted@extend": ("needle_disagrees", 3),
    "dose_chunks_missing@dose": ("dose_count", 1),
    "dose_chunks_repeated@dose": ("dose_count", 1),
    "dose_counter_frozen@dose": ("dose_count", 1),
    "needle_train_never_ends@extend": ("needle_count", 3),
    "trigger_no_stuck_open@dose": ("trigger_contacts", 11),
    "contact_b_stuck_open@dose": ("skin_contacts", 11),
    "stop_wire_open@dose": ("stop_pressed", 0),
    "stop_unread@dose": ("needle_disagrees", 5),
    "tick_late@dose": ("late_tick", 0),
    "clock_jumps_ahead@dose": ("late_tick", 1),
    "needle_blocked@dose": ("occlusion", 80),
    "syringe_missing@dose": ("no_pressure", 20),
    "motor_supply_lost@dose": ("needle_disagrees", 5),
    "needle_chunk_bit@extend": ("reset", 0),  # 40 becomes 56, and there is no such train
    "planner_stabs@extend": ("depth_exceeded", 60),
    "output_garbage@dose": ("dose_count", 1),
    "power_cut@dose": ("power", 0),
    "program_hangs@dose": ("reset", 0),
    "memory_error@dose": ("reset", 0),
}
# Nobody can notice these, and nobody has to.
HARMLESS = ("wall_clock_lost@dose", "spring_broken@dose", "fault_mask_bit@armed", "gate_trigger_stuck@extend")
DETOURS = ("homing", "rewind", "touch_off", "withdraw", "fault", "wait")


@functools.cache
def swept() -> dict[str, dict[str, Any]]:
    """The verdicts on all that is named here, played in batches."""
    texts = [*NOTICED, *HARMLESS, *(f"pressure_stuck_at_zero@{phase}" for phase in DETOURS)]
    groups = {row.name: row.group for row in catalogue()}
    pairs = [Pair(groups[text.partition("@")[0]], *text.split("@")) for text in texts]
    sweep = Sweep(Plan(shots=3), pairs)
    play(sweep, Console(file=io.StringIO()))
    assert not sweep.errors
    return sweep.verdicts


def injected(fault: str, **changes: Any) -> dict[str, Any]:
    """A session of its own, of two drops."""
    return simulate(Order(shots=SHOTS, fault=fault, **changes)).summary


@pytest.mark.parametrize("fault", NOTICED)
def test_it_is_met_and_noticed_by_its_name_in_time_and_all_stays_safe(fault: str) -> None:
    word, most_ticks = NOTICED[fault]
    verdict = swept()[fault]
    assert verdict["struck_tick"] <= verdict["applied_tick"]
    assert word in verdict["detected_by"]
    assert verdict["detection_ticks"] <= most_ticks
    assert verdict["safe"], verdict["reasons"]
    assert f"{verdict['name']}@{verdict['phase']}" == fault


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_is_not_noticed_is_harmless_by_the_same_truth(fault: str) -> None:
    verdict = swept()[fault]
    assert verdict["applied_tick"] is not None
    assert verdict["safe"], verdict["reasons"]


@pytest.mark.parametrize("phase", DETOURS)
def test_the_clinician_comes_through_phases_that_no_good_session_has(phase: str) -> None:
    verdict = swept()[f"pressure_stuck_at_zero@{phase}"]
    assert verdict["applied_tick"] is not None
    assert verdict["safe"], verdict["reasons"]


@pytest.mark.parametrize("fault", ["program_hangs", "power_cut", "memory_error"])
def test_a_chip_that_begins_again_lets_the_spring_take_the_needle_out(fault: str) -> None:
    verdict = swept()[f"{fault}@dose"]
    assert verdict["restarts"] == 1
    assert 0 <= verdict["in_skin_us"] <= 20_000
    assert verdict["lost_records"] == 1  # nobody knows what came of it


def test_who_cannot_leave_the_menu_of_a_knob_that_turns_by_itself_gives_up() -> None:
    found = injected("knob_glitches@idle")["fault"]
    assert found["safe"]
    assert found["detected_by"][0] == "refused"
    assert "the menu cannot be left" in found["detected_by"][1]


def test_what_is_broken_stays_broken_over_a_restart() -> None:
    summary = injected("pressure_conversion_fails@self_test")
    assert summary["fault"]["restarts"] > 2  # it never gets as far as to be used
    assert {shot["result"] for shot in summary["shots"]} <= {"refused"}


def test_a_fault_of_the_liquid_strikes_on_any_plant() -> None:
    verdict = injected("needle_blocked@dose", plant="host_tests/plants/linear_tissue.py:LinearTissuePlant")["fault"]
    assert verdict["applied_tick"] is not None
    assert verdict["detected_by"] == ["occlusion"]
    assert verdict["safe"], verdict["reasons"]


def test_until_it_strikes_there_is_no_trace_of_it() -> None:
    summary = simulate(Order(shots=2)).summary
    assert "fault" not in summary
    good, bad = summary["shots"], injected("pressure_frozen@dose")["shots"]
    assert good[0] == bad[0]
    assert good[1] != bad[1]


def test_both_interpreters_say_the_same_of_a_fault() -> None:
    order = Order(shots=1, fault="power_cut@homing")
    here = simulate(order).summary
    there = simulate(order, "micropython").summary
    assert here["fault"] == there["fault"]
    assert here["trace_sha256"] == there["trace_sha256"]


def test_a_batch_says_of_a_fault_what_a_session_of_its_own_says_and_the_same_plant_goes_on() -> None:
    summary = simulate(Order(shots=3, fault="power_cut@dose")).summary
    assert swept()["power_cut@dose"] == summary["fault"]
    assert summary["syringes"] == 1
    assert [shot["result"] for shot in summary["shots"]] == ["delivered", "open", "delivered"]


def test_a_batch_that_cannot_be_played_says_so() -> None:
    order = Order(shots=SHOTS, fault="@dose", plant="no_such_file.py:Plant")
    with pytest.raises(PlantError, match="no such plant file"):
        play_batch(order, ("pressure_frozen", "power_cut"))


# --- the command --------------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_contract() -> None:
    printed = sim_json("--shots", "1", "--fault", "pressure_stuck_at_zero@self_test")
    assert list(printed)[-1] == "fault"
    verdict = printed["fault"]
    assert {"name", "phase", "applied_tick", "detected_tick", "safe"} <= set(verdict)
    assert (verdict["name"], verdict["phase"]) == ("pressure_stuck_at_zero", "self_test")
    assert verdict["safe"] is True
    assert verdict["reasons"] == []


def test_a_person_is_told_what_came_of_it() -> None:
    result = sim("--shots", "1", "--fault", "needle_stuck_at_zero@self_test")
    assert result.exit_code == 0
    assert "needle_stuck_at_zero in self_test: met in tick" in " ".join(result.stdout.split())
    assert "safe" in result.stdout


def test_a_fault_that_never_strikes_is_an_error_and_no_result() -> None:
    result = sim("--shots", "1", "--fault", "pressure_frozen@rewind", "--json")
    assert result.exit_code == 1
    assert "it never struck: the session never came to rewind" in result.stderr


def test_a_burst_is_chosen_for_a_phase_of_bursts_unless_something_else_was() -> None:
    order = Order()
    take_fault(order, "tick_late@wait", {})
    assert (order.mode, order.rate_mhz, order.fault) == ("burst", WAITING_RATE_MHZ, "tick_late@wait")
    result = sim("--shots", "3", "--fault", "tick_late@wait", "--mode", "single")
    assert result.exit_code == 2
    assert "only a burst waits between its drops" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--fault", "pressure_frozn"), "perhaps pressure_frozen"),
        (("--fault", "pressure_frozen@nowhere"), "unknown phase nowhere"),
        (("host_tests/scenarios/abort_by_release.txt", "--fault", "tick_late"), "a scenario has its own way"),
        (("--screen", "--fault", "tick_late"), "--fault does not go with --screen"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: tuple[str, ...], says: str) -> None:
    result = sim(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
