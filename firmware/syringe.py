"""The syringe in the machine: where the plunger was when it was put in, whether it is primed, and how many drops it
holds."""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.settings import Settings

_RESERVE_STEPS = const(4000)  # 2 to 3 % of a syringe are never used: nominal contents are not exact


class Syringe:
    """Counted in dose steps since the full syringe was put in."""

    def __init__(self) -> None:
        self.primed = 0
        self._loaded_steps = 0

    def load(self, position_steps: int) -> None:
        """A full syringe begins at this counted plunger position; it has to be primed."""
        self._loaded_steps = position_steps
        self.primed = 0

    def back_steps(self, position_steps: int) -> int:
        """The way back to where a full syringe begins; 0 or less while something is used."""
        return self._loaded_steps - position_steps

    def drops_left(self, position_steps: int, settings: "Settings") -> int:
        """How many drops of the settings it surely still holds."""
        calibration = settings.calibration
        left_steps = calibration.content_steps - _RESERVE_STEPS - (position_steps - self._loaded_steps)
        return max(left_steps, 0) // max(calibration.steps_of_pl(settings.dose_nl * 1000), 1)
