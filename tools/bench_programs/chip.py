"""The chip of the bench: that of the tests, which holds integers only and never allocates, with inputs to be set.

It must be imported before anything of the device; `host_time` is the interpreter's own clock.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
import time as host_time  # noqa: F401 - for others: from here on `import time` finds the fake
from array import array

from host_tests.micropython import quiet_chip
from tools.simulator import perfect_books

quiet_chip.take_over("Generic ESP32S3 module with ESP32S3")

# Columns of a recorded session: what the wires of the chip carried, and what the firmware did.
COLUMNS = (
    "trigger_no",
    "trigger_nc",
    "contact_a",
    "contact_b",
    "stop_closed",
    "home",
    "confirm",
    "pressure_counts",
    "needle_counts",
    "supply_counts",
    "dose_driver_bad",
    "needle_driver_bad",
    "late_us",
    "dose_steps",
    "needle_steps",
    "dose_chunk_steps",
    "needle_chunk_steps",
    "dose_enable",
    "needle_enable",
    "tone",
    "armed",
    "in_shot",
)
WIDTH = len(COLUMNS)
_TICK_US = 2000


def read_session(path: str) -> "tuple[array, int]":
    """The values of a recorded session, row after row of COLUMNS as 32-bit integers, and the number of its ticks."""
    with open(path, "rb") as file:
        content = file.read()
    values = array("i", content)
    return values, len(values) // WIDTH


class Converters:
    """Takes the place of quiet_chip.ADC.read_u16: each pin reads what was set."""

    def __init__(self) -> None:
        self.made = []
        made = self.made

        def init(adc: quiet_chip.ADC, pin: quiet_chip.Pin, atten: int = 0) -> None:
            adc.counts = 0
            made.append((pin.number, adc))

        quiet_chip.ADC.__init__ = init

    def of(self, number: int) -> quiet_chip.ADC:
        """The newest converter of this pin."""
        for made, adc in reversed(self.made):
            if made == number:
                return adc
        raise KeyError(number)


def wire_counters() -> None:
    """A train is counted by the counter of its own axis, also when a channel is made anew: dose is made first."""
    from drivers import pins_esp32s3 as pins

    def init(rmt: quiet_chip.RMT, pin: quiet_chip.Pin, resolution_hz: int, idle_level: bool) -> None:
        rmt.counter = quiet_chip._counters[0 if pin.number == pins.DOSE_STEP else 1]

    quiet_chip.RMT.__init__ = init


def ticks_us() -> int:
    """As time.ticks_us(): a look at the clock takes 2 us, as on the chip, and a tick passes between two rows."""
    state = quiet_chip._State
    now_us = state.now_us
    # Not by a mask: the sum may be no small integer where that has 31 bits.
    now_us = now_us + 2 if now_us < 0x3FFFFFFE else now_us - 0x3FFFFFFE
    state.now_us = now_us
    return now_us


converters = Converters()
wire_counters()
quiet_chip.ticks_us = ticks_us


class Bench:
    """A device on that chip, run as main.py runs it, tick by tick, with the inputs of a recorded session."""

    def __init__(self, settings: dict) -> None:
        from drivers import pins_esp32s3 as pins
        from drivers.board import Board
        from drivers.rtc_mark import RtcMark
        from firmware.image import Inputs, Outputs
        from firmware.loop import DoseLoop
        from firmware.provisioning import Provisioning
        from tools.simulator import provisioning

        self.now_us = 0x3FFFFFFF - 3000000
        quiet_chip._State.now_us = self.now_us
        del quiet_chip._counters[:]
        del converters.made[:]
        self.board = Board()
        self.inputs = Inputs()
        self.outputs = Outputs()
        self.loop = DoseLoop(self.inputs, self.outputs)
        self.loop.propose(settings)
        provisioning.admit(self.loop, Provisioning(), self.now_us)
        self._levels = quiet_chip._levels
        self._wires = (
            pins.TRIGGER_NO,
            pins.TRIGGER_NC,
            pins.CONTACT_A,
            pins.CONTACT_B,
            pins.STOP,
            pins.HOME,
            pins.CONFIRM,
        )
        self._analog = (
            converters.of(pins.PRESSURE_ADC),
            converters.of(pins.NEEDLE_ADC),
            converters.of(pins.SUPPLY_ADC),
        )
        self._drivers = self.board._drivers
        self._mark = RtcMark()

    def feed(self, session: array, at: int) -> None:
        """Put the row at this place on the wires. Nothing is kept on a flash: a reservation is granted when the
        recorded one was."""
        if session[at + 20] and self.loop.disarmed:
            perfect_books.keep(self.loop)
        levels = self._levels
        wires = self._wires
        for index in range(7):
            levels[wires[index]] = 1 - session[at + index]
        analog = self._analog
        for index in range(3):
            analog[index].counts = session[at + 7 + index]
        self._drivers.dose_bad = session[at + 10]
        self._drivers.needle_bad = session[at + 11]
        self.inputs.late_us = session[at + 12]
        self.now_us = (self.now_us + _TICK_US) & 0x3FFFFFFF
        quiet_chip._State.now_us = self.now_us

    def keep_mark(self) -> None:
        """As Bookkeeping does between tick and motors."""
        self._mark.note(self.loop.ledger.mark)
        self.loop.ledger.mark_due = 0

    def mend(self) -> None:
        """What the background does after a disarmed tick, but for motor drivers and flash; may allocate."""
        if self.loop.disarmed:
            self.board._dose.mend()
            self.board._needle.mend()

    def differs(self, session: array, at: int) -> int:
        """0 if this tick sensed and commanded what was recorded, else 1 + the column that differs."""
        i = self.inputs
        o = self.outputs
        if i.dose_steps != session[at + 13]:
            return 14
        if i.needle_steps != session[at + 14]:
            return 15
        if o.dose_chunk_steps != session[at + 15]:
            return 16
        if o.needle_chunk_steps != session[at + 16]:
            return 17
        if o.dose_enable != session[at + 17] or o.needle_enable != session[at + 18]:
            return 18
        if o.tone != session[at + 19]:
            return 20
        return 0
