"""The journal on the littlefs of the chip: whole after every cut of power; and its flash lasts."""

import json
import subprocess

import pytest

from host_tests.figures import RecordFigure
from host_tests.micropythons import need
from tools import micropythons
from tools.import_law import ROOT
from tools.journal import wear
from tools.journal.wear import Wear

pytestmark = pytest.mark.no_cover
BLOCKS = 256


def test_wherever_power_is_cut_on_littlefs_and_again_while_it_recovers_the_journal_is_whole(
    record_figure: RecordFigure,
) -> None:
    need("micropython")
    apart = 8
    command = micropythons.command("micropython", "host_tests.micropython.journal_power_cuts", [str(ROOT), str(apart)])
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["ends"] == [190, 192, 200]  # nothing, what ended the old segment, all
    assert found["cuts"] > 30
    assert found["pairs"] > found["cuts"]
    record_figure("cuts of power", found["cuts"] + found["pairs"])


def test_days_on_littlefs_are_counted_block_by_block() -> None:
    need("micropython")
    told: list[tuple[int, int]] = []
    found = wear.measure(3000, wear.USUAL_DROPS, lambda done, wanted: told.append((done, wanted)))
    assert told[-1] == (3000, 3000)
    assert (found.days, found.drops, len(found.erases)) == (2, 4000, BLOCKS)
    assert found.records > 5000
    assert found.nvs_writes == (found.records - 1) // 64
    assert 500 < found.figures()["erases_a_day"] < 1000
    assert 2 <= found.figures()["slice_erases_max"] <= 4
    assert found.slice_ms() < 250  # the watchdog


def test_a_program_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    need("micropython")
    monkeypatch.setattr(wear, "_PROGRAM", "tools.journal.nothing_of_that_name")
    with pytest.raises(wear.Failed, match="nothing_of_that_name"):
        wear.measure(1000, 20, lambda _done, _wanted: None)


def test_years_and_evenness_come_from_the_block_that_is_erased_most() -> None:
    even = Wear(20, 10, 1000, 900, 0, (100,) * BLOCKS, 31 * 5, ((0, 64, 2), (1, 256, 1), (4, 5000, 1)))
    assert (even.mean, even.maximum_by_mean) == (100.0, 1.0)
    assert even.years == pytest.approx(100_000 / 10 / 365)
    assert even.nvs_years == pytest.approx(100_000 / (1 / 10) / 365)
    assert even.misses() == []
    assert even.slice_ms() == pytest.approx(4 * 45 + 20 * 0.4)
    assert even.slice_ms(0.5) == pytest.approx(0.4)
    uneven = even._replace(erases=(400,) + (100,) * (BLOCKS - 1))
    assert uneven.years == pytest.approx(even.years / 4)
    assert [miss.split()[0] for miss in uneven.misses()] == ["6.8", "maximum"]
