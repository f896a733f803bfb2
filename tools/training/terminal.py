"""A terminal as a desk for training: single keys without Enter, a picture that is drawn over, and the real clock.

Leaving the `with` block gives the terminal back as it was, whatever ended the session.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import Any, TextIO

from rich.console import Console, ConsoleDimensions
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from tools.training.glass import SIZES, fitting
from tools.training.view import COLUMNS, ROWS, View, rows

_KEYS = {
    "\x1b[C": "right",
    "\x1bOC": "right",
    "\x1b[D": "left",
    "\x1bOD": "left",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\r": "enter",
    "\n": "enter",
}
_KEY = re.compile(r"\x1b\[[0-9;]*[@-~]|\x1bO.|.", re.DOTALL)
_UNFINISHED = re.compile(r"\x1b(\[[0-9;]*|O)?$")
_BELOW_THE_GLASS = ROWS - SIZES["braille"][1]
_ENDING = ("SIGTERM", "SIGHUP")
_LATE_S = 0.25  # what is lost beyond this is not caught up: the session just runs later


class NoTerminalError(Exception):
    """Nothing to draw on or to read keys from; the message says in one line what is missing."""


class RealTime:
    """Session time at the pace of the clock. What a slow terminal took beyond a moment is not caught up."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._zero_s: float | None = None

    def wait(self, now_us: int) -> None:
        """Return when the clock has reached this moment of the session."""
        now_s = now_us / 1e6
        if self._zero_s is None:
            self._zero_s = self._clock() - now_s
        ahead_s = self._zero_s + now_s - self._clock()
        if ahead_s > 0:
            self._sleep(ahead_s)
        elif ahead_s < -_LATE_S:
            self._zero_s -= ahead_s


class Terminal:
    """A desk (hand.Desk). `pace` is called with the session's time in us, and returns when it has come."""

    def __init__(self, console: Console, keyboard: TextIO, pace: Callable[[int], None]) -> None:
        """`keyboard`: where keys are read from. Raises NoTerminalError."""
        if not console.is_terminal or not keyboard.isatty():
            raise NoTerminalError("--screen needs a terminal, and this is none")
        if console.is_dumb_terminal:
            raise NoTerminalError("--screen needs a terminal that can draw over what it shows (TERM is dumb)")
        if not console.encoding.lower().startswith("utf"):
            raise NoTerminalError(f"--screen needs a terminal with UTF-8, and this one has {console.encoding}")
        self._pace = pace
        self._console = console
        self._keyboard = keyboard.fileno()
        self._typed = ""
        self._wish = 0  # how often another picture was asked for
        self._size = ConsoleDimensions(0, 0)
        self._shown: list[Text] = []
        self._exits = ExitStack()

    def __enter__(self) -> Terminal:
        with ExitStack() as exits:
            exits.callback(_single_keys(self._keyboard))
            exits.callback(_end_politely())
            exits.callback(self._console.set_alt_screen, False)
            self._console.set_alt_screen(True)
            exits.callback(self._console.show_cursor, True)
            self._console.show_cursor(False)
            self._exits = exits.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exits.close()

    def wait(self, now_us: int) -> None:
        """Return when so much of the session's time has passed."""
        self._pace(now_us)

    def typed(self) -> list[str]:
        """What was typed since the last call; v, another picture, is kept here. Waits for nothing."""
        while select.select([self._keyboard], [], [], 0)[0]:
            read = os.read(self._keyboard, 1024)
            if not read:
                return ["q"]  # the terminal is gone
            self._typed += read.decode("utf-8", "ignore")
        unfinished = _UNFINISHED.search(self._typed)
        end = unfinished.start() if unfinished else len(self._typed)
        found = [_KEYS.get(key[0], key[0]) for key in _KEY.finditer(self._typed[:end])]
        self._typed = self._typed[end:]
        self._wish += found.count("v")
        return [key for key in found if key != "v"]

    def show(self, view: View) -> None:
        """Draw the rows that differ from what is there."""
        size = ConsoleDimensions(*os.get_terminal_size(self._keyboard))
        if size != self._size:
            self._size = self._console.size = size
            self._shown = []
            self._console.clear()
        wanted = self._rows(view)
        with self._console:
            for number, row in enumerate(wanted):
                if number >= len(self._shown) or row != self._shown[number]:
                    self._console.control(Control.move_to(0, number), Control((ControlType.ERASE_IN_LINE, 2)))
                    self._console.print(row, end="", no_wrap=True, overflow="crop", crop=True, highlight=False)
            for number in range(len(wanted), len(self._shown)):
                self._console.control(Control.move_to(0, number), Control((ControlType.ERASE_IN_LINE, 2)))
        self._shown = wanted

    def _rows(self, view: View) -> list[Text]:
        columns, high = self._size
        forms = fitting(columns, high - _BELOW_THE_GLASS)
        if not forms or columns < COLUMNS:
            return [Text(f"{columns} x {high} is too small: make it {COLUMNS} x {ROWS} at least. q: power off")]
        return rows(view, forms[self._wish % len(forms)], columns)


def _single_keys(keyboard: int) -> Callable[[], None]:
    """Keys come one by one and unseen; Ctrl-C stays, but nothing suspends or freezes. Returns what undoes it."""
    try:
        import termios
    except ImportError:
        raise NoTerminalError("--screen needs a terminal of Linux or macOS") from None
    before = termios.tcgetattr(keyboard)
    wanted: list[Any] = termios.tcgetattr(keyboard)
    wanted[0] &= ~termios.IXON
    wanted[3] &= ~(termios.ICANON | termios.ECHO)
    wanted[6] = list(wanted[6])
    wanted[6][termios.VMIN] = 1
    wanted[6][termios.VTIME] = 0
    wanted[6][termios.VSUSP] = b"\0"
    termios.tcsetattr(keyboard, termios.TCSADRAIN, wanted)
    return lambda: termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


def _end_politely() -> Callable[[], None]:
    """Let a request to end come as an exception, so that what has to be undone is. Returns what undoes that."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {name: signal.signal(getattr(signal, name), end) for name in _ENDING}

    def restore() -> None:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)

    return restore
