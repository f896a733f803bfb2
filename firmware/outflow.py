"""Outflow: whether what is fed really passes the needle, by the pressure that driving it must cost.

Fed steadily, P = P_tissue + R q. If the plunger moves and nothing comes (syringe empty, plunger at its end, leak),
the pressure falls to the tissue's own while the estimator goes on counting: the tissue would seem to give way by R q
at once. No tissue does; what a feed adds to it only relaxes, in about half a second.
"""

from micropython import const

from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid

_WINDOW_TICKS = const(6)  # and a quarter of R C more: the slower the liquid, the noisier its flow
_WINDOW_MOST_TICKS = const(60)
_MARGIN_PA = const(3000)  # noise of a window, and a lagging sensor
_DRIVE_LEAST_PA = const(6000)  # less drive than this says nothing


class Outflow:
    """`missing` when the drive pressure of a steady feed has gone. Judged window by window, while a dose is fed."""

    def __init__(self, fluid: "Fluid") -> None:
        self._fluid = fluid
        self.missing = 0
        self._ticks = 0
        self._window_ticks = _WINDOW_TICKS
        self._from_pa = 0
        self._from_displaced_pl = 0
        self._from_delivered_pl = 0
        self._sum_pa = 0
        self._tissue_pa = -1  # highest seen in a steady window of this drop; below 0: none yet

    def begin(self) -> None:
        """A feed begins."""
        self.missing = 0
        self._tissue_pa = -1
        self._window_ticks = min(_WINDOW_TICKS + self._fluid.time_ticks16 // 64, _WINDOW_MOST_TICKS)
        self._open()

    def _open(self) -> None:
        """A new window starts at this tick."""
        fluid = self._fluid
        self._ticks = 0
        self._sum_pa = 0
        self._from_pa = fluid.pressure_pa
        self._from_displaced_pl = fluid.displaced_pl
        self._from_delivered_pl = fluid.delivered_pl

    def feed(self) -> None:
        """One tick of the feed, after the fluid's update."""
        fluid = self._fluid
        self._ticks += 1
        self._sum_pa += fluid.pressure_pa
        if self._ticks < self._window_ticks:
            return
        fed_pl = fluid.displaced_pl - self._from_displaced_pl
        stored_pl = per_thousand(fluid.compliance_pl_per_kpa, fluid.pressure_pa - self._from_pa)
        if -fed_pl < stored_pl * 4 < fed_pl:
            self._judge((fluid.delivered_pl - self._from_delivered_pl) // self._window_ticks)
        self._open()

    def _judge(self, flow_pl: int) -> None:
        """A steady window: flow per tick as the estimator counts it."""
        drive_pa = per_thousand(self._fluid.resistance_pa_per_nl, flow_pl)
        if drive_pa < _DRIVE_LEAST_PA:
            return
        tissue_pa = self._sum_pa // self._window_ticks - drive_pa
        if 0 <= self._tissue_pa > tissue_pa + drive_pa // 2 + _MARGIN_PA:
            self.missing = 1
        self._tissue_pa = max(self._tissue_pa, tissue_pa)
