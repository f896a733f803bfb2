"""`mesogun bench`: its keys are a contract, its figures come from real programs, its page shows what was committed."""

import json
from array import array
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from host_tests.micropythons import need
from tools import bench, bench_runner, bench_tables, goals
from tools.bench import KEYS, Effort, Findings
from tools.bench_runner import COLUMNS, Missing, Recording, run_program
from tools.cli import app
from tools.simulation import Order

pytestmark = pytest.mark.no_cover

CONTRACT = {
    "tick_us_median": None,
    "tick_us_p99": None,
    "calibration_factor": None,
    "tick_projected_esp32_us": None,
    "allocations_per_1e6_ticks": ["unix", "wasm32"],
    "heap_live_bytes_32bit": None,
    "import_ms": None,
    "sim_speed": ["cpython", "micropython", "wasm32"],
    "stepping": ["ours_steps_per_s", "software_steps_per_s", "ours_jitter_us", "software_jitter_us"],
    "test_seconds": None,
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What `mesogun bench --quick` prints, and where its files are. A test run noted its time before."""
    need("micropython")
    folder = tmp_path_factory.mktemp("bench")
    noted = folder / "test-seconds.json"
    noted.write_text('{"seconds": 123.4, "passed": 9, "failed": 0, "error": 0}', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "TEST_SECONDS_FILE", noted)
        done = CliRunner().invoke(app, ["bench", "--quick", "--output", str(folder)], env={"COLUMNS": "150"})
    assert done.exit_code == 0, done.stderr
    return done.stdout, folder


def figures_in(folder: Path) -> dict[str, Any]:
    """bench.json."""
    return json.loads((folder / "bench.json").read_text(encoding="utf-8"))


def test_the_file_has_exactly_the_keys_of_the_contract(output: tuple[str, Path]) -> None:
    figures = figures_in(output[1])
    assert list(figures) == list(CONTRACT) == list(KEYS)
    for key, parts in CONTRACT.items():
        if parts is not None:
            assert list(figures[key]) == parts


def test_every_figure_is_a_number_or_missing_with_a_reason(output: tuple[str, Path]) -> None:
    figures = figures_in(output[1])
    missing = json.loads((output[1] / "bench-details.json").read_text(encoding="utf-8"))["missing"]
    for key, parts in CONTRACT.items():
        for name in [key] if parts is None else [f"{key}.{part}" for part in parts]:
            value = bench_tables.value_of(figures, name)
            assert (value is None) == (name in missing), name
            assert value is None or (value >= 0 if "alloc" in name or "jitter" in name else value > 0), name
    assert set(missing) <= {"allocations_per_1e6_ticks.wasm32", "heap_live_bytes_32bit", "sim_speed.wasm32"}
    assert figures["test_seconds"] == 123.4


def test_the_projection_is_the_median_times_the_factor(output: tuple[str, Path]) -> None:
    figures = figures_in(output[1])
    projected = figures["tick_us_median"] * figures["calibration_factor"]
    assert figures["tick_projected_esp32_us"] == pytest.approx(projected, rel=0.01)
    assert figures["tick_us_p99"] >= figures["tick_us_median"]


def test_the_live_heap_is_that_of_compiled_files(output: tuple[str, Path]) -> None:
    details = json.loads((output[1] / "bench-details.json").read_text(encoding="utf-8"))
    figure = figures_in(output[1])["heap_live_bytes_32bit"]
    assert details["heap_micropython"]["live"] < details["heap_micropython_from_source"]["live"]
    if figure is not None:
        assert figure == details["heap_wasm32"]["live"] < details["heap_wasm32_from_source"]["live"] - 20_000


def test_the_table_shows_each_goal_and_the_word_projection(output: tuple[str, Path]) -> None:
    text = " ".join(output[0].split())
    for goal in ("<= 500", "<= 0", "<= 22,528", ">= 20", "<= 300"):
        assert goal in text
    assert "projection" in text
    assert "123" in text


def test_a_replay_that_does_other_than_what_was_recorded_is_no_measurement() -> None:
    need("micropython")
    recording = Recording((Order(shots=1, dose_nl=2_000, burst_count=1),))
    settings, content = recording.sessions[0]
    values = array("i", content)
    width = len(COLUMNS) + 2
    feed = next(row for row in range(0, len(values), width) if values[row + width - 1] and values[row + 15] > 5)
    values[feed + COLUMNS.index("pressure_counts")] = 0  # a broken sensor: the firmware will stop
    recording.sessions[0] = (settings, values.tobytes())
    with pytest.raises(RuntimeError, match="is not what was recorded"):
        run_program("tick_cost", {"passes": 1}, "micropython", recording)


def test_an_interpreter_that_is_not_installed_leaves_its_figures_missing_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def not_there(name: str, *_: Any, **__: Any) -> dict[str, Any]:
        if name == "live_heap":
            raise Missing("nothing runs it here")
        raise AssertionError(name)

    monkeypatch.setattr(bench, "run_program", not_there)
    found = Findings()
    bench.measure_heap(found, Effort.quick(), lambda done, wanted: None)
    assert found.figures["heap_live_bytes_32bit"] is None
    verdict = bench_tables.verdict("heap_live_bytes_32bit", None, found.missing)
    assert verdict == "missing: nothing runs it here"


def test_a_program_that_fails_is_an_error_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    need("micropython")
    with pytest.raises(RuntimeError, match="ended without a result"):
        bench_runner.run_program("tick_cost", {"passes": 1}, "micropython")


@pytest.mark.parametrize(
    ("noted", "word"),
    [("", "no `make test`"), ('{"seconds": 9, "passed": 1, "failed": 1, "error": 0}', "failed, after 9 s")],
)
def test_the_time_of_a_test_run_that_was_none_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: str, word: str
) -> None:
    file = tmp_path / "seconds.json"
    if noted:
        file.write_text(noted, encoding="utf-8")
    monkeypatch.setattr(bench, "TEST_SECONDS_FILE", file)
    found = Findings()
    bench.read_test_seconds(found, Effort.quick(), lambda done, wanted: None)
    assert found.figures["test_seconds"] is None
    assert word in found.missing["test_seconds"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("tick_projected_esp32_us", goals.TICK_PROJECTED_US, goals.TICK_PROJECTED_US + 1),
        ("allocations_per_1e6_ticks.unix", 0, 1),
        ("heap_live_bytes_32bit", goals.LIVE_HEAP_BYTES, goals.LIVE_HEAP_BYTES + 1),
        ("sim_speed.cpython", goals.SIM_SPEED, goals.SIM_SPEED - 0.1),
        ("test_seconds", goals.TEST_SECONDS, goals.TEST_SECONDS + 1),
    ],
)
def test_a_goal_is_met_at_its_bound_and_missed_beyond(name: str, good: float, bad: float) -> None:
    assert bench_tables.verdict(name, good, {}) == "met"
    assert bench_tables.verdict(name, bad, {}) == "MISSED"


def test_the_lower_mean_leaves_out_what_other_programs_took() -> None:
    samples = [10, 11, 10, 11, 10, 11, 5_000, 4_000, 900]
    assert bench._lower_mean(samples) == 10.5  # pyright: ignore[reportPrivateUsage]


def test_the_block_of_the_page_is_that_of_the_committed_figures() -> None:
    committed = bench_tables.released()
    page = bench_tables.PAGE.read_text(encoding="utf-8")
    shown = page.partition(bench_tables.BEGIN + "\n")[2].partition(bench_tables.END)[0]
    assert shown == bench_tables.block(committed)
    assert list(CONTRACT) == [key for key in committed if key in CONTRACT]


def test_without_micropython_the_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    done = CliRunner().invoke(app, ["bench", "--quick", "--output", str(tmp_path)])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "no micropython found" in done.stderr


def test_figures_of_a_release_take_their_time() -> None:
    done = CliRunner().invoke(app, ["bench", "--quick", "--update-docs"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "--update-docs" in done.stderr


def test_the_marked_block_alone_is_rewritten(tmp_path: Path) -> None:
    page, release = tmp_path / "bench.md", tmp_path / "bench.json"
    found = Findings(figures={**dict.fromkeys(KEYS), "import_ms": 12.5}, missing={"test_seconds": "nobody ran it"})
    page.write_text("# Bench\n", encoding="utf-8")
    with pytest.raises(ValueError, match="marked block"):
        bench_tables.update_docs(found, page, release)
    page.write_text(f"before\n{bench_tables.BEGIN}\nold\n{bench_tables.END}\nafter\n", encoding="utf-8")
    bench_tables.update_docs(found, page, release)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| 12.5 |" in text
    assert "missing: nobody ran it" in text
    assert json.loads(release.read_text(encoding="utf-8"))["import_ms"] == 12.5


def test_a_quick_bench_is_a_small_one() -> None:
    assert replace(Effort.quick(), ticks=Effort().ticks) != Effort()
    assert Effort().ticks == 1_000_000
    assert Effort().speeds == 5
