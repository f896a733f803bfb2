"""Everything that is soldered on: built once, sampled once a tick, commanded once a tick. Knows raw units only."""

import machine
from machine import Pin

from drivers import pins as pin_tables
from drivers.analog_sensors import AnalogSensors
from drivers.axis import Axis
from drivers.controls import Controls
from drivers.motor_drivers import MotorDrivers
from drivers.pulse_train import durations_us

CPU_HZ = 240_000_000


def set_cpu_clock() -> None:
    """Stock firmware boots at 160 MHz, too slow for the tick. RuntimeError if 240 MHz cannot be had."""
    machine.freq(CPU_HZ)
    if machine.freq() != CPU_HZ:
        raise RuntimeError("drivers/board.py: CPU runs at " + str(machine.freq()) + " Hz, not at " + str(CPU_HZ))


class Board:
    """The device's hardware. `inputs` and `outputs` are any records with the attributes named in sample and apply."""

    def __init__(self) -> None:
        pins = pin_tables.table()
        # On the small board these are one and the same pin.
        self._dose_en = Pin(pins.DOSE_EN, Pin.OUT, value=1)
        self._needle_en = Pin(pins.NEEDLE_EN, Pin.OUT, value=1)
        self._one_en_for_both = pins.DOSE_EN == pins.NEEDLE_EN
        set_cpu_clock()
        trains = durations_us()
        self._dose = Axis(0, pins.DOSE_STEP, pins.DOSE_STEP_COUNT, pins.DOSE_DIR, trains)
        self._needle = Axis(1, pins.NEEDLE_STEP, pins.NEEDLE_STEP_COUNT, pins.NEEDLE_DIR, trains)
        self._controls = Controls(pins)
        self._analog = AnalogSensors(pins)
        self._drivers = MotorDrivers(pins.DRIVER_UART_TX, pins.DRIVER_UART_RX)

    def sample(self, inputs) -> None:
        """Reads every sensor and control once into `inputs`: contacts, 12-bit counts, signed steps, axis health."""
        dose = self._dose
        needle = self._needle
        inputs.dose_steps = dose.sample()
        inputs.needle_steps = needle.sample()
        self._analog.sample(inputs)
        self._controls.sample(inputs)
        inputs.dose_withheld = dose.withheld_ticks
        inputs.needle_withheld = needle.withheld_ticks
        inputs.dose_miscount_steps = dose.miscount_steps
        inputs.needle_miscount_steps = needle.miscount_steps
        inputs.dose_driver_bad = self._drivers.dose_bad
        inputs.needle_driver_bad = self._drivers.needle_bad

    def apply(self, outputs) -> None:
        """Sets both EN first, then releases at most one chunk of -40..40 steps per axis, none without its enable.

        With one EN wire for both drivers an axis without enable stays energised while the other needs power.
        """
        dose = self._dose
        needle = self._needle
        dose_on = outputs.dose_enable
        needle_on = outputs.needle_enable
        if self._one_en_for_both:
            self._dose_en(0 if dose_on or needle_on else 1)
        else:
            # Writing both every tick leaves no way for a level to be other than what was last commanded.
            self._dose_en(0 if dose_on else 1)
            self._needle_en(0 if needle_on else 1)
        # With power and nothing to release or to forgive there is nothing to do.
        if not dose_on:
            dose.rest(outputs.dose_chunk_steps)
        elif outputs.dose_chunk_steps or dose.withheld_ticks:
            dose.move(outputs.dose_chunk_steps)
        if not needle_on:
            needle.rest(outputs.needle_chunk_steps)
        elif outputs.needle_chunk_steps or needle.withheld_ticks:
            needle.move(outputs.needle_chunk_steps)

    def step_background(self) -> None:
        """One bounded slice of what may only happen while nothing moves or is about to: driver settings, repairs."""
        self._dose.mend()
        self._needle.mend()
        self._drivers.step()

    def make_safe(self) -> None:
        """Power off both axes and cut their pulses, at once, whatever went before."""
        self._dose_en(1)
        self._needle_en(1)
        self._dose.rest(0)
        self._needle.rest(0)
