"""The table of the menu: one entry a row, in the order in which the knob passes them. A new row is a new entry here."""

from micropython import const

from firmware import inhibits, limits, zones
from firmware import settings as rules
from firmware.calibration import SYRINGES, Calibration
from firmware.menu_rows import CODE, PLAN, PREFERENCE, PRODUCT, SETTING, Choice, Deed, Number, Products
from firmware.needles import NEEDLES, deepest_um

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.look import Look
    from firmware.menu import Menu

# --- bounds, with what else is chosen -------------------------------------------------------------------------------


def _least_dose_nl(menu: "Menu") -> int:
    chosen = menu.values["syringe"]
    return rules.least_dose_nl(SYRINGES[0 if chosen is None else chosen])


def _deepest_um(menu: "Menu") -> int:
    chosen = menu.values["needle"]
    by_needle_um = limits.NEEDLE_DEEPEST_UM if chosen is None else deepest_um(NEEDLES[chosen])
    zone = _zone(menu)
    return by_needle_um if zone is None else min(by_needle_um, zone.deepest_um)


def _zone(menu: "Menu") -> "zones.Zone | None":
    chosen = menu.values["zone"]
    return None if chosen is None else zones.Zone(zones.NAMES[chosen])


def _most_nl(menu: "Menu") -> int:
    zone = _zone(menu)
    return limits.DOSE_MAX_NL if zone is None else zone.dose_most_nl


def _most_points(menu: "Menu") -> int:
    zone = _zone(menu)
    return limits.POINTS_MAX if zone is None else zone.points_most


def _fastest_mhz(menu: "Menu") -> int:
    values = menu.values
    if values["syringe"] is None or values["depth_um"] is None or values["dose_nl"] is None:
        return limits.RATE_MAX_MHZ
    pl_per_step = Calibration(SYRINGES[values["syringe"]]).pl_per_step
    slot_us = rules.shortest_slot_us(values["depth_um"], values["dose_nl"], pl_per_step)
    return min(1000000000 // slot_us, limits.RATE_MAX_MHZ)


# --- deeds ----------------------------------------------------------------------------------------------------------


def _new_patient(menu: "Menu") -> int:
    menu.loop.treatment.new_patient()
    return 0


def _new_needle(menu: "Menu") -> int:
    menu.loop.treatment.new_needle()
    return 0


def _session_so_far(look: "Look", menu: "Menu") -> None:
    _millilitres(look, limits.SESSION_MAX_NL - menu.loop.treatment.session_left_nl())
    look.put(b" of ")
    _millilitres(look, limits.SESSION_MAX_NL)
    look.put(b" ml")


def _millilitres(look: "Look", volume_nl: int) -> None:
    look.number(volume_nl // 10000, 2)


def _punctures_left(look: "Look", menu: "Menu") -> None:
    if not menu.loop.settings.refusals:
        look.number(menu.loop.treatment.punctures_left(), 0)
        look.put(b" punctures left")


def _new_zone(menu: "Menu") -> int:
    menu.loop.treatment.new_zone()
    return 0


def _points_short(look: "Look", menu: "Menu") -> None:
    short = menu.loop.treatment.points_left(menu.loop.settings.points)
    if short:
        look.number(short, 0)
        look.put(b" point short" if short == 1 else b" points short")


def _prime(menu: "Menu") -> int:
    menu.loop.treatment.unprime()
    return 0


def _home_first(look: "Look", menu: "Menu") -> None:
    if not menu.loop.needle.parked():
        look.put(b"home the needle first")
    elif not menu.loop.contact.off_ticks:
        look.put(b"lift off the skin")


def _log_out(menu: "Menu") -> int:
    menu.loop.log_out()
    menu.close()
    return 0


def _power_off(menu: "Menu") -> int:
    if not menu.loop.needle.parked():
        return inhibits.NEEDLE_NOT_PARKED if menu.loop.needle.homed else inhibits.NOT_HOMED
    menu.loop.release_motors()
    menu.switched_off = 1
    menu.close()
    return 0


ROWS = (
    Number(CODE, b"Code", "code", b"", 0, 6, 0, 0, 999999),
    Products(PRODUCT, b"Product", "product"),
    Choice(SETTING, b"Syringe", "syringe", SYRINGES),
    Choice(SETTING, b"Needle", "needle", NEEDLES),
    Choice(SETTING, b"Zone", "zone", zones.NAMES),
    Number(SETTING, b"Dose", "dose_nl", b" ul", 3, 6, 10000, _least_dose_nl, _most_nl, place=2),
    Number(SETTING, b"Depth", "depth_um", b" mm", 3, 5, 1000, limits.DEPTH_MIN_UM, _deepest_um, place=2),
    Choice(SETTING, b"Mode", "mode", rules.MODES),
    Number(SETTING, b"Burst", "burst_count", b" drops", 0, 2, 10, 1, limits.BURST_MAX, place=1),
    Number(SETTING, b"Rate", "rate_mhz", b" /s", 3, 5, 0, limits.RATE_MIN_MHZ, _fastest_mhz, place=1, zero=b"fastest"),
    Number(SETTING, b"Points", "points", b"", 0, 3, 0, 0, _most_points, place=1, zero=b"no plan"),
    Number(PLAN, b"Area", "area_mm2", b" cm2", 2, 5, 1000, limits.AREA_MIN_MM2, limits.AREA_MAX_MM2, place=2, fixed=2),
    Number(
        PLAN,
        b"Spacing",
        "spacing_um",
        b" mm",
        3,
        5,
        10000,
        limits.SPACING_MIN_UM,
        limits.SPACING_MAX_UM,
        place=1,
        fixed=2,
    ),
    Deed(b"New|patient", b"the next one? it asks|for a new needle too", _new_patient, _session_so_far),
    Deed(b"New|needle", b"is a fresh one on?|it has to be primed", _new_needle, _punctures_left),
    Deed(b"New|syringe", b"old one out, then|HOLD CONFIRM", None, _home_first),
    Deed(b"New|zone", b"count its points from|zero?", _new_zone, _points_short),
    Deed(b"Prime|again", b"needle in the air,|after CONFIRM", _prime),
    Choice(PREFERENCE, b"Volume", "volume", ("1 soft", "2", "3", "4", "5 loud")),
    Choice(PREFERENCE, b"Night", "night", ("off", "on")),
    Deed(b"Log|out", b"the next one needs a|code of their own", _log_out),
    Deed(b"Power|off", b"motors off, needle|stays parked", _power_off),
)
