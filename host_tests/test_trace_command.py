"""`mesogun trace`: its exit states, its sentences and its pictures."""

from pathlib import Path

import numpy as np
import pytest

from host_tests.trace_bench import recorded, trace
from tools.figures_trace import figure, stretches
from tools.simulation import Order
from tools.trace_files import TraceError, read
from tools.trace_window import CURVES, USUAL_FIELDS, shortened, window

pytestmark = pytest.mark.no_cover


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two drops in one press."""
    path = tmp_path_factory.mktemp("trace") / "two.csv"
    recorded(path, Order(shots=2, mode="burst", dose_nl=2_000))
    return path


def test_what_was_recorded_by_the_flags_of_sim_is_the_same_as_itself(tmp_path: Path) -> None:
    file = tmp_path / "one.csv.gz"
    done = trace("record", file, "--shots", "1", "--dose-nl", "2000", "--seed", "4", "--param", "tissue_kpa=30")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "delivered" in done.stdout
    order = read(file).order
    assert (order["shots"], order["dose_nl"], order["seed"], order["params"]) == (1, 2_000, 4, {"tissue_kpa": 30})
    same = trace("diff", file, file)
    assert same.exit_code == 0
    assert same.stdout.startswith("The same: ")


def test_a_difference_is_told_with_the_order_and_the_ticks_around_it_and_exit_status_1(
    session: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    lines = session.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 8').splitlines()
    at = next(index for index, line in enumerate(lines) if ",dose," in line) + 4
    lines[at] = lines[at].rpartition(",")[0] + ",2"
    other.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = trace("diff", session, other, "--ticks", "2")
    assert found.exit_code == 1
    assert "Played with another seed: 1 and 8." in found.stdout
    assert "phase dose" in found.stdout
    assert "Output tone is 0 in" in " ".join(found.stdout.split())
    assert "0 / 2" in found.stdout
    assert trace("diff", session, other, "--ignore", "tone").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("diff", "none", "none"), "cannot be read"),
        (("diff", "FILE", "none"), "cannot be read"),
        (("diff", "FILE", "FILE", "--ignore", "colour"), "colour"),
        (("show", "none"), "cannot be read"),
        (("show", "FILE", "colour"), "no field colour"),
        (("show", "FILE", "--drop", "9"), "drops 1 to 2"),
        (("show", "FILE", "--drop", "1", "--from", "3"), "--drop"),
        (("show", "FILE", "--from", "soon"), "--from soon"),
        (("show", "FILE", "--from", "999s"), "--from 999s"),
        (("show", "FILE", "--from", "9", "--to", "3"), "before"),
        (("show", "FILE", "--plot", "picture.nothing"), "nothing"),
        (("show", "FILE", "--plot", "no/such/folder.png"), "folder.png"),
        (("show", "FILE", "phase", "--plot", "picture.png"), "0 fields"),
        (("record", "new.csv", "--syringe", "2ml"), "unknown syringe 2ml"),
        (("record", "new.csv", "--interpreter", "pypy"), "unknown interpreter pypy"),
        (("record", "no/such/folder.csv", "--shots", "1"), "folder.csv"),
    ],
)
def test_what_cannot_be_done_gets_one_line_on_stderr_and_exit_status_2(
    session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: "tuple[str, ...]", word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = trace(*(str(session) if argument == "FILE" else argument for argument in arguments))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"mesogun trace {arguments[0]}: ")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_table_shows_the_ticks_and_fields_that_were_asked_for(session: Path) -> None:
    done = trace("show", session, "state", "pressure_kpa", "--from", "100", "--to", "103")
    assert done.exit_code == 0
    table = done.stdout.partition("────")[2]
    rows = [line.split() for line in table.splitlines() if line.split() and line.split()[0].isdigit()]
    assert [row[0] for row in rows] == ["100", "101", "102", "103"]
    assert {row[2] for row in rows} == {"LOCKED"}
    assert {len(row) for row in rows} == {4}


def test_a_time_means_the_first_tick_from_then_on(session: Path) -> None:
    found = read(session)
    seen = window(found, USUAL_FIELDS, "1.5s", "1.6s", None)
    times = seen.times_ms()
    assert times[0] >= 1500 > times[0] - 2.1
    assert times[-1] >= 1600 > times[-1] - 2.1


def test_a_drop_means_its_ticks_without_those_after_it(session: Path) -> None:
    found = read(session)
    first, second = (window(found, USUAL_FIELDS, None, None, drop) for drop in (1, 2))
    assert first.end == second.begin
    phases = found.column("phase", first.begin, first.end)
    assert "idle" not in phases
    assert {"extend", "dose", "relax", "turn", "wait"} <= set(phases)


def test_a_long_table_is_shortened_in_the_middle() -> None:
    rows = [(str(number), "x") for number in range(10)]
    assert shortened(rows, 10) == rows
    assert [row[0] for row in shortened(rows, 4)] == ["0", "1", "... 6 more", "8", "9"]


def test_a_picture_shades_every_phase_and_draws_every_field(session: Path, tmp_path: Path) -> None:
    seen = window(read(session), (*CURVES, "state"), None, None, 1)
    phases = [name for name, _, _ in stretches(seen)]
    assert phases[0] in ("touch_off", "extend")
    assert len(phases) == len(set(phases))
    drawn = figure(seen)
    labels = [axes.get_ylabel().replace("\n", "_") for axes in drawn.axes]
    assert labels == [*CURVES, "state"]
    for axes in drawn.axes:
        assert len(axes.patches) == len(phases)
    assert np.asarray(drawn.axes[0].lines[0].get_ydata()).tolist() == [
        float(value) for value in seen.trace.column("pressure_kpa", seen.begin, seen.end)
    ]
    done = trace("show", session, "--drop", "2", "--plot", tmp_path / "drop.png")
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "drop.png"))
    assert (tmp_path / "drop.png").read_bytes().startswith(b"\x89PNG")


def test_more_fields_than_a_picture_holds_are_refused(session: Path) -> None:
    found = read(session)
    with pytest.raises(TraceError, match="1 to 12"):
        figure(window(found, found.fields, None, None, 1))
