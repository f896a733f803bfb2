"""A terminal without a screen: a pty on which a test types, and what is drawn on it as rows of text."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
from typing import TextIO

_PIECE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|(\r)|(\n)|([^\x1b\r\n])")
_PATIENCE_S = 10


class PaperTerminal:
    """A program gets `keyboard` and `paper`. Understands what is needed of xterm: moving, erasing, ignoring colours."""

    def __init__(self, columns: int, rows: int) -> None:
        self._person, self._program = pty.openpty()
        self.keyboard: TextIO = os.fdopen(os.dup(self._program), "r")
        self.paper: TextIO = os.fdopen(os.dup(self._program), "w", encoding="utf-8")
        self._raw = b""
        self.screens = 0  # how often the alternate screen was entered, less how often left
        self.cursor_shown = True
        self.resize(columns, rows)

    def close(self) -> None:
        """The window is closed."""
        self.keyboard.close()
        self.paper.close()
        os.close(self._program)
        os.close(self._person)

    def resize(self, columns: int, rows: int) -> None:
        """Another window size; what was drawn is gone."""
        self.columns = columns
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        fcntl.ioctl(self._program, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def settings(self) -> list[object]:
        """How the terminal treats keys."""
        return termios.tcgetattr(self._program)

    def type(self, keys: str) -> None:
        """Returns when the program can read them."""
        os.write(self._person, keys.encode())
        assert select.select([self._program], [], [], _PATIENCE_S)[0]

    def rows(self) -> list[str]:
        """What is on it now."""
        self.read()
        return ["".join(row).rstrip() for row in self._cells]

    def text(self) -> str:
        """The same in one piece."""
        return "\n".join(self.rows())

    def read(self) -> None:
        """Take what the program has written."""
        while select.select([self._person], [], [], 0)[0]:
            self._raw += os.read(self._person, 65536)
        cut = self._raw.rfind(b"\x1b", len(self._raw) - 20) if len(self._raw) else 0
        whole = self._raw if cut < 0 or re.match(rb"\x1b\[[?\d;]*[A-Za-z]", self._raw[cut:]) else self._raw[:cut]
        text = whole.decode("utf-8", "ignore")
        self._raw = self._raw[len(text.encode()) :]
        for piece in _PIECE.finditer(text):
            self._draw(*piece.groups())

    def _draw(self, numbers: str, command: str, back: str, down: str, letter: str) -> None:
        if letter:
            self._cells[self._row][self._column] = letter
            self._column = min(self._column + 1, self.columns - 1)
        elif back:
            self._column = 0
        elif down:
            self._row = min(self._row + 1, len(self._cells) - 1)
        elif command == "H":
            row, column = [int(number) for number in (numbers or "1;1").split(";")]
            self._row, self._column = row - 1, column - 1
        elif command == "K":
            assert numbers == "2"
            self._cells[self._row] = [" "] * self.columns
        elif command == "J":
            self._cells = [[" "] * self.columns for _ in self._cells]
        elif command in "hl" and numbers == "?1049":
            self.screens += 1 if command == "h" else -1
        elif command in "hl" and numbers == "?25":
            self.cursor_shown = command == "h"
        else:
            assert command == "m", f"a terminal need not know CSI {numbers}{command}"
