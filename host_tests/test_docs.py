"""The pages of the project name what the code names, their diagram and pictures are current, their examples run."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from firmware import drop, faults, inhibits, settings, shot, states
from tools import doc_pictures
from tools.cli import app
from tools.doc_pictures import MARK, PICTURES, fingerprint
from tools.simulation import Order, simulate
from tools.state_diagram import diagram

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
EVERY_BIT = (1 << 30) - 1


def first_column(page: str, heading: str) -> "list[str]":
    """The words in code style that begin the rows of the table whose first column has this heading."""
    table = re.search(rf"^ *\| {heading} \|.*\n *\|[-| ]+\n((?: *\|.*\n)+)", page, re.MULTILINE)
    assert table, f"no table with the first column {heading}"
    return re.findall(r"^ *\| `(\w+)` \|", table[1], re.MULTILINE)


def code_blocks(page: str, language: str) -> "list[str]":
    """The blocks of code in this language."""
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("phase", [name for name in shot.PHASES if name != "idle"]),
        ("state", list(states.NAMES)),
        ("fault", faults.names(EVERY_BIT)),
        ("inhibit", inhibits.names(EVERY_BIT)),
        ("refusal", settings.refusal_names(EVERY_BIT)),
        ("result of a drop", list(drop.RESULTS)),
        ("cause of an early end", drop.cause_names(EVERY_BIT)),
    ],
)
def test_tables_name_exactly_what_the_code_names(heading: str, names: "list[str]") -> None:
    assert first_column(ARCHITECTURE, heading) == names


def test_the_page_says_how_each_fault_is_left() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|\n]*\| (CONFIRM|restart|technician) \|$", ARCHITECTURE, re.MULTILINE)
    assert rows == [
        (name, "technician" if faults.needs_technician(bit) else "restart" if faults.needs_restart(bit) else "CONFIRM")
        for bit, name in ((1 << place, name) for place, name in enumerate(faults.names(EVERY_BIT)))
    ]


def test_diagram_of_states_is_current() -> None:
    assert (DOCS / "states.svg").read_text(encoding="utf-8") == diagram(states)
    assert "(states.svg)" in ARCHITECTURE


def test_diagram_of_states_has_every_transition_of_the_table_and_no_other() -> None:
    drawn = re.findall(r'<g data-from="(\w+)" data-to="(\w+)">(.*?)</g>', diagram(states), re.DOTALL)
    found = {
        (begin, word, end) for begin, end, inside in drawn for word in re.findall(r'class="event"[^>]*>(\w+)<', inside)
    }
    assert found == {
        (states.NAMES[state], states.EVENTS[event], states.NAMES[states.after(state, event)])
        for state in range(len(states.NAMES))
        for event in range(len(states.EVENTS))
        if states.after(state, event) != state and event != states.FAULTED
    }


def test_the_diagram_leaves_out_only_faults_which_lead_to_fault_from_everywhere() -> None:
    assert {states.after(state, states.FAULTED) for state in range(len(states.NAMES))} == {states.FAULT}


def test_settings_of_the_page_are_accepted() -> None:
    (block,) = code_blocks(ARCHITECTURE, "json")
    assert settings.Settings().take(json.loads(block)) == 0


def test_every_picture_is_shown_and_every_shown_picture_can_be_drawn() -> None:
    pages = [README, *(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md")))]
    shown = {name for page in pages for name in re.findall(r"\]\((?:docs/)?pictures/([\w.-]+)\)", page)}
    assert shown == set(PICTURES) == {path.name for path in (DOCS / "pictures").iterdir()}


@pytest.mark.no_cover
def test_picture_shows_what_the_simulator_does_today() -> None:
    """One stands for all, for it takes time; if it fails, `mesogun pictures` draws them anew."""
    name = "scale.png"
    mark = f"{MARK}\0{fingerprint(PICTURES[name]())}"
    assert mark.encode() in (DOCS / "pictures" / name).read_bytes()


@pytest.mark.no_cover
def test_command_draws_into_the_folder_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc_pictures, "PICTURES", {"scale.png": PICTURES["scale.png"]})
    result = CliRunner().invoke(app, ["pictures", "--output", str(tmp_path / "new")])
    assert result.exit_code == 0
    assert result.output.strip().endswith("scale.png")
    assert (tmp_path / "new" / "scale.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "new" / "states.svg").read_text(encoding="utf-8") == diagram(states)


def test_files_that_the_pages_name_exist() -> None:
    names = set(re.findall(r"`((?:firmware|drivers|tools|host_tests|docs)/[\w/]+\.(?:py|md|txt))`", ARCHITECTURE))
    names |= {f"firmware/{name}" for name in re.findall(r"\(`(\w+\.py)`\)", ARCHITECTURE)}
    assert len(names) > 5
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


@pytest.mark.no_cover
def test_the_plant_of_the_readme_gives_drops(tmp_path: Path) -> None:
    (block,) = code_blocks(README, "python")
    (tmp_path / "my_skin.py").write_text(block, encoding="utf-8")
    order = Order(shots=2, plant=f"{tmp_path / 'my_skin.py'}:Skin", params={"tissue_kpa": 50})
    shots = simulate(order).summary["shots"]
    assert [shot["result"] for shot in shots] == ["delivered", "delivered"]


def test_the_scenario_of_the_readme_is_the_one_it_names() -> None:
    told = next(block for block in code_blocks(README, "text") if block.startswith("prepare"))
    named = re.search(r"mesogun sim (host_tests/scenarios/\w+\.txt)", README)
    assert named
    assert told in (ROOT / named[1]).read_text(encoding="utf-8")


def test_every_command_of_the_readme_is_known() -> None:
    help_text = CliRunner().invoke(app, ["sim", "--help"], env={"COLUMNS": "200"}).output
    flags = {flag for line in re.findall(r"mesogun sim (.*)", README) for flag in re.findall(r"--[a-z-]+", line)}
    assert len(flags) > 10
    assert [flag for flag in sorted(flags) if flag not in help_text] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make ([a-z-]+)`", README))
    assert [target for target in sorted(targets) if f"\n{target}:" not in makefile] == []
