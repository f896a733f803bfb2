"""Syringe and plunger drive: play, the drive's spring, a stopper with dry friction, liquid and gas that give way.

A piecewise linear system without mass, updated by backward Euler: stable for any stiffness. Whatever the stopper
displaces is either stored (compressed) or has left through the needle; the two accounts always add up.
Pressure is relative to ambient, in kPa, and a force on the stopper is given as the pressure it makes up for.
1 um x 1 mm2 = 1 nl.
"""

from math import sqrt

from .tissue import Outlet

_SUBSTEP_US = 400
_AMBIENT_KPA = 101325 / 1000
_VACUUM_KPA = -98.0  # the liquid tears: from here on a vapour bubble grows at almost no pressure
_TORN = 1000000  # times the compliance
_MOTOR_N = 100  # a small stepper on a 1 mm screw; far beyond the pressure ceiling of a 1 ml syringe


def _of_size(area_mm2: float, small: float, middle: float, large: float) -> float:
    """The value for the 1, 5 or 10 ml syringe, whichever this area is nearest to."""
    return small if area_mm2 < 68 else middle if area_mm2 < 155 else large


def nominal_content_nl(area_mm2: float) -> float:
    """What a full syringe of this area holds."""
    return _of_size(area_mm2, 1000000, 5000000, 10000000)


class Syringe:
    """Stopper position, stored volume and pressure. `area_mm2` > 0; parameter names as in the plant interface."""

    def __init__(self, params: "dict[str, float]") -> None:
        value = params.get
        area = self.area_mm2 = params["syringe_area_mm2"]
        nominal_drive = _of_size(area, 2 / 100, 12 / 100, 12 / 100)
        nominal_fluid = _of_size(area, 255 / 100, 29, 48) - area * nominal_drive
        self.drive_um_per_kpa = value("drive_um_per_kpa", nominal_drive)
        self.fluid_nl_per_kpa = value("fluid_nl_per_kpa", nominal_fluid)
        self.play_um = value("backlash_um", 15)
        self.friction_kpa = value("stopper_friction_kpa", 20)
        if area <= 0 or self.fluid_nl_per_kpa <= 0:
            raise ValueError("syringe_area_mm2 and fluid_nl_per_kpa must be positive")
        self._stall_um = 1 + _MOTOR_N * 1000 / area * self.drive_um_per_kpa  # the drive wound up so far
        self._bubble_nl = 0.0  # at ambient pressure
        self._bubble_offset_nl = 0.0
        self.displaced_nl = 0.0
        # A call of settle() that left everything as it was, and what it returned: one like it does so once more.
        self._settled_into: "Outlet | None" = None
        self._settled_as = (0, 0.0, 0.0, 0.0)
        self._settled_out = 0.0
        self.load(0.0, 0)

    def load(self, stopper_um: float, volume_nl: float) -> None:
        """A syringe with `volume_nl` and no pressure, its stopper at `stopper_um`."""
        self.stopper_um = stopper_um
        self.barrel_end_um = stopper_um + volume_nl / self.area_mm2
        self.stored_nl = 0.0
        self._bubble_offset_nl = self._bubble_nl
        self.kpa = 0.0
        self._settled_into = None
        self.still = False  # nothing moved or flowed at the end of the last call

    def take_in_gas(self, gas_nl: float) -> None:
        """So much gas (at ambient) is in the syringe from now on; pressure and stored volume stay as they are."""
        self._bubble_nl = gas_nl
        self._bubble_offset_nl = gas_nl * _AMBIENT_KPA / (_AMBIENT_KPA + self.kpa)
        self._settled_into = None
        self.still = False

    def stalled_um(self, nut_um: float) -> float:
        """How far (signed) the nut is beyond what the motor's force reaches."""
        wound = self._bend(nut_um - self.stopper_um)
        if wound > self._stall_um:
            return wound - self._stall_um
        if wound < -self._stall_um:
            return wound + self._stall_um
        return 0.0

    def _bend(self, gap: float) -> float:
        """How far the drive's spring is compressed (+) or pulled (-); 0 while the pusher is in its play."""
        return gap if gap > 0 else gap + self.play_um if gap < -self.play_um else 0.0

    def settle(self, dt_us: int, nut: float, moved_um: float, outlet: Outlet, resistance: float) -> float:
        """The nut moves by `moved_um` from `nut` within `dt_us`; returns what left the needle, in nl (- came in).

        `resistance` is the needle's, in kPa us / nl. The outlet's reserve takes up what leaves.

        A needle in air comes to rest where the flow is less than rounding takes away: nothing changes any more, for
        minutes on end. That is worked out once.
        """
        if outlet is self._settled_into and not moved_um:
            if self._settled_as == (dt_us, nut, outlet.reserve_nl, resistance):
                return self._settled_out
        count = (dt_us + _SUBSTEP_US - 1) // _SUBSTEP_US
        h = dt_us / count
        fade = outlet.relax_us / (outlet.relax_us + h)
        rise = outlet.kpa_per_nl * fade  # swelling at the end of a sub-step, from what was there at its start ...
        hindrance = resistance / h + rise  # ... and from what enters during it, in kPa / nl
        opening = outlet.opening_kpa
        holding = outlet.holding_kpa
        reserve = outlet.reserve_nl
        before = self.stopper_um
        stored = self.stored_nl
        kpa = self.kpa
        begun_at = nut
        nut_step = moved_um / count
        out = 0.0
        for _ in range(count):
            nut += nut_step
            swelling = rise * reserve
            flow = self._substep(nut, swelling - holding, swelling + opening, hindrance, reserve)
            reserve = (reserve + flow) * fade
            out += flow
        self._settled_into = None
        if not moved_um and kpa == self.kpa and stored == self.stored_nl and before == self.stopper_um:
            if reserve == outlet.reserve_nl:
                self._settled_into = outlet
                self._settled_as = (dt_us, begun_at, reserve, resistance)
                self._settled_out = out
        outlet.reserve_nl = reserve
        self.displaced_nl += self.area_mm2 * (self.stopper_um - before)
        return out

    def _substep(self, nut: float, low: float, high: float, hindrance: float, reserve: float) -> float:
        """One implicit update with the nut at `nut` um; returns what left the needle, at most `reserve` backward."""
        # What the pressure would be if nothing passed the needle, first with the stopper held.
        closed = self.kpa
        compliance = self.fluid_nl_per_kpa
        if closed <= _VACUUM_KPA:
            compliance *= _TORN
        elif self._bubble_nl:
            absolute = _AMBIENT_KPA + closed
            compliance += self._bubble_nl * _AMBIENT_KPA / (absolute * absolute)  # isothermal
        keep = hindrance * compliance / (hindrance * compliance + 1)  # of a pressure beyond what the needle holds
        edge = high if closed > high else low if closed < low else closed
        gap = nut - self.stopper_um
        play = self.play_um
        bend = gap if gap > 0 else gap + play if gap < -play else 0.0
        drive = self.drive_um_per_kpa
        drag = self.friction_kpa
        push = bend - drive * (edge + keep * (closed - edge))
        dx = 0.0
        if push > drive * drag or push < -drive * drag:
            dx = self._slip(gap, drag if push > 0 else -drag, low, high, compliance, keep)
            if dx > self.barrel_end_um - self.stopper_um:
                dx = self.barrel_end_um - self.stopper_um
            self.stopper_um += dx
            closed += self.area_mm2 * dx / compliance
            edge = high if closed > high else low if closed < low else closed
        flow = keep * (closed - edge) / hindrance
        if flow + reserve < 0:
            flow = -reserve
        self.stored_nl += self.area_mm2 * dx - flow
        self.kpa = self._pressure()
        self.still = flow == 0.0 and dx == 0.0
        return flow

    def _slip(self, gap: float, drag: float, low: float, high: float, compliance: float, keep: float) -> float:
        """How far the stopper moves until drive force = pressure at the end of the sub-step + `drag`, in um."""
        p = closed = self.kpa
        dx = 0.0
        area = self.area_mm2
        drive = self.drive_um_per_kpa
        for _ in range(3):  # the move may open or close the needle: then once more
            side = (closed > high) - (closed < low)
            if side == 0:
                stiffness = area / compliance
                force = p + drag
            else:
                edge = high if side > 0 else low
                stiffness = keep * area / compliance
                force = edge + keep * (p - edge) + drag
            dx = (gap - drive * force) / (1 + drive * stiffness)
            if dx > gap:  # a pusher does not pull on its front face ...
                dx = (gap + self.play_um - drive * force) / (1 + drive * stiffness)
                if dx < gap + self.play_um:  # ... nor push on its rear one: it is in its play
                    dx = -force / stiffness
            closed = p + area * dx / compliance
            if side == (closed > high) - (closed < low):
                break
        return dx

    def _pressure(self) -> float:
        """Pressure at which liquid and gas hold the stored volume."""
        fluid = self.fluid_nl_per_kpa
        stored = self.stored_nl
        p = stored / fluid
        at_vacuum_nl = fluid * _VACUUM_KPA
        gas = self._bubble_nl
        if gas:  # the positive root of: stored = fluid p + offset - gas ambient / (ambient + p)
            stored -= self._bubble_offset_nl
            b = stored - fluid * _AMBIENT_KPA
            sum_b = stored + fluid * _AMBIENT_KPA
            root = sqrt(sum_b * sum_b + 4 * fluid * gas * _AMBIENT_KPA)
            if b > 0:  # two spellings: neither may subtract what is nearly equal
                p = (root + b) / (2 * fluid)
            else:
                p = 2 * _AMBIENT_KPA * (self.stored_nl + (gas - self._bubble_offset_nl)) / (root - b)
            at_vacuum_nl -= gas * _AMBIENT_KPA / (_AMBIENT_KPA + _VACUUM_KPA)
        return p if p > _VACUUM_KPA else _VACUUM_KPA + (stored - at_vacuum_nl) / (fluid * _TORN)
