"""A simulated device whose flash is a folder: what one session has recorded, the next goes on from."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tools.cli import app

pytestmark = pytest.mark.no_cover


def said(*words: object) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_two_sessions_on_one_flash_make_one_journal_that_a_clinic_can_file(tmp_path: Path) -> None:
    flash, export = tmp_path / "flash", tmp_path / "journal.jsonl"
    for shots in (3, 2):
        said("sim", "--shots", shots, "--flash", flash, "--json")
    said("journal", "export", flash, export)
    assert json.loads(said("journal", "verify", export, "--json"))["whole"]
    drops = [json.loads(line) for line in said("journal", "show", export, "--only", "drop", "--json").splitlines()]
    assert [(drop["number"], drop["boot"]) for drop in drops] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)]
    said("session", export, "--into", tmp_path)
    (path,) = tmp_path.glob("session-*.json")
    session = json.loads(path.read_text(encoding="utf-8"))
    assert (session["delivered"], session["uncertain_drops"], session["troubles"]) == (5, 0, [])
    assert session["products"] == [{"name": "DEMO HA", "lot": "SIM-1"}]
    assert len(session["disinfections"]) == 2


def test_a_flash_that_is_no_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["sim", "--flash", str(tmp_path / "file")])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    result = CliRunner().invoke(app, ["sim", "--flash", str(tmp_path / "f"), "--interpreter", "wasm32"])
    assert "wasm32 sees no folder" in result.stderr
