"""LEDC, the unit behind machine.PWM: timers and channels, and how often a pin that is routed to one is high.

ESP-IDF 5.5.2 `ledc.c`, clocked by APB at 80 MHz; MicroPython 1.29 takes one bit less than the timers have, and at most
16. Timers and channels are claimed and given back as `ports/esp32/machine_pwm.c` does it, leaks included.
"""

from tools.simulator.pads import Signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.simulator.chips import ChipModel

SOURCE_HZ = 80_000_000
FULL_DUTY = 1 << 16  # of duty_u16, as the port calculates: 65535 is rounded up to it
FREE = -1

_FRACTION_BITS = 8  # of a timer's divider
_MOST_BITS = 16
_SLOW_HZ = 10


class Timer:
    """`hz` as asked for, FREE if nobody uses it; `bits` is the resolution of the duty."""

    def __init__(self) -> None:
        self.hz = FREE
        self.bits = 0

    def actual_hz(self) -> int:
        """What the divider makes of `hz`, rounded."""
        precision = 1 << self.bits
        divider = _divider(self.hz, precision)
        return ((SOURCE_HZ << _FRACTION_BITS) + precision * divider // 2) // (precision * divider)


class Channel(Signal):
    """What the GPIO matrix routes to a pad. `pin` is who claims it, FREE if nobody does."""

    def __init__(self) -> None:
        self.pin = FREE
        self.timer = Timer()  # the one it ran on last
        self.timer_number = FREE
        self.duty = 0  # in steps of the timer's resolution
        self.inverted = False
        self.stopped_level = FREE  # after deinit the pad keeps this level
        self.idle_level = 0

    def high_share(self) -> int:
        """How much of the time the pad is high, of FULL_DUTY."""
        if self.stopped_level >= 0:
            return FULL_DUTY * self.stopped_level
        share = self.duty << (16 - self.timer.bits)
        return FULL_DUTY - share if self.inverted else share


class Ledc:
    """All timers and channels of a chip, by group (speed mode)."""

    def __init__(self, model: "ChipModel") -> None:
        self.width = model.ledc_bits
        self.timers = [[Timer() for _ in range(model.ledc_timers)] for _ in range(model.ledc_groups)]
        self.channels = [[Channel() for _ in range(model.ledc_channels)] for _ in range(model.ledc_groups)]

    def resolution(self, hz: int) -> int:
        """Bits that the duty has at a frequency, 0 where no divider gives it."""
        if hz < _SLOW_HZ and len(self.timers) > 1:
            raise NotImplementedError("PWM below {} Hz has another clock on this chip".format(_SLOW_HZ))
        bits = 0
        for ratio in ((SOURCE_HZ + hz // 2) // hz, SOURCE_HZ // hz):
            bits = 0
            while ratio > 1 and bits < self.width:
                ratio >>= 1
                bits += 1
            if (1 << _FRACTION_BITS) <= _divider(hz, 1 << bits) <= 0x3FFFF:
                break
        else:
            return 0
        bits = min(bits, _MOST_BITS)
        return bits - 1 if bits >= self.width else bits

    def shared(self, group: int, channel: int, timer: int) -> bool:
        """Another channel runs on this timer."""
        for number, other in enumerate(self.channels[group]):
            if number != channel and other.timer_number == timer and other.pin != FREE:
                return True
        return False

    def channel_of(self, pin: int, hz: int) -> "tuple[int, int]":
        """(group, channel) that the pin has, or could have at `hz`; (-1, -1): all are taken."""
        for group, channels in enumerate(self.channels):
            for number, channel in enumerate(channels):
                if channel.pin == pin:
                    return group, number
        for group, channels in enumerate(self.channels):
            if any(timer.hz in (FREE, hz) for timer in self.timers[group]):
                for number, channel in enumerate(channels):
                    if channel.pin == FREE:
                        return group, number
        return -1, -1

    def timer_at(self, pin: int, hz: int) -> "tuple[int, int]":
        """(group, timer) that runs at `hz` (FREE: that is free), in a group with a channel for the pin; or (-1, -1)."""
        for group, channels in enumerate(self.channels):
            if any(channel.pin in (FREE, pin) for channel in channels):
                for number, timer in enumerate(self.timers[group]):
                    if timer.hz == hz:
                        return group, number
        return -1, -1


def _divider(hz: int, precision: int) -> int:
    return ((SOURCE_HZ << _FRACTION_BITS) + hz * precision // 2) // (hz * precision)
