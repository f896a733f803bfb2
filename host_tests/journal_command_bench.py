"""The journal of a day, exported, and the commands that read it."""

from pathlib import Path

from typer.testing import CliRunner, Result

from host_tests.journal_bench import chained, head_of, texts
from tools.cli import app
from tools.journal import exports, kinds
from tools.journal.records import Record
from tools.simulator.provisioning import KEYS

DELIVERED = 2 << 16
ABORTED_BY_HAND = 3 << 16 | 1 << 20
DAY = [
    (kinds.BOOT, 1, 0),
    (kinds.LOGGED_IN, 2, 0),
    (kinds.PATIENT, 12, 0),
    (kinds.PRODUCT, *texts("HA 1% L23", "L23A117")),
    (kinds.SETTINGS, 0 | 3 << 4 | 2 << 8, 10000, 1000, 20, 500, 50),
    (kinds.ZONE, 2, 50),
    (kinds.NEEDLE, 3, 0),
    (kinds.PRIMED, 1300, 0),
    (kinds.DISINFECTED, 2, 30),
    (kinds.RESERVED, 20, 210000, 0, 0, 0, 0),
    (kinds.DROP, 1, 10000, 1000 | DELIVERED, 9990, 9800, 10150),
    (kinds.DROP, 2, 10000, 1000 | ABORTED_BY_HAND, 4000, 3800, 4300),
    (kinds.FAULTS, 7, 1 << 9 | 1),
    (kinds.CLOSED, 2, 1, 14450, 14450, 14450, 14450),
    (kinds.TAKEN, 11, 15),
    (kinds.RESERVED, 12, 126000, 2, 14450, 14450, 14450),
    (kinds.BOOT, 1, 2),
    (kinds.UNCERTAIN, 12, 126000, 2, 140450, 140450, 140450),
    (kinds.PATIENT, 13, 0),
    (kinds.ILLEGAL, 3, 10),
    (kinds.DROP, 3, 5000, 600 | DELIVERED, 5010, 4900, 5100),
    (kinds.LOGGED_OUT, 2, 0),
]
RECORDS = chained(DAY, KEYS["journal"])


def exported(path: Path, records: "list[Record]", device: str = exports.SIMULATED) -> Path:
    """An export of these."""
    exports.write(path, exports.Export(device, head_of(RECORDS), tuple(records)))
    return path


def run(*words: object) -> Result:
    """What the command says."""
    return CliRunner().invoke(app, [str(word) for word in words])


def one_line(result: Result) -> str:
    """What it complains about, in one line, with status 2."""
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr
