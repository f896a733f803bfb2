"""The device's files are compiled for the chip in one way, whoever asks for it."""

from pathlib import Path

import pytest

from tools import import_law, mpy
from tools.compiling import Failed, compile_device, compile_file


def test_every_device_file_is_compiled_and_knows_its_place_on_the_device(tmp_path: Path) -> None:
    compiled = list(compile_device(tmp_path, "/there/"))
    assert len(compiled) == len(import_law.device_files())
    for path, place in compiled:
        assert path.relative_to(tmp_path).as_posix() == place.removeprefix("/there/")
        assert place.encode() + b"\0" in path.read_bytes()
    assert "/there/firmware/loop.mpy" in [place for _, place in compiled]


def test_a_compiled_file_has_no_doc_string_no_line_number_and_no_name_that_nobody_needs(tmp_path: Path) -> None:
    function = '{}def f(argument):\n    "A doc string."\n{}    local_name = argument\n    return local_name\n'
    sizes: list[int] = []
    for lines in ("", "\n" * 200):
        path = tmp_path / "module.py"
        path.write_text('"""A module."""\n' + function.format(lines, lines), encoding="utf-8")
        compile_file(path, tmp_path / "out" / "module.mpy", "module.mpy")
        content = (tmp_path / "out" / "module.mpy").read_bytes()
        assert [frame.name for frame in mpy.frames(content, path.read_text(encoding="utf-8"))] == ["f"]
        assert b"argument\0" in content
        for gone in (b"A doc string", b"A module", b"local_name"):
            assert gone not in content
        sizes.append(len(content))
    assert sizes[0] == sizes[1]


def test_what_cannot_be_compiled_is_said(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(Failed, match=r"SyntaxError"):
        compile_file(tmp_path / "wrong.py", tmp_path / "wrong.mpy")
