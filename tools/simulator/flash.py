"""The device's file system: a directory of the host. Paths of the device never reach outside it."""

import io

from tools.simulator import silicon

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_EACCES = 13
_host_open = open


def host_path(path: str) -> str:
    """Where a file of the device is on the host. OSError for a path that climbs out."""
    root = silicon.chip.flash_root
    if not root:
        raise OSError(_EACCES, "this chip has no flash: set silicon.chip.flash_root")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise OSError(_EACCES, path)
    return "/".join([root] + parts)


def device_open(path: str, mode: str = "r") -> "Any":
    """Open a file of the device: what the built-in `open` is there."""
    if path in silicon.chip.flash_files and mode == "r":
        return io.StringIO(silicon.chip.flash_files[path])
    return _host_open(host_path(path), mode)
