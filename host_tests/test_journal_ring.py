"""The ring of the newest events: what was written last is read first, and nothing that is not there."""

import pytest

from firmware.journal_ring import ILLEGAL, TAKEN, JournalRing


def test_the_newest_record_is_read_first() -> None:
    ring = JournalRing()
    ring.record(10, TAKEN, 1, 2)
    ring.record(12, ILLEGAL, 3, 4)
    assert [ring.newest(back) for back in (0, 1)] == [(12, ILLEGAL, 3, 4), (10, TAKEN, 1, 2)]


@pytest.mark.parametrize("written", [0, 1, 32, 33, 100])
def test_only_what_was_written_and_is_not_yet_written_over_can_be_read(written: int) -> None:
    ring = JournalRing()
    for number in range(written):
        ring.record(number, TAKEN, number, 0)
    kept = min(written, 32)
    assert [ring.newest(back)[2] for back in range(kept)] == [written - 1 - back for back in range(kept)]
    for back in (-1, kept, kept + 1):
        with pytest.raises(IndexError):
            ring.newest(back)
