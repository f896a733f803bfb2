"""Planners that want everything, against the gate alone: a world that only counts, and judges by counting.

The gate has a plunger, a needle and a pressure that a random hand writes: fast enough for a million ticks. Planners on
a bench with a plant are in test_laws_of_the_gate.py: slow, and true.
"""

import random
from dataclasses import dataclass, field

from firmware import states
from firmware.calibration import Calibration
from firmware.fluid import Fluid
from firmware.image import Inputs, Outputs
from firmware.interlocks import Gate
from firmware.motion import Ramp
from firmware.needle import Needle
from firmware.settings import Settings
from host_tests.rig import settings as whole

STORY_TICKS = 400
_PARKED_UM = -2000
_UM_PER_STEP = 5
_TISSUE_MOST_KPA = 150


@dataclass
class Verdict:
    """What became of some ticks: how many, how often each bound was pressed against, and what was broken."""

    ticks: int = 0
    removed: int = 0
    moved: int = 0
    at_bounds: int = 0
    broken: "list[str]" = field(default_factory=list[str])


class CountedGate:
    """One story: a drop ordered, or a prime; contacts, pressure and wishes at random. All it believes is counting."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.settings = Settings()
        syringe = chance.choice(("1ml", "5ml"))
        dose_nl = chance.choice((5_000, 10_000, 50_000))
        depth_um = chance.choice((100, 600, 1000, 4000))
        assert not self.settings.take(whole(syringe=syringe, dose_nl=dose_nl, depth_um=depth_um))
        self.fluid = Fluid()
        self.fluid.use(Calibration(syringe), chance.choice((20, 130, 3000)))
        self.needle = Needle(Ramp())
        self.needle.set_home(0)
        self.gate = Gate(self.fluid, self.needle)
        self.inputs = Inputs()
        self.inputs.stop_closed = 1
        self.inputs.supply_counts = 3170
        self.outputs = Outputs()
        self.state = chance.choice((states.SHOT, states.SHOT, states.SHOT, states.PRIME))
        self.reserved_steps = chance.choice((100, 2_000, 20_000))
        self.most_nl = dose_nl + max(dose_nl * 0.05, 40 * self.fluid.pl_per_step / 1000)
        # What the tissue can hold back at the most, with the compliance that the gate is allowed to believe in.
        self.kept_nl = 0.75 * self.fluid.compliance_pl_per_kpa * _TISSUE_MOST_KPA / 1000
        self.fed_steps = 0  # since the planner's origin
        self.origin_steps = 0
        self.powered = True
        self.last = (0, 0)
        self.verdict = Verdict()
        self._kind = chance.choice(("most", "random", "ramps", "turns"))
        self._speed = chance.randint(1, 40)
        self._kpa = 10.0
        self._contacts = [1, 1, 0] if self.state == states.SHOT else [1, 0, 1]
        self.gate.begin(self.settings)
        self.gate.reserve(0, self.reserved_steps)
        self.fluid.begin(0, 0)

    def play(self) -> Verdict:
        """A story of so many ticks; a fault ends it, as the loop would."""
        for _ in range(STORY_TICKS):
            if not self.tick():
                break
        return self.verdict

    def tick(self) -> bool:
        """One tick. False after a fault."""
        self._world()
        outputs = self.outputs
        dose_steps, needle_steps = self._wish(self.last[0]), self._wish(self.last[1])
        outputs.dose_chunk_steps, outputs.needle_chunk_steps = dose_steps, needle_steps
        outputs.dose_enable = outputs.needle_enable = 1
        found = self.gate.check(self.inputs, outputs, self.state)
        verdict = self.verdict
        verdict.ticks += 1
        passed = self.last = (outputs.dose_chunk_steps, outputs.needle_chunk_steps)
        verdict.removed += passed != (dose_steps, needle_steps)
        verdict.moved += passed != (0, 0)
        self._judge(*passed, found)
        self.inputs.dose_steps += passed[0]
        self.inputs.needle_steps += passed[1]
        return not found and not verdict.broken

    def _world(self) -> None:
        """Contacts, pressure, needle as counted; sometimes the planner begins anew, as after a touch-off."""
        chance = self.chance
        inputs = self.inputs
        gate = self.gate
        if chance.random() < 0.03:
            self._contacts[chance.randrange(3)] ^= 1
        gate.trigger_both, gate.contact_both, gate.contacts_open = self._contacts
        self._kpa = min(max(self._kpa + chance.gauss(0, 3) + self.last[0] * 0.2, 0), 440)
        if chance.random() < 0.002:
            inputs.stop_closed ^= 1
        pressure_pa = int(self._kpa * 1000)
        inputs.pressure_counts = int((self._kpa + 50) * 4)
        measured_um = inputs.needle_steps * _UM_PER_STEP + _PARKED_UM
        inputs.needle_counts = max((measured_um + 3000) // 4, 8)
        self.needle.sense(inputs.needle_steps, measured_um, int(inputs.needle_steps <= 0))
        self.fluid.update(inputs.dose_steps, pressure_pa)

    def _wish(self, last_steps: int) -> int:
        """What a planner asks for that keeps to the ramp, or a step or two beyond it."""
        chance = self.chance
        if self._kind == "most":
            return min(max(last_steps, 0) + 10, 40)
        if self._kind == "random":
            return chance.randint(-10, 10)
        if self._kind == "turns":
            return min(max(last_steps, 0) + 10, self._speed) if chance.random() < 0.9 else -chance.randint(1, 10)
        if chance.random() < 0.02:
            self._speed = chance.randint(1, 40)
        return min(max(last_steps, 0) + chance.randint(0, 10), self._speed)

    def _judge(self, dose_steps: int, needle_steps: int, found: int) -> None:
        """By counting alone."""
        trigger, skin, lifted = self._contacts
        inputs = self.inputs
        broken = self.verdict.broken
        at_um = inputs.needle_steps * _UM_PER_STEP + _PARKED_UM
        if (found or not inputs.stop_closed) and (dose_steps or needle_steps or self.outputs.dose_enable):
            broken.append(f"moves with STOP pressed or faults {found:#x}")
        advances = dose_steps > 0 or needle_steps > 0
        if self.state == states.SHOT:
            if advances and not (trigger and skin):
                broken.append("advance without trigger and skin")
        elif needle_steps or (dose_steps and not lifted) or (dose_steps > 0 and not trigger):
            broken.append("a prime that moves the needle, near skin or without trigger")
        if dose_steps > 0 and inputs.dose_steps + dose_steps > self.reserved_steps:
            broken.append("beyond the reservation")
        deepest_um = self.settings.depth_um + 50
        if needle_steps > 0 and at_um + needle_steps * _UM_PER_STEP > deepest_um:
            broken.append(f"{at_um + needle_steps * _UM_PER_STEP} um deep")
        if dose_steps > 0 and self._kpa > 400.25:
            broken.append(f"feeds at {self._kpa} kPa")
        if self.state == states.SHOT and dose_steps > 0:
            fed_nl = (inputs.dose_steps + dose_steps) * self.fluid.pl_per_step / 1000
            if fed_nl > self.most_nl + self.kept_nl:
                broken.append(f"{fed_nl} nl displaced for a drop of {self.settings.dose_nl} nl")
            self.verdict.at_bounds += fed_nl > self.most_nl - 400
        self.verdict.at_bounds += needle_steps > 0 and at_um + 200 > deepest_um


def count(stories: int, seed: int) -> Verdict:
    """So many stories, one after the other, from one seed."""
    total = Verdict()
    for story in range(stories):
        verdict = CountedGate(random.Random(seed * 1_000_003 + story)).play()
        total.ticks += verdict.ticks
        total.removed += verdict.removed
        total.moved += verdict.moved
        total.at_bounds += verdict.at_bounds
        total.broken += [f"story {seed}/{story}: {what}" for what in verdict.broken]
    return total
