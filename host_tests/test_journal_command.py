"""`mesogun journal` as a person types it."""

import json
from pathlib import Path

import pytest

from host_tests.journal_bench import chained, head_of
from host_tests.journal_command_bench import DAY, RECORDS, exported, one_line, run
from tools.journal import exports, kinds, wear
from tools.simulator.provisioning import KEYS


@pytest.fixture
def flash(tmp_path: Path) -> Path:
    """A device's flash, as a folder."""
    folder = tmp_path / "flash" / "journal"
    folder.mkdir(parents=True)
    (folder / "00000000").write_bytes(b"".join(record.raw for record in RECORDS))
    return folder.parent


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of it."""
    return exported(tmp_path / "journal.jsonl", RECORDS)


def test_an_export_holds_every_byte_and_the_head(flash: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    said = run("journal", "export", flash, out)
    assert said.exit_code == 0
    assert f"head {len(RECORDS)}:{RECORDS[-1].code.hex()}" in said.stdout
    assert exports.read(out) == exports.Export(exports.SIMULATED, head_of(RECORDS), tuple(RECORDS))
    assert run("journal", "verify", out).stdout.startswith(f"Whole: {len(RECORDS)} records")


def test_an_empty_journal_is_exported_and_whole(tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    out = tmp_path / "out.jsonl"
    assert run("journal", "export", tmp_path, out).exit_code == 0
    assert exports.read(out).head is None
    assert run("journal", "verify", out).exit_code == 0


def test_half_a_record_at_the_end_is_exported_and_found(flash: Path, tmp_path: Path) -> None:
    segment = flash / "journal" / "00000000"
    segment.write_bytes(segment.read_bytes()[:-10])
    run("journal", "export", flash, tmp_path / "out.jsonl")
    said = run("journal", "verify", tmp_path / "out.jsonl")
    assert (said.exit_code, said.stdout.split("(")[0]) == (1, "NOT WHOLE: record 22 was cut short: 54 of 64 bytes ")


def test_verify_names_the_first_bad_record_and_what_was_done(tmp_path: Path) -> None:
    file = exported(tmp_path / "x.jsonl", RECORDS[:4] + RECORDS[5:])
    said = run("journal", "verify", file)
    assert (said.exit_code, said.stdout.splitlines()[0]) == (1, "NOT WHOLE: record 5 was taken out (dropped)")
    verdict = json.loads(run("journal", "verify", file, "--json").stdout)
    assert (verdict["whole"], verdict["findings"][0]["sequence"]) == (False, 5)


def test_records_that_were_cut_off_are_found_against_the_head_in_the_file_or_on_the_command_line(
    tmp_path: Path,
) -> None:
    file = exported(tmp_path / "x.jsonl", RECORDS[:9])
    assert "record 10 and all after it were cut off" in run("journal", "verify", file).stdout
    exports.write(file, exports.Export(exports.SIMULATED, head_of(RECORDS[:9]), tuple(RECORDS[:9])))
    assert run("journal", "verify", file).exit_code == 0
    head = f"{len(RECORDS)}:{RECORDS[-1].code.hex()}"
    assert "the head is record 22" in run("journal", "verify", file, "--head", head).stdout


def test_an_export_that_begins_later_is_believed_or_checked_against_the_one_before(file: Path, tmp_path: Path) -> None:
    later = exported(tmp_path / "later.jsonl", RECORDS[10:])
    assert "begins with record 11, which is believed" in run("journal", "verify", later).stdout
    assert "believed" not in run("journal", "verify", later, "--after", file).stdout
    other = exported(tmp_path / "other.jsonl", chained(DAY[::-1], KEYS["journal"]))
    assert run("journal", "verify", later, "--after", other).exit_code == 1
    first = exported(tmp_path / "first.jsonl", RECORDS[:5])
    assert "no record 10" in one_line(run("journal", "verify", later, "--after", first))


def test_the_key_of_another_device_has_to_be_given(tmp_path: Path) -> None:
    key = tmp_path / "key"
    file = exported(tmp_path / "x.jsonl", RECORDS, device="0011223344")
    assert "--key" in one_line(run("journal", "verify", file))
    key.write_text(KEYS["journal"].hex(), encoding="utf-8")
    assert run("journal", "verify", file, "--key", key).exit_code == 0
    assert run("session", file, "--key", key, "--patient", 12, "--into", tmp_path).exit_code == 0
    key.write_text("no key", encoding="utf-8")
    assert "64 hexadecimal digits" in one_line(run("journal", "verify", file, "--key", key))


def test_show_says_what_each_record_says(file: Path) -> None:
    said = " ".join(run("journal", "show", file).stdout.split())
    assert "name HA 1% L23, lot L23A117" in said
    assert "asked 10.000 ul at 1.00 mm: aborted (trigger_released)" in said
    shown = run("journal", "show", file, "--only", "drop", "--json").stdout.splitlines()
    assert [json.loads(line)["number"] for line in shown] == [1, 2, 3]
    assert len(run("journal", "show", file, "--last", 2, "--json").stdout.splitlines()) == 2
    without = run("journal", "show", file, "--without", "drop", "--without", "boot", "--json").stdout.splitlines()
    assert len(without) == len(RECORDS) - 5
    faults = json.loads(run("journal", "show", file, "--only", "faults", "--json").stdout)
    assert (faults["state"], faults["faults"]) == ("SHOT", ["stop_pressed", "occlusion"])


def test_what_no_table_knows_is_shown_as_it_is(tmp_path: Path) -> None:
    strange = chained([(99, 1, -2, 3), (kinds.ZONE, 77, 0)], KEYS["journal"])
    file = exported(tmp_path / "x.jsonl", strange)
    lines = [json.loads(line) for line in run("journal", "show", file, "--json").stdout.splitlines()]
    assert (lines[0]["kind"], lines[0]["integer_1"], lines[1]["zone"]) == ("kind_99", -2, 77)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "no export"),
        ("{}\n", "no export"),
        ("[]\n", "line 1: no JSON object"),
        ("nonsense\n", "line 1: no JSON object"),
        ('{"format": "mesogun journal", "version": 9}\n', "version 9"),
        ('{"format": "mesogun journal", "version": 1, "device": "x"}\n{"segment": 0}\n', "line 2"),
        ('{"format": "mesogun journal", "version": 1}\n', "line 1"),
    ],
)
def test_what_is_no_export_is_refused_in_one_line(content: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text(content, encoding="utf-8")
    for command in (("journal", "verify"), ("journal", "show"), ("session",)):
        assert complaint in one_line(run(*command, file))


def test_what_cannot_be_done_is_said_in_one_line(file: Path, flash: Path, tmp_path: Path) -> None:
    assert "holds no folder journal/" in one_line(run("journal", "export", tmp_path, tmp_path / "x"))
    (flash / "journal" / "notes.txt").touch()
    assert "no segment" in one_line(run("journal", "export", flash, tmp_path / "x"))
    assert "--head 3" in one_line(run("journal", "verify", file, "--head", "3"))
    assert "no record of kind dorp" in one_line(run("journal", "show", file, "--only", "dorp"))
    assert one_line(run("journal", "verify", tmp_path / "missing"))


SLICES = ((1, 256, 3), (4, 5000, 1))  # blocks erased, bytes programmed, how often


def test_wear_shows_usual_and_worst_work_and_what_misses_its_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(records: int, drops: int, told: wear.Told) -> wear.Wear:
        told(records, records)
        return wear.Wear(drops, 40, records, 80000, 3, (100,) * 255 + (400 if drops == worn else 100,), 9, SLICES)

    worn = wear.WORST_DROPS
    monkeypatch.setattr(wear, "measure", measured)
    said = run("journal", "wear", "--records", 1000)
    assert said.exit_code == 0
    assert "projected years" in said.stdout
    found = json.loads(run("journal", "wear", "--json").stdout)
    assert (found["usual"]["maximum_by_mean"], found["misses"]) == (1.0, [])
    worn = wear.USUAL_DROPS
    said = run("journal", "wear")
    assert (said.exit_code, said.stderr.count("mesogun journal wear:")) == (1, 1)
