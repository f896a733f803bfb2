"""Connects the parts of the device and runs them. Decides nothing."""

import gc

from drivers import keys, provisioning
from drivers import pins as pin_tables
from drivers.board import Board
from drivers.clock import Clock
from drivers.front_panel import FrontPanel
from drivers.store import Slots
from drivers.watchdog import Watchdog, leave_the_console_in_peace
from firmware import slot
from firmware.image import Inputs, Keys, Outputs
from firmware.loop import DoseLoop
from firmware.panel import Panel
from firmware.provisioning import Provisioning
from firmware.states import SHOT
from protocol.auth import Mac


def execute(board: Board, front: FrontPanel, loop: DoseLoop, panel: Panel) -> None:
    """The cyclic executive, for ever: one tick every 2 ms; then, in what is left of it, the background.

    While disarmed the motor drivers are looked after and the knob is read; the panel goes on in all states but SHOT.
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


def provision(loop: DoseLoop) -> None:
    """Hand over what the flash holds. Without a config the device stays locked, without a calibration it does not arm,
    without a key it has neither; and says so."""
    key = keys.key("store")
    mac = Mac(key).of if key else None
    entered = Provisioning()
    entered.adopt(provisioning.record_of(Slots("/config", slot.CONFIG, slot, mac).read()))
    calibration = provisioning.record_of(Slots("/calibration", slot.CALIBRATION, slot, mac).read())
    loop.provision(entered, provisioning.CodeDigest(entered.salt), calibration)


def run() -> None:
    """Powers the device up and runs it."""
    board = Board()
    front = FrontPanel(pin_tables.table())
    try:
        loop = DoseLoop(Inputs(), Outputs())
        provision(loop)
        execute(board, front, loop, Panel(loop, Keys()))
    except KeyboardInterrupt:
        board.make_safe()
        leave_the_console_in_peace()
        raise
    finally:
        board.make_safe()
        front.dark()


if __name__ == "__main__":
    run()
