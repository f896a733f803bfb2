"""What the clinician chose, validated as a whole: taken completely or refused completely, with every reason."""

from micropython import const

from firmware import limits, zones
from firmware.calibration import SYRINGES, Calibration, adopted
from firmware.names import words
from firmware.needles import NEEDLES, deepest_um, punctures_most
from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from typing import Any

NOT_CHOSEN = const(1 << 0)
MALFORMED = const(1 << 1)
UNKNOWN_NAME = const(1 << 2)
SYRINGE_UNKNOWN = const(1 << 3)
DOSE_BELOW_RESOLUTION = const(1 << 4)
DOSE_ABOVE_LIMIT = const(1 << 5)
DEPTH_OUT_OF_RANGE = const(1 << 6)
MODE_UNKNOWN = const(1 << 7)
BURST_OUT_OF_RANGE = const(1 << 8)
RATE_BEYOND_AXES = const(1 << 9)
NEEDLE_UNKNOWN = const(1 << 10)
DEPTH_BEYOND_NEEDLE = const(1 << 11)
POINTS_OUT_OF_RANGE = const(1 << 12)
NOT_DISARMED = const(1 << 13)
PLAN_OUT_OF_RANGE = const(1 << 14)
ZONE_UNKNOWN = const(1 << 15)
DEPTH_BEYOND_ZONE = const(1 << 16)
DOSE_ABOVE_ZONE = const(1 << 17)
POINTS_ABOVE_ZONE = const(1 << 18)
CODE_WRONG = const(1 << 19)
LOCKED_OUT = const(1 << 20)

WORDS = (
    b"setting_not_chosen|settings_malformed|settings_unknown_name|syringe_unknown|dose_below_resolution"
    b"|dose_above_limit|depth_out_of_range|mode_unknown|burst_count_out_of_range|rate_beyond_axes"
    b"|needle_unknown|depth_beyond_needle|points_out_of_range|not_disarmed|plan_out_of_range|zone_unknown"
    b"|depth_beyond_zone|dose_above_zone|points_above_zone|code_wrong|locked_out"
)
"""The word for each bit; phrases.copy writes one."""
MODES = ("single", "burst")
_INTEGERS = ("dose_nl", "depth_um", "burst_count", "rate_mhz", "points")
NAMES = ("syringe", "needle", "zone", "mode") + _INTEGERS


def refusal_names(mask: int) -> "list[str]":
    """The words for why settings were refused."""
    return words(mask, WORDS)


class Settings:
    """The settings in force. `refusals` 0 means they are whole; before the first whole ones nothing may be used."""

    def __init__(self) -> None:
        self.refusals = NOT_CHOSEN
        self.syringe = ""
        self.needle = ""
        self.zone = ""
        self.zone_limits = zones.Zone(zones.NAMES[0])  # of the zone chosen
        self.punctures_most = 0  # of the needle
        self.deepest_um = 0  # that machine, needle and zone allow, whatever was chosen
        self.dose_nl = 0
        self.depth_um = 0
        self.burst_count = 0  # 1 in single mode
        self.slot_us = 0  # start to start in a burst; 0 is as fast as possible
        self.points = 0  # planned in this zone; 0 is no plan
        self._seal = 0  # over what must not change by itself
        self.measured: "dict[str, tuple[int, int]]" = {}  # of this device; while there is none it does not arm
        self.calibration = Calibration(SYRINGES[0])  # of some syringe: nothing is fed while refusals stand

    def calibrate(self, record: "Any") -> None:
        """Take what was measured of this device; nothing, if the record is not whole. At power-on."""
        self.measured = adopted(record)
        self.calibration = Calibration(self.calibration.syringe, self.measured)
        self._seal = self._sum()

    def take(self, wanted: "dict[str, int | str]") -> int:
        """Validate and take all of NAMES, no others. Returns 0; or a mask of refusals, and nothing has changed."""
        refusals = refusals_of(wanted)
        if refusals:
            return refusals
        self.refusals = 0
        self.syringe = str(wanted["syringe"])
        self.needle = str(wanted["needle"])
        self.zone = str(wanted["zone"])
        self.zone_limits = zones.Zone(self.zone)
        self.punctures_most = punctures_most(self.needle)
        self.deepest_um = min(limits.NEEDLE_DEEPEST_UM, deepest_um(self.needle), self.zone_limits.deepest_um)
        self.calibration = Calibration(self.syringe, self.measured)
        self.dose_nl = int(wanted["dose_nl"])
        self.depth_um = int(wanted["depth_um"])
        self.burst_count = int(wanted["burst_count"]) if wanted["mode"] == "burst" else 1
        rate_mhz = int(wanted["rate_mhz"])
        self.slot_us = 1000000000 // rate_mhz if rate_mhz else 0
        self.points = int(wanted["points"])
        self._seal = self._sum()
        return 0

    def intact(self) -> bool:
        """Whether what the device injects by is what was taken; memory may fail."""
        return self._seal == self._sum()

    def _sum(self) -> int:
        calibration = self.calibration
        orders = self.dose_nl ^ self.depth_um ^ self.burst_count ^ self.slot_us ^ self.deepest_um ^ self.punctures_most
        return orders ^ calibration.pl_per_step ^ calibration.compliance_pl_per_kpa ^ calibration.content_steps

    def drop_most_pl(self) -> int:
        """The most of one drop that leaves: the dose, and what the gate lets pass above it."""
        return (self.dose_nl + limits.overdose_pl(self.dose_nl * 1000, self.calibration.pl_per_step) // 1000 + 1) * 1000

    def drop_most_nl(self) -> int:
        """The most that one drop is counted with: all that the gate lets the plunger displace, also against tissue that
        pushes back, and one chunk."""
        calibration = self.calibration
        compliance = calibration.compliance_pl_per_kpa
        kept_pl = per_thousand(compliance - compliance // 4, limits.TISSUE_MAX_PA)
        return (self.drop_most_pl() + kept_pl + limits.CHUNK_MAX_STEPS * calibration.pl_per_step) // 1000 + 1

    def drop_most_steps(self) -> int:
        """What one drop may advance the plunger by."""
        return self.calibration.steps_of_pl(self.drop_most_pl())


def refusals_of(wanted: "dict[str, int | str]") -> int:
    """Every reason why `wanted` cannot be taken, as a mask; 0 if it can.

    Values that are not chosen yet are one reason (NOT_CHOSEN); those that are there are judged all the same.
    """
    if not isinstance(wanted, dict):
        return MALFORMED
    for name in wanted:
        if name not in NAMES:
            return UNKNOWN_NAME
    for name in _INTEGERS:
        if name in wanted and (not isinstance(wanted[name], int) or isinstance(wanted[name], bool)):
            return MALFORMED
    refusals = 0 if len(wanted) == len(NAMES) else NOT_CHOSEN
    if wanted.get("mode", "single") not in MODES:
        refusals |= MODE_UNKNOWN
    if not 1 <= int(wanted.get("burst_count", 1)) <= limits.BURST_MAX:
        refusals |= BURST_OUT_OF_RANGE
    if not 0 <= int(wanted.get("points", 0)) <= limits.POINTS_MAX:
        refusals |= POINTS_OUT_OF_RANGE
    refusals |= _depth_refusals(wanted) | _dose_refusals(wanted) | _zone_refusals(wanted)
    rate_mhz = int(wanted.get("rate_mhz", 0))
    if rate_mhz and not limits.RATE_MIN_MHZ <= rate_mhz <= limits.RATE_MAX_MHZ:
        refusals |= RATE_BEYOND_AXES
    elif rate_mhz and not refusals and wanted["mode"] == "burst" and _too_fast(wanted):
        return RATE_BEYOND_AXES
    return refusals


def _depth_refusals(wanted: "dict[str, int | str]") -> int:
    needle = wanted.get("needle", NEEDLES[0])
    if needle not in NEEDLES:
        return NEEDLE_UNKNOWN
    if "depth_um" not in wanted:
        return 0
    depth_um = int(wanted["depth_um"])
    if not limits.DEPTH_MIN_UM <= depth_um <= limits.NEEDLE_DEEPEST_UM or depth_um % limits.NEEDLE_UM_PER_STEP:
        return DEPTH_OUT_OF_RANGE
    return DEPTH_BEYOND_NEEDLE if "needle" in wanted and depth_um > deepest_um(str(needle)) else 0


def _zone_refusals(wanted: "dict[str, int | str]") -> int:
    if "zone" not in wanted:
        return 0
    if wanted["zone"] not in zones.NAMES:
        return ZONE_UNKNOWN
    zone = zones.Zone(str(wanted["zone"]))
    refusals = 0
    # What is beyond the machine's own limits has been refused for that.
    if zone.deepest_um < int(wanted.get("depth_um", 0)) <= limits.NEEDLE_DEEPEST_UM:
        refusals |= DEPTH_BEYOND_ZONE
    if zone.dose_most_nl < int(wanted.get("dose_nl", 0)) <= limits.DOSE_MAX_NL:
        refusals |= DOSE_ABOVE_ZONE
    if zone.points_most < int(wanted.get("points", 0)) <= limits.POINTS_MAX:
        refusals |= POINTS_ABOVE_ZONE
    return refusals


def _dose_refusals(wanted: "dict[str, int | str]") -> int:
    syringe = wanted.get("syringe", SYRINGES[0])
    refusals = 0 if syringe in SYRINGES else SYRINGE_UNKNOWN
    if "dose_nl" not in wanted:
        return refusals
    dose_nl = int(wanted["dose_nl"])
    if dose_nl > limits.DOSE_MAX_NL:
        refusals |= DOSE_ABOVE_LIMIT
    if not refusals & SYRINGE_UNKNOWN and dose_nl < least_dose_nl(str(syringe)):
        refusals |= DOSE_BELOW_RESOLUTION
    return refusals


def _too_fast(wanted: "dict[str, int | str]") -> bool:
    """Whether the axes cannot do the rate; everything else is right."""
    slot_ticks = (1000000000 // int(wanted["rate_mhz"]) + limits.TICK_US - 1) // limits.TICK_US
    pl_per_step = Calibration(str(wanted["syringe"])).pl_per_step
    slot_us = shortest_slot_us(int(wanted["depth_um"]), int(wanted["dose_nl"]), pl_per_step)
    return slot_ticks * limits.TICK_US < slot_us


def least_dose_nl(syringe: str) -> int:
    """The smallest dose a syringe resolves, nl. KeyError for one that does not exist."""
    return (limits.DOSE_MIN_STEPS * Calibration(syringe).pl_per_step + 999) // 1000


def shortest_slot_us(depth_um: int, dose_nl: int, pl_per_step: int) -> int:
    """The time that the two axes need for one drop of a burst, if the pressure never held the feed back.

    Needle from waiting to depth and back, feed and relax: distance / 40 steps a tick, and four ticks of ramp each;
    then the samples that prove depth, reference pressure and weight.
    """
    travel_steps = (depth_um - limits.NEEDLE_WAITING_UM) // limits.NEEDLE_UM_PER_STEP
    feed_steps = dose_nl * 1000 // pl_per_step
    moves_ticks = (2 * travel_steps + feed_steps) // limits.CHUNK_MAX_STEPS + 3 * 4
    return (moves_ticks + limits.PROOF_TICKS) * limits.TICK_US
