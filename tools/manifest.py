"""The manifest of a device: what every program file on it has to be. The device compares it at power-on.

In the MicroPython subset: the simulator writes one too, on each interpreter.
"""

import binascii
import hashlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as _host
    from collections.abc import Iterator
else:
    try:
        import uos as _host  # MicroPython: the built-in module, whatever `os` is on sys.path
    except ImportError:
        import os as _host

FILE = "/manifest"
PROGRAMS = ("boot", "main")
FOLDERS = ("drivers", "firmware", "protocol")
_A_FOLDER = 0x4000


def text(root: str) -> str:
    """A line for each program of the device tree under the folder `root`: SHA-256, path on the device. Sorted.

    OSError if there is no device tree.
    """
    lines: list[str] = []
    for path in sorted(programs(root)):
        with open(root + path, "rb") as file:
            digest = hashlib.sha256(file.read()).digest()
        lines.append(binascii.hexlify(digest).decode() + " " + path)
    return "\n".join(lines) + "\n"


def programs(root: str) -> "Iterator[str]":
    """The paths on the device of boot, main and everything in FOLDERS, sources or compiled."""
    for name in _host.listdir(root):
        if _is_program(name) and name.rpartition(".")[0] in PROGRAMS:
            yield "/" + name
    for folder in FOLDERS:
        if folder in _host.listdir(root):
            yield from _below(root, "/" + folder)


def _below(root: str, folder: str) -> "Iterator[str]":
    for name in _host.listdir(root + folder):
        path = folder + "/" + name
        if _is_program(name):
            yield path
        elif name != "__pycache__" and _host.stat(root + path)[0] & _A_FOLDER:
            yield from _below(root, path)


def _is_program(name: str) -> bool:
    return name[-3:] == ".py" or name[-4:] == ".mpy"
