"""One motor on its driver: STEP pulses become steps of the screw while driver and motor supply let them."""

from tools.simulator.nets import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.simulator.nets import Net
    from tools.simulator.tmc2209 import Tmc2209


class _Wire(Listener):
    """EN or DIR of an axis."""

    def __init__(self, axis: "Axis") -> None:
        self._axis = axis

    def before_edge(self, now_us: int) -> None:
        self._axis.settle(now_us)

    def after_edge(self, now_us: int) -> None:
        self._axis.refresh()


class Axis:
    """STEP, DIR (high = plunger forward, needle deeper), EN (low = powered), a driver, a screw.

    Screw steps are counted in nominal microsteps, whatever the driver is set to.
    """

    def __init__(
        self, step: "Net", direction: "Net", enable: "Net", driver: "Tmc2209", nominal_microsteps: int
    ) -> None:
        self.step = step
        self.driver = driver
        self.powered = False  # the motor holds and moves
        self.connected = True  # False: the screw moves nothing (no syringe in)
        self.supplied = True  # False: the emergency stop has cut the motor supply
        # Faults of wires and mechanics, as the driver sees them; -1: the wire is sound. refresh() after a change.
        self.enable_stuck = -1
        self.direction_stuck = -1
        self.direction_inverted = False
        self.transmission: "Callable[[int], int] | None" = None  # what of so many steps reaches the screw
        self.power_changed: "Callable[[bool], None] | None" = None
        self._direction = direction
        self._enable = enable
        self._nominal = nominal_microsteps
        self._per_pulse = 0  # 1/256 full steps; 0 while pulses move nothing
        self._unit = 256 // nominal_microsteps
        self._pulses = step.rises
        self._moved = 0  # 1/256 full steps not yet handed on
        wire = _Wire(self)
        direction.listeners.append(wire)
        if enable not in (direction, step):
            enable.listeners.append(wire)
        driver.changed = self.refresh
        driver.inputs = self._inputs
        self.refresh()

    def settle(self, t_us: int) -> None:
        """Account for the pulses up to `t_us` under the conditions that held."""
        pulses = self.step.rises_by(t_us)
        if pulses != self._pulses:
            self._moved += (pulses - self._pulses) * self._per_pulse
            self._pulses = pulses

    def take(self, t_us: int) -> int:
        """Steps that the screw has made up to `t_us` since the last call."""
        pulses = self.step.rises_by(t_us)
        if pulses != self._pulses:
            self._moved += (pulses - self._pulses) * self._per_pulse
            self._pulses = pulses
        moved = self._moved
        if moved == 0:
            return 0
        steps = moved // self._unit if moved > 0 else -(-moved // self._unit)
        self._moved = moved - steps * self._unit
        return steps if self.transmission is None else self.transmission(steps)

    def refresh(self) -> None:
        """Conditions may have changed: work out what a pulse is worth."""
        chip = self.step.chip
        self.settle(chip.now_us)
        driver = self.driver
        enable = self._enable.level if self.enable_stuck < 0 else self.enable_stuck
        direction = self._direction.level if self.direction_stuck < 0 else self.direction_stuck
        powered = self.supplied and enable == 0 and driver.can_drive
        forward = (direction != 0) != (driver.reversed != self.direction_inverted)
        self._per_pulse = 0
        if powered and self.connected:
            self._per_pulse = (1 if forward else -1) * (256 // driver.microsteps)
        if powered != self.powered:
            self.powered = powered
            if self.power_changed is not None:
                self.power_changed(powered)

    @property
    def enabled(self) -> bool:
        """What the chip and the pull-up make of EN, whatever arrives at the driver."""
        return self._enable.level == 0

    def slip(self, steps: int) -> None:
        """Fault: the screw moves `steps` less than the pulses say (signed, + is forward)."""
        self._moved -= steps * self._unit

    def glitch(self, pulses: int) -> None:
        """Fault: interference on the STEP net makes `pulses` more; driver and counter both see them."""
        self.step.rises += pulses
        self.step.falls += pulses
        for follower in self.step.followers:
            follower.rises += pulses
            follower.falls += pulses

    def _inputs(self) -> int:
        chip = self.step.chip
        return self._enable.read() | self.step.read() << 7 | self._direction.read() << 9 | (chip.now_us & 0)
