"""What the simulated clinic has entered: one doctor, one product. Never part of what is flashed.

`admit` is for benches that begin where a doctor is ready to arm, without playing the hand at the panel.
"""

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE = "/provisioning.json"
CODE = 271828  # of the simulated doctor
TODAY_YYYYMMDD = 20261122  # what the simulated clock shows at power-on
PRODUCT = "DEMO HA"

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
    """The file on the device's flash."""
    return json.dumps(record())


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
    """A loop that was just made: provisioned, a doctor logged in, product chosen, a fresh needle, skin dry.

    `provisioning` is the loop's own, empty firmware.provisioning.Provisioning; `now_us` are ticks in us.
    """
    if not provisioning.adopt(record()):
        raise ValueError("the demo provisioning is refused")
    loop.provision(provisioning, digest)
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
