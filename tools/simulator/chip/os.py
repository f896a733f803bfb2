"""The device's `os`: the flash is a directory of the host, `silicon.chip.flash_root`; "/" is its top."""

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
    return sorted(_host.listdir(flash.host_path(path)))


def ilistdir(path: str = "/") -> "Iterator[tuple[str, int, int]]":
    """(name, type, inode) of each entry."""
    for name in listdir(path):
        yield (name, int(_host.stat(flash.host_path(path) + "/" + name)[0]) & 0xF000, 0)


def stat(path: str) -> "tuple[float, ...]":
    """Return the ten numbers of os.stat(); OSError if there is no such file."""
    return tuple(_host.stat(flash.host_path(path)))


def remove(path: str) -> None:
    """Delete a file."""
    _host.remove(flash.host_path(path))


unlink = remove


def rename(old: str, new: str) -> None:
    """Rename, in one step, over a file that is there."""
    _host.rename(flash.host_path(old), flash.host_path(new))


def mkdir(path: str) -> None:
    """Make a directory."""
    _host.mkdir(flash.host_path(path))


def rmdir(path: str) -> None:
    """Delete an empty directory."""
    _host.rmdir(flash.host_path(path))


def sync() -> None:
    """Files are written when they are closed."""


def urandom(count: int) -> bytes:
    """Random bytes from the host."""
    return _host.urandom(count)
