"""The fluid estimator: displaced, delivered, and how hard the tissue pushes back.

    delivered = displaced - C (P - P_origin)          while the plunger only moves forward from a touch-off
    P - P_tissue = R q                                 q = change of `delivered` per tick

C is the compliance of the syringe, R the needle's resistance as the prime measured it. All volumes in pl, per drop.
"""

from micropython import const

from firmware import limits
from firmware.units import per_thousand

_UNREST_SHIFT = const(7)  # over some 128 ticks
_LEAST_PA_PER_NL = const(20)  # no prime measures less
_PASSED_MOST_PL = const(400000000)  # twice the largest drop: more is of no interest, and stays small

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.calibration import Calibration


class Fluid:
    """What is known about the liquid. Updated once a tick, from counted steps and the measured pressure.

    resistance_pa_per_nl: pressure for one nl per tick. time_ticks16: R C in sixteenths of a tick.
    """

    def __init__(self) -> None:
        self.pl_per_step = 1
        self.compliance_pl_per_kpa = 1
        self.pa_per_step = 1000  # what one dose step adds to the pressure while nothing flows
        self.resistance_pa_per_nl = 0
        self.time_ticks16 = 0
        self.pressure_pa = 0
        self.displaced_pl = 0
        self.delivered_pl = 0
        self.flow_pl = 0  # per tick, smoothed over about four ticks
        self.passed_pl = 0  # the most that can have passed the needle: against no tissue, whatever C is
        self.tissue_pa = 0
        self._hindrance_pa_per_nl = _LEAST_PA_PER_NL
        self._seal = 0  # over what must not change by itself
        self.unrest_pa = 0  # mean change of the pressure from tick to tick, at rest
        self.origin_steps = 0
        self._origin_pa = 0
        self._shift = 1

    def use(self, calibration: "Calibration", resistance_pa_per_nl: int) -> None:
        """Take the syringe's values, and the needle's resistance in Pa per nl/tick (1 .. 40 000)."""
        self.pl_per_step = calibration.pl_per_step
        self.compliance_pl_per_kpa = calibration.compliance_pl_per_kpa
        self.pa_per_step = self.pl_per_step * 1000 // self.compliance_pl_per_kpa
        self.resistance_pa_per_nl = resistance_pa_per_nl
        self._hindrance_pa_per_nl = max(resistance_pa_per_nl, _LEAST_PA_PER_NL)
        self.time_ticks16 = per_thousand(resistance_pa_per_nl, self.compliance_pl_per_kpa) * 16 // 1000
        self._seal = self.pl_per_step ^ self.compliance_pl_per_kpa ^ resistance_pa_per_nl
        shift = 1
        reach_ticks16 = 16
        while reach_ticks16 < self.time_ticks16 and shift < 6:
            reach_ticks16 *= 3
            shift += 1
        self._shift = shift  # the tissue estimate is smoothed over 2^shift ticks: less than R C, more than its noise

    def intact(self) -> bool:
        """Whether volume and pressure are still told by what was taken in `use`; memory may fail."""
        return self._seal == self.pl_per_step ^ self.compliance_pl_per_kpa ^ self.resistance_pa_per_nl

    def rest(self, pressure_pa: int) -> None:
        """One tick in which no drop is in work and nothing is primed."""
        change_pa = pressure_pa - self.pressure_pa
        self.unrest_pa += ((change_pa if change_pa > 0 else -change_pa) - self.unrest_pa) >> _UNREST_SHIFT
        self.pressure_pa = pressure_pa

    def begin(self, origin_steps: int, origin_pa: int) -> None:
        """A drop starts here: plunger position and pressure at the touch-off."""
        self.origin_steps = origin_steps
        self._origin_pa = origin_pa
        self.displaced_pl = 0
        self.delivered_pl = 0
        self.flow_pl = 0
        self.passed_pl = 0
        self.tissue_pa = 0

    def update(self, dose_steps: int, pressure_pa: int) -> None:
        """One tick of a drop: total counted steps and pressure in Pa. While none is in work call rest()."""
        above_pa = pressure_pa - self._origin_pa
        delivered_pl = (dose_steps - self.origin_steps) * self.pl_per_step
        self.displaced_pl = delivered_pl
        # per_thousand, written out here and below: every tick passes here.
        delivered_pl -= self.compliance_pl_per_kpa * (above_pa // 1000)
        delivered_pl -= self.compliance_pl_per_kpa * (above_pa % 1000) // 1000
        change_pl = delivered_pl - self.delivered_pl
        self.delivered_pl = delivered_pl
        self.flow_pl += (change_pl - self.flow_pl) >> 2
        self._press(pressure_pa, change_pl)

    def _press(self, pressure_pa: int, change_pl: int) -> None:
        """What the pressure drives through the needle, and how hard the tissue pushes back: towards P - R q.

        While the pressure moves much faster than the outflow explains, q is a small difference of large numbers and C
        is only known to 15 %: such ticks teach nothing. The noise of q is R C times that of the pressure, but what is
        too much in one tick is too little in the next: only the mean is kept within bounds.
        """
        rise_pa = pressure_pa - self.pressure_pa
        self.pressure_pa = pressure_pa
        resistance = self.resistance_pa_per_nl
        if pressure_pa > 0:
            self.passed_pl += pressure_pa * 1000 // self._hindrance_pa_per_nl
            if self.passed_pl > _PASSED_MOST_PL:
                self.passed_pl = _PASSED_MOST_PL
        if rise_pa < 0:
            rise_pa = -rise_pa
        tissue_pa = self.tissue_pa
        # |dP| <= 1.5 (P - P_tissue) dt / RC + 3 kPa
        drive_pa = pressure_pa - tissue_pa if pressure_pa > tissue_pa else 0
        if rise_pa > 30000 or (rise_pa - 3000) * self.time_ticks16 > drive_pa * 24:
            return
        drive_pa = resistance * (change_pl // 1000) + resistance * (change_pl % 1000) // 1000
        tissue_pa += (pressure_pa - drive_pa - tissue_pa) >> self._shift
        if tissue_pa > pressure_pa:
            tissue_pa = pressure_pa
        self.tissue_pa = tissue_pa if tissue_pa > 0 else 0

    def committed_pl(self) -> int:
        """What will have come out if everything stops now: displaced less what the tissue's own pressure keeps back."""
        return self.displaced_pl - per_thousand(self.compliance_pl_per_kpa, self.tissue_pa - self._origin_pa)

    def stored_pl(self, pressure_pa: int) -> int:
        """Elastic volume between the reference pressure and `pressure_pa`."""
        return per_thousand(self.compliance_pl_per_kpa, pressure_pa - limits.REFERENCE_PA)
