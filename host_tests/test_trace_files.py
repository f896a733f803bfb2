"""A trace in a file holds every value of every tick, and a file that is none is told from one that is."""

import csv
import gzip
import hashlib
import struct
from pathlib import Path

import pytest

from host_tests.micropythons import MICROPYTHONS, need
from host_tests.trace_bench import recorded
from tools.simulation import Order
from tools.simulator.recorder import INPUT_NAMES, OUTPUT_NAMES
from tools.simulator.trace_lines import FIELDS
from tools.trace_files import TraceError, read

pytestmark = pytest.mark.no_cover

ORDER = Order(shots=1, dose_nl=2_000)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A recorded session, and the hash that the simulator itself gave its trace."""
    path = tmp_path_factory.mktemp("trace") / "one.csv.gz"
    return path, recorded(path, ORDER)


def test_the_values_in_the_file_are_those_of_the_simulators_hash(session: tuple[Path, str]) -> None:
    path, sha256 = session
    found = hashlib.sha256()
    trace = read(path)
    for tick in range(len(trace.lines)):
        values = trace.values(tick)
        found.update(struct.pack("<25i", *(int(values[name]) for name in INPUT_NAMES + OUTPUT_NAMES)))
    assert found.hexdigest() == sha256
    assert trace.complete
    assert (trace.order["interpreter"], trace.order["dose_nl"]) == ("cpython", 2_000)


def test_any_reader_of_tables_that_skips_notes_can_read_it(session: tuple[Path, str]) -> None:
    with gzip.open(session[0], "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert list(rows[0]) == list(FIELDS)
    assert [int(row["tick"]) for row in rows] == list(range(len(rows)))
    assert {row["state"] for row in rows} > {"SELF_TEST", "ARMED", "SHOT"}
    assert {row["phase"] for row in rows} > {"idle", "dose", "weigh"}


def test_the_same_session_gives_the_same_file(session: tuple[Path, str], tmp_path: Path) -> None:
    again = tmp_path / "again.csv.gz"
    recorded(again, ORDER)
    assert again.read_bytes() == session[0].read_bytes()


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_every_interpreter_writes_the_same_ticks(session: tuple[Path, str], tmp_path: Path, interpreter: str) -> None:
    need(interpreter)
    there = tmp_path / "there.csv"
    recorded(there, ORDER, interpreter)
    assert read(there).lines == read(session[0]).lines


def test_a_trace_cut_short_gives_what_is_there_and_says_that_it_is_not_all(
    session: tuple[Path, str], tmp_path: Path
) -> None:
    whole = read(session[0])
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(session[0].read_bytes()[:4_000])
    part = read(cut)
    assert not part.complete
    assert 0 < len(part.lines) < len(whole.lines)
    assert part.lines == whole.lines[: len(part.lines)]


def test_derived_fields_are_the_readings_in_units(session: tuple[Path, str]) -> None:
    trace = read(session[0])
    counts = [int(text) for text in trace.column("pressure_counts", 0, 9)]
    assert [float(text) for text in trace.column("pressure_kpa", 0, 9)] == [count * 0.25 - 50 for count in counts]
    counts = [int(text) for text in trace.column("needle_counts", 0, 9)]
    assert [float(text) for text in trace.column("needle_um", 0, 9)] == [count * 4 - 3000 for count in counts]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no trace"),
        (b"n,result\n1,delivered\n", "no trace"),
        (b"\xff\xfe\x00", "no trace"),
        (b"\x1f\x8bnothing zipped", "damaged"),
        (b"# mesogun trace 2\ntick\n0\n", "version 2"),
        (b"# mesogun trace 1\n", "names of the columns"),
        (b"# mesogun trace 1\n# order {not json\ntick\n0\n", "played"),
        (b"# mesogun trace 1\ntick,drop\n0,0\n2,0\n", "tick 1"),
        (b"# mesogun trace 1\ntick,drop\n0,0\n1\n", "tick 1"),
    ],
)
def test_what_is_no_trace_is_refused_with_the_reason(tmp_path: Path, content: bytes, word: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(TraceError, match=word) as refused:
        read(file)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="cannot be read"):
        read(tmp_path / "none")
