"""What the safety kernel is: the files, and of some only the functions, that `mesogun mutate` mutates."""

from __future__ import annotations

from pathlib import Path

from tools.mutate_edits import Mutant
from tools.mutate_operators import mutants_of

ROOT = Path(__file__).resolve().parent.parent

# None: all of the file, its table of numbers and names included.
KERNEL: dict[str, tuple[str, ...] | None] = {
    "firmware/limits.py": None,
    "firmware/ticks.py": None,
    "firmware/faults.py": None,
    "firmware/inhibits.py": None,
    "firmware/states.py": None,
    "firmware/contact_pair.py": None,
    "firmware/confirm.py": None,
    "firmware/motion.py": None,
    "firmware/homing.py": None,
    "firmware/interlocks.py": None,
    "firmware/settings.py": None,
    "firmware/controls.py": None,
    "firmware/disinfection.py": None,
    "firmware/zones.py": None,
    "firmware/provisioning.py": None,
    "firmware/shot.py": ("Shot.abort", "Shot.end", "Shot._withdraw"),
    "firmware/loop.py": tuple(
        f"DoseLoop.{name}"
        for name in (
            "_sense",
            "_act",
            "raise_event",
            "_enter",
            "_begin_prime",
            "_power",
            "_shoot",
            "_prime",
            "_rewind",
            "_fail",
        )
    ),
}


def source_of(file: str) -> bytes:
    """A file of the kernel as it stands."""
    return (ROOT / file).read_bytes()


def kernel_mutants(files: tuple[str, ...] = tuple(KERNEL)) -> list[Mutant]:
    """Every mutant of these files, in order. ValueError if a function of the kernel is not there any more."""
    found: list[Mutant] = []
    for file in files:
        mutants = mutants_of(file, source_of(file), KERNEL[file])
        missing = set(KERNEL[file] or ()) - {mutant.function for mutant in mutants}
        if missing:
            raise ValueError(f"{file} has no {', '.join(sorted(missing))}: change KERNEL in tools/mutate_kernel.py")
        found += mutants
    return found


# Tests that are about a file, and tried first, besides those of test_NAME*.py.
OWN_TESTS: dict[str, tuple[str, ...]] = {
    "firmware/faults.py": ("names",),
    "firmware/inhibits.py": ("names",),
    "firmware/settings.py": ("names", "boundaries_settings", "memory"),
    "firmware/interlocks.py": ("boundaries_gate", "boundaries_motion", "boundaries_dose", "boundaries_place"),
    "firmware/limits.py": ("boundaries_limits",),
    "firmware/zones.py": ("boundaries_limits", "boundaries_settings"),
    "firmware/provisioning.py": ("boundaries_provisioning",),
    "firmware/disinfection.py": ("boundaries_time",),
    "firmware/shot.py": ("shot_aborts",),
    "firmware/loop.py": ("controls_one_by_one", "controls_held_and_pulled", "ledger_boots", "bookkeeping"),
    "firmware/controls.py": ("bookkeeping",),
}

# The tests of what works a knob, a display, a lamp and whole sessions are left to `make test`.
TESTS = (
    "bookkeeping*",
    "boundaries*",
    "burst",
    "confirm",
    "controls*",
    "contact_pair",
    "departure",
    "dose",
    "drop",
    "estimate",
    "faults",
    "feed_watch",
    "fluid",
    "homing",
    "image",
    "inhibits*",
    "interlocks*",
    "laws",
    "laws_of_the_gate",
    "laws_of_time",
    "leak",
    "ledger*",
    "limits",
    "loaded_syringe",
    "loop*",
    "memory",
    "motion",
    "names",
    "needle",
    "new_syringe",
    "prime",
    "relax",
    "scale",
    "settings*",
    "shot*",
    "states",
    "stop",
    "ticks",
    "touch_off",
    "treatment",
    "weighing",
)
# They play whole shots and sessions: seconds each.
SLOW_TESTS = (
    "burst",
    "laws",
    "laws_of_the_gate",
    "laws_of_time",
    "new_syringe",
    "prime",
    "shot_troubles",
    "stop",
    "weighing",
)


def test_files() -> list[str]:
    """The files of the tests that may kill a mutant."""
    found = {path for name in TESTS for path in (ROOT / "host_tests").glob(f"test_{name}.py")}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def slow_test_files() -> list[str]:
    """Those of them that take seconds."""
    return [f"host_tests/test_{name}.py" for name in SLOW_TESTS]
