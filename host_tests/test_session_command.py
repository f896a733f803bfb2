"""`mesogun session`: what a clinic files says what the journal says, and nothing that is not sure."""

import csv
import json
from pathlib import Path

import pytest

from host_tests.journal_bench import chained
from host_tests.journal_command_bench import DAY, RECORDS, exported, one_line, run
from tools.journal import exports, kinds
from tools.journal.records import Record
from tools.journal.session_records import Filed, course, write
from tools.journal.sessions import moments, sessions
from tools.simulator.provisioning import KEYS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of it."""
    return exported(tmp_path / "journal.jsonl", RECORDS)


def test_of_several_sessions_one_has_to_be_named(file: Path, tmp_path: Path) -> None:
    said = run("session", file, "--into", tmp_path / "none")
    assert said.exit_code == 0
    assert "Which one? --patient N, or --all." in said.stdout
    assert not (tmp_path / "none").exists()
    assert "patient 99 was not treated" in one_line(run("session", file, "--patient", 99))
    assert run("session", file, "--all", "--into", tmp_path / "all").stdout.count("\n") == 6


def test_a_session_is_filed_as_a_page_a_table_and_an_object(file: Path, tmp_path: Path) -> None:
    said = run("session", file, "--patient", 12, "--into", tmp_path / "s")
    assert said.exit_code == 0
    page, table, whole = (tmp_path / "s" / f"session-12-2026-11-22.{suffix}" for suffix in ("html", "csv", "json"))
    html = page.read_text(encoding="utf-8")
    for told in (
        "<h1>Patient 12, 22 November 2026</h1>",
        "1 of 2 drops of HA 1% L23 (lot L23A117) were delivered, zone neck",
        "Of these 126.00 ul are uncertain",
        "the needle is blocked (occlusion)",
        "neck, 30 s to dry",
        "32G 4mm",
        "aborted: trigger released",
        "nobody was treated",
    ):
        assert told in html, told
    assert "not whole" not in html
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["number"], row["result"], row["reported_max_nl"], row["cause"]) for row in rows] == [
        ("1", "delivered", "10150", ""),
        ("2", "aborted", "4300", "trigger_released"),
    ]
    found = json.loads(whole.read_text(encoding="utf-8"))
    assert (found["reported_nl"], found["most_nl"], found["uncertain_nl"]) == (13990, 14450 + 126000, 126000)
    assert (found["products"], found["operators"]) == ([{"name": "HA 1% L23", "lot": "L23A117"}], [2])


def test_what_was_chosen_for_the_patient_before_counts_for_the_next(file: Path, tmp_path: Path) -> None:
    run("session", file, "--patient", 13, "--into", tmp_path)
    found = json.loads((tmp_path / "session-13-2026-11-22.json").read_text(encoding="utf-8"))
    (drop,) = found["drops"]
    assert (drop["zone"], drop["product"], drop["needle"]) == ("neck", "HA 1% L23, lot L23A117", 0)
    assert (found["operators"], found["uncertain_nl"], found["troubles"]) == ([2], 0, [])


def test_nothing_from_the_first_bad_record_on_gets_into_a_session(tmp_path: Path) -> None:
    forged = Record(0, RECORDS[11].raw[:30] + b"?" + RECORDS[11].raw[31:])
    file = exported(tmp_path / "x.jsonl", [*RECORDS[:11], forged, *RECORDS[12:]])
    said = run("session", file, "--into", tmp_path)
    assert (said.exit_code, "NOT WHOLE: Record 12 was changed." in said.stdout) == (1, True)
    html = (tmp_path / "session-12-2026-11-22.html").read_text(encoding="utf-8")
    assert "The journal is not whole." in html
    assert "11 records" in html
    assert "Every record is as the device wrote it" not in html
    found = json.loads((tmp_path / "session-12-2026-11-22.json").read_text(encoding="utf-8"))
    assert (len(found["drops"]), found["whole"], found["troubles"]) == (1, False, [])


def test_the_course_of_a_patient_lists_the_sessions_of_other_days(tmp_path: Path) -> None:
    second = chained(DAY[2:11], KEYS["journal"])
    a_week_later = (261129 * 1440 + 600).to_bytes(4, "little")
    records = [*RECORDS[:16], *(Record(0, record.raw[:8] + a_week_later + record.raw[12:]) for record in second)]
    listed = sessions(records)
    assert [(each.patient, str(each.day), len(each.drops)) for each in listed][-2:] == [
        (12, "2026-11-22", 2),
        (12, "2026-11-29", 1),
    ]
    filed = Filed(listed[-1], listed, exports.SIMULATED)
    assert [row[0] for row in course(filed)] == ["22 November 2026", "29 November 2026"]


def test_records_without_a_date_make_a_session_without_one(tmp_path: Path) -> None:
    undated = [Record(0, record.raw[:8] + bytes(4) + record.raw[12:]) for record in RECORDS]
    listed = [each for each in sessions(undated) if each.is_treatment]
    assert [each.day for each in listed] == [None, None]
    paths = write(tmp_path, Filed(listed[0], listed, exports.SIMULATED, first_is_believed=True))
    assert paths[0].name == "session-12-record-3.html"
    html = paths[0].read_text(encoding="utf-8")
    assert "date unknown" in html
    assert "but for the first, which is believed" in html


def test_times_are_those_of_the_events_and_not_of_their_batch() -> None:
    one_batch = chained([(kinds.ILLEGAL, number, 0) for number in range(50)])
    found = moments(one_batch)
    assert [(found[-1] - at).seconds for at in found if at and found[-1]] == list(range(49, -1, -1))


def test_what_was_written_before_the_clock_was_read_is_dated_by_what_came_after_in_the_same_boot() -> None:
    dated = chained([(kinds.ILLEGAL, number, 0) for number in range(4)])
    undated = [Record(0, record.raw[:8] + bytes(4) + record.raw[12:]) for record in dated]
    first_boot = [Record(0, record.raw[:4] + b"\1\0" + record.raw[6:]) for record in undated[:1]]
    found = moments([*first_boot, undated[1], dated[2], undated[3]])
    assert (found[0], found[3]) == (None, None)
    assert [(at.minute, at.second) for at in found[1:3] if at] == [(59, 59), (0, 0)]


def test_nothing_given_is_no_session(tmp_path: Path) -> None:
    file = exported(tmp_path / "x.jsonl", RECORDS[:9])
    exports.write(file, exports.Export(exports.SIMULATED, None, tuple(RECORDS[:9])))
    assert "nobody was treated" in one_line(run("session", file))
