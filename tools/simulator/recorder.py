"""What a session leaves behind: a hash of every tick, and the full curves of the drops somebody wants to look at.

The hash covers every value of Inputs and Outputs in every tick, so two sessions with the same hash sensed the same and
commanded the same from power-on to the end, whatever interpreter ran them.
"""

import binascii
import hashlib
from struct import pack_into

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from firmware.image import Inputs, Outputs
    from tools.simulator.plant import Plant

INPUT_NAMES = (
    "trigger_no",
    "trigger_nc",
    "contact_a",
    "contact_b",
    "stop_closed",
    "home",
    "confirm",
    "pressure_counts",
    "needle_counts",
    "supply_counts",
    "dose_steps",
    "needle_steps",
    "dose_withheld",
    "needle_withheld",
    "dose_miscount_steps",
    "needle_miscount_steps",
    "dose_driver_bad",
    "needle_driver_bad",
    "late_us",
)
OUTPUT_NAMES = (
    "dose_chunk_steps",
    "needle_chunk_steps",
    "dose_enable",
    "needle_enable",
    "lamp",
    "tone",
)
_FORMAT = "<25i"  # every value fits: small ints of the chip have 31 bits
_RECORD = 100  # bytes of one tick
_TICKS = 400  # ticks collected between two updates of the hash
_FULL = _RECORD * _TICKS

CURVES = (
    "t_us",
    "phase",
    "pressure_kpa",
    "needle_um",
    "displaced_nl",
    "elastic_nl",
    "delivered_nl",
    "tissue_kpa",
    "true_delivered_nl",
    "true_surface_nl",
    "true_depth_um",
)


class TraceHash:
    """SHA-256 over the ticks handed to `record`, collected in one preallocated buffer."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self._buffer = bytearray(_FULL)
        self._at = 0
        self.ticks = 0

    def record(self, i: "Inputs", o: "Outputs") -> None:
        """Add one tick. Allocates nothing."""
        at = self._at
        pack_into(
            _FORMAT,
            self._buffer,
            at,
            i.trigger_no,
            i.trigger_nc,
            i.contact_a,
            i.contact_b,
            i.stop_closed,
            i.home,
            i.confirm,
            i.pressure_counts,
            i.needle_counts,
            i.supply_counts,
            i.dose_steps,
            i.needle_steps,
            i.dose_withheld,
            i.needle_withheld,
            i.dose_miscount_steps,
            i.needle_miscount_steps,
            i.dose_driver_bad,
            i.needle_driver_bad,
            i.late_us,
            o.dose_chunk_steps,
            o.needle_chunk_steps,
            o.dose_enable,
            o.needle_enable,
            o.lamp,
            o.tone,
        )
        self.ticks += 1
        at += _RECORD
        if at == _FULL:
            self._sha.update(self._buffer)
            at = 0
        self._at = at

    def hexdigest(self) -> str:
        """The hash in hexadecimal; it ends the trace."""
        self._sha.update(memoryview(self._buffer)[: self._at])
        self._at = 0
        return binascii.hexlify(self._sha.digest()).decode()


class CurveRecorder:
    """The curves of chosen shots, one column per name in CURVES, one row per tick from the press on.

    `wanted` are shot numbers from 1. `curves` maps the number to its columns; times count from the press.
    """

    def __init__(self, wanted: "list[int]") -> None:
        self._wanted = wanted
        self._columns: "list[list[float]] | None" = None
        self._press_us = 0
        self._base_delivered_nl = 0.0
        self._base_surface_nl = 0.0
        self.curves: "dict[int, list[list[float]]]" = {}

    @property
    def running(self) -> bool:
        """True while rows are wanted."""
        return self._columns is not None

    def begin(self, number: int, now_us: int, plant: "Plant") -> None:
        """The shot with this number was pressed now; ends the curves of the one before."""
        self.end()
        if number in self._wanted:
            self._columns = [[] for _ in CURVES]
            self._press_us = now_us
            self._base_delivered_nl = plant.delivered_nl
            self._base_surface_nl = plant.surface_nl
            self.curves[number] = self._columns

    def end(self) -> None:
        """No more rows until the next `begin`."""
        self._columns = None

    def record(self, loop: "Any", now_us: int, plant: "Plant") -> None:
        """Add one row."""
        fluid = loop.fluid
        row = (
            now_us - self._press_us,
            loop.shot.phase,
            loop.inputs.pressure_counts * 0.25 - 50.0,
            loop.inputs.needle_counts * 4 - 3000,
            fluid.displaced_pl // 1000,
            (fluid.displaced_pl - fluid.delivered_pl) // 1000,
            fluid.delivered_pl // 1000,
            fluid.tissue_pa / 1000,
            rounded(plant.delivered_nl - self._base_delivered_nl),
            rounded(plant.surface_nl - self._base_surface_nl),
            rounded(plant.depth_um),
        )
        columns = self._columns
        if columns is not None:
            for index in range(len(row)):
                columns[index].append(row[index])


def rounded(value: float) -> float:
    """To three decimals, so that every interpreter prints it alike."""
    scaled = value * 1000.0
    whole = int(scaled + 0.5) if scaled >= 0 else -int(0.5 - scaled)
    return whole / 1000
