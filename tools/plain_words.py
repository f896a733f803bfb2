"""What the device's short words mean, in sentences for a reader who never saw the firmware."""

from __future__ import annotations

from collections.abc import Mapping

FAULTS = {
    "stop_pressed": "the emergency stop was pressed",
    "trigger_contacts": "the two contacts of the trigger disagreed for longer than a press takes",
    "skin_contacts": "the two skin contacts disagreed for longer than a touch takes",
    "pressure_sensor": "the pressure sensor is out of its range",
    "needle_sensor": "the needle's position sensor is out of its range",
    "needle_disagrees": "the needle is not where its counted steps say",
    "depth_exceeded": "the needle went deeper than it was set",
    "not_home": "the needle did not come home",
    "over_pressure": "the pressure stayed above its ceiling although the feed had been cut",
    "occlusion": "the needle is blocked",
    "no_pressure": "nothing resists the plunger: the syringe is empty, missing or leaking",
    "bubble": "the liquid gives way like air: there is a bubble in the syringe",
    "dose_exceeded": "more would have come out than the dose allows",
    "dose_count": "the plunger's steps were not those that were commanded",
    "needle_count": "the needle's steps were not those that were commanded",
    "late_tick": "the control loop came too late",
    "phase_time": "a phase took longer than it may",
    "supply": "the supply voltage is out of its range",
    "driver": "a motor driver reports an error, or does not answer",
    "gate": "the planner asked for what the gate never allows",
    "memory": "a value in memory is not what was taken",
}
INHIBITS = {
    "not_homed": "the needle has to be sent home first",
    "not_primed": "the syringe has to be primed first",
    "settings_missing": "not every setting was chosen",
    "syringe_empty": "not enough is left in the syringe for the next drop",
    "trigger_held": "the trigger has not been let go since",
    "stop_open": "the emergency stop is pressed",
    "supply_range": "the supply voltage is out of its range",
    "driver_status": "a motor driver reports an error, or does not answer",
    "needle_not_parked": "the needle is not parked",
    "records": "what was given cannot be kept on record, or somebody has to take note of it",
    "sensor_range": "a sensor is out of its range",
    "editing": "a value is open at the panel",
    "needle_used": "the needle was in somebody else, or nobody knows where",
    "zone_done": "all planned points of the zone are done",
    "panel_bad": "the display does not answer",
    "not_provisioned": "the device holds no operator codes and products yet",
    "locked": "nobody has logged in",
    "contacts_disagree": "two contacts that belong together disagree",
    "calibration_bad": "the calibration is not that of a syringe that fits",
    "product_missing": "nobody has said which product is in the syringe",
    "product_expired": "the product is past its last day of use",
    "date_unknown": "the clock does not know the date",
    "product_depth": "the product may not go to this depth",
    "needle_blunt": "the needle has gone in as often as it may",
    "not_disinfected": "nobody has confirmed that the skin of the zone is disinfected, or it was too long ago",
    "drying": "the disinfectant has to dry",
    "zone_total": "the zone has got as much as it may",
    "session_total": "the patient has got as much as they may",
    "product_total": "the patient has got as much of the product as they may",
    "reservation_used": "what was reserved when the device was armed is used up",
}
REFUSALS = {
    "setting_not_chosen": "not every setting was chosen",
    "settings_malformed": "the settings cannot be understood",
    "settings_unknown_name": "the settings name something that does not exist",
    "syringe_unknown": "there is no such syringe",
    "dose_below_resolution": "the dose is smaller than this syringe can resolve",
    "dose_above_limit": "the dose is larger than any drop may be",
    "depth_out_of_range": "the depth is out of the needle's range",
    "mode_unknown": "there is no such mode",
    "burst_count_out_of_range": "a burst cannot have so many drops",
    "rate_beyond_axes": "the axes cannot keep this rate",
    "needle_unknown": "there is no such needle",
    "depth_beyond_needle": "the needle is too short for the depth",
    "points_out_of_range": "so many points cannot be planned",
    "not_disarmed": "settings change only while the device is disarmed",
    "plan_out_of_range": "area or spacing is out of its range",
    "zone_unknown": "there is no such zone",
    "depth_beyond_zone": "the depth is too deep for the zone",
    "dose_above_zone": "the dose is too large for the zone",
    "points_above_zone": "so many points are too many for the zone",
    "code_wrong": "nobody has this code",
    "locked_out": "too many wrong codes: the device is locked for five minutes",
}
CAUSES = {
    "trigger_released": "the trigger was let go",
    "contact_lost": "the nozzle lost the skin",
    "fault": "a fault is latched",
}
PHASES = {
    "touch_off": "the plunger creeps forward, needle still parked, until the pressure just begins to rise",
    "extend": "the needle goes to its depth, and the position sensor proves it",
    "dose": "liquid is fed until displaced minus elastic reaches the dose",
    "relax": "the plunger takes back what is stored, the needle still in the skin",
    "retract": "the needle goes home while the plunger takes back the rest",
    "turn": "in the air, the plunger moves back until it has certainly turned round",
    "weigh": "the next touch-off: its position against the last one's is the weight of the drop",
    "wait": "in a burst, until the next drop is due",
    "withdraw": "ended early: needle out, stored liquid taken back",
}
SEEN_BY_HAND = {"no_response": "the device gave no tone"}


def _together() -> Mapping[str, str]:
    words: dict[str, str] = {}
    for table in (FAULTS, CAUSES, REFUSALS, INHIBITS, SEEN_BY_HAND):
        words = {**table, **words}
    return words


_ALL = _together()


def in_words(word: str) -> str:
    """The sentence for a word of the device, without a full stop; an unknown word in its own letters."""
    return _ALL.get(word, word.replace("_", " "))
