"""A rig with books: what the ledger and the journal write goes into memory that survives the rig, and can fail."""

from array import array
from typing import Any

from firmware import inhibits, ledger, names, states, zones
from firmware.bookkeeping import Bookkeeping
from firmware.image import Keys
from host_tests.rig import Rig, plant_params, settings
from tools.simulator.plant import Plant


class Flash:
    """What survives a loss of power: the ledger's payload, the journal's records; and `mark`, which survives resets.

    `failing`: nothing can be written. `on_change` is called after every change of it, with a word for what it was.
    """

    def __init__(self) -> None:
        self.payload: bytes | None = None
        self.records: list[list[int]] = []
        self.mark = b""
        self.failing = False
        self.damaged = 0
        self.room = 8000
        self.on_change: Any = None

    def changed(self, what: str) -> None:
        """Somebody may look on."""
        if self.on_change:
            self.on_change(what)


class MemorySlots:
    """As drivers/store.py, whole or not at all."""

    def __init__(self, flash: Flash) -> None:
        self.flash = flash

    @property
    def damaged(self) -> int:
        """Of the two files."""
        return self.flash.damaged

    def load(self) -> "bytes | None":
        """What is in force."""
        return self.flash.payload

    def save(self, payload: bytes) -> bool:
        """Put it in force."""
        if self.flash.failing:
            return False
        self.flash.payload = payload
        self.flash.changed("slot")
        return True


class MemoryFiles:
    """As drivers/journal_files.py."""

    def __init__(self, flash: Flash, ring: Any, has_key: bool = True) -> None:
        self.flash = flash
        self.ring = ring
        self.boot = 0
        self.damage: tuple[int, ...] = ()
        self.has_key = has_key

    @property
    def sequence(self) -> int:
        """Of the newest record."""
        return len(self.flash.records)

    def resume(self) -> bool:
        """There is a key, or not."""
        return self.has_key

    def left(self) -> int:
        """How many records have room."""
        return self.flash.room - self.sequence

    def drain(self, wall: int) -> bool:
        """All of the ring at once."""
        if self.flash.failing or not self.has_key:
            return not self.ring.kept
        integers = [0] * 10
        self.ring.unread = self.ring.kept
        while self.ring.read(integers):
            self.flash.records.append([wall, *integers])
        self.ring.keep()
        self.flash.changed("journal")
        return True


class MemoryMark:
    """As drivers/rtc_mark.py."""

    def __init__(self, flash: Flash) -> None:
        self.flash = flash

    def read(self) -> bytes:
        """As it was written."""
        return self.flash.mark

    def note(self, mark: "array[int]") -> None:
        """In no time."""
        self.flash.mark = bytes(mark)
        self.flash.changed("mark")


class BooksRig(Rig):
    """A Rig that keeps books as main.py does: the mark between tick and motors, the flash while disarmed.

    `flash` is what an earlier boot has left. The products count from zero until the books are open.
    """

    def __init__(
        self, plant: Any, wanted: "dict[str, Any] | None", flash: "Flash | None" = None, cause: int = 1, **more: Any
    ) -> None:
        super().__init__(plant, wanted, **more)
        self.flash = flash or Flash()
        self.keys = Keys()
        self.files = MemoryFiles(self.flash, self.journal)
        self.books = Bookkeeping(self.loop, MemorySlots(self.flash), self.files, MemoryMark(self.flash))
        self.books.open_books(cause, True, True)
        if wanted is not None:  # chosen before the books were open; and products are chosen anew after each boot
            treatment = self.loop.treatment
            treatment.zone = zones.NAMES.index(wanted["zone"])
            treatment.choose_product(treatment.products[0])
            treatment.new_needle()
            self.disinfect()

    def keep_books(self) -> None:
        """Before the motors: the mark."""
        if self.loop.ledger.mark_due:
            self.books.keep_mark()

    def tick(self) -> None:
        """As main.py: the flash comes last, and only while disarmed."""
        super().tick()
        if self.loop.disarmed:
            self.books.keep_books(self.keys, 0)

    def hold_confirm(self) -> None:
        """A second and more."""
        self.confirm = 1
        self.run(1100)
        self.confirm = 0
        self.run(20)

    def rewind_all_ways(self) -> None:
        """All that could move something, by the hand and out of nowhere."""
        self.run(600)
        self.trigger = 1
        self.run(100)
        self.trigger = 0
        self.loop.rewind_asked = 1
        self.hold_confirm()
        self.loop.rewind_asked = 0
        for event in range(len(states.EVENTS)):
            if event not in (states.LOGGED_OUT, states.FAULTED):
                self.loop.raise_event(event)
                self.run(20)

    def kinds(self) -> "list[int]":
        """The kinds of the records on flash, in order."""
        return [record[2] for record in self.flash.records]


def new(flash: "Flash | None" = None, **wanted: Any) -> BooksRig:
    """Switched on."""
    rig = BooksRig(Plant(plant_params(), 1), settings(**wanted), flash)
    rig.until("IDLE")
    return rig


def ready(flash: "Flash | None" = None, **wanted: Any) -> BooksRig:
    """Homed and primed."""
    rig = new(flash, **wanted)
    rig.make_ready()
    rig.until("READY", ms=200)
    return rig


def tap(rig: BooksRig) -> None:
    """CONFIRM, and not one tick more than it takes until it counts."""
    rig.confirm = 1
    rig.run(60)
    rig.confirm = 0
    while not rig.loop.confirm.short:
        rig.tick()


def given(rig: BooksRig, drops: int) -> None:
    """Armed, so many drops, disarmed, and all of it written."""
    rig.arm()
    for _ in range(drops):
        rig.press()
    rig.confirm_shortly()
    rig.run(1000)


def words(rig: BooksRig) -> "list[str]":
    """Why it is not armed."""
    return inhibits.names(rig.loop.inhibits) + troubles(rig)


def troubles(rig: BooksRig) -> "list[str]":
    """Of the records, as they are told."""
    return names.words(rig.loop.ledger.troubles, ledger.WORDS) if rig.loop.inhibits & inhibits.RECORDS else []


def of_kind(rig: BooksRig, kind: int) -> "list[list[int]]":
    """The integers of the records of a kind."""
    return [record[3:] for record in rig.flash.records if record[2] == kind]
