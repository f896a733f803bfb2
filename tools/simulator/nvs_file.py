"""NVS of a simulated device whose flash is a folder of the host: a file beside that folder, so that both last."""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ENOENT = 2


def place(flash_root: str) -> str:
    """Where the file is."""
    return flash_root + "-nvs.json"


def load(chip: "Any", flash_root: str) -> bool:
    """Put what was saved into the chip, before power-on; False, and nothing is changed, if nothing was."""
    try:
        with open(place(flash_root)) as file:
            spaces = json.loads(file.read())
    except OSError as error:
        if error.args[0] != _ENOENT:
            raise
        return False
    for space in spaces:
        chip.nvs[space] = {}
        for name in spaces[space]:
            value = spaces[space][name]
            chip.nvs[space][name] = bytes.fromhex(value) if isinstance(value, str) else value
    return True


def save(chip: "Any", flash_root: str) -> None:
    """Numbers as numbers, bytes in hexadecimal."""
    spaces: "dict[str, dict[str, int | str]]" = {}
    for space in chip.nvs:
        spaces[space] = {}
        for name in chip.nvs[space]:
            value = chip.nvs[space][name]
            is_blob = isinstance(value, bytes)
            spaces[space][name] = "".join(["%02x" % byte for byte in value]) if is_blob else value
    with open(place(flash_root), "w") as file:
        file.write(json.dumps(spaces))
