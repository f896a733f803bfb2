"""The project's own plant: what is really there between the screws' steps and the values on the sensors.

In this order: lost steps, screw error and play (drive_train), the drive's spring, dry friction of the stopper,
compliance of liquid and bubble, the needle's laminar resistance (syringe), the skin (tissue), and sensor noise (noise).
Nothing has mass: the slowest mechanical mode is two orders faster than a tick.

Exact operations only (+ - * / sqrt): the same trace, to the last bit, on every interpreter.
"""

from .drive_train import Carriage, Motor, Screw
from .noise import Noise
from .syringe import Syringe, nominal_content_nl
from .tissue import Site, air, blocked

_NEVER = 1e300
_NOT_NEGATIVE = (
    "backlash_um",
    "bubble_nl",
    "capillary_kpa",
    "drive_um_per_kpa",
    "needle_air_nl",
    "needle_noise_um",
    "pressure_noise_kpa",
    "skin_spread_um",
    "stopper_friction_kpa",
    "syringe_nl",
    "tissue_kpa",
    "tissue_kpa_per_nl",
    "tissue_relax_s",
)


class Plant:
    """The plant interface of the simulator.

    `params` needs um_per_dose_step, um_per_needle_step and syringe_area_mm2; every other name has a default and
    unknown names are ignored. `seed` (any int) decides noise, screw phase, first slack and the height of each site.
    Raises KeyError for a missing name and ValueError for a value that no machine can have.

    The scenario writes `contact`. The sensors see `pressure_kpa`, `needle_um`, `home`. The scorekeeper alone reads
    the truth: `delivered_nl`, `surface_nl`, `depth_um`, and beyond the interface `primed_nl` and the properties.
    """

    def __init__(self, params: "dict[str, float]", seed: int) -> None:
        value = params.get
        self._resistance = value("needle_kpa_s_per_nl", 26 / 100000) * 1000000  # kPa us / nl; 30G x 4 mm and water
        if self._resistance <= 0:
            raise ValueError("needle_kpa_s_per_nl must be positive")
        if min(params.get(name, 0) for name in _NOT_NEGATIVE) < 0:
            raise ValueError("none of these may be negative: " + ", ".join(_NOT_NEGATIVE))
        self._dead_space_nl = value("needle_air_nl", 500)  # air in a new, dry needle
        self._occluded_after_nl = value("occluded_after_nl", _NEVER)
        self._bubble_nl = value("bubble_nl", 0)  # at ambient pressure
        self._bubble_after_nl = value("bubble_after_nl", 0) if self._bubble_nl else _NEVER
        self._pressure_noise_kpa = value("pressure_noise_kpa", 1 / 2)
        self._needle_noise_um = value("needle_noise_um", 6)
        self._noise = Noise(seed, 2)
        chance = self._chance = Noise(seed, 1)
        self._dose_motor = Motor()
        self._needle_motor = Motor(spring_helps_back=True)
        self._screw = Screw(params["um_per_dose_step"], value("screw_error_um", 1), 1000, chance.uniform())
        self._carriage = Carriage(params["um_per_needle_step"])
        self._syringe = Syringe(params)
        self._site = Site(params, chance)
        self._air = air(value("capillary_kpa", 3 / 2))
        self._blocked = blocked()
        self._nut_um = 0.0
        self.contact = self._had_contact = False
        self.delivered_nl = self.surface_nl = self.primed_nl = 0.0
        self.depth_um = 0.0
        self.stalled_um = 0.0  # way of the dose screw that force held back
        self.load(value("syringe_nl", nominal_content_nl(params["syringe_area_mm2"])))
        self.needle_um = float(self._carriage.tip_um)
        self.home = self._carriage.home

    def load(self, volume_nl: float) -> None:
        """The hand puts in a full syringe with a dry needle; 0 leaves it out. What was delivered stays counted.

        The pusher ends somewhere in its play behind the stopper; the liquid is without pressure.
        """
        if volume_nl < 0:
            raise ValueError("a syringe cannot hold less than nothing")
        self._loaded = volume_nl > 0
        slack = self._syringe.play_um * self._chance.uniform()
        self._syringe.load(self._nut_um + slack, volume_nl)
        self.air_nl = self._dead_space_nl  # in the needle; comes out before liquid does
        self.pressure_kpa = 0.0

    @property
    def true_kpa(self) -> float:
        """Pressure of the liquid without sensor noise."""
        return self._syringe.kpa

    @property
    def displaced_nl(self) -> float:
        """Volume that the stopper has swept since construction."""
        return self._syringe.displaced_nl

    @property
    def stored_nl(self) -> float:
        """Swept volume that has not left the needle: compressed liquid and gas."""
        return self._syringe.stored_nl

    @property
    def stopper_um(self) -> float:
        """Position of the stopper against the frame."""
        return self._syringe.stopper_um

    @property
    def papule_nl(self) -> float:
        """Liquid that this site still holds under elastic pressure."""
        return self._site.reserve_nl

    @property
    def lost_dose_steps(self) -> int:
        """Steps that the dose motor was asked for and did not make."""
        return self._dose_motor.lost_steps

    @property
    def lost_needle_steps(self) -> int:
        """Steps that the needle motor was asked for and did not make."""
        return self._needle_motor.lost_steps

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """`dt_us` (> 0) passes; so many signed steps moved the screws, evenly spread."""
        carriage = self._carriage
        needle_steps = self._needle_motor.turn(dt_us, needle_steps)
        tip = carriage.move(needle_steps) if needle_steps else carriage.tip_um
        self.home = carriage.home
        site = self._site
        contact = self.contact
        if contact and not self._had_contact:
            site.begin(self._chance)
        self._had_contact = contact
        self.depth_um = max(0.0, tip - site.skin_um) if contact else 0.0

        nut = self._nut_um
        dose_steps = self._dose_motor.turn(dt_us, dose_steps)
        if dose_steps:
            self._nut_um = self._screw.move(dose_steps)
        if self._loaded:
            self._press(dt_us, nut)
        noise = self._noise
        self.pressure_kpa = self._syringe.kpa + self._pressure_noise_kpa * noise.next()
        self.needle_um = tip + self._needle_noise_um * noise.next()

    def _press(self, dt_us: int, nut: float) -> None:
        """Lets syringe, needle and skin settle while the nut goes from `nut` to where it is now."""
        syringe = self._syringe
        site = self._site
        out_so_far = self.delivered_nl + self.surface_nl
        if out_so_far >= self._bubble_after_nl:
            self._bubble_after_nl = _NEVER
            syringe.take_in_gas(self._bubble_nl)
        outlet = site if self.depth_um > 0 else self._air
        if out_so_far >= self._occluded_after_nl:
            outlet = self._blocked
        moved_um = self._nut_um - nut
        if syringe.still and not moved_um:
            swelling = outlet.kpa_per_nl * outlet.reserve_nl
            if swelling - outlet.holding_kpa <= syringe.kpa <= swelling + outlet.opening_kpa:
                site.rest(dt_us)
                return
        out = syringe.settle(dt_us, nut, moved_um, outlet, self._resistance)
        if outlet is not site:
            site.rest(dt_us)
        held_back = syringe.stalled_um(self._nut_um)
        if held_back:
            self._screw.slip(held_back)
            self._nut_um -= held_back
            self.stalled_um += abs(held_back)
        if out:
            self._account(out)

    def _account(self, out: float) -> None:
        """Books what crossed the needle's tip: air before liquid, each to where the tip is."""
        if out < 0:
            if self.depth_um > 0:
                self.delivered_nl += out
            else:
                self.air_nl -= out
            return
        air_out = min(self.air_nl, out)
        self.air_nl -= air_out
        out -= air_out
        if self.depth_um > 0:
            self.delivered_nl += out
        elif self.contact:
            self.surface_nl += out
        else:
            self.primed_nl += out
