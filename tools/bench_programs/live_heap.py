"""How much of the heap the device's whole tree holds once it runs, in bytes, without the fakes of the chip.

Before: interpreter, this program, and every fake pin, converter, counter ... that the drivers will ask for. After:
main.py and all that it imports, board, loop, clock and watchdog, a hundred ticks, everything unused collected. The
device's files are the compiled ones of the plan's "device", if it has one. The fakes are there at both times, so the
difference is the device's own. Memory is collected between two calls of `step`, because one of the interpreters can do
it only there.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false

import gc
import json
import sys

with open(sys.argv[2]) as file:
    plan = json.loads(file.read())
sys.path.insert(0, sys.argv[1])
if "device" in plan:
    sys.path.insert(0, plan["device"])  # the compiled device goes before the source

from tools.bench_programs.chip import quiet_chip
from tools.simulator import provisioning


class Shelf:
    """Stands for a class of the chip, and hands out instances that were made before."""

    def __init__(self, kind: type, instances: list) -> None:
        self.instances = instances
        self.taken = 0
        for name in ("IN", "OUT", "PULL_UP", "PULL_DOWN", "ATTN_11DB", "INCREMENT", "IGNORE", "NORMAL", "REVERSE"):
            if hasattr(kind, name):
                setattr(self, name, getattr(kind, name))

    def __call__(self, *positional, **named) -> object:
        """The next one, made anew in its old place."""
        instance = self.instances[self.taken]
        self.taken += 1
        instance.__init__(*positional, **named)
        return instance


class Pins(Shelf):
    """One for each GPIO: asking twice gives the same, as on the chip."""

    def __call__(self, number: int, *positional, **named) -> object:
        """The pin of this number."""
        pin = self.instances[number]
        pin.__init__(number, *positional, **named)
        return pin


def prepare() -> None:
    """Every instance that the drivers will want."""
    pin = quiet_chip.Pin(5)
    many = {
        "ADC": [quiet_chip.ADC(pin) for _ in range(3)],
        "UART": [quiet_chip.UART(1, 1, pin, pin, 1)],
        "WDT": [quiet_chip.WDT(1) for _ in range(2)],
        "PCNT": [quiet_chip.PCNT(0, pin, pin, 0) for _ in range(2)],  # before RMT, which looks for it
        "RMT": [quiet_chip.RMT(pin, 1, False) for _ in range(2)],
        "I2C": [quiet_chip.I2C(0, pin, pin, 1, 1)],
        "PWM": [quiet_chip.PWM(pin, 1, 0) for _ in range(4)],
    }
    for name in many:
        setattr(quiet_chip, name, Shelf(getattr(quiet_chip, name), many[name]))
    quiet_chip.Pin = Pins(quiet_chip.Pin, [quiet_chip.Pin(number) for number in range(49)])


def no_file(path: str, _mode: str = "r") -> None:
    """Stands for `open`."""
    raise OSError(2, path)


def a_key(_nvs: quiet_chip.NVS, _name: str, _buffer: bytearray) -> int:
    """Stands for NVS.get_blob: there are keys, of zeros."""
    return 32


def without_flash() -> None:
    """Nothing outside of this process is touched."""
    from drivers import journal_files, manifest, store

    quiet_chip.NVS.get_blob = a_key
    store.open = manifest.open = journal_files.open = no_file
    quiet_chip.mkdir = None
    store.attempt = lambda *_given: True


def start_device() -> tuple:
    """As main.run() does, but for the endless loop: a hundred ticks. Returns what main.run() would hold."""
    import main
    from drivers.board import Board
    from drivers.clock import Clock
    from drivers.front_panel import FrontPanel
    from drivers.pins import table
    from drivers.watchdog import Watchdog
    from firmware.image import Inputs, Keys, Outputs
    from firmware.loop import DoseLoop
    from firmware.panel import Panel
    from firmware.provisioning import Provisioning

    without_flash()
    board = Board()
    front = FrontPanel(table())
    loop = DoseLoop(Inputs(), Outputs())
    inputs, outputs = loop.inputs, loop.outputs
    books = main.open_stores(loop)
    panel = Panel(loop, Keys())
    if loop.propose(plan["settings"]):
        raise ValueError("the plan's settings are refused")
    provisioning.admit(loop, Provisioning(), 0)
    clock = Clock()
    watchdog = Watchdog()
    clock.start()
    for _ in range(100):
        inputs.late_us = clock.wait()
        board.sample(inputs)
        loop.tick(clock.now_us)
        if loop.ledger.mark_due:
            books.keep_mark()
        board.apply(outputs)
        watchdog.feed()
        board.step_background()
        front.sample(panel.keys)
        panel.use_keys()
        panel.step(clock.now_us)
        front.show(panel.look, panel.keys, clock.left_us())
        books.keep_books(panel.keys, panel.menu.is_open)
    return books, main, board, front, inputs, outputs, loop, panel, clock, watchdog


stage = 0
before = imported = after = 0
live: tuple = ()


def step() -> bool:
    """One stage after the other, all garbage being collected between them; False after the last."""
    global stage, before, imported, after, live
    stage += 1
    if stage == 1:
        prepare()
    elif stage == 2:
        before = gc.mem_alloc()
        import main  # noqa: F401
    elif stage == 3:
        imported = gc.mem_alloc()
        live = start_device()
    else:
        after = gc.mem_alloc()
        found = {
            "live": after - before,
            "imported": imported - before,
            "word_bits": 64 if sys.maxsize > 1 << 40 else 32,
        }
        print("result", json.dumps(found))
    gc.collect()
    return stage < 4


if __name__ == "__main__":
    while step():
        pass
