"""Days of work on the littlefs of the chip: the device's own journal and store, erases counted for each block.

Arguments: the tree, how many records to write, how many drops an armed period has. Prints `progress DONE WANTED` now
and then, and at the end `result` and a JSON object. Each day begins with a mount, as after power-on.
"""

# It runs on the MicroPython Unix port only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false, reportMissingImports=false

import json
import os
import sys

sys.path.insert(0, sys.argv[1])

BLOCKS = 256  # 1 MiB
DROPS_A_DAY = 2000
DROPS_A_SESSION = 60
EVENTS_A_SESSION = 10  # log-in, patient, product, zone, settings, needle, disinfection, prime ...: each written at once
LEDGER_BYTES = 120
SPARE = 128  # records: that near to full the journal is exported

# Kinds, as in kinds.py, which is for CPython.
ILLEGAL = 1
RESERVED = 18
DROP = 19
CLOSED = 20


def installed() -> "list[tuple[str, int]]":
    """The device's own files and their sizes: they lie on the same flash, and never move by themselves."""
    found = []
    for folder in ("firmware", "drivers", "protocol"):
        for name in os.listdir(sys.argv[1] + "/" + folder):
            if name.endswith(".py"):
                size = os.stat(sys.argv[1] + "/" + folder + "/" + name)[6]
                found.append((folder + "_" + name, size // 4))  # compiled: about a quarter
    return found


INSTALLED = installed()

from drivers.store import Slots  # noqa: E402
from firmware import slot  # noqa: E402
from protocol.auth import Mac  # noqa: E402
from tools.journal import on_littlefs  # noqa: E402
from tools.journal.on_littlefs import Nvs, RamFlash  # noqa: E402


class Life:
    """One device, day by day."""

    def __init__(self) -> None:
        self.flash = RamFlash(BLOCKS)
        on_littlefs.mkfs(self.flash)
        on_littlefs.mount(self.flash)
        for name, size in INSTALLED:
            with open("/" + name, "wb") as file:
                file.write(bytes(size))
        Nvs.blobs["journal"] = bytes(range(32))
        self.days = 0
        self.exports = 0
        self.drops = 0
        self.slices: dict[tuple[int, int], int] = {}  # (blocks erased, bytes programmed) of a slice: how many were so
        self.flash.erases = [0] * BLOCKS
        self.power_on()

    def power_on(self) -> None:
        """A new day."""
        on_littlefs.mount(self.flash)
        self.days += 1
        self.ring, self.files = on_littlefs.boot(self.days)
        if not self.files.resume() or self.files.damage:
            raise ValueError("the journal is damaged")
        self.ledger = Slots("/ledger", slot.CONFIG, slot, Mac(bytes(32)).code_of)
        self.ledger.load()

    def drain(self) -> None:
        """Everything to the flash; exported first, if there is hardly any room."""
        if self.files.left() < SPARE:
            self.exports += 1
            self.files.exported(self.files.sequence // 64 - 2)
        while not self.slice(self.files.drain, 1):
            if self.files.left() <= 0:
                raise ValueError("the journal is full")

    def slice(self, deed, given):
        """One call of the background; what the flash did in it."""
        erased, programmed = self.flash.erased, self.flash.programmed
        done = deed(given)
        found = (self.flash.erased - erased, self.flash.programmed - programmed)
        self.slices[found] = self.slices.get(found, 0) + 1
        return done

    def session(self, drops: int, period: int) -> None:
        """One patient."""
        for event in range(EVENTS_A_SESSION):
            self.ring.record(0, ILLEGAL, 3, event)
            self.drain()
        while drops > 0:
            self.armed(min(period, drops))
            drops -= period

    def armed(self, drops: int) -> None:
        """Reserve, give, and give back what was not used."""
        self.write_ledger()
        self.wide(RESERVED, drops)
        self.drain()
        for _ in range(drops):
            self.drops += 1
            self.wide(DROP, self.drops)
        self.wide(CLOSED, drops)
        self.drain()
        self.write_ledger()

    def wide(self, kind: int, first: int) -> None:
        """One record."""
        self.ring.record(0, kind, first, 0)
        self.ring.more(1, 2, 3, 4)

    def write_ledger(self) -> None:
        """The other slot."""
        if not self.slice(self.ledger.save, b"%06d" % self.drops + bytes(LEDGER_BYTES - 6)):
            raise ValueError("the ledger is not what was written")


def run(records: int, period: int) -> None:
    """Until so many records are written, and the day is over."""
    life = Life()
    while True:
        given = 0
        while given < DROPS_A_DAY:
            life.session(min(DROPS_A_SESSION, DROPS_A_DAY - given), period)
            given += DROPS_A_SESSION
        print("progress", min(life.files.sequence, records), records)
        if life.files.sequence >= records:
            break
        life.power_on()
    counts = {"days": life.days, "records": life.files.sequence, "drops": life.drops, "exports": life.exports}
    slices = [[erased, programmed, often] for (erased, programmed), often in life.slices.items()]
    print("result", json.dumps(dict(counts, erases=life.flash.erases, nvs_writes=Nvs.writes, slices=slices)))


if __name__ == "__main__":
    run(int(sys.argv[2]), int(sys.argv[3]))
