"""A machine that is everything the dose loop would not wish for, and still within the parameters it was given.

Written apart from the project's own plant, with other choices wherever the plant interface leaves one: a syringe
that is softer at low pressure, rubber that creeps, friction that depends on direction and speed and wanders along
the barrel, a screw with two harmonics, a slow drifting pressure sensor with hum and outliers, a position sensor with
a gain error, tissue without an opening pressure that gives part of the liquid back. CPython only.

The unknown of a sub-step is the pressure at its end: with it stopper, storage and flow are known, and the balance of
volume, which rises with pressure, is solved by Newton's method inside a bracket.
"""

import math
from dataclasses import dataclass
from random import Random

from host_tests.plants.stepper import Motor

AMBIENT_KPA = 101.3
SUBSTEP_S = 250e-6
SOFTENING = 0.25  # a syringe without pressure is so much softer than one under high pressure ...
SOFT_BELOW_KPA = 60.0  # ... and this is where it changes
CREEP_SHARE = 0.025  # of the compliance answers late
CREEP_S = 0.3
BACKWARD_FRICTION = 0.7  # of the friction forward
SLIDING_FRICTION = 0.75  # of the friction at rest
STRIBECK_UM_PER_S = 100.0
FRICTION_MEMORY_S = 0.005  # friction follows speed this late
GREASE_KPA = 0.5  # closes the play
LAG_S = 0.0015
DRIFT_KPA = 0.5
DRIFT_PERIOD_S = 2400.0  # a quarter of it, ten minutes, takes the zero from 0 to DRIFT_KPA
HUM_HZ = 50.0
NEEDLE_GAIN_ERROR = 0.003
HALF_PRESSURE_NL = 300.0  # a cavity so large has built up half of the tissue's pressure
RETURNING_SHARE = 0.3  # of what went in can come back ...
RETURN_RESISTANCE = 3.0  # ... through a needle that the tissue half covers


@dataclass
class Attempt:
    """A guess at the end of a sub-step: volumes in nl, slope in nl/kPa, stopper in um."""

    surplus_nl: float
    slope: float
    x: float
    flow: float
    crept: float


class UnfavourablePlant:
    """The plant interface. Unknown parameters are ignored."""

    def __init__(self, params: "dict[str, float]", seed: int) -> None:
        self._read(params)
        self.random = random = Random(seed)
        self.phases = [random.uniform(0, 2 * math.pi) for _ in range(6)]
        self.drift_kpa = random.choice((-1, 1)) * DRIFT_KPA
        self.needle_gain = 1 + random.choice((-1, 1)) * NEEDLE_GAIN_ERROR
        self.dose_motor = Motor(spring_back=False)
        self.needle_motor = Motor(spring_back=True)
        self.screw_um = 0.0
        self.nut_um = self._nut(0.0)
        self.carriage_um = -2000.0
        self.now_s = 0.0
        self.sensed_kpa = 0.0
        self.contact = self.touched = False
        self.cavity_nl = self.returning_nl = 0.0
        self.skin_here_um = self.skin_um
        self.delivered_nl = self.surface_nl = self.depth_um = 0.0
        self.primed_nl = self.displaced_nl = 0.0
        self.load(self.nominal_nl)
        self._sense(0.0)

    def _read(self, params: "dict[str, float]") -> None:
        """Every parameter, or its nominal value for this syringe."""
        get = params.get
        self.area = area = params["syringe_area_mm2"]
        size = 0 if area < 60 else 1 if area < 150 else 2
        self.drive = get("drive_um_per_kpa", (0.02, 0.12, 0.12)[size])
        total = get("fluid_nl_per_kpa", (2.55, 29.0, 48.0)[size] - area * (0.02, 0.12, 0.12)[size])
        self.creeping = CREEP_SHARE * total
        # Between 0 and 100 kPa the syringe takes up, creep included, as much as one of constant compliance.
        soft = SOFTENING * SOFT_BELOW_KPA
        self.stiff = total * (1 - CREEP_SHARE) / (1 + soft / (SOFT_BELOW_KPA + 100))
        self.soft = self.stiff * soft
        self.gas_nl = 0.0
        self.bubble_nl = get("bubble_nl", 0.0)
        self.bubble_after_nl = get("bubble_after_nl", 0.0)
        self.occluded_after_nl = get("occluded_after_nl", math.inf)
        self.play_um = get("backlash_um", 15.0)
        self.friction_kpa = get("stopper_friction_kpa", 20.0)
        self.resistance = get("needle_kpa_s_per_nl", 2.6e-4)
        self.capillary_kpa = get("capillary_kpa", 1.5)
        self.tissue_kpa = get("tissue_kpa", 20.0)
        self.tissue_kpa_per_nl = get("tissue_kpa_per_nl", 0.0005)
        self.tissue_relax_s = get("tissue_relax_s", 0.5)
        self.skin_um = get("skin_um", 0.0)
        self.skin_spread_um = get("skin_spread_um", 0.0)
        self.pressure_noise_kpa = get("pressure_noise_kpa", 0.5)
        self.needle_noise_um = get("needle_noise_um", 6.0)
        self.um_per_dose_step = params["um_per_dose_step"]
        self.um_per_needle_step = params["um_per_needle_step"]
        self.screw_error_um = get("screw_error_um", 1.0)
        self.nominal_nl = get("syringe_nl", (1e6, 5e6, 1e7)[size])

    def load(self, volume_nl: float) -> None:
        """A full syringe, pusher somewhere in its play; 0 takes it out."""
        self.loaded = volume_nl > 0
        self.stopper_um = self.nut_um + self.play_um * self.random.random()
        self.barrel_start_um = self.stopper_um
        self.barrel_end_um = self.stopper_um + volume_nl / self.area
        self.kpa = self.stored_nl = self.crept_nl = self.speed_um_per_s = 0.0
        self.air_nl = 300.0
        self.dripping = False

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """`dt_us` passes; so many signed steps moved the screws, evenly spread."""
        if self.contact and not self.touched:
            self.cavity_nl = self.returning_nl = 0.0
            self.skin_here_um = self.skin_um + self.skin_spread_um * self.random.gauss(0, 1)
        self.touched = self.contact
        substep_s = SUBSTEP_S if dose_steps or self.dripping else 4 * SUBSTEP_S
        pieces = max(1, round(dt_us * 1e-6 / substep_s))
        h = dt_us * 1e-6 / pieces
        dose_um = self.dose_motor.follow(dt_us, dose_steps) * self.um_per_dose_step / pieces
        needle_um = self.needle_motor.follow(dt_us, needle_steps) * self.um_per_needle_step / pieces
        for _ in range(pieces):
            self.screw_um += dose_um
            self.nut_um = self._nut(self.screw_um)
            self.carriage_um = min(max(self.carriage_um + needle_um, -2000.0), 13000.0)
            self.depth_um = max(0.0, self.carriage_um - self.skin_here_um) if self.contact else 0.0
            if self.loaded:
                self._balance(h)
        self._sense(dt_us * 1e-6)

    def _nut(self, screw_um: float) -> float:
        turn = 2 * math.pi * screw_um / 1000
        return screw_um + self.screw_error_um * (
            0.7 * math.sin(turn + self.phases[0]) + 0.3 * math.sin(4 * turn + self.phases[1])
        )

    def _sense(self, dt_s: float) -> None:
        """What the sensors show: late, drifting, with hum and now and then an outlier."""
        self.now_s += dt_s
        self.sensed_kpa += (self.kpa - self.sensed_kpa) * (1 - math.exp(-dt_s / LAG_S))
        drift = self.drift_kpa * math.sin(2 * math.pi * self.now_s / DRIFT_PERIOD_S)
        hum = 0.5 * math.sqrt(2) * math.sin(2 * math.pi * HUM_HZ * self.now_s + self.phases[2])
        wide = 2.5 if self.random.random() < 0.05 else 0.8844  # together SD 1
        noise = hum + math.sqrt(0.75) * wide * self.random.gauss(0, 1)
        self.pressure_kpa = self.sensed_kpa + drift + self.pressure_noise_kpa * noise
        uneven = self.random.uniform(-math.sqrt(3), math.sqrt(3))
        self.needle_um = self.carriage_um * self.needle_gain + self.needle_noise_um * uneven
        self.home = self.carriage_um <= -1985

    def _friction(self) -> "tuple[float, float]":
        """Friction against moving forward and backward here and now, in kPa."""
        x = self.stopper_um - self.barrel_start_um
        place = 1 + 0.1 * math.sin(x / 1100 + self.phases[3]) + 0.05 * math.sin(x / 370 + self.phases[4])
        stribeck = SLIDING_FRICTION + (1 - SLIDING_FRICTION) * math.exp(-self.speed_um_per_s / STRIBECK_UM_PER_S)
        forward = self.friction_kpa * place * stribeck
        return forward, forward * BACKWARD_FRICTION

    def _stopper_for(self, force_kpa: float) -> "tuple[float, float]":
        """Where the drive would have the stopper to press with this force, and the slope in um/kPa (negative)."""
        place = self.nut_um - self.drive * force_kpa
        slope = -self.drive
        if force_kpa < -GREASE_KPA:
            place += self.play_um
        elif force_kpa < 0:
            place -= self.play_um * force_kpa / GREASE_KPA
            slope -= self.play_um / GREASE_KPA
        return place, slope

    def _stored(self, kpa: float) -> "tuple[float, float]":
        """Volume that syringe and gas take up at once at this pressure, and its slope; creep is apart."""
        bend = SOFT_BELOW_KPA + abs(kpa)
        volume = kpa * (self.stiff + self.soft / bend)
        slope = self.stiff + self.soft * SOFT_BELOW_KPA / bend**2
        if self.gas_nl:
            volume += self.gas_nl * kpa / (AMBIENT_KPA + kpa)
            slope += self.gas_nl * AMBIENT_KPA / (AMBIENT_KPA + kpa) ** 2
        return volume, slope

    def _outlet(self) -> "tuple[float, float, float]":
        """(pressure above which liquid leaves, pressure below which something comes in, factor on resistance then)."""
        if self.delivered_nl + self.surface_nl >= self.occluded_after_nl:
            return math.inf, -math.inf, 1.0
        if self.depth_um <= 0:
            return self.capillary_kpa * (0.7 if self.dripping else 1.0), -self.capillary_kpa, 1.0
        cavity = self.cavity_nl
        tissue = self.tissue_kpa * cavity / (cavity + HALF_PRESSURE_NL) + self.tissue_kpa_per_nl * cavity
        back = tissue * self.returning_nl / (self.returning_nl + HALF_PRESSURE_NL / 2)
        return tissue, back if self.returning_nl > 0 else -math.inf, RETURN_RESISTANCE

    def _balance(self, h: float) -> None:
        """One implicit sub-step of `h` seconds: the pressure at its end at which no volume is left over."""
        if self.delivered_nl + self.surface_nl >= self.bubble_after_nl and not self.gas_nl and self.bubble_nl:
            self.gas_nl = self.bubble_nl
            self.stored_nl = self._stored(self.kpa)[0]  # the gas brings its own volume
        friction = self._friction()
        outlet = self._outlet()
        kpa = self.kpa
        lowest, highest = 1 - AMBIENT_KPA, 1e5
        attempt = self._attempt(kpa, h, friction, outlet)
        for _ in range(60):
            if abs(attempt.surplus_nl) < 1e-6:
                break
            if attempt.surplus_nl > 0:
                highest = kpa
            else:
                lowest = kpa
            kpa -= attempt.surplus_nl / attempt.slope
            if not lowest < kpa < highest:
                kpa = (lowest + highest) / 2
            attempt = self._attempt(kpa, h, friction, outlet)
        attempt.x += attempt.surplus_nl / self.area  # nothing, unless the stopper hangs on a vacuum
        self._settle(h, kpa, attempt)

    def _attempt(
        self, kpa: float, h: float, friction: "tuple[float, float]", outlet: "tuple[float, float, float]"
    ) -> "Attempt":
        """Where everything would be after `h` seconds if the pressure were `kpa` then."""
        volume, slope = self._stored(kpa)
        creep = h / (CREEP_S + h)
        crept = (self.creeping * kpa - self.crept_nl) * creep
        slope += self.creeping * creep
        high, low, covered = outlet
        flow = 0.0
        if kpa > high:
            flow = (kpa - high) * h / self.resistance
            slope += h / self.resistance
        elif kpa < low:
            flow = (kpa - low) * h / (self.resistance * covered)
            slope += h / (self.resistance * covered)
        forward, backward = friction
        ahead, ahead_slope = self._stopper_for(kpa + forward)
        behind, behind_slope = self._stopper_for(kpa - backward)
        x, x_slope = self.stopper_um, 0.0
        if x < ahead:
            x, x_slope = ahead, ahead_slope
        elif x > behind:
            x, x_slope = behind, behind_slope
        if x > self.barrel_end_um:
            x, x_slope = self.barrel_end_um, 0.0
        surplus = volume - self.stored_nl + crept + flow - self.area * (x - self.stopper_um)
        return Attempt(surplus, slope - self.area * x_slope, x, flow, crept)

    def _settle(self, h: float, kpa: float, attempt: "Attempt") -> None:
        """Books one sub-step; what the stopper swept is what is stored, has crept or has left."""
        flow, crept = attempt.flow, attempt.crept
        if self.depth_um > 0:
            flow = max(flow, -self.returning_nl)
        moved = attempt.x - self.stopper_um
        self.speed_um_per_s += (abs(moved) / h - self.speed_um_per_s) * h / (FRICTION_MEMORY_S + h)
        self.stopper_um = attempt.x
        self.displaced_nl += self.area * moved
        self.stored_nl += self.area * moved - flow - crept
        self.crept_nl += crept
        self.kpa = kpa
        self.dripping = flow > 0
        self._book(flow)
        fade = math.exp(-h / self.tissue_relax_s)
        self.cavity_nl *= fade
        self.returning_nl *= fade

    def _book(self, flow: float) -> None:
        """Where the liquid went, or what came in."""
        if flow < 0:
            if self.depth_um > 0:
                self.delivered_nl += flow
                self.cavity_nl += flow
                self.returning_nl += flow
            else:
                self.air_nl -= flow
            return
        air = min(self.air_nl, flow)
        self.air_nl -= air
        flow -= air
        if self.depth_um > 0:
            self.delivered_nl += flow
            self.cavity_nl += flow
            self.returning_nl += RETURNING_SHARE * flow
        elif self.contact:
            self.surface_nl += flow
        else:
            self.primed_nl += flow
