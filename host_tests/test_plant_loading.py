"""Physics of one's own behind the simulator: what it gets, what it may do, and what is said when it cannot be used."""

from pathlib import Path

import pytest

from host_tests.commands import sim, sim_json

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

ROOT = Path(__file__).resolve().parent.parent

GOOD_PLANT = '''
class Jar:
    """No tissue, no needle: pressure follows the plunger."""

    def __init__(self, params, seed):
        self.params = dict(params)
        self.pressure_kpa = 0.0
        self.needle_um = -2000.0
        self.home = True
        self.contact = False
        self.delivered_nl = self.surface_nl = self.depth_um = 0.0

    def advance(self, dt_us, dose_steps, needle_steps):
        self.needle_um = max(-2000.0, self.needle_um + 5.0 * needle_steps)
        self.home = self.needle_um <= -2000.0
        self.depth_um = max(0.0, self.needle_um)
'''

FIXED_PLANT = """
from tools.simulator.plant import Plant


class Fixed:
    def __init__(self, params, seed):
        self.__dict__["plant"] = Plant(params, seed)

    def advance(self, dt_us, dose_steps, needle_steps):
        self.plant.advance(dt_us, dose_steps, needle_steps)

    def __getattr__(self, name):
        if name == "load":
            raise AttributeError(name)
        return getattr(self.plant, name)

    def __setattr__(self, name, value):
        setattr(self.plant, name, value)
"""


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("import nothing_of_that_name\n", "nothing_of_that_name"),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("Jar = 3\n", "no class Jar"),
        ("class Other: pass\n", "no class Jar"),
        ("class Jar:\n    def __init__(self, params, seed): pass\n", "no method advance"),
        (
            "class Jar:\n    def __init__(self, params, seed): pass\n    def advance(self, d, a, b): pass\n",
            "pressure_kpa",
        ),
        (GOOD_PLANT.replace("self.params = dict(params)", "raise KeyError('viscosity')"), "viscosity"),
        (GOOD_PLANT.replace("        self.home = self", "        self.home = 1 / 0 or self"), "ZeroDivisionError"),
        (GOOD_PLANT.replace("self.pressure_kpa = 0.0", "self.pressure_kpa = None"), "pressure_kpa is None"),
        (GOOD_PLANT + "        self.pressure_kpa = float('nan')\n", "pressure_kpa is nan"),
        (GOOD_PLANT.replace("__init__(self, params, seed)", "__init__(self)"), "could not be made"),
    ],
)
def test_a_plant_that_cannot_be_used_is_malformed_input(tmp_path: Path, source: str, word: str) -> None:
    (tmp_path / "jar.py").write_text(source, encoding="utf-8")
    result = sim("--plant", f"{tmp_path / 'jar.py'}:Jar", "--shots", "1")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert word in result.stderr


def test_a_foreign_plant_gets_the_parameters_of_the_machine_and_the_given_ones_win(tmp_path: Path) -> None:
    source = GOOD_PLANT.replace("self.params = dict(params)", "print('params', sorted(params.items()))")
    (tmp_path / "jar.py").write_text(source, encoding="utf-8")
    result = sim(
        "--plant", f"{tmp_path / 'jar.py'}:Jar", "--shots", "1", "--param", "syringe_nl=7", "--param", "odd=2.5"
    )
    assert result.exit_code == 0
    assert (
        "params [('odd', 2.5), ('syringe_area_mm2', 17.35), ('syringe_nl', 7), "
        "('um_per_dose_step', 0.3125), ('um_per_needle_step', 5.0)]"
    ) in result.stdout


def test_a_plant_that_cannot_load_a_syringe_is_replaced_by_a_new_one_and_the_truth_goes_on(tmp_path: Path) -> None:
    (tmp_path / "fixed.py").write_text(FIXED_PLANT, encoding="utf-8")
    printed = sim_json("--plant", f"{tmp_path / 'fixed.py'}:Fixed", "--shots", "12", "--dose-nl", "100000")
    assert printed["syringes"] == 2
    assert [shot["result"] for shot in printed["shots"]] == ["delivered"] * 12
    assert all(abs(shot["delivered_nl"] - 100_000) < 1_000 for shot in printed["shots"])


def test_a_foreign_plant_finds_its_neighbours_and_may_use_the_whole_library(tmp_path: Path) -> None:
    (tmp_path / "glass_of_the_jar.py").write_text("import statistics\nTHICKNESS_UM = statistics.mean([1, 3])\n")
    (tmp_path / "jar.py").write_text("import glass_of_the_jar\nimport dataclasses\n" + GOOD_PLANT, encoding="utf-8")
    assert sim("--plant", f"{tmp_path / 'jar.py'}:Jar", "--shots", "1").exit_code == 0


def test_the_project_s_own_unfavourable_plant_runs_too() -> None:
    place = ROOT / "host_tests" / "plants" / "unfavourable.py"
    printed = sim_json("--plant", f"{place}:UnfavourablePlant", "--shots", "2")
    assert [shot["n"] for shot in printed["shots"]] == [1, 2]


def test_a_plant_that_micropython_cannot_load_is_malformed_input_there(tmp_path: Path) -> None:
    (tmp_path / "jar.py").write_text("import dataclasses\n" + GOOD_PLANT, encoding="utf-8")
    result = sim("--plant", f"{tmp_path / 'jar.py'}:Jar", "--shots", "1", "--interpreter", "micropython")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "cannot be loaded on MicroPython" in result.stderr
