"""What is common to the faults of one axis."""

from tools.simulator.faults.fault import Fault
from tools.simulator.pads import pad

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.axis import Axis
    from tools.simulator.tmc2209 import Tmc2209
    from tools.simulator.world import World

AXES = (("dose", "dose motor"), ("needle", "needle motor"))


class OnAxis(Fault):
    """Something of one axis, `dose` or `needle`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._pulses = 0

    @property
    def axis(self) -> "Axis":
        """The axis, since the last power-on."""
        return self.world.dose if self.name == "dose" else self.world.needle

    @property
    def driver(self) -> "Tmc2209":
        """Its motor driver."""
        return self.axis.driver

    def wire(self, world: "World") -> None:
        """The STEP net is new too."""
        self._pulses = 0
        super().wire(world)

    def strike(self, loop: "Any") -> None:
        """Now."""
        self.new_pulses()
        super().strike(loop)

    def new_pulses(self) -> int:
        """Pulses on the STEP net since the last call."""
        pulses = self.axis.step.rises_by(self.world.now_us)
        new = pulses - self._pulses
        self._pulses = pulses
        return new

    def forward(self) -> bool:
        """What the chip drives on DIR: plunger forward, needle deeper."""
        world = self.world
        number = world.pins.DOSE_DIR if self.name == "dose" else world.pins.NEEDLE_DIR
        return pad(world.chip, number).net.level != 0
