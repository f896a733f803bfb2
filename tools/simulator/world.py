"""The world around the chip: the board's wiring, motors and spring, sensors on a plant, and a hand at the controls.

The plant follows in frames: it is advanced when a sensor is looked at and at least 500 us have passed, by at most
2000 us a call. With one look every 2000 us each tick is one frame, and a chunk of steps lies in one frame as a whole.
"""

from drivers import pins_esp32, pins_esp32s3
from tools.simulator import silicon
from tools.simulator.axis import Axis
from tools.simulator.pads import join, pad
from tools.simulator.panel_wiring import PanelWiring, pulled_up
from tools.simulator.silicon import NEVER_US, PWRON_RESET
from tools.simulator.silicon import PowerOff as PowerOff
from tools.simulator.silicon import SimulatedHang as SimulatedHang
from tools.simulator.silicon import SimulatedReset as SimulatedReset
from tools.simulator.spring import Spring
from tools.simulator.tmc2209 import DriverBus, Tmc2209

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tools.simulator.nets import Net

FRAME_US = 2000
_SHORTEST_FRAME_US = 500
_JITTER_US = 50  # a look that comes this much early or late still gets one whole frame
_MOST_MOVES = 1000  # of the hand, at one moment

_PINS = {"esp32s3": pins_esp32s3, "esp32": pins_esp32}
_DOSE_ADDRESS = 3  # strapped; also 16 microsteps
_NEEDLE_ADDRESS = 0  # also 8 microsteps
_SPRING_UM_PER_S = 100_000
_SUPPLY_MV = 12_000
_SUPPLY_FULL_SCALE_MV = 5 * 3100  # behind the 1:5 divider


class World(PanelWiring):
    """One device on a bench, from power-on. KeyError for an unknown chip.

    `plant` has the interface of docs/architecture.md; `hand` has next_us and step(world); `params` may name supply_mv,
    spring_um_per_s, um_per_needle_step, real_time (1: sleeping takes as long as it says).
    """

    def __init__(
        self,
        plant: "Any",
        chip_name: str = "esp32s3",
        hand: "Any" = None,
        params: "dict[str, Any] | None" = None,
    ) -> None:
        given = {} if params is None else params
        self.chip_name = chip_name
        self.hand = hand
        self.supply_mv = int(given.get("supply_mv", _SUPPLY_MV))
        self.spring = Spring(int(given.get("spring_um_per_s", _SPRING_UM_PER_S)), given.get("um_per_needle_step", 5.0))
        self.dose_driver = Tmc2209(_DOSE_ADDRESS)
        self.needle_driver = Tmc2209(_NEEDLE_ADDRESS)
        self.driver_bus = DriverBus([self.dose_driver, self.needle_driver])
        self.frames = 0  # plant.advance() calls so far
        self.on_frame: "Callable[[int, int, int], None] | None" = None  # told of each: end_us, dose and needle steps
        self._plant = plant
        self._plant_us = 0  # how far the plant has got
        self._real_time = bool(given.get("real_time", 0))
        self.pins = _PINS[chip_name]
        self._trigger = (0, 1)
        self._contact = (0, 0)
        self._stop_closed = 1
        self._syringe_out = False
        self.is_off = False  # the hand that sets it back gives the supply back
        super().__init__()
        plant.contact = False
        self._power_on(0, PWRON_RESET, b"")

    @property
    def now_us(self) -> int:
        """Microseconds since power-on."""
        return self.chip.now_us

    @property
    def plant(self) -> "Any":
        """The plant; a new one takes over the skin contact."""
        return self._plant

    @plant.setter
    def plant(self, plant: "Any") -> None:
        """Put another one there."""
        self._plant = plant
        plant.contact = self._contact != (0, 0)

    # --- what a hand can do -----------------------------------------------------------------------------------------

    def set_trigger(self, no: int, nc: int) -> None:
        """Trigger contacts, 1 = closed: pressed is (1, 0), released (0, 1)."""
        self._trigger = (no, nc)
        _close(self._trigger_no, no)
        _close(self._trigger_nc, nc)

    @property
    def trigger_held(self) -> bool:
        """Whether the hand holds the trigger, whatever its contacts say."""
        return self._trigger == (1, 0)

    def set_contact(self, a: int, b: int) -> None:
        """Skin contacts, 1 = closed. The plant is in contact when either is."""
        self._contact = (a, b)
        _close(self._contact_a, a)
        _close(self._contact_b, b)
        self._plant.contact = bool(a or b)

    def set_stop(self, closed: int) -> None:
        """Emergency stop, 1 = closed = not pressed. Open it cuts the motor supply by wire."""
        self.follow()
        self._stop_closed = closed
        _close(self._stop, closed)
        for axis in (self.dose, self.needle):
            axis.settle(self.now_us)
            axis.supplied = bool(closed)
            axis.driver.supply(bool(closed))

    @property
    def syringe_out(self) -> bool:
        """True while no syringe is in: dose steps move nothing."""
        return self._syringe_out

    @syringe_out.setter
    def syringe_out(self, out: bool) -> None:
        """Take it out, or put one in."""
        self.follow()
        self._syringe_out = out
        self.dose.connected = not out
        self.dose.refresh()

    def power_off(self) -> None:
        """Cut the supply: the next time device code lets time pass, it gets PowerOff."""
        self.is_off = True
        self.chip.cut_power()
        self._cut_panel()

    def stall(self, us: int) -> None:
        """Fault: the device loses `us` microseconds, now."""
        self.chip.stall(us)

    def reschedule(self) -> None:
        """Call after changing the hand, or its next_us, from outside its step()."""
        self.chip.expect(NEVER_US if self.hand is None else self.hand.next_us)

    # --- without the device -----------------------------------------------------------------------------------------

    def restart(self, reset_cause: int) -> None:
        """Boot again, at this moment. RTC memory survives all but PWRON_RESET; flash and NVS survive that too."""
        before = self.chip
        self._power_on(self.now_us, reset_cause, b"" if reset_cause == PWRON_RESET else before.rtc_memory)
        self.chip.flash_files = before.flash_files
        self.chip.nvs = before.nvs

    def idle(self, us: int) -> None:
        """After the program has ended: time goes on for plant, spring and hand."""
        until_us = self.now_us + us
        chip = self.chip
        while self.hand is not None and self.hand.next_us <= until_us:
            chip.now_us = max(self.hand.next_us, chip.now_us)
            self.follow()
            self._let_hand_move()
        chip.now_us = until_us
        self.follow()

    def follow(self) -> None:
        """Advance the plant to now, in whole frames where they fit; less than 500 us may be left."""
        now = self.chip.now_us
        while True:
            behind = now - self._plant_us
            if behind < _SHORTEST_FRAME_US:
                return
            if behind >= FRAME_US + _SHORTEST_FRAME_US or -_JITTER_US <= behind - FRAME_US <= _JITTER_US:
                self._advance(FRAME_US)
            elif behind > FRAME_US:
                self._advance(behind // 2)  # what one frame would leave is too short for another
            else:
                self._advance(behind)

    # --- wiring -----------------------------------------------------------------------------------------------------

    def _power_on(self, now_us: int, reset_cause: int, rtc_memory: bytes) -> None:
        chip = silicon.power_on(self.chip_name, now_us, reset_cause, rtc_memory)
        self.chip = chip
        chip.real_time = self._real_time
        pins = self.pins
        self._trigger_no = pulled_up(chip, pins.TRIGGER_NO)
        self._trigger_nc = pulled_up(chip, pins.TRIGGER_NC)
        self._contact_a = pulled_up(chip, pins.CONTACT_A)
        self._contact_b = pulled_up(chip, pins.CONTACT_B)
        self._stop = pulled_up(chip, pins.STOP)
        pulled_up(chip, pins.HOME).live = self._home_level
        chip.analog[pins.PRESSURE_ADC] = self._pressure_counts
        chip.analog[pins.NEEDLE_ADC] = self._needle_counts
        chip.analog[pins.SUPPLY_ADC] = self._supply_counts
        chip.serial[(pins.DRIVER_UART_TX, pins.DRIVER_UART_RX)] = self.driver_bus
        self.dose = self._axis(pins.DOSE_STEP, pins.DOSE_STEP_COUNT, pins.DOSE_DIR, pins.DOSE_EN, self.dose_driver, 16)
        self.needle = self._axis(
            pins.NEEDLE_STEP, pins.NEEDLE_STEP_COUNT, pins.NEEDLE_DIR, pins.NEEDLE_EN, self.needle_driver, 8
        )
        self.needle.power_changed = self._needle_power_changed
        if reset_cause == PWRON_RESET:
            self.dose_driver.supply(False)
            self.needle_driver.supply(False)
        self.spring.release(now_us)
        self.set_trigger(*self._trigger)
        self.set_contact(*self._contact)
        self.set_stop(self._stop_closed)
        self.syringe_out = self._syringe_out
        self._wire_panel(chip, pins, reset_cause == PWRON_RESET)
        chip.end_frames = self._whole_frames
        chip.frame_due_us = self._plant_us + FRAME_US
        chip.outside = self._let_hand_move
        chip.on_end = self._motors_off
        self.reschedule()

    def _axis(self, step: int, count: int, direction: int, enable: int, driver: Tmc2209, microsteps: int) -> Axis:
        enable_net = pad(self.chip, enable).net
        enable_net.pulled_up = True  # by hardware: a chip without power or program leaves the motors off
        enable_net.update()
        return Axis(join(self.chip, step, count), pad(self.chip, direction).net, enable_net, driver, microsteps)

    def _needle_power_changed(self, powered: bool) -> None:
        if powered:
            self.spring.hold(self.now_us)
        else:
            self.spring.release(self.now_us)

    def _motors_off(self) -> None:
        """The program has ended: pins let go, hardware pull-ups switch the drivers off."""
        self.follow()
        for axis in (self.dose, self.needle):
            axis.settle(self.now_us)
            axis.step.stop()
            axis.supplied = False
            axis.refresh()

    # --- time and sensors -------------------------------------------------------------------------------------------

    def _let_hand_move(self) -> int:
        hand = self.hand
        if hand is None:
            return NEVER_US
        moves = 0
        while hand.next_us <= self.chip.now_us:
            hand.step(self)
            moves += 1
            if moves > _MOST_MOVES:
                raise RuntimeError("the hand's next_us stays at {}".format(hand.next_us))
        return hand.next_us

    def _whole_frames(self) -> None:
        """A motor's wire is about to change: no frame may end before this moment and begin after it."""
        now = self.chip.now_us
        while now - self._plant_us >= FRAME_US:
            self._advance(FRAME_US)

    def _advance(self, us: int) -> None:
        end_us = self._plant_us + us
        plant = self._plant
        until_us = min(end_us, self.chip.now_us)
        dose_steps = self.dose.take(until_us)
        needle_steps = self.needle.take(until_us)
        if not self.needle.powered:
            needle_steps -= self.spring.steps(end_us, plant.home, plant.needle_um)
        self._plant_us = end_us
        self.chip.frame_due_us = end_us + FRAME_US
        self.frames += 1
        plant.advance(us, dose_steps, needle_steps)
        if self.on_frame is not None:
            self.on_frame(end_us, dose_steps, needle_steps)

    def _home_level(self) -> int:
        if self.chip.now_us - self._plant_us >= _SHORTEST_FRAME_US:
            self.follow()
        return 0 if self._plant.home else 1

    def _pressure_counts(self) -> int:
        if self.chip.now_us - self._plant_us >= _SHORTEST_FRAME_US:
            self.follow()
        counts = int(self._plant.pressure_kpa * 4 + 200.5)  # (kPa + 50) / 0.25, rounded
        return 0 if counts < 0 else 4095 if counts > 4095 else counts

    def _needle_counts(self) -> int:
        if self.chip.now_us - self._plant_us >= _SHORTEST_FRAME_US:
            self.follow()
        counts = int((self._plant.needle_um + 3002) / 4)  # (um + 3000) / 4, rounded
        return 0 if counts < 0 else 4095 if counts > 4095 else counts

    def _supply_counts(self) -> int:
        return min(self.supply_mv * 4095 // _SUPPLY_FULL_SCALE_MV, 4095)


def _close(net: "Net", closed: int) -> None:
    net.contact_closed = closed
    net.update()
