"""machine.PWM on LEDC. Pulses are not simulated one by one: a pin knows how often it is high.

MicroPython 1.29 ports/esp32/machine_pwm.c and extmod/machine_pwm.c. Pins with the same frequency share a timer, and a
change of frequency takes a pin to another timer or, where it is alone, retunes its own. Traps kept: whoever joins
another's timer leaves its own one behind, claimed for ever, and so does a second PWM object of a pin (after a few such
changes there is none left); deinit() leaves the pad routed to the stopped channel; a Pin mode takes the pad away and
PWM does not notice.
"""

from tools.simulator import silicon
from tools.simulator.ledc import FREE, FULL_DUTY, SOURCE_HZ, Ledc
from tools.simulator.pads import Pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PWM_US = 12  # a call, estimated as the other costs in silicon.py

_DEFAULT_HZ = 5_000
_MOST_HZ = SOURCE_HZ // 2
_U16 = 16
_U10 = 10
_NS = 1


class PWM:
    """PWM(pin, freq=5000, *, duty=, duty_u16=32768, duty_ns=, invert=False). RuntimeError: no timer or channel left."""

    def __init__(
        self,
        pin: "Pin | int",
        freq: int = -1,
        *,
        duty: int = -1,
        duty_u16: int = -1,
        duty_ns: int = -1,
        invert: bool = False,
        lightsleep: bool = False,
    ) -> None:
        chip = self._chip = silicon.chip
        if chip.ledc is None:
            chip.ledc = Ledc(chip.model)
        self._ledc: Ledc = chip.ledc
        self._pin = Pin(pin)
        if self._pin.number in chip.model.input_only:
            raise OSError(-0x102, "ESP_ERR_INVALID_ARG")
        self._reset()
        self.init(freq, duty=duty, duty_u16=duty_u16, duty_ns=duty_ns, invert=invert, lightsleep=lightsleep)

    def init(
        self,
        freq: int = -1,
        *,
        duty: int = -1,
        duty_u16: int = -1,
        duty_ns: int = -1,
        invert: "bool | None" = None,
        lightsleep: bool = False,
    ) -> None:
        """Set what is given; the rest stays, a frequency as that of the pin's channel."""
        self._chip.spend(PWM_US)
        if lightsleep:
            raise NotImplementedError("PWM in light sleep is not simulated")
        if freq != -1:
            _check_hz(freq)
        if duty_u16 >= 0:
            self._note_u16(duty_u16)
        elif duty_ns >= 0:
            self._note_ns(duty_ns)
        elif duty >= 0:
            self._note_u10(duty)
        elif self._scale == 0:
            self._scale = _U16
            self._wanted = FULL_DUTY // 2
        if invert is not None:
            self._inverted = invert
        group, channel = self._ledc.channel_of(self._pin.number, freq)
        if channel < 0:
            raise RuntimeError("out of PWM channels:{}".format(_count(self._ledc.channels)))
        self._group = group
        self._channel = channel
        if freq == -1:
            timer = self._ledc.channels[group][channel].timer_number
            freq = FREE if timer < 0 else self._ledc.timers[group][timer].hz
            if freq <= 0:
                freq = _DEFAULT_HZ
        self._tune(freq)

    def deinit(self) -> None:
        """Stop; the pad keeps the idle level, and the channel is free for others."""
        self._chip.spend(PWM_US)
        if self._channel >= 0:
            channel = self._ledc.channels[self._group][self._channel]
            timer = channel.timer_number
            if timer >= 0 and not self._ledc.shared(self._group, self._channel, timer):
                self._ledc.timers[self._group][timer].hz = FREE
                self._ledc.timers[self._group][timer].bits = 0
            if channel.pin != FREE:
                channel.stopped_level = 1 if self._inverted else 0
                self._show()
            self._release()
        self._reset()

    def freq(self, value: "int | None" = None) -> "int | None":
        """Return the frequency that the divider gives, Hz, or set it, 1 to 40 MHz."""
        self._chip.spend(PWM_US)
        self._check_active()
        timer = self._ledc.timers[self._group][self._timer]
        if value is None:
            return timer.actual_hz()
        _check_hz(value)
        if value != timer.hz:
            self._tune(value)
        return None

    def duty(self, value: "int | None" = None) -> "int | None":
        """Duty of 0..1023; 1023 is always high."""
        self._chip.spend(PWM_US)
        if value is None:
            return self._u16() >> 6
        self._note_u10(value)
        self._apply()
        return None

    def duty_u16(self, value: "int | None" = None) -> "int | None":
        """Duty of 0..65535; 65535 is always high. What is read back has the timer's resolution."""
        self._chip.spend(PWM_US)
        if value is None:
            return self._u16()
        self._note_u16(value)
        self._apply()
        return None

    def duty_ns(self, value: "int | None" = None) -> "int | None":
        """Time high of each period, nanoseconds."""
        self._chip.spend(PWM_US)
        if value is None:
            return self._to_ns(self._u16())
        self._note_ns(value)
        self._apply()
        return None

    def __repr__(self) -> str:
        if self._timer < 0:
            return "PWM(Pin({}))".format(self._pin.number)
        hz = self._ledc.timers[self._group][self._timer].actual_hz()
        return "PWM(Pin({}), freq={}, duty_u16={})".format(self._pin.number, hz, self._u16())

    # --- within -----------------------------------------------------------------------------------------------------

    def _reset(self) -> None:
        self._group = -1
        self._channel = -1
        self._timer = -1
        self._hz = -1
        self._scale = 0
        self._wanted = 0
        self._inverted = False
        self._was_inverted = False

    def _check_active(self) -> None:
        if self._timer < 0:
            raise RuntimeError("PWM is inactive")

    def _note_u16(self, value: int) -> None:
        if not 0 <= value < FULL_DUTY:
            raise ValueError("duty_u16 must be from 0 to 65536")
        self._scale = _U16
        self._wanted = FULL_DUTY if value == FULL_DUTY - 1 else value

    def _note_u10(self, value: int) -> None:
        if not 0 <= value <= 1023:
            raise ValueError("duty must be from 0 to 1023")
        self._scale = _U10
        self._wanted = 1024 if value == 1023 else value

    def _note_ns(self, value: int) -> None:
        if not 0 <= value <= self._to_ns(FULL_DUTY):
            raise ValueError("duty_ns must be from 0 to {} ns".format(self._to_ns(FULL_DUTY)))
        self._scale = _NS
        self._wanted = value

    def _to_ns(self, share: int) -> int:
        self._check_active()
        return (share * 1_000_000_000 + self._hz * FULL_DUTY // 2) // (self._hz * FULL_DUTY)

    def _from_ns(self, ns: int) -> int:
        share = (ns * FULL_DUTY * self._hz + 500_000_000) // 1_000_000_000
        return min(max(share, 1 if ns > 0 else 0), FULL_DUTY)

    def _u16(self) -> int:
        self._check_active()
        bits = self._ledc.timers[self._group][self._timer].bits
        return min(self._ledc.channels[self._group][self._channel].duty << (16 - bits), FULL_DUTY - 1)

    def _tune(self, hz: int) -> None:
        """Find a timer for the frequency, set it, and apply the duty at its resolution."""
        ledc = self._ledc
        group, timer = ledc.timer_at(self._pin.number, hz)
        if timer < 0 and self._channel >= 0 and not ledc.shared(self._group, self._channel, self._timer):
            group, timer = self._group, self._timer  # its own, -1 if it has none yet
        if timer < 0:
            group, timer = ledc.timer_at(self._pin.number, FREE)
        if timer < 0:
            raise RuntimeError("out of PWM timers:{}".format(_count(ledc.timers)))
        if timer != self._timer:
            self._release()
            self._group = group
            self._timer = timer
            ledc.channels[group][self._channel].timer_number = timer
        self._hz = hz
        unit = ledc.timers[group][timer]
        if unit.hz != hz:
            bits = ledc.resolution(hz)
            if bits == 0:
                raise OSError(-1, "ESP_FAIL")
            unit.hz = hz
            unit.bits = bits
        self._apply()

    def _release(self) -> None:
        channel = self._ledc.channels[self._group][self._channel]
        channel.pin = FREE
        channel.timer_number = FREE

    def _apply(self) -> None:
        self._check_active()
        channel = self._ledc.channels[self._group][self._channel]
        share = self._wanted if self._scale == _U16 else self._wanted << 6
        if self._scale == _NS:
            share = self._from_ns(self._wanted)
        timer = self._ledc.timers[self._group][self._timer]
        channel.timer = timer
        channel.duty = share >> (16 - timer.bits)
        if channel.pin == FREE or self._inverted != self._was_inverted:
            self._was_inverted = channel.inverted = self._inverted
            self._pin.route(drives=True, reads=self._pin.reads, signal=channel)
        channel.pin = self._pin.number
        channel.timer_number = self._timer
        channel.stopped_level = FREE
        self._show()

    def _show(self) -> None:
        """The pad's level between pulses: high only if it always is."""
        channel = self._ledc.channels[self._group][self._channel]
        level = 1 if channel.high_share() == FULL_DUTY else 0
        if level != channel.idle_level:
            channel.idle_level = level
            for pin in self._chip.pins.values():
                if pin.signal is channel:
                    pin.net.update()


def _check_hz(hz: int) -> None:
    if not 0 < hz <= _MOST_HZ:
        raise ValueError("frequency must be from 1Hz to {}MHz".format(_MOST_HZ // 1_000_000))


def _count(groups: "list[list[Any]]") -> int:
    return len(groups) * len(groups[0])
