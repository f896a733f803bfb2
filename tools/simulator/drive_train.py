"""The two screws: a stepper motor that loses steps when asked too much, the screw's own error, and play.

Owned by the plant; knows nothing of liquid. Positions in um, + is plunger forward or needle deeper.
"""

_TOP_STEPS = 40  # per 2 ms: 20 000 steps/s
_TOP_TOLERANCE = 8  # a chunk of 40 may be compressed into 1.7 ms
_RAMP_STEPS = 10  # growth per 2 ms, from 2 ms to 2 ms
_RAMP_TOLERANCE = 2
_TICK_US = 2000  # what the two above count in; so long without a step is rest

_HOME_UM = -2000
_SWITCH_UM = 25  # the home switch closes this far before the end
_DEEPEST_UM = 13000
_NEEDLE_PLAY_UM = 5


class Motor:
    """Counts how many of the steps asked for really turned the shaft.

    Asked for more than it can follow, a stepper falls out of step: it turns by none of that call's steps and starts
    again from rest. Slowing down and stopping are free. `spring_helps_back`: no ramp binds backward (needle out).
    """

    def __init__(self, spring_helps_back: bool = False) -> None:
        self.spring_helps_back = spring_helps_back
        self.lost_steps = 0
        self._rate = 0  # signed steps per 2 ms, the highest of the last 2 ms ...
        self._age_us = 0  # ... and how long ago that was

    def turn(self, dt_us: int, steps: int) -> int:
        """The steps that turned the shaft, of `steps` asked for in `dt_us`: all or none."""
        if steps == 0:
            self._age_us += dt_us
            if self._age_us >= _TICK_US:
                self._rate = 0
            return 0
        rate = steps * _TICK_US / dt_us
        speed = abs(rate)
        before = abs(self._rate) if rate * self._rate > 0 else 0
        self._age_us += dt_us
        if speed >= before or self._age_us >= _TICK_US:
            self._rate = rate
            self._age_us = 0
        if dt_us <= _TICK_US:  # part of a tick: a whole step more or less is no acceleration
            ramp = _RAMP_STEPS + _RAMP_TOLERANCE * _TICK_US / dt_us
        else:
            ramp = _RAMP_STEPS * dt_us / _TICK_US + _RAMP_TOLERANCE
        jerked = speed > before + ramp and (steps > 0 or not self.spring_helps_back)
        if jerked or speed > _TOP_STEPS + _TOP_TOLERANCE:
            self._rate = 0
            self.lost_steps += abs(steps)
            return 0
        return steps


class Screw:
    """The nut on the dose screw: position = steps x lead, plus an error that repeats with every turn."""

    def __init__(self, um_per_step: float, error_um: float, period_um: float, phase: float) -> None:
        self.um_per_step = um_per_step
        self.error_um = error_um  # amplitude
        self.period_um = period_um
        self.phase = phase  # of the error, in turns
        self.ideal_um = 0
        self._offset_um = 0
        self._offset_um = -self.move(0)  # the nut starts at 0

    def move(self, steps: int) -> float:
        """Where the nut is after so many signed steps, in um."""
        ideal = self.ideal_um = self.ideal_um + steps * self.um_per_step
        turn = ideal / self.period_um + self.phase
        turn -= turn // 1
        if turn > 0.75:
            turn -= 1
        elif turn > 0.25:
            turn = 0.5 - turn
        angle = turn * 710 / 113  # 2 pi to 3e-7; the series below is good to 2e-4 up to a quarter turn
        square = angle * angle
        sine = angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)))
        return ideal + self.error_um * sine + self._offset_um

    def slip(self, distance_um: float) -> None:
        """The motor stalled: the screw did not turn by the last `distance_um` (signed)."""
        self.ideal_um -= distance_um


class Carriage:
    """The needle carriage: -2000 um parked in the nozzle .. 13000 um, hard ends, a little play behind the motor."""

    def __init__(self, um_per_step: float) -> None:
        self.um_per_step = um_per_step
        self.motor_um = _HOME_UM
        self.tip_um = _HOME_UM
        self.home = True

    def move(self, steps: int) -> float:
        """Where the needle tip is after so many signed steps, in um from the nozzle plane."""
        motor = self.motor_um + steps * self.um_per_step
        tip = self.tip_um
        if motor > tip:
            tip = motor
        elif motor < tip - _NEEDLE_PLAY_UM:
            tip = motor + _NEEDLE_PLAY_UM
        end = tip
        if tip < _HOME_UM:
            end = _HOME_UM
        elif tip > _DEEPEST_UM:
            end = _DEEPEST_UM
        if end != tip:
            motor += end - tip
            tip = end
        self.motor_um = motor
        self.tip_um = tip
        self.home = tip <= _HOME_UM + _SWITCH_UM
        return tip
