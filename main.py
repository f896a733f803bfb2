"""Connects the parts of the device and runs them. Decides nothing."""

import gc

from drivers import pins as pin_tables
from drivers import provisioning
from drivers.board import Board
from drivers.clock import Clock
from drivers.front_panel import FrontPanel
from drivers.watchdog import Watchdog, leave_the_console_in_peace
from firmware.image import Inputs, Keys, Outputs
from firmware.loop import DoseLoop
from firmware.panel import Panel
from firmware.provisioning import Provisioning
from firmware.states import SHOT


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


def run() -> None:
    """Powers the device up and runs it."""
    board = Board()
    front = FrontPanel(pin_tables.table())
    try:
        loop = DoseLoop(Inputs(), Outputs())
        entered = Provisioning()
        entered.adopt(provisioning.stored())  # without one the device stays locked, and says so
        loop.provision(entered, provisioning.CodeDigest(entered.salt))
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
