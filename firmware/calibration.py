"""What turns steps and counts into micrometres, picolitres and pascals, for one syringe.

The nominal values are the reference machine's (docs/hardware.md): inner diameter and total compliance (fluid and
drive) of the syringe, screw lead 1 mm at 3200 microsteps, sensor gains. What was measured of this device is a record,
taken as a whole or not at all; without one the device does not arm:

    {"1ml": {"pl_per_step": 5422, "compliance_pl_per_kpa": 2550}, "5ml": {...}, "10ml": {...}}

Each within 15 % of nominal. Content and sensors are the machine's, and not measured. Real syringes differ from one to
the next as well; the fluid estimator learns by how much.
"""

from micropython import const

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from typing import Any

# Sensors, counts * gain + zero: gauge pressure in the fluid, -50 000 .. 973 750 Pa; position of the needle
# -3000 .. 13 380 um, 0 at the nozzle plane.
PA_PER_COUNT = const(250)
PRESSURE_ZERO_PA = const(-50000)
UM_PER_COUNT = const(4)
NEEDLE_ZERO_UM = const(-3000)

# name: (picolitres per dose step, compliance in pl/kPa, content in dose steps)
_SYRINGES = {
    "1ml": (5422, 2550, 184434),
    "5ml": (37132, 29000, 134654),
    "10ml": (59729, 48000, 167423),
}
SYRINGES = ("1ml", "5ml", "10ml")


class Calibration:
    """One syringe on this machine, nominal or as it was measured (adopted()). Integers only.

    pl_per_step: displaced picolitres per dose step; compliance_pl_per_kpa: stored picolitres per kPa, fluid and drive;
    content_steps: dose steps that empty a full syringe.
    """

    def __init__(self, syringe: str, measured: "dict[str, tuple[int, int]] | None" = None) -> None:
        """Raises KeyError for a syringe that is not in SYRINGES."""
        row = _SYRINGES[syringe]
        self.syringe = syringe
        self.pl_per_step, self.compliance_pl_per_kpa = measured[syringe] if measured else row[:2]
        self.content_steps = row[2]

    def plausible(self) -> bool:
        """Whether the values are those of a syringe that fits: within 15 % of its nominal ones."""
        row = _SYRINGES[self.syringe]
        return (
            abs(self.pl_per_step - row[0]) <= row[0] * 3 // 20
            and abs(self.compliance_pl_per_kpa - row[1]) <= row[1] * 3 // 20
            and self.content_steps == row[2]
        )

    def steps_of_pl(self, volume_pl: int) -> int:
        """Whole dose steps nearest to a volume."""
        return (volume_pl + self.pl_per_step // 2) // self.pl_per_step

    def ul_of_steps(self, steps: int) -> int:
        """Microlitres of so many dose steps, to within a hundred steps: for people to read."""
        return (steps // 100 * self.pl_per_step + 5000) // 10000


def adopted(record: "Any") -> "dict[str, tuple[int, int]]":
    """What a record says, by syringe: picolitres per step, and per kPa. Empty if it is not whole, or not plausible."""
    measured: "dict[str, tuple[int, int]]" = {}
    try:
        for syringe in SYRINGES:
            row = record[syringe]
            values = (row["pl_per_step"], row["compliance_pl_per_kpa"])
            measured[syringe] = values
            if {type(value) for value in values} != {int} or not Calibration(syringe, measured).plausible():
                return {}
    except (KeyError, TypeError):
        return {}
    return measured
