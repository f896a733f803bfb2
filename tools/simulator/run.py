"""Runs one session as a script: micropython tools/simulator/run.py CONFIGURATION.json, or '{...}' itself.

Prints `progress DONE WANTED` lines and at last `result {...}`, or `error ...` with the reason in one line. The keys of
the configuration are those of `session.DEFAULTS`, and "plant": FILE.py:Class for physics of your own, "trace": true for
a line `trace VALUES` after every tick.
The Unix port takes no argument longer than 255 characters: hence the file.
"""

import json
import sys

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the import
if TYPE_CHECKING:
    from typing import Any

_HERE = "tools/simulator/run.py"
_ROOT = __file__[: -len(_HERE)] if __file__.endswith(_HERE) else "../../"
sys.path.insert(0, _ROOT or ".")

from tools.simulator.scenario import ScenarioError  # noqa: E402
from tools.simulator.session import Session  # noqa: E402


def plant_class(place: str) -> type:
    """The class that FILE.py:Class names, or the project's own for "".

    Raises ImportError, SyntaxError or AttributeError.
    """
    file_name, class_name = (place or _ROOT + "tools/simulator/plant.py:Plant").rsplit(":", 1)
    if file_name.startswith(_ROOT):
        folder, module_name = _ROOT or ".", file_name[len(_ROOT) : -len(".py")].replace("/", ".")
    else:
        cut = file_name.rfind("/") + 1
        folder, module_name = file_name[:cut] or ".", file_name[cut : -len(".py")]
    sys.path.insert(0, folder)
    module = __import__(module_name)
    for name in module_name.split(".")[1:]:
        module = getattr(module, name)
    return getattr(module, class_name)


def say_progress(done: int, wanted: int) -> None:
    """One line per change."""
    print("progress", done, wanted)


def say_tick(line: str) -> None:
    """One line per tick, the values of trace_lines.FIELDS."""
    print("trace", line)


def configuration(argument: str) -> "dict[str, Any]":
    """The JSON object in the argument, or in the file it names."""
    if argument.startswith("{"):
        return json.loads(argument)
    with open(argument) as file:
        return json.loads(file.read())


def main() -> None:
    """Play the session of the first argument."""
    config = configuration(sys.argv[1])
    place = config.pop("plant", "")
    try:
        found = plant_class(place)
    except (ImportError, SyntaxError, AttributeError) as error:
        print("error", "%s cannot be loaded on MicroPython: %s" % (place, error))
        return
    session = Session(config, found, say_progress, say_tick if config.pop("trace", False) else None)
    try:
        session.run()
    except ScenarioError as error:
        print("error", error)
        return
    print("result", json.dumps(session.result()))


main()
