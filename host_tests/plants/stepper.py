"""A stepper motor for the unfavourable plant: it makes what it can and loses the rest."""

import math


class Motor:
    """A motor that makes as many steps as it can follow and loses the rest."""

    def __init__(self, spring_back: bool) -> None:
        self.spring_back = spring_back  # backward there is a spring to help: no ramp
        self.rate = 0.0
        self.still_us = 0
        self.lost_steps = 0.0

    def follow(self, dt_us: int, steps: int) -> float:
        """How many of `steps`, asked for in `dt_us`, turned the shaft."""
        if steps == 0:
            self.still_us += dt_us
            if self.still_us >= 2000:
                self.rate = 0.0
            return 0.0
        self.still_us = 0
        ticks = dt_us / 2000
        same_way = max(0.0, math.copysign(1, steps) * self.rate)
        limit = min(40 * 1.2, same_way + 10 * max(ticks, 1) + 2 / min(ticks, 1))
        if steps < 0 and self.spring_back:
            limit = 48.0
        made = math.copysign(min(abs(steps), limit * ticks), steps)
        self.lost_steps += abs(steps - made)
        self.rate = made / ticks
        return made
