"""What the simulated clinic has entered: one doctor, one product; and what was measured of the simulated machine, which
is as its drawings say. Never part of what is flashed.

`admit` is for benches that begin where a doctor is ready to arm, without playing the hand at the panel.
"""

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.interpreter import Device

CODE = 271828  # of the simulated doctor
TODAY_YYYYMMDD = 20261122  # what the simulated clock shows at power-on
PRODUCT = "DEMO HA"

KEYS = {"store": b"S" * 32, "journal": b"J" * 32}  # of the simulated device, by their names in NVS

_SALT = b"not secret at all"
_ROUNDS = 100


def record() -> "dict[str, Any]":
    """As firmware/provisioning.py describes it."""
    return {
        "salt": hexadecimal(_SALT),
        "operators": [hexadecimal(digest(CODE))],
        "drying_s": 30,
        "products": [
            {
                "name": PRODUCT,
                "lot": "SIM-1",
                "expires_yyyymmdd": 20991231,
                "shallowest_um": 100,
                "deepest_um": 13000,
                "most_nl": 20000000,
            }
        ],
    }


def text() -> str:
    """The record as the device's flash holds it."""
    return json.dumps(record())


def calibration() -> "dict[str, Any]":
    """As firmware/calibration.py describes it: the simulated syringes are nominal ones."""
    return {
        "1ml": {"pl_per_step": 5422, "compliance_pl_per_kpa": 2550},
        "5ml": {"pl_per_step": 37132, "compliance_pl_per_kpa": 29000},
        "10ml": {"pl_per_step": 59729, "compliance_pl_per_kpa": 48000},
    }


def give_keys(chip: "Any") -> None:
    """Put the device's own keys where it looks for them, before power-on."""
    chip.nvs["mesogun"] = dict(KEYS)


def install(device: "Device", config: str) -> None:
    """Give the chip that has power its keys, and both slots of the config (a JSON text) and of the calibration.

    They are packed by the device's own modules. Its clock stands: this was done before it was delivered.
    """
    from binascii import crc32

    from tools.simulator import flash, silicon  # not where benches only admit

    give_keys(silicon.chip)
    slot = device.module("firmware.slot")
    mac = device.module("protocol.auth").Mac(KEYS["store"]).code_of
    for path, schema, payload in (
        ("/config", slot.CONFIG, config),
        ("/calibration", slot.CALIBRATION, json.dumps(calibration())),
    ):
        for number in (0, 1):
            content = slot.pack(schema, number + 1, payload.encode(), crc32, mac)
            flash.files().write("%s.%d" % (path, number), bytes(content))


def digest(code: int) -> bytes:
    """As drivers/provisioning.py makes it."""
    found = b"%06d" % code
    for _ in range(_ROUNDS):
        found = hashlib.sha256(_SALT + found).digest()
    return found


def hexadecimal(content: bytes) -> str:
    """Two digits a byte."""
    return "".join(["%02x" % byte for byte in content])


def admit(loop: "Any", provisioning: "Any", now_us: int) -> None:
    """A loop that was just made: provisioned and calibrated, a doctor logged in, product chosen, a fresh needle, skin
    dry.

    `provisioning` is the loop's own, empty firmware.provisioning.Provisioning; `now_us` are ticks in us.
    """
    if not provisioning.adopt(record()):
        raise ValueError("the demo provisioning is refused")
    loop.provision(provisioning, digest, calibration())
    if not loop.operators.log_in(CODE):
        raise ValueError("the demo code is refused")
    treatment = loop.treatment
    treatment.today_yyyymmdd = TODAY_YYYYMMDD
    treatment.choose_product(treatment.products[0])
    treatment.new_needle()
    disinfect(loop, now_us)


def disinfect(loop: "Any", now_us: int) -> None:
    """The skin was disinfected as long ago as it takes to dry."""
    skin = loop.treatment.disinfection
    skin.confirm((now_us - skin.drying_us) & 0x3FFFFFFF)
    skin.step(now_us)
