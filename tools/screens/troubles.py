"""What is done at the device so that it is not armed, or has a fault; and all stories."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from tools.grid import NEEDLES
from tools.screens.album import MANY, Photographer
from tools.screens.stories import Homing, LoggingIn, Menu, SettingUp, Working
from tools.simulation import Order
from tools.simulator import provisioning

if TYPE_CHECKING:
    from tools.simulator.hand import Routine

_TAP_US = 100_000
_SHORT_US = 300_000
_OPEN_US = 600_000  # in the air before a prime
_CLOCK_US = 2_500_000  # until the panel has read the clock again


class NotArmed(Photographer):
    """Reasons that come from outside: trigger, supply, clock, an empty syringe."""

    @staticmethod
    def order() -> Order:
        """The session."""
        return Order(shots=MANY, dose_nl=200_000)

    def story(self) -> Routine:
        """Each alone, with everything else done."""
        yield from self.prepare()
        yield from self.confirm(_TAP_US)
        self.press()
        self.touch()
        yield from self.photo("not-armed-let-go", "The trigger is held.", _OPEN_US)
        self.release()
        self.lift()
        yield _SHORT_US
        self.world.supply_mv = 8_000
        yield from self.photo("not-armed-supply", "The supply is too low.")
        self.world.supply_mv = 12_000
        self.world.clock_chip.stopped = True
        yield _CLOCK_US
        yield from self.photo("not-armed-date", "Without a date nobody knows.")
        self.world.clock_chip.stopped = False
        yield _CLOCK_US
        self._change_syringe = None
        while (yield from self.prepare()):
            yield from self._shoot()
        yield from self.photo("not-armed-empty", "Not enough for another drop.")


class NotProvisioned(Photographer):
    """The clinic has entered nothing yet."""

    logs_in = False

    @classmethod
    def entered(cls) -> str:
        """No record at all."""
        return ""

    def story(self) -> Routine:
        """Nobody can log in."""
        yield from self.photo("not-armed-no-codes", "Nothing was entered: nobody can log in.", _CLOCK_US)


class _UnfitProduct(Photographer):
    name = ""
    caption = ""
    product: ClassVar[dict[str, Any]] = {}

    @classmethod
    def entered(cls) -> str:
        """One product, of which something is different."""
        record = provisioning.record()
        record["products"][0].update(cls.product)
        return json.dumps(record)

    def story(self) -> Routine:
        """It is chosen all the same."""
        yield from self.choose(self._wanted)
        yield from self.photo(self.name, self.caption)


class PowerLost(Photographer):
    """The supply is unplugged while the needle is in the skin."""

    def story(self) -> Routine:
        """Then it is plugged in again, and the doctor logs in."""
        yield from self.prepare()
        self.touch()
        yield _SHORT_US
        self.score.press(self.next_us)
        self.press()
        yield _SHORT_US // 2
        self.world.power_off()
        yield _OPEN_US
        self.release()
        self.lift()
        yield _OPEN_US
        self.world.is_off = False
        yield from self.wait_for_boot()
        yield _CLOCK_US  # and the display is there again
        yield from self.log_in()
        yield from self.photo("not-armed-uncertain", "Power went in a drop: the most there can be.", _CLOCK_US)


class Expired(_UnfitProduct):
    """A product of last year."""

    name = "not-armed-expired"
    caption = "The product is out of date."
    product: ClassVar[dict[str, Any]] = {"expires_yyyymmdd": 20261121}


class NotForThisDepth(_UnfitProduct):
    """A product that may only go where it is shallow."""

    name = "not-armed-product-depth"
    caption = "A product that may not go so deep."
    product: ClassVar[dict[str, Any]] = {"deepest_um": 500}


class Faults(Photographer):
    """Faults that need no drop: controls, supply, time."""

    def story(self) -> Routine:
        """One after the other, each cleared by CONFIRM."""
        self.world.set_stop(0)
        yield from self.photo("fault-stop", "The emergency stop is pressed.")
        yield from self.confirm(_TAP_US)
        yield from self.photo("fault-stop-not-released", "CONFIRM helps only when it is released.")
        self.world.set_stop(1)
        yield from self._clear()
        self.world.set_trigger(1, 1)
        yield from self.photo("fault-trigger", "The trigger's contacts disagree.")
        self.release()
        yield from self._clear()
        self.world.set_contact(1, 0)
        yield from self.photo("fault-contact", "One skin switch only.")
        self.lift()
        yield from self._clear()
        self.world.set_contact(1, 0)
        self.world.set_trigger(1, 1)
        yield from self.photo("fault-first-of-two", "Two faults: the knob turns to the next.")
        yield from self.turn(1)
        yield from self.photo("fault-second-of-two", "The second of them.")
        self.lift()
        self.release()
        yield from self._clear()
        yield from self._while_priming()

    def _while_priming(self) -> Routine:
        world = self.world
        yield from self.choose(self._wanted)
        yield from self._do("new needle")
        yield from self._begin_to_prime()
        world.supply_mv = 8_000
        yield from self._fault("fault-supply", "The supply breaks down.")
        world.supply_mv = 12_000
        yield from self._clear()
        yield from self._begin_to_prime()
        world.stall(5_000)
        yield from self._fault("fault-too-slow", "A tick came too late.")

    def _begin_to_prime(self) -> Routine:
        yield from self._home()
        yield _OPEN_US
        self.press()
        yield from self.until_state_is(("PRIME",), 1_000_000)
        yield _SHORT_US

    def _fault(self, name: str, caption: str) -> Routine:
        yield from self.photo(name, caption)
        self.release()

    def _clear(self) -> Routine:
        yield _SHORT_US
        yield from self.confirm(_TAP_US)
        yield from self.until_state_is(("IDLE",), 1_000_000)


class _FaultOfADrop(Photographer):
    name = ""
    caption = ""

    def story(self) -> Routine:
        """Drops until the fault."""
        while not self.observer.faults:
            yield from self.prepare()
            yield from self._shoot()
        yield from self.photo(self.name, self.caption)


class Blocked(_FaultOfADrop):
    """The needle clogs."""

    @staticmethod
    def order() -> Order:
        """The session."""
        return Order(shots=MANY, params={"occluded_after_nl": 15_000})

    name = "fault-blocked"
    caption = "The needle is blocked."


class Air(_FaultOfADrop):
    """A bubble comes."""

    @staticmethod
    def order() -> Order:
        """The session."""
        return Order(shots=MANY, params={"bubble_nl": 5_000, "bubble_after_nl": 25_000, "needle_kpa_s_per_nl": 0.0012})

    name = "fault-air"
    caption = "Air is in the liquid."


class NoLiquid(_FaultOfADrop):
    """The syringe was not full."""

    @staticmethod
    def order() -> Order:
        """The session."""
        return Order(shots=MANY, params={"syringe_nl": 60_000, "needle_kpa_s_per_nl": NEEDLES["30G-10cP"]})

    name = "fault-no-liquid"
    caption = "The syringe is empty."


STORIES: tuple[type[Photographer], ...] = (
    Menu,
    LoggingIn,
    SettingUp,
    Homing,
    Working,
    NotArmed,
    PowerLost,
    NotProvisioned,
    Expired,
    NotForThisDepth,
    Faults,
    Blocked,
    Air,
    NoLiquid,
)
