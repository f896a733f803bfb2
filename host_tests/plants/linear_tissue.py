"""A textbook plant, as somebody might write it who knows nothing but the plant interface. CPython only.

Explicit Euler, everything linear, tissue that gives back as readily as it takes, no `load`: the simulator then
makes a new plant for each syringe.
"""

import math
import random

_AMBIENT_KPA = 101.3
_STEP_US = 100


class LinearTissuePlant:
    """Play, drive spring, Coulomb friction, one compliance, one resistance, one linear tissue."""

    def __init__(self, params: "dict[str, float]", seed: int) -> None:
        area = params["syringe_area_mm2"]
        nominal_total, nominal_drive = (2.55, 0.02) if area < 60 else (29, 0.12) if area < 150 else (48, 0.12)
        get = params.get
        self.area = area
        self.dose_um = params["um_per_dose_step"]
        self.needle_step_um = params["um_per_needle_step"]
        self.drive = get("drive_um_per_kpa", nominal_drive)
        self.fluid = get("fluid_nl_per_kpa", nominal_total - area * nominal_drive)
        self.bubble_nl = get("bubble_nl", 0.0)
        self.bubble_after_nl = get("bubble_after_nl", 0.0)
        self.play_um = get("backlash_um", 15.0)
        self.friction_kpa = get("stopper_friction_kpa", 20.0)
        self.screw_error_um = get("screw_error_um", 1.0)
        self.resistance = get("needle_kpa_s_per_nl", 2.6e-4)
        self.capillary_kpa = get("capillary_kpa", 1.5)
        self.tissue_kpa = get("tissue_kpa", 20.0)
        self.tissue_kpa_per_nl = get("tissue_kpa_per_nl", 0.0005)
        self.tissue_relax_s = get("tissue_relax_s", 0.5)
        self.pressure_noise_kpa = get("pressure_noise_kpa", 0.5)
        self.needle_noise_um = get("needle_noise_um", 6.0)
        self.occluded_after_nl = get("occluded_after_nl", math.inf)
        self.skin_um = get("skin_um", 0.0)
        self.skin_spread_um = get("skin_spread_um", 0.0)
        self.random = random.Random(seed)
        self.phase = self.random.uniform(0, 2 * math.pi)
        self.screw_um = self.pusher_um = self.stopper_um = 0.0
        self.end_um = get("syringe_nl", math.inf) / area
        self.kpa = self.air_nl = 0.0
        self.site_nl = self.papule_nl = 0.0  # what this site has taken; what of it still presses
        self.skin_here_um = self.skin_um
        self.needle_true_um = self.needle_um = -2000.0
        self.home = True
        self.contact = self.touched = False
        self.pressure_kpa = 0.0
        self.delivered_nl = self.surface_nl = self.depth_um = 0.0

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """The interface's step."""
        if self.contact and not self.touched:
            self.site_nl = self.papule_nl = 0.0
            self.skin_here_um = self.random.gauss(self.skin_um, self.skin_spread_um)
        self.touched = self.contact
        pieces = math.ceil(dt_us / _STEP_US)
        h = dt_us / pieces * 1e-6
        for _ in range(pieces):
            self.screw_um += dose_steps * self.dose_um / pieces
            needle = self.needle_true_um + needle_steps * self.needle_step_um / pieces
            self.needle_true_um = min(max(needle, -2000.0), 13000.0)
            self.depth_um = max(0.0, self.needle_true_um - self.skin_here_um) if self.contact else 0.0
            if self.end_um > 0:
                self._liquid(h)
        self.home = self.needle_true_um <= -1990
        self.pressure_kpa = self.kpa + self.random.gauss(0, self.pressure_noise_kpa)
        self.needle_um = self.needle_true_um + self.random.gauss(0, self.needle_noise_um)

    def _liquid(self, h: float) -> None:
        """Stopper, pressure and flow through `h` seconds."""
        compliance = self.fluid
        if self.delivered_nl + self.surface_nl >= self.bubble_after_nl:
            compliance += self.bubble_nl * _AMBIENT_KPA / (_AMBIENT_KPA + self.kpa) ** 2
        nut = self.screw_um + self.screw_error_um * math.sin(2 * math.pi * self.screw_um / 1000 + self.phase)
        self.pusher_um = min(max(self.pusher_um, nut - self.play_um), nut)
        force = (self.pusher_um - self.stopper_um) / self.drive - self.kpa
        if abs(force) > self.friction_kpa:
            excess = force - math.copysign(self.friction_kpa, force)
            move = excess / (1 / self.drive + self.area / compliance)
            move = min(move, self.end_um - self.stopper_um)
            self.stopper_um += move
            self.kpa += move * self.area / compliance
        out = self._flow_nl_per_s() * h
        if self.depth_um > 0:
            out = max(out, -self.site_nl)
        self.kpa = max(self.kpa - out / compliance, 1 - _AMBIENT_KPA)
        self._book(out)
        self.papule_nl *= math.exp(-h / self.tissue_relax_s)

    def _flow_nl_per_s(self) -> float:
        if self.delivered_nl + self.surface_nl >= self.occluded_after_nl:
            return 0.0
        if self.depth_um > 0:
            return (self.kpa - self.tissue_kpa - self.tissue_kpa_per_nl * self.papule_nl) / self.resistance
        if abs(self.kpa) <= self.capillary_kpa:
            return 0.0
        return (self.kpa - math.copysign(self.capillary_kpa, self.kpa)) / self.resistance

    def _book(self, out: float) -> None:
        if self.depth_um > 0:
            self.site_nl += out
            self.papule_nl = max(0.0, self.papule_nl + out)
            self.delivered_nl += out
        elif out < 0:
            self.air_nl -= out
        else:
            air = min(self.air_nl, out)
            self.air_nl -= air
            if self.contact:
                self.surface_nl += out - air
