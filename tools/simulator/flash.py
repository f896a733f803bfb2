"""The device's file system: in memory, or a directory of the host. Paths of the device never reach outside it.

As on littlefs, a file that is written changes when it is closed, as a whole or not at all. That takes as long as an
erase of the flash, and if power goes in the first half of it, nothing has changed; in the second half, everything has.
Modes are those of device code: "r", "rb", "w", "wb" and "ab".

The program's files are on the flash too, without being copied there: who reads one that was not written reads it where
the device's program was taken from (`silicon.chip.program_root`).
"""

import io

from tools.simulator import silicon

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as _host
    from typing import Any
else:
    try:
        import uos as _host  # MicroPython: the built-in module, whatever `os` is on sys.path
    except ImportError:
        import os as _host

COMMIT_US = 80000  # one sector erased, a few pages written
FOLDER = 0x4000  # as os.stat and os.ilistdir tell them
FILE = 0x8000

_ENOENT = 2
_EACCES = 13
_EEXIST = 17
_EISDIR = 21
_ENOTEMPTY = 39
_host_open = open
_PROGRAM = ("boot.py", "main.py", "drivers", "firmware", "protocol")  # at the top


def program_place(path: str) -> str:
    """Where the host has a path of the program; "" for any other path, or without a program."""
    root = silicon.chip.program_root
    return root + path if root and path.split("/")[1] in _PROGRAM else ""


def program_names(path: str) -> "list[str]":
    """What the program has in a folder of the device."""
    root = silicon.chip.program_root
    if path == "/":
        return [name for name in _PROGRAM if name in _host.listdir(root)] if root else []
    place = program_place(path)
    if not place:
        return []
    return [name for name in _host.listdir(place) if name != "__pycache__"]


class Memory:
    """Files in `silicon.chip.flash_files`: contents by path; a path that ends in "/" is a folder."""

    def read(self, path: str) -> bytes:
        """All of a file."""
        files = silicon.chip.flash_files
        if path + "/" in files:
            raise OSError(_EISDIR, path)
        if path in files:
            return files[path]
        place = program_place(path)
        if not place:
            raise OSError(_ENOENT, path)
        with _host_open(place, "rb") as file:
            return file.read()

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, in place of one that is."""
        self._need_folder_of(path)
        if path + "/" in silicon.chip.flash_files:
            raise OSError(_EISDIR, path)
        silicon.chip.flash_files[path] = content

    def names(self, path: str) -> "list[str]":
        """What is in a folder, sorted."""
        top = path.rstrip("/") + "/"
        program = program_names(path)
        if top != "/" and not program and top not in silicon.chip.flash_files:
            raise OSError(_ENOENT, path)
        found = [name[len(top) :].rstrip("/") for name in silicon.chip.flash_files if name.startswith(top)]
        return sorted(set([name for name in found if name and "/" not in name] + program))

    def stat(self, path: str) -> "tuple[int, ...]":
        """As os.stat: kind and size, the rest is 0."""
        if path == "/" or path + "/" in silicon.chip.flash_files:
            return (FOLDER,) + (0,) * 9
        return (FILE, 0, 0, 0, 0, 0, len(self.read(path)), 0, 0, 0)

    def remove(self, path: str) -> None:
        """Delete a file."""
        self.read(path)
        del silicon.chip.flash_files[path]

    def rename(self, old: str, new: str) -> None:
        """In one step, over a file that is there."""
        content = self.read(old)
        self.write(new, content)
        if new != old:
            del silicon.chip.flash_files[old]

    def mkdir(self, path: str) -> None:
        """Make a folder."""
        self._need_folder_of(path)
        if path in silicon.chip.flash_files or path + "/" in silicon.chip.flash_files:
            raise OSError(_EEXIST, path)
        silicon.chip.flash_files[path + "/"] = b""

    def rmdir(self, path: str) -> None:
        """Delete an empty folder."""
        if self.names(path):
            raise OSError(_ENOTEMPTY, path)
        del silicon.chip.flash_files[path + "/"]

    def _need_folder_of(self, path: str) -> None:
        folder = path[: path.rfind("/") + 1]
        if folder != "/" and folder not in silicon.chip.flash_files:
            raise OSError(_ENOENT, path)


class Host:
    """The same of a directory of the host, whose files people can look at."""

    def read(self, path: str) -> bytes:
        """All of a file."""
        place = self._place(path)
        try:
            file = _host_open(place, "rb")
        except OSError as error:
            if error.args[0] != _ENOENT or not program_place(path):
                raise
            file = _host_open(program_place(path), "rb")
        with file:
            return file.read()

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, in place of one that is."""
        with _host_open(self._place(path), "wb") as file:
            file.write(content)

    def names(self, path: str) -> "list[str]":
        """What is in a folder, sorted."""
        program = program_names(path)
        try:
            found = _host.listdir(self._place(path))
        except OSError as error:
            if error.args[0] != _ENOENT or not program:
                raise
            found = []
        return sorted(set(list(found) + program))

    def stat(self, path: str) -> "tuple[float, ...]":
        """As os.stat."""
        return tuple(_host.stat(self._place(path)))

    def remove(self, path: str) -> None:
        """Delete a file."""
        _host.remove(self._place(path))

    def rename(self, old: str, new: str) -> None:
        """In one step, over a file that is there."""
        _host.rename(self._place(old), self._place(new))

    def mkdir(self, path: str) -> None:
        """Make a folder."""
        _host.mkdir(self._place(path))

    def rmdir(self, path: str) -> None:
        """Delete an empty folder."""
        _host.rmdir(self._place(path))

    def _place(self, path: str) -> str:
        return silicon.chip.flash_root.rstrip("/") + path


_MEMORY = Memory()
_HOST = Host()


def files() -> "Memory | Host":
    """Where the files of the chip that has power are."""
    return _HOST if silicon.chip.flash_root else _MEMORY


def absolute(path: str) -> str:
    """The path from the top, without doubled slashes. OSError for one that climbs out."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise OSError(_EACCES, path)
    return "/" + "/".join(parts)


def change(deed: "Any", *given: "Any") -> None:
    """Something changes on the flash: it takes its time, and happens in the middle of it."""
    silicon.chip.spend(COMMIT_US // 2)
    deed(*given)
    silicon.chip.spend(COMMIT_US // 2)


class Writing:
    """A file that is being written; what was there before it was opened comes first."""

    def __init__(self, path: str, before: bytes, is_text: bool) -> None:
        self._path = path
        self._content = bytearray(before)
        self._is_text = is_text
        self._is_open = True

    def write(self, content: "Any") -> int:
        """Add to it; how much."""
        if not self._is_open:
            raise ValueError("I/O operation on closed file")
        self._content.extend(content.encode() if self._is_text else content)
        return len(content)

    def close(self) -> None:
        """From now on it is what the flash holds."""
        if self._is_open:
            self._is_open = False
            change(files().write, self._path, bytes(self._content))

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def device_open(path: str, mode: str = "r") -> "Any":
    """Open a file of the device: what the built-in `open` is there."""
    path = absolute(path)
    if mode == "r":
        return io.StringIO(files().read(path).decode())
    if mode == "rb":
        return io.BytesIO(files().read(path))
    if mode not in ("w", "wb", "ab"):
        raise ValueError("mode " + mode)
    before = b""
    if mode == "ab":
        try:
            before = files().read(path)
        except OSError as error:
            if error.args[0] != _ENOENT:
                raise
    return Writing(path, before, mode == "w")
