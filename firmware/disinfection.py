"""Whether the skin of this zone is disinfected: said by the clinician at the device, dry after a while, and not for
long."""

from micropython import const

from firmware import limits
from firmware.ticks import since_us

NONE = const(0)
DRYING = const(0x33)  # a flipped bit turns none of them into another
STANDS = const(0x5A)


class Disinfection:
    """`stage` is one of the above. It begins with `confirm` and ends by itself; nothing else makes it stand.

    drying_us is written once, from the provisioning; step() has to be called at least every 7 minutes.
    """

    def __init__(self) -> None:
        self.stage = NONE
        self.drying_us = limits.DRYING_LEAST_S * 1000000
        self._since_us = 0

    def confirm(self, now_us: int) -> None:
        """The clinician has held CONFIRM for the zone that the display named."""
        self.stage = DRYING
        self._since_us = now_us

    def step(self, now_us: int) -> None:
        """Time passes."""
        if self.stage != DRYING and self.stage != STANDS:
            self.stage = NONE
        else:
            passed_us = since_us(now_us, self._since_us)
            if passed_us >= limits.DISINFECTED_US:
                self.stage = NONE
            elif passed_us >= self.drying_us:
                self.stage = STANDS

    def stands(self, now_us: int) -> bool:
        """Whether it stands at this time."""
        self.step(now_us)
        return self.stage == STANDS

    def forget(self) -> None:
        """Another zone, patient or needle, or a fault."""
        self.stage = NONE

    def drying_s(self, now_us: int) -> int:
        """Seconds until it is dry, rounded up; only of something that is drying."""
        return (self.drying_us - since_us(now_us, self._since_us) + 999999) // 1000000
