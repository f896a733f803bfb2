"""What the records of the journal mean, by the number of their kind: names for people, and names of their integers.

Numbers are fixed for ever: a journal of today is read in ten years. docs/journal.md shows this table, and a test holds
the firmware's own constants to it.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind: its word, its integers in order (_ in front: not for people), and when it is recorded."""

    name: str
    fields: tuple[str, ...]
    when: str


TAKEN, ILLEGAL, FAULTS, BOOT, LOST, DAMAGED, LOGGED_IN, LOGGED_OUT = range(8)
PATIENT, ZONE, NEEDLE, DISINFECTED, PRIMED, TROUBLES, EXPORTED, STORED = range(8, 16)
PRODUCT, SETTINGS, RESERVED, DROP, CLOSED, UNCERTAIN, CALIBRATED = range(16, 23)

_TOTALS = ("session_nl", "zone_nl", "product_nl")

KINDS: dict[int, Kind] = {
    TAKEN: Kind("taken", ("state", "event"), "an event that nothing else tells of: rewinding, service, recovered"),
    ILLEGAL: Kind("illegal", ("state", "event"), "an event that the state has no place for; nothing has changed"),
    FAULTS: Kind("faults", ("state", "faults"), "new faults, and the state they came in"),
    BOOT: Kind("boot", ("reset_cause", "how"), "power-on or reset; how a reservation that was open was closed"),
    LOST: Kind("lost", ("records",), "so many records found no room in RAM"),
    DAMAGED: Kind("damaged", ("segment", "place"), "the newest segment did not fit its key from this place on"),
    LOGGED_IN: Kind("logged_in", ("operator",), "a code was accepted: its place in the list"),
    LOGGED_OUT: Kind("logged_out", ("operator",), "nobody may use the device until the next code"),
    PATIENT: Kind("patient", ("patient",), "NEW PATIENT; and again after power-on"),
    ZONE: Kind("zone", ("zone", "points"), "chosen; points planned, 0 is no plan"),
    NEEDLE: Kind("needle", ("needle",), "a fresh one is on"),
    DISINFECTED: Kind("disinfected", ("zone", "drying_s"), "CONFIRM was held for this zone"),
    PRIMED: Kind("primed", ("resistance_pa_per_nl",), "a prime came to its end; what it measured"),
    TROUBLES: Kind("troubles", ("troubles", "new_troubles"), "the records themselves are in trouble"),
    EXPORTED: Kind("exported", ("segment",), "all up to this segment is safe elsewhere"),
    STORED: Kind("stored", ("slot", "slot_sequence"), "a slot was written: configuration or calibration"),
    PRODUCT: Kind("product", ("name", "lot"), "chosen: two texts of at most 12 letters, three integers each"),
    SETTINGS: Kind(
        "settings", ("choices", "dose_nl", "depth_um", "burst_count", "slot_ms", "points"), "taken as a whole"
    ),
    RESERVED: Kind(
        "reserved",
        ("drops", "volume_nl", "number_before", *_TOTALS),
        "arming: the most that may be given, totals so far",
    ),
    DROP: Kind(
        "drop",
        ("number", "requested_nl", "outcome", "reported_nl", "reported_min_nl", "reported_max_nl"),
        "a drop was closed, whatever became of it",
    ),
    CLOSED: Kind(
        "closed", ("begun", "delivered", "most_nl", *_TOTALS), "disarmed: what was given since arming; totals"
    ),
    UNCERTAIN: Kind(
        "uncertain",
        ("drops", "most_nl", "number_before", *_TOTALS),
        "power was lost while armed: at most this was given, perhaps nothing; totals with it",
    ),
    CALIBRATED: Kind("calibrated", ("syringe", "version", "crc_low", "crc_high"), "a calibration came into force"),
}

BOOTED_HOW = ("nothing open", "closed from RTC memory", "uncertain")
SLOTS = ("", "configuration", "calibration")
