"""What the clinician chose, validated as a whole: taken completely or refused completely, with every reason."""

from micropython import const

from firmware import limits
from firmware.calibration import SYRINGES, Calibration
from firmware.names import words

MISSING = const(1 << 0)
MALFORMED = const(1 << 1)
UNKNOWN_NAME = const(1 << 2)
SYRINGE_UNKNOWN = const(1 << 3)
DOSE_BELOW_RESOLUTION = const(1 << 4)
DOSE_ABOVE_LIMIT = const(1 << 5)
DEPTH_OUT_OF_RANGE = const(1 << 6)
MODE_UNKNOWN = const(1 << 7)
BURST_OUT_OF_RANGE = const(1 << 8)
RATE_BEYOND_AXES = const(1 << 9)

_REFUSALS = (
    "settings_missing",
    "settings_malformed",
    "settings_unknown_name",
    "syringe_unknown",
    "dose_below_resolution",
    "dose_above_limit",
    "depth_out_of_range",
    "mode_unknown",
    "burst_count_out_of_range",
    "rate_beyond_axes",
)
_INTEGERS = ("dose_nl", "depth_um", "burst_count", "rate_mhz")
_NAMES = ("syringe", "mode") + _INTEGERS
_MODES = ("single", "burst")


def refusal_names(mask: int) -> "list[str]":
    """The words for why settings were refused."""
    return words(mask, _REFUSALS)


class Settings:
    """The settings in force. `refusals` 0 means they are whole; otherwise nothing of them may be used."""

    def __init__(self) -> None:
        self.refusals = MISSING
        self.syringe = ""
        self.dose_nl = 0
        self.depth_um = 0
        self.burst_count = 0  # 1 in single mode
        self.slot_us = 0  # start to start in a burst; 0 is as fast as possible
        self.calibration = Calibration(
            SYRINGES[0]
        )  # sensors are the same with all; nothing is fed while refusals stand

    def propose(self, wanted: "dict[str, int | str] | None") -> bool:
        """Validate and take {"syringe", "dose_nl", "depth_um", "mode", "burst_count", "rate_mhz"}; all six, no others.

        Returns False and keeps nothing of it when refused: `refusals` then names every reason.
        """
        self.refusals = refusals_of(wanted)
        if wanted is None or self.refusals:
            return False
        self.syringe = str(wanted["syringe"])
        self.calibration = Calibration(self.syringe)
        self.dose_nl = int(wanted["dose_nl"])
        self.depth_um = int(wanted["depth_um"])
        self.burst_count = int(wanted["burst_count"]) if wanted["mode"] == "burst" else 1
        rate_mhz = int(wanted["rate_mhz"])
        self.slot_us = 1000000000 // rate_mhz if rate_mhz else 0
        return True


def refusals_of(wanted: "dict[str, int | str] | None") -> int:
    """Every reason why `wanted` cannot be taken, as a mask; 0 if it can."""
    if wanted is None:
        return MISSING
    if not isinstance(wanted, dict):
        return MALFORMED
    for name in _NAMES:
        if name not in wanted:
            return MALFORMED
    for name in wanted:
        if name not in _NAMES:
            return UNKNOWN_NAME
    for name in _INTEGERS:
        if not isinstance(wanted[name], int) or isinstance(wanted[name], bool):
            return MALFORMED
    refusals = 0 if wanted["mode"] in _MODES else MODE_UNKNOWN
    if not 1 <= int(wanted["burst_count"]) <= limits.BURST_MAX:
        refusals |= BURST_OUT_OF_RANGE
    depth_um = int(wanted["depth_um"])
    if not limits.DEPTH_MIN_UM <= depth_um <= limits.NEEDLE_DEEPEST_UM or depth_um % limits.NEEDLE_UM_PER_STEP:
        refusals |= DEPTH_OUT_OF_RANGE
    dose_nl = int(wanted["dose_nl"])
    if dose_nl > limits.DOSE_MAX_NL:
        refusals |= DOSE_ABOVE_LIMIT
    if wanted["syringe"] not in SYRINGES:
        return refusals | SYRINGE_UNKNOWN
    pl_per_step = Calibration(str(wanted["syringe"])).pl_per_step
    if dose_nl * 1000 < limits.DOSE_MIN_STEPS * pl_per_step:
        refusals |= DOSE_BELOW_RESOLUTION
    rate_mhz = int(wanted["rate_mhz"])
    if rate_mhz and not limits.RATE_MIN_MHZ <= rate_mhz <= limits.RATE_MAX_MHZ:
        refusals |= RATE_BEYOND_AXES
    elif rate_mhz and not refusals and wanted["mode"] == "burst":
        slot_ticks = (1000000000 // rate_mhz + limits.TICK_US - 1) // limits.TICK_US
        if slot_ticks * limits.TICK_US < shortest_slot_us(depth_um, dose_nl, pl_per_step):
            refusals |= RATE_BEYOND_AXES
    return refusals


def shortest_slot_us(depth_um: int, dose_nl: int, pl_per_step: int) -> int:
    """The time that the two axes need for one drop of a burst, if the pressure never held the feed back.

    Needle from waiting to depth and back, feed and relax: distance / 40 steps a tick, and four ticks of ramp each;
    then the samples that prove depth, reference pressure and weight.
    """
    travel_steps = (depth_um - limits.NEEDLE_WAITING_UM) // limits.NEEDLE_UM_PER_STEP
    feed_steps = dose_nl * 1000 // pl_per_step
    moves_ticks = (2 * travel_steps + feed_steps) // limits.CHUNK_MAX_STEPS + 3 * 4
    return (moves_ticks + limits.PROOF_TICKS) * limits.TICK_US
