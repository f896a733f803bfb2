"""machine.Pin with the pad behind it. One object per GPIO, as on the device.

MicroPython 1.29 ports/esp32/machine_pin.c on ESP-IDF 5.5.2: OUT also reads; a mode takes the pad back from RMT, a bare
value does not; the pull of an input-only pin is refused by the IDF and the refusal ignored by MicroPython.
"""

from tools.simulator import silicon
from tools.simulator.nets import Net
from tools.simulator.silicon import PIN_US

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.simulator.silicon import Chip

_READ = object()
_KEEP = -1


class Signal:
    """What the GPIO matrix can route to a pad besides the latch: a channel of RMT, TX of a UART."""

    idle_level = 0


class Pin:
    """Pin(id, mode=None, pull=-1, *, value, drive, hold). ValueError for a pin the chip does not have."""

    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2
    DRIVE_0 = 0
    DRIVE_1 = 1
    DRIVE_2 = 2
    DRIVE_3 = 3

    def __new__(
        cls,
        id: "int | Pin",
        mode: "int | None" = None,
        pull: "int | None" = _KEEP,
        *,
        value: object = _READ,
        drive: "int | None" = None,
        hold: "bool | None" = None,
    ) -> "Pin":
        """Return the one object of that GPIO."""
        if isinstance(id, Pin):
            return id
        chip = silicon.chip
        if id not in chip.pins:
            if id not in chip.model.pins:
                raise ValueError("invalid pin")
            pin = object.__new__(cls)
            pin.power_up(chip, id)
            chip.pins[id] = pin
        return chip.pins[id]

    def __init__(
        self,
        id: "int | Pin",
        mode: "int | None" = None,
        pull: "int | None" = _KEEP,
        *,
        value: object = _READ,
        drive: "int | None" = None,
        hold: "bool | None" = None,
    ) -> None:
        if mode is not None or pull != _KEEP or value is not _READ or drive is not None or hold is not None:
            self.init(mode, pull, value=value, drive=drive, hold=hold)

    def power_up(self, chip: "Chip", number: int) -> None:
        """State of the pad at reset: neither drives nor reads, no pull."""
        self._chip = chip
        self.number = number
        self.pull = 0
        self.drives = False
        self.reads = False
        self.signal: "Signal | None" = None  # None: the GPIO latch drives
        self._open_drain = False
        self._latch = 0
        self._level = 0
        self._ask = False  # the level is known only when asked for
        self.net = Net(chip)
        self.net.pads.append(self)

    def init(
        self,
        mode: "int | None" = None,
        pull: "int | None" = _KEEP,
        *,
        value: object = _READ,
        drive: "int | None" = None,
        hold: "bool | None" = None,
    ) -> None:
        """As machine.Pin.init(): value first, then mode, then pull. ValueError: OUT on an input-only pin."""
        chip = self._chip
        chip.spend(PIN_US)
        self._remark()
        if value is not _READ:
            self._latch = 1 if value else 0
        if drive is not None and not 0 <= drive <= 3:
            chip.flag("GPIO{}: drive {} is ignored".format(self.number, drive))
        if hold is not None:
            raise NotImplementedError("pad hold is not simulated")
        if mode is not None:
            if mode & 2 and self.number in chip.model.input_only:
                raise ValueError("pin can only be input")
            self.route(drives=mode & 2 != 0, reads=mode & 1 != 0, signal=None, open_drain=mode & 4 != 0)
        if pull != _KEEP:
            self._set_pull(pull or 0)
        self.net.update()

    def value(self, level: object = _READ) -> "int | None":
        """Read 0 or 1, or set the latch."""
        chip = self._chip
        now = chip.now_us + PIN_US
        if now < chip.deadline_us:
            chip.now_us = now
        else:
            chip.pass_time(PIN_US)
        if level is _READ:
            if self._ask:
                return self.net.read()
            return self._level
        latch = 1 if level else 0
        if latch != self._latch:
            self._latch = latch
            if self.drives and self.signal is None:
                self.net.update()
        return None

    __call__ = value

    def on(self) -> None:
        """Set the latch to 1."""
        self.value(1)

    def off(self) -> None:
        """Set the latch to 0."""
        self.value(0)

    def toggle(self) -> None:
        """Turn the latch over."""
        self.value(1 - self._latch)

    def irq(self, *_args: object, **_kwargs: object) -> None:
        """Not simulated: the device polls."""
        raise NotImplementedError("Pin.irq is not simulated: poll the pin")

    def __repr__(self) -> str:
        return "Pin({})".format(self.number)

    # --- what other peripherals do to the pad -----------------------------------------------------------------------

    def route(self, *, drives: bool, reads: bool, signal: "Signal | None", open_drain: bool = False) -> None:
        """Set output and input stage, and which signal drives."""
        if self.signal is not None and (not drives or signal is not self.signal):
            self.net.stop()
        self.drives = drives
        self.reads = reads
        self.signal = signal
        self._open_drain = open_drain
        self.net.update()

    def make_analog(self) -> None:
        """Input, output and pulls off, as gpio_config_as_analog() does."""
        self._remark()
        self.pull = 0
        self.route(drives=False, reads=False, signal=None)

    def listen(self) -> None:
        """Input with a pull-up, output off: what the pulse counter's driver does to each pin it is given."""
        self._remark()
        if self.drives:
            self._chip.flag("GPIO{}: PCNT switched its output off; configure PCNT first".format(self.number))
        self._set_pull(self.PULL_UP)
        self.route(drives=False, reads=True, signal=self.signal)

    def driven_level(self) -> int:
        """Level this pad drives, -1 if none."""
        if not self.drives:
            return -1
        level = self._latch if self.signal is None else self.signal.idle_level
        return -1 if self._open_drain and level else level

    def see(self, level: int) -> None:
        """The net's level is `level` now."""
        self._level = level if self.reads else 0
        net = self.net
        self._ask = self.reads and (net.live is not None or net.broken is not None or net.driven_by_rmt())

    def _set_pull(self, pull: int) -> None:
        if pull and self.number in self._chip.model.input_only:
            self._chip.flag("GPIO{} has no pull resistors".format(self.number))
            return
        self.pull = pull

    def _remark(self) -> None:
        what = self._chip.model.taken.get(self.number)
        if what is not None:
            self._chip.flag("GPIO{} is {}".format(self.number, what))


def join(chip: "Chip", first: int, second: int) -> Net:
    """Wire GPIO `second` to the net of GPIO `first`, before either is configured. Returns the net."""
    net = pad(chip, first).net
    if first != second:
        other = pad(chip, second)
        other.net = net
        net.pads.append(other)
    return net


def pad(chip: "Chip", number: int) -> Pin:
    """The pin object of `number` on the powered `chip`."""
    if chip is not silicon.chip:
        raise ValueError("that chip has no power")
    return Pin(number)
