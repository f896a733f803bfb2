"""Loads the physics that somebody else wrote: `path/to/file.py:Class`, the plant interface of the simulator."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ATTRIBUTES = ("pressure_kpa", "needle_um", "home", "delivered_nl", "surface_nl", "depth_um")
"""What the sensors and the scorekeeper read. `contact` is written by the hand, so a plant need not begin with it."""


class PlantError(ValueError):
    """A plant that cannot be used; the message says in one line why."""


def load_plant(place: str) -> type[Any]:
    """The class named by `FILE.py:Class`. Raises PlantError."""
    file_name, colon, class_name = place.rpartition(":")
    if not colon or not file_name or not class_name.isidentifier():
        raise PlantError(f"{place}: write the plant as FILE.py:Class")
    path = Path(file_name)
    if not path.is_file():
        raise PlantError(f"{file_name}: no such plant file")
    module = _import_file(path)
    plant_class = getattr(module, class_name, None)
    if not isinstance(plant_class, type):
        raise PlantError(f"{file_name} has no class {class_name}")
    if not callable(getattr(plant_class, "advance", None)):
        raise PlantError(f"{class_name} in {file_name} has no method advance(dt_us, dose_steps, needle_steps)")
    return plant_class


def build_plant(plant_class: type[Any], params: Mapping[str, float], seed: int) -> Any:
    """A new plant with a copy of `params`, its attributes checked. Raises PlantError."""
    try:
        plant = plant_class(dict(params), seed)
    except Exception as error:
        raise PlantError(f"{plant_class.__name__} could not be made: {one_line(error)}") from error
    missing = [name for name in ATTRIBUTES if not hasattr(plant, name)]
    if missing:
        raise PlantError(f"{plant_class.__name__} has no attribute {', '.join(missing)}")
    check_values(plant)
    return plant


def check_values(plant: Any) -> None:
    """Raises PlantError if an attribute of the plant is no finite number."""
    for name in ATTRIBUTES:
        value = getattr(plant, name)
        try:
            sound = math.isfinite(value)
        except TypeError:
            sound = False
        if not sound:
            raise PlantError(f"{type(plant).__name__}.{name} is {value!r}: not a finite number")


def _import_file(path: Path) -> Any:
    """Import under a name of its own; the plant's folder is on the path, so that it finds its neighbours."""
    if path.resolve().is_relative_to(ROOT):  # one of ours: it belongs to a package
        try:
            return importlib.import_module(".".join(path.resolve().relative_to(ROOT).with_suffix("").parts))
        except (Exception, SystemExit) as error:
            raise PlantError(f"{path} could not be loaded: {one_line(error)}") from error
    name = f"plant_{abs(hash(path.resolve())):x}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PlantError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise PlantError(f"{path} could not be loaded: {one_line(error)}") from error
    return module


def raised_by_plant(error: BaseException, place: str) -> bool:
    """Whether the innermost frame of the traceback, or one it was called from, lies in the plant's own file."""
    file_name = str(Path(place.rpartition(":")[0]).resolve())
    frames = traceback.extract_tb(error.__traceback__)
    return any(str(Path(frame.filename).resolve()) == file_name for frame in frames)


def one_line(error: BaseException) -> str:
    """Type and message of an exception, without line breaks."""
    return " ".join(f"{type(error).__name__}: {error}".split())
