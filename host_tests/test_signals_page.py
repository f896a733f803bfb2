"""docs/signals.md says what is played: tables, picture, and the harmonics of a switched buzzer."""

import math
from pathlib import Path

import pytest

from host_tests.signal_bench import PRIORITIES, VOLUMES, alarm
from tools.doc_pictures import MARK, PICTURES, fingerprint
from tools.signal_patterns import Patterns, tables

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "signals.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_what_is_played() -> None:
    """If it fails, python -m tools.signal_patterns prints them anew."""
    assert all(table in PAGE for table in tables(Patterns()).split("\n\n"))


def test_the_picture_of_the_page_is_current() -> None:
    """If it fails, `mesogun pictures` draws it anew."""
    mark = f"{MARK}\0{fingerprint(PICTURES['signals.png']())}"
    assert mark.encode() in (ROOT / "docs" / "pictures" / "signals.png").read_bytes()


def harmonics_db(share: float) -> "dict[int, float]":
    """Of a train of rectangles that are high for this share of the period, against the fundamental."""
    amplitudes = {n: abs(math.sin(math.pi * n * share)) / n for n in range(1, 31)}
    return {n: 20 * math.log10(max(amplitudes[n], 1e-9) / amplitudes[1]) for n in amplitudes}


def test_the_harmonics_of_the_page_are_those_of_the_formula() -> None:
    for share in (1 / 2, 1 / 4, 1 / 5, 1 / 8):
        found = [f"{db:.0f}" if db > -60 else "none" for n, db in harmonics_db(share).items() if 2 <= n <= 8]
        assert f"| 1/{1 / share:.0f} | {', '.join(found)} |" in PAGE


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("name", PRIORITIES)
def test_an_alarm_has_four_harmonics_within_15_db_if_the_loudest_is_a_quarter_of_the_period(
    name: str, volume: int
) -> None:
    played = alarm(name, volume=volume)
    (hz,) = {note.value for note in played.notes}
    found = harmonics_db(max(played.loudness) / 255 / 4)
    assert len([n for n in found if n > 1 and 300 <= n * hz <= 4_000 and abs(found[n]) <= 15]) >= 4


def test_a_square_wave_would_not_have_them() -> None:
    found = harmonics_db(1 / 2)
    assert [n for n in found if n > 1 and abs(found[n]) <= 15] == [3, 5]
