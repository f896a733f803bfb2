"""Runs the flashed files against the simulated chip: fresh copies of them, with the chip's `machine`, `time`, ... .

On CPython every device module gets builtins of its own: `__import__` finds device files and fakes, `open` finds the
simulated flash. The host's sys.modules, sys.path and builtins stay as they are. On MicroPython the fakes' directory
comes first on sys.path, as a process of its own has nothing to protect; host code that needs the real `time` or `os`
there imports `utime` or `uos`.
"""

import sys

from tools import manifest
from tools.simulator import flash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.world import World

_HERE = "tools/simulator/interpreter.py"
_DEVICE = ("boot", "main", "drivers", "firmware", "protocol")  # at the top of the tree, and flashed
_CHIP = ("machine", "esp32", "time", "os")
_SHIMS = ("micropython", "gc")  # CPython lacks them, or has others
# What both interpreters have, and MicroPython's ESP32 port in particular.
_COMMON = (
    "array",
    "asyncio",
    "binascii",
    "builtins",
    "cmath",
    "collections",
    "deflate",
    "errno",
    "hashlib",
    "heapq",
    "io",
) + ("json", "math", "platform", "random", "re", "select", "socket", "ssl", "struct", "sys", "tls")
_SHOWN = (
    "states",
    "inhibits",
    "faults",
    "settings",
    "drop",
    "shot",
    "loop",
    "panel",
    "alarms",
    "signals",
    "ledger",
    "names",
)


def source_root() -> str:
    """The directory that holds boot.py, main.py, drivers/ and firmware/; "." if it is the working directory."""
    path = __file__.replace("\\", "/")
    return path[: -len(_HERE)].rstrip("/") or "." if path.endswith(_HERE) else "."


class Device:
    """The program of one device. `modules`: the firmware's modules by their short names, for those who look on."""

    def __init__(self, root: "str | None" = None) -> None:
        self._root = source_root() if root is None else root
        self._loader = _fresh_loader(self._root)
        self.modules: "dict[str, Any]" = {}
        for name in _SHOWN:
            self.modules[name] = self.module("firmware." + name)

    def module(self, name: str) -> "Any":
        """This device's copy of a module, imported if it was not yet. ImportError if the device has none."""
        return self._loader.load(name)

    def put_manifest(self) -> None:
        """What its files have to be, on the flash of the chip that has power."""
        flash.files().write(manifest.FILE, manifest.text(self._root).encode())

    def run(self, world: "World", flash_root: str = "") -> None:
        """Power-on, with the directory `flash_root` as flash: boot.py, then main.py, until PowerOff or a reset."""
        world.chip.flash_root = flash_root.rstrip("/")
        world.chip.program_root = self._root
        self.module("boot")
        self.module("main").run()


class _Isolated:
    """CPython: modules that share nothing with the host's but what both interpreters have."""

    _compiled: "dict[str, Any]" = {}  # path -> (modification time, code): sessions by the hundred start faster

    def __init__(self, root: str) -> None:
        self._root = root
        self._modules: "dict[str, Any]" = {}
        self._builtins = dict(vars(sys.modules["builtins"]))
        self._builtins["__import__"] = self._import
        self._builtins["open"] = flash.device_open

    def load(self, name: str) -> "Any":
        """The module `name`, after its packages."""
        if name in self._modules:
            return self._modules[name]
        top = name.split(".")[0]
        here = self._root + "/tools/simulator/"
        if top in _CHIP:
            return self._execute(name, here + "chip/" + name + ".py", False)
        if top in _SHIMS:
            return self._execute(name, here + "cpython/" + name + ".py", False)
        if top in _DEVICE:
            return self._load_device(name)
        if top in _COMMON:
            return __import__(name)
        raise ImportError("no module named '" + name + "' on the device", name=name)

    def _load_device(self, name: str) -> "Any":
        import os

        parent = name.rpartition(".")[0]
        if parent:
            self.load(parent)
        path = self._root + "/" + name.replace(".", "/")
        if os.path.isfile(path + "/__init__.py"):
            module = self._execute(name, path + "/__init__.py", True)
        elif os.path.isfile(path + ".py"):
            module = self._execute(name, path + ".py", True)
        else:
            raise ImportError("no module named '" + name + "' on the device", name=name)
        if parent:
            setattr(self._modules[parent], name.rpartition(".")[2], module)
        return module

    def _execute(self, name: str, path: str, isolated: bool) -> "Any":
        module = type(sys)(name)
        module.__file__ = path
        if path.endswith("/__init__.py"):
            module.__path__ = [path[: -len("/__init__.py")]]
        if isolated:
            module.__dict__["__builtins__"] = self._builtins
        self._modules[name] = module
        try:
            exec(self._code(path), module.__dict__)
        except BaseException:
            del self._modules[name]
            raise
        return module

    def _code(self, path: str) -> "Any":
        import os

        changed = os.stat(path).st_mtime_ns
        known = self._compiled.get(path)
        if known is None or known[0] != changed:
            with open(path, "rb") as file:
                known = (changed, compile(file.read(), path, "exec", dont_inherit=True))
            self._compiled[path] = known
        return known[1]

    def _import(
        self,
        name: str,
        _globals: "dict[str, Any] | None" = None,
        _locals: "dict[str, Any] | None" = None,
        fromlist: "tuple[str, ...] | None" = (),
        level: int = 0,
    ) -> "Any":
        """What the import statement of device code calls."""
        if level:
            raise ImportError("device code uses no relative imports")
        module = self.load(name)
        if not fromlist:
            return self.load(name.split(".")[0])
        for item in fromlist:
            if item != "*" and not hasattr(module, item) and hasattr(module, "__path__"):
                self.load(name + "." + item)
        return module


class _Process:
    """MicroPython: the process is the device."""

    def __init__(self, root: str) -> None:
        chip = root + "/tools/simulator/chip"
        if chip in sys.path:
            sys.path.remove(chip)
        sys.path.insert(0, chip)
        if root not in sys.path:
            sys.path.insert(1, root)
        for name in list(sys.modules):
            if name.split(".")[0] in _DEVICE + _CHIP:
                del sys.modules[name]
        # The heap is the simulator's too: what the device does to the collector is only noted.
        sys.modules["gc"] = __import__("tools.simulator.cpython.gc", None, None, ("gc",))

    def load(self, name: str) -> "Any":
        """The module `name`."""
        module = __import__(name)
        for part in name.split(".")[1:]:
            module = getattr(module, part)
        # Globals come before built-ins: each module opens files of the simulated flash.
        for loaded in list(sys.modules):
            if loaded.split(".")[0] in _DEVICE:
                setattr(sys.modules[loaded], "open", flash.device_open)  # noqa: B010 - pyright knows its attributes
        return module


def _fresh_loader(root: str) -> "_Isolated | _Process":
    return _Process(root) if sys.implementation.name == "micropython" else _Isolated(root)
