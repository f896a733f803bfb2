"""Connects the parts of the device and runs them. Decides nothing."""

from drivers.board import Board
from drivers.clock import Clock
from drivers.store import StoreError, read_json
from drivers.watchdog import Watchdog, leave_the_console_in_peace
from firmware.image import Inputs, Outputs
from firmware.loop import DoseLoop

SETTINGS_FILE = "settings.json"


def read_settings(path: str) -> "dict | None":
    """What the clinician chose, or None if the file cannot be used; then the device says so and stays inhibited."""
    try:
        return read_json(path)
    except StoreError as error:
        print("main.py:", error)
        return None


def execute(board: Board, inputs: Inputs, outputs: Outputs, loop: DoseLoop) -> None:
    """The cyclic executive, for ever: one tick every 2 ms, and one background slice in each tick that is disarmed."""
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
            board.step_background()


def run(flash: str = "") -> None:
    """Powers the device up and runs it. `flash` goes before the names of files; on the device it is empty."""
    board = Board()
    try:
        inputs = Inputs()
        outputs = Outputs()
        loop = DoseLoop(inputs, outputs)
        loop.propose(read_settings(flash + SETTINGS_FILE))
        execute(board, inputs, outputs, loop)
    except KeyboardInterrupt:
        board.make_safe()
        leave_the_console_in_peace()
        raise
    finally:
        board.make_safe()


if __name__ == "__main__":
    run()
