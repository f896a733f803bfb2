"""Who may use the device: a code of six digits, known only by its salted digest. Wrong ones lock the device out.

A code keeps passers-by away. It does not withstand somebody who reads the flash and tries a million codes: for that
the flash has to be encrypted (docs/safety.md, H20).
"""

from micropython import const

from firmware import limits

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY = const(-1)


def _none(_code: int) -> bytes:
    return b""


class Operators:
    """`current` is the place of whoever is logged in, or NOBODY; `digests` are those of the codes, and `digest` makes
    one of a code (0..999999). Both are written once, at power-on; until then no code is anybody's."""

    def __init__(self) -> None:
        self.current = NOBODY
        self.digests: "tuple[bytes, ...]" = ()
        self.digest: "Callable[[int], bytes]" = _none
        self.wrong = 0  # tries in a row
        self.locked_out_ticks = 0

    def log_in(self, code: int) -> bool:
        """Whether it is somebody's; five that are nobody's lock everybody out for five minutes. False while that lasts,
        whatever the code. Takes some milliseconds: never inside a tick."""
        if self.locked_out_ticks:
            return False
        digest = self.digest(code)
        for place in range(len(self.digests)):
            if self.digests[place] == digest:
                self.current = place
                self.wrong = 0
                return True
        self.wrong += 1
        if self.wrong >= limits.WRONG_CODES_MAX:
            self.wrong = 0
            self.locked_out_ticks = limits.LOCK_OUT_TICKS
        return False

    def step(self) -> None:
        """A tick of the lock-out has passed; ticks while nothing moves may be long, never short."""
        if self.locked_out_ticks:
            self.locked_out_ticks -= 1
