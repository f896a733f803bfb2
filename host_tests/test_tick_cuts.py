"""Power is cut at every tick of whole sessions: no drop is repeated or forgotten, and nothing is recorded too small."""

import pytest

from firmware import ledger
from host_tests.figures import RecordFigure
from tools.powercut import tick_cuts, tick_stories, ticks_part
from tools.simulator.plant import Plant
from tools.simulator.session import Session

LOST = """
dose 5 ul
depth 1 mm
mode burst
burst 10 drops
rate 2 hz
prepare
@0ms touch
@150ms press
+{ms}ms power off
+50ms release
+500ms lift
+1s power on
=> LOCKED within 3s
=> inhibit drops_uncertain
"""


@pytest.mark.law
@pytest.mark.no_cover
@pytest.mark.parametrize("story", tick_stories.STORIES)
def test_no_cut_at_any_tick_repeats_forgets_or_records_too_little(story: str, record_figure: RecordFigure) -> None:
    counts = tick_cuts.cut(story)
    assert counts.tick_cuts > 4 * counts.ticks > 8_000
    assert counts.wrong == 0, counts
    record_figure("cuts at ticks", counts.tick_cuts)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", tick_stories.WRONG)
def test_a_ledger_that_is_wrong_would_be_found(name: str) -> None:
    counts = tick_cuts.cut(ticks_part.WRONG[name], tick_stories.WRONG[name])
    assert counts.wrong > 0
    if name != "without the mark":  # all of the reservation is recorded: too much, and nothing is forgotten
        assert counts.repeated_drops + counts.forgotten_drops + counts.under_recorded > 0


def test_all_stories_and_all_wrong_ledgers_are_part_of_the_command() -> None:
    assert set(ticks_part.STORIES) == set(tick_stories.STORIES)
    assert set(ticks_part.WRONG) == set(tick_stories.WRONG)


@pytest.mark.no_cover
@pytest.mark.parametrize("ms", [30, 113, 400, 655, 2_051])
def test_the_whole_simulated_device_comes_back_with_as_much_on_record_as_the_bench_says(ms: int) -> None:
    """The real files, the real flash and clock: the bench left them out."""
    session = Session({"scenario": LOST.format(ms=ms)}, Plant)
    session.run()
    assert session.failures == []
    shots = session.summary["shots"]
    book = session._observer._loop.ledger  # type: ignore[reportPrivateUsage]
    assert book.found == ledger.UNMARKED
    assert book.most_drops == 33 >= len(shots)
    assert book.most_nl >= sum(shot["delivered_nl"] + shot["surface_nl"] for shot in shots)
    assert session._observer._loop.treatment.session_nl() == book.most_nl  # type: ignore[reportPrivateUsage]
