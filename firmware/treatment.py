"""The treatment in work: what was chosen for it, which patient, whether the needle is theirs, and how many points of
the zone are done.

The device knows a patient as a number that counts up, and no name.
"""

from micropython import const

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.drop import Drop
    from firmware.fluid import Fluid
    from firmware.scale import Scale
    from firmware.settings import Settings
    from firmware.syringe import Syringe


class Treatment:
    """Changed at the panel, and only while disarmed. Points are drops that were delivered."""

    def __init__(self, settings: "Settings", syringe: "Syringe", fluid: "Fluid", scale: "Scale", drop: "Drop") -> None:
        self.patient = 1
        self.needle_used = 1  # nobody knows where the needle has been before power-on
        self.worked_ms = 0  # armed or in a shot, in this zone: pauses do not count
        self._settings = settings
        self._syringe = syringe
        self._fluid = fluid
        self._scale = scale
        self._drop = drop
        self._done_before = 0
        self._begun_before = 0

    def choose(self, wanted: "dict[str, int | str]") -> int:
        """Take new settings as a whole: 0; or a mask of refusals, and nothing has changed.

        Another kind of syringe or needle has to be primed; and nobody has said yet that the needle is a fresh one.
        """
        settings = self._settings
        syringe = settings.syringe
        needle = settings.needle
        refusals = settings.take(wanted)
        if refusals:
            return refusals
        if settings.syringe != syringe:
            self.unprime()
        if settings.needle != needle:
            self.needle_used = 1
            self.unprime()
        self._scale.trim_pl = 0
        if not self._syringe.primed:
            self._fluid.use(settings.calibration, 1)
        return 0

    def new_zone(self) -> None:
        """Count its points from zero."""
        self._done_before = self._drop.delivered
        self._begun_before = self._drop.number
        self.worked_ms = 0

    def new_patient(self) -> None:
        """The next number, a zone of their own, and a needle that was in nobody else."""
        self.patient += 1
        self.needle_used = 1
        self.unprime()
        self.new_zone()

    def new_needle(self) -> None:
        """A fresh needle is on: it has to be primed."""
        self.needle_used = 0
        self.unprime()

    def unprime(self) -> None:
        """What is known of syringe and needle no longer holds."""
        self._syringe.primed = 0
        self._scale.forget()

    def points_done(self) -> int:
        """Drops delivered in this zone."""
        return self._drop.delivered - self._done_before

    def drops_begun(self) -> int:
        """Drops of this zone, whatever became of them."""
        return self._drop.number - self._begun_before

    def drops_left(self, position_steps: int) -> int:
        """How many drops the syringe, at this counted plunger position, and the plan still allow."""
        settings = self._settings
        left = self._syringe.drops_left(position_steps, settings)
        return min(left, self.points_left(settings.points)) if settings.points else left

    def points_left(self, planned: int) -> int:
        """How many of the planned ones are to do."""
        return max(planned - self.points_done(), 0)

    def points_per_minute(self) -> int:
        """The pace so far, pauses left out, rounded down; 0 before there is one."""
        thousandths_of_a_minute = self.worked_ms // 60
        return self.points_done() * 1000 // thousandths_of_a_minute if thousandths_of_a_minute else 0
