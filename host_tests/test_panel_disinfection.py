"""Disinfected skin at the panel: the page that names the zone, what confirms it, and what ends it."""

import copy
import functools
from collections.abc import Callable

import pytest

from firmware import inhibits
from firmware.disinfection import DRYING, NONE, STANDS
from firmware.zones import NAMES
from host_tests.desk import Desk, armed, ready, set_up


def words(device: Desk) -> "list[str]":
    """Why it is not armed."""
    device.run(10)
    return inhibits.names(device.loop.inhibits)


def stage(device: Desk) -> int:
    """Of the skin."""
    return device.loop.treatment.disinfection.stage


@functools.cache
def _made(kind: str, zone: str) -> Desk:
    depth_um = 500 if zone == "eyelid" else 1000
    made = {"idle": set_up, "ready": ready, "armed": armed}[kind](zone=zone, depth_um=depth_um)
    made.disinfects = False
    return made


def asking(zone: str = "body") -> Desk:
    """Not homed yet; the skin is not disinfected, and the display asks for it."""
    made = copy.deepcopy(_made("idle", zone))
    made.loop.treatment.disinfection.forget()
    made.run(700)
    return made


def standing(kind: str) -> Desk:
    """Ready or armed with disinfected skin; from here on nobody disinfects it by magic."""
    made = copy.deepcopy(_made(kind, "body"))
    assert stage(made) == STANDS
    return made


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", NAMES)
def test_the_page_names_the_zone(zone: str) -> None:
    device = asking(zone)
    assert device.lines()[:5] == [
        "NOT ARMED  knob: menu",
        "DISINFECT",
        f"Skin clean: {zone}?",
        "HOLD CONFIRM 1 s",
        "not_disinfected",
    ]


def test_confirm_held_for_a_second_says_that_the_zone_is_clean() -> None:
    device = asking()
    device.confirm = 1
    device.run(980)
    assert stage(device) == NONE
    device.run(40)
    assert stage(device) == DRYING
    assert words(device) == ["not_homed", "not_primed", "drying"]


def test_a_short_press_does_not_confirm_it() -> None:
    device = asking()
    device.hold_confirm(900)
    device.run(2000)
    assert stage(device) == NONE
    assert "not_disinfected" in words(device)


def test_the_seconds_left_are_shown_until_it_is_dry() -> None:
    device = standing("ready")
    device.loop.treatment.disinfection.forget()
    device.run(100)
    device.hold_confirm()
    assert device.lines()[1:4] == ["DRYING", "Wait 30 s.", "Touch nothing."]
    shown: list[str] = []
    for _ in range(15_000):
        device.tick()
        if device.state == "READY":
            break
        shown.append(bytes(device.panel.look.text[63:84]).decode().split(" s.")[0])
    seconds = [int(text.removeprefix("Wait")) for text in dict.fromkeys(shown) if text.startswith("Wait")]
    assert seconds == list(range(30, 0, -1))
    assert device.state == "READY"


def test_a_clinic_with_a_slower_disinfectant_waits_longer() -> None:
    device = standing("ready")
    skin = device.loop.treatment.disinfection
    skin.forget()
    skin.drying_us = 90_000_000
    device.run(100)
    device.hold_confirm()
    assert device.lines()[2] == "Wait 90 s."
    device.skin_ages(80)
    assert stage(device) == DRYING
    device.skin_ages(10)
    assert stage(device) == STANDS


# --- what does not count ------------------------------------------------------------------------------------------


def test_a_hold_that_began_before_the_page_named_the_zone_counts_for_nothing() -> None:
    device = standing("ready")
    device.contact = device.trigger = 1
    device.run(200)
    device.confirm = 1
    device.run(500)
    device.loop.treatment.new_zone()
    device.run(3000)
    assert "not_disinfected" in words(device)
    assert stage(device) == NONE
    device.confirm = 0
    device.run(40)
    device.hold_confirm()
    assert stage(device) == DRYING


def test_a_hold_that_began_in_the_menu_counts_for_nothing_outside_it() -> None:
    device = asking()
    device.push()
    device.confirm = 1
    device.run(100)
    device.keys.knob_pushed = 1
    device.run(1100)
    device.keys.knob_pushed = 0
    assert not device.panel.menu.is_open
    device.run(2000)
    assert stage(device) == NONE


def test_in_the_menu_a_hold_confirms_no_skin() -> None:
    device = asking()
    device.push()
    device.hold_confirm(2000)
    assert stage(device) == NONE


def test_a_hold_on_a_page_with_something_else_first_confirms_no_skin() -> None:
    device = asking()
    device.loop.treatment.needle_used = 1
    device.loop.treatment.stale = 1
    device.run(20)
    assert device.lines()[1] == "NEW NEEDLE"
    device.hold_confirm(2000)
    assert stage(device) == NONE


def test_a_hold_under_a_dead_display_confirms_no_skin() -> None:
    device = asking()
    device.keys.panel_bad = 1
    device.hold_confirm(2000)
    assert stage(device) == NONE


def test_a_hold_while_it_dries_does_not_begin_anew() -> None:
    device = standing("ready")
    device.loop.treatment.disinfection.forget()
    device.run(100)
    device.hold_confirm()
    device.skin_ages(20)
    device.hold_confirm(2000)
    assert int(device.lines()[2].split()[1]) < 10


# --- what ends it -------------------------------------------------------------------------------------------------

ENDINGS: "dict[str, Callable[[Desk], object]]" = {
    "New zone": lambda device: device.do("New zone"),
    "New patient": lambda device: device.do("New patient"),
    "New needle": lambda device: device.do("New needle"),
    "another zone": lambda device: device.dial("Zone", NAMES.index("pain")),
    "another kind of needle": lambda device: device.dial("Needle", 1),
    "a fault": lambda device: (setattr(device, "stop", 1), device.run(20)),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("dry", [True, False], ids=["dry", "drying"])
def test_what_ends_it_ends_it_at_every_stage(end: "Callable[[Desk], object]", dry: bool) -> None:
    device = standing("ready")
    if not dry:
        device.loop.treatment.disinfection.confirm(device.now_us & 0x3FFFFFFF)
        device.run(20)
        assert stage(device) == DRYING
    end(device)
    assert "not_disinfected" in words(device)
    assert stage(device) == NONE


KEEPING: "dict[str, Callable[[Desk], object]]" = {
    "another dose": lambda device: device.dial("Dose", 20_000),
    "the same zone": lambda device: device.dial("Zone", NAMES.index("body")),
    "Prime again": lambda device: device.do("Prime again"),
    "Log out": lambda device: device.do("Log out"),
}


@pytest.mark.parametrize("keep", KEEPING.values(), ids=KEEPING)
def test_what_has_nothing_to_do_with_the_skin_leaves_it(keep: "Callable[[Desk], object]") -> None:
    device = standing("ready")
    keep(device)
    device.run(20)
    assert stage(device) == STANDS


def test_power_off_at_the_switch_leaves_nothing_disinfected() -> None:
    device = set_up()
    assert (
        type(device.loop.treatment)(
            device.loop.settings, device.loop.syringe, device.loop.fluid, device.loop.scale, device.loop.drop
        ).disinfection.stage
        == NONE
    )


@pytest.mark.parametrize("kind", ["ready", "armed"])
def test_after_ten_minutes_it_expires_and_the_device_asks_again(kind: str) -> None:
    device = standing(kind)
    device.loop.treatment.disinfection.confirm(device.now_us & 0x3FFFFFFF)
    device.loop.treatment.disinfection._since_us -= 31_000_000  # pyright: ignore[reportPrivateUsage]
    device.run(10)
    assert stage(device) == STANDS
    device.skin_ages(400)
    device.skin_ages(160)
    assert device.state == kind.upper()
    device.skin_ages(9)
    device.run(40)
    assert device.state == "IDLE"
    assert words(device) == ["not_disinfected"]
    assert device.lines()[1:3] == ["DISINFECT", "Skin clean: body?"]


def test_a_drop_that_has_begun_is_finished_although_it_expires_meanwhile() -> None:
    device = standing("armed")
    device.contact = 1
    device.run(100)
    device.trigger = 1
    device.until("SHOT")
    device.loop.treatment.disinfection.forget()
    device.until("ARMED", ms=3000)
    assert device.loop.drop.delivered == 1
    device.run(10)
    assert device.state == "IDLE"


def test_a_burst_ends_before_its_next_drop_when_it_expires() -> None:
    device = ready(mode="burst", burst_count=10, rate_mhz=2_000)
    device.arm()
    device.disinfects = False
    device.contact = 1
    device.run(100)
    device.trigger = 1
    device.until("SHOT")
    device.run(1200)  # the third drop, or the wait before it
    begun = device.loop.drop.number
    assert begun in (2, 3)
    device.loop.treatment.disinfection.forget()
    device.until("IDLE", ms=3000)
    assert device.loop.drop.number == begun
    assert device.loop.drop.delivered == begun
    device.run(4000)
    assert (device.state, device.loop.drop.number) == ("IDLE", begun)
    assert device.plant.needle_um < 0
