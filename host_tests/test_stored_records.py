"""What the flash holds decides whether the device may be used: config and calibration, in two signed slots each."""

from collections.abc import Callable
from typing import Any

import pytest

from firmware import slot
from firmware.calibration import Calibration
from host_tests.board_bench import CountingPlant
from host_tests.rig import Rig, plant_params, settings
from tools.simulator import provisioning
from tools.simulator.interpreter import Device
from tools.simulator.plant import Plant
from tools.simulator.silicon import PowerOff
from tools.simulator.world import World

Files = dict[str, bytes]
Change = Callable[[Files], object]
UNUSABLE = {"not_provisioned", "locked", "calibration_bad"}
ALL = ("/config.0", "/config.1", "/calibration.0", "/calibration.1")


def half_a_second(change: Change, keys: "dict[str, int | bytes] | None" = None) -> "tuple[str, set[str], Any]":
    """Power on a device whose flash was changed; its state then, those of UNUSABLE that stand, and its loop."""
    world = World(CountingPlant())
    device = Device()
    provisioning.install(device, provisioning.text())
    if keys is not None:
        world.chip.nvs["mesogun"] = keys
    change(world.chip.flash_files)
    loops: list[Any] = []
    loop_class = device.modules["loop"].DoseLoop
    tick = loop_class.tick

    def watched(loop: Any, now_us: int) -> None:
        loops[:] = [loop]
        tick(loop, now_us)
        if world.now_us > 500_000:
            world.power_off()

    loop_class.tick = watched
    with pytest.raises(PowerOff):
        device.run(world)
    names = set(device.modules["inhibits"].names(loops[0].inhibits))
    return device.modules["states"].NAMES[loops[0].state], names & UNUSABLE, loops[0]


def test_a_device_whose_records_are_whole_waits_for_a_code() -> None:
    state, stands, loop = half_a_second(lambda files: None)
    assert (state, stands) == ("LOCKED", {"locked"})
    assert loop.treatment.products[0].name == provisioning.PRODUCT
    assert loop.settings.measured["5ml"] == (37_132, 29_000)


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("damage", [b"", b"?", None], ids=["empty", "damaged", "gone"])
def test_one_slot_of_each_is_enough(path: str, damage: "bytes | None") -> None:
    def change(files: Files) -> None:
        files[path] = damage or b""
        if damage is None:
            del files[path]

    assert half_a_second(change)[:2] == ("LOCKED", {"locked"})


def without(*paths: str) -> Change:
    """All of these are damaged."""
    return lambda files: files.update(dict.fromkeys(paths, b"?"))


def renamed(files: Files) -> None:
    """Whoever writes to the flash puts the config where the calibration was."""
    for number in "01":
        files["/calibration." + number] = files["/config." + number]


def repacked(path: str, schema: int, payload: bytes, key: bytes = provisioning.KEYS["store"]) -> Change:
    """Both slots of a record, well packed, with something else in them."""

    def change(files: Files) -> None:
        device = Device()
        mac = device.module("protocol.auth").Mac(key).code_of
        for number in (0, 1):
            crc32 = device.module("drivers.store").crc32
            files[f"{path}.{number}"] = bytes(slot.pack(schema, 9 + number, payload, crc32, mac))

    return change


CALIBRATION = b'{"1ml": {"pl_per_step": 5422, "compliance_pl_per_kpa": 2550}}'
REFUSED: "dict[str, tuple[Change, str, set[str]]]" = {
    "both configs damaged": (without(*ALL[:2]), "LOCKED", {"not_provisioned", "locked"}),
    "both calibrations damaged": (without(*ALL[2:]), "SELF_TEST", {"locked", "calibration_bad"}),
    "everything damaged": (without(*ALL), "SELF_TEST", UNUSABLE),
    "nothing there": (lambda files: files.clear(), "SELF_TEST", UNUSABLE),
    "a config for a calibration": (renamed, "SELF_TEST", {"locked", "calibration_bad"}),
    "a calibration that is not whole": (
        repacked("/calibration", slot.CALIBRATION, CALIBRATION),
        "SELF_TEST",
        {"locked", "calibration_bad"},
    ),
    "a config that is no JSON": (repacked("/config", slot.CONFIG, b"{"), "LOCKED", {"not_provisioned", "locked"}),
    "a config of another device": (
        repacked("/config", slot.CONFIG, provisioning.text().encode(), b"another key"),
        "LOCKED",
        {"not_provisioned", "locked"},
    ),
}


@pytest.mark.parametrize(("change", "state", "stands"), REFUSED.values(), ids=REFUSED)
def test_a_record_that_is_not_valid_is_none_and_nothing_takes_its_place(
    change: Change, state: str, stands: "set[str]"
) -> None:
    found_state, found, loop = half_a_second(change)
    assert (found_state, found) == (state, stands)
    assert bool(loop.settings.measured) == ("calibration_bad" not in stands)
    assert bool(loop.treatment.products) == ("not_provisioned" not in stands)


@pytest.mark.parametrize("keys", [{}, {"store": b"short"}, {"store": b"T" * 32}], ids=["none", "short", "another"])
def test_without_its_own_key_a_device_has_no_records(keys: "dict[str, int | bytes]") -> None:
    assert half_a_second(lambda files: None, keys)[:2] == ("SELF_TEST", UNUSABLE)


# --- what a calibration does ----------------------------------------------------------------------------------------


def test_a_device_without_a_calibration_does_not_leave_the_self_test_whatever_is_chosen() -> None:
    rig = Rig(Plant(plant_params(), 1), settings())
    rig.loop.settings.calibrate(None)
    rig.loop.treatment.stale = 1
    rig.run(1000)
    assert rig.state == "SELF_TEST"
    rig.loop.settings.calibrate(provisioning.calibration())
    rig.loop.treatment.stale = 1
    rig.run(100)
    assert rig.state == "IDLE"


@pytest.mark.parametrize("share", [0.88, 1.12])
def test_a_syringe_of_another_width_gives_the_dose_when_it_was_measured(share: float) -> None:
    params = plant_params(syringe_area_mm2=plant_params()["syringe_area_mm2"] * share)
    rig = Rig(Plant(params, 1), None)
    record = provisioning.calibration()
    record["1ml"]["pl_per_step"] = round(5422 * share)
    rig.loop.settings.calibrate(record)
    assert rig.loop.propose(settings()) == 0
    assert rig.loop.settings.calibration.pl_per_step == round(5422 * share)
    rig.loop.treatment.needle_used = 0
    rig.make_ready()
    rig.arm()
    before_nl = rig.plant.delivered_nl
    assert rig.press().result == 2
    assert rig.plant.delivered_nl - before_nl == pytest.approx(10_000, rel=0.03)


def test_without_settings_the_measured_values_are_those_that_will_be_used() -> None:
    rig = Rig(Plant(plant_params(), 1), None)
    record = provisioning.calibration()
    record["1ml"]["compliance_pl_per_kpa"] += 100
    rig.loop.settings.calibrate(record)
    assert rig.loop.settings.calibration.compliance_pl_per_kpa == Calibration("1ml").compliance_pl_per_kpa + 100
    assert rig.loop.settings.intact()
