"""How large the frames of the device's functions are, from the compiled code: python -m tools.frames

A hot function whose frame is larger than mpy.MOST_WORDS takes from the heap at each call, in each tick.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tools import mpy
from tools.compiling import compile_file
from tools.hot import Function, hot_functions
from tools.import_law import DEVICE_FOLDERS, ROOT


def device_frames(root: Path = ROOT) -> dict[Function, mpy.Frame]:
    """The frame of every function of the device below `root`, compiled as for the chip."""
    found: dict[Function, mpy.Frame] = {}
    for folder in DEVICE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            place = path.relative_to(root).as_posix()
            found.update({Function(place, frame.name): frame for frame in compiled_frames(path)})
    return found


def compiled_frames(path: Path) -> list[mpy.Frame]:
    """The frames of one file."""
    with tempfile.TemporaryDirectory(prefix="mesogun-") as folder:
        target = Path(folder) / "out.mpy"
        compile_file(path, target)
        return mpy.frames(target.read_bytes(), path.read_text(encoding="utf-8"))


def large_hot_frames(root: Path = ROOT) -> dict[str, int]:
    """The hot functions of the device that take their frame from the heap, as place:name, with their words."""
    hot = hot_functions(root)
    return {
        f"{function.place}:{function.name}": frame.words
        for function, frame in device_frames(root).items()
        if function in hot and frame.words > mpy.MOST_WORDS
    }


def main() -> None:
    """Prints every frame, the largest first, and whether it is hot."""
    hot = hot_functions()
    rows = sorted(device_frames().items(), key=lambda row: (-row[1].words, row[0]))
    print(f"{'words':>5}  of them try          (more than {mpy.MOST_WORDS} words come from the heap)")
    for function, frame in rows:
        mark = "hot " if function in hot else "cold"
        heap = "HEAP" if frame.words > mpy.MOST_WORDS else ""
        place = f"{function.place}:{frame.line}"
        print(f"{frame.words:5}  {frame.try_words:3}  {mark} {heap:4}  {place}  {function.name}")


if __name__ == "__main__":
    main()
