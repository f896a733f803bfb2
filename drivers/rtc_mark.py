"""The mark in the memory of the RTC: every reset leaves it alone, only loss of power clears it."""

from machine import RTC
from machine import reset_cause as reset_cause  # a brownout reads as a power-on: it has cleared the memory too


class RtcMark:
    """64 bytes that are written in some microseconds, while the motors run. Nothing here knows what they mean."""

    def __init__(self) -> None:
        # The constructor empties a memory that was never written since power came; without it garbage is read.
        self._memory = RTC().memory

    def read(self) -> bytes:
        """What was written last, before a reset; after loss of power nothing."""
        return self._memory()

    def note(self, mark) -> None:
        """Keep the bytes of an array. Allocates nothing."""
        self._memory(mark)
