"""Plays the workload on littlefs and cuts the power at every operation, for MicroPython's Unix port.

    micropython tools/powercut/cuts.py ROOT '{"task": "cuts", ...}'

The last line it prints is a JSON object: numbers by name, and "findings", words for the first few that were wrong.
A cut is one operation at which power goes, in one of three ways (nor_flash.TEARS); after it everything is read as after
a restart, and judged. A pair is a second cut in what comes then: mounting, reading, and writing the ledger. A triple is
a third one in what comes after that: mounting, reading, and writing once more what was cut first.
"""

import gc
import json
import sys

sys.path.insert(0, sys.argv[1])

from drivers import store
from drivers.store import Slots
from tools.powercut.workload import BLOCKS, Contents, Files, steps
from tools.powercut.wrong_stores import WRONG, Hasty
from tools.simulator.nor_flash import BADNESSES, BLOCK_BYTES, TEARS, UNTOUCHED, NorFlash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    vfs: Any
    Step = tuple[str, int]
else:
    import vfs

_MOUNT = "/flash"
_LATER = "/later"  # where it is looked at, while the first may still be mounted
_MOST_FINDINGS = 5
_LEVELS = ("cuts", "pairs", "triples")
_AGAIN = 100  # is added to the number of a step that is done once more


class Cuts:
    """What was played and found. `plan`: the JSON object of the command line."""

    def __init__(self, plan: "dict[str, Any]") -> None:
        self._store = WRONG.get(plan["store"], Slots)
        self._every = plan.get("triples_every", 1)
        self._noise = plan.get("seed", 1) * 2 + 1
        self._levels = plan.get("levels", 3)
        self._played = 0
        self._kept: "list[Any]" = []
        self.found: "dict[str, Any]" = {"findings": []}
        for name in _LEVELS + (
            "wrong",
            "lost_configs",
            "not_written",
            "damaged",
            "bad_blocks",
            "decayed_bits",
            "decayed_older",
            "decayed_lost",
        ):
            self.found[name] = 0

    # --- one after another ------------------------------------------------------------------------------------------

    def from_the_beginning(self, last: int) -> "tuple[bytearray, Contents]":
        """What is there after so many steps without any trouble."""
        flash = NorFlash(bytearray(b"\xff" * (BLOCKS * BLOCK_BYTES)))
        vfs.VfsLfs2.mkfs(flash)
        image, contents = flash.content, Contents()
        for step in steps(last):
            image, contents = self.one_more(image, contents, step)
        return image, contents

    def one_more(self, image: bytearray, contents: Contents, step: "Step") -> "tuple[bytearray, Contents]":
        """And after one step more."""
        flash = NorFlash(image)
        self._play(flash, contents, step)
        return flash.content, contents

    def cut(self, image: bytearray, before: Contents, todo: "list[Step]") -> None:
        """Cut the first of `todo` everywhere; after each cut, the rest of them in the same way."""
        level = _LEVELS[3 - len(todo)]
        whole = NorFlash(bytearray(image))
        self._play(whole, Contents(before), todo[0])
        for operation in range(whole.operations + 1):
            for tear in TEARS if operation < whole.operations else (UNTOUCHED,):
                self._played += 1
                if level == "triples" and not self._is_drawn():
                    continue
                flash = NorFlash(bytearray(image))
                flash.cut(operation, tear, self._played)
                contents = Contents(before)
                self._play(flash, contents, todo[0])
                self.found[level] += 1
                place = "%s of %s %d, cut %d/%d" % ((level[:-1],) + todo[0] + (operation, tear))
                self._judge(flash.content, contents, place)
                if len(todo) > 4 - self._levels:
                    self.cut(flash.content, contents, todo[1:])

    def spoil(self, image: bytearray, before: Contents, todo: "list[Step]") -> None:
        """Each block bad in each way, while all of `todo` is written in one boot; after each step it is judged what a
        restarted device would find. Files that could not be closed are closed by the garbage collector."""
        for block in range(BLOCKS):
            for badness in BADNESSES:
                flash = NorFlash(bytearray(image))
                flash.spoil(block, badness)
                self.found["bad_blocks"] += 1
                contents = Contents(before)
                vfs.mount(vfs.VfsLfs2(flash), _MOUNT)
                files = Files(_MOUNT, self._store)
                for step in todo:
                    contents.end(self._write(files, contents, step))
                    gc.collect()
                    then = Contents(contents)
                    then.writing = contents.writing
                    place = "block %d, badness %d, %s %d" % ((block, badness) + step)
                    if not self._judge(bytearray(flash.content), then, place):
                        break
                    contents.acknowledged.update(then.acknowledged)
                self._end_boot(flash)

    def decay(self, image: bytearray, before: Contents) -> None:
        """Each block in turn loses a bit here and there after it was written: no store can have a say in that."""
        for block in range(BLOCKS):
            for place in range(16):
                flash = bytearray(image)
                flash[block * BLOCK_BYTES + place * 256 + 5 + 11 * place] ^= 1 << place % 8
                self.found["decayed_bits"] += 1
                contents = Contents(before)
                wrong = self._look(flash, contents)
                if "lost" in wrong or "unmountable" in wrong:
                    self.found["decayed_lost"] += 1
                elif wrong:
                    self.found["decayed_older"] += 1
                if "config:mixed" in wrong or "calibration:mixed" in wrong or "ledger:mixed" in wrong:
                    self._note("bit of block %d, %d:%s" % (block, place, wrong))

    # --- one of them ------------------------------------------------------------------------------------------------

    def _play(self, flash: NorFlash, contents: Contents, step: "Step") -> None:
        """From power-on: mount, read what is to be replaced, write one step. Whatever the program says after a cut was
        never said, but that it is written."""
        contents.begin(step)
        try:
            vfs.mount(vfs.VfsLfs2(flash), _MOUNT)
        except OSError:
            return
        is_written = self._write(Files(_MOUNT, self._store), contents, step)
        if not is_written and not flash.dead:
            self._note("%s %d is not written" % step)
        contents.end(is_written)
        self._end_boot(flash)

    def _end_boot(self, flash: NorFlash) -> None:
        """A device never unmounts, and a file that is stuck stays so. Here littlefs may be left as it is only if it has
        seen no exception; with one it and its files are kept, and their flash is dead to what they do at the end."""
        if flash.dead:
            for file in store.stuck[1:]:
                _close(file)
        else:
            self._kept += store.stuck
        flash.dead = True
        store.stuck.clear()
        vfs.umount(_MOUNT)

    def _write(self, files: Files, contents: Contents, step: "Step") -> bool:
        """Write one step; whether it says that it is written."""
        is_written = files.write(step[0], contents.begin(step))
        if not is_written:
            self.found["not_written"] += 1
        return is_written

    def _look(self, image: bytearray, contents: Contents) -> str:
        """What is wrong with what a restarted device reads; it is judged by `contents`."""
        try:
            vfs.mount(vfs.VfsLfs2(NorFlash(image)), _LATER)
        except OSError:
            return " unmountable"
        files = Files(_LATER, self._store)
        wrong = contents.judge(files)
        self.found["damaged"] += files.damaged()
        vfs.umount(_LATER)
        return wrong

    def _judge(self, image: bytearray, contents: Contents, place: str) -> bool:
        """Whether nothing is wrong; if something is, it is counted and told."""
        wrong = self._look(image, contents)
        if wrong:
            self._note(place + ":" + wrong)
            if "config" in wrong or "unmountable" in wrong:
                self.found["lost_configs"] += 1
        return not wrong

    def _note(self, finding: str) -> None:
        self.found["wrong"] += 1
        if len(self.found["findings"]) < _MOST_FINDINGS:
            self.found["findings"].append(finding)

    def _is_drawn(self) -> bool:
        """Whether this one is among those that are played."""
        self._noise = (self._noise * 1103515245 + 12345) & 0x3FFFFFFF
        return (self._noise >> 12) % self._every == 0


def _close(file: "Any") -> None:
    """As its end comes: nothing reaches the flash any more."""
    try:
        file.close()
    except OSError:
        return


def main(plan: "dict[str, Any]") -> "dict[str, Any]":
    """Play what is planned: the steps from `first` on, up to `last`."""
    cuts = Cuts(plan)
    image, contents = cuts.from_the_beginning(plan["first"])
    more = plan.get("more_steps", 8)
    todo = steps(plan["last"] + more)
    for count in range(plan["first"], plan["last"]):
        step = todo[count]
        if plan["task"] == "cuts":
            again = step[1] + _AGAIN
            cuts.cut(image, contents, [step, ("ledger", again), (step[0], again + 1)])
        elif plan["task"] == "bad_blocks":
            cuts.spoil(image, contents, todo[count : count + more])
        else:
            cuts.decay(image, contents)
        image, contents = cuts.one_more(image, contents, step)
        Hasty.waiting.clear()
    return cuts.found


print(json.dumps(main(json.loads(sys.argv[2]))))
