"""The device's own keys: 32 bytes each, in a partition beside the file system, put there when it was provisioned.

Names: `store` signs the slots of drivers/store.py, `journal` is the journal's first key or one it has moved forward to.
No key has a default: what a missing key would sign is not valid, and the device does not arm.
"""

from esp32 import NVS
from micropython import const

_KEY_BYTES = const(32)


def key_of(name: str):
    """The key of that name, 32 bytes; None if there is none, or one of another length."""
    found = bytearray(_KEY_BYTES)
    try:
        whole = NVS("mesogun").get_blob(name, found) == _KEY_BYTES
    except OSError:
        whole = False
    return bytes(found) if whole else None
