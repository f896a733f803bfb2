"""The needle axis: where it is by count and by sensor, and how it gets to a depth. 0 um is the nozzle plane, + is
deeper."""

from micropython import const

from firmware import limits

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.motion import Ramp

_LOOK_TICKS = const(8)  # the sensor's noise of 6 um becomes 2
_SETTLE_TICKS = const(1)
_QUICK_TICKS = const(2)  # becomes 4
_QUICK_WITHIN_UM = const(40)
_SPRING_UM_PER_TICK = const(200)
_RELEASE_TICKS = const(4)  # chunk in flight, and a skin that bulges
_CORRECT_FROM_UM = const(15)  # less is within the sensor's own error
_CORRECT_MOST_UM = const(40)  # play of the axis; more is lost steps


class Needle:
    """Counted and measured position of the carriage, and moves on the ramp."""

    def __init__(self, ramp: "Ramp") -> None:
        self.ramp = ramp
        self.homed = 0
        self.home = 0
        self.counted_um = limits.NEEDLE_PARKED_UM
        self.measured_um = 0
        self.arrived = 0  # the last move has ended and the sensor agrees
        self.astray = 0  # it has ended and the sensor does not
        self.quick = 0  # set it for a short look: between the drops of a burst
        self._zero_steps = 0
        self._target_um = limits.NEEDLE_PARKED_UM
        self._correction_um = 0
        self._deep_correction_um = 0  # as the last careful look into the depth found it
        self._corrected = 0
        self._samples = 0
        self._sum_um = 0

    def sense(self, steps: int, measured_um: int, home: int) -> None:
        """One tick: counted steps since power-on, sensor, home switch."""
        self.home = home
        self.measured_um = measured_um
        self.counted_um = (steps - self._zero_steps) * limits.NEEDLE_UM_PER_STEP + limits.NEEDLE_PARKED_UM

    def set_home(self, steps: int) -> None:
        """The home switch has closed: here is the parked position."""
        self._zero_steps = steps
        self.homed = 1
        self.counted_um = limits.NEEDLE_PARKED_UM
        self._correction_um = 0

    def parked(self) -> int:
        """The needle is home, and the count knows where that is."""
        return self.homed and self.home

    def forget_home(self) -> None:
        """Unpowered, or moved by the spring: the count no longer says where the needle is."""
        self.homed = 0

    def spring_ticks(self) -> int:
        """How long the spring (100 mm/s) needs, once the power is off, until the tip is certainly out of the skin."""
        if self.counted_um <= limits.NEEDLE_WAITING_UM:
            return 0
        return self.counted_um // _SPRING_UM_PER_TICK + _RELEASE_TICKS

    def go(self, target_um: int) -> None:
        """Begin a move to a position, um."""
        self._target_um = target_um
        self._corrected = 0
        self._correction_um = self._deep_correction_um if self.quick and target_um > 0 else 0
        self._look()

    def step(self) -> int:
        """One tick of the move: steps to make now. Sets `arrived` or `astray` once the sensor has had its say."""
        go_um = self._target_um + self._correction_um - self.counted_um
        steps = go_um // limits.NEEDLE_UM_PER_STEP if go_um >= 0 else -(-go_um // limits.NEEDLE_UM_PER_STEP)
        if steps:
            self._look()
            return self.ramp.toward(steps)
        self.ramp.stop()
        if self.arrived or self.astray:
            return 0
        self._samples += 1
        if self._samples > 0:
            self._sum_um += self.measured_um
        if self.quick and self._samples == _QUICK_TICKS:
            short_um = self._target_um - self._sum_um // _QUICK_TICKS
            self.arrived = -_QUICK_WITHIN_UM <= short_um <= _QUICK_WITHIN_UM  # else the careful look decides
        elif self._samples == _LOOK_TICKS:
            self._judge(self._target_um - self._sum_um // _LOOK_TICKS)
        return 0

    def _judge(self, short_um: int) -> None:
        """The sensor says how far short of the target the needle stands: correct once, by no more than the play."""
        if -_CORRECT_FROM_UM <= short_um <= _CORRECT_FROM_UM:
            self.arrived = 1
            if self._target_um > 0:
                self._deep_correction_um = self._correction_um
        elif self._corrected or not -_CORRECT_MOST_UM <= short_um <= _CORRECT_MOST_UM:
            self.arrived = -limits.DEPTH_OVERSHOOT_UM <= short_um <= limits.DEPTH_OVERSHOOT_UM
            self.astray = not self.arrived
        else:
            self._corrected = 1
            self._correction_um = short_um
            self._look()

    def _look(self) -> None:
        """The sensor's mean starts anew."""
        self.arrived = 0
        self.astray = 0
        self._samples = -_SETTLE_TICKS
        self._sum_um = 0
