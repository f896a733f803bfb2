"""Histograms in a terminal show every drop, and show it where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.histogram import Scale, axis, bars, interval_bar, most_in_a_column, round_ticks, scale_for
from tools.tolerance import interval

VOLUMES = st.lists(st.floats(0.1, 100), min_size=1, max_size=80)


@given(VOLUMES, st.integers(10, 100))
def test_every_drop_stands_on_its_scale(volumes: list[float], columns: int) -> None:
    scale = scale_for(volumes, columns)
    for volume in volumes:
        assert scale.low < volume < scale.high
        assert 0 <= scale.column(volume) < columns


@given(VOLUMES, st.integers(1, 4))
def test_a_column_shows_exactly_where_there_are_drops(volumes: list[float], rows: int) -> None:
    scale = scale_for(volumes, 40)
    lines = [line.ljust(40) for line in bars(volumes, scale, rows)]
    assert len(lines) == rows
    shown = {column for column, mark in enumerate(lines[-1]) if mark != " "}
    assert shown == {scale.column(volume) for volume in volumes}


def test_the_fullest_column_fills_all_rows_and_half_of_it_fills_half() -> None:
    scale = Scale(0.0, 10.0, 10)
    assert bars([5.0] * 8 + [2.0] * 4, scale, 2) == ["     █", "  █  █"]


def test_two_histograms_share_the_height_of_the_taller() -> None:
    scale = Scale(0.0, 10.0, 10)
    assert most_in_a_column([1.0, 1.0, 3.0], scale) == 2
    assert bars([1.0] * 4, scale, 1, tallest=8) == [" ▄"]


def test_an_interval_reaches_from_its_low_to_its_high_end() -> None:
    found = interval([4.0, 5.0, 6.0])
    assert found is not None
    line = interval_bar(found, Scale(-10.0, 20.0, 30))
    assert (line.index("├"), line.index("●"), line.index("┤")) == (3, 15, 26)


def test_an_interval_narrower_than_a_character_is_its_mean() -> None:
    found = interval([5.0, 5.0])
    assert found is not None
    assert interval_bar(found, Scale(0.0, 10.0, 10)) == "     ●"


@pytest.mark.parametrize(("low", "high"), [(7.6, 10.3), (9.97, 10.04), (0.0, 200.0)])
def test_ticks_are_round_and_on_the_scale(low: float, high: float) -> None:
    scale = Scale(low, high, 60)
    ticks = round_ticks(scale, 7)
    assert 2 <= len(ticks) <= 8
    assert all(low <= tick <= high for tick in ticks)
    line, labels = axis(scale, ticks, "{:g}")
    assert line.count("┬") == len(ticks)
    assert [float(label) for label in labels.split()] == ticks


def test_a_label_without_room_is_left_out() -> None:
    _, labels = axis(Scale(0.0, 1.0, 10), [0.5, 0.6], "{:.3f}")
    assert labels.split() == ["0.500"]
