"""A bench without a chip: DoseLoop wired straight to a plant, one tick at a time, with a hand that tests can move.

The board under it is ideal (every chunk runs in its tick and is counted exactly); the chip's own quirks are the
simulator's and the drivers' tests' business. One tick costs a fraction of what it costs through the simulated chip.
"""

from collections.abc import Callable
from typing import Any

from firmware import states
from firmware.drop import Drop
from firmware.image import Inputs, Outputs
from firmware.loop import DoseLoop
from firmware.provisioning import Provisioning
from host_tests.seen_journal import SeenRing
from tools.simulator import perfect_books, provisioning

TICK_US = 2000
AREAS_MM2 = {"1ml": 17.349445, "5ml": 118.822888, "10ml": 191.134497}
CONTENTS_NL = {"1ml": 1_000_000, "5ml": 5_000_000, "10ml": 10_000_000}


def settings(**changes: object) -> "dict[str, Any]":
    """Whole settings: 10 ul at 1 mm, 1 ml syringe, single; any of them changed."""
    whole: dict[str, Any] = {
        "syringe": "1ml",
        "needle": "30G 13mm",
        "zone": "body",
        "dose_nl": 10_000,
        "depth_um": 1000,
        "mode": "single",
        "burst_count": 5,
        "rate_mhz": 0,
        "points": 0,
    }
    whole.update(changes)
    return whole


def plant_params(syringe: str = "1ml", **changes: float) -> "dict[str, float]":
    """What the simulator passes to a plant, and any change."""
    params = {
        "um_per_dose_step": 0.3125,
        "um_per_needle_step": 5.0,
        "syringe_area_mm2": AREAS_MM2[syringe],
        "syringe_nl": CONTENTS_NL[syringe],
    }
    params.update(changes)
    return params


class Rig:
    """DoseLoop and plant; the controls follow `trigger`, `contact`, `stop`, `confirm`.

    `watch(rig)` sees every tick before its chunk runs. `meddle(inputs)` may falsify what the board has sampled, before
    the loop sees it. A doctor is logged in, and disinfects as often as the device asks, unless `disinfects` is False.
    A plant without load() is made anew for each syringe, from `params`.
    """

    def __init__(
        self,
        plant: "Any",
        wanted: "dict[str, Any] | None",
        watch: "Callable[[Rig], None] | None" = None,
        params: "dict[str, float] | None" = None,
    ) -> None:
        self.plant: Any = plant
        self.params = params
        self.meddle: Callable[[Inputs], None] | None = None
        self.inputs = Inputs()
        self.outputs = Outputs()
        self.loop = DoseLoop(self.inputs, self.outputs)
        self.journal = self.loop.journal = SeenRing()
        self.now_us = (1 << 30) - 3_000_000
        self.disinfects = True
        if wanted is not None:
            self.loop.propose(wanted)
        provisioning.admit(self.loop, Provisioning(), self.now_us)
        if wanted is None:
            self.loop.treatment.needle_used = 1
        self.watch: Callable[[Rig], None] | None = watch
        self.ticks = 0
        self.trigger = 0
        self.contact = 0
        self.stop = 0
        self.confirm = 0
        self.syringe_out = False
        self.spring = True
        plant.contact = False
        plant.advance(TICK_US, 0, 0)

    @property
    def state(self) -> str:
        """The state by name."""
        return states.NAMES[self.loop.state]

    def sample(self) -> None:
        """What board.sample does: sensors and contacts into the inputs."""
        inputs = self.inputs
        plant = self.plant
        inputs.trigger_no = self.trigger
        inputs.trigger_nc = 1 - self.trigger
        inputs.contact_a = inputs.contact_b = self.contact
        inputs.stop_closed = 1 - self.stop
        inputs.confirm = self.confirm
        inputs.home = 1 if plant.home else 0
        inputs.pressure_counts = min(max(round((plant.pressure_kpa + 50) / 0.25), 0), 4095)
        inputs.needle_counts = min(max(round((plant.needle_um + 3000) / 4), 0), 4095)
        inputs.supply_counts = 3170
        inputs.dose_driver_bad = inputs.needle_driver_bad = 0
        inputs.dose_withheld = inputs.needle_withheld = 0
        inputs.dose_miscount_steps = inputs.needle_miscount_steps = 0
        inputs.late_us = 0
        if self.meddle:
            self.meddle(inputs)

    def tick(self) -> None:
        """Two milliseconds: sample, tick, and the chunk runs."""
        self.plant.contact = bool(self.contact)
        self.sample()
        if self.disinfects and self.loop.disarmed and not self.loop.treatment.disinfection.stage:
            self.disinfect()
        self.loop.tick(self.now_us & 0x3FFFFFFF)
        self.now_us += TICK_US
        self.ticks += 1
        self.keep_books()
        self.apply()

    def keep_books(self) -> None:
        """What a perfect flash would do, at once."""
        perfect_books.keep(self.loop)

    def reserve(self) -> None:
        """A reservation is on record: CONFIRMED would arm."""
        perfect_books.reserve(self.loop)

    def disinfect(self) -> None:
        """The skin was disinfected long enough ago to be dry."""
        provisioning.disinfect(self.loop, self.now_us & 0x3FFFFFFF)

    def apply(self) -> None:
        """What board.apply, the motors and two milliseconds do."""
        outputs = self.outputs
        inputs = self.inputs
        powered = not self.stop
        dose_steps = outputs.dose_chunk_steps
        needle_steps = outputs.needle_chunk_steps
        inputs.dose_steps += dose_steps
        inputs.needle_steps += needle_steps
        if not (outputs.dose_enable and powered) or self.syringe_out:
            dose_steps = 0
        if not (outputs.needle_enable and powered):
            needle_steps = 0 if self.plant.home or not self.spring else -40
        if self.watch:
            self.watch(self)
        self.plant.advance(TICK_US, dose_steps, needle_steps)

    def run(self, ms: int) -> None:
        """Let time pass."""
        for _ in range(ms // 2):
            self.tick()

    def until(self, *names: str, ms: int = 60_000) -> str:
        """Let time pass until the state is one of `names`; an AssertionError says where it stayed instead."""
        for _ in range(ms // 2):
            if self.state in names:
                return self.state
            self.tick()
        loop = self.loop
        raise AssertionError(
            f"{self.state} for {ms} ms, not {names}: inhibits {loop.inhibits:#x}, faults {loop.faults:#x}"
        )

    def confirm_shortly(self) -> None:
        """A short press of CONFIRM."""
        self.confirm = 1
        self.run(100)
        self.confirm = 0
        self.run(20)

    def make_ready(self) -> None:
        """Home and prime, as a clinician does, until READY (or FAULT)."""
        self.until("IDLE")
        self.confirm_shortly()
        self.until("IDLE", "FAULT")
        self.run(600)
        self.prime()

    def prime(self) -> None:
        """Hold the trigger in air until the device is primed."""
        self.trigger = 1
        self.until("PRIME", "FAULT", ms=100)
        self.until("IDLE", "READY", "FAULT", ms=30_000)
        self.trigger = 0
        self.run(20)

    def arm(self) -> None:
        """CONFIRM in READY."""
        self.confirm_shortly()
        self.until("ARMED", "FAULT", ms=100)

    def press(self) -> Drop:
        """Touch the skin, press, hold until the shot is over, let go, lift; the drop's record."""
        self.contact = 1
        self.run(100)
        self.trigger = 1
        self.until("SHOT", "FAULT", ms=100)
        self.until("ARMED", "IDLE", "FAULT", ms=30_000)
        self.trigger = 0
        self.run(40)
        self.contact = 0
        self.run(100)
        return self.loop.drop

    def change_syringe(self) -> None:
        """Take the empty syringe out, rewind, put a full one in, prime."""
        self.until("IDLE", "READY")
        self.syringe_out = True
        self.loop.rewind_asked = 1
        self.confirm = 1
        self.until("REWIND", ms=4000)
        self.confirm = 0
        self.loop.rewind_asked = 0
        self.until("IDLE")
        self.syringe_out = False
        if hasattr(self.plant, "load"):
            self.plant.load(CONTENTS_NL[self.loop.settings.syringe])
        else:
            assert self.params is not None, "a plant without load() needs its parameters again"
            self.plant = type(self.plant)(self.params, self.ticks)
            self.plant.advance(TICK_US, 0, 0)
        self.run(600)
        self.prime()
