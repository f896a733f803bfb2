"""The fluid estimator: displaced, elastic, delivered, and how hard the tissue pushes back.

    delivered = displaced - C (P - P_origin)          while the plunger only moves forward from a touch-off
    P - P_tissue = R q                                 q = change of `delivered` per tick

C is the compliance of the syringe, R the needle's resistance as the prime measured it. All volumes in pl, per drop.
"""

from micropython import const

from firmware import limits
from firmware.units import per_thousand, within

_LEAST_PA_PER_NL = const(20)  # no prime measures less
_PASSED_MOST_PL = const(400000000)  # twice the largest drop: more is of no interest, and stays small

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.calibration import Calibration


class Fluid:
    """What is known about the liquid. Updated once a tick, from counted steps and the measured pressure.

    resistance_pa_per_nl: pressure for one nl per tick. time_ticks16: R C in sixteenths of a tick.
    """

    def __init__(self) -> None:
        self.pl_per_step = 1
        self.compliance_pl_per_kpa = 1
        self.resistance_pa_per_nl = 0
        self.time_ticks16 = 0
        self.pressure_pa = 0
        self.displaced_pl = 0
        self.elastic_pl = 0
        self.delivered_pl = 0
        self.flow_pl = 0  # per tick, smoothed over about four ticks
        self.passed_pl = 0  # the most that can have passed the needle: against no tissue, whatever C is
        self.tissue_pa = 0
        self._origin_steps = 0
        self._origin_pa = 0
        self._shift = 1

    @property
    def displaced_nl(self) -> int:
        """What the plunger displaced since the touch-off, nl."""
        return self.displaced_pl // 1000

    @property
    def elastic_nl(self) -> int:
        """What of it is stored elastically, nl."""
        return self.elastic_pl // 1000

    @property
    def delivered_nl(self) -> int:
        """What of it has left the needle, nl."""
        return self.delivered_pl // 1000

    @property
    def pa_per_step(self) -> int:
        """How much one dose step raises the pressure while nothing flows, Pa."""
        return self.pl_per_step * 1000 // self.compliance_pl_per_kpa

    def use(self, calibration: "Calibration", resistance_pa_per_nl: int) -> None:
        """Take the syringe's values, and the needle's resistance in Pa per nl/tick (1 .. 40 000)."""
        self.pl_per_step = calibration.pl_per_step
        self.compliance_pl_per_kpa = calibration.compliance_pl_per_kpa
        self.resistance_pa_per_nl = resistance_pa_per_nl
        self.time_ticks16 = per_thousand(resistance_pa_per_nl, self.compliance_pl_per_kpa) * 16 // 1000
        shift = 1
        reach_ticks16 = 16
        while reach_ticks16 < self.time_ticks16 and shift < 6:
            reach_ticks16 *= 3
            shift += 1
        self._shift = shift  # the tissue estimate is smoothed over 2^shift ticks: less than R C, more than its noise

    def begin(self, origin_steps: int, origin_pa: int) -> None:
        """A drop starts here: plunger position and pressure at the touch-off."""
        self._origin_steps = origin_steps
        self._origin_pa = origin_pa
        self.displaced_pl = 0
        self.elastic_pl = 0
        self.delivered_pl = 0
        self.flow_pl = 0
        self.passed_pl = 0
        self.tissue_pa = 0

    def sense(self, pressure_pa: int) -> None:
        """Take a pressure while no drop is in work."""
        self.pressure_pa = pressure_pa

    def update(self, dose_steps: int, pressure_pa: int) -> None:
        """One tick of a drop: total counted steps and pressure in Pa."""
        before_pa = self.pressure_pa
        before_pl = self.delivered_pl
        self.pressure_pa = pressure_pa
        self.displaced_pl = (dose_steps - self._origin_steps) * self.pl_per_step
        self.elastic_pl = per_thousand(self.compliance_pl_per_kpa, pressure_pa - self._origin_pa)
        self.delivered_pl = self.displaced_pl - self.elastic_pl
        change_pl = self.delivered_pl - before_pl
        self.flow_pl += (change_pl - self.flow_pl) >> 2
        if pressure_pa > 0:
            passing_pl = pressure_pa * 1000 // max(self.resistance_pa_per_nl, _LEAST_PA_PER_NL)
            self.passed_pl = min(self.passed_pl + passing_pl, _PASSED_MOST_PL)
        self._learn_tissue(pressure_pa, pressure_pa - before_pa, change_pl)

    def _learn_tissue(self, pressure_pa: int, rise_pa: int, change_pl: int) -> None:
        """Pull tissue_pa towards P - R q, where q is worth it.

        While the pressure moves much faster than the outflow explains, q is a small difference of large numbers and C
        is only known to 15 %: such ticks teach nothing. The noise of q is R C times that of the pressure, but what is
        too much in one tick is too little in the next: only the mean is kept within bounds.
        """
        resistance = self.resistance_pa_per_nl
        drive_pa = pressure_pa - self.tissue_pa
        if drive_pa < 0:
            drive_pa = 0
        if rise_pa < 0:
            rise_pa = -rise_pa
        # |dP| <= 1.5 (P - P_tissue) dt / RC + 3 kPa
        if rise_pa > 30000 or (rise_pa - 3000) * self.time_ticks16 > drive_pa * 24:
            return
        raw_pa = pressure_pa - per_thousand(resistance, change_pl)
        self.tissue_pa = within(self.tissue_pa + ((raw_pa - self.tissue_pa) >> self._shift), 0, max(pressure_pa, 0))

    def committed_pl(self) -> int:
        """What will have come out if everything stops now: displaced less what the tissue's own pressure keeps back."""
        return self.displaced_pl - per_thousand(self.compliance_pl_per_kpa, self.tissue_pa - self._origin_pa)

    def stored_pl(self, pressure_pa: int) -> int:
        """Elastic volume between the reference pressure and `pressure_pa`."""
        return per_thousand(self.compliance_pl_per_kpa, pressure_pa - limits.REFERENCE_PA)
