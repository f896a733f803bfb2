"""The last resort: if no cycle is completed in time, the chip restarts and boot.py takes power off the motors."""

from machine import WDT
from micropython import const

# 125 ticks: longer than a flash erase (80 ms) or a garbage collection with PSRAM (about 100 ms), and no longer, because
# the needle may be in the skin and motor power only drops at the restart.
_TIMEOUT_MS = const(250)
_CONSOLE_TIMEOUT_MS = const(3_600_000)


class Watchdog:
    """Runs from construction on and cannot be stopped: construct it last, and feed it after each complete cycle."""

    def __init__(self) -> None:
        self.feed = WDT(timeout=_TIMEOUT_MS).feed


def leave_the_console_in_peace() -> None:
    """Gives whoever stopped the program by Ctrl-C an hour before the restart. Only with the motors off.

    Without this nothing could be flashed: a watchdog once started also runs under the prompt.
    """
    WDT(timeout=_CONSOLE_TIMEOUT_MS)
