"""The pages of the display besides the menu: at work, moving, not armed and why, fault, switched off.

Each is a function that writes one row of the look, so that a step of the background stays short. What a page says is
read anew whenever a row is written.
"""

from micropython import const

from firmware import alarms, drop, faults, inhibits, ledger, reasons, states
from firmware.look import INVERTED, LARGE, SMALL

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.look import Look
    from firmware.loop import DoseLoop

_LARGE_DROP_NL = const(100000)  # from here on microlitres have two decimals
_LARGE_SYRINGE_UL = const(5000)  # above it millilitres have one decimal, or they would not fit

_MOVING = {
    states.BOOT: b"START||",
    states.SELF_TEST: b"SELF TEST||",
    states.HOMING: b"NEEDLE|moves to its place.|Keep clear of it.",
    states.PRIME: b"PRIME|Hold the trigger in|air until the tone.",
    states.REWIND: b"REWIND|The pusher goes back.|Touch nothing.",
    states.SERVICE: b"SERVICE|Into a vial only,|never on skin.",
}


def work(look: "Look", row: int, loop: "DoseLoop", turn: int) -> None:
    """READY and ARMED: what the next press gives, how far the zone is, and the last drop."""
    chosen = loop.settings
    if row == 0:
        _work_head(look, loop)
    elif row == 1:
        look.begin(1, LARGE)
        look.number(chosen.dose_nl, 3)
        look.put(b" ul")
    elif row == 3:
        look.begin(3, LARGE)
        look.number(chosen.depth_um, 3)
        look.put(b" mm")
    elif row == 5:
        _progress(look, loop)
    elif row == 7:
        look.begin(7, SMALL)
        result = loop.drop.result if loop.treatment.drops_begun() else drop.NONE
        if result == drop.ABORTED:
            _stopped(look, loop)
        elif turn == 0 and result == drop.DELIVERED:
            _last_drop(look, loop)
        elif turn == 1 and (loop.treatment.points_done() or chosen.points):
            _zone(look, loop)
        else:
            _content(look, loop)


def _work_head(look: "Look", loop: "DoseLoop") -> None:
    """The state, and what to do; or that one press gives several drops, and how many."""
    armed = loop.state == states.ARMED
    drops = loop.settings.burst_count
    if drops == 1:
        look.line(0, SMALL | INVERTED, b"ARMED   press on skin" if armed else b"READY    CONFIRM arms")
        return
    look.line(0, SMALL | INVERTED, b"ARMED burst: " if armed else b"READY burst: ")
    drops = min(drops, loop.treatment.drops_left(loop.inputs.dose_steps))
    look.number(drops, 0)
    look.put(b" drop" if drops == 1 else b" drops")


def _progress(look: "Look", loop: "DoseLoop") -> None:
    """Points done of planned; HOLD while armed. With hundreds of them something has to go."""
    look.begin(5, LARGE)
    done = loop.treatment.points_done()
    planned = loop.settings.points
    many = done >= 100 or planned >= 100
    armed = loop.state == states.ARMED
    if armed or not many:
        look.put(b"HOLD " if armed else b"done ")
    look.number(done, 0)
    if planned and not (armed and many):
        look.put(b"/")
        look.number(planned, 0)


def _last_drop(look: "Look", loop: "DoseLoop") -> None:
    """What was weighed, and by how much it missed."""
    last = loop.drop
    look.put(b"last ")
    if last.reported_nl < _LARGE_DROP_NL:
        look.number(last.reported_nl, 3)
    else:
        look.number(last.reported_nl // 10, 2)
    look.put(b" ul ")
    # Per mille, rounded to the nearest.
    error_per_mille = ((last.reported_nl - last.requested_nl) * 2000 // last.requested_nl + 1) // 2
    if error_per_mille >= 0:
        look.put(b"+")
    look.number(error_per_mille, 1)
    look.put(b"%")


def _stopped(look: "Look", loop: "DoseLoop") -> None:
    """A drop that the hand gave up."""
    look.put(b"stopped: ")
    look.number(loop.drop.reported_nl // 10, 2)
    look.put(b" ul in")


def _zone(look: "Look", loop: "DoseLoop") -> None:
    """Pace, and what is to go; in a pause what would be missing."""
    look.number(loop.treatment.points_per_minute(), 0)
    look.put(b"/min")
    planned = loop.settings.points
    if planned:
        look.put(b", ")
        look.number(loop.treatment.points_left(planned), 0)
        look.put(b" short" if loop.state == states.READY else b" to go")


def _content(look: "Look", loop: "DoseLoop") -> None:
    """Millilitres of the syringe."""
    calibration = loop.settings.calibration
    content_ul = calibration.ul_of_steps(calibration.content_steps)
    used_ul = calibration.ul_of_steps(loop.syringe.used_steps(loop.inputs.dose_steps))
    look.put(b"used ")
    _millilitres(look, used_ul, content_ul)
    look.put(b" left ")
    _millilitres(look, content_ul - used_ul, content_ul)
    look.put(b"ml")


def _millilitres(look: "Look", volume_ul: int, content_ul: int) -> None:
    if content_ul > _LARGE_SYRINGE_UL:
        look.number(volume_ul // 100, 1)
    else:
        look.number(volume_ul // 10, 2)


def moving(look: "Look", row: int, loop: "DoseLoop") -> None:
    """Something moves by itself, or the device is just starting."""
    told = _MOVING[loop.state]
    if row == 0:
        look.line(0, SMALL | INVERTED, b"keep holding" if loop.state == states.PRIME else b"please wait")
    elif row == 1:
        look.begin(1, LARGE)
        look.part(told, 0)
    else:
        look.begin(row, SMALL)
        if row == 4 or row == 5:
            look.part(told, row - 3)


def _trouble(loop: "DoseLoop") -> int:
    """Which trouble of the records is shown, as an index into TROUBLES; the lowest if none is left."""
    bit = len(reasons.TROUBLES) - 1
    while bit and not loop.ledger.troubles >> bit & 1:
        bit -= 1
    return bit


def _uncertain(look: "Look", loop: "DoseLoop") -> None:
    """How many drops at least and at most, and how much at most, were given before the power went."""
    book = loop.ledger
    if book.sure_drops != book.most_drops:
        look.number(book.sure_drops, 0)
        look.put(b"-")
    look.number(book.most_drops, 0)
    look.put(b" drops, <")
    look.number(book.most_nl // 1000 + 1, 0)
    look.put(b" ul")


def why(look: "Look", row: int, loop: "DoseLoop") -> None:
    """Not armed: the first thing to do, large, with its word for those who are not there; the next ones below."""
    found = reasons.in_order(loop.inhibits, row - 5 if row > 5 else 0)
    if row == 0:
        told = b"LOCKED     knob: code" if loop.state == states.LOCKED else b"NOT ARMED  knob: menu"
        look.line(0, SMALL | INVERTED, told)
        return
    look.begin(row, LARGE if row == 1 else SMALL)
    if found < 0:
        return
    told = reasons.INHIBITS[found]
    word = inhibits.WORDS
    if found == reasons.RECORDS:
        found = _trouble(loop)
        told = reasons.TROUBLES[found]
        word = ledger.WORDS
    if row == 5:
        look.part(word, found)
    elif row == 3 and word is ledger.WORDS and 1 << found == ledger.DROPS_UNCERTAIN:
        _uncertain(look, loop)
    elif row == 3 or row == 4:
        look.part(told, reasons.TO_DO + row - 3)
        if row == 3 and found == reasons.DISINFECT:
            look.skip(12)
            look.put(loop.settings.zone_limits.label)
            look.put(b"?")
        elif row == 3 and found == reasons.DRYING:
            look.skip(5)
            look.number(loop.treatment.disinfection.drying_s(loop.now_us), 0)
            look.put(b" s.")
    else:
        look.part(told, reasons.TITLE)


def fault(look: "Look", row: int, loop: "DoseLoop", place: int) -> None:
    """What happened, what the device did, its word for those who are not there, what to do; `place` says which of
    several faults."""
    if row == 0:
        _fault_head(look, loop, place)
        return
    look.begin(row, LARGE if row == 1 else SMALL)
    found = alarms.in_order(loop.faults, place)
    if found >= 0 and row == 5:
        look.part(faults.WORDS, found)
    elif found >= 0:
        part = alarms.TITLE if row == 1 else row - 3 + alarms.HAPPENED if row < 5 else row - 6 + alarms.TO_DO
        look.part(alarms.ROWS[found], part)


def failed_drop(look: "Look", row: int, loop: "DoseLoop") -> None:
    """Of a fault that ended a drop: between what bounds it is what went in."""
    look.begin(row, SMALL)
    look.number(loop.drop.reported_min_nl // 10, 2)
    look.put(b"-")
    look.number((loop.drop.reported_max_nl + 9) // 10, 2)
    look.put(b" ul in")


def _fault_head(look: "Look", loop: "DoseLoop", place: int) -> None:
    look.line(0, SMALL | INVERTED, b"FAULT")
    if alarms.in_order(loop.faults, 1) >= 0:
        look.put(b" ")
        look.number(place + 1, 0)
        look.put(b" turn:more")
    look.put(b" quiet" if look.paused else b"")


def switched_off(look: "Look", row: int) -> None:
    """The motors have no power, the needle is parked: the switch may be turned."""
    if row == 0:
        look.line(0, SMALL | INVERTED, b"needle is parked")
    elif row == 1:
        look.line(1, LARGE, b"SWITCH OFF")
    else:
        look.line(row, SMALL, b"or turn the knob" if row == 4 else b"")
