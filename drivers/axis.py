"""One motor axis: direction, pulses, and the independent count of them. Power (EN) is the board's."""

from machine import Pin

from drivers.pulse_train import PulseTrain
from drivers.step_counter import StepCounter


class Axis:
    """Moves by chunks, and only while every step so far is accounted for. Steps are signed: + with DIR high."""

    def __init__(self, unit: int, step_pin: int, count_pin: int, dir_pin: int, trains: tuple) -> None:
        self._counter = StepCounter(unit, count_pin, dir_pin)
        self._dir = Pin(dir_pin, Pin.OUT, value=0)
        self._train = PulseTrain(step_pin, trains)
        self._expected_steps = 0
        self.withheld_ticks = 0
        self.miscount_steps = 0

    def sample(self) -> int:
        """Reads the counter, and judges the last chunk if it has ended whole. Returns the signed total of steps."""
        total_steps = self._counter.read()
        train = self._train
        if not (train.is_cut or (train.in_flight and train.busy())):
            self.miscount_steps = total_steps - self._expected_steps
            if self._counter.far:
                self._counter.recentre()
        return total_steps

    def move(self, chunk_steps: int) -> None:
        """Releases a chunk, -40..40 steps, if the last train has ended and its count is exact; else withholds it."""
        if chunk_steps == 0:
            self.withheld_ticks = 0
            return
        train = self._train
        if train.is_cut or (train.in_flight and train.busy()) or self._counter.read() != self._expected_steps:
            self.withheld_ticks += 1
            return
        self._dir(1 if chunk_steps > 0 else 0)
        train.start(chunk_steps if chunk_steps > 0 else -chunk_steps)
        self._expected_steps += chunk_steps
        self.withheld_ticks = 0

    def rest(self, chunk_steps: int) -> None:
        """The axis has no power: a train in flight is cut, and what was counted so far is the new beginning."""
        train = self._train
        if train.busy():
            if not train.is_cut:
                train.cut()
        else:
            self._expected_steps = self._counter.read()
        self.withheld_ticks = self.withheld_ticks + 1 if chunk_steps else 0

    def mend(self) -> None:
        """Gives STEP back to RMT after a cut. Allocates, and leaves STEP floating for a moment: only without power."""
        self._train.reconnect()
