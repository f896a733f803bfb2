"""The beat of the control loop: one tick every 2000 us on the chip's 30-bit microsecond counter."""

from time import sleep_us, ticks_add, ticks_diff, ticks_us

from micropython import const

_TICK_US = const(2000)


class Clock:
    """Says when the next tick starts, and how late it really started."""

    def __init__(self) -> None:
        self.now_us = ticks_us()
        self.late_us = 0
        self._due_us = self.now_us

    def start(self) -> None:
        """The first tick is due one period from now. Call once, right before the loop."""
        self._due_us = ticks_add(ticks_us(), _TICK_US)

    def wait(self) -> int:
        """Sleeps until the tick is due; returns how late it is in us, 0 or more, and leaves its time in `now_us`.

        `now_us` is in 30-bit ticks. sleep_us returns at once for less than 5 us, so the end is always judged by the
        counter itself. A tick late by a period or more moves the beat: missed ticks are not made up for in a bunch.
        """
        due_us = self._due_us
        now_us = ticks_us()
        early_us = ticks_diff(due_us, now_us)
        while early_us > 0:
            sleep_us(early_us)
            now_us = ticks_us()
            early_us = ticks_diff(due_us, now_us)
        self.now_us = now_us
        self.late_us = -early_us
        if early_us <= -_TICK_US:
            due_us = now_us
        self._due_us = ticks_add(due_us, _TICK_US)
        return self.late_us

    def left_us(self) -> int:
        """What is left until the next tick is due; negative if it is over."""
        return ticks_diff(self._due_us, ticks_us())
