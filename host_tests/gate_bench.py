"""The gate alone, in the middle of a good drop that tests can spoil."""

from firmware import faults, limits, states
from firmware.calibration import Calibration
from firmware.fluid import Fluid
from firmware.image import Inputs, Outputs
from firmware.interlocks import Gate
from firmware.motion import Ramp
from firmware.needle import Needle

DOSE_PL = 10_000_000
DEPTH_UM = 1000


class Bench:
    """A gate in the middle of a good drop of 10 ul at 1 mm: trigger held, on skin, needle at depth, 10 kPa."""

    def __init__(self, state: str = "SHOT") -> None:
        self.fluid = Fluid()
        self.fluid.use(Calibration("1ml"), 130)
        self.needle = Needle(Ramp())
        self.gate = Gate(self.fluid, self.needle)
        self.state = state
        self.inputs = Inputs()
        self.inputs.stop_closed = 1
        self.inputs.pressure_counts = 240
        self.inputs.needle_counts = 1000
        self.inputs.supply_counts = 3170
        self.gate.depth_um = DEPTH_UM
        self.order(DOSE_PL)
        self.gate.reserve(0, 1 << 20)
        self.gate.trigger_both = 1
        self.gate.contact_both = 1
        self.fluid.pressure_pa = 10_000
        self.fluid.delivered_pl = 1_000_000
        self.needle.counted_um = self.needle.measured_um = DEPTH_UM
        if state in ("PRIME", "REWIND", "HOMING"):
            self.lift_off()
        self.enables: tuple[int, int] = (1, 1)  # what the planner asks for
        self.found: list[str] = []

    def order(self, dose_pl: int) -> None:
        """A dose of so much."""
        self.gate.most_pl = dose_pl + limits.overdose_pl(dose_pl, self.fluid.pl_per_step)

    def lift_off(self) -> None:
        """Off the skin, needle parked."""
        self.gate.contact_both = 0
        self.gate.contacts_open = 1
        self.needle.counted_um = self.needle.measured_um = limits.NEEDLE_PARKED_UM
        self.inputs.home = 1
        self.gate.begin_homing()

    def check(self, dose_steps: int = 0, needle_steps: int = 0) -> "tuple[int, int]":
        """What is left of these two chunks; the faults are in `found`."""
        outputs = self.outputs = Outputs()
        outputs.dose_enable, outputs.needle_enable = self.enables
        outputs.dose_chunk_steps = dose_steps
        outputs.needle_chunk_steps = needle_steps
        self.found = faults.names(self.gate.check(self.inputs, outputs, states.NAMES.index(self.state)))
        self.inputs.dose_steps += outputs.dose_chunk_steps  # counted until the next check
        return outputs.dose_chunk_steps, outputs.needle_chunk_steps

    @property
    def powered(self) -> "tuple[int, int]":
        """The enables that are left."""
        return self.outputs.dose_enable, self.outputs.needle_enable
