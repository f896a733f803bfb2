"""The goals of the simulated machine, each once: what `mesogun accuracy` judges by and what reports draw.

They are goals for the simulator. Nothing here is a claim about a device.
"""

from __future__ import annotations

# (syringe, dose in nl): the whole tolerance interval of 60 drops lies within so many percent of the dose.
INSIDE_PERCENT = {
    ("1ml", 1_000): 5.0,
    ("1ml", 10_000): 2.0,
    ("1ml", 50_000): 0.5,
    ("5ml", 10_000): 5.0,
    ("5ml", 50_000): 2.0,
}
REFUSED = ("5ml", 1_000)
"""A dose that this syringe cannot resolve: the device has to refuse it."""
DEPTH_ERROR_UM = 50.0
"""Depth reached, and overshoot, against the nozzle plane."""

TICK_PROJECTED_US = 500
"""Of the 2 ms of a tick, what its own Python may take on the chip."""
ALLOCATIONS = 0
"""Ticks in a million that take anything from the heap."""
LIVE_HEAP_BYTES = 22 * 1024
"""Of 56 KiB, what the device's tree may hold on a 32-bit interpreter."""
SIM_SPEED = 20.0
"""Virtual seconds per second of the simulator on CPython."""
TEST_SECONDS = 300.0
"""`make test` on two cores."""
FLASH_YEARS = 20.0
"""Until the first block of the flash has been erased as often as its maker promises, at 2,000 drops a day."""
FLASH_MAXIMUM_BY_MEAN = 3.0
"""Erases of the block that is erased most, by the mean of all, after 100,000 records."""


def report_error_nl(dose_nl: float) -> float:
    """How far the reported volume may lie from the delivered one: 2 % of the dose or 50 nl, whichever is more."""
    return max(0.02 * dose_nl, 50.0)


def surface_nl(dose_nl: float) -> float:
    """How much may stay on the skin: 1 % of the dose or 50 nl, whichever is more."""
    return max(0.01 * dose_nl, 50.0)
