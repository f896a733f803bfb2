"""A session that remembers, at every tick and after every change of what survives, what a loss of power would leave."""

from __future__ import annotations

import copy
import dataclasses
from array import array
from typing import Any

from firmware import states
from firmware.drop import OPEN
from host_tests.books_bench import BooksRig
from host_tests.rig import TICK_US, plant_params, settings
from tools.simulator.plant import Plant

DROPS_AT = 2  # in the payload: of the reservation that is open
DROP_NL_AT = 3  # ... the most of each
NUMBER_AT = 4  # ... of the drop before
_BEGUN_AT = 3  # in the mark
_DROP = 19  # in the journal
_SPRING_TICKS = 100  # 0.2 s: the needle is home, and what was stored has come out


@dataclasses.dataclass(frozen=True)
class Moment:
    """What survives, and the truth: drops that have moved, drops that a person would see as given, nl out."""

    payload: bytes | None
    mark: bytes
    records: int
    journalled: int  # drops in the journal
    moved: int
    given: int
    out_nl: float
    ram_nl: int  # what the device that was cut believed: the most, an open drop included
    drop_nl: int


class CutRig(BooksRig):
    """A rig that remembers each moment. `moved`: the newest drop for which a motor ran; `hasty`: chunks that ran with
    no reservation on flash, or a drop that is not in the mark."""

    def __init__(self, **wanted: Any) -> None:
        self.moments: list[Moment] = []
        self.moved = 0
        self.hasty = 0
        self._read = 0
        self._journalled = 0
        self._out: tuple[tuple[float, ...], float, int] | None = None
        self.begun_out: dict[int, float] = {}
        super().__init__(Plant(plant_params(), 1), settings(**wanted))
        self.zero()
        self.flash.on_change = self._look

    def zero(self) -> None:
        """Another patient: what left until now is not theirs."""
        self.zero_nl = self.plant.delivered_nl + self.plant.surface_nl
        self._given_before = self.loop.drop.delivered
        self._out = None

    def apply(self) -> None:
        """Chunks run: is it allowed that they do?"""
        outputs = self.outputs
        self._look("before the motors")
        if self.loop.state == states.SHOT and (outputs.dose_chunk_steps or outputs.needle_chunk_steps):
            number = self.loop.drop.number
            if number not in self.begun_out:
                self.begun_out[number] = self.plant.delivered_nl
            self.moved = max(self.moved, number)
            payload = array("i", self.flash.payload or b"")
            mark = array("i", self.flash.mark)
            if not payload or not payload[DROPS_AT] or not mark or payload[NUMBER_AT] + mark[_BEGUN_AT] < number:
                self.hasty += 1
        super().apply()
        self._look("after the motors")

    def _look(self, _what: str) -> None:
        drop = self.loop.drop
        ledger = self.loop.ledger
        flash = self.flash
        out_nl, half = self._later()
        given = drop.delivered - self._given_before + (1 if drop.result == OPEN and half else 0)
        ram_nl = drop.total_most_nl + (ledger.drop_nl if drop.result == OPEN else 0)
        self.moments.append(
            Moment(flash.payload, flash.mark, *self._journal(), self.moved, given, out_nl, ram_nl, ledger.drop_nl)
        )

    def _journal(self) -> tuple[int, int]:
        """Records on flash, and those of drops among them."""
        records = self.flash.records
        for record in records[self._read :]:
            self._journalled += record[2] == _DROP
        self._read = len(records)
        return self._read, self._journalled

    def _later(self) -> tuple[float, bool]:
        """What has left the needle when the motors have had no power for a while; and whether the newest drop came to
        half of what was asked."""
        plant = self.plant
        outside = plant.delivered_nl + plant.surface_nl
        key = (plant.delivered_nl, plant.surface_nl, plant.pressure_kpa, plant.needle_um)
        if self._out is None or self._out[0] != key:
            if self.loop.state == states.SHOT or not plant.home:
                plant = copy.deepcopy(plant)
                for _ in range(_SPRING_TICKS):
                    plant.advance(TICK_US, 0, 0 if plant.home else -40)
                outside = plant.delivered_nl + plant.surface_nl
            half = 0
            if self.moved:
                grown = plant.delivered_nl - self.begun_out[self.moved]
                half = int(grown >= self.loop.settings.dose_nl / 2)
            self._out = (key, outside, half)
        return self._out[1] - self.zero_nl, bool(self._out[2])
