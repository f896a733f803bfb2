"""The record of a drop."""

from hypothesis import given
from hypothesis import strategies as st

from firmware import drop
from firmware.drop import Drop


def test_a_record_that_was_never_opened_claims_nothing() -> None:
    record = Drop()
    assert record.number == 0
    assert drop.RESULTS[record.result] == "none"
    assert record.reported_max_nl == 0


def test_opening_notes_the_intent_and_wipes_the_last_outcome() -> None:
    record = Drop()
    record.open(10_000, 1500)
    record.cause = drop.RELEASED
    record.close(drop.ABORTED, 4_000_000, 100_000, 200_000)
    record.open(2_000, 800)
    assert (record.number, drop.RESULTS[record.result], record.cause) == (2, "open", 0)
    assert (record.requested_nl, record.depth_um) == (2_000, 800)
    assert record.reported_nl == record.reported_min_nl == record.reported_max_nl == 0


@given(st.integers(0, 300_000_000), st.integers(0, 50_000_000), st.integers(0, 50_000_000))
def test_bounds_are_rounded_outward(reported_pl: int, below_pl: int, above_pl: int) -> None:
    record = Drop()
    record.open(10_000, 1000)
    record.close(drop.DELIVERED, reported_pl, below_pl, above_pl)
    assert 1000 * record.reported_min_nl <= max(reported_pl - below_pl, 0)
    assert 1000 * record.reported_max_nl >= reported_pl + above_pl
    assert record.reported_max_nl - record.reported_min_nl <= (below_pl + above_pl) // 1000 + 2
    assert record.reported_min_nl <= record.reported_nl <= record.reported_max_nl


def test_nothing_is_reported_less_than_nothing() -> None:
    record = Drop()
    record.open(10_000, 1000)
    record.close(drop.FAULT, -40_000, 10_000, 50_000)
    assert record.reported_nl == record.reported_min_nl == 0
    assert record.reported_max_nl == 11
    assert record.result == drop.FAULT


@given(st.integers(-50_000_000, 0), st.integers(0, 50_000_000), st.integers(0, 50_000_000))
def test_bounds_of_less_than_nothing_are_still_in_order(reported_pl: int, below_pl: int, above_pl: int) -> None:
    record = Drop()
    record.open(10_000, 1000)
    record.close(drop.FAULT, reported_pl, below_pl, above_pl)
    assert 0 == record.reported_min_nl == record.reported_nl <= record.reported_max_nl
    assert record.total_most_nl == record.reported_max_nl >= 0


@given(st.integers(0, 300_000_000), st.integers(0, 50_000_000), st.integers(0, 300_000_000))
def test_totals_grow_by_what_was_counted_if_that_is_more_than_what_is_believed(
    reported_pl: int, above_pl: int, counted_pl: int
) -> None:
    record = Drop()
    record.total_most_nl = 7
    record.open(10_000, 1000)
    record.close(drop.DELIVERED, reported_pl, 0, above_pl)
    record.count(counted_pl)
    grown_nl = record.total_most_nl - 7
    assert grown_nl * 1000 > counted_pl
    assert grown_nl == max(record.reported_max_nl, counted_pl // 1000 + 1)


def test_each_opening_and_closing_is_there_to_be_noted() -> None:
    record = Drop()
    assert not record.changed
    record.open(10_000, 1000)
    assert record.changed
    record.changed = 0
    record.close(drop.ABORTED, 0, 0, 0)
    assert record.changed
