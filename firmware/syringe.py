"""The syringe in the machine: how much of it is used, whether it is primed, and how many drops it holds."""

from micropython import const

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.settings import Settings

PRIMED = const(0x2D5A)  # no flipped bit makes it from 0
_RESERVE_STEPS = const(4000)  # 2 to 3 % of a syringe are never used: nominal contents are not exact


class Syringe:
    """Counted in dose steps. A full syringe begins where the pusher was at power-on, which is step 0, and where the
    pusher goes back to for a new one; another kind that is chosen leaves the pusher where it is.
    """

    def __init__(self) -> None:
        self.primed = 0  # or PRIMED

    def back_steps(self, position_steps: int) -> int:
        """The way back to where a full syringe begins; 0 or less while something is used."""
        return -position_steps

    def used_steps(self, position_steps: int) -> int:
        """Steps since a full syringe began: prime, drops, and what a plunger that turns took back."""
        return position_steps

    def drops_left(self, position_steps: int, settings: "Settings") -> int:
        """How many drops of the settings it surely still holds."""
        calibration = settings.calibration
        left_steps = calibration.content_steps - _RESERVE_STEPS - self.used_steps(position_steps)
        return max(left_steps, 0) // max(calibration.steps_of_pl(settings.dose_nl * 1000), 1)
