"""What runs out onto the skin when the needle leaves it: not more than was stored, and not faster than the needle lets
it."""

from micropython import const

from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid

_CAPILLARY_PA = const(1500)  # a drop hangs on up to here


class Leak:
    """`leaked_pl` of this drop."""

    def __init__(self, fluid: "Fluid") -> None:
        self._fluid = fluid
        self.leaked_pl = 0
        self._most_pl = 0
        self._skin_pa = 0
        self._skin_steps = 0

    def begin(self) -> None:
        """A drop is opened."""
        self.leaked_pl = 0
        self._most_pl = 0

    def in_skin(self, position_steps: int) -> None:
        """A tick with the tip still in the skin, plunger at this counted position."""
        self._skin_pa = self._fluid.pressure_pa
        self._skin_steps = position_steps

    def leave(self, position_steps: int) -> None:
        """The tip left the skin within the last tick: what may run out, and the half tick in which it already did."""
        fluid = self._fluid
        pulled_pl = (self._skin_steps - position_steps) * fluid.pl_per_step
        self._most_pl = max(per_thousand(fluid.compliance_pl_per_kpa, self._skin_pa - _CAPILLARY_PA) - pulled_pl, 0)
        self._run((self._skin_pa + fluid.pressure_pa) // 2, 500)

    def in_air(self) -> None:
        """A tick in air."""
        self._run(self._fluid.pressure_pa, 1000)

    def uncertainty_pl(self) -> int:
        """How far the truth may lie from it: half of it, and a kilopascal or two at the moment of leaving."""
        return self.leaked_pl // 2 + 2 * self._fluid.compliance_pl_per_kpa

    def _run(self, pressure_pa: int, tick_thousandths: int) -> None:
        """A tick or a part of one at this pressure."""
        if pressure_pa > _CAPILLARY_PA:
            more_pl = (pressure_pa - _CAPILLARY_PA) * tick_thousandths // max(self._fluid.resistance_pa_per_nl, 1)
            self.leaked_pl = min(self.leaked_pl + more_pl, self._most_pl)
