"""The device's `os`: the flash is in memory, or a directory of the host (tools/simulator/flash.py)."""

from tools.simulator import flash, silicon

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as _host
    from collections.abc import Iterator
else:
    try:
        import uos as _host  # MicroPython: the built-in module, not this one
    except ImportError:
        import os as _host

sep = "/"


class _Uname:
    """A tuple with names is an attrtuple on the device; only the names are used."""

    def __init__(self) -> None:
        self.sysname = "esp32"
        self.nodename = "esp32"
        self.release = "1.29.0"
        self.version = "v1.29.0 (simulated)"
        self.machine = silicon.chip.model.machine


def uname() -> _Uname:
    """Which firmware on which chip."""
    return _Uname()


def listdir(path: str = "/") -> list[str]:
    """Names in a directory."""
    return flash.files().names(flash.absolute(path))


def ilistdir(path: str = "/") -> "Iterator[tuple[str, int, int]]":
    """(name, type, inode) of each entry."""
    for name in listdir(path):
        yield (name, int(stat(path + "/" + name)[0]) & 0xF000, 0)


def stat(path: str) -> "tuple[float, ...]":
    """Return the ten numbers of os.stat(); OSError if there is no such file."""
    return flash.files().stat(flash.absolute(path))


def remove(path: str) -> None:
    """Delete a file."""
    flash.change(flash.files().remove, flash.absolute(path))


unlink = remove


def rename(old: str, new: str) -> None:
    """Rename, in one step, over a file that is there."""
    flash.change(flash.files().rename, flash.absolute(old), flash.absolute(new))


def mkdir(path: str) -> None:
    """Make a directory."""
    flash.change(flash.files().mkdir, flash.absolute(path))


def rmdir(path: str) -> None:
    """Delete an empty directory."""
    flash.change(flash.files().rmdir, flash.absolute(path))


def sync() -> None:
    """Files are written when they are closed."""


def urandom(count: int) -> bytes:
    """Random bytes from the host."""
    return _host.urandom(count)
