"""The peer: a shot as marketed devices make it. Count the steps, then retract; the pressure is not looked at.

`install` puts it in the place of the firmware's shot for one session. It is never flashed. All else stays: homing,
prime, needle, contacts, trigger, stop. The gate still guards them, but not pressure and volume: the peer has no sensor.
"""

_WAITING_UM = -500
_PARKED_UM = -2000

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any


def install(modules: "dict[str, Any]") -> None:
    """Make DoseLoop, not yet constructed, dose by counting. `modules`: the device's, by their short names."""
    loop_module = modules["loop"]
    loop_module.Shot = _counting_shot(modules)
    loop_module.Gate = _gate_without_pressure(loop_module.Gate, modules["faults"].PRESSURE_SENSOR)


def _counting_shot(modules: "dict[str, Any]") -> "type":
    """A Shot that overrides the phases in which the firmware looks at the pressure."""
    shot: "Any" = modules["shot"]
    drop = modules["drop"]

    class CountingShot(shot.Shot):
        """Extend, feed the counted steps, retract."""

        _counted_pl = 0

        def _touch_off(self, position_steps: int) -> None:
            """No reference: the plunger begins where it stands."""
            self.scale.position_steps = position_steps
            self.scale.pressure_pa = self.fluid.pressure_pa
            self.scale._seal = self.scale._sum()
            self._touched()

        def _dose(self, position_steps: int) -> None:
            pl_per_step = self.fluid.pl_per_step
            wanted_steps = (self._target_pl + pl_per_step // 2) // pl_per_step
            fed_steps = position_steps - self.scale.position_steps
            if fed_steps < wanted_steps:
                self.dose_steps = self.dose._ramp.toward(wanted_steps - fed_steps)
                return
            self._counted_pl = fed_steps * pl_per_step
            self.estimate.turn(position_steps)
            self.relax.done = 1  # nothing is taken back: the needle leaves in the next tick
            self.departure.begin(self._depth_um, _WAITING_UM if self.left_in_burst else _PARKED_UM)
            self._enter(shot.RELAX)

        def _turn(self, position_steps: int) -> None:
            """The plunger stays where it is."""
            self._enter(shot.WEIGH)

        def _weigh(self, position_steps: int) -> None:
            """What was counted is what is reported."""
            self.drop.close(drop.DELIVERED, self._counted_pl, 0, 0)
            self.drop.count(self._counted_pl)
            self._enter(shot.WAIT if self.left_in_burst else shot.IDLE)

    return CountingShot


def _gate_without_pressure(gate: "Any", pressure_sensor: int) -> "type":
    class PeerGate(gate):
        """Everything but what a pressure sensor tells, which the peer does not have."""

        def _sensors(self, inputs: "Any") -> int:
            return gate._sensors(self, inputs) & ~pressure_sensor

        def _pressure(self, outputs: "Any") -> int:
            return 0

        def _volume(self, outputs: "Any") -> int:
            return 0

    return PeerGate
