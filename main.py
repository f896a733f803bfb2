"""Connects the parts of the device and runs them. Decides nothing."""

import gc

from drivers import keys, manifest, provisioning
from drivers import pins as pin_tables
from drivers.board import Board
from drivers.clock import Clock
from drivers.front_panel import FrontPanel
from drivers.journal_files import JournalFiles
from drivers.rtc_mark import RtcMark, reset_cause
from drivers.store import Slots
from drivers.watchdog import Watchdog, leave_the_console_in_peace
from firmware import slot
from firmware.bookkeeping import Bookkeeping
from firmware.image import Inputs, Keys, Outputs
from firmware.loop import DoseLoop
from firmware.panel import Panel
from firmware.provisioning import Provisioning
from firmware.states import SHOT
from protocol import journal_record
from protocol.auth import Mac


def execute(board: Board, front: FrontPanel, loop: DoseLoop, panel: Panel, books: Bookkeeping) -> None:
    """The cyclic executive, for ever: one tick every 2 ms; then, in what is left of it, the background.

    While disarmed the motor drivers are looked after, the knob is read, and the flash written, which makes the next
    tick late; the panel goes on in all states but SHOT.
    """
    inputs = loop.inputs
    outputs = loop.outputs
    clock = Clock()
    watchdog = Watchdog()
    clock.start()
    while True:
        inputs.late_us = clock.wait()
        board.sample(inputs)
        loop.tick(clock.now_us)  # pyright: ignore[reportArgumentType] - the stubs hide that ticks are integers
        if loop.ledger.mark_due:
            books.keep_mark()  # before anything of that drop moves
        board.apply(outputs)
        watchdog.feed()
        if loop.disarmed:
            gc.enable()
            board.step_background()
            front.sample(panel.keys)
            panel.use_keys()
        else:
            gc.disable()  # a collection would hold a tick up: 2 ms, with PSRAM 100 ms and more; nothing allocates now
        if loop.state != SHOT:
            panel.step(clock.now_us)  # pyright: ignore[reportArgumentType] - as above
            front.show(panel.look, panel.keys, clock.left_us())
        if loop.disarmed:
            books.keep_books(panel.keys, panel.menu.is_open)


def open_stores(loop: DoseLoop) -> Bookkeeping:
    """Hand over what the flash holds, and go on with its books; each boot is written down. Without a config the device
    stays locked, without a calibration or with another program than its manifest says it does not arm, without a key
    it has neither; and says so."""
    key = keys.key_of("store")
    mac = Mac(key).code_of if key else None
    entered = Provisioning()
    entered.adopt(provisioning.record_of(Slots("/config", slot.CONFIG, slot, mac).load()))
    calibration = provisioning.record_of(Slots("/calibration", slot.CALIBRATION, slot, mac).load())
    loop.provision(entered, provisioning.CodeDigest(entered.salt), calibration)
    slots = Slots("/ledger", slot.LEDGER, slot, mac)
    books = Bookkeeping(loop, slots, JournalFiles(loop.journal, journal_record), RtcMark())
    books.open_books(reset_cause(), key is not None, manifest.fits())
    return books


def run() -> None:
    """Powers the device up and runs it."""
    board = Board()
    front = FrontPanel(pin_tables.table())
    try:
        loop = DoseLoop(Inputs(), Outputs())
        books = open_stores(loop)
        execute(board, front, loop, Panel(loop, Keys()), books)
    except KeyboardInterrupt:
        board.make_safe()
        leave_the_console_in_peace()
        raise
    finally:
        board.make_safe()
        front.dark()


if __name__ == "__main__":
    run()
