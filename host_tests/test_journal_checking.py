"""Every way to falsify a journal of 200 records is found, the first bad record named, and what was done to it."""

import itertools

import pytest

from host_tests.figures import RecordFigure
from host_tests.journal_bench import FIRST_KEY, chained, head_of, many
from tools.journal import checking
from tools.journal.checking import BEGINNING, Checker, Finding, Head
from tools.journal.records import Record

COUNT = 200
GOOD = chained(many(COUNT))
FOREIGN_KEY = bytes(32)
FOREIGN = chained(many(COUNT), FOREIGN_KEY)
HEAD = head_of(GOOD)
CHECKER = Checker(FIRST_KEY)
# What the records before each one come to: whoever checks from there on need not begin anew.
BEFORE = [BEGINNING, *(Head(record.sequence, record.code) for record in GOOD)]

pytestmark = pytest.mark.no_cover


def first(records: "list[Record]", place: int, head: "Head | None" = HEAD) -> "tuple[int, int, str]":
    """Place, number and kind of the only finding, all before `place` being as it was."""
    (found,) = CHECKER.check(records, head, BEFORE[place], place)
    assert found.text
    return found.place, found.sequence, found.what


def test_a_whole_journal_is_whole_with_and_without_a_head() -> None:
    assert CHECKER.check(GOOD, HEAD) == []
    assert CHECKER.check(GOOD) == []
    assert CHECKER.check([], BEGINNING) == []
    assert {record.segment for record in GOOD} == {0, 1, 2, 3}


@pytest.mark.parametrize("head", [HEAD, None], ids=["known head", "no head"])
def test_every_flipped_bit_is_found_and_the_record_named(head: "Head | None", record_figure: RecordFigure) -> None:
    records = GOOD.copy()
    flipped = 0
    for place, record in enumerate(GOOD):
        raw = bytearray(record.raw)
        for bit in range(8 * len(raw)):
            raw[bit >> 3] ^= 1 << (bit & 7)
            records[place] = Record(record.segment, bytes(raw))
            assert first(records, place, head) == (place, place + 1, checking.CHANGED), bit
            raw[bit >> 3] ^= 1 << (bit & 7)
            flipped += 1
        records[place] = record
    assert flipped == COUNT * 512
    record_figure("forged journals", flipped)


@pytest.mark.parametrize("head", [HEAD, None], ids=["known head", "no head"])
@pytest.mark.parametrize("count", [1, 2, 7, 64, 70])
def test_whatever_is_taken_out_is_found_and_its_first_record_named(
    count: int, head: "Head | None", record_figure: RecordFigure
) -> None:
    for place in range(COUNT - count):
        assert first(GOOD[:place] + GOOD[place + count :], place, head) == (place, place + 1, checking.DROPPED)
    record_figure("forged journals", COUNT - count)


@pytest.mark.parametrize("head", [HEAD, None], ids=["known head", "no head"])
def test_any_two_that_changed_places_are_found_and_the_earlier_named(
    head: "Head | None", record_figure: RecordFigure
) -> None:
    records = GOOD.copy()
    pairs = list(itertools.combinations(range(COUNT), 2))
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            records[here] = Record(GOOD[here].segment, GOOD[there].raw)
        assert first(records, one, head) == (one, one + 1, checking.SWAPPED), (one, other)
        records[one], records[other] = GOOD[one], GOOD[other]
    assert len(pairs) == 19900
    record_figure("forged journals", len(pairs))


@pytest.mark.parametrize("head", [HEAD, None], ids=["known head", "no head"])
def test_every_copy_that_was_put_in_is_found(head: "Head | None", record_figure: RecordFigure) -> None:
    for copied, place in itertools.product(range(0, COUNT, 3), range(COUNT + 1)):
        if place == copied:
            continue  # of two alike side by side it is the second that is too many
        segment = GOOD[min(place, COUNT - 1)].segment
        records = [*GOOD[:place], Record(segment, GOOD[copied].raw), *GOOD[place:]]
        assert first(records, place, head) == (place, place + 1, checking.INSERTED), (copied, place)
        record_figure("forged journals", 1)


def test_of_two_alike_side_by_side_the_second_is_too_many() -> None:
    for place in range(COUNT):
        records = [*GOOD[:place], GOOD[place], *GOOD[place:]]
        assert first(records, place) == (place + 1, place + 2, checking.INSERTED)
        assert f"a copy of record {place + 1} " in CHECKER.check(records)[0].text


def test_every_foreign_record_that_was_put_in_is_found(record_figure: RecordFigure) -> None:
    for foreign, place in itertools.product(range(0, COUNT, 3), range(COUNT + 1)):
        segment = GOOD[min(place, COUNT - 1)].segment
        records = [*GOOD[:place], Record(segment, FOREIGN[foreign].raw), *GOOD[place:]]
        assert first(records, place) == (place, place + 1, checking.INSERTED), (foreign, place)
        record_figure("forged journals", 1)


def test_every_truncation_is_found_against_a_known_head_and_none_without(record_figure: RecordFigure) -> None:
    for length in range(COUNT):
        assert first(GOOD[:length], length) == (length, length + 1, checking.TRUNCATED)
        assert CHECKER.check(GOOD[:length]) == []
    record_figure("forged journals", COUNT)


def test_a_record_of_fewer_bytes_and_one_in_place_of_another_are_found() -> None:
    for place, record in enumerate(GOOD):
        for length in (0, 1, 47, 48, 63):
            records = [*GOOD[:place], Record(record.segment, record.raw[:length]), *GOOD[place + 1 :]]
            assert first(records, place) == (place, place + 1, checking.CHANGED)
        other = GOOD[place - 5 if place > 5 else place + 5]
        records = [*GOOD[:place], Record(record.segment, other.raw), *GOOD[place + 1 :]]
        assert CHECKER.check(records)[0][:2] == (place, place + 1)


def test_a_journal_that_has_grown_since_its_head_was_known_is_whole_and_one_with_another_past_is_not() -> None:
    for length in range(1, COUNT):
        assert CHECKER.check(GOOD, BEFORE[length]) == []
    other = chained([(1, 2, 3), *many(COUNT)[1:]])
    found = CHECKER.check(other, BEFORE[100])
    assert [(finding.place, finding.what) for finding in found] == [(99, checking.FOREIGN)]


def test_another_key_is_found_at_the_first_record() -> None:
    assert Checker(FOREIGN_KEY).check(GOOD)[0][:3] == (0, 1, checking.CHANGED)
    with pytest.raises(ValueError, match="32 bytes"):
        Checker(b"short")


def test_an_export_that_begins_later_is_checked_against_what_went_before_if_that_is_known() -> None:
    for begin in (1, 64, 130):
        assert CHECKER.check(GOOD[begin:], HEAD, BEFORE[begin]) == []
        assert CHECKER.check(GOOD[begin:], HEAD, None) == []
        assert CHECKER.check(GOOD[begin:], HEAD)[0][:3] == (0, 1, checking.DROPPED)
    assert CHECKER.check([], None, None) == []


def test_where_the_device_noticed_a_bad_record_and_went_on_the_rest_is_checked_too() -> None:
    bad = 20
    whole = chained(many(64))
    head = Head(bad, whole[bad - 1].code)
    key = CHECKER._keys[1]  # type: ignore[reportPrivateUsage]
    rest = _continued(key, head)
    changed = [*whole[:bad], Record(0, bytes(64)), *whole[bad + 1 :]]
    found = CHECKER.check(changed + rest, head_of(rest))
    assert found == [Finding(bad, bad + 1, checking.CHANGED, f"record {bad + 1} was changed")]
    found = CHECKER.check(changed + rest[:2] + rest[3:], head_of(rest))
    assert [finding[:3] for finding in found] == [(bad, bad + 1, checking.CHANGED), (66, bad + 3, checking.DROPPED)]


def _continued(key: bytes, head: Head) -> "list[Record]":
    """Ten records of segment 1, behind a head in the middle of segment 0."""
    from protocol import journal_record

    records: list[Record] = []
    for place in range(10):
        body = bytearray(48)
        journal_record.pack(body, head.sequence + 1, 8, 0, [place, 5, 0, 20, 0, 0, 0, 0, 0, 0])
        head = Head(head.sequence + 1, journal_record.seal(journal_record.Mac(key), head.code, body))
        records.append(Record(1, bytes(body) + head.code))
    return records
