"""The rotary encoder with its push: two contacts in quadrature, four edges from one detent to the next.

At rest both contacts are open. Clockwise A leads B. A detent takes 24 ms, and each edge bounces for up to 2 ms.
"""

from tools.simulator.bouncing import Contact

EDGE_US = 6_000
DETENT_US = 4 * EDGE_US
BOUNCE_US = 2_000
PUSH_BOUNCE_US = 5_000


class Knob:
    """Three contacts, and how long the last turn takes."""

    def __init__(self) -> None:
        self.a = Contact(BOUNCE_US, 1)
        self.b = Contact(BOUNCE_US, 2)
        self.push = Contact(PUSH_BOUNCE_US, 3)
        self.turns_until_us = 0

    def turn(self, detents: int, now_us: int) -> None:
        """Turn it, clockwise if positive, after what it is turning already."""
        at_us = max(now_us, self.turns_until_us)
        first, second = (self.a, self.b) if detents > 0 else (self.b, self.a)
        for _ in range(abs(detents)):
            first.move(1, at_us)
            second.move(1, at_us + EDGE_US)
            first.move(0, at_us + 2 * EDGE_US)
            second.move(0, at_us + 3 * EDGE_US)
            at_us += DETENT_US
        self.turns_until_us = at_us
