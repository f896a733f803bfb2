"""The process image: what one tick sees and what it commands. Two preallocated records, safe by default.

Written and read as plain attributes, all small integers. Inputs are what a healthy device at rest shows only after the
first sample: until then nothing is closed, nothing is home, every sensor reads 0 counts, which is a sensor fault.
"""


class Inputs:
    """Raw measurements of one tick. 1 = contact closed, button pressed, switch active; counts 0..4095; steps signed
    totals."""

    def __init__(self) -> None:
        self.trigger_no = 0
        self.trigger_nc = 0
        self.contact_a = 0
        self.contact_b = 0
        self.stop_closed = 0
        self.home = 0
        self.confirm = 0
        self.pressure_counts = 0
        self.needle_counts = 0
        self.supply_counts = 0
        self.dose_steps = 0
        self.needle_steps = 0
        self.dose_withheld = 0
        self.needle_withheld = 0
        self.dose_miscount_steps = 0
        self.needle_miscount_steps = 0
        self.dose_driver_bad = 0
        self.needle_driver_bad = 0
        self.late_us = 0


class Outputs:
    """Commands of one tick. Chunks signed, -40..40 steps: + is plunger forward, needle deeper. Enables: 1 = powered."""

    def __init__(self) -> None:
        self.dose_chunk_steps = 0
        self.needle_chunk_steps = 0
        self.dose_enable = 0
        self.needle_enable = 0
        self.lamp = 0
        self.tone = 0


class Keys:
    """What the clinician does at the panel, besides CONFIRM; read in the background. Safe until the first reading."""

    def __init__(self) -> None:
        self.knob_detents = 0  # since the panel last used them, clockwise is +
        self.knob_pushed = 0
        self.panel_bad = 1  # display or expander do not answer
        self.minutes = -1  # of the day, 0..1439; -1: the clock does not know
        self.day = 0  # the date, yyyymmdd; 0: the clock does not know
