"""A simulated chip with the device's own journal on it, for tests."""

from typing import Any

from host_tests.board_bench import CountingPlant
from host_tests.journal_bench import FIRST_KEY
from tools.journal import kinds
from tools.journal.checking import BEGINNING, Checker, Head
from tools.journal.records import Record
from tools.simulator.interpreter import Device
from tools.simulator.silicon import PWRON_RESET
from tools.simulator.world import World

WALL = 261122 * 1440 + 615
RECORDS = 64


class Bench:
    """A chip whose flash is empty and whose NVS has the first key; records numbered from 1 in their first integer."""

    def __init__(self, key: bytes = FIRST_KEY) -> None:
        self.world = World(CountingPlant())
        if key:
            self.world.chip.nvs["mesogun"] = {"journal": key}
        self.recorded = 0
        self.boots = 0
        self.boot()

    def boot(self) -> Any:
        """Power-on: flash and NVS are as they were."""
        self.world.restart(PWRON_RESET)
        device = Device()
        self.boots += 1
        self.ring: Any = device.module("firmware.journal_ring").JournalRing()
        self.ring.pass_time(0)
        codec = device.module("protocol.journal_record")
        self.journal: Any = device.module("drivers.journal_files").JournalFiles(self.ring, codec)
        self.journal.boot = self.boots
        return self.journal

    @property
    def files(self) -> "dict[str, bytes]":
        """What is in the folder of the journal, by name."""
        return {
            path[9:]: content for path, content in self.world.chip.flash_files.items() if path.startswith("/journal/0")
        }

    def records(self) -> "list[Record]":
        """All that is on the flash."""
        return [
            Record(int(name), content[place : place + RECORDS])
            for name, content in sorted(self.files.items())
            for place in range(0, len(content), RECORDS)
        ]

    def record(self, count: int = 1) -> None:
        """Record events; their numbers go on."""
        for _ in range(count):
            self.recorded += 1
            self.ring.record(2000 * self.recorded, kinds.ILLEGAL, self.recorded, 0)

    def write(self, count: int, batch: int = 20) -> None:
        """Record and drain so many."""
        while count:
            self.record(min(batch, count))
            count -= min(batch, count)
            while not self.journal.drain(WALL):
                pass

    def put(self, name: str, content: bytes) -> None:
        """Somebody writes to the flash."""
        self.world.chip.flash_files["/journal/" + name] = content


def whole(bench: Bench, after: "Head | None" = BEGINNING) -> "list[int]":
    """The first integers of all records, which are all as they should be; up to the head that the device knows."""
    records = bench.records()
    assert Checker(FIRST_KEY).check(records, Head(bench.journal.sequence, bytes(bench.journal.code)), after) == []
    return [record.own[0] for record in records]
