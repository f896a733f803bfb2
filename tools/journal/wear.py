"""How long the flash lasts: days of work on the littlefs of the chip, and the erases of each of its blocks.

A flash of 1 MiB, on which the device's own files lie; 2,000 drops a day in sessions of 60; ledger and journal written
on arming and on disarming, the journal also after each of ten other events of a session.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any, NamedTuple

from tools import goals, micropythons
from tools.simulation import ROOT

ENDURANCE = 100_000  # erases of a block that makers of flash chips promise
USUAL_DROPS = 20  # of an armed period: one burst
WORST_DROPS = 1
RECORDS = 100_000
_PROGRAM = "tools.journal.wear_program"
_DAYS_A_YEAR = 365
# NVS: 24 KiB of 4 KiB pages, of which one is always free; 126 entries a page; a blob of 60 bytes takes four.
_NVS_PAGES = 5
_NVS_WRITES_A_PAGE = 126 // 4

# Typical of a 4 MiB NOR flash (W25Q32JV datasheet, AC characteristics): a sector of 4 KiB erased (at most 400 ms, when
# it is worn), a page of 256 bytes programmed.
_ERASE_MS = 45.0
_PAGE_MS = 0.4
_PAGE_BYTES = 256

Told = Callable[[int, int], None]


class Failed(Exception):
    """The program did not come to its end; what it said."""


class Wear(NamedTuple):
    """What so many days have done to the flash."""

    drops_armed_at_once: int
    days: int
    records: int
    drops: int
    exports: int
    erases: tuple[int, ...]  # by block
    nvs_writes: int
    slices: tuple[tuple[int, int, int], ...]  # blocks erased, bytes programmed, how many slices were so

    @property
    def mean(self) -> float:
        """Erases of a block, of all blocks."""
        return sum(self.erases) / len(self.erases)

    @property
    def maximum_by_mean(self) -> float:
        """1 would be perfectly even."""
        return max(self.erases) / self.mean

    @property
    def years(self) -> float:
        """Until the block that is erased most is worn out, if days go on like that."""
        return ENDURANCE / (max(self.erases) / self.days) / _DAYS_A_YEAR

    @property
    def nvs_years(self) -> float:
        """The same for the partition of the keys."""
        return ENDURANCE / (self.nvs_writes / self.days / _NVS_WRITES_A_PAGE / _NVS_PAGES) / _DAYS_A_YEAR

    def slice_ms(self, share: float = 1.0) -> float:
        """How long this share of the slices take at most, on a typical flash: erasing and programming alone."""
        times = sorted(
            (erased * _ERASE_MS + -(-programmed // _PAGE_BYTES) * _PAGE_MS, often)
            for erased, programmed, often in self.slices
        )
        wanted = share * sum(often for _, often in times)
        for time_ms, often in times:
            wanted -= often
            if wanted <= 0:
                return time_ms
        raise ValueError(f"share {share}: expected at most 1")

    def figures(self) -> dict[str, Any]:
        """As `--json` prints them."""
        return {
            "drops_armed_at_once": self.drops_armed_at_once,
            "days": self.days,
            "records": self.records,
            "drops": self.drops,
            "exports": self.exports,
            "erases_a_day": round(sum(self.erases) / self.days, 1),
            "erases_of_a_block_mean": round(self.mean, 1),
            "erases_of_a_block_max": max(self.erases),
            "maximum_by_mean": round(self.maximum_by_mean, 2),
            "projected_years": round(self.years, 1),
            "nvs_projected_years": round(self.nvs_years),
            "slices": sum(often for _, _, often in self.slices),
            "slice_erases_max": max(erased for erased, _, _ in self.slices),
            "slice_programmed_bytes_max": max(programmed for _, programmed, _ in self.slices),
            "slice_median_ms": round(self.slice_ms(0.5), 1),
            "slice_worst_ms": round(self.slice_ms(), 1),
        }

    def misses(self) -> list[str]:
        """Which goals it misses, in words. They are for usual work, after RECORDS."""
        missed: list[str] = []
        if self.years < goals.FLASH_YEARS:
            missed.append(f"{self.years:.1f} years, and not {goals.FLASH_YEARS:.0f}")
        if self.maximum_by_mean >= goals.FLASH_MAXIMUM_BY_MEAN:
            missed.append(f"maximum by mean {self.maximum_by_mean:.2f}, not below {goals.FLASH_MAXIMUM_BY_MEAN:.0f}")
        return missed


def measure(records: int, drops_armed_at_once: int, told: Told) -> Wear:
    """Write so many records; takes a minute or so for 100,000. Raises NotInstalled, Failed."""
    command = micropythons.command("micropython", _PROGRAM, [str(ROOT), str(records), str(drops_armed_at_once)])
    said: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            word, _, rest = line.strip().partition(" ")
            if word == "progress":
                done, wanted = rest.split()
                told(int(done), int(wanted))
            elif word == "result":
                found: dict[str, Any] = json.loads(rest)
                erases = tuple(found.pop("erases"))
                slices = tuple(tuple(row) for row in found.pop("slices"))
                return Wear(drops_armed_at_once, erases=erases, slices=slices, **found)
            else:
                said.append(line.strip())
    raise Failed(" ".join(said[-3:]) or "it ended without a word")
