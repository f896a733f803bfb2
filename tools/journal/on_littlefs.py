"""The device's own journal on a littlefs in memory. Programs of the MicroPython Unix port import it; nothing else can.

Importing it puts a directory in the chip's place: from then on "/" is the flash, and files of the host are out of
reach.
"""

# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false, reportMissingImports=false
# pyright: reportArgumentType=false

import os  # noqa: F401 - before "/" is another
import sys

import vfs

from tools.journal import ram_flash
from tools.journal.ram_flash import Nvs, RamFlash


class _Esp32:
    NVS = Nvs


sys.modules["esp32"] = _Esp32

from drivers import store  # noqa: E402 - esp32 has to be there
from drivers.journal_files import JournalFiles  # noqa: E402
from firmware.journal_ring import JournalRing  # noqa: E402
from protocol import journal_record  # noqa: E402

PowerLost = ram_flash.PowerLost
_mounted = [""]
vfs.umount("/")


def mkfs(flash: RamFlash) -> None:
    """An empty file system."""
    vfs.VfsLfs2.mkfs(flash)


def mount(flash: RamFlash) -> None:
    """Power-on: what was open before is forgotten."""
    if _mounted[0]:
        vfs.umount("/")
        _mounted[0] = ""
    vfs.mount(vfs.VfsLfs2(flash), "/")
    _mounted[0] = "/"
    Nvs.flash = flash


def boot(number: int) -> "tuple[JournalRing, JournalFiles]":
    """The journal after power-on."""
    store.stuck.clear()
    ring = JournalRing()
    files = JournalFiles(ring, journal_record)
    files.boot = number
    return ring, files
