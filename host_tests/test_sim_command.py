"""`mesogun sim`: its flags, its JSON and its refusals are contracts."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.commands import sim, sim_json
from tools import wasm32
from tools.ordering import Malformed, read_order
from tools.simulation import SHOT_KEYS, SUMMARY_KEYS

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

ROOT = Path(__file__).resolve().parent.parent


def test_json_prints_one_object_with_exactly_the_keys_of_the_contract() -> None:
    printed = sim_json("--shots", "2")
    assert list(printed) == [
        "interpreter",
        "chip",
        "syringe",
        "seed",
        "ticks",
        "virtual_s",
        "wall_s",
        "state",
        "inhibits",
        "faults",
        "syringes",
        "trace_sha256",
        "shots",
    ]
    assert list(printed) == list(SUMMARY_KEYS)
    for shot in printed["shots"]:
        assert list(shot) == [
            "n",
            "result",
            "reasons",
            "requested_nl",
            "reported_nl",
            "reported_min_nl",
            "reported_max_nl",
            "delivered_nl",
            "surface_nl",
            "depth_requested_um",
            "depth_max_um",
            "start_us",
            "duration_us",
        ]
        assert list(shot) == list(SHOT_KEYS)


def test_flags_reach_the_device() -> None:
    printed = sim_json(
        "--shots", "3", "--chip", "esp32", "--syringe", "5ml", "--dose-nl", "20000", "--depth-um", "1500", "--seed", "9"
    )
    assert (printed["chip"], printed["syringe"], printed["seed"]) == ("esp32", "5ml", 9)
    assert [shot["n"] for shot in printed["shots"]] == [1, 2, 3]
    assert {(shot["requested_nl"], shot["depth_requested_um"]) for shot in printed["shots"]} == {(20_000, 1500)}


def test_the_same_seed_gives_the_same_trace_and_another_seed_another() -> None:
    first, again, other = (sim_json("--shots", "1", "--seed", seed)["trace_sha256"] for seed in ("4", "4", "5"))
    assert first == again != other


def test_a_dose_out_of_limits_is_a_refusal_by_the_device_and_no_error() -> None:
    for dose in ("0", "-5", "1", "999999999999"):
        printed = sim_json("--shots", "2", f"--dose-nl={dose}")
        assert [shot["result"] for shot in printed["shots"]] == ["refused", "refused"]
        assert all(shot["reasons"] for shot in printed["shots"])


def test_a_depth_and_a_rate_out_of_limits_are_refused_by_the_device() -> None:
    assert sim_json("--shots", "1", "--depth-um", "50000")["shots"][0]["reasons"] == ["depth_out_of_range"]
    burst = sim_json("--shots", "1", "--mode", "burst", "--rate-hz", "1000")
    assert burst["shots"][0]["reasons"] == ["rate_beyond_axes"]


def test_without_json_there_is_a_table_and_the_word_simulator() -> None:
    result = sim("--shots", "1")
    assert result.exit_code == 0
    assert "delivered" in result.stdout
    assert "not the accuracy of a device" in result.stdout


def test_help_shows_examples() -> None:
    result = sim("--help")
    assert result.exit_code == 0
    assert "mesogun sim --mode burst" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--syringe", "2ml"], "unknown syringe 2ml"),
        (["--chip", "esp8266"], "unknown chip"),
        (["--mode", "rapid"], "unknown mode"),
        (["--interpreter", "pypy"], "unknown interpreter"),
        (["--dose-nl", "much"], "--dose-nl much"),
        (["--dose-nl", "1.5"], "--dose-nl 1.5"),
        (["--depth-um", "deep"], "--depth-um deep"),
        (["--shots", "many"], "--shots many"),
        (["--shots", "0"], "--shots 0"),
        (["--seed", "x"], "--seed x"),
        (["--rate-hz", "fast"], "--rate-hz fast"),
        (["--rate-hz", "nan"], "--rate-hz nan"),
        (["--param", "tissue_kpa"], "NAME=VALUE"),
        (["--param", "=3"], "NAME=VALUE"),
        (["--param", "tissue_kpa=soft"], "soft is not a number"),
        (["--plant", "plant.py"], "FILE.py:Class"),
        (["--plant", "no_such_file.py:Plant"], "no such plant file"),
        (["no_such_scenario.txt"], "no_such_scenario.txt"),
        (["one.txt", "two.txt"], "two.txt"),
        (["--fly"], "--fly"),
        (["--shots"], "--shots"),
    ],
)
def test_malformed_input_gets_one_line_on_stderr_and_exit_status_2(arguments: list[str], word: str) -> None:
    for extra in ([], ["--json"]):
        result = sim(*extra, *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        assert word in result.stderr


def test_a_scenario_brings_its_settings_and_flags_win_over_them(tmp_path: Path) -> None:
    file = tmp_path / "scenario.txt"
    file.write_text(
        "syringe 5ml\ndose 20 ul\nplant tissue_kpa 30\nplant skin_um 5\nseed 3\nwait 1s\n", encoding="utf-8"
    )
    order = read_order(str(file), {"seed": "4"}, ["tissue_kpa=40"], "", False)
    assert (order.syringe, order.dose_nl, order.seed) == ("5ml", 20_000, 4)
    assert order.params == {"tissue_kpa": 40, "skin_um": 5}


def test_shots_are_not_for_scenarios(tmp_path: Path) -> None:
    file = tmp_path / "scenario.txt"
    file.write_text("wait 1s\n", encoding="utf-8")
    with pytest.raises(Malformed, match="--shots"):
        read_order(str(file), {"shots": "3"}, [], "", False)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("fly\n", "line 1"),
        ("syringe 3ml\nwait 1s\n", "3ml"),
        ("wait 1s\n=> SLEEPING\n", "line 2"),
        ("", "nothing to do"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_malformed_input(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "scenario.txt"
    file.write_text(text, encoding="utf-8")
    result = sim(str(file))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert word in result.stderr


def test_expectations_that_are_not_met_are_told_and_the_simulation_still_ran(tmp_path: Path) -> None:
    file = tmp_path / "scenario.txt"
    file.write_text("wait 1s\n=> IDLE\n=> ARMED\n", encoding="utf-8")
    result = sim(str(file))
    assert result.exit_code == 0
    assert "line 3: => ARMED" in " ".join(result.stdout.split())
    assert "1 of 2 expectations met" in result.stdout


def test_a_report_leaves_the_session_and_a_table_of_its_shots(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    printed = sim_json("--shots", "2", "--report", str(folder))
    written = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    assert {key: written[key] for key in printed} == printed
    assert set(written["curves"]) == {"1", "2"}
    assert {len(column) for column in written["curves"]["1"].values()} != {0}
    with (folder / "shots.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["n"] for row in rows] == ["1", "2"]
    assert list(rows[0]) == list(SHOT_KEYS)


def test_a_report_that_cannot_be_written_is_malformed_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = sim("--shots", "1", "--report", str(tmp_path / "file" / "folder"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_the_peer_counts_steps_and_loses_what_the_needle_holds_back() -> None:
    thin = ["--shots", "3", "--param", "needle_kpa_s_per_nl=0.012"]
    closed = sim_json(*thin)["shots"]
    peer = sim_json(*thin, "--open-loop")["shots"]
    assert all(abs(shot["delivered_nl"] - 10_000) < 500 for shot in closed)
    assert all(shot["delivered_nl"] < 9_000 for shot in peer)
    assert all(abs(shot["reported_nl"] - 10_000) < 10 for shot in peer)


@pytest.mark.parametrize(
    ("interpreter", "line"), [("micropython", "no micropython found"), ("wasm32", "`make setup-dev` installs it")]
)
def test_without_an_interpreter_the_line_says_so(interpreter: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/bin/python")
    monkeypatch.setenv("PATH", "/nowhere")
    result = sim("--interpreter", interpreter, "--shots", "1")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert line in result.stderr


def test_with_the_package_alone_the_line_says_what_brings_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / wasm32.PACKAGE).parent.mkdir(parents=True)
    (tmp_path / wasm32.PACKAGE).touch()
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", "/nowhere")
    result = sim("--interpreter", "wasm32", "--shots", "1")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert (
        "no node found beside this Python or on the PATH (18.3 or newer); `make setup-dev` brings one" in result.stderr
    )


def test_the_command_works_as_a_program_of_its_own() -> None:
    program = "import sys; from tools.cli import app; sys.argv[0] = 'mesogun'; app()"
    done = subprocess.run(
        [sys.executable, "-c", program, "sim", "--shots", "1", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["shots"][0]["n"] == 1
