"""The journal on the littlefs of the chip, its power cut at every operation of the flash, and again while it recovers.

Arguments: how many cuts are apart from each other in pairs. Prints a JSON object: `cuts`, `pairs`, and `ends`, the
numbers of the newest record that were found after a cut.
"""

# It runs on the MicroPython Unix port only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false, reportMissingImports=false

import json
import sys

sys.path.insert(0, sys.argv[1])
apart = int(sys.argv[2])

from protocol import journal_record  # noqa: E402
from tools.journal import on_littlefs  # noqa: E402
from tools.journal.on_littlefs import Nvs, PowerLost, RamFlash  # noqa: E402

BLOCKS = 40
MOST = 3  # segments
KEYS = [bytes(range(32))]
for _ in range(12):
    KEYS.append(journal_record.next_key(KEYS[-1]))


def check_all(newest: int) -> None:
    """Every record on the flash fits the one before, and the last one is this. ValueError otherwise."""
    from os import listdir

    code = b""
    sequence = 0
    for name in sorted(listdir("/journal")):
        mac = journal_record.Mac(KEYS[int(name)])
        with open("/journal/" + name, "rb") as file:
            content = file.read()
        for place in range(0, len(content), 64):
            body = content[place : place + 48]
            found = content[place + 48 : place + 64]
            if code and journal_record.seal(mac, code, body) != found:
                raise ValueError(f"segment {name}, place {place // 64}")
            code = found
            sequence = int.from_bytes(body[:4], "little")
    if sequence != newest:
        raise ValueError(f"{sequence} is the last, not {newest}")


def write(ring: "on_littlefs.JournalRing", files: "on_littlefs.JournalFiles", count: int) -> None:
    """Record so many, and drain them."""
    for number in range(count):
        ring.record(1000 * number, 1, number, 0)
    tries = 0
    while not files.drain(1):
        tries += 1
        if tries > 9:
            raise ValueError("it does not drain")


def base() -> "tuple[bytes, bytes]":
    """A flash on which ten more records end a segment and begin one, for which the oldest has to go; and its NVS."""
    flash = RamFlash(BLOCKS)
    on_littlefs.mkfs(flash)
    on_littlefs.mount(flash)
    Nvs.blobs["journal"] = KEYS[0]
    ring, files = on_littlefs.boot(1)
    files.most = MOST
    write(ring, files, 79)
    write(ring, files, 70)
    write(ring, files, 41)
    files.exported(0)
    return bytes(flash.content), Nvs.blobs["journal"]


def live(content: bytes, blob: bytes, left: int) -> "tuple[bytes, bytes, bool, int]":
    """A boot that checks all there is and writes ten records, with so many operations until power goes. What is left,
    whether it came to its end, and the newest record that it found."""
    flash = RamFlash(BLOCKS, content)
    Nvs.blobs["journal"] = blob
    found = 0
    on_littlefs.mount(flash)
    try:
        flash.left = left
        ring, files = on_littlefs.boot(2)
        files.most = MOST
        if not files.resume() or files.damage:
            raise ValueError(f"not resumed: {files.damage}")
        found = files.sequence
        check_all(found)
        write(ring, files, 10)
        check_all(files.sequence)
        if files.damage:
            raise ValueError(f"damaged: {files.damage}")
    except (OSError, PowerLost, ValueError):
        if not flash.is_dead:
            raise
    return bytes(flash.content), Nvs.blobs["journal"], not flash.is_dead, found


def run() -> None:
    """All cuts, and pairs of them."""
    content, blob = base()
    ends = set()
    cuts = pairs = 0
    is_whole = False
    while not is_whole:
        after, key, is_whole, _ = live(content, blob, cuts)
        cuts += not is_whole
        _, _, recovered, found = live(after, key, -1)
        if not recovered:
            raise ValueError("power went by itself")
        ends.add(found)
        again = 0
        paired = is_whole or cuts % apart != 0
        while not paired:
            twice, other, paired, _ = live(after, key, again)
            again += 1
            pairs += 1
            live(twice, other, -1)
    print(json.dumps({"cuts": cuts, "pairs": pairs, "ends": sorted(ends)}))


if __name__ == "__main__":
    run()
